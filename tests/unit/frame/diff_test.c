/* frame_diff: what a link did to a frame, in words. */
#include "../../support/arena.h"
#include "../../support/spec_text.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "frame/build.h"
#include "frame/diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ETH  "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)/"
#define IPV4 "ipv4(src=192.0.2.1,dst=192.0.2.2)/"
#define DATA "payload(data=0102030405060708)"
#define LONG "payload(data=0102030405060708090a0b0c0d0e0f101112131415161718)"

static void build_with(struct arena *arena, const char *text, enum spec_pad_mode pad,
	enum spec_fcs_mode fcs, struct frame_view *ret)
{
	struct frame_spec spec;
	struct err err = { 0 };

	support_spec(arena, text, &spec);
	spec.pad.mode = pad;
	spec.fcs.mode = fcs;
	if (frame_build(arena, &spec, ret, &err))
		fail_msg("%s: %s", text, err.text);
}

static void build(struct arena *arena, const char *text, struct frame_view *ret)
{
	build_with(arena, text, SPEC_PAD_AUTO, SPEC_FCS_AUTO, ret);
}

/* All differences, each "kind! text" (no '!' where it is explained), one a line. */
static const char *diff_of(
	struct arena *arena, const struct frame_view *sent, const struct frame_view *arrived)
{
	static const char *const kinds[] = {
		[DIFF_FIELD] = "field",
		[DIFF_MISSING] = "missing",
		[DIFF_ADDED] = "added",
		[DIFF_PADDED] = "padded",
		[DIFF_CUT] = "cut",
		[DIFF_FCS_STRIPPED] = "fcs",
		[DIFF_CHECKSUM_FINISHED] = "checksum",
	};
	const char *text = "";
	struct diff *diffs;
	unsigned int count;

	frame_diff(arena, sent, arrived, &diffs, &count);
	for (unsigned int i = 0; i < count; i++)
		text = arena_printf(arena, "%s%s%s| %s\n", text, kinds[diffs[i].kind],
			diffs[i].explained ? "" : "!", diffs[i].text);
	return text;
}

static void differ(struct arena *arena, const char *sent, const char *arrived, const char *want)
{
	struct frame_view a;
	struct frame_view b;
	struct frame_view read;

	build(arena, sent, &a);
	build(arena, arrived, &b);
	frame_dissect(arena, &wire_eth, b.octets, b.length, DISSECT_FCS_ABSENT, &read);
	assert_string_equal(diff_of(arena, &a, &read), want);
}

static void equal_frames_do_not_differ(void **state)
{
	differ(*state, ETH IPV4 "udp(sport=9,dport=9)/" DATA, ETH IPV4 "udp(sport=9,dport=9)/" DATA,
		"");
	differ(*state, ETH IPV4 "tcp(options=[mss])", ETH IPV4 "tcp(options=[mss])", "");
}

static void changed_fields_are_named(void **state)
{
	differ(*state, ETH "ipv4(src=1.2.3.4,ttl=64)/udp(sport=9,dport=9)/" DATA,
		ETH "ipv4(src=1.2.3.4,ttl=63)/udp(sport=9,dport=9)/" DATA,
		"field!| ipv4.ttl: sent 64, arrived 63\n"
		"field!| ipv4.checksum: sent 0xf7c1, arrived 0xf8c1\n");
	differ(*state, ETH IPV4 "tcp(options=[mss(value=1460) wscale],checksum=1)",
		ETH IPV4 "tcp(options=[mss(value=1400) wscale],checksum=1)",
		"field!| tcp.options[1].value: sent 1460, arrived 1400\n");
	differ(*state, ETH IPV4 "tcp(options=[mss nop nop],checksum=1)",
		ETH IPV4 "tcp(options=[nop nop mss],checksum=1)",
		"field!| tcp.options: sent [mss, nop, nop, end, end], "
		"arrived [nop, nop, mss, end, end]\n");
	differ(*state, ETH IPV4 "icmp(type=8,checksum=1)", ETH IPV4 "icmp(type=3,checksum=1)",
		"field!| icmp.type: sent echo-request, arrived unreachable\n"
		"field!| icmp.id: not in what arrived\n"
		"field!| icmp.seq: not in what arrived\n"
		"field!| icmp.unused: arrived and was not sent\n"
		"field!| icmp.length: arrived and was not sent\n"
		"field!| icmp.mtu: arrived and was not sent\n");
}

static void changed_octets_of_a_payload_are_counted(void **state)
{
	differ(*state, ETH IPV4 "udp(sport=9,dport=9,checksum=0)/payload(data=0102030405060708)",
		ETH IPV4 "udp(sport=9,dport=9,checksum=0)/payload(data=010203ff05ff0708)",
		"field!| payload: 2 of 18 octets differ, the first at offset 3: sent 04, arrived "
		"ff\n");
}

static void tags_that_come_and_go_are_named(void **state)
{
	differ(*state, ETH "vlan(id=5)/" IPV4 "udp(sport=9,dport=9)/" LONG,
		ETH IPV4 "udp(sport=9,dport=9)/" LONG,
		"missing!| vlan (id 5): sent, and not in what arrived\n");
	differ(*state, ETH IPV4 "udp(sport=9,dport=9)/" LONG,
		ETH "svlan(id=7)/" IPV4 "udp(sport=9,dport=9)/" LONG,
		"added!| svlan (id 7): not sent, and in what arrived\n");
	differ(*state, ETH "svlan(id=7)/vlan(id=5)/" IPV4 "udp(sport=9,dport=9)/" LONG,
		ETH "vlan(id=6)/" IPV4 "udp(sport=9,dport=9)/" LONG,
		"missing!| svlan (id 7): sent, and not in what arrived\n"
		"field!| vlan.id: sent 5, arrived 6\n");
	/* In the place of another: what was sent comes first. */
	differ(*state, ETH "vlan(id=5)/" IPV4 "udp(sport=9,dport=9)/" LONG,
		ETH "svlan(id=7)/" IPV4 "udp(sport=9,dport=9)/" LONG,
		"missing!| vlan (id 5): sent, and not in what arrived\n"
		"added!| svlan (id 7): not sent, and in what arrived\n");
}

static void what_is_appended_up_to_60_octets_is_explained(void **state)
{
	struct frame_view sent;
	struct frame_view arrived;
	uint8_t octets[100] = { 0 };

	build_with(*state, "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01,type=0x1234)/" DATA,
		SPEC_PAD_NONE, SPEC_FCS_AUTO, &sent);
	memcpy(octets, sent.octets, sent.length);
	octets[50] = 0x99; /* what a driver left there */
	frame_dissect(*state, &wire_eth, octets, 60, DISSECT_FCS_ABSENT, &arrived);
	assert_string_equal(diff_of(*state, &sent, &arrived),
		"padded| padded: 38 octets more at the end, 60 in all\n");
	frame_dissect(*state, &wire_eth, octets, 61, DISSECT_FCS_ABSENT, &arrived);
	assert_string_equal(diff_of(*state, &sent, &arrived),
		"padded!| padded: 39 octets more at the end, 61 in all\n");
	frame_dissect(*state, &wire_eth, octets, 21, DISSECT_FCS_ABSENT, &arrived);
	assert_string_equal(diff_of(*state, &sent, &arrived),
		"cut!| cut: 1 octet of the end missing, 21 left\n");
}

static void an_fcs_that_was_sent_and_is_gone_is_explained(void **state)
{
	struct frame_view sent;
	struct frame_view arrived;
	uint8_t octets[64];

	build_with(*state, ETH IPV4 "udp", SPEC_PAD_AUTO, SPEC_FCS_BAD, &sent);
	memcpy(octets, sent.octets, 60);
	memcpy(octets + 60, sent.fcs_octets, FCS_LENGTH);
	frame_dissect(*state, &wire_eth, octets, 60, DISSECT_FCS_ABSENT, &arrived);
	assert_non_null(strstr(diff_of(*state, &sent, &arrived), "fcs| fcs: sent "));
	/* There, as an FCS or as octets appended. */
	frame_dissect(*state, &wire_eth, octets, 64, DISSECT_FCS_PRESENT, &arrived);
	assert_string_equal(diff_of(*state, &sent, &arrived), "");
	frame_dissect(*state, &wire_eth, octets, 64, DISSECT_FCS_ABSENT, &arrived);
	assert_string_equal(diff_of(*state, &sent, &arrived), "");
	/* An automatic one is the device's. */
	build(*state, ETH IPV4 "udp", &sent);
	frame_dissect(*state, &wire_eth, octets, 60, DISSECT_FCS_ABSENT, &arrived);
	assert_string_equal(diff_of(*state, &sent, &arrived), "");
}

static void a_changed_fcs_is_a_difference(void **state)
{
	struct frame_view sent;
	struct frame_view arrived;
	uint8_t octets[64];

	build_with(*state, ETH IPV4 "udp", SPEC_PAD_AUTO, SPEC_FCS_BAD, &sent);
	memcpy(octets, sent.octets, 60);
	memcpy(octets + 60, sent.fcs_expected, FCS_LENGTH);
	frame_dissect(*state, &wire_eth, octets, 64, DISSECT_FCS_PRESENT, &arrived);
	assert_non_null(strstr(diff_of(*state, &sent, &arrived), "field!| fcs: sent "));
}

/* A router that changes the TTL sends an FCS of its own. */
static void an_automatic_fcs_that_is_right_for_what_arrived_is_no_difference(void **state)
{
	struct frame_view sent;
	struct frame_view other;
	struct frame_view arrived;
	uint8_t octets[64];

	build(*state, ETH "ipv4(src=1.2.3.4,ttl=64,checksum=1)/udp", &sent);
	build(*state, ETH "ipv4(src=1.2.3.4,ttl=63,checksum=1)/udp", &other);
	memcpy(octets, other.octets, 60);
	memcpy(octets + 60, other.fcs_octets, FCS_LENGTH);
	frame_dissect(*state, &wire_eth, octets, 64, DISSECT_FCS_PRESENT, &arrived);
	assert_string_equal(
		diff_of(*state, &sent, &arrived), "field!| ipv4.ttl: sent 64, arrived 63\n");
	/* One that is wrong for what arrived was damaged with it. */
	octets[63] ^= 1;
	frame_dissect(*state, &wire_eth, octets, 64, DISSECT_FCS_PRESENT, &arrived);
	assert_non_null(strstr(diff_of(*state, &sent, &arrived), "field!| fcs: sent "));
}

static void a_checksum_that_a_device_finished_is_named(void **state)
{
	struct frame_view sent;
	struct frame_view arrived;

	build(*state, ETH IPV4 "udp(sport=9,dport=9)/" DATA, &sent);
	/* The folded sum of the pseudo header alone: 192.0.2.1, 192.0.2.2, 17, 16. */
	build(*state, ETH IPV4 "udp(checksum=0x8425)/" DATA, &arrived);
	assert_non_null(strstr(diff_of(*state, &arrived, &sent), "finished by a device"));
	assert_non_null(strstr(diff_of(*state, &sent, &arrived), "left to a device to finish"));
}

int main(void)
{
#define ROW(name) cmocka_unit_test_setup_teardown(name, support_arena_setup, support_arena_teardown)
	const struct CMUnitTest tests[] = {
		ROW(equal_frames_do_not_differ),
		ROW(changed_fields_are_named),
		ROW(changed_octets_of_a_payload_are_counted),
		ROW(tags_that_come_and_go_are_named),
		ROW(what_is_appended_up_to_60_octets_is_explained),
		ROW(an_fcs_that_was_sent_and_is_gone_is_explained),
		ROW(a_changed_fcs_is_a_difference),
		ROW(an_automatic_fcs_that_is_right_for_what_arrived_is_no_difference),
		ROW(a_checksum_that_a_device_finished_is_named),
	};

	return cmocka_run_group_tests_name("frame/diff", tests, NULL, NULL);
}
