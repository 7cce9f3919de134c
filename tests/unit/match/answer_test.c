/* answer_check and the keys: what answers what, and what only nearly does. */
#include "../../support/arena.h"
#include "../../support/spec_text.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "match/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ASK    "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)/"
#define CAST   "eth(dst=ff:ff:ff:ff:ff:ff,src=02:00:00:00:00:01)/"
#define GIVE   "eth(dst=02:00:00:00:00:01,src=02:00:00:00:00:02)/"
#define ASK4   "ipv4(src=10.0.0.1,dst=10.0.0.2)/"
#define GIVE4  "ipv4(src=10.0.0.2,dst=10.0.0.1)/"
#define ASK6   "ipv6(src=fd00::1,dst=fd00::2)/"
#define GIVE6  "ipv6(src=fd00::2,dst=fd00::1)/"
#define ROUTER "ipv4(src=10.0.9.9,dst=10.0.0.1)/"
#define DATA   "payload(data=000102030405060708090a0b0c0d0e0f)"

static bool share(const uint64_t *a, unsigned int a_count, const uint64_t *b, unsigned int b_count)
{
	for (unsigned int i = 0; i < a_count; i++)
		for (unsigned int j = 0; j < b_count; j++)
			if (a[i] == b[j])
				return true;
	return false;
}

static void read_text(struct arena *arena, const char *text, struct answer_frame *ret)
{
	struct frame_view view;

	support_build(arena, text, SPEC_PAD_AUTO, &view);
	answer_read(view.octets, view.length, ret);
}

/* "reply: WORDS", "error: ...", "near: ..." or "none"; what a table that goes by the keys could not
 * find ends the test. */
static const char *verdict_of(
	const struct answer_frame *request, const struct answer_frame *received)
{
	static char text[200];
	struct buffer words = { 0 };
	struct answer_keys asked;
	struct answer_keys got;
	struct answer_verdict verdict;
	bool found;

	answer_keys_asked(request, &asked);
	answer_keys_got(received, &got);
	answer_check(request, received, &verdict);
	answer_tell(&verdict, &words);
	found = share(asked.answer, asked.answers, got.answer, got.answers);
	snprintf(text, sizeof(text), "%s%s",
		verdict.kind == ANSWER_REPLY   ? "reply: "
		: verdict.kind == ANSWER_ERROR ? "error: "
		: verdict.kind == ANSWER_NEAR  ? "near: "
					       : "",
		buffer_text(&words));
	buffer_fini(&words);
	if (verdict.kind == ANSWER_REPLY || verdict.kind == ANSWER_ERROR)
		assert_true(found);
	if (verdict.kind == ANSWER_NEAR)
		assert_true(found || share(asked.near, asked.nears, got.near, got.nears));
	return text;
}

static const char *verdict(void **state, const char *request, const char *received)
{
	struct answer_frame asked;
	struct answer_frame got;

	read_text(*state, request, &asked);
	read_text(*state, received, &got);
	return verdict_of(&asked, &got);
}

/* ---- ICMP ---- */

static void an_echo_reply_answers_its_echo_request(void **state)
{
	assert_string_equal(verdict(state, ASK ASK4 "icmp(type=8,id=0x1234,seq=7)/" DATA,
				    GIVE GIVE4 "icmp(type=0,id=0x1234,seq=7)/" DATA),
		"reply: echo reply");
	assert_string_equal(verdict(state, ASK ASK6 "icmpv6(type=128,id=0x1234,seq=7)/" DATA,
				    GIVE GIVE6 "icmpv6(type=129,id=0x1234,seq=7)/" DATA),
		"reply: echo reply");
}

static void an_echo_reply_with_another_id_or_payload_is_a_near_miss(void **state)
{
	const char *request = ASK ASK4 "icmp(type=8,id=0x1234,seq=7)/" DATA;

	assert_string_equal(
		verdict(state, request, GIVE GIVE4 "icmp(type=0,id=0x1235,seq=7)/" DATA),
		"near: the id is 0x1235, not 0x1234");
	assert_string_equal(
		verdict(state, request, GIVE GIVE4 "icmp(type=0,id=0x1234,seq=8)/" DATA),
		"near: the sequence number is 8, not 7");
	assert_string_equal(verdict(state, request,
				    GIVE GIVE4 "icmp(type=0,id=0x1234,seq=7)/"
					       "payload(data=000102030405060708090a0b990d0e0f)"),
		"near: the payload differs at octet 12");
	assert_string_equal(verdict(state, request,
				    GIVE GIVE4 "icmp(type=0,id=0x1234,seq=7)/payload(data=000102)"),
		"near: 3 octets of payload came back, not 16");
	assert_string_equal(
		verdict(state, request, GIVE GIVE4 "icmp(type=0,id=0x1235,seq=8)/" DATA),
		"no answer");
}

static void an_echo_reply_from_another_address_is_a_near_miss(void **state)
{
	assert_string_equal(verdict(state, ASK ASK4 "icmp(type=8,id=0x1234,seq=7)/" DATA,
				    GIVE "ipv4(src=10.0.0.3,dst=10.0.0.1)/"
					 "icmp(type=0,id=0x1234,seq=7)/" DATA),
		"near: a reply came from 10.0.0.3, not 10.0.0.2");
}

static void a_wrong_checksum_is_a_near_miss(void **state)
{
	assert_string_equal(
		verdict(state, ASK ASK4 "icmp(type=8,id=0x1234,seq=7)/" DATA,
			GIVE GIVE4 "icmp(type=0,id=0x1234,seq=7,checksum=0x1234)/" DATA),
		"near: the checksum is wrong: 0x1234, 0xb584 would be right");
}

/* ---- VLAN ---- */

static void an_answer_in_another_vlan_is_a_near_miss_and_priority_does_not_matter(void **state)
{
	const char *request = ASK "vlan(id=10,pcp=5)/" ASK4 "icmp(type=8,id=1,seq=7)";

	assert_string_equal(
		verdict(state, request, GIVE "vlan(id=10)/" GIVE4 "icmp(type=0,id=1,seq=7)"),
		"reply: echo reply");
	assert_string_equal(
		verdict(state, request, GIVE "vlan(id=20)/" GIVE4 "icmp(type=0,id=1,seq=7)"),
		"near: it came in VLAN 20, not 10");
	assert_string_equal(verdict(state, ASK "vlan(id=0,pcp=5)/" ASK4 "icmp(type=8,id=1,seq=7)",
				    GIVE GIVE4 "icmp(type=0,id=1,seq=7)"),
		"reply: echo reply");
}

/* ---- UDP ---- */

static void a_udp_reply_from_another_port_is_a_near_miss(void **state)
{
	const char *request = ASK ASK4 "udp(sport=40000,dport=53)/payload(data=00)";

	assert_string_equal(
		verdict(state, request, GIVE GIVE4 "udp(sport=53,dport=40000)/payload(data=01)"),
		"reply: datagram");
	assert_string_equal(
		verdict(state, request, GIVE GIVE4 "udp(sport=9999,dport=40000)/payload(data=01)"),
		"near: a reply came from port 9999, not 53");
	assert_string_equal(
		verdict(state, request, GIVE GIVE4 "udp(sport=53,dport=40001)/payload(data=01)"),
		"no answer");
}

static void a_udp_checksum_left_to_the_device_or_left_out_is_right(void **state)
{
	const char *request = ASK ASK4 "udp(sport=40000,dport=7)/payload(data=00)";

	/* 10.0.0.2 + 10.0.0.1 + 17 + 9 */
	assert_string_equal(verdict(state, request,
				    GIVE GIVE4 "udp(sport=7,dport=40000,checksum=0x141d)/"
					       "payload(data=01)"),
		"reply: datagram");
	assert_string_equal(verdict(state, request,
				    GIVE GIVE4 "udp(sport=7,dport=40000,checksum=0)/"
					       "payload(data=01)"),
		"reply: datagram");
	assert_string_equal(verdict(state, request,
				    GIVE GIVE4 "udp(sport=7,dport=40000,checksum=0x1234)/"
					       "payload(data=01)"),
		"near: the checksum is wrong: 0x1234, 0x4e92 would be right");
}

/* ---- ARP and ND ---- */

static void an_arp_reply_answers_who_has(void **state)
{
	const char *request =
		CAST "arp(op=request,sha=02:00:00:00:00:01,spa=10.0.0.1,tpa=10.0.0.2)";

	assert_string_equal(verdict(state, request,
				    GIVE "arp(op=reply,sha=02:00:00:00:00:02,spa=10.0.0.2,"
					 "tha=02:00:00:00:00:01,tpa=10.0.0.1)"),
		"reply: ARP reply");
	assert_string_equal(verdict(state, request,
				    GIVE "arp(op=request,sha=02:00:00:00:00:02,spa=10.0.0.2,"
					 "tha=02:00:00:00:00:01,tpa=10.0.0.1)"),
		"no answer");
}

/* ---- TCP ---- */

static void a_syn_is_answered_by_syn_ack_or_rst_with_the_right_ack(void **state)
{
	const char *request = ASK ASK4 "tcp(sport=40000,dport=80,seq=1000,flags=syn)";

	assert_string_equal(verdict(state, request,
				    GIVE GIVE4 "tcp(sport=80,dport=40000,ack=1001,flags=syn|ack)"),
		"reply: SYN-ACK");
	assert_string_equal(verdict(state, request,
				    GIVE GIVE4 "tcp(sport=80,dport=40000,ack=1001,flags=rst|ack)"),
		"reply: RST");
	assert_string_equal(verdict(state, request,
				    GIVE GIVE4 "tcp(sport=80,dport=40000,ack=1000,flags=syn|ack)"),
		"near: ack is 1 short");
	assert_string_equal(verdict(state, request,
				    GIVE GIVE4 "tcp(sport=80,dport=40000,ack=1003,flags=syn|ack)"),
		"near: ack is 2 beyond what was sent");
}

/* ---- errors ---- */

static void an_icmp_error_that_quotes_the_request_is_its_error(void **state)
{
	assert_string_equal(
		verdict(state, ASK ASK4 "udp(sport=40000,dport=33434)/" DATA,
			GIVE ROUTER "icmp(type=11)/ipv4(src=10.0.0.1,dst=10.0.0.2,ttl=1)/"
				    "udp(sport=40000,dport=33434)/" DATA),
		"error: time exceeded from 10.0.9.9");
}

int main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, support_arena_setup, support_arena_teardown)
	static const struct CMUnitTest tests[] = {
		TEST(an_echo_reply_answers_its_echo_request),
		TEST(an_echo_reply_with_another_id_or_payload_is_a_near_miss),
		TEST(an_echo_reply_from_another_address_is_a_near_miss),
		TEST(a_wrong_checksum_is_a_near_miss),
		TEST(an_answer_in_another_vlan_is_a_near_miss_and_priority_does_not_matter),
		TEST(a_udp_reply_from_another_port_is_a_near_miss),
		TEST(a_udp_checksum_left_to_the_device_or_left_out_is_right),
		TEST(an_arp_reply_answers_who_has),
		TEST(a_syn_is_answered_by_syn_ack_or_rst_with_the_right_ack),
		TEST(an_icmp_error_that_quotes_the_request_is_its_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
