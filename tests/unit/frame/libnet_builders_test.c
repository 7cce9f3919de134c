/*
 * The builders of libnet that no frame is assembled by, for protocols that we have: they make what
 * the tables lay out, or their fault is stated here and is still there.
 */
#include "../../support/spec_text.h"

#include "base/arena.h"
#include "frame/internal.h"

#include <arpa/inet.h>
#include <libnet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ETH  "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)/"
#define IPV4 ETH "ipv4(src=192.0.2.1,dst=192.0.2.2)/"
#define IPV6 ETH "ipv6(src=2001:db8::1,dst=2001:db8::2)/"
#define SNMP IPV4 "udp/snmp(version=v2c,pdu=get,id-size=1,id=0x12,bindings=[binding])"

/* An update of one advertisement, with this body. */
#define LSA(body)                                                                           \
	IPV4 "ospf(type=ls-update,lsas=[lsa(age=1,options=external,type=router,id=1.2.3.4," \
	     "router=5.6.7.8,seq=0x80000001,checksum=0x1234,data=" body ")])"

static const uint8_t dst[6] = { 2, 0, 0, 0, 0, 2 };
static const uint8_t src[6] = { 2, 0, 0, 0, 0, 1 };

/* ---- link ---- */

static int make_802_3(libnet_t *libnet)
{
	return libnet_build_802_3(dst, src, 5, NULL, 0, libnet, 0);
}

static int make_cdp(libnet_t *libnet)
{
	return libnet_build_cdp(1, 9, 0x1234, 1, 2, (const uint8_t *)"ab", NULL, 0, libnet, 0);
}

/* ---- network ---- */

static int make_esp(libnet_t *libnet)
{
	return libnet_build_ipsec_esp_hdr(0x01020304, 0x05060708, 0x090a0b0c, NULL, 0, libnet, 0);
}

static int make_vrrp(libnet_t *libnet)
{
	return libnet_build_vrrp(2, 1, 7, 100, 0, 0, 3, 0x1234, NULL, 0, libnet, 0);
}

static int make_ndp_option(libnet_t *libnet)
{
	uint8_t mac[sizeof(src)];

	memcpy(mac, src, sizeof(mac));
	return libnet_build_icmpv6_ndp_opt(1, mac, sizeof(mac), libnet, 0);
}

/* ---- OSPF ---- */

static int make_hello(libnet_t *libnet)
{
	return libnet_build_ospfv2_hello(inet_addr("255.255.255.0"), 10, 2, 1, 40,
		inet_addr("1.2.3.4"), inet_addr("5.6.7.8"), NULL, 0, libnet, 0);
}

static int make_exchange(libnet_t *libnet)
{
	return libnet_build_ospfv2_dbd(1400, 2, 7, 0x01020304, NULL, 0, libnet, 0);
}

static int make_request(libnet_t *libnet)
{
	return libnet_build_ospfv2_lsr(2, 0x01020304, 0x05060708, NULL, 0, libnet, 0);
}

static int make_update(libnet_t *libnet)
{
	return libnet_build_ospfv2_lsu(1, NULL, 0, libnet, 0);
}

static int make_advertisement(libnet_t *libnet)
{
	return libnet_build_ospfv2_lsa(
		1, 2, 1, 0x01020304, 0x05060708, 0x80000001, 0x1234, 36, NULL, 0, libnet, 0);
}

static int make_router_body(libnet_t *libnet)
{
	return libnet_build_ospfv2_lsa_rtr(
		0x0100, 1, 0x05060708, 0x090a0b0c, 1, 2, 0x0d0e, NULL, 0, libnet, 0);
}

static int make_network_body(libnet_t *libnet)
{
	return libnet_build_ospfv2_lsa_net(0xffffff00, 0x01020304, NULL, 0, libnet, 0);
}

/* With the metric of one type of service, RFC 2328 A.4.4: libnet takes both as one number. */
static int make_summary_body(libnet_t *libnet)
{
	return libnet_build_ospfv2_lsa_sum(0xffffff00, 0x010203, 0x04000005, NULL, 0, libnet, 0);
}

static int make_external_body(libnet_t *libnet)
{
	return libnet_build_ospfv2_lsa_as(
		0xffffff00, 0x80010203, 0x01020304, 0x05060708, NULL, 0, libnet, 0);
}

/* ---- applications ---- */

static int make_bootp(libnet_t *libnet)
{
	return libnet_build_bootpv4(2, 1, 6, 3, 0x01020304, 5, 0x8000, 0x01020304, 0x05060708,
		0x090a0b0c, 0x0d0e0f10, src, NULL, NULL, NULL, 0, libnet, 0);
}

/* A request of SNMP. The builders of ASN.1 write into a buffer. */
static int make_snmp(libnet_t *libnet)
{
	uint8_t message[64];
	uint8_t community[] = "public";
	oid description[] = { 1, 3, 6, 1, 2, 1, 1, 1, 0 };
	int32_t version = 1;
	int32_t id = 0x12;
	int32_t zero = 0;
	int left = sizeof(message);
	uint8_t *at = message;

	at = libnet_build_asn1_header(at, &left, 0x30, 38);
	at = libnet_build_asn1_int(at, &left, 2, &version, sizeof(version));
	at = libnet_build_asn1_string(at, &left, 4, community, 6);
	at = libnet_build_asn1_header(at, &left, 0xa0, 25);
	at = libnet_build_asn1_int(at, &left, 2, &id, sizeof(id));
	at = libnet_build_asn1_int(at, &left, 2, &zero, sizeof(zero));
	at = libnet_build_asn1_int(at, &left, 2, &zero, sizeof(zero));
	at = libnet_build_asn1_header(at, &left, 0x30, 14);
	at = libnet_build_asn1_header(at, &left, 0x30, 12);
	at = libnet_build_asn1_objid(at, &left, 6, description, 9);
	at = libnet_build_asn1_null(at, &left, 5);
	return libnet_build_data(message, (uint32_t)(at - message), libnet, 0);
}

static int make_sequence(libnet_t *libnet)
{
	uint8_t sequence[8];
	int left = sizeof(sequence);
	const uint8_t *end = libnet_build_asn1_sequence(sequence, &left, 0x30, 38);

	return libnet_build_data(sequence, (uint32_t)(end - sequence), libnet, 0);
}

/* ---- all ---- */

#define MADE_MAX 256 /* octets of a block */

static const struct builder_case {
	const char *spec;
	const char *protocol; /* whose layer holds what the builder makes, */
	uint32_t offset;      /* from here on */
	int (*make)(libnet_t *libnet);
	const char *fault; /* NULL: it makes what the tables lay out */
	const char *made;  /* what it makes instead, in hex */
} cases[] = {
	{ "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01,type=5)/llc(dsap=6,ssap=6)", "eth", 0,
		make_802_3, NULL, NULL },
	{ ETH "llc/snap(oui=cisco)/"
	      "cdp(version=1,ttl=9,checksum=0x1234,tlvs=[device-id(text=ab)])",
		"cdp", 0, make_cdp, "eight zeros behind the TLV, which are none: lengths of zero",
		"010912340001000661620000000000000000" },
	{ IPV4 "esp(spi=0x01020304,seq=0x05060708)", "esp", 0, make_esp,
		"an IV of four octets: RFC 4303 2 has it in the payload, by the algorithm",
		"0102030405060708090a0b0c" },
	{ IPV4 "vrrp(vrid=7,interval=3,checksum=0x1234)", "vrrp", 0, make_vrrp,
		"version and type change places: RFC 3768 5.3.1 has the version in the high bits",
		"1207640000031234" },
	{ IPV6 "icmpv6(type=router-solicitation,"
	       "options=[source-lladdr(address=02:00:00:00:00:01)])",
		"icmpv6", 8, make_ndp_option, NULL, NULL },
	{ IPV4 "ospf(type=hello,mask=255.255.255.0,hello-interval=10,options=external,"
	       "dead-interval=40,designated=1.2.3.4,backup=5.6.7.8)",
		"ospf", 24, make_hello,
		"a neighbour 0.0.0.0 that nobody heard: RFC 2328 A.3.2 lists those heard",
		"ffffff00000a020100000028010203040506070800000000" },
	{ IPV4 "ospf(type=database-description,mtu=1400,options=external,"
	       "flags=init|more|master,dd-seq=0x01020304)",
		"ospf", 24, make_exchange, NULL, NULL },
	{ IPV4 "ospf(type=ls-request,requests=[request(type=network,id=1.2.3.4,router=5.6.7.8)])",
		"ospf", 24, make_request, NULL, NULL },
	{ LSA("0102030405060708090a0b0c0d0e0f10"), "ospf", 24, make_update, NULL, NULL },
	{ LSA("0102030405060708090a0b0c0d0e0f10"), "ospf", 28, make_advertisement,
		"the checksum in the host's order: RFC 2328 A.4.1, as all of it, in the network's",
		"0001020101020304050607088000000134120024" },
	{ LSA("0100000105060708090a0b0c01020d0e"), "ospf", 48, make_router_body, NULL, NULL },
	{ LSA("ffffff0001020304"), "ospf", 48, make_network_body, NULL, NULL },
	{ LSA("ffffff000001020304000005"), "ospf", 48, make_summary_body, NULL, NULL },
	{ LSA("ffffff00800102030102030405060708"), "ospf", 48, make_external_body, NULL, NULL },
	{ IPV4 "udp/dhcp(op=reply,hops=3,xid=0x01020304,secs=5,flags=broadcast,ciaddr=1.2.3.4,"
	       "yiaddr=5.6.7.8,siaddr=9.10.11.12,giaddr=13.14.15.16,chaddr=02:00:00:00:00:01)",
		"dhcp", 0, make_bootp, NULL, NULL },
	{ SNMP, "snmp", 0, make_snmp, NULL, NULL },
	{ SNMP, "snmp", 0, make_sequence,
		"three octets of length where one does: X.690 8.1.3.5 allows it, nobody sends it",
		"30820026" },
};

static bool tables_have(const struct builder_case *c, const uint8_t *made, uint32_t length)
{
	const struct view_layer *layer;
	struct frame_view view;
	struct arena arena;
	bool same;

	arena_init(&arena);
	support_build(&arena, c->spec, SPEC_PAD_NONE, &view);
	layer = view_layer_find(&view, wire_protocol_find(c->protocol), 1);
	same = c->offset + length <= layer->header.length &&
	       !memcmp(view.octets + layer->header.offset + c->offset, made, length);
	arena_fini(&arena);
	return same;
}

static void check(const struct builder_case *c)
{
	char reason[LIBNET_ERRBUF_SIZE];
	libnet_t *libnet = libnet_init(LIBNET_NONE, NULL, reason);
	char text[2 * MADE_MAX + 1] = "";
	uint32_t length;
	uint8_t *made;
	bool same;

	assert_non_null(libnet);
	assert_true(c->make(libnet) > 0);
	assert_int_equal(libnet_pblock_coalesce(libnet, &made, &length), 1);
	libnet_destroy(libnet);
	assert_in_range(length, 1, MADE_MAX);
	for (uint32_t i = 0; i < length; i++)
		snprintf(text + (size_t)2 * i, 3, "%02x", made[i]);
	same = tables_have(c, made, length);
	free(made);
	if (!c->fault && !same)
		fail_msg("libnet makes %s of %s", text, c->spec);
	if (c->fault && (same || strcmp(text, c->made) != 0))
		fail_msg("no longer \"%s\", but %s of %s", c->fault, text, c->spec);
}

static void builders_make_what_the_tables_lay_out_or_have_the_fault_stated(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(&cases[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(builders_make_what_the_tables_lay_out_or_have_the_fault_stated),
	};

	return cmocka_run_group_tests_name("frame/libnet-builders", tests, NULL, NULL);
}
