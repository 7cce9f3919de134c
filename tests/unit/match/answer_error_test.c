/* answer_check and the keys: errors that quote a request, and answers that come in tunnels. */
#include "../../support/answer.h"
#include "../../support/arena.h"
#include "../../support/spec_text.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "wire/checksum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ASK    "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)/"
#define GIVE   "eth(dst=02:00:00:00:00:01,src=02:00:00:00:00:02)/"
#define ASK4   "ipv4(src=10.0.0.1,dst=10.0.0.2,id=0x1234)/"
#define GIVE4  "ipv4(src=10.0.0.2,dst=10.0.0.1)/"
#define ROUTER "ipv4(src=10.0.9.9,dst=10.0.0.1)/"
#define ASK6   "ipv6(src=fd00::1,dst=fd00::2)/"
#define GIVE6  "ipv6(src=fd00::2,dst=fd00::1)/"
#define DATA   "payload(data=000102030405060708090a0b0c0d0e0f)"
#define LONG   "payload(data=000102030405060708090a0b0c0d0e0f1011121314151617)"
#define ROWS   static const struct support_answer_row rows[]

#define ETHERNET 14

/* What a router says of the request: its first `quoted` octets of network layer and on, with one
 * octet of them changed; at -1 none. */
struct told {
	const char *request;
	unsigned int quoted;
	int change_at;
	const char *words;
};

static const char *words_of(struct arena *arena, const struct told *told)
{
	struct frame_view request;
	struct answer_frame asked;
	struct answer_frame received;
	uint8_t *frame;
	uint8_t *ip;
	uint8_t *icmp;
	size_t length = ETHERNET + 20 + 8 + told->quoted;

	support_build(arena, told->request, SPEC_PAD_AUTO, &request);
	assert_true(ETHERNET + told->quoted <= request.length);
	frame = arena_alloc(arena, length);
	ip = frame + ETHERNET;
	icmp = ip + 20;
	memset(frame, 0, length);
	memcpy(frame, request.octets + 6, 6);
	memcpy(frame + 6, request.octets, 6);
	bytes_put_be16(frame + 12, 0x0800);
	ip[0] = 0x45;
	bytes_put_be16(ip + 2, (uint16_t)(length - ETHERNET));
	ip[8] = 63;
	ip[9] = 1;
	bytes_put_be32(ip + 12, 0x0a000909);
	memcpy(ip + 16, request.octets + ETHERNET + 12, 4);
	bytes_put_be16(ip + 10, checksum_finish(checksum_add(0, ip, 20)));
	icmp[0] = 11;
	memcpy(icmp + 8, request.octets + ETHERNET, told->quoted);
	/* The packet had come some way, and its checksum is that of its last hop. */
	icmp[8 + 8] = 1;
	if (told->change_at >= 0)
		icmp[8 + told->change_at] ^= 1;
	bytes_put_be16(icmp + 2, checksum_finish(checksum_add(0, icmp, 8 + told->quoted)));
	answer_read(request.octets, request.length, &asked);
	answer_read(frame, length, &received);
	return support_answer_words(arena, &asked, &received);
}

static void want(struct arena *arena, const struct told *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *words = words_of(arena, &rows[i]);

		if (strcmp(words, rows[i].words) != 0)
			fail_msg("%s, %u octets, changed at %d\n%s\ninstead of %s", rows[i].request,
				rows[i].quoted, rows[i].change_at, words, rows[i].words);
	}
}

#define WANT(arena, rows) want(arena, rows, sizeof(rows) / sizeof((rows)[0]))
#define EXCEEDED	  "error: time exceeded from 10.0.9.9"
#define NEARLY		  "near: time exceeded from 10.0.9.9: "
#define ODD		  "near: time exceeded from 10.0.9.9: the quoted "

static void an_error_needs_to_quote_no_more_than_8_octets_of_the_transport(void **state)
{
	static const struct told rows[] = {
		{ ASK ASK4 "udp(sport=40000,dport=33434)/" DATA, 44, -1, EXCEEDED },
		{ ASK ASK4 "udp(sport=40000,dport=33434)/" DATA, 28, -1, EXCEEDED },
		{ ASK ASK4 "icmp(type=8,id=1,seq=7)/" DATA, 28, -1, EXCEEDED },
		{ ASK ASK4 "tcp(sport=40000,dport=80,seq=1000,flags=syn)", 28, -1, EXCEEDED },
		{ ASK ASK4 "sctp(sport=40000,dport=80,chunks=[init(tag=5)])", 28, -1, EXCEEDED },
		{ ASK "ipv4(src=10.0.0.1,dst=10.0.0.2,protocol=253)/" DATA, 28, -1, EXCEEDED },
		{ ASK ASK4 "udp(sport=40000,dport=33434)/" DATA, 20, -1, "no answer" },
	};

	WANT(*state, rows);
}

static void an_error_that_quotes_something_else_is_none_or_nearly_one(void **state)
{
#define UDP  ASK ASK4 "udp(sport=40000,dport=33434)/" DATA
#define ICMP ASK ASK4 "icmp(type=8,id=1,seq=7)/" DATA
#define TCP  ASK ASK4 "tcp(sport=40000,dport=80,seq=1000,flags=syn)"
	static const struct told rows[] = {
		{ UDP, 28, 19, "no answer" },
		{ UDP, 28, 15, "no answer" },
		{ UDP, 28, 9, "no answer" },
		{ UDP, 28, 21, "no answer" },
		{ UDP, 28, 23, ODD "packet is to port 33435, not 33434" },
		{ ICMP, 28, 20, "no answer" },
		{ ICMP, 28, 25, ODD "id is 0x0000, not 0x0001" },
		{ ICMP, 28, 27, ODD "sequence number is 6, not 7" },
		{ TCP, 28, 27, ODD "sequence number is 1001, not 1000" },
	};

	WANT(*state, rows);
}

static void what_routers_and_translators_change_in_a_quote_does_not_matter(void **state)
{
	static const struct told rows[] = {
		{ UDP, 28, 1, EXCEEDED },  /* service */
		{ UDP, 28, 2, EXCEEDED },  /* length, in a host's order */
		{ UDP, 28, 4, EXCEEDED },  /* id */
		{ UDP, 28, 10, EXCEEDED }, /* checksum of the header */
		{ UDP, 28, 26, EXCEEDED }, /* checksum of the datagram */
		{ ICMP, 28, 22, EXCEEDED },
	};

	WANT(*state, rows);
}

static void a_quote_with_neither_the_id_nor_the_checksum_of_the_request_is_anothers(void **state)
{
	struct arena *arena = *state;
	struct answer_frame other;
	struct answer_frame received;

	support_answer_read(arena,
		ASK "ipv4(src=10.0.0.1,dst=10.0.0.2,id=2)/udp(sport=40000,dport=33434)/"
		    "payload(data=ff)",
		&other);
	support_answer_read(arena,
		GIVE ROUTER "icmp(type=11)/" ASK4 "udp(sport=40000,dport=33434)/" DATA, &received);
	assert_string_equal(support_answer_words(arena, &other, &received), "no answer");
}

static bool share_first(struct arena *arena, const char *request, const char *received)
{
	struct answer_frame asked;
	struct answer_frame got;
	struct answer_keys asked_keys;
	struct answer_keys got_keys;

	support_answer_read(arena, request, &asked);
	support_answer_read(arena, received, &got);
	answer_keys_asked(&asked, &asked_keys);
	answer_keys_got(&got, &got_keys);
	for (unsigned int i = 0; i < asked_keys.answers; i++)
		if (got_keys.answers && asked_keys.answer[i] == got_keys.answer[0])
			return true;
	return false;
}

/* Such as a trace of which only the id differs from frame to frame. */
static void the_narrowest_key_of_an_error_holds_the_id_and_the_checksum(void **state)
{
#define TRACE(id, data)                         \
	"ipv4(src=10.0.0.1,dst=10.0.0.2,id=" id \
	")/udp(sport=40000,dport=33434)/payload(data=" data ")"
	const char *received = GIVE ROUTER "icmp(type=11)/" TRACE("7", "01");

	assert_true(share_first(*state, ASK TRACE("7", "01"), received));
	assert_false(share_first(*state, ASK TRACE("8", "01"), received));
	assert_false(share_first(*state, ASK TRACE("7", "02"), received));
#undef TRACE
}

static void a_redirect_or_a_source_quench_is_not_the_end(void **state)
{
	ROWS = {
		{ UDP,
			GIVE ROUTER "icmp(type=5,gateway=10.0.9.1)/" ASK4
				    "udp(sport=40000,dport=33434)/" DATA,
			"near: 10.0.9.9 redirects to 10.0.9.1" },
		{ UDP, GIVE ROUTER "icmp(type=4)/" ASK4 "udp(sport=40000,dport=33434)/" DATA,
			"near: 10.0.9.9 asks for fewer packets" },
	};

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void an_icmpv6_error_quotes_as_well(void **state)
{
#define UDP6 ASK6 "udp(sport=40000,dport=33434)/" DATA
	ROWS = {
		{ ASK UDP6, GIVE "ipv6(src=fd00::9,dst=fd00::1)/icmpv6(type=3)/" UDP6,
			"error: time exceeded from fd00::9" },
		{ ASK UDP6, GIVE GIVE6 "icmpv6(type=1,code=4)/" UDP6,
			"error: port unreachable from fd00::2" },
		{ ASK UDP6, GIVE GIVE6 "icmpv6(type=2,mtu=1280)/" UDP6,
			"error: packet too big from fd00::2" },
		{ ASK UDP6, GIVE GIVE6 "icmpv6(type=1,code=4,checksum=0x1234)/" UDP6,
			"near: port unreachable from fd00::2: the checksum is wrong: 0x1234, "
			"0x9345 would be right" },
	};

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void an_error_in_another_vlan_is_a_near_miss(void **state)
{
	ROWS = {
		{ ASK "vlan(id=10)/" ASK4 "udp(sport=40000,dport=33434)/" DATA,
			GIVE "vlan(id=20)/" ROUTER "icmp(type=11)/" ASK4
			     "udp(sport=40000,dport=33434)/" DATA,
			NEARLY "it came in VLAN 20, not VLAN 10" },
	};

	SUPPORT_ANSWER_ROWS(*state, rows);
}

/* ---- tunnels ---- */

#define INNER_ASK  "ipv4(src=192.168.0.1,dst=192.168.0.2)/icmp(type=8,id=1,seq=7)/" DATA
#define INNER_GIVE "ipv4(src=192.168.0.2,dst=192.168.0.1)/icmp(type=0,id=1,seq=7)/" DATA
#define VXLAN(vni) "udp(sport=50000,dport=4789)/vxlan(vni=" vni ")/"
#define INSIDE	   "eth(dst=02:00:00:00:00:0b,src=02:00:00:00:00:0a)/"
#define OUTSIDE	   "eth(dst=02:00:00:00:00:0a,src=02:00:00:00:00:0b)/"

static void what_a_tunnel_carries_is_answered_in_the_same_tunnel(void **state)
{
	ROWS = {
		{ ASK ASK4 VXLAN("5") INSIDE INNER_ASK, GIVE GIVE4 VXLAN("5") OUTSIDE INNER_GIVE,
			"reply: echo reply" },
		{ ASK ASK4 VXLAN("5") INSIDE INNER_ASK, GIVE GIVE4 VXLAN("6") OUTSIDE INNER_GIVE,
			"near: it came in tunnel 6, not 5" },
		{ ASK ASK4 VXLAN("5") INSIDE INNER_ASK, GIVE INNER_GIVE, "no answer" },
		{ ASK ASK4 VXLAN("5") INSIDE INNER_ASK,
			GIVE "ipv4(src=10.0.0.2,dst=10.0.0.1,id=0,checksum=0x1234)/" VXLAN("5")
				OUTSIDE INNER_GIVE,
			"near: the checksum is wrong: 0x1234, 0x668d would be right" },
		{ ASK ASK4 "udp(sport=50000,dport=6081)/geneve(vni=5)/" INSIDE INNER_ASK,
			GIVE GIVE4 "udp(sport=50001,dport=6081)/geneve(vni=5)/" OUTSIDE INNER_GIVE,
			"reply: echo reply" },
		{ ASK ASK4 "gre/" INNER_ASK, GIVE GIVE4 "gre/" INNER_GIVE, "reply: echo reply" },
		{ ASK ASK4 "gre(k=1,key=9)/" INNER_ASK, GIVE GIVE4 "gre(k=1,key=8)/" INNER_GIVE,
			"near: it came in tunnel 8, not 9" },
		{ ASK ASK4 INNER_ASK, GIVE GIVE4 INNER_GIVE, "reply: echo reply" },
		{ ASK ASK4 "ipv6(src=fd00::1,dst=fd00::2)/icmpv6(type=128,id=1,seq=2)",
			GIVE GIVE4 "ipv6(src=fd00::2,dst=fd00::1)/icmpv6(type=129,id=1,seq=2)",
			"reply: echo reply" },
		{ ASK "mpls(label=16,s=0)/mpls(label=17)/" INNER_ASK,
			GIVE "mpls(label=99)/" INNER_GIVE, "reply: echo reply" },
		{ ASK "pppoe(session-id=3)/ppp/" INNER_ASK,
			GIVE "pppoe(session-id=3)/ppp/" INNER_GIVE, "reply: echo reply" },
		{ ASK "pppoe(session-id=3)/ppp/" INNER_ASK,
			GIVE "pppoe(session-id=4)/ppp/" INNER_GIVE,
			"near: it came in tunnel 4, not 3" },
	};

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void a_tunnel_to_a_group_is_answered_by_any_of_its_ends(void **state)
{
	ROWS = {
		{ ASK "ipv4(src=10.0.0.1,dst=239.0.0.1)/" VXLAN("5") INSIDE INNER_ASK,
			GIVE GIVE4 VXLAN("5") OUTSIDE INNER_GIVE, "reply: echo reply" },
		{ ASK "ipv4(src=10.0.0.1,dst=10.0.0.3)/" VXLAN("5") INSIDE INNER_ASK,
			GIVE GIVE4 VXLAN("5") OUTSIDE INNER_GIVE,
			"near: a reply came from 10.0.0.2, not 10.0.0.3" },
	};

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void an_error_on_the_way_of_a_tunnel_or_in_it_quotes_what_it_saw(void **state)
{
	ROWS = {
		{ ASK ASK4 VXLAN("5") INSIDE INNER_ASK,
			GIVE ROUTER "icmp(type=11)/" ASK4 VXLAN("5") INSIDE INNER_ASK,
			"error: time exceeded from 10.0.9.9" },
		{ ASK ASK4 VXLAN("5") INSIDE INNER_ASK,
			GIVE GIVE4 VXLAN("5") OUTSIDE "ipv4(src=192.168.9.9,dst=192.168.0.1)/"
						      "icmp(type=11)/" INNER_ASK,
			"error: time exceeded from 192.168.9.9" },
	};
	static const struct told cut[] = {
		{ ASK ASK4 VXLAN("5") INSIDE INNER_ASK, 28, -1, EXCEEDED },
		{ ASK ASK4 VXLAN("5") INSIDE INNER_ASK, 50, -1, EXCEEDED },
		{ ASK ASK4 VXLAN("5") INSIDE INNER_ASK, 80, -1, EXCEEDED },
		{ ASK ASK4 INNER_ASK, 28, -1, EXCEEDED },
		{ ASK ASK4 INNER_ASK, 48, -1, EXCEEDED },
	};

	SUPPORT_ANSWER_ROWS(*state, rows);
	WANT(*state, cut);
}

/* RFC 4884: its length says where the quote ends; what follows looks like a VXLAN header here. */
static void what_follows_a_quote_is_none_of_it(void **state)
{
#define QUOTED(length)                                                         \
	GIVE ROUTER "icmp(type=11,length=" length ")/payload(data="            \
		    "4500007a12340000011100000a0000010a000002c35012b500660000" \
		    "08000000000009000200000000010200000000020800"             \
		    "4500001400000000400100000b0000010b000002)"
	ROWS = {
		{ ASK ASK4 VXLAN("5") INSIDE INNER_ASK, QUOTED("7"),
			"error: time exceeded from 10.0.9.9" },
		{ ASK ASK4 VXLAN("5") INSIDE INNER_ASK, QUOTED("0"), "no answer" },
	};
#undef QUOTED

	SUPPORT_ANSWER_ROWS(*state, rows);
}

/* ---- headers on the way to the transport ---- */

static void extension_headers_and_source_routes_are_passed_over(void **state)
{
	ROWS = {
		{ ASK "ipv6(src=fd00::1,dst=fd00::2)/dstopts/icmpv6(type=128,id=1,seq=2)",
			GIVE GIVE6 "icmpv6(type=129,id=1,seq=2)", "reply: echo reply" },
		{ ASK "ipv6(src=fd00::1,dst=fd00::9)/"
		      "routing(segments-left=1,addresses=[hop(address=fd00::2)])/"
		      "icmpv6(type=128,id=1,seq=2)",
			GIVE GIVE6 "icmpv6(type=129,id=1,seq=2)", "reply: echo reply" },
	};

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void a_source_route_in_ipv4_is_answered_from_its_end(void **state)
{
	ROWS = {
		{ ASK "ipv4(src=10.0.0.1,dst=10.0.0.9,options=[lsrr(addresses=[hop(address=10.0.0."
		      "2)])])/"
		      "icmp(type=8,id=1,seq=7)/" DATA,
			GIVE GIVE4 "icmp(type=0,id=1,seq=7)/" DATA, "reply: echo reply" },
	};

	SUPPORT_ANSWER_ROWS(*state, rows);
}

/* The rest is in other fragments, which nobody puts together here. */
static void the_first_fragment_of_an_answer_is_taken_for_it(void **state)
{
	ROWS = {
		{ ASK ASK4 "icmp(type=8,id=1,seq=7)/" LONG,
			GIVE "ipv4(src=10.0.0.2,dst=10.0.0.1,flags=mf)/"
			     "icmp(type=0,id=1,seq=7,checksum=0x1234)/" DATA,
			"reply: echo reply" },
		{ ASK ASK4 "icmp(type=8,id=1,seq=7)/" LONG,
			GIVE "ipv4(src=10.0.0.2,dst=10.0.0.1,frag-offset=3,protocol=icmp)/"
			     "payload(data=0000123400010007000102030405060708090a0b0c0d0e0f)",
			"no answer" },
		{ ASK ASK6 "icmpv6(type=128,id=1,seq=7)/" LONG,
			GIVE GIVE6
			"fragment(frag-offset=0,more=1)/icmpv6(type=129,id=1,seq=7)/" DATA,
			"reply: echo reply" },
		{ ASK ASK6 "icmpv6(type=128,id=1,seq=7)/" LONG,
			GIVE GIVE6 "fragment(frag-offset=3,next-header=58)/"
				   "payload(data=8100123400010007000102030405060708090a0b0c0d0e0f)",
			"no answer" },
	};

	SUPPORT_ANSWER_ROWS(*state, rows);
}

int main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, support_arena_setup, support_arena_teardown)
	static const struct CMUnitTest tests[] = {
		TEST(an_error_needs_to_quote_no_more_than_8_octets_of_the_transport),
		TEST(an_error_that_quotes_something_else_is_none_or_nearly_one),
		TEST(what_routers_and_translators_change_in_a_quote_does_not_matter),
		TEST(a_quote_with_neither_the_id_nor_the_checksum_of_the_request_is_anothers),
		TEST(the_narrowest_key_of_an_error_holds_the_id_and_the_checksum),
		TEST(a_redirect_or_a_source_quench_is_not_the_end),
		TEST(an_icmpv6_error_quotes_as_well),
		TEST(an_error_in_another_vlan_is_a_near_miss),
		TEST(what_a_tunnel_carries_is_answered_in_the_same_tunnel),
		TEST(a_tunnel_to_a_group_is_answered_by_any_of_its_ends),
		TEST(an_error_on_the_way_of_a_tunnel_or_in_it_quotes_what_it_saw),
		TEST(what_follows_a_quote_is_none_of_it),
		TEST(extension_headers_and_source_routes_are_passed_over),
		TEST(a_source_route_in_ipv4_is_answered_from_its_end),
		TEST(the_first_fragment_of_an_answer_is_taken_for_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
