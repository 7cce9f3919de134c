/* answer_check and the keys: protocols whose answers give back a number, a name or a tag. */
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
#define ROWS  static const struct support_answer_row rows[]

#define UDP(sport, dport) "udp(sport=" sport ",dport=" dport ")/"
#define HEX(data)	  "payload(data=" data ")"

/* To port, and back from it. */
#define TO(port)   ASK ASK4 UDP("40000", port)
#define FROM(port) GIVE GIVE4 UDP(port, "40000")

static void dns_answers_have_the_id_and_the_question(void **state)
{
#define DNS(more, name) "dns(" more ",questions=[question(name=" name ")])"
#define QUERY		TO("53") DNS("id=0x1234", "www.example.org")
	ROWS = {
		{ QUERY, FROM("53") DNS("id=0x1234,qr=1", "www.example.org"),
			"reply: DNS response" },
		{ QUERY, FROM("53") DNS("id=0x1234,qr=1", "WWW.Example.ORG"),
			"reply: DNS response" },
		{ QUERY, FROM("53") DNS("id=0x1235,qr=1", "www.example.org"),
			"near: the id is 0x1235, not 0x1234" },
		{ QUERY, FROM("53") DNS("id=0x1234,qr=1", "ftp.example.org"),
			"near: a reply answers another question" },
		{ QUERY, FROM("53") DNS("id=0x1234,qr=0", "www.example.org"), "no answer" },
		/* a server that could not read the question leaves it out */
		{ QUERY, FROM("53") "dns(id=0x1234,qr=1,rcode=1)", "reply: DNS response" },
		{ QUERY, FROM("9999") DNS("id=0x1234,qr=1", "www.example.org"),
			"near: a reply came from port 9999, not 53" },
		/* LLMNR: anybody answers */
		{ ASK "ipv4(src=10.0.0.1,dst=224.0.0.252)/" UDP("40000", "5355")
				DNS("id=0x1234", "host"),
			FROM("5355") DNS("id=0x1234,qr=1", "host"), "reply: LLMNR response" },
	};
#undef QUERY
#undef DNS

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void mdns_answers_are_known_by_the_name_they_speak_of(void **state)
{
/* One question for a.local of type A, and one answer. */
#define NAME(letter)   "01" letter "056c6f63616c00"
#define GROUP	       "ipv4(src=10.0.0.1,dst=224.0.0.251)/" UDP("5353", "5353")
#define OTHERS	       "ipv4(src=10.0.0.2,dst=224.0.0.251)/" UDP("5353", "5353")
#define ANSWER(letter) HEX("000084000000000100000000" NAME(letter) "00018001000000780004c0000207")
	ROWS = {
		{ ASK GROUP HEX("000000000001000000000000" NAME("61") "00010001"),
			ASK OTHERS ANSWER("61"), "reply: mDNS response" },
		{ ASK GROUP HEX("000000000001000000000000" NAME("61") "00010001"),
			ASK OTHERS ANSWER("41"), "reply: mDNS response" },
		{ ASK GROUP HEX("000000000001000000000000" NAME("61") "00010001"),
			ASK OTHERS ANSWER("62"), "near: a reply answers another question" },
		/* the second record's name is a pointer to the first one's */
		{ ASK GROUP HEX("000000000001000000000000" NAME("62") "00010001"),
			ASK OTHERS HEX("000084000000000200000000" NAME(
				"61") "0001800100000078"
				      "0004c0000207"
				      "0162c00e"
				      "00018001000000780004c0000208"),
			"reply: mDNS response" },
		{ ASK GROUP HEX("000000000001000000000000" NAME("61") "00010001"),
			ASK OTHERS HEX("000084000000000100000000c00c00018001000000780004c0000207"),
			"no answer" },
	};
#undef ANSWER
#undef OTHERS
#undef GROUP
#undef NAME

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void dhcp_answers_go_by_the_transaction_and_the_client(void **state)
{
#define CLIENT	   "ipv4(src=0.0.0.0,dst=255.255.255.255)/" UDP("68", "67")
#define SERVER	   "ipv4(src=10.0.0.2,dst=255.255.255.255)/" UDP("67", "68")
#define DHCP(more) "dhcp(" more ")"
#define REQUEST	   CAST CLIENT DHCP("xid=0x12345678,chaddr=02:00:00:00:00:01")
	ROWS = {
		{ REQUEST, CAST SERVER DHCP("op=reply,xid=0x12345678,chaddr=02:00:00:00:00:01"),
			"reply: DHCP reply" },
		{ REQUEST,
			GIVE "ipv4(src=10.0.0.2,dst=10.0.0.77)/" UDP("67", "68")
				DHCP("op=reply,xid=0x12345678,chaddr=02:00:00:00:00:01"),
			"reply: DHCP reply" },
		{ REQUEST, CAST SERVER DHCP("op=reply,xid=0x12345679,chaddr=02:00:00:00:00:01"),
			"near: the id is 0x12345679, not 0x12345678" },
		{ REQUEST, CAST SERVER DHCP("op=reply,xid=0x12345678,chaddr=02:00:00:00:00:09"),
			"near: a reply is to another client" },
		{ REQUEST, REQUEST, "no answer" },
		{ REQUEST,
			CAST "ipv4(src=10.0.0.2,dst=255.255.255.255)/" UDP("6767", "68")
				DHCP("op=reply,xid=0x12345678,chaddr=02:00:00:00:00:01"),
			"near: a reply came from port 6767, not 67" },
	};
#undef REQUEST
#undef DHCP
#undef SERVER
#undef CLIENT

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void dhcpv6_answers_come_from_any_server(void **state)
{
	ROWS = {
		{ ASK "ipv6(src=fe80::1,dst=ff02::1:2)/" UDP("546", "547") "dhcpv6(xid=0x123456)",
			GIVE "ipv6(src=fe80::9,dst=fe80::1)/" UDP(
				"547", "546") "dhcpv6(type=advertise,xid=0x123456)",
			"reply: DHCPv6 reply" },
		{ ASK "ipv6(src=fe80::1,dst=ff02::1:2)/" UDP("546", "547") "dhcpv6(xid=0x123456)",
			GIVE "ipv6(src=fe80::9,dst=fe80::1)/" UDP(
				"547", "546") "dhcpv6(type=advertise,xid=0x123457)",
			"near: the id is 0x123457, not 0x123456" },
	};

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void ntp_answers_give_back_the_time_of_the_request(void **state)
{
#define REQUEST TO("123") "ntp(transmit-time=0x1122334455667788)"
	ROWS = {
		{ REQUEST, FROM("123") "ntp(mode=server,origin-time=0x1122334455667788)",
			"reply: NTP response" },
		{ REQUEST, FROM("123") "ntp(mode=server,origin-time=0x1122334455667789)",
			"near: the time given back is 0x1122334455667789, not "
			"0x1122334455667788" },
		{ REQUEST, FROM("123") "ntp(mode=client,origin-time=0x1122334455667788)",
			"no answer" },
	};
#undef REQUEST

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void numbers_of_radius_snmp_nbns_and_gtp_come_back(void **state)
{
/* Version 2c, community "public". */
#define SNMP(pdu, id) HEX("301902010104067075626c6963" pdu "0c0202" id "0201000201003000")
	ROWS = {
		{ TO("1812") "radius(id=7)", FROM("1812") "radius(code=access-accept,id=7)",
			"reply: RADIUS response" },
		{ TO("1812") "radius(id=7)", FROM("1812") "radius(code=access-reject,id=8)",
			"near: the id is 0x08, not 0x07" },
		{ TO("161") SNMP("a0", "1234"), FROM("161") SNMP("a2", "1234"),
			"reply: SNMP response" },
		{ TO("161") SNMP("a0", "1234"), FROM("161") SNMP("a2", "1235"),
			"near: the id is 4661, not 4660" },
		{ TO("161") SNMP("a0", "1234"), FROM("161") SNMP("a0", "1234"), "no answer" },
		{ CAST "ipv4(src=10.0.0.1,dst=10.0.0.255)/" UDP("137", "137") "nbns(id=7)",
			GIVE GIVE4 UDP("137", "137") "nbns(id=7,response=1)",
			"reply: NBNS response" },
		{ TO("2152") HEX("320100040000000000070000"),
			FROM("2152") HEX("320200040000000000070000"), "reply: GTP echo response" },
		{ TO("2152") HEX("320100040000000000070000"),
			FROM("2152") HEX("320200040000000000080000"),
			"near: the sequence number is 8, not 7" },
	};
#undef SNMP

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void tftp_answers_come_from_a_port_of_their_own(void **state)
{
#define READ           \
	TO("69")       \
	HEX("00016100" \
	    "6f6374657400")
#define WRITE          \
	TO("69")       \
	HEX("00026100" \
	    "6f6374657400")
	ROWS = {
		{ READ, FROM("50000") HEX("0003000141"), "reply: TFTP reply" },
		{ READ, FROM("50000") HEX("0005000100"), "reply: TFTP reply" },
		{ READ, FROM("50000") HEX("0006626c6b73697a6500"), "reply: TFTP reply" },
		{ READ, FROM("50000") HEX("00040000"), "near: the type is 4, not 3" },
		{ WRITE, FROM("50000") HEX("00040000"), "reply: TFTP reply" },
		{ READ, FROM("50000") HEX("41"), "no answer" },
		{ READ, FROM("50000") HEX("0003000241"), "no answer" },
		{ READ, GIVE GIVE4 UDP("50000", "40001") HEX("0003000141"), "no answer" },
	};
#undef READ
#undef WRITE

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void ssdp_answers_come_from_anybody_and_any_port(void **state)
{
	ROWS = {
		{ ASK "ipv4(src=10.0.0.1,dst=239.255.255.250)/" UDP("40000", "1900")
				HEX("4d2d534541524348202a20485454502f312e310d0a"),
			GIVE "ipv4(src=10.0.0.9,dst=10.0.0.1)/" UDP("51000", "40000")
				HEX("485454502f312e3120323030204f4b0d0a"),
			"reply: SSDP response" },
		{ ASK "ipv4(src=10.0.0.1,dst=239.255.255.250)/" UDP("40000", "1900")
				HEX("4d2d534541524348202a20485454502f312e310d0a"),
			GIVE "ipv4(src=10.0.0.9,dst=10.0.0.1)/" UDP("51000", "40000")
				HEX("485454502f312e3120343034204e6f0d0a"),
			"no answer" },
	};

	SUPPORT_ANSWER_ROWS(*state, rows);
}

/* ---- right above Ethernet ---- */

static void ppp_and_its_discovery_give_back_an_identifier_or_a_tag(void **state)
{
#define ETHER(dst, src, type) "eth(dst=" dst ",src=" src ",type=" type ")/"
#define UP(type)	      ETHER("02:00:00:00:00:02", "02:00:00:00:00:01", type)
#define ALL(type)	      ETHER("ff:ff:ff:ff:ff:ff", "02:00:00:00:00:01", type)
#define DOWN(type)	      ETHER("02:00:00:00:00:01", "02:00:00:00:00:02", type)
	ROWS = {
		/* PADI and PADO with a Host-Uniq */
		{ ALL("0x8863") HEX("11090000000a"
				    "01010000"
				    "01030002abcd"),
			DOWN("0x8863") HEX("11070000000e"
					   "010200044f6e6521"
					   "01030002abcd"),
			"reply: PPPoE reply" },
		{ ALL("0x8863") HEX("11090000000a"
				    "01010000"
				    "01030002abcd"),
			DOWN("0x8863") HEX("11070000000e"
					   "010200044f6e6521"
					   "01030002abce"),
			"near: a reply is to another client" },
		{ ALL("0x8863") HEX("11090000000a"
				    "01010000"
				    "01030002abcd"),
			DOWN("0x8863") HEX("11650000000e"
					   "010200044f6e6521"
					   "01030002abcd"),
			"no answer" },
		/* LCP: echo request and reply in session 1 */
		{ UP("0x8864") HEX("11000001000a"
				   "c021"
				   "0905000800000000"),
			DOWN("0x8864") HEX("11000001000a"
					   "c021"
					   "0a05000800000000"),
			"reply: PPP reply" },
		{ UP("0x8864") HEX("11000001000a"
				   "c021"
				   "0905000800000000"),
			DOWN("0x8864") HEX("11000001000a"
					   "c021"
					   "0a06000800000000"),
			"near: the id is 6, not 5" },
		{ UP("0x8864") HEX("11000001000a"
				   "c021"
				   "0905000800000000"),
			DOWN("0x8864") HEX("11000002000a"
					   "c021"
					   "0a05000800000000"),
			"no answer" },
		{ UP("0x8864") HEX("11000001000a"
				   "c021"
				   "0105000800000000"),
			DOWN("0x8864") HEX("11000001000a"
					   "c021"
					   "0205000800000000"),
			"reply: PPP reply" },
	};

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void loopback_test_and_time_of_a_link_are_answered(void **state)
{
/* A delay request of 02:00:00:ff:fe:00:00:01, port 1, sequence 7; and the response to it. */
#define PTP_TIME "00000000000000000000"
#define PTP_WHO	 "020000fffe0000010001"
#define PTP_ASK	 HEX("0102002c00000000000000000000000000000000" PTP_WHO "00070100" PTP_TIME)
#define PTP_GIVE(seq, who)                             \
	HEX("0902003600000000000000000000000000000000" \
	    "020000fffe0000020001" seq "0300" PTP_TIME who)
	ROWS = {
		/* CFM loopback */
		{ UP("0x8902") HEX("0003000400001234"
				   "00"),
			DOWN("0x8902") HEX("0002000400001234"
					   "00"),
			"reply: CFM reply" },
		{ UP("0x8902") HEX("0003000400001234"
				   "00"),
			DOWN("0x8902") HEX("0002000400001235"
					   "00"),
			"near: the id is 0x00001235, not 0x00001234" },
		/* an LLC test command to SAP 0 from SAP 4, and the response */
		{ ASK "llc(dsap=0,ssap=4,control=test-poll)/" HEX("0102"),
			GIVE "llc(dsap=4,ssap=1,control=test-poll)/" HEX("0102"), "reply: frame" },
		{ ASK "llc(dsap=0,ssap=4,control=test-poll)/" HEX("0102"),
			GIVE "llc(dsap=6,ssap=1,control=test-poll)/" HEX("0102"), "no answer" },
		{ UP("0x88f7") PTP_ASK, DOWN("0x88f7") PTP_GIVE("0007", PTP_WHO),
			"reply: PTP response" },
		{ UP("0x88f7") PTP_ASK, DOWN("0x88f7") PTP_GIVE("0008", PTP_WHO),
			"near: the sequence number is 8, not 7" },
		{ UP("0x88f7") PTP_ASK, DOWN("0x88f7") PTP_GIVE("0007", "020000fffe0000030001"),
			"near: a reply is to another client" },
		{ ASK "ipv4(src=10.0.0.1,dst=224.0.1.129)/" UDP("319", "319") PTP_ASK,
			GIVE "ipv4(src=10.0.0.9,dst=224.0.1.129)/" UDP("320", "320")
				PTP_GIVE("0007", PTP_WHO),
			"reply: PTP response" },
		/* RARP: who asks for the address of a MAC is told by a server */
		{ ALL("0x8035") HEX("00010800060400030200000000010000000002000000000100000000"),
			DOWN("0x8035") HEX("00010800060400040200000000020a000002"
					   "0200000000010a000001"),
			"reply: RARP reply" },
	};

	SUPPORT_ANSWER_ROWS(*state, rows);
}

/* ---- SCTP, groups ---- */

static void an_sctp_chunk_is_answered_by_its_counterpart_under_the_right_tag(void **state)
{
#define SCTP_TO(more)	ASK ASK4 "sctp(sport=40000,dport=80," more ")"
#define SCTP_FROM(more) GIVE GIVE4 "sctp(sport=80,dport=40000," more ")"
	ROWS = {
		{ SCTP_TO("chunks=[init(tag=5)]"), SCTP_FROM("tag=5,chunks=[init-ack(tag=9)]"),
			"reply: INIT-ACK" },
		{ SCTP_TO("chunks=[init(tag=5)]"), SCTP_FROM("tag=5,chunks=[abort]"),
			"reply: ABORT" },
		/* who knows no association marks that the tag is the request's */
		{ SCTP_TO("tag=8,chunks=[data]"), SCTP_FROM("tag=8,chunks=[abort(flags=1)]"),
			"reply: ABORT" },
		{ SCTP_TO("tag=8,chunks=[data]"), SCTP_FROM("tag=9,chunks=[abort(flags=1)]"),
			"near: the verification tag is 0x00000009, not 0x00000008" },
		{ SCTP_TO("chunks=[init(tag=5)]"), SCTP_FROM("tag=6,chunks=[init-ack(tag=9)]"),
			"near: the verification tag is 0x00000006, not 0x00000005" },
		{ SCTP_TO("chunks=[init(tag=5)]"), SCTP_FROM("tag=5,chunks=[init(tag=9)]"),
			"no answer" },
		{ SCTP_TO("chunks=[init(tag=5)]"),
			SCTP_FROM("tag=5,checksum=0x12345678,chunks=[abort]"),
			"near: the checksum is wrong: 0x12345678, 0xcbccd7a2 would be right" },
		{ SCTP_TO("chunks=[init(tag=5)]"), SCTP_FROM("tag=5,checksum=0,chunks=[abort]"),
			"reply: ABORT" },
		{ SCTP_TO("tag=5,chunks=[data(tsn=7)]"), SCTP_FROM("tag=9,chunks=[sack(tsn=7)]"),
			"reply: SACK" },
		{ SCTP_TO("tag=5,chunks=[data(tsn=7)]"), SCTP_FROM("tag=9,chunks=[sack(tsn=6)]"),
			"near: ack is 1 short" },
	};

	SUPPORT_ANSWER_ROWS(*state, rows);
}

static void a_membership_query_is_answered_by_a_report_of_the_group(void **state)
{
	ROWS = {
		{ ASK "ipv4(src=10.0.0.1,dst=224.0.0.1)/igmp(type=query)",
			GIVE
			"ipv4(src=10.0.0.9,dst=239.1.2.3)/igmp(type=report-v2,group=239.1.2.3)",
			"reply: membership report" },
		{ ASK "ipv4(src=10.0.0.1,dst=239.1.2.4)/igmp(type=query,group=239.1.2.4)",
			GIVE
			"ipv4(src=10.0.0.9,dst=239.1.2.3)/igmp(type=report-v2,group=239.1.2.3)",
			"near: a reply speaks of 239.1.2.3, not 239.1.2.4" },
		{ ASK "ipv4(src=10.0.0.1,dst=239.1.2.4)/igmp(type=query,group=239.1.2.4)",
			GIVE "ipv4(src=10.0.0.9,dst=224.0.0.22)/igmp(type=report-v3,"
			     "records=[record(group=239.1.2.3) record(group=239.1.2.4)])",
			"reply: membership report" },
		{ ASK "ipv4(src=10.0.0.1,dst=239.1.2.5)/igmp(type=query,group=239.1.2.5)",
			GIVE "ipv4(src=10.0.0.9,dst=224.0.0.22)/igmp(type=report-v3,"
			     "records=[record(group=239.1.2.3) record(group=239.1.2.4)])",
			"no answer" },
		{ ASK "ipv6(src=fe80::1,dst=ff02::1)/icmpv6(type=mld-query)",
			GIVE "ipv6(src=fe80::9,dst=ff05::7)/icmpv6(type=mld-report,group=ff05::7)",
			"reply: membership report" },
	};

	SUPPORT_ANSWER_ROWS(*state, rows);
}

int main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, support_arena_setup, support_arena_teardown)
	static const struct CMUnitTest tests[] = {
		TEST(dns_answers_have_the_id_and_the_question),
		TEST(mdns_answers_are_known_by_the_name_they_speak_of),
		TEST(dhcp_answers_go_by_the_transaction_and_the_client),
		TEST(dhcpv6_answers_come_from_any_server),
		TEST(ntp_answers_give_back_the_time_of_the_request),
		TEST(numbers_of_radius_snmp_nbns_and_gtp_come_back),
		TEST(tftp_answers_come_from_a_port_of_their_own),
		TEST(ssdp_answers_come_from_anybody_and_any_port),
		TEST(ppp_and_its_discovery_give_back_an_identifier_or_a_tag),
		TEST(loopback_test_and_time_of_a_link_are_answered),
		TEST(an_sctp_chunk_is_answered_by_its_counterpart_under_the_right_tag),
		TEST(a_membership_query_is_answered_by_a_report_of_the_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
