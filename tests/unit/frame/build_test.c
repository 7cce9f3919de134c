/* frame_build makes the octets that Scapy makes, and refuses what cannot be. */
#include "../../support/arena.h"
#include "../../support/spec_text.h"
#include "scapy_frames.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/bytes.h"
#include "base/text.h"
#include "frame/build.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ETH   "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)"
#define SRC4  "src=192.0.2.1,dst=192.0.2.2"
#define IPV4  "ipv4(" SRC4 ")"
#define BACK4 "ipv4(src=192.0.2.2,dst=192.0.2.1)"
#define SRC6  "src=2001:db8::1,dst=2001:db8::2"
#define IPV6  "ipv6(" SRC6 ")"
#define BACK6 "ipv6(src=2001:db8::2,dst=2001:db8::1)"
#define PORTS "sport=1,dport=2"
#define UDP   "udp(" PORTS ")"
#define HELLO "payload(data=68656c6c6f)"
#define X     "payload(data=78)"
#define EIGHT "payload(data=3132333435363738)"

/* Scapy sends payloads of 7 octets named "payload". */
#define PAYLOAD "payload(data=7061796c6f6164)"

static const struct frame_case {
	const char *name;
	const char *spec;
	const char *hex;
} scapy[] = {
	{ "arp_request",
		"eth(dst=ff:ff:ff:ff:ff:ff,src=02:00:00:00:00:01)/"
		"arp(sha=02:00:00:00:00:01,spa=192.0.2.1,tpa=192.0.2.2)",
		SCAPY_ARP_REQUEST },
	{ "arp_reply",
		ETH "/arp(op=reply,sha=02:00:00:00:00:01,spa=192.0.2.1,tha=02:00:00:00:00:02,tpa="
		    "192.0.2.2)",
		SCAPY_ARP_REPLY },
	{ "raw_type", "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01,type=0x0801)/" HELLO,
		SCAPY_RAW_TYPE },
	{ "vlan", ETH "/vlan(pcp=5,dei=1,id=100)/" IPV4 "/udp(sport=1000,dport=2000)/" HELLO,
		SCAPY_VLAN },
	{ "qinq",
		ETH "/svlan(id=200)/vlan(id=100)/" IPV4
		    "/icmp(id=7,seq=9)/payload(data=6162636465666768)",
		SCAPY_QINQ },
	{ "ping",
		ETH "/ipv4(" SRC4
		    ",ttl=3,id=77)/icmp(id=0x1234,seq=1)/payload(data=616263646566676869)",
		SCAPY_PING },
	{ "ping_reply", ETH "/" IPV4 "/icmp(type=echo-reply,id=0x1234,seq=1)/payload(data=616263)",
		SCAPY_PING_REPLY },
	{ "icmp_timestamp",
		ETH "/" IPV4
		    "/icmp(type=timestamp-request,id=1,seq=2,originate=3,receive=4,transmit=5)",
		SCAPY_ICMP_TIMESTAMP },
	{ "icmp_mask", ETH "/" IPV4 "/icmp(type=mask-request,id=1,seq=2,mask=255.255.255.0)",
		SCAPY_ICMP_MASK },
	{ "icmp_redirect",
		ETH "/" IPV4 "/icmp(type=redirect,code=1,gateway=192.0.2.9)/"
		    "ipv4(src=192.0.2.2,dst=198.51.100.1)/" UDP "/payload(data=7878)",
		SCAPY_ICMP_REDIRECT },
	{ "icmp_too_big",
		ETH "/" IPV4 "/icmp(type=unreachable,code=4,mtu=1400)/" BACK4 "/tcp(" PORTS ")",
		SCAPY_ICMP_TOO_BIG },
	{ "udp", ETH "/" IPV4 "/udp(sport=1024,dport=53)/payload(data=68656c6c6f20776f726c64)",
		SCAPY_UDP },
	{ "udp_empty", ETH "/" IPV4 "/" UDP, SCAPY_UDP_EMPTY },
	{ "udp_odd", ETH "/" IPV4 "/" UDP "/" X, SCAPY_UDP_ODD },
	{ "udp_checksum_0", ETH "/" IPV4 "/udp(" PORTS ",checksum=0)/" HELLO,
		SCAPY_UDP_CHECKSUM_0 },
	{ "tcp_syn", ETH "/" IPV4 "/tcp(sport=1025,dport=80,seq=1,flags=syn)", SCAPY_TCP_SYN },
	{ "tcp_options",
		ETH "/" IPV4 "/tcp(sport=1025,dport=80,seq=0xdeadbeef,flags=syn,options="
		    "[mss sack-permitted timestamps(val=1,ecr=2) nop wscale(shift=7)])",
		SCAPY_TCP_OPTIONS },
	{ "tcp_options_filled", ETH "/" IPV4 "/tcp(" PORTS ",flags=ack,options=[wscale(shift=3)])",
		SCAPY_TCP_OPTIONS_FILLED },
	{ "tcp_sack",
		ETH "/" IPV4 "/tcp(" PORTS ",flags=ack,options="
		    "[nop nop sack(blocks=[block(left=1,right=2) block(left=3,right=4)])])",
		SCAPY_TCP_SACK },
	{ "tcp_push",
		ETH "/" IPV4 "/tcp(" PORTS ",flags=psh|ack,ack=9,window=100,urgent=5)/"
		    "payload(data=474554202f20485454502f312e300d0a0d0a)",
		SCAPY_TCP_PUSH },
	{ "tcp_ae", ETH "/" IPV4 "/tcp(" PORTS ",flags=0x1ff)", SCAPY_TCP_AE },
	{ "ipv4_fields",
		ETH "/ipv4(" SRC4
		    ",dscp=46,ecn=1,id=0xabcd,flags=df|reserved,ttl=1,protocol=253)/" PAYLOAD,
		SCAPY_IPV4_FIELDS },
	{ "ipv4_given_wrong",
		ETH "/ipv4(" SRC4 ",version=5,ihl=7,length=999,checksum=0x1234)/udp(" PORTS
		    ",checksum=1)",
		SCAPY_IPV4_GIVEN_WRONG },
	{ "ipv4_router_alert", ETH "/ipv4(" SRC4 ",options=[router-alert])/" PAYLOAD,
		SCAPY_IPV4_ROUTER_ALERT },
	{ "ipv4_options",
		ETH "/ipv4(" SRC4 ",options=[nop rr(addresses=[hop(address=0.0.0.0) hop])])/" UDP,
		SCAPY_IPV4_OPTIONS },
	{ "ipv4_source_route",
		ETH "/ipv4(src=192.0.2.1,dst=192.0.2.7,options=[lsrr(addresses="
		    "[hop(address=192.0.2.8) hop(address=192.0.2.2)])])/" UDP "/payload(data=6869)",
		SCAPY_IPV4_SOURCE_ROUTE },
	{ "ipv4_fragment", ETH "/ipv4(" SRC4 ",flags=mf)/udp(" PORTS ",length=40)/" EIGHT,
		SCAPY_IPV4_FRAGMENT },
	{ "ipv4_later_fragment", ETH "/ipv4(" SRC4 ",frag-offset=2,protocol=udp)/" EIGHT,
		SCAPY_IPV4_LATER_FRAGMENT },
	{ "ipv4_in_ipv4", ETH "/" IPV4 "/ipv4(src=10.0.0.1,dst=10.0.0.2)/tcp(" PORTS ")/" X,
		SCAPY_IPV4_IN_IPV4 },
	{ "ipv6_in_ipv4", ETH "/" IPV4 "/" IPV6 "/" UDP "/" X, SCAPY_IPV6_IN_IPV4 },
	{ "ipv4_in_ipv6", ETH "/" IPV6 "/" IPV4 "/" UDP "/" X, SCAPY_IPV4_IN_IPV6 },
	{ "ipv6_udp",
		ETH "/ipv6(" SRC6 ",dscp=46,ecn=1,flow-label=0xabcde,hop-limit=3)/"
		    "udp(sport=1024,dport=53)/" HELLO,
		SCAPY_IPV6_UDP },
	{ "ipv6_tcp", ETH "/" IPV6 "/tcp(" PORTS ",flags=syn,options=[mss(value=1440)])",
		SCAPY_IPV6_TCP },
	{ "ipv6_alone", ETH "/" IPV6, SCAPY_IPV6_ALONE },
	{ "ping6", ETH "/" IPV6 "/icmpv6(id=1,seq=2)/payload(data=61626364656667)", SCAPY_PING6 },
	{ "ping6_reply",
		ETH "/" IPV6 "/icmpv6(type=echo-reply,id=1,seq=2)/payload(data=61626364656667)",
		SCAPY_PING6_REPLY },
	{ "neighbour_solicitation",
		"eth(dst=33:33:ff:00:00:02,src=02:00:00:00:00:01)/"
		"ipv6(src=2001:db8::1,dst=ff02::1:ff00:2,hop-limit=255)/"
		"icmpv6(type=neighbour-solicitation,target=2001:db8::2,"
		"options=[source-lladdr(address=02:00:00:00:00:01)])",
		SCAPY_NEIGHBOUR_SOLICITATION },
	{ "neighbour_advertisement",
		ETH "/ipv6(" SRC6 ",hop-limit=255)/icmpv6(type=neighbour-advertisement,"
		    "router=0,solicited=1,override=1,target=2001:db8::1,"
		    "options=[target-lladdr(address=02:00:00:00:00:01)])",
		SCAPY_NEIGHBOUR_ADVERTISEMENT },
	{ "router_advertisement",
		"eth(dst=33:33:00:00:00:01,src=02:00:00:00:00:01)/"
		"ipv6(src=2001:db8::1,dst=ff02::1,hop-limit=255)/"
		"icmpv6(type=router-advertisement,hop-limit=64,managed=1,preference=0,lifetime=600,"
		"options=[mtu(mtu=1500) prefix(prefix=2001:db8:1::,valid-lifetime=100,"
		"preferred-lifetime=50)])",
		SCAPY_ROUTER_ADVERTISEMENT },
	{ "icmpv6_too_big",
		ETH "/" IPV6 "/icmpv6(type=packet-too-big,mtu=1280)/" BACK6 "/" UDP
		    "/payload(data=7a7a)",
		SCAPY_ICMPV6_TOO_BIG },
	{ "icmpv6_unreachable",
		ETH "/" IPV6 "/icmpv6(type=unreachable,code=4)/" BACK6 "/" UDP
		    "/payload(data=7a7a)",
		SCAPY_ICMPV6_UNREACHABLE },
	{ "hop_by_hop",
		ETH "/ipv6(" SRC6 ",hop-limit=1)/hopopts(options=[router-alert])/" UDP "/" X,
		SCAPY_HOP_BY_HOP },
	{ "destination_options", ETH "/" IPV6 "/dstopts/tcp(" PORTS ")",
		SCAPY_DESTINATION_OPTIONS },
	{ "routing",
		ETH "/ipv6(src=2001:db8::1,dst=2001:db8::9)/routing(segments-left=2,addresses="
		    "[hop(address=2001:db8::8) hop(address=2001:db8::2)])/" UDP "/" X,
		SCAPY_ROUTING },
	{ "routing_done",
		ETH "/" IPV6
		    "/routing(addresses=[hop(address=2001:db8::9) hop(address=2001:db8::8)])/" UDP
		    "/" X,
		SCAPY_ROUTING_DONE },
	{ "ipv6_fragment", ETH "/" IPV6 "/fragment(id=0xdeadbeef)/" UDP "/" X,
		SCAPY_IPV6_FRAGMENT },
	{ "ipv6_later_fragment",
		ETH "/" IPV6 "/fragment(id=1,frag-offset=3,more=1,next-header=17)/" EIGHT,
		SCAPY_IPV6_LATER_FRAGMENT },
	{ "extension_chain",
		ETH "/" IPV6 "/hopopts(options=[router-alert(value=2)])/dstopts/fragment(id=2)/"
		    "icmpv6(id=3,seq=4)/payload(data=71)",
		SCAPY_EXTENSION_CHAIN },
};

/* ---- helpers ---- */

static void build(struct arena *arena, const char *text, struct frame_view *ret)
{
	support_build(arena, text, SPEC_PAD_AUTO, ret);
}

static uint64_t number(const struct frame_view *view, const char *layer, const char *field)
{
	const struct view_layer *found = view_layer_find(view, wire_protocol_find(layer), 1);

	assert_non_null(found);
	return view_value(view, view_field_find(&found->header, field)).number;
}

static void refuses(struct arena *arena, const char *text, const char *message)
{
	struct frame_spec spec;
	struct frame_view view = { .length = 12345 };
	struct err err = { 0 };

	support_spec(arena, text, &spec);
	assert_int_equal(frame_build(arena, &spec, &view, &err), -EINVAL);
	assert_string_equal(err.text, message);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(view.length, 12345);
}

/* ---- octets ---- */

static void frames_are_those_that_scapy_builds(void **state)
{
	struct arena *arena = *state;
	unsigned int failures = 0;

	for (size_t i = 0; i < sizeof(scapy) / sizeof(scapy[0]); i++) {
		const struct frame_case *c = &scapy[i];
		struct frame_view view;
		struct buffer text = { 0 };

		build(arena, c->spec, &view);
		for (uint32_t j = 0; j < view.pad_offset; j++)
			buffer_printf(&text, "%02x", view.octets[j]);
		if (strcmp(buffer_text(&text), c->hex)) {
			print_error("%s:\n  ours  %s\n  scapy %s\n", c->name, buffer_text(&text),
				c->hex);
			failures++;
		}
		buffer_fini(&text);
	}
	assert_int_equal(failures, 0);
}

static void udp_checksum_of_zero_is_sent_as_all_ones(void **state)
{
	struct frame_view view;

	build(*state, ETH "/" IPV4 "/" UDP "/payload(data=0000)", &view);
	build(*state,
		arena_printf(*state, ETH "/" IPV4 "/" UDP "/payload(data=%04x)",
			(unsigned int)number(&view, "udp", "checksum")),
		&view);
	assert_int_equal(number(&view, "udp", "checksum"), 0xffff);
}

static void udp_checksum_given_as_zero_stays_zero(void **state)
{
	struct frame_view view;

	build(*state, ETH "/" IPV4 "/udp(checksum=0)", &view);
	assert_int_equal(number(&view, "udp", "checksum"), 0);
	assert_int_equal(view_field_find(&view.layers[2].header, "checksum")->check, VIEW_ABSENT);
}

/* Each checksum there is, by way of the source port. */
static void a_bad_checksum_is_never_taken_for_the_right_one(void **state)
{
	struct arena *arena = *state;

	for (unsigned int i = 0; i < 0x10000; i++) {
		struct frame_view right;
		struct frame_view bad;
		uint64_t a;
		uint64_t b;

		arena_reset(arena);
		build(arena, arena_printf(arena, ETH "/" IPV4 "/udp(sport=%u)", i), &right);
		build(arena, arena_printf(arena, ETH "/" IPV4 "/udp(sport=%u,checksum=bad)", i),
			&bad);
		a = number(&right, "udp", "checksum");
		b = number(&bad, "udp", "checksum");
		assert_int_not_equal(b, 0);
		assert_int_not_equal(a % 0xffff, b % 0xffff);
		assert_int_equal(
			view_field_find(&bad.layers[2].header, "checksum")->check, VIEW_WRONG);
	}
}

static void the_checksum_does_not_cover_padding_or_trailers(void **state)
{
	struct frame_spec spec;
	struct frame_view padded;
	struct frame_view plain;
	static const uint8_t noise[] = { 1, 2, 3, 4 };

	build(*state, ETH "/" IPV4 "/tcp/" X, &plain);
	support_spec(*state, ETH "/" IPV4 "/tcp/" X, &spec);
	spec.pad = (struct spec_pad){ SPEC_PAD_OCTETS, noise, sizeof(noise) };
	assert_int_equal(frame_build(*state, &spec, &padded, NULL), 0);
	assert_int_equal(padded.length, padded.pad_offset + sizeof(noise));
	assert_int_equal(number(&plain, "tcp", "checksum"), number(&padded, "tcp", "checksum"));
}

static void values_given_are_sent_as_given(void **state)
{
	struct frame_view view;

	build(*state, ETH "/ipv4(" SRC4 ",length=1,ihl=15,protocol=6)/udp(length=3,checksum=1)",
		&view);
	assert_int_equal(number(&view, "ipv4", "length"), 1);
	assert_int_equal(number(&view, "ipv4", "ihl"), 15);
	assert_int_equal(number(&view, "ipv4", "protocol"), 6);
	assert_int_equal(number(&view, "udp", "length"), 3);
	assert_int_equal(number(&view, "udp", "checksum"), 1);
}

static void a_port_left_out_is_that_of_what_follows(void **state)
{
	static const struct {
		const char *layers;
		uint64_t sport, dport;
	} rows[] = {
		{ "udp/ntp", 123, 123 },
		{ "udp/dns", 53, 53 },
		{ "udp(dport=40000)/ntp", 123, 40000 },
		{ "udp(sport=40000)/tftp", 40000, 69 },
		{ "udplite/tftp", 69, 69 },
		{ "tcp/http", 80, 80 },
		{ "tcp/sip", 5060, 5060 },
		{ "udp/payload(data=00)", 53, 53 },
		{ "udp", 53, 53 },
		{ "tcp/payload(data=00)", 20, 80 },
	};
	struct frame_view view;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct view_record *header;

		build(*state, arena_printf(*state, ETH "/" IPV4 "/%s", rows[i].layers), &view);
		header = &view.layers[2].header;
		assert_int_equal(
			view_value(&view, view_field_find(header, "sport")).number, rows[i].sport);
		assert_int_equal(
			view_value(&view, view_field_find(header, "dport")).number, rows[i].dport);
	}
}

static void a_frame_of_layers_that_say_nothing_of_each_other_is_built(void **state)
{
	struct frame_view view;

	build(*state,
		"eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01,type=0x1234)/udp(dport=9)/tcp",
		&view);
	/* Without an IP layer there is no pseudo header. */
	assert_int_equal(number(&view, "udp", "checksum"), 0);
	assert_int_equal(view.layers[1].header.fields[3].check, VIEW_ABSENT);
}

/* ---- padding and FCS ---- */

static void short_frames_are_padded_to_60_octets(void **state)
{
	struct frame_view view;

	build(*state, ETH "/" IPV4 "/" UDP "/" X, &view);
	assert_int_equal(view.length, 60);
	assert_int_equal(view.pad_offset, 43);
	assert_int_equal(view.pad_length, 17);
	for (unsigned int i = 43; i < 60; i++)
		assert_int_equal(view.octets[i], 0);
	/* To the last octet, and no further. */
	build(*state, ETH "/" IPV4 "/" UDP "/payload(data=0102030405060708090a0b0c0d0e0f1011)",
		&view);
	assert_int_equal(view.pad_length, 1);
	build(*state, ETH "/" IPV4 "/" UDP "/payload(data=0102030405060708090a0b0c0d0e0f101112)",
		&view);
	assert_int_equal(view.pad_length, 0);
	assert_int_equal(view.length, 60);
}

static void padding_is_as_asked(void **state)
{
	static const uint8_t octets[] = { 0xaa, 0xbb };
	static const struct {
		struct spec_pad pad;
		uint32_t length;
	} rows[] = {
		{ { .mode = SPEC_PAD_NONE }, 43 },
		{ { .mode = SPEC_PAD_COUNT, .length = 3 }, 46 },
		{ { .mode = SPEC_PAD_OCTETS, .octets = octets, .length = 2 }, 45 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct frame_spec spec;
		struct frame_view view;

		support_spec(*state, ETH "/" IPV4 "/" UDP "/" X, &spec);
		spec.pad = rows[i].pad;
		assert_int_equal(frame_build(*state, &spec, &view, NULL), 0);
		assert_int_equal(view.length, rows[i].length);
	}
}

static void the_fcs_is_as_asked(void **state)
{
	static const struct {
		struct spec_fcs fcs;
		enum view_fcs_state state;
		bool automatic;
	} rows[] = {
		{ { .mode = SPEC_FCS_AUTO }, VIEW_FCS_RIGHT, true },
		{ { .mode = SPEC_FCS_BAD }, VIEW_FCS_WRONG, false },
		{ { .mode = SPEC_FCS_NONE }, VIEW_FCS_NONE, false },
		{ { .mode = SPEC_FCS_GIVEN, .octets = { 0x1a, 0x2b, 0x3c, 0x4d } }, VIEW_FCS_WRONG,
			false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct frame_spec spec;
		struct frame_view view;

		support_spec(*state, ETH "/" IPV4, &spec);
		spec.fcs = rows[i].fcs;
		assert_int_equal(frame_build(*state, &spec, &view, NULL), 0);
		assert_int_equal(view.fcs, rows[i].state);
		assert_int_equal(view.fcs_automatic, rows[i].automatic);
		if (rows[i].fcs.mode == SPEC_FCS_GIVEN)
			assert_memory_equal(view.fcs_octets, rows[i].fcs.octets, FCS_LENGTH);
	}
}

/* ---- refusals ---- */

static const struct refusal {
	const char *spec;
	const char *message;
} refusals[] = {
	{ "eth/arp", "eth.dst: has to be given" },
	{ "eth(dst=02:00:00:00:00:02)/arp", "eth.src: $if.mac is not known here; give the value" },
	{ ETH "/" X, "eth.type: what follows has no number here; give type, such as 0x0801" },
	{ ETH, "eth.type: what follows has no number here; give type, such as 0x0801" },
	{ ETH "/vlan/" X, "vlan.type: what follows has no number here; give type, such as 0x0801" },
	{ ETH "/udp", "eth.type: udp has no number here; give type, such as 0x0801" },
	{ ETH "/" IPV4 "/arp",
		"ipv4.protocol: arp has no number here; give protocol, such as 253" },
	{ ETH "/" IPV4 "/tcp(options=[option(data=00)])", "tcp.options[1].kind: has to be given" },
	{ ETH "/" IPV4 "/tcp(options=[option(kind=9,data="
	      "000102030405060708090a0b0c0d0e0f10111213141516171819"
	      "1a1b1c1d1e1f20212223242526)])",
		"tcp.options: makes tcp 64 octets long; its data-offset can say at most 60" },
	{ ETH "/" IPV6 "/icmpv6(type=135,options=[option(type=9,data=000102)])",
		"icmpv6.options[1].data: makes option 5 octets long; its length counts units of 8: "
		"give length, or fill it up" },
	{ ETH "/" IPV4 "/icmp(type=echo-request,gateway=10.0.0.1)",
		"icmp.gateway: there is no such field when type is echo-request" },
	{ ETH "/" IPV4 "/icmp(checksum=bad,code=bad)", "icmp.code: only a checksum can be bad" },
	{ "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01,type=0x1234)/udp(checksum=bad)",
		"udp.checksum: no IP layer is before it, so that no checksum is wrong; give a "
		"number" },
};

static void what_cannot_be_is_refused_with_its_field(void **state)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		refuses(*state, refusals[i].spec, refusals[i].message);
}

static void an_error_names_the_place_in_the_template(void **state)
{
	struct frame_spec spec;
	struct frame_view view;
	struct err err = { 0 };
	struct spec_value *ttl;

	support_spec(*state, ETH "/" IPV4, &spec);
	ttl = &spec.layers[1].header.values[wire_field_find(spec.layers[1].header.type, "ttl")];
	*ttl = (struct spec_value){
		.state = SPEC_GIVEN, .value = { .number = 256 }, .at = { "x.yaml", 7, 20 }
	};
	assert_int_equal(frame_build(*state, &spec, &view, &err), -EINVAL);
	assert_string_equal(
		err.text, "x.yaml:7:20: ipv4.ttl: 256 does not fit in 8 bits (at most 255)");

	/* Left out: the layer's place. */
	support_spec(*state, "eth", &spec);
	spec.layers[0].header.at = (struct position){ "x.yaml", 3, 5 };
	assert_int_equal(frame_build(*state, &spec, &view, &err), -EINVAL);
	assert_string_equal(err.text, "x.yaml:3:5: eth.dst: has to be given");
}

/* A payload of so many octets behind the layers of text. */
static void spec_with_payload(
	struct arena *arena, const char *text, size_t length, struct frame_spec *ret)
{
	support_spec(arena, text, ret);
	spec_layer_add(ret, arena, &wire_payload)->header.values[0] = (struct spec_value){
		.state = SPEC_GIVEN,
		.value = { .octets = arena_alloc(arena, length), .length = length },
	};
}

static void lengths_that_do_not_fit_are_refused(void **state)
{
	struct frame_spec spec;
	struct frame_view view;
	struct err err = { 0 };

	spec_with_payload(*state, ETH "/" IPV4, 65515, &spec);
	assert_int_equal(frame_build(*state, &spec, &view, &err), 0);
	assert_int_equal(number(&view, "ipv4", "length"), 65535);
	spec_with_payload(*state, ETH "/" IPV4, 65516, &spec);
	assert_int_equal(frame_build(*state, &spec, &view, &err), -EINVAL);
	assert_string_equal(err.text,
		"ipv4.length: 65536 does not fit in 16 bits (at most 65535); give length, or a "
		"shorter payload");
	spec_with_payload(*state, ETH "/" IPV4, FRAME_LENGTH_MAX - 33, &spec);
	assert_int_equal(frame_build(*state, &spec, &view, &err), -EINVAL);
	assert_string_equal(
		err.text, "payload.data: makes the frame 65601 octets long (at most 65600)");
}

static void padding_beyond_the_longest_frame_is_refused(void **state)
{
	struct frame_spec spec;
	struct frame_view view;
	struct err err = { 0 };

	support_spec(*state, ETH "/" IPV4, &spec);
	spec.pad = (struct spec_pad){ .mode = SPEC_PAD_COUNT, .length = SIZE_MAX };
	assert_int_equal(frame_build(*state, &spec, &view, &err), -EINVAL);
	assert_non_null(strstr(err.text, "pad: "));
}

static void a_field_is_set_from_text(void **state)
{
	struct frame_spec spec = { 0 };
	struct spec_layer *layer = spec_layer_add(&spec, *state, &wire_eth);
	struct err err = { 0 };

	assert_int_equal(spec_layer_set(layer, *state, "type", "arp", &err), 0);
	assert_int_equal(layer->header.values[2].value.number, 0x0806);
	assert_int_equal(spec_layer_set(layer, *state, "type", "auto", &err), 0);
	assert_int_equal(layer->header.values[2].state, SPEC_AUTO);
	assert_int_equal(spec_layer_set(layer, *state, "typ", "arp", &err), -EINVAL);
	assert_string_equal(err.text, "no field \"typ\" in eth");
	assert_int_equal(spec_layer_set(layer, *state, "type", "70000", &err), -EINVAL);
	assert_string_equal(err.text, "eth.type: 70000 does not fit in 16 bits (at most 0xffff)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(frames_are_those_that_scapy_builds,
			support_arena_setup, support_arena_teardown),
		cmocka_unit_test_setup_teardown(udp_checksum_of_zero_is_sent_as_all_ones,
			support_arena_setup, support_arena_teardown),
		cmocka_unit_test_setup_teardown(udp_checksum_given_as_zero_stays_zero,
			support_arena_setup, support_arena_teardown),
		cmocka_unit_test_setup_teardown(a_bad_checksum_is_never_taken_for_the_right_one,
			support_arena_setup, support_arena_teardown),
		cmocka_unit_test_setup_teardown(the_checksum_does_not_cover_padding_or_trailers,
			support_arena_setup, support_arena_teardown),
		cmocka_unit_test_setup_teardown(values_given_are_sent_as_given, support_arena_setup,
			support_arena_teardown),
		cmocka_unit_test_setup_teardown(a_port_left_out_is_that_of_what_follows,
			support_arena_setup, support_arena_teardown),
		cmocka_unit_test_setup_teardown(
			a_frame_of_layers_that_say_nothing_of_each_other_is_built,
			support_arena_setup, support_arena_teardown),
		cmocka_unit_test_setup_teardown(short_frames_are_padded_to_60_octets,
			support_arena_setup, support_arena_teardown),
		cmocka_unit_test_setup_teardown(
			padding_is_as_asked, support_arena_setup, support_arena_teardown),
		cmocka_unit_test_setup_teardown(
			the_fcs_is_as_asked, support_arena_setup, support_arena_teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_is_refused_with_its_field,
			support_arena_setup, support_arena_teardown),
		cmocka_unit_test_setup_teardown(an_error_names_the_place_in_the_template,
			support_arena_setup, support_arena_teardown),
		cmocka_unit_test_setup_teardown(lengths_that_do_not_fit_are_refused,
			support_arena_setup, support_arena_teardown),
		cmocka_unit_test_setup_teardown(padding_beyond_the_longest_frame_is_refused,
			support_arena_setup, support_arena_teardown),
		cmocka_unit_test_setup_teardown(
			a_field_is_set_from_text, support_arena_setup, support_arena_teardown),
	};

	return cmocka_run_group_tests_name("frame/build", tests, NULL, NULL);
}
