/* render_tree: the exact text of a small frame, and what it says of what is wrong. */
#include "render/render.h"

#include "fresh.h"

static const char *tree_of(const struct frame_view *view)
{
	buffer_clear(&out);
	render_tree("test", view, &render_plain, &out);
	return buffer_text(&out);
}

static void has(const char *text, const char *line)
{
	if (!strstr(text, line))
		fail_msg("no \"%s\" in:\n%s", line, text);
}

static const char udp_tree[] =
	"test: 60 octets and 4 of FCS\n"
	"\n"
	"eth                  Ethernet II, 14 octets at 0\n"
	"   0    dst          02:00:00:00:00:02\n"
	"   6    src          02:00:00:00:00:01\n"
	"  12    type         ipv4 (0x0800)       automatic\n"
	"ipv4                 Internet Protocol version 4, 20 octets at 14\n"
	"  14.0  version      4\n"
	"  14.4  ihl          5                   automatic\n"
	"  15.0  dscp         cs0 (0)\n"
	"  15.6  ecn          not-ect (0)\n"
	"  16    length       31                  automatic\n"
	"  18    id           1\n"
	"  20.0  flags        0x0\n"
	"  20.3  frag-offset  0\n"
	"  22    ttl          64\n"
	"  23    protocol     udp (17)            automatic\n"
	"  24    checksum     0x66cb              automatic\n"
	"  26    src          10.0.0.1\n"
	"  30    dst          10.0.0.2\n"
	"  34    options      none\n"
	"udp                  User Datagram Protocol, 8 octets at 34\n"
	"  34    sport        1000\n"
	"  36    dport        2000\n"
	"  38    length       11                  automatic\n"
	"  40    checksum     0x6db4              automatic\n"
	"payload              3 octets at 42\n"
	"  42    data         \"hi\\n\"\n"
	"padding              zeros, 15 octets at 45\n"
	"fcs                  Frame check sequence, 4 octets at 60\n"
	"  60    crc32        87 5d 40 27         automatic\n"
	"\n"
	"00000000  02 00 00 00 00 02 02 00  00 00 00 01 08 00 45 00  |..............E.|\n"
	"00000010  00 1f 00 01 00 00 40 11  66 cb 0a 00 00 01 0a 00  |......@.f.......|\n"
	"00000020  00 02 03 e8 07 d0 00 0b  6d b4 68 69 0a 00 00 00  |........m.hi....|\n"
	"00000030  00 00 00 00 00 00 00 00  00 00 00 00              |............|\n";

static void a_small_frame_reads_so(void **state)
{
	struct frame_view view;

	(void)state;
	frames_udp(&arena, &view);
	assert_string_equal(tree_of(&view), udp_tree);
}

/* It stands out into them instead of pushing them all to the right. */
static void a_long_value_leaves_the_remarks_in_their_column(void **state)
{
	static const char *const layers[] = { "eth", "ipv4", "udp", "payload" };
	struct frames_value values[sizeof(frames_udp_values) / sizeof(frames_udp_values[0])];
	struct frame_view view;

	(void)state;
	memcpy(values, frames_udp_values, sizeof(values));
	values[6].text = "616161616161616161616161616161616161616161616161616161616161616161616161"
			 "61616161616161616162"; /* 46 letters */
	frames_build(&arena, layers, 4, values, sizeof(values) / sizeof(values[0]), &view);
	has(tree_of(&view), "  12    type         ipv4 (0x0800)       automatic\n");
	has(buffer_text(&out),
		"  42    data         \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\"\n");
}

static void a_frame_without_a_name_has_no_colon(void **state)
{
	struct frame_view view;

	(void)state;
	frames_udp(&arena, &view);
	buffer_clear(&out);
	render_tree(NULL, &view, &render_plain, &out);
	assert_memory_equal(out.data, "60 octets", 9);
}

static void colour_adds_escapes_alone(void **state)
{
	struct render_style style = render_colored;
	struct frame_view view;
	struct buffer plain = { 0 };
	size_t i;

	(void)state;
	style.octets = false;
	frames_udp(&arena, &view);
	buffer_clear(&out);
	render_tree("test", &view, &style, &out);
	for (i = 0; i < out.length; i++) {
		if (out.data[i] == '\033')
			i += strcspn((char *)out.data + i, "m");
		else
			buffer_put(&plain, &out.data[i], 1);
	}
	assert_string_equal(buffer_text(&plain), udp_tree);
	buffer_fini(&plain);
}

static void octets_stand_beside_their_fields(void **state)
{
	struct render_style style = render_plain;
	struct frame_view view;
	const char *text;

	(void)state;
	style.octets = true;
	frames_udp(&arena, &view);
	buffer_clear(&out);
	render_tree("test", &view, &style, &out);
	text = buffer_text(&out);
	has(text, "   0    02 00 00 00 00 02    dst          02:00:00:00:00:02\n");
	has(text, "  14.0  4.                   version      4\n");
	has(text, "  14.4  .5                   ihl          5                   automatic\n");
	has(text, "  15.0  0000 00..            dscp         cs0 (0)\n");
	has(text, "  20.3  ...0 0000 0000 0000  frag-offset  0\n");
	has(text, "  34                         options      none\n");
	has(text, "  60    87 5d 40 27          crc32        87 5d 40 27         automatic\n");
}

static void the_dump_has_the_layers_colours(void **state)
{
	struct frame_view view;

	(void)state;
	frames_udp(&arena, &view);
	buffer_clear(&out);
	render_tree("test", &view, &render_colored, &out);
	/* The first row: 14 octets of eth, 2 of ipv4. */
	has(buffer_text(&out), "\033[34m02 00 00 00 00 02 02 00  00 00 00 01 08 00 "
			       "\033[0m\033[32m45 00\033[0m");
}

/* The frame above, captured: nothing of it is automatic, and what holds is right. */
#define CAPTURED                                                               \
	"02000000000202000000000108004500001f00010000401166cb0a0000010a000002" \
	"03e807d0000b6db468690a"

static void what_was_captured_is_right_or_wrong(void **state)
{
	struct frame_view view;
	const char *text;

	(void)state;
	frames_dissect(&arena, CAPTURED "000000", DISSECT_FCS_ABSENT, &view);
	text = tree_of(&view);
	has(text, "test: 48 octets\n");
	has(text, "checksum     0x66cb              right\n");
	has(text, "checksum     0x6db4              right\n");
	has(text, "\npadding              zeros, 3 octets at 45\n");
	has(text, "\nfcs                  none here; ");
	assert_null(strstr(text, "automatic"));
	assert_null(strstr(text, "11                  right")); /* goes without saying */
}

static void a_wrong_value_has_the_right_one_beside_it(void **state)
{
	struct frame_view view;
	const char *text;

	(void)state;
	frames_dissect(&arena,
		"02000000000202000000000108004500001f00010000401112340a0000010a000002"
		"03e807d000ff6db468690a1a2b3c4d",
		DISSECT_FCS_PRESENT, &view);
	text = tree_of(&view);
	has(text, "checksum     0x1234              wrong: 0x66cb would be right\n");
	has(text, "length       255                 wrong: 11 would be right\n");
	has(text, "crc32        1a 2b 3c 4d         wrong: ");
}

static void octets_that_could_not_be_read_are_explained(void **state)
{
	struct frame_view view;

	(void)state;
	frames_dissect(&arena, "0200000000020200000000010800450000", DISSECT_FCS_ABSENT, &view);
	assert_non_null(view.fault);
	has(tree_of(&view), "not read further: ipv4: ");
}

static void options_have_a_line_each(void **state)
{
	/* mss 1400, nop, wscale 3, sack {1, 2}, end and its filling: 20 octets */
	static const char syn[] = "0200000000020200000000010800"
				  "4500003c00010000400666ba0a0000010a000002"
				  "0014005000000000"
				  "00000000"
				  "a002200000000000"
				  "02040578"
				  "01"
				  "030303"
				  "050a0000000100000002"
				  "0000";
	struct frame_view view;
	const char *text;

	(void)state;
	frames_dissect(&arena, syn, DISSECT_FCS_ABSENT, &view);
	text = tree_of(&view);
	has(text, "  54      mss        1400\n");
	has(text, "  58      nop\n");
	has(text, "  59      wscale     3\n");
	has(text, "  62      sack       {left 1, right 2}\n");
}

/* A payload that is longer than a line shows. */
static void build_long(struct frame_view *view)
{
	static const char *const layers[] = { "eth", "payload" };
	static const struct frames_value values[] = {
		{ "eth", "dst", "02:00:00:00:00:02" },
		{ "eth", "src", "02:00:00:00:00:01" },
		{ "eth", "type", "0x88b5" },
		{ "payload", "data", "000102030405060708090a0b0c0d0e0f1011" },
	};

	frames_build(&arena, layers, 2, values, 4, view);
}

static void a_long_run_is_cut_and_counted(void **state)
{
	struct frame_view view;

	(void)state;
	build_long(&view);
	has(tree_of(&view), "data     000102030405060708090a0b0c0d0e0f... (18 octets)\n");
}

static void a_remark_stands_off_a_value_of_any_length(void **state)
{
	struct frame_view view;

	(void)state;
	build_long(&view);
	view.layers[1].header.fields[0].varies = true;
	has(tree_of(&view), "... (18 octets)  varies\n");
}

static void a_name_cannot_command_the_terminal(void **state)
{
	struct frame_view view;

	(void)state;
	frames_udp(&arena, &view);
	buffer_clear(&out);
	render_tree("a\033[2Jb", &view, &render_plain, &out);
	assert_memory_equal(out.data, "a?[2Jb: ", 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_small_frame_reads_so),
		TEST(a_frame_without_a_name_has_no_colon),
		TEST(a_long_value_leaves_the_remarks_in_their_column),
		TEST(colour_adds_escapes_alone),
		TEST(octets_stand_beside_their_fields),
		TEST(the_dump_has_the_layers_colours),
		TEST(what_was_captured_is_right_or_wrong),
		TEST(a_wrong_value_has_the_right_one_beside_it),
		TEST(octets_that_could_not_be_read_are_explained),
		TEST(options_have_a_line_each),
		TEST(a_long_run_is_cut_and_counted),
		TEST(a_remark_stands_off_a_value_of_any_length),
		TEST(a_name_cannot_command_the_terminal),
	};

	return cmocka_run_group_tests_name("render/tree", tests, NULL, NULL);
}
