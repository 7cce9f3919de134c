/* Values that vary are read as what they go through, checked where they stand, and written back. */
#include "reading.h"

#define FRAME(layers)                                                                   \
	"name: t\nlayers:\n  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}\n" \
	"  - ipv4: {src: 10.0.0.1, dst: 10.0.0.2}\n" layers
#define UDP(sport) FRAME("  - udp: {sport: " sport ", dport: 4242}\n")

/* The layers of these texts begin so. */
enum { ETH_LAYER, IPV4_LAYER, UDP_LAYER };

static const struct spec_vary *vary_of(
	const struct template *template, unsigned int layer, const char *field)
{
	const struct spec_value *value = reading_value(template, layer, field);

	assert_int_equal(value->state, SPEC_VARIES);
	return value->vary;
}

static void assert_vary(struct reading *reading, const char *text, enum vary_kind kind,
	uint64_t first, uint64_t last, uint64_t step)
{
	const struct template t = reading_of(reading, text);
	const struct spec_vary *vary = vary_of(&t, UDP_LAYER, "sport");

	assert_int_equal(vary->kind, kind);
	assert_int_equal(vary->first.number, first);
	assert_int_equal(vary->last.number, last);
	assert_int_equal(vary->step, step);
	assert_int_equal(reading_value(&t, UDP_LAYER, "sport")->value.number, first);
}

static void ranges_of_numbers_are_read(void **state)
{
	assert_vary(*state, UDP("{inc: 1000..2000}"), VARY_INC, 1000, 2000, 1);
	assert_vary(*state, UDP("{inc: 1000..2000, step: 2}"), VARY_INC, 1000, 2000, 2);
	assert_vary(*state, UDP("{dec: 2000..1000, step: 0x10}"), VARY_DEC, 2000, 1000, 16);
	assert_vary(*state, UDP("{random: 0..65535}"), VARY_RANDOM, 0, 65535, 1);
	assert_vary(*state, UDP("{shuffle: \"7..7\"}"), VARY_SHUFFLE, 7, 7, 1);
	assert_vary(*state, UDP("{inc: 0x10 .. dns}"), VARY_INC, 16, 53, 1);
}

static void a_list_has_its_values_in_order(void **state)
{
	const struct template t = reading_of(*state, UDP("{list: [80, dns, 0x10]}"));
	const struct spec_vary *vary = vary_of(&t, UDP_LAYER, "sport");

	assert_int_equal(vary->kind, VARY_LIST);
	assert_int_equal(vary->count, 3);
	assert_int_equal(vary->values[0].number, 80);
	assert_int_equal(vary->values[1].number, 53);
	assert_int_equal(vary->values[2].number, 16);
}

static void variables_stand_for_ranges_and_their_ends(void **state)
{
	assert_vary(
		*state, "vars: {low: 5, high: 9}\n" UDP("{inc: $low..$high}"), VARY_INC, 5, 9, 1);
	assert_vary(*state, "vars: {range: 5..9}\n" UDP("{inc: $range}"), VARY_INC, 5, 9, 1);
	assert_vary(*state, "vars: {n: 3}\n" UDP("{inc: 1..9, step: $n}"), VARY_INC, 1, 9, 3);
}

static void assert_octets(const struct wire_value *value, const char *octets, size_t length)
{
	assert_int_equal(value->length, length);
	assert_memory_equal(value->octets, octets, length);
}

static void a_prefix_is_its_first_to_its_last_address(void **state)
{
	struct template t = reading_of(*state,
		"layers:\n  - eth: {dst: 02:00:00:00:00:02}\n"
		"  - ipv4: {src: {inc: 10.1.2.200/24}, dst: {dec: 10.0.0.0/31}}\n");
	const struct spec_vary *vary = vary_of(&t, IPV4_LAYER, "src");

	assert_octets(&vary->first, "\x0a\x01\x02\x00", 4);
	assert_octets(&vary->last, "\x0a\x01\x02\xff", 4);
	vary = vary_of(&t, IPV4_LAYER, "dst");
	assert_octets(&vary->first, "\x0a\x00\x00\x01", 4);
	assert_octets(&vary->last, "\x0a\x00\x00\x00", 4);
	t = reading_of(*state, "layers:\n  - eth: {dst: 02:00:00:00:00:02}\n"
			       "  - ipv6: {src: {random: 2001:db8::/64}, dst: \"::1\"}\n");
	vary = vary_of(&t, 1, "src");
	assert_octets(&vary->first, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	assert_octets(&vary->last, "\x20\x01\x0d\xb8\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff", 16);
}

static void a_prefix_of_the_interface_is_a_placeholder(void **state)
{
	const struct template t = reading_of(*state, "layers:\n  - eth: {dst: 02:00:00:00:00:02}\n "
						     " - ipv4: {dst: {inc: $if.ipv4/24}}\n");

	assert_octets(&vary_of(&t, IPV4_LAYER, "dst")->first, "\xc0\x00\x02\x00", 4);
	assert_true(reading_value(&t, IPV4_LAYER, "dst")->placeholder);
}

static void part_of_a_field_varies_as_a_number(void **state)
{
	const struct template t = reading_of(*state,
		"layers:\n  - eth: {dst: {value: 02:00:00:00:00:00, bits: 8..23, random: 0..500}}\n"
		"  - arp: {spa: {value: 10.0.0.0, bits: 3, list: [0, 1]}}\n");
	const struct spec_vary *vary = vary_of(&t, ETH_LAYER, "dst");

	assert_true(vary->part);
	assert_int_equal(vary->low, 8);
	assert_int_equal(vary->high, 23);
	assert_int_equal(vary->last.number, 500);
	assert_octets(&reading_value(&t, ETH_LAYER, "dst")->value, "\x02\0\0\0\0\0", 6);
	vary = vary_of(&t, 1, "spa");
	assert_int_equal(vary->low, 3);
	assert_int_equal(vary->high, 3);
	assert_int_equal(vary->values[1].number, 1);
}

static void same_as_finds_its_layer_and_row(void **state)
{
	const struct template t = reading_of(*state,
		"layers:\n"
		"  - eth: {dst: {value: 02:00:00:00:00:00, bits: 0..31, same-as: ipv4.dst}}\n"
		"  - vlan: {id: {same-as: \"vlan[2].id\"}}\n"
		"  - vlan: {id: {inc: 1..9}}\n"
		"  - ipv4: {dst: {inc: 10.0.0.0/24}}\n"
		"  - icmp: {type: unreachable, code: {same-as: ipv4.ttl}}\n");
	const struct spec_vary *vary = vary_of(&t, ETH_LAYER, "dst");

	assert_int_equal(vary->kind, VARY_SAME_AS);
	assert_int_equal(vary->same_layer, 3);
	assert_string_equal(
		t.frames[0].layers[3].header.type->fields[vary->same_field].name, "dst");
	assert_int_equal(vary_of(&t, 1, "id")->same_layer, 2);
	assert_int_equal(vary_of(&t, 4, "code")->same_layer, 3);
}

static void fields_of_items_vary(void **state)
{
	const struct template t =
		reading_of(*state, FRAME("  - tcp: {options: [mss: {inc: 500..1460}, {timestamps: "
					 "{val: {random: 0..9}, ecr: 1}}]}\n"));
	const struct spec_value *options = reading_value(&t, UDP_LAYER, "options");
	const struct spec_record *mss = &options->items[0];

	assert_int_equal(mss->values[wire_field_find(mss->type, "value")].state, SPEC_VARIES);
	assert_int_equal(options->items[1].values[2].state, SPEC_VARIES);
}

static void payload_varies_by_lists_random_octets_and_size(void **state)
{
	struct template t =
		reading_of(*state, FRAME("  - payload: {list: [\"GET /\", {hex: ff00}]}\n"));
	const struct spec_vary *vary = vary_of(&t, 2, "data");

	assert_octets(&vary->values[0], "GET /", 5);
	assert_octets(&vary->values[1], "\xff\0", 2);
	t = reading_of(*state, FRAME("  - payload: {random-bytes: 3}\n"));
	vary = vary_of(&t, 2, "data");
	assert_int_equal(vary->kind, VARY_RANDOM);
	assert_octets(&vary->first, "\0\0\0", 3);
	assert_octets(&vary->last, "\xff\xff\xff", 3);
	assert_int_equal(t.frames[0].size.mode, SPEC_SIZE_OWN);
	t = reading_of(*state, FRAME("  - payload: {fill: 0x41, size: {random: 46..1500}}\n"));
	assert_int_equal(t.frames[0].size.mode, SPEC_SIZE_PAYLOAD);
	assert_int_equal(t.frames[0].size.vary.last.number, 1500);
	assert_octets(&reading_value(&t, 2, "data")->value, "A", 1);
	t = reading_of(*state, FRAME("  - payload: {text: ab, size: 5}\n"));
	assert_octets(&reading_value(&t, 2, "data")->value, "ababa", 5);
}

static void frame_size_is_fixed_varying_or_a_mix(void **state)
{
	static const unsigned int mix[] = { 64, 594, 64, 64, 594, 64, 1518, 64, 594, 64, 594, 64 };
	struct template t = reading_of(*state, FRAME("frame-size: 1500\n"));
	const struct spec_size *size = &t.frames[0].size;
	unsigned int counts[3] = { 0 };

	assert_int_equal(size->mode, SPEC_SIZE_FRAME);
	assert_int_equal(size->vary.first.number, 1500);
	assert_int_equal(size->vary.last.number, 1500);
	t = reading_of(*state, FRAME("frame-size: {random: 64..1518}\n"));
	size = &t.frames[0].size;
	assert_int_equal(size->vary.kind, VARY_RANDOM);
	t = reading_of(*state, FRAME("frame-size: imix\n"));
	size = &t.frames[0].size;
	assert_int_equal(size->vary.count, 12);
	for (unsigned int i = 0; i < 12; i++) {
		counts[0] += size->vary.values[i].number == 64;
		counts[1] += size->vary.values[i].number == 594;
		counts[2] += size->vary.values[i].number == 1518;
		assert_int_equal(size->vary.values[i].number, mix[i]);
	}
	assert_int_equal(counts[0], 7);
	assert_int_equal(counts[1], 4);
	assert_int_equal(counts[2], 1);
	t = reading_of(*state, FRAME("frame-size: {imix: [[1, 64], [2, 9000]]}\n"));
	assert_int_equal(t.frames[0].size.vary.count, 3);
}

static void the_command_line_can_let_a_field_vary(void **state)
{
	static const char *const sets[] = { "udp.sport={inc: 3..4}", "frame-size=imix" };
	struct reading *reading = *state;
	struct template t;

	reading->options.sets = sets;
	reading->options.set_count = 2;
	t = reading_of(reading, UDP("1"));
	assert_int_equal(vary_of(&t, UDP_LAYER, "sport")->last.number, 4);
	assert_int_equal(t.frames[0].size.mode, SPEC_SIZE_FRAME);
}

/* What is written as it was read. */
static void what_varies_is_written_as_it_was_read(void **state)
{
	static const char *const texts[] = {
		UDP("{inc: 1000..2000}"),
		UDP("{inc: 1000..2000, step: 2}"),
		UDP("{dec: 80..53}"),
		UDP("{shuffle: 0..65535}"),
		UDP("{list: [80, dns, 16]}"),
		UDP("{value: 16, bits: 0..3, random: 1..9}"),
		UDP("{value: 16, bits: 0..3, list: [1, 9]}"),
		UDP("{same-as: ipv4.ttl}"),
		FRAME("  - udp: {sport: {inc: 1..2}, dport: {inc: 5..9, each: cycle}}\n"),
		FRAME("  - vlan: {id: {inc: 1..9}}\n  - vlan: {id: {same-as: vlan.id}}\n"
		      "  - vlan: {id: {same-as: \"vlan[2].id\"}, type: 0x0801}\n"),
		FRAME("  - tcp:\n      dport: http\n      flags: {list: [syn, syn|ack]}\n"
		      "      options: [mss: {inc: 500..1460}, nop, nop, nop, nop, nop, {option: "
		      "{kind: 99, data: {random-bytes: 4}}}]\n"),
		FRAME("  - payload: {list: [\"GET /\", {hex: ff00}, \"\"]}\n"),
		FRAME("  - payload: {random-bytes: 3}\n"),
		FRAME("  - payload: {value: {hex: ff00000000}, bits: 0..31, inc: 0..4294967295}\n"),
		FRAME("  - payload: {value: {fill: 0x00, size: 18}, bits: 112..143, inc: "
		      "0..4294967295}\n"),
		FRAME("  - payload: {inc: 00000000..ffffffff}\n"),
		FRAME("  - udp: {sport: {inc: 1..2}}\n"
		      "  - payload: {random: 000000..ffffff, each: cycle}\n"),
		FRAME("  - tcp: {options: [{mss: {value: {value: 1460, bits: 0..3, inc: "
		      "0..9}}}]}\n"),
		FRAME("  - payload: {random-bytes: {inc: 1..9}}\n"),
		FRAME("  - payload: {fill: 0x41, size: {random: 46..1500}}\n"),
		FRAME("  - payload: {pattern: inc, size: {list: [1, 2]}}\n"),
		FRAME("  - payload: {text: \"abc\", size: {inc: 1..9, step: 4}}\n"),
		FRAME("  - payload: {hex: fffe, size: {inc: 1..9}}\n"),
		FRAME("  - payload: \"x\"\n  - payload: {fill: 0x41, size: {random: 46..1500}}\n"),
		FRAME("frame-size: 1500\n"),
		FRAME("frame-size: {random: 64..1518}\n"),
		FRAME("frame-size: imix\npad: none\nfcs: bad\n"),
		FRAME("frame-size: {imix: [[3, 64], [2, 9000]]}\n"),
		FRAME("frame-size: {list: [64, 65]}\n"),
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct template t = reading_of(*state, texts[i]);
		struct buffer out = { 0 };

		template_write(&t, &out);
		assert_string_equal(buffer_text(&out), texts[i]);
		buffer_fini(&out);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		reading_test(ranges_of_numbers_are_read),
		reading_test(a_list_has_its_values_in_order),
		reading_test(variables_stand_for_ranges_and_their_ends),
		reading_test(a_prefix_is_its_first_to_its_last_address),
		reading_test(a_prefix_of_the_interface_is_a_placeholder),
		reading_test(part_of_a_field_varies_as_a_number),
		reading_test(same_as_finds_its_layer_and_row),
		reading_test(fields_of_items_vary),
		reading_test(payload_varies_by_lists_random_octets_and_size),
		reading_test(frame_size_is_fixed_varying_or_a_mix),
		reading_test(the_command_line_can_let_a_field_vary),
		reading_test(what_varies_is_written_as_it_was_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
