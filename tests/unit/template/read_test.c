/* Templates become frame specs: layers, values, states, lists, octets, what stands beside layers.
 */
#include "reading.h"

#include "../../support/file.h"

static void field_left_out_is_automatic_and_zero_is_given(void **state)
{
	const struct template t = reading_of(*state, ETH "  - ipv4: {ttl: 0, id: auto}\n");

	assert_int_equal(t.count, 1);
	assert_int_equal(t.frames[0].count, 2);
	assert_int_equal(reading_value(&t, 1, "ttl")->state, SPEC_GIVEN);
	assert_int_equal(reading_value(&t, 1, "ttl")->value.number, 0);
	assert_int_equal(reading_value(&t, 1, "id")->state, SPEC_AUTO);
	assert_int_equal(reading_value(&t, 1, "dscp")->state, SPEC_AUTO);
}

static void checksum_is_automatic_bad_or_a_number(void **state)
{
	const struct template t = reading_of(*state, ETH
		"  - ipv4: {checksum: bad}\n  - udp: {checksum: 0}\n  - tcp: {checksum: auto}\n");

	assert_int_equal(reading_value(&t, 1, "checksum")->state, SPEC_BAD);
	assert_int_equal(reading_value(&t, 2, "checksum")->state, SPEC_GIVEN);
	assert_int_equal(reading_value(&t, 2, "checksum")->value.number, 0);
	assert_int_equal(reading_value(&t, 3, "checksum")->state, SPEC_AUTO);
}

static void scalars_mean_what_the_field_says(void **state)
{
	const struct template t = reading_of(*state,
		"layers:\n"
		"  - eth: {dst: 52:54:00:12:34:56, type: \"0x0801\"}\n"
		"  - ipv4: {id: 010, flags: df|mf, protocol: udp, dst: 10.0.0.9}\n"
		"  - ipv6: {dst: \"::1\", src: fe80::1}\n"
		"  - tcp: {flags: syn|ack}\n");

	assert_value(&t, 0, "dst", "52:54:00:12:34:56");
	assert_int_equal(reading_value(&t, 0, "type")->value.number, 0x0801);
	assert_int_equal(reading_value(&t, 1, "id")->value.number, 10);
	assert_int_equal(reading_value(&t, 1, "flags")->value.number, 3);
	assert_int_equal(reading_value(&t, 1, "protocol")->value.number, 17);
	assert_value(&t, 2, "dst", "::1");
	assert_value(&t, 2, "src", "fe80::1");
	assert_int_equal(reading_value(&t, 3, "flags")->value.number, 0x12);
}

static void layer_without_fields_is_a_bare_name_or_empty_braces(void **state)
{
	const struct template t = reading_of(*state, "layers: [eth: {}, ipv4, udp: {}, payload]\n");

	assert_int_equal(t.frames[0].count, 4);
	assert_ptr_equal(t.frames[0].layers[1].protocol, wire_protocol_find("ipv4"));
	assert_ptr_equal(t.frames[0].layers[3].protocol, &wire_payload);
	assert_int_equal(reading_value(&t, 3, "data")->state, SPEC_AUTO);
}

static void values_know_their_line_and_column(void **state)
{
	const struct template t =
		reading_of(*state, "# caf\xc3\xa9\nlayers:\n  - eth: {dst: 02:00:00:00:00:02}\n");
	const struct spec_value *dst = reading_value(&t, 0, "dst");

	assert_string_equal(dst->at.file, "dir/t.yaml");
	assert_int_equal(dst->at.line, 3);
	assert_int_equal(dst->at.column, 16);
	assert_int_equal(t.frames[0].layers[0].header.at.line, 3);
	assert_int_equal(t.frames[0].layers[0].header.at.column, 5);
}

static void columns_count_characters_not_octets(void **state)
{
	assert_refused(*state,
		"name: caf\xc3\xa9\nlayers: [payload: \"\xc3\xa9\xc3\xa9\", eth: {tpye: 1}]\n",
		"dir/t.yaml:2:31: no field \"tpye\" in eth; did you mean \"type\"?");
}

/* ---- lists ---- */

static const struct spec_record *option(const struct template *t, unsigned int index)
{
	const struct spec_value *options = reading_value(t, 1, "options");

	assert_int_equal(options->state, SPEC_GIVEN);
	assert_true(index < options->count);
	return &options->items[index];
}

static const struct spec_value *option_value(
	const struct template *t, unsigned int index, const char *field)
{
	const struct spec_record *item = option(t, index);
	int row = wire_field_find(item->type, field);

	assert_true(row >= 0);
	return &item->values[row];
}

static void items_are_names_names_with_a_value_or_with_fields(void **state)
{
	const struct template t = reading_of(*state, ETH
		"  - tcp: {options: [mss: 1460, nop, sack-permitted, {timestamps: {val: 1, ecr: "
		"2}},"
		" {option: {kind: 254, data: beef}}, {raw: 0102}, {mss: {kind: 3, length: 9}}]}\n");

	assert_int_equal(reading_value(&t, 1, "options")->count, 7);
	assert_string_equal(option(&t, 0)->type->name, "mss");
	assert_int_equal(option_value(&t, 0, "value")->value.number, 1460);
	assert_int_equal(option_value(&t, 0, "kind")->state, SPEC_AUTO);
	assert_int_equal(option_value(&t, 0, "length")->state, SPEC_AUTO);
	assert_string_equal(option(&t, 1)->type->name, "nop");
	assert_int_equal(option_value(&t, 3, "ecr")->value.number, 2);
	assert_int_equal(option_value(&t, 4, "kind")->value.number, 254);
	assert_memory_equal(option_value(&t, 4, "data")->value.octets, "\xbe\xef", 2);
	assert_ptr_equal(option(&t, 5)->type, &wire_raw_item);
	assert_memory_equal(option_value(&t, 5, "data")->value.octets, "\x01\x02", 2);
	assert_int_equal(option_value(&t, 6, "kind")->value.number, 3);
	assert_int_equal(option_value(&t, 6, "length")->value.number, 9);
	assert_int_equal(option_value(&t, 6, "value")->state, SPEC_AUTO);
}

static void lists_within_items_are_lists_of_values_or_of_fields(void **state)
{
	const struct template t = reading_of(*state,
		ETH "  - tcp: {options: [sack: [{left: 1, right: 2}, {left: 3, right: 4}]]}\n");
	const struct spec_value *blocks = option_value(&t, 0, "blocks");

	assert_int_equal(blocks->count, 2);
	assert_int_equal(blocks->items[1].values[0].value.number, 3);
	assert_int_equal(blocks->items[1].values[1].value.number, 4);
}

static void a_list_given_to_an_item_is_its_list(void **state)
{
	const struct template t =
		reading_of(*state, ETH "  - ipv4: {options: [rr: [10.0.0.1, 10.0.0.2]]}\n");

	assert_int_equal(option_value(&t, 0, "addresses")->count, 2);
	assert_int_equal(option_value(&t, 0, "pointer")->state, SPEC_AUTO);
}

static void a_value_given_to_an_item_is_the_field_of_its_name(void **state)
{
	const struct template t = reading_of(
		*state, ETH "  - icmpv6: {type: router-advertisement, options: [mtu: 1500]}\n");

	assert_int_equal(option_value(&t, 0, "mtu")->value.number, 1500);
	assert_int_equal(option_value(&t, 0, "reserved")->state, SPEC_AUTO);
}

static void an_empty_list_is_given_and_auto_is_not(void **state)
{
	const struct template t =
		reading_of(*state, ETH "  - tcp: {options: []}\n  - ipv4: {options: auto}\n");

	assert_int_equal(reading_value(&t, 1, "options")->state, SPEC_GIVEN);
	assert_int_equal(reading_value(&t, 1, "options")->count, 0);
	assert_int_equal(reading_value(&t, 2, "options")->state, SPEC_AUTO);
}

/* Names that stand twice in a table under exclusive conditions. */
static void a_field_is_the_row_whose_condition_holds(void **state)
{
	const struct template t =
		reading_of(*state, ETH "  - icmp: {unused: 0x01020304, type: source-quench}\n");
	const struct spec_record *icmp = &t.frames[0].layers[1].header;
	unsigned int given = 0;

	for (unsigned int i = 0; i < icmp->type->count; i++) {
		if (strcmp(icmp->type->fields[i].name, "unused") != 0)
			continue;
		given += icmp->values[i].state == SPEC_GIVEN;
		assert_int_equal(
			icmp->values[i].state == SPEC_GIVEN, icmp->type->fields[i].width == 32);
	}
	assert_int_equal(given, 1);
}

/* ---- octets ---- */

static void assert_payload(
	struct reading *reading, const char *form, const char *octets, size_t length)
{
	char text[256];
	struct template t;
	const struct spec_value *data;

	snprintf(text, sizeof(text), ETH "  - payload: %s\n", form);
	t = reading_of(reading, text);
	data = reading_value(&t, 1, "data");
	assert_int_equal(data->state, SPEC_GIVEN);
	assert_int_equal(data->value.length, length);
	assert_memory_equal(data->value.octets, octets, length);
}

static void payload_takes_every_form(void **state)
{
	assert_payload(*state, "hello", "hello", 5);
	assert_payload(*state, "\"a\\x00b\\r\\n\"", "a\0b\r\n", 5);
	assert_payload(*state, "\"\"", "", 0);
	assert_payload(*state, "\"auto\"", "auto", 4);
	assert_payload(*state, "'$if.mac'", "$if.mac", 7);
	assert_payload(*state, "\"caf\xc3\xa9\"", "caf\xc3\xa9", 5);
	assert_payload(*state, "|\n      two\n      lines\n", "two\nlines\n", 10);
	assert_payload(*state, "{text: \"x: y\"}", "x: y", 4);
	assert_payload(*state, "{hex: 00ff}", "\x00\xff", 2);
	assert_payload(*state, "{hex: \"0x00 ff:7f-80\"}", "\x00\xff\x7f\x80", 4);
	assert_payload(*state, "\n      hex: |\n        00 01\n        02\n", "\x00\x01\x02", 3);
	assert_payload(*state, "{fill: 0x41, size: 3}", "AAA", 3);
	assert_payload(*state, "{fill: 255, size: 0}", "", 0);
	assert_payload(*state, "{pattern: inc, size: 4}", "\x00\x01\x02\x03", 4);
	assert_payload(*state, "{data: hello}", "hello", 5);
	assert_payload(*state, "{data: {hex: 01}}", "\x01", 1);
}

/* RFC 4648 10: its test vectors. */
static void base64_is_that_of_the_rfc(void **state)
{
	static const char *const vectors[][2] = { { "", "" }, { "Zg==", "f" }, { "Zm8=", "fo" },
		{ "Zm9v", "foo" }, { "Zm9vYg==", "foob" }, { "Zm9vYmE=", "fooba" },
		{ "Zm9vYmFy", "foobar" }, { "Zm9vYmFy Zm9v", "foobarfoo" }, { "Zg", "f" } };
	static const char *const wrong[] = { "Zm9vY",
		"Zg=", "Zg===", "Z=g=", "Zg==Zg==", "Zm9v====", "Zm.v" };
	char form[256];
	struct template t;

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		snprintf(form, sizeof(form), "{base64: \"%s\"}", vectors[i][0]);
		assert_payload(*state, form, vectors[i][1], strlen(vectors[i][1]));
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(form, sizeof(form), ETH "  - payload: {base64: \"%s\"}\n", wrong[i]);
		if (reading_try(*state, form, &t) == 0)
			fail_msg("%s is taken for base64", wrong[i]);
	}
}

static void a_file_is_looked_for_beside_the_template(void **state)
{
	struct reading *reading = *state;
	const char *text = ETH "  - payload: {file: payload.bin}\n";
	const char *template = support_file("t.yaml", text, strlen(text));
	struct template t;

	support_file("payload.bin", "a\0\xff", 3);
	assert_int_equal(
		template_read_file(&reading->arena, template, &reading->options, &t, &reading->err),
		0);
	assert_int_equal(reading_value(&t, 1, "data")->value.length, 3);
	assert_memory_equal(reading_value(&t, 1, "data")->value.octets, "a\0\xff", 3);
}

static void a_file_longer_than_a_frame_is_refused(void **state)
{
	struct reading *reading = *state;
	uint8_t *octets = test_calloc(1, FRAME_LENGTH_MAX + 1);
	const char *path = support_file("long.bin", octets, FRAME_LENGTH_MAX + 1);
	char text[512];
	char message[512];

	test_free(octets);
	snprintf(text, sizeof(text), ETH "  - payload: {file: %s}\n", path);
	snprintf(message, sizeof(message),
		"dir/t.yaml:3:21: payload.file: 65601 octets are more than a frame holds (at most "
		"65600)");
	assert_refused(reading, text, message);
}

static void text_longer_than_a_frame_is_refused(void **state)
{
	struct buffer text = { 0 };

	buffer_printf(&text, ETH "  - payload: \"%0*d\"\n", FRAME_LENGTH_MAX + 1, 0);
	assert_refused(*state, buffer_text(&text),
		"dir/t.yaml:3:14: payload: 65601 octets are more than a frame holds (at most "
		"65600)");
	buffer_fini(&text);
}

/* ---- beside the layers ---- */

static void fcs_is_four_octets_in_wire_order(void **state)
{
	static const char *const ways[] = { "0x1a2b3c4d", "1a2b3c4d", "1a:2b:3c:4d" };
	char text[128];

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct template t;

		snprintf(text, sizeof(text), ETH "fcs: %s\n", ways[i]);
		t = reading_of(*state, text);
		assert_int_equal(t.frames[0].fcs.mode, SPEC_FCS_GIVEN);
		assert_memory_equal(t.frames[0].fcs.octets, "\x1a\x2b\x3c\x4d", 4);
	}
	assert_int_equal(reading_of(*state, ETH "fcs: bad\n").frames[0].fcs.mode, SPEC_FCS_BAD);
	assert_int_equal(reading_of(*state, ETH "fcs: none\n").frames[0].fcs.mode, SPEC_FCS_NONE);
	assert_int_equal(reading_of(*state, ETH "fcs: auto\n").frames[0].fcs.mode, SPEC_FCS_AUTO);
}

static void pad_is_none_a_number_or_octets(void **state)
{
	struct template t = reading_of(*state, ETH "pad: 7\n");

	assert_int_equal(t.frames[0].pad.mode, SPEC_PAD_COUNT);
	assert_int_equal(t.frames[0].pad.length, 7);
	t = reading_of(*state, ETH "pad: {hex: 0102}\n");
	assert_int_equal(t.frames[0].pad.mode, SPEC_PAD_OCTETS);
	assert_memory_equal(t.frames[0].pad.octets, "\x01\x02", 2);
	assert_int_equal(reading_of(*state, ETH "pad: none\n").frames[0].pad.mode, SPEC_PAD_NONE);
	assert_int_equal(reading_of(*state, ETH "pad: auto\n").frames[0].pad.mode, SPEC_PAD_AUTO);
}

static void frames_have_their_own_parts_and_those_of_the_top_else(void **state)
{
	const struct template t =
		reading_of(*state, "name: two\nfcs: bad\nframes:\n"
				   "  - {name: first, layers: [eth], weight: 3, gap: 1.5ms}\n"
				   "  - {layers: [eth, arp], fcs: none, pad: 2}\n");

	assert_int_equal(t.count, 2);
	assert_string_equal(t.frames[0].name, "first");
	assert_int_equal(t.frames[0].weight, 3);
	assert_int_equal(t.frames[0].gap_ns, 1500000);
	assert_int_equal(t.frames[0].fcs.mode, SPEC_FCS_BAD);
	assert_string_equal(t.frames[1].name, "two-2");
	assert_int_equal(t.frames[1].fcs.mode, SPEC_FCS_NONE);
	assert_int_equal(t.frames[1].pad.length, 2);
	assert_int_equal(t.frames[1].count, 2);
}

static void name_is_the_file_s_where_none_is_given(void **state)
{
	const struct template t = reading_of(*state, ETH);

	assert_string_equal(t.name, "t");
	assert_string_equal(t.frames[0].name, "t");
	assert_null(t.about);
}

static void about_is_read_without_variables_or_an_interface(void **state)
{
	struct reading *reading = *state;
	const char *text = "about: >\n  One line\n  of two\nvars: {target: }\n" ETH
			   "  - arp: {tpa: $target, spa: $if.ipv4}\n";
	const char *path = support_file("about.yaml", text, strlen(text));
	struct template t;

	assert_int_equal(template_read_about(&reading->arena, path, &t, &reading->err), 0);
	assert_string_equal(t.name, "about");
	assert_string_equal(t.about, "One line of two");
}

static void a_file_that_is_not_there_is_the_system_s_error(void **state)
{
	struct reading *reading = *state;
	struct template t;

	assert_int_equal(template_read_file(&reading->arena, "no/such.yaml", &reading->options, &t,
				 &reading->err),
		-ENOENT);
	assert_int_equal(reading->err.kind, ERR_SYSTEM);
	assert_string_equal(
		reading->err.text, "cannot read no/such.yaml: No such file or directory");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		reading_test(field_left_out_is_automatic_and_zero_is_given),
		reading_test(checksum_is_automatic_bad_or_a_number),
		reading_test(scalars_mean_what_the_field_says),
		reading_test(layer_without_fields_is_a_bare_name_or_empty_braces),
		reading_test(values_know_their_line_and_column),
		reading_test(columns_count_characters_not_octets),
		reading_test(items_are_names_names_with_a_value_or_with_fields),
		reading_test(lists_within_items_are_lists_of_values_or_of_fields),
		reading_test(a_list_given_to_an_item_is_its_list),
		reading_test(a_value_given_to_an_item_is_the_field_of_its_name),
		reading_test(an_empty_list_is_given_and_auto_is_not),
		reading_test(a_field_is_the_row_whose_condition_holds),
		reading_test(payload_takes_every_form),
		reading_test(base64_is_that_of_the_rfc),
		reading_test(a_file_is_looked_for_beside_the_template),
		reading_test(a_file_longer_than_a_frame_is_refused),
		reading_test(text_longer_than_a_frame_is_refused),
		reading_test(fcs_is_four_octets_in_wire_order),
		reading_test(pad_is_none_a_number_or_octets),
		reading_test(frames_have_their_own_parts_and_those_of_the_top_else),
		reading_test(name_is_the_file_s_where_none_is_given),
		reading_test(about_is_read_without_variables_or_an_interface),
		reading_test(a_file_that_is_not_there_is_the_system_s_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
