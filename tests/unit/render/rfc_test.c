/* render_rfc: the exact text of small frames, with values and without. */
#include "render/render.h"

#include "fresh.h"

static const char *rfc_of(const char *hex, bool values)
{
	struct frame_view view;

	frames_dissect(&arena, hex, DISSECT_FCS_ABSENT, &view);
	buffer_clear(&out);
	render_rfc("test", &view, values, &out);
	return buffer_text(&out);
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no\n%sin:\n%s", part, text);
}

#define RULER                                                              \
	" 0                   1                   2                   3\n" \
	" 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1\n"
#define LINE "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"
#define HALF "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"

/* Ethernet and VLAN 10 of priority 3, with two octets. */
#define SMALL                          \
	"0200000000020200000000018100" \
	"600a88b5"                     \
	"6869"

static void a_small_frame_is_drawn_so(void **state)
{
	(void)state;
	/* clang-format off */
	assert_string_equal(rfc_of(SMALL, false),
		"test: 20 octets\n"
		"\n"
		"eth: Ethernet II, 14 octets at 0\n"
		"\n"
		RULER
		LINE
		"|                              dst                              |\n"
		"+                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"
		"|                               |                               |\n"
		"+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +\n"
		"|                              src                              |\n"
		LINE
		"|             type              |\n"
		HALF
		"\n"
		"vlan: IEEE 802.1Q customer VLAN tag, 4 octets at 14\n"
		"\n"
		RULER
		LINE
		"| pcp |d|          id           |             type              |\n"
		LINE
		" d: dei\n"
		"\n"
		"payload: 2 octets at 18\n"
		"\n"
		RULER
		HALF
		"|             data              |\n"
		HALF);
	/* clang-format on */
}

static void what_varies_has_a_star_or_a_note(void **state)
{
	struct frame_view view;

	(void)state;
	frames_dissect(&arena, SMALL, DISSECT_FCS_ABSENT, &view);
	view.layers[1].header.fields[1].varies = true;
	view.layers[1].header.fields[2].varies = true;
	render_rfc("test", &view, false, &out);
	/* clang-format off */
	has(buffer_text(&out),
		LINE
		"| pcp |d|          *id          |             type              |\n"
		LINE
		" d: dei, dei varies\n"
		" *: varies from frame to frame\n");
	/* clang-format on */
	if (strstr(strstr(buffer_text(&out), "from frame to frame") + 1, "from frame to frame"))
		fail_msg("a figure in which nothing varies has the note");
}

static void values_stand_below_the_names(void **state)
{
	(void)state;
	rfc_of(SMALL, true);
	/* clang-format off */
	has(buffer_text(&out),
		LINE
		"| pcp |d|          id           |             type              |\n"
		"|  3  |0|          10           |    experimental-1 (0x88b5)    |\n"
		LINE);
	has(buffer_text(&out),
		HALF
		"|             data              |\n"
		"|    68 'h'          69 'i'     |\n"
		HALF);
	/* clang-format on */
}

static void a_field_of_several_rows_has_its_name_in_their_middle(void **state)
{
	static const char ipv6[] =
		"02000000000202000000000186dd"
		"60000000000c3b40"
		"20010db800000000000000000000000120010db8000000000000000000000002";
	/* clang-format off */
	static const char address[] =
		LINE
		"|                                                               |\n"
		"+                                                               +\n"
		"|                                                               |\n"
		"+                              src                              +\n"
		"|                                                               |\n"
		"+                                                               +\n"
		"|                                                               |\n"
		LINE;
	static const char address_value[] =
		"+                                                               +\n"
		"|                              src                              |\n"
		"+                          2001:db8::1                          +\n"
		"|                                                               |\n"
		"+                                                               +\n";
	/* clang-format on */

	(void)state;
	has(rfc_of(ipv6, false), address);
	has(rfc_of(ipv6, true), address_value);
}

static void a_long_payload_is_folded(void **state)
{
	char hex[2 * 1514 + 1];

	(void)state;
	memset(hex, '4', sizeof(hex) - 1);
	hex[sizeof(hex) - 1] = '\0';
	memcpy(hex, "02000000000202000000000188b5", 28);
	/* clang-format off */
	has(rfc_of(hex, false),
		LINE
		"|                                                               |\n"
		"+                             data                              +\n"
		"|                                                               |\n"
		"+                                                               +\n"
		"/                       1,492 octets more                       /\n"
		LINE);
	/* clang-format on */
	has(rfc_of(hex, true),
		"/                       1,476 octets more                       /\n");
	/* A last row that is not full is folded with the others. */
	hex[sizeof(hex) - 3] = '\0';
	has(rfc_of(hex, false),
		"/                       1,491 octets more                       /\n" LINE);
}

static void what_is_wrong_is_said_where_values_are(void **state)
{
	static const char wrong[] = "02000000000202000000000108004500001f00010000401112340a000001"
				    "0a00000203e807d0000b6db468690a";

	(void)state;
	has(rfc_of(wrong, true), " checksum is wrong: 0x66cb would be right\n");
	assert_null(strstr(rfc_of(wrong, false), "wrong"));
}

static void the_fcs_is_a_figure_too(void **state)
{
	struct frame_view view;

	(void)state;
	frames_udp(&arena, &view);
	render_rfc(NULL, &view, true, &out);
	assert_memory_equal(out.data, "60 octets and 4 of FCS\n", 23);
	/* clang-format off */
	has(buffer_text(&out),
		"fcs: Frame check sequence, 4 octets at 60\n"
		"\n"
		RULER
		LINE
		"|                             crc32                             |\n"
		"|                          87 5d 40 27                          |\n"
		LINE);
	/* clang-format on */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_small_frame_is_drawn_so),
		TEST(what_varies_has_a_star_or_a_note),
		TEST(values_stand_below_the_names),
		TEST(a_field_of_several_rows_has_its_name_in_their_middle),
		TEST(a_long_payload_is_folded),
		TEST(what_is_wrong_is_said_where_values_are),
		TEST(the_fcs_is_a_figure_too),
	};

	return cmocka_run_group_tests_name("render/rfc", tests, NULL, NULL);
}
