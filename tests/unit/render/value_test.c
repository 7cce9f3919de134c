/* render_value and render_item: values as people read them. */
#include "render/render.h"
#include "render/value.h"

#include "frames.h"
#include "../../support/arena.h"
#include "../../support/spec_text.h"

#define ETH  "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)/"
#define RAW  "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01,type=0x88b5)/"
#define IPV4 "ipv4(src=10.0.0.1,dst=10.0.0.2)/"
#define IPV6 "ipv6(src=2001:db8::1,dst=2001:db8::2)/"

/* The value of a field of the last layer of this name. */
static void reads(struct arena *arena, const char *frame, const char *layer, const char *field,
	const char *wanted)
{
	struct buffer out = { 0 };
	struct frame_view view;
	const struct view_layer *found;

	support_build(arena, frame, SPEC_PAD_NONE, &view);
	found = view_layer_find(&view, wire_protocol_find(layer), 1);
	render_value(&view, view_field_find(&found->header, field), &out);
	assert_string_equal(buffer_text(&out), wanted);
	buffer_fini(&out);
}

static void octets_are_a_run_from_17_on(void **state)
{
	reads(*state, RAW "payload(data=00000000000000000000000000000000)", "payload", "data",
		"00000000000000000000000000000000");
	reads(*state, RAW "payload(data=0000000000000000000000000000000000)", "payload", "data",
		"17 octets of 00");
	reads(*state, RAW "payload(data=0102030405060708090a0b0c0d0e0f1011)", "payload", "data",
		"0102030405060708090a0b0c0d0e0f10... (17 octets)");
}

static void numbers_have_their_names(void **state)
{
	reads(*state, ETH IPV4 "udp(sport=9,dport=53)", "udp", "dport", "dns (53)");
	reads(*state, ETH IPV4 "udp(sport=9,dport=54)", "udp", "dport", "54");
	reads(*state, ETH IPV4 "tcp(flags=syn|ack)", "tcp", "flags", "syn|ack (0x012)");
	reads(*state, ETH IPV4 "tcp(flags=0)", "tcp", "flags", "0x000");
}

/* Ids, lengths and counts go without saying; of several fields each has its name. */
static void items_say_what_is_theirs(void **state)
{
	reads(*state, ETH IPV4 "tcp(options=[nop mss(value=1400) timestamps(val=1,ecr=2)])", "tcp",
		"options", "nop, mss 1400, timestamps {val 1, ecr 2}, end");
	reads(*state, ETH IPV4 "tcp", "tcp", "options", "none");
	reads(*state, ETH IPV6 "icmpv6(type=143,records=[record(type=is-include,group=ff02::5)])",
		"icmpv6", "records", "{type is-include (1), group ff02::5}");
}

static void an_item_without_a_name_that_says_nothing_has_that_of_its_kind(void **state)
{
	reads(*state, ETH IPV6 "udp/dhcpv6(options=[user-class(classes=[class class(data=61)])])",
		"dhcpv6", "options", "user-class class, \"a\"");
}

/* RFC 1035 4.1.4: a pointer counts from the message's start. */
static void a_name_s_pointers_are_followed(void **state)
{
	static const char hex[] =
		"02000000000202000000000108004500006b000100004011ae7ec00002010a00000200359c40005759"
		"2e"
		"12348180000100020000000103777777076578616d706c65036f72670000010001c00c000500010000"
		"01"
		"2c000704686f7374c010c02d000100010000003c0004c000025000002904d0000000000000";
	const struct view_record *answers;
	struct buffer out = { 0 };
	struct frame_view view;

	frames_dissect(*state, hex, DISSECT_FCS_ABSENT, &view);
	answers = view_field_find(&view.layers[3].header, "answers")->items;
	render_value(&view, view_field_find(&answers[0], "name"), &out);
	assert_non_null(strstr(buffer_text(&out), " (www.example.org)"));
	buffer_clear(&out);
	render_value(&view, view_field_find(&answers[1], "name"), &out);
	assert_non_null(strstr(buffer_text(&out), " (host.example.org)"));
	buffer_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(octets_are_a_run_from_17_on),
		cmocka_unit_test(numbers_have_their_names),
		cmocka_unit_test(items_say_what_is_theirs),
		cmocka_unit_test(an_item_without_a_name_that_says_nothing_has_that_of_its_kind),
		cmocka_unit_test(a_name_s_pointers_are_followed),
	};

	return cmocka_run_group_tests_name(
		"render/value", tests, support_arena_setup, support_arena_teardown);
}
