/*
 * What libnet assembles is what the tables lay out, for every protocol that libnet knows; where it
 * is not, the difference is stated here, so that a libnet that mends it is noticed.
 */
#include "../../support/spec_text.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "frame/internal.h"

#include <libnet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ETH  "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)/"
#define IPV4 ETH "ipv4(src=192.0.2.1,dst=192.0.2.2,dscp=46,ecn=1,id=0x1234,flags=df,ttl=3)/"
#define IPV6 ETH "ipv6(src=2001:db8::1,dst=2001:db8::2,dscp=46,ecn=1,hop-limit=3)/"
#define DATA "/payload(data=0102030405)"

#define ZEROS_20 "0000000000000000000000000000000000000000"
#define ZEROS_61 ZEROS_20 ZEROS_20 ZEROS_20 "00"

static const char *const equal[] = {
	ETH "arp(sha=02:00:00:00:00:01,spa=1.2.3.4,tha=02:00:00:00:00:02,tpa=5.6.7.8,htype=9)",
	ETH "arp(hlen=8,plen=16,op=reply,sha=02:00:00:00:00:01,spa=1.2.3.4)",
	ETH "vlan(pcp=5,dei=1,id=0xabc)/arp(sha=02:00:00:00:00:01,spa=1.2.3.4)",
	ETH "svlan(pcp=1,id=2)/vlan(pcp=2,dei=1,id=3)/vlan(id=4,type=0x1234)" DATA,
	IPV4 "udp(sport=1,dport=2,checksum=0x1234)" DATA,
	ETH "ipv4(src=1.2.3.4,frag-offset=0x1abc,flags=reserved|mf,protocol=9)" DATA,
	ETH "ipv4(src=1.2.3.4,options=[nop router-alert rr(addresses=[hop hop hop])])/udp",
	IPV4 "tcp(sport=1,dport=2,seq=3,ack=4,flags=fin|psh|cwr,window=5,urgent=6)" DATA,
	IPV4 "tcp(options=[mss sack-permitted timestamps(val=1,ecr=2) nop wscale(shift=7)])" DATA,
	IPV4 "tcp(options=[wscale])" DATA,
	IPV4 "icmp(id=1,seq=2)" DATA,
	IPV4 "icmp(type=echo-reply,code=3,id=1,seq=2)" DATA,
	IPV4 "icmp(type=timestamp-reply,id=1,seq=2,originate=3,receive=4,transmit=5)",
	IPV4 "icmp(type=mask-reply,id=1,seq=2,mask=255.255.255.0)",
	IPV4 "icmp(type=unreachable,code=1)/ipv4(src=1.2.3.4)/udp",
	IPV4 "icmp(type=time-exceeded,code=1)/ipv4(src=1.2.3.4)/udp",
	IPV4 "icmp(type=redirect,code=1,gateway=9.8.7.6)/ipv4(src=1.2.3.4)/udp",
	IPV4 "icmp(type=99,rest=01020304)" DATA,
	IPV4 "ipv4(src=1.2.3.4,options=[nop nop nop])/ipv6(src=::1)/udp",
	IPV6 "udp(sport=1,dport=2)" DATA,
	IPV6 "icmpv6(id=1,seq=2)" DATA,
	IPV6 "icmpv6(type=echo-reply,code=2,id=1,seq=2)" DATA,
	IPV6 "icmpv6(type=unreachable,code=2)/ipv6(src=::1)/udp",
	IPV6 "icmpv6(type=neighbour-solicitation,target=::2,"
	     "options=[source-lladdr(address=02:00:00:00:00:01)])",
	IPV6 "icmpv6(type=neighbour-advertisement,solicited=1,override=0,target=::2,"
	     "options=[target-lladdr(address=02:00:00:00:00:01)])",
	IPV6 "icmpv6(type=router-advertisement,options=[mtu(mtu=1500)])",
	IPV6 "hopopts(options=[router-alert])/"
	     "dstopts(options=[option(type=0x1e,data=0102030405060708)])/udp",
	IPV6
	"routing(segments-left=1,reserved=5,addresses=[hop(address=::1) hop(address=::2)])/udp",
	IPV6 "routing(type=9,data=0102030405060708090a0b0c)/udp",
	IPV6
	"fragment(reserved=7,frag-offset=0x1abc,res=2,more=1,id=0xdeadbeef,next-header=17)" DATA,
	ETH "mpls(label=0xabcde,tc=5,s=0,ttl=3)/mpls(label=7,ttl=9)/ipv4(src=1.2.3.4)/udp",
	ETH "eapol(version=2,type=logoff,length=0x1234)",
	ETH "llc(dsap=0xf0,ssap=0xf1,control=3)" DATA,
	ETH "llc(dsap=0xf0,ssap=0xf1,control=2,nr=5,poll=1)" DATA,
	ETH "llc/snap(oui=0x0080c2,pid=0x1234)" DATA,
	"eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01,type=5)/"
	"snap(oui=0x0080c2,pid=0x1234)" DATA,
	ETH "llc/snap(oui=cisco)/cdp(version=1,ttl=9,checksum=0x1234,"
	    "tlvs=[device-id(text=ab) capabilities(flags=host)])",
	ETH "llc/snap(oui=cisco)/cdp(tlvs=[version])",
	ETH "llc/snap(oui=cisco)/cdp(tlvs=[version(length=3)])",
	ETH "llc/snap(oui=cisco)/cdp",
	ETH "llc/stp(type=tcn,protocol=5,version=1)",
	ETH "llc/stp(type=config,version=1,protocol=5,tc=1,tc-ack=1,root-priority=0x8001,"
	    "root-mac=02:00:00:00:00:09,root-cost=0x01020304,bridge-priority=0x9002,"
	    "bridge-mac=02:00:00:00:00:08,port=0x8003,message-age=0x0102,max-age=0x0304,"
	    "hello-time=0x0506,forward-delay=0x0708)",
	ETH "llc/stp(type=rst,version=2,port-role=root,proposal=1,version-1-length=7)",
	IPV4 "ah(next-header=59,reserved=5,spi=0x01020304,seq=0x05060708,icv=0102030405060708)",
	IPV4 "ah(spi=1,seq=2)/udp",
	IPV6 "ah(spi=1,seq=2,icv=01020304)/udp",
	IPV4 "gre(protocol=0x6558)" DATA,
	IPV4 "gre(c=1,k=1,s=1,recursion=5,reserved=9,protocol=0x1234,checksum=0x1234,offset=5,"
	     "key=0x01020304,sequence=0x05060708)" DATA,
	IPV4 "gre(c=1,r=1,ssr=1,protocol=0x1234,checksum=0x1234,offset=5)" DATA,
	IPV4 "gre(r=1,protocol=0x1234)" DATA,
	IPV4 "gre(r=1,k=1,a=1,protocol=0x1234,key=0x01020304)" DATA,
	IPV4 "gre(version=1,c=1,k=1,protocol=0x880b,checksum=0x1234,key=0x01020304)" DATA,
	IPV4 "gre(version=1,k=1,s=1,a=1,protocol=0x880b,key=0x01020304,sequence=0x05060708,"
	     "ack=0x090a0b0c)" DATA,
	IPV4 "gre(version=1,k=1,a=1,protocol=0x880b,key=0x01020304,ack=0x090a0b0c)" DATA,
	IPV4 "gre(version=1,c=1,protocol=0x880b,checksum=0x1234,offset=5)" DATA,
	IPV4 "igmp(type=report-v2,max-resp=7,checksum=0x1234,group=239.1.2.3)",
	IPV4 "igmp(type=query,max-resp=7,group=239.1.2.3,resv=1,s=1,qrv=2,qqic=125,"
	     "sources=[source(address=1.2.3.4)])",
	IPV4 "igmp(type=report-v3,records=[record(group=239.1.2.3)])",
	IPV4 "ospf(type=hello,router=1.2.3.4,area=0.0.0.9,checksum=0x1234,auth-type=password,"
	     "authentication=0102030405060708,neighbours=[neighbour(router=5.6.7.8)])",
	IPV4 "ospf(type=ls-ack,auth-type=digest,key-id=3,seq=4,headers=[lsa-header])",
	IPV4 "udp/rip(command=response,version=2,unused=0x0102,entries=[route(tag=7,"
	     "address=10.1.0.0,mask=255.255.0.0,next-hop=10.0.0.9,metric=3) all])",
	IPV4 "udp/rip",
	IPV4 "udp/hsrp(version=0,op=coup,state=active,hello-time=3,hold-time=10,priority=120,"
	     "group=7,reserved=9,authentication=636973636f000000,address=192.0.2.254)",
	IPV4 "udp/dns(id=0x1234,qr=1,opcode=update,aa=1,cd=1,rcode=refused,nscount=5,arcount=6,"
	     "questions=[question(name=a.b)],"
	     "answers=[record(name=a.b,type=a,address=1.2.3.4)])",
	IPV4 "udp/dhcp(op=reply,htype=6,hlen=16,hops=3,xid=0x01020304,secs=0x0506,flags=broadcast,"
	     "ciaddr=1.2.3.4,yiaddr=5.6.7.8,siaddr=9.10.11.12,giaddr=13.14.15.16,"
	     "chaddr=02:00:00:00:00:01,chaddr-padding=0102030405060708090a,"
	     "options=[message-type(type=offer) end])",
	IPV4 "udp/dhcp(hlen=5,chaddr=02:00:00:00:00:01)",
	IPV4 "udp/ntp(leap=2,version=3,mode=server,stratum=1,poll=6,precision=0xec,"
	     "root-delay=0x01020304,root-dispersion=0x05060708,ref-id=47505300,"
	     "ref-time=0x0102030405060708,origin-time=0x1112131415161718,"
	     "receive-time=0x2122232425262728,transmit-time=0x3132333435363738,key-id=5,"
	     "digest=000102030405060708090a0b0c0d0e0f)",
	IPV4 "udp/ntp(mode=control,data=0102030405060708090a0b)",
};

#define DIFFERENCES_MAX 5

static const struct libnet_fault {
	const char *what; /* is wrong, or beyond its parameters */
	const char *spec;
	struct difference {
		uint32_t offset; /* from the frame's start; 0 ends the list */
		uint8_t libnet;
		uint8_t tables;
	} differences[DIFFERENCES_MAX];
} faults[] = {
	{ "the flow label abcde becomes adede", ETH "ipv6(src=::1,flow-label=0xabcde)/udp",
		{ { 16, 0xde, 0xbc } } },
	{ "IPv4's version and header length are its own",
		ETH "ipv4(src=1.2.3.4,version=5,ihl=7)/udp", { { 14, 0x45, 0x57 } } },
	{ "IPv6's version is its own", ETH "ipv6(src=::1,version=5)/udp", { { 14, 0x60, 0x50 } } },
	{ "TCP's data offset, reserved bits and AE flag are its own",
		IPV4 "tcp(flags=ae|syn,reserved=5,data-offset=9)", { { 46, 0x50, 0x9b } } },
	{ "an unreachable has no MTU or length",
		IPV4 "icmp(type=unreachable,code=4,unused=1,length=2,mtu=0x0304)",
		{ { 38, 0, 1 }, { 39, 0, 2 }, { 40, 0, 3 }, { 41, 0, 4 } } },
	{ "a time-exceeded has no length",
		IPV4 "icmp(type=time-exceeded,unused=1,length=2,unused2=0x0304)",
		{ { 38, 0, 1 }, { 39, 0, 2 }, { 40, 0, 3 }, { 41, 0, 4 } } },
	{ "an ICMPv6 unreachable has no length", IPV6 "icmpv6(type=unreachable,length=2)",
		{ { 58, 0, 2 } } },
	{ "OSPF's version is its own", IPV4 "ospf(version=3)", { { 34, 2, 3 } } },
	{ "DHCP's cookie is its own", IPV4 "udp/dhcp(chaddr=02:00:00:00:00:01,cookie=1.2.3.4)",
		{ { 278, 0x63, 1 }, { 279, 0x82, 2 }, { 280, 0x53, 3 }, { 281, 0x63, 4 } } },
	{ "DHCP's server name ends at a zero, RFC 2131 2, and what follows is lost",
		IPV4 "udp/dhcp(chaddr=02:00:00:00:00:01,sname=610062" ZEROS_61 ")",
		{ { 88, 0, 0x62 } } },
};

/* What the tables and what libnet make of a spec; the caller frees both. */
static void encode(
	struct arena *arena, const char *text, struct buffer *tables, struct buffer *libnet)
{
	struct frame_spec spec;
	struct frame_view view;
	struct err err = { 0 };

	support_spec(arena, text, &spec);
	if (frame_encode(arena, &spec, tables, &view, &err) || frame_assemble(&view, libnet, &err))
		fail_msg("%s: %s", text, err.text);
	assert_int_equal(tables->length, libnet->length);
}

static void libnet_assembles_what_the_tables_lay_out(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(equal) / sizeof(equal[0]); i++) {
		struct buffer tables = { 0 };
		struct buffer libnet = { 0 };

		encode(&arena, equal[i], &tables, &libnet);
		if (memcmp(tables.data, libnet.data, tables.length))
			fail_msg("libnet differs: %s", equal[i]);
		buffer_fini(&tables);
		buffer_fini(&libnet);
	}
	arena_fini(&arena);
}

/* Exactly the differences stated, no more and no fewer. */
static bool differs_so(
	const struct libnet_fault *fault, const struct buffer *tables, const struct buffer *libnet)
{
	const struct difference *next = fault->differences;

	for (uint32_t i = 0; i < tables->length; i++) {
		if (tables->data[i] == libnet->data[i])
			continue;
		if (next == fault->differences + DIFFERENCES_MAX || next->offset != i ||
			next->libnet != libnet->data[i] || next->tables != tables->data[i])
			return false;
		next++;
	}
	return next == fault->differences + DIFFERENCES_MAX || !next->offset;
}

static void libnet_differs_only_where_it_is_known_to(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct buffer tables = { 0 };
		struct buffer libnet = { 0 };

		encode(&arena, faults[i].spec, &tables, &libnet);
		if (!differs_so(&faults[i], &tables, &libnet))
			fail_msg("libnet does otherwise: %s: %s", faults[i].what, faults[i].spec);
		buffer_fini(&tables);
		buffer_fini(&libnet);
	}
	arena_fini(&arena);
}

/* What the frame holds in the end is the tables' value. */
static void the_faults_of_libnet_are_not_in_the_frame(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct frame_spec spec;
		struct frame_view view;

		support_spec(&arena, faults[i].spec, &spec);
		assert_int_equal(frame_build(&arena, &spec, &view, NULL), 0);
		for (unsigned int j = 0; j < DIFFERENCES_MAX && faults[i].differences[j].offset;
			j++)
			assert_int_equal(view.octets[faults[i].differences[j].offset],
				faults[i].differences[j].tables);
	}
	arena_fini(&arena);
}

/* ---- faults that our use of libnet does not meet ---- */

static void coalesce(libnet_t *libnet, uint8_t **packet, uint32_t *length)
{
	assert_int_equal(libnet_pblock_coalesce(libnet, packet, length), 1);
	libnet_destroy(libnet);
}

/* Why its checksums are turned off: RFC 768 sends a computed zero as all ones. */
static void libnet_sends_a_udp_checksum_of_zero_as_zero(void **state)
{
	static const uint8_t payload[] = { 0xff, 0xd7 }; /* makes the sum of the rest all ones */
	char reason[LIBNET_ERRBUF_SIZE];
	libnet_t *libnet = libnet_init(LIBNET_NONE, NULL, reason);
	uint32_t length;
	uint8_t *packet;

	(void)state;
	assert_non_null(libnet);
	assert_true(libnet_build_udp(1, 2, 10, 0, payload, sizeof(payload), libnet, 0) > 0);
	assert_true(libnet_build_ipv4(30, 0, 0, 0, 64, 17, 1, 0, 0, NULL, 0, libnet, 0) > 0);
	coalesce(libnet, &packet, &length);
	assert_int_equal(length, 30);
	assert_int_equal(packet[26] << 8 | packet[27], 0);
	free(packet);
}

/* Why only the first tag is a libnet 802.1Q block: it brings MACs of its own. */
static void libnet_does_not_stack_802_1q_tags(void **state)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	char reason[LIBNET_ERRBUF_SIZE];
	libnet_t *libnet = libnet_init(LIBNET_NONE, NULL, reason);
	uint32_t length;
	uint8_t *packet;

	(void)state;
	assert_non_null(libnet);
	for (int i = 0; i < 2; i++)
		assert_true(libnet_build_802_1q(
				    mac, mac, 0x8100, 0, 0, 1, 0x0800, NULL, 0, libnet, 0) > 0);
	coalesce(libnet, &packet, &length);
	assert_int_equal(length, 36);
	free(packet);
}

/* Why the fragment header's numbers are handed over in network order. */
static void libnet_leaves_the_fragment_header_in_host_order(void **state)
{
	static const uint16_t offset = 0x1234;
	static const uint32_t id = 0xdeadbeef;
	char reason[LIBNET_ERRBUF_SIZE];
	libnet_t *libnet = libnet_init(LIBNET_NONE, NULL, reason);
	uint32_t length;
	uint8_t *packet;

	(void)state;
	assert_non_null(libnet);
	assert_true(libnet_build_ipv6_frag(59, 0, offset, id, NULL, 0, libnet, 0) > 0);
	coalesce(libnet, &packet, &length);
	assert_int_equal(length, 8);
	assert_memory_equal(packet + 2, &offset, sizeof(offset));
	assert_memory_equal(packet + 4, &id, sizeof(id));
	free(packet);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(libnet_assembles_what_the_tables_lay_out),
		cmocka_unit_test(libnet_differs_only_where_it_is_known_to),
		cmocka_unit_test(the_faults_of_libnet_are_not_in_the_frame),
		cmocka_unit_test(libnet_sends_a_udp_checksum_of_zero_as_zero),
		cmocka_unit_test(libnet_does_not_stack_802_1q_tags),
		cmocka_unit_test(libnet_leaves_the_fragment_header_in_host_order),
	};

	return cmocka_run_group_tests_name("frame/libnet", tests, NULL, NULL);
}
