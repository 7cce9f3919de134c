/* render_line: one line a frame. */
#include "render/render.h"

#include "fresh.h"

static void says(const char *hex, enum dissect_fcs fcs, const char *wanted)
{
	struct frame_view view;

	frames_dissect(&arena, hex, fcs, &view);
	buffer_clear(&out);
	render_line(&view, &render_plain, &out);
	assert_string_equal(buffer_text(&out), wanted);
}

#define ETH "020000000002020000000001"
#define IPV4   \
	"0800" \
	"4500001f00010000401166cb0a0000010a000002"
#define UDP "03e807d0000b6db468690a"

static void udp_has_addresses_ports_and_length(void **state)
{
	(void)state;
	says(ETH IPV4 UDP, DISSECT_FCS_ABSENT,
		"ipv4 10.0.0.1 > 10.0.0.2: udp 1000 > 2000, length 3");
}

static void tags_stand_before_what_they_carry(void **state)
{
	(void)state;
	says(ETH "88a86064"
		 "8100000a" IPV4 UDP,
		DISSECT_FCS_ABSENT,
		"svlan 100 pcp 3, vlan 10, ipv4 10.0.0.1 > 10.0.0.2: udp 1000 > 2000, length 3");
}

static void arp_reads_as_a_sentence(void **state)
{
	(void)state;
	says("ffffffffffff020000000001"
	     "0806"
	     "0001080006040001"
	     "0200000000010a000001"
	     "0000000000000a000002",
		DISSECT_FCS_ABSENT, "arp who has 10.0.0.2? tell 10.0.0.1");
	says(ETH "0806"
		 "0001080006040002"
		 "0200000000010a000001"
		 "0200000000020a000002",
		DISSECT_FCS_ABSENT, "arp 10.0.0.1 is at 02:00:00:00:00:01");
}

static void link_layer_messages_say_what_they_bring(void **state)
{
	(void)state;
	says("0180c2000001020000000001"
	     "8808"
	     "0001ffff",
		DISSECT_FCS_ABSENT,
		"eth 02:00:00:00:00:01 > 01:80:c2:00:00:01, mac-control pause quanta 65535");
	says("0180c200000e020000000001"
	     "88cc"
	     "0207040200000000010405056574683006020078"
	     "0a08706b74736d6974680000",
		DISSECT_FCS_ABSENT,
		"eth 02:00:00:00:00:01 > 01:80:c2:00:00:0e, lldp chassis-id 02:00:00:00:00:01 "
		"port-id \"eth0\" ttl 120 system-name \"pktsmith\"");
	says("020000000002020000000001"
	     "8864"
	     "11000001000a"
	     "c0210907000800000000",
		DISSECT_FCS_ABSENT,
		"eth 02:00:00:00:00:01 > 02:00:00:00:00:02, pppoe session-id 0x0001, ppp, lcp "
		"echo-request id 7");
}

static void tcp_has_flags_and_numbers(void **state)
{
	(void)state;
	says(ETH "0800"
		 "45000028000100004006"
		 "66cd"
		 "0a0000010a000002"
		 "0014005000000001000000025012200000000000",
		DISSECT_FCS_ABSENT,
		"ipv4 10.0.0.1 > 10.0.0.2: tcp 20 > 80 [syn|ack] seq 1 ack 2 window 8192, length "
		"0, "
		"wrong tcp.checksum");
}

static void an_ack_that_is_not_one_is_not_said(void **state)
{
	(void)state;
	says(ETH "0800"
		 "45000028000100004006"
		 "66cd"
		 "0a0000010a000002"
		 "0014005000000001000000025002200000000000",
		DISSECT_FCS_ABSENT,
		"ipv4 10.0.0.1 > 10.0.0.2: tcp 20 > 80 [syn] seq 1 window 8192, length 0, wrong "
		"tcp.checksum");
}

/* RFC 791 3.1: the offset counts eights; the first has more behind it. */
static void fragments_have_their_offset_in_octets(void **state)
{
	(void)state;
	says(ETH "0800"
		 "4500001c0001200040fd45e2"
		 "0a0000010a000002"
		 "0000000000000000",
		DISSECT_FCS_ABSENT,
		"ipv4 10.0.0.1 > 10.0.0.2 fragment at 0, protocol experimental-1, length 8");
	says(ETH "0800"
		 "4500001c000100b940fd6529"
		 "0a0000010a000002"
		 "0000000000000000",
		DISSECT_FCS_ABSENT,
		"ipv4 10.0.0.1 > 10.0.0.2 fragment at 1480, protocol experimental-1, length 8");
}

static void a_frame_of_no_protocol_has_its_addresses(void **state)
{
	(void)state;
	says(ETH "0801"
		 "5b5b5b",
		DISSECT_FCS_ABSENT,
		"eth 02:00:00:00:00:01 > 02:00:00:00:00:02, type 0x0801, length 3");
}

static void what_is_wrong_is_named(void **state)
{
	(void)state;
	says(ETH "0800"
		 "4500001f00010000401112340a0000010a000002" UDP "1a2b3c4d",
		DISSECT_FCS_PRESENT,
		"ipv4 10.0.0.1 > 10.0.0.2: udp 1000 > 2000, length 3, wrong ipv4.checksum, wrong "
		"FCS");
}

static void a_runt_has_its_length_and_why(void **state)
{
	(void)state;
	says("0200", DISSECT_FCS_ABSENT, "2 octets, eth: 2 octets are too few for dst");
}

/* Values that have names go without their fields' names; flags stand in brackets. */
static void protocols_of_routers_and_tunnels_say_their_kind(void **state)
{
	(void)state;
	says("01005e000005020000000001080045c00044000100000159169ac0000201e000"
	     "000502010030c000020100000000b69400000000000000000000ffffff00000a"
	     "020100000028c000020100000000c0000202",
		DISSECT_FCS_ABSENT,
		"ipv4 192.0.2.1 > 224.0.0.5: ospf hello router 192.0.2.1 area 0.0.0.0");
	says("020000000002020000000001080045000058000100004011ae91c00002010a00"
	     "000206a506a5004415ddc802003c000000000000000080080000000000018008"
	     "000000020100800a0000000300000003800e00000007706b74736d6974688008"
	     "000000090001",
		DISSECT_FCS_ABSENT,
		"ipv4 192.0.2.1 > 10.0.0.2: udp 1701 > 1701, l2tp [sequence|length|control] tunnel "
		"0 session 0");
}

static void applications_say_their_kind_and_texts_their_first_line(void **state)
{
	(void)state;
	says("02000000000202000000000108004500004d0001400040066ea7c00002010a00"
	     "00029c400050000003e900001389501801f5df040000474554202f2048545450"
	     "2f312e310d0a486f73743a206578616d706c652e6f72670d0a0d0a",
		DISSECT_FCS_ABSENT,
		"ipv4 192.0.2.1 > 10.0.0.2: tcp 40000 > 80 [psh|ack] seq 1001 ack 5001 window 501, "
		"http GET / HTTP/1.1");
	says("02000000000202000000000108004500004c000100004011ae9dc00002010a00"
	     "00029c40007b0038756823000300000000000000000000000000000000000000"
	     "000000000000000000000000000000000000e8d5928080000000",
		DISSECT_FCS_ABSENT,
		"ipv4 192.0.2.1 > 10.0.0.2: udp 40000 > 123, ntp client stratum 0");
}

/* As their siblings do: over IPv6, in PPP, with ports. */
static void siblings_say_as_much(void **state)
{
	(void)state;
	says("33330000000502000000000186dd6c00000000245901fe800000000000000000"
	     "000000000001ff02000000000000000000000000000503010024c00002010000"
	     "00003b8c00000000000101000013000a00280000000000000000",
		DISSECT_FCS_ABSENT,
		"ipv6 fe80::1 > ff02::5: ospf3 hello router 192.0.2.1 area 0.0.0.0");
	says("020000000002020000000001886411000001001080570101000e010a02000000"
	     "00000001000000000000000000000000000000000000000000000000",
		DISSECT_FCS_ABSENT,
		"eth 02:00:00:00:00:01 > 02:00:00:00:00:02, pppoe session-id 0x0001, ppp, ipv6cp "
		"configure-request id 1 interface-id 0200000000000001");
	says("02000000000202000000000108004500004c000100004084ae2ac00002010a00"
	     "00029c400007000000003015318e0100002c1234567800010000000affff0000"
	     "000100050008c0000201000c00080005000680000004c0000004",
		DISSECT_FCS_ABSENT, "ipv4 192.0.2.1 > 10.0.0.2: sctp 40000 > 7");
	says("ffffffffffff02000000000108004500011f00010000401179ce00000000ffff"
	     "ffff00440043010b60aa01010600123456780000800000000000000000000000"
	     "0000000000000200000000010000000000000000000000000000000000000000"
	     "0000000000000000000000000000000000000000000000000000000000000000"
	     "0000000000000000000000000000000000000000000000000000000000000000"
	     "0000000000000000000000000000000000000000000000000000000000000000"
	     "0000000000000000000000000000000000000000000000000000000000000000"
	     "0000000000000000000000000000000000000000000000000000000000000000"
	     "00000000000000000000000000000000000000000000638253633501010c0870"
	     "6b74736d6974683703010306ff",
		DISSECT_FCS_ABSENT,
		"ipv4 0.0.0.0 > 255.255.255.255: udp 68 > 67, dhcp message-type discover (1) xid "
		"0x12345678");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(udp_has_addresses_ports_and_length),
		TEST(tags_stand_before_what_they_carry),
		TEST(arp_reads_as_a_sentence),
		TEST(tcp_has_flags_and_numbers),
		TEST(a_frame_of_no_protocol_has_its_addresses),
		TEST(an_ack_that_is_not_one_is_not_said),
		TEST(fragments_have_their_offset_in_octets),
		TEST(what_is_wrong_is_named),
		TEST(a_runt_has_its_length_and_why),
		cmocka_unit_test(link_layer_messages_say_what_they_bring),
		cmocka_unit_test(protocols_of_routers_and_tunnels_say_their_kind),
		cmocka_unit_test(siblings_say_as_much),
		cmocka_unit_test(applications_say_their_kind_and_texts_their_first_line),
	};

	return cmocka_run_group_tests_name("render/line", tests, NULL, NULL);
}
