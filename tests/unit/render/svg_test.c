/* render_svg: what stands in the picture. That it is XML, and can be drawn,
 * tests/cli/pictures_test.sh shows. */
#include "render/render.h"
#include "render/svg.h"

#include "fresh.h"
#include "../../support/random.h"

#include <stdio.h>

static const char *svg_of(const char *name, const struct frame_view *view)
{
	const struct render_named frame = { name, view };

	buffer_clear(&out);
	render_svg(&frame, 1, &out);
	return buffer_text(&out);
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no %s in:\n%s", part, text);
}

static int count(const char *text, const char *part)
{
	int found = 0;

	for (; (text = strstr(text, part)); text++)
		found++;
	return found;
}

static void a_field_has_one_cell(void **state)
{
	static const char *const cells[] = { "eth.dst", "eth.src", "eth.type", "ipv4.version",
		"ipv4.ihl", "ipv4.dscp", "ipv4.ecn", "ipv4.length", "ipv4.id", "ipv4.flags",
		"ipv4.frag-offset", "ipv4.ttl", "ipv4.protocol", "ipv4.checksum", "ipv4.src",
		"ipv4.dst", "udp.sport", "udp.dport", "udp.length", "udp.checksum", "payload.data",
		"padding.zeros", "fcs.crc32" };
	struct frame_view view;
	const char *svg;
	char cell[64];
	size_t i;

	(void)state;
	frames_udp(&arena, &view);
	svg = svg_of("test", &view);
	assert_int_equal(count(svg, "<g class=\"cell\""), sizeof(cells) / sizeof(cells[0]));
	for (i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		snprintf(cell, sizeof(cell), "<g class=\"cell\" data-field=\"%s\">", cells[i]);
		if (count(svg, cell) != 1)
			fail_msg("%d of %s", count(svg, cell), cell);
	}
}

static void rows_have_their_offset_at_the_left(void **state)
{
	static const unsigned int offsets[] = { 0, 4, 8, 12, 14, 18, 22, 26, 30, 34, 38, 42, 45, 49,
		53, 57, 60 };
	struct frame_view view;
	const char *svg;
	const char *at;
	size_t i;

	(void)state;
	frames_udp(&arena, &view);
	svg = svg_of("test", &view);
	for (i = 0, at = svg; (at = strstr(at, "<text x=\"48\"")); i++) {
		at = strchr(at, '>') + 1;
		assert_true(i < sizeof(offsets) / sizeof(offsets[0]));
		assert_int_equal(strtoul(at, NULL, 10), offsets[i]);
	}
	assert_int_equal(i, sizeof(offsets) / sizeof(offsets[0]));
}

static void cells_hold_names_and_values(void **state)
{
	struct frame_view view;
	const char *svg;

	(void)state;
	frames_udp(&arena, &view);
	svg = svg_of("test", &view);
	has(svg, ">frag-offset</text>");
	has(svg, ">10.0.0.1</text>");
	has(svg, ">udp (17)</text>");
	has(svg, ">60 octets and 4 of FCS</text>");
	has(svg, ">68</text>");			    /* the payload's first octet, */
	has(svg, ">h</text>");			    /* and its character */
	has(svg, ">0</text>");			    /* ecn: its name with the number is too wide */
	assert_int_equal(count(svg, "not-ect"), 1); /* for who points at it */
}

static void the_ruler_has_32_bits_for_each_frame(void **state)
{
	struct frame_view view;

	(void)state;
	frames_udp(&arena, &view);
	assert_int_equal(count(svg_of("test", &view), "font-size=\"9.5\""), 32);
	buffer_clear(&out);
	render_svg((struct render_named[]){ { "a", &view }, { "b", &view } }, 2, &out);
	assert_int_equal(count(buffer_text(&out), "font-size=\"9.5\""), 64);
	assert_int_equal(count(buffer_text(&out), "<svg "), 1);
	has(buffer_text(&out), ">b</text>");
}

static void the_dark_palette_is_for_who_prefers_it(void **state)
{
	struct frame_view view;
	const char *svg;
	const char *style;

	(void)state;
	frames_udp(&arena, &view);
	svg = svg_of("test", &view);
	style = strstr(svg, "<style>\n@media screen and (prefers-color-scheme: dark) {\n");
	assert_non_null(style);
	/* All of the style is inside: without it the attributes are what counts. */
	assert_memory_equal(strstr(svg, "</style>") - 2, "}\n", 2);
	has(svg, "fill=\"#ffffff\"/>\n");
}

static void a_wrong_value_has_the_right_one_below(void **state)
{
	struct frame_view view;

	(void)state;
	frames_dissect(&arena,
		"02000000000202000000000108004500001f00010000401112340a0000010a000002"
		"03e807d0000b6db468690a1a2b3c4d",
		DISSECT_FCS_PRESENT, &view);
	has(svg_of("test", &view), ">checksum is wrong: 0x66cb would be right</text>");
	has(buffer_text(&out), "font-weight=\"bold\" class=\"w\" fill=\"#ab1f17\" "
			       "stroke=\"none\">0x1234</text>");
	has(buffer_text(&out), ">crc32 is wrong: ");
}

static void a_narrow_field_is_spelt_out_below(void **state)
{
	static const char fragment[] =
		"02000000000202000000000186dd"
		"60000000000c2c4020010db800000000000000000000000120010db8000000000000000000000002"
		"3b00000100000001deadbeef";
	struct frame_view view;

	(void)state;
	frames_dissect(&arena, fragment, DISSECT_FCS_ABSENT, &view);
	has(svg_of("test", &view), ">mor</text>");
	has(buffer_text(&out), ">mor: more</text>");
}

static void an_item_of_a_list_is_a_cell(void **state)
{
	static const char syn[] = "0200000000020200000000010800"
				  "4500003000010000400666c40a0000010a000002"
				  "00140050000000010000000070022000000000000204057804020101";
	struct frame_view view;
	const char *svg;

	(void)state;
	frames_dissect(&arena, syn, DISSECT_FCS_ABSENT, &view);
	svg = svg_of("test", &view);
	assert_int_equal(count(svg, "data-field=\"tcp.options."), 4);
	assert_int_equal(count(svg, "data-field=\"tcp.options.nop\""), 2);
	has(svg, ">1400</text>");
}

static void a_long_payload_is_folded(void **state)
{
	char hex[2 * 1514 + 1];
	struct frame_view view;

	(void)state;
	memset(hex, '4', sizeof(hex) - 1);
	hex[sizeof(hex) - 1] = '\0';
	memcpy(hex, "02000000000202000000000188b5", 28);
	frames_dissect(&arena, hex, DISSECT_FCS_ABSENT, &view);
	has(svg_of("test", &view), ">\u2026 1,476 octets more</text>");
	assert_int_equal(count(buffer_text(&out), ">44</text>"), 24);
	has(buffer_text(&out), ">1,500 octets</text>");
}

/* A letter beside each octet, where one that is drawn is a character: what is folded is not. */
static void characters_stand_beside_octets_that_are_drawn(void **state)
{
	char hex[2 * 300 + 1];
	struct frame_view view;

	(void)state;
	memset(hex, '0', sizeof(hex) - 1);
	hex[sizeof(hex) - 1] = '\0';
	memcpy(hex, "02000000000202000000000188b5", 28);
	for (size_t i = 2 * (14 + 24); i < sizeof(hex) - 1; i += 2)
		memcpy(hex + i, "78", 2); /* x, in the row that stands for the rest */
	hex[29] = '1';
	frames_dissect(&arena, hex, DISSECT_FCS_ABSENT, &view);
	assert_int_equal(count(svg_of("test", &view), ">.</text>"), 0);
	memcpy(hex + 30, "78", 2);
	frames_dissect(&arena, hex, DISSECT_FCS_ABSENT, &view);
	svg_of("test", &view);
	assert_true(count(buffer_text(&out), ">.</text>") > 8);
	assert_int_equal(count(buffer_text(&out), ">x</text>"), 1);
}

/* Where the second part ends before the first begins, each has an outline that is open to the
 * other; ARP's spa is the right half of a row and the left half of the next. */
static void a_cell_in_two_parts_is_open_between_them(void **state)
{
	static const char arp[] = "ffffffffffff020000000001"
				  "0806"
				  "0001080006040001"
				  "0200000000010a000001"
				  "0000000000000a000002";
	struct frame_view view;
	const char *cell;

	(void)state;
	frames_dissect(&arena, arp, DISSECT_FCS_ABSENT, &view);
	cell = strstr(svg_of("test", &view), "data-field=\"arp.spa\"");
	assert_non_null(cell);
	cell = strstr(cell, "<path");
	assert_memory_equal(cell, "<path stroke=\"none\"", 19);
}

static void a_name_cannot_be_markup(void **state)
{
	struct frame_view view;
	const char *svg;

	(void)state;
	frames_udp(&arena, &view);
	svg = svg_of("<b>&\"\033\xff", &view);
	has(svg, ">&lt;b&gt;&amp;&quot;\xef\xbf\xbd\xef\xbf\xbd</text>");
	assert_null(strstr(svg, "<b>"));
	has(svg_of(NULL, &view), ">frame</text>");
}

static void escapes(const char *text, const char *wanted)
{
	buffer_clear(&out);
	svg_escape(text, &out);
	assert_string_equal(buffer_text(&out), wanted);
}

static void text_is_what_xml_has_characters_for(void **state)
{
	(void)state;
	escapes("plain", "plain");
	escapes("gr\xc3\xb6\xc3\x9f"
		"e",
		"gr\xc3\xb6\xc3\x9f"
		"e");
	escapes("\x01\x1f", "\xef\xbf\xbd\xef\xbf\xbd");
	escapes("\t\n", "\t\n");
	escapes("\xef\xbf\xbe", "\xef\xbf\xbd"); /* U+FFFE */
	escapes("\xef\xbf\xbd", "\xef\xbf\xbd");
	escapes("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); /* a surrogate */
	escapes("\xc3", "\xef\xbf\xbd");
}

static void a_field_that_varies_is_hatched(void **state)
{
	struct frame_view view;
	const char *svg;

	(void)state;
	frames_udp(&arena, &view);
	svg = svg_of("test", &view);
	assert_null(strstr(svg, "url(#varies)"));
	assert_null(strstr(svg, "Hatched"));
	view.layers[2].header.fields[0].varies = true; /* udp.sport */
	svg = svg_of("test", &view);
	assert_int_equal(count(svg, "url(#varies)"), 1);
	has(strstr(svg, "data-field=\"udp.sport\""), "url(#varies)");
	assert_null(strstr(strstr(svg, "data-field=\"udp.dport\""), "url(#varies)"));
	assert_int_equal(count(svg, "id=\"varies\""), 1);
	has(svg, ">Hatched fields vary from frame to frame.</text>");
}

static void what_was_not_read_is_said(void **state)
{
	struct frame_view view;

	(void)state;
	frames_dissect(&arena, "0200000000020200000000010800450000", DISSECT_FCS_ABSENT, &view);
	has(svg_of("test", &view), ">not read further: ipv4: ");
}

/* Seeds of real frames, changed at random places, and cut: the fields that come out of it, whatever
 * they are, are drawn within the measures, in both kinds of picture. */
static void any_octets_can_be_drawn(void **state)
{
	static const char seed[] =
		"02000000000202000000000186dd"
		"60000000003c002020010db800000000000000000000000120010db8000000000000000000000002"
		"0600050200000100" /* hop-by-hop */
		"0014005000000001000000007002ffff0000000002040578"
		"08fd4028b3000200030005000600000000000000000000000000";
	uint64_t random = 7;
	uint8_t octets[sizeof(seed) / 2];
	uint8_t changed[sizeof(octets)];
	struct frame_view view;
	unsigned int i, j;
	const char *svg;
	const char *line;

	(void)state;
	for (i = 0; i < sizeof(octets); i++) {
		char pair[3] = { seed[2 * i], seed[2 * i + 1], '\0' };

		octets[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	for (i = 0; i < 2000; i++) {
		size_t length = support_random_below(&random, sizeof(octets)) + 1;

		memcpy(changed, octets, sizeof(octets));
		for (j = 0; j < i % 8; j++)
			changed[support_random_below(&random, sizeof(octets))] =
				(uint8_t)support_random_below(&random, 256);
		arena_reset(&arena);
		frame_dissect(&arena, &wire_eth, changed, length, DISSECT_FCS_ABSENT, &view);
		svg = svg_of("x", &view);
		assert_int_equal(count(svg, "<g "), count(svg, "</g>"));
		buffer_clear(&out);
		render_rfc("x", &view, i % 2, &out);
		for (line = buffer_text(&out); (line = strstr(line, "\n+")); line++)
			assert_true(strcspn(line + 1, "\n") <= 65);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_field_has_one_cell),
		TEST(rows_have_their_offset_at_the_left),
		TEST(cells_hold_names_and_values),
		TEST(the_ruler_has_32_bits_for_each_frame),
		TEST(the_dark_palette_is_for_who_prefers_it),
		TEST(a_wrong_value_has_the_right_one_below),
		TEST(a_narrow_field_is_spelt_out_below),
		TEST(an_item_of_a_list_is_a_cell),
		TEST(a_long_payload_is_folded),
		TEST(characters_stand_beside_octets_that_are_drawn),
		TEST(a_cell_in_two_parts_is_open_between_them),
		TEST(a_name_cannot_be_markup),
		TEST(text_is_what_xml_has_characters_for),
		TEST(a_field_that_varies_is_hatched),
		TEST(what_was_not_read_is_said),
		TEST(any_octets_can_be_drawn),
	};

	return cmocka_run_group_tests_name("render/svg", tests, NULL, NULL);
}
