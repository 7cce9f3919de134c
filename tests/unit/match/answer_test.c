/* answer_check and the keys: what answers a request, and what only nearly does. */
#include "../../support/answer.h"
#include "../../support/arena.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ASK   "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)/"
#define CAST  "eth(dst=ff:ff:ff:ff:ff:ff,src=02:00:00:00:00:01)/"
#define GIVE  "eth(dst=02:00:00:00:00:01,src=02:00:00:00:00:02)/"
#define ASK4  "ipv4(src=10.0.0.1,dst=10.0.0.2)/"
#define GIVE4 "ipv4(src=10.0.0.2,dst=10.0.0.1)/"
#define ASK6  "ipv6(src=fd00::1,dst=fd00::2)/"
#define GIVE6 "ipv6(src=fd00::2,dst=fd00::1)/"
#define DATA  "payload(data=000102030405060708090a0b0c0d0e0f)"
#define ROWS  static const struct support_answer_row rows[]

/* ---- ICMP ---- */

static void an_echo_reply_answers_its_echo_request(void **state)
{
	ROWS = {
		{ ASK ASK4 "icmp(type=8,id=0x1234,seq=7)/" DATA,
			GIVE GIVE4 "icmp(type=0,id=0x1234,seq=7)/" DATA, "reply: echo reply" },
		{ ASK ASK6 "icmpv6(type=128,id=0x1234,seq=7)/" DATA,
			GIVE GIVE6 "icmpv6(type=129,id=0x1234,seq=7)/" DATA, "reply: echo reply" },
		{ ASK ASK4 "icmp(type=8,id=0x1234,seq=7)/" DATA,
			GIVE GIVE4 "icmp(type=8,id=0x1234,seq=7)/" DATA, "no answer" },
	};

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void an_echo_reply_with_another_id_seq_or_payload_is_a_near_miss(void **state)
{
#define REQUEST ASK ASK4 "icmp(type=8,id=0x1234,seq=7)/" DATA
	ROWS = {
		{ REQUEST, GIVE GIVE4 "icmp(type=0,id=0x1235,seq=7)/" DATA,
			"near: the id is 0x1235, not 0x1234" },
		{ REQUEST, GIVE GIVE4 "icmp(type=0,id=0x1234,seq=8)/" DATA,
			"near: the sequence number is 8, not 7" },
		{ REQUEST,
			GIVE GIVE4 "icmp(type=0,id=0x1234,seq=7)/"
				   "payload(data=000102030405060708090a0b990d0e0f)",
			"near: the payload differs at octet 12" },
		{ REQUEST, GIVE GIVE4 "icmp(type=0,id=0x1234,seq=7)/payload(data=000102)",
			"near: 3 octets of payload came back, not 16" },
		{ REQUEST, GIVE GIVE4 "icmp(type=0,id=0x1235,seq=8)/" DATA, "no answer" },
	};
#undef REQUEST

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void a_reply_from_or_to_another_address_is_a_near_miss(void **state)
{
#define REQUEST ASK ASK4 "icmp(type=8,id=0x1234,seq=7)"
#define REPLY	"icmp(type=0,id=0x1234,seq=7)"
	ROWS = {
		{ REQUEST, GIVE "ipv4(src=10.0.0.3,dst=10.0.0.1)/" REPLY,
			"near: a reply came from 10.0.0.3, not 10.0.0.2" },
		{ REQUEST, GIVE "ipv4(src=10.0.0.3,dst=10.0.0.9)/" REPLY, "no answer" },
	};
#undef REQUEST
#undef REPLY

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void a_request_to_many_is_answered_by_any_of_them(void **state)
{
	ROWS = {
		{ CAST "ipv4(src=10.0.0.1,dst=10.0.0.255)/icmp(type=8,id=1,seq=7)",
			GIVE "ipv4(src=10.0.0.7,dst=10.0.0.1)/icmp(type=0,id=1,seq=7)",
			"reply: echo reply" },
		/* to all MACs, but to one address */
		{ CAST ASK4 "icmp(type=8,id=1,seq=7)",
			GIVE "ipv4(src=10.0.0.7,dst=10.0.0.1)/icmp(type=0,id=1,seq=7)",
			"near: a reply came from 10.0.0.7, not 10.0.0.2" },
		{ ASK "ipv4(src=10.0.0.1,dst=224.0.0.1)/icmp(type=8,id=1,seq=7)",
			GIVE "ipv4(src=10.0.0.7,dst=10.0.0.1)/icmp(type=0,id=1,seq=7)",
			"reply: echo reply" },
		{ ASK "ipv6(src=fd00::1,dst=ff02::1)/udp(sport=40000,dport=9)/" DATA,
			GIVE "ipv6(src=fd00::7,dst=fd00::1)/udp(sport=9,dport=40000)/" DATA,
			"reply: datagram" },
	};

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void an_icmp_timestamp_gives_back_the_time_of_the_request(void **state)
{
#define REQUEST ASK ASK4 "icmp(type=13,id=1,seq=7,originate=0x11223344)"
	ROWS = {
		{ REQUEST, GIVE GIVE4 "icmp(type=14,id=1,seq=7,originate=0x11223344,receive=5)",
			"reply: timestamp reply" },
		{ REQUEST, GIVE GIVE4 "icmp(type=14,id=1,seq=7,originate=0x11223345)",
			"near: the time given back is 0x11223345, not 0x11223344" },
		{ REQUEST, GIVE GIVE4 "icmp(type=0,id=1,seq=7)", "no answer" },
	};
#undef REQUEST

	SUPPORT_ANSWER_ROWS(*state, rows);
}

/* ---- checksums ---- */

static void a_wrong_checksum_is_a_near_miss(void **state)
{
	ROWS = {
		{ ASK ASK4 "icmp(type=8,id=0x1234,seq=7)/" DATA,
			GIVE GIVE4 "icmp(type=0,id=0x1234,seq=7,checksum=0x1234)/" DATA,
			"near: the checksum is wrong: 0x1234, 0xb584 would be right" },
		{ ASK ASK4 "udp(sport=40000,dport=7)/payload(data=00)",
			GIVE GIVE4 "udp(sport=7,dport=40000,checksum=0x1234)/payload(data=01)",
			"near: the checksum is wrong: 0x1234, 0x4e92 would be right" },
		{ ASK ASK4 "udp(sport=40000,dport=7)/payload(data=00)",
			GIVE "ipv4(src=10.0.0.2,dst=10.0.0.1,id=0,checksum=0x1234)/"
			     "udp(sport=7,dport=40000)/payload(data=01)",
			"near: the checksum is wrong: 0x1234, 0x66ce would be right" },
	};

	SUPPORT_ANSWER_ROWS(*state, rows);
}

/* tshark says so, and a Linux that gets such a reply counts it in InCsumErrors. */
static void of_zeros_alone_a_checksum_of_zero_is_wrong_and_all_ones_right(void **state)
{
#define REQUEST ASK ASK4 "icmp(type=8,id=0,seq=0)/payload(data=0000)"
#define REPLY	GIVE GIVE4 "icmp(type=0,id=0,seq=0,checksum="
	ROWS = {
		{ REQUEST, REPLY "0)/payload(data=0000)",
			"near: the checksum is wrong: 0x0000, 0xffff would be right" },
		{ REQUEST, REPLY "0x1234)/payload(data=0000)",
			"near: the checksum is wrong: 0x1234, 0xffff would be right" },
		{ REQUEST, REPLY "0xffff)/payload(data=0000)", "reply: echo reply" },
	};
#undef REPLY
#undef REQUEST

	SUPPORT_ANSWER_ROWS(*state, rows);
}

/* Both are zero in ones' complement. */
static void where_the_rest_sums_to_zero_both_zeros_are_right(void **state)
{
#define REQUEST ASK ASK4 "icmp(type=8,id=0xffff,seq=0)/payload(data=0000)"
#define REPLY	GIVE GIVE4 "icmp(type=0,id=0xffff,seq=0,checksum="
	ROWS = {
		{ REQUEST, REPLY "0)/payload(data=0000)", "reply: echo reply" },
		{ REQUEST, REPLY "0xffff)/payload(data=0000)", "reply: echo reply" },
		{ REQUEST, REPLY "1)/payload(data=0000)",
			"near: the checksum is wrong: 0x0001, 0xffff would be right" },
	};
#undef REPLY
#undef REQUEST

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void a_checksum_left_to_the_device_or_left_out_is_right(void **state)
{
#define REQUEST ASK ASK4 "udp(sport=40000,dport=7)/payload(data=00)"
	ROWS = {
		/* 10.0.0.2 + 10.0.0.1 + 17 + 9 */
		{ REQUEST, GIVE GIVE4 "udp(sport=7,dport=40000,checksum=0x141d)/payload(data=01)",
			"reply: datagram" },
		{ REQUEST, GIVE GIVE4 "udp(sport=7,dport=40000,checksum=0)/payload(data=01)",
			"reply: datagram" },
		/* what follows the datagram in its packet is not summed */
		{ REQUEST,
			GIVE GIVE4 "udp(sport=7,dport=40000,length=9,checksum=0x4e92)/"
				   "payload(data=01ffff)",
			"reply: datagram" },
	};
#undef REQUEST

	SUPPORT_ANSWER_ROWS(*state, rows);
}

/* ---- VLAN ---- */

static void an_answer_in_another_vlan_is_a_near_miss_and_priority_does_not_matter(void **state)
{
#define REQUEST ASK "vlan(id=10,pcp=5)/" ASK4 "icmp(type=8,id=1,seq=7)"
#define REPLY	GIVE4 "icmp(type=0,id=1,seq=7)"
	ROWS = {
		{ REQUEST, GIVE "vlan(id=10)/" REPLY, "reply: echo reply" },
		{ REQUEST, GIVE "vlan(id=20)/" REPLY, "near: it came in VLAN 20, not VLAN 10" },
		{ REQUEST, GIVE REPLY, "near: it came in no VLAN, not VLAN 10" },
		{ ASK "vlan(id=0,pcp=5)/" ASK4 "icmp(type=8,id=1,seq=7)", GIVE REPLY,
			"reply: echo reply" },
		{ ASK "svlan(id=3)/vlan(id=10)/" ASK4 "icmp(type=8,id=1,seq=7)",
			GIVE "svlan(id=3)/vlan(id=10)/" REPLY, "reply: echo reply" },
		{ ASK "svlan(id=3)/vlan(id=10)/" ASK4 "icmp(type=8,id=1,seq=7)",
			GIVE "vlan(id=10)/" REPLY, "near: it came in VLAN 10, not VLAN 3.10" },
	};
#undef REQUEST
#undef REPLY

	SUPPORT_ANSWER_ROWS(*state, rows);
}

/* ---- UDP ---- */

static void a_udp_reply_from_another_port_is_a_near_miss(void **state)
{
#define REQUEST ASK ASK4 "udp(sport=40000,dport=53)/payload(data=00)"
	ROWS = {
		{ REQUEST, GIVE GIVE4 "udp(sport=53,dport=40000)/payload(data=01)",
			"reply: datagram" },
		{ REQUEST, GIVE GIVE4 "udp(sport=9999,dport=40000)/payload(data=01)",
			"near: a reply came from port 9999, not 53" },
		{ REQUEST, GIVE GIVE4 "udp(sport=53,dport=40001)/payload(data=01)", "no answer" },
	};
#undef REQUEST

	SUPPORT_ANSWER_ROWS(*state, rows);
}

/* ---- ARP and ND ---- */

static void an_arp_reply_answers_who_has(void **state)
{
#define REQUEST		   CAST "arp(op=request,sha=02:00:00:00:00:01,spa=10.0.0.1,tpa=10.0.0.2)"
#define FROM(op, spa, tpa) GIVE "arp(op=" op ",sha=02:00:00:00:00:02,spa=" spa ",tpa=" tpa ")"
	ROWS = {
		{ REQUEST, FROM("reply", "10.0.0.2", "10.0.0.1"), "reply: ARP reply" },
		{ REQUEST, FROM("request", "10.0.0.2", "10.0.0.1"), "no answer" },
		{ REQUEST, FROM("reply", "10.0.0.3", "10.0.0.1"),
			"near: a reply came from 10.0.0.3, not 10.0.0.2" },
		/* a probe: whatever comes of the address says that it is taken */
		{ CAST "arp(op=request,sha=02:00:00:00:00:01,spa=0.0.0.0,tpa=10.0.0.2)",
			FROM("reply", "10.0.0.2", "0.0.0.0"), "reply: ARP reply" },
		{ CAST "arp(op=request,sha=02:00:00:00:00:01,spa=0.0.0.0,tpa=10.0.0.2)",
			FROM("request", "10.0.0.2", "10.0.0.9"),
			"reply: ARP request of its owner" },
		/* an announcement: only somebody else with the address answers */
		{ CAST "arp(op=request,sha=02:00:00:00:00:01,spa=10.0.0.1,tpa=10.0.0.1)",
			FROM("reply", "10.0.0.1", "10.0.0.1"), "reply: ARP reply" },
	};
#undef REQUEST
#undef FROM

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void a_neighbour_or_router_advertisement_answers_its_solicitation(void **state)
{
#define REQUEST                                             \
	"eth(dst=33:33:ff:00:00:02,src=02:00:00:00:00:01)/" \
	"ipv6(src=fd00::1,dst=ff02::1:ff00:2)/icmpv6(type=135,target=fd00::2)"
	ROWS = {
		{ REQUEST, GIVE GIVE6 "icmpv6(type=136,target=fd00::2)",
			"reply: neighbour advertisement" },
		{ REQUEST, GIVE GIVE6 "icmpv6(type=136,target=fd00::3)",
			"near: a reply speaks of fd00::3, not fd00::2" },
		/* who has no address yet hears it with all others */
		{ ASK "ipv6(src=::,dst=ff02::1:ff00:2)/icmpv6(type=135,target=fd00::2)",
			GIVE "ipv6(src=fd00::2,dst=ff02::1)/icmpv6(type=136,target=fd00::2)",
			"reply: neighbour advertisement" },
		{ ASK "ipv6(src=fe80::1,dst=ff02::2)/icmpv6(type=133)",
			GIVE "ipv6(src=fe80::9,dst=ff02::1)/icmpv6(type=134)",
			"reply: router advertisement" },
	};
#undef REQUEST

	SUPPORT_ANSWER_ROWS(*state, rows);
}

/* ---- TCP ---- */

#define TCP(sport, dport, more) "tcp(sport=" sport ",dport=" dport "," more ")"
#define BACK(more)		GIVE GIVE4 TCP("80", "40000", more)

static void a_syn_is_answered_by_syn_ack_or_rst_with_the_right_ack(void **state)
{
#define REQUEST ASK ASK4 TCP("40000", "80", "seq=1000,flags=syn")
	ROWS = {
		{ REQUEST, BACK("ack=1001,flags=syn|ack"), "reply: SYN-ACK" },
		{ REQUEST, BACK("ack=1001,flags=rst|ack"), "reply: RST" },
		{ REQUEST, BACK("ack=1000,flags=syn|ack"), "near: ack is 1 short" },
		{ REQUEST, BACK("ack=1003,flags=syn|ack"), "near: ack is 2 beyond what was sent" },
		{ REQUEST, BACK("flags=rst"), "near: a segment came that acknowledges nothing" },
		{ REQUEST, BACK("ack=1001,flags=ack"),
			"near: an ACK came, neither SYN nor RST: that connection is open already" },
		{ REQUEST, GIVE GIVE4 TCP("81", "40000", "ack=1001,flags=syn|ack"),
			"near: a reply came from port 81, not 80" },
		/* at the end of the numbers */
		{ ASK ASK4 TCP("40000", "80", "seq=0xffffffff,flags=syn"),
			BACK("ack=0,flags=syn|ack"), "reply: SYN-ACK" },
	};
#undef REQUEST

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void data_is_answered_by_an_ack_within_what_was_sent(void **state)
{
#define REQUEST ASK ASK4 TCP("40000", "80", "seq=1000,ack=77,flags=ack|psh") "/" DATA
	ROWS = {
		{ REQUEST, BACK("ack=1016,flags=ack"), "reply: ACK" },
		{ REQUEST, BACK("ack=1001,flags=ack"), "reply: ACK" },
		{ REQUEST, BACK("ack=1000,flags=ack"), "near: ack is 1 short" },
		{ REQUEST, BACK("ack=1017,flags=ack"), "near: ack is 1 beyond what was sent" },
		{ REQUEST, BACK("seq=77,flags=rst"), "reply: RST" },
		{ REQUEST, BACK("seq=78,flags=rst"),
			"near: the RST's seq is 78, not 77, the ack that was sent" },
		{ REQUEST, BACK("ack=1000,flags=rst|ack"), "reply: RST" },
		/* nothing but an ACK: a closed port's RST, a keep-alive's answer */
		{ ASK ASK4 TCP("40000", "80", "seq=1000,ack=77,flags=ack"),
			BACK("seq=77,flags=rst"), "reply: RST" },
		{ ASK ASK4 TCP("40000", "80", "seq=999,ack=77,flags=ack"),
			BACK("seq=77,ack=1000,flags=ack"), "reply: ACK" },
	};
#undef REQUEST

	SUPPORT_ANSWER_ROWS(*state, rows);
}

/* ---- other protocols ---- */

static void a_packet_of_another_protocol_is_answered_by_one_of_it(void **state)
{
	ROWS = {
		{ ASK "ipv4(src=10.0.0.1,dst=10.0.0.2,protocol=253)/" DATA,
			GIVE "ipv4(src=10.0.0.2,dst=10.0.0.1,protocol=253)/" DATA,
			"reply: packet" },
		{ ASK "ipv4(src=10.0.0.1,dst=10.0.0.2,protocol=253)/" DATA,
			GIVE "ipv4(src=10.0.0.2,dst=10.0.0.1,protocol=254)/" DATA, "no answer" },
		{ "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01,type=0x88b5)/" DATA,
			"eth(dst=02:00:00:00:00:01,src=02:00:00:00:00:02,type=0x88b5)/" DATA,
			"reply: frame" },
		{ "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01,type=0x88b5)/" DATA,
			"eth(dst=02:00:00:00:00:01,src=02:00:00:00:00:02,type=0x88b6)/" DATA,
			"no answer" },
		{ "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01,type=0x88b5)/" DATA,
			"eth(dst=02:00:00:00:00:01,src=02:00:00:00:00:03,type=0x88b5)/" DATA,
			"near: a reply came from 02:00:00:00:00:03, not 02:00:00:00:00:02" },
	};

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void frames_too_short_to_be_anything_have_no_keys(void **state)
{
	static const uint8_t octets[14] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0 };
	struct answer_frame frame;
	struct answer_keys keys;

	(void)state;
	for (size_t length = 0; length <= sizeof(octets); length++) {
		answer_read(octets, length, &frame);
		answer_keys_asked(&frame, &keys);
		assert_int_equal(keys.answers + keys.nears, 0);
		answer_keys_got(&frame, &keys);
		answer_keys_missed(&frame, &keys);
		assert_int_equal(keys.answers + keys.nears, 0);
	}
}

int main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, support_arena_setup, support_arena_teardown)
	static const struct CMUnitTest tests[] = {
		TEST(an_echo_reply_answers_its_echo_request),
		TEST(an_echo_reply_with_another_id_seq_or_payload_is_a_near_miss),
		TEST(a_reply_from_or_to_another_address_is_a_near_miss),
		TEST(a_request_to_many_is_answered_by_any_of_them),
		TEST(an_icmp_timestamp_gives_back_the_time_of_the_request),
		TEST(a_wrong_checksum_is_a_near_miss),
		TEST(of_zeros_alone_a_checksum_of_zero_is_wrong_and_all_ones_right),
		TEST(where_the_rest_sums_to_zero_both_zeros_are_right),
		TEST(a_checksum_left_to_the_device_or_left_out_is_right),
		TEST(an_answer_in_another_vlan_is_a_near_miss_and_priority_does_not_matter),
		TEST(a_udp_reply_from_another_port_is_a_near_miss),
		TEST(an_arp_reply_answers_who_has),
		TEST(a_neighbour_or_router_advertisement_answers_its_solicitation),
		TEST(a_syn_is_answered_by_syn_ack_or_rst_with_the_right_ack),
		TEST(data_is_answered_by_an_ack_within_what_was_sent),
		TEST(a_packet_of_another_protocol_is_answered_by_one_of_it),
		TEST(frames_too_short_to_be_anything_have_no_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
