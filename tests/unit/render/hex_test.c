/* hexdump, one line of hex, a C array. */
#include "render/render.h"

#include "fresh.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void hex_is_lower_case_and_one_line(void **state)
{
	static const uint8_t octets[] = { 0x00, 0xAB, 0xff };

	(void)state;
	render_hex(octets, sizeof(octets), &out);
	assert_string_equal(buffer_text(&out), "00abff\n");
}

static void hex_of_nothing_is_an_empty_line(void **state)
{
	(void)state;
	render_hex(NULL, 0, &out);
	assert_string_equal(buffer_text(&out), "\n");
}

static void a_dump_has_sixteen_octets_a_row(void **state)
{
	static const uint8_t octets[] = "ABCDEFGHIJKLMNOP\x00\x7f ~";

	(void)state;
	render_hexdump(octets, 20, &render_plain, &out);
	assert_string_equal(buffer_text(&out),
		"00000000  41 42 43 44 45 46 47 48  49 4a 4b 4c 4d 4e 4f 50  |ABCDEFGHIJKLMNOP|\n"
		"00000010  00 7f 20 7e                                       |.. ~|\n");
}

static void a_dump_of_nothing_is_nothing(void **state)
{
	(void)state;
	render_hexdump(NULL, 0, &render_plain, &out);
	assert_string_equal(buffer_text(&out), "");
}

/* hexdump(1) prints the same rows. */
static void a_dump_is_hexdump_s(void **state)
{
	char path[] = "/tmp/pktsmith-hexdump-XXXXXX";
	char command[128];
	struct buffer theirs = { 0 };
	uint8_t octets[100];
	char line[256];
	FILE *pipe;
	int fd;
	int i;

	(void)state;
	for (i = 0; i < 100; i++)
		octets[i] = (uint8_t)(i * 37 + 5);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, octets, sizeof(octets)), sizeof(octets));
	close(fd);
	snprintf(command, sizeof(command), "hexdump -Cv %s | grep '|'", path);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	while (fgets(line, sizeof(line), pipe))
		buffer_put(&theirs, line, strlen(line));
	assert_int_equal(pclose(pipe), 0);
	unlink(path);
	render_hexdump(octets, sizeof(octets), &render_plain, &out);
	assert_string_equal(buffer_text(&out), buffer_text(&theirs));
	buffer_fini(&theirs);
}

static void a_c_array_has_a_comment_a_layer(void **state)
{
	struct frame_view view;

	(void)state;
	frames_udp(&arena, &view);
	render_c("udp test", &view, true, &out);
	assert_string_equal(buffer_text(&out),
		"static const unsigned char udp_test[64] = {\n"
		"\t/* eth */\n"
		"\t0x02, 0x00, 0x00, 0x00, 0x00, 0x02, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01,\n"
		"\t0x08, 0x00,\n"
		"\t/* ipv4 */\n"
		"\t0x45, 0x00, 0x00, 0x1f, 0x00, 0x01, 0x00, 0x00, 0x40, 0x11, 0x66, 0xcb,\n"
		"\t0x0a, 0x00, 0x00, 0x01, 0x0a, 0x00, 0x00, 0x02,\n"
		"\t/* udp */\n"
		"\t0x03, 0xe8, 0x07, 0xd0, 0x00, 0x0b, 0x6d, 0xb4,\n"
		"\t/* payload */\n"
		"\t0x68, 0x69, 0x0a,\n"
		"\t/* padding */\n"
		"\t0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,\n"
		"\t0x00, 0x00, 0x00,\n"
		"\t/* fcs */\n"
		"\t0x87, 0x5d, 0x40, 0x27,\n"
		"};\n");
}

static void begins(const char *name, const char *wanted)
{
	struct frame_view view;

	frames_udp(&arena, &view);
	buffer_clear(&out);
	render_c(name, &view, false, &out);
	assert_memory_equal(out.data, wanted, strlen(wanted));
}

static void any_name_becomes_an_identifier(void **state)
{
	(void)state;
	begins("6in4", "static const unsigned char frame_6in4[60] = {");
	begins("a.b/c d", "static const unsigned char a_b_c_d[60] = {");
	begins("switch", "static const unsigned char switch_frame[60] = {");
	begins("", "static const unsigned char frame_[60] = {");
	begins(NULL, "static const unsigned char frame[60] = {");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hex_is_lower_case_and_one_line),
		TEST(hex_of_nothing_is_an_empty_line),
		TEST(a_dump_has_sixteen_octets_a_row),
		TEST(a_dump_of_nothing_is_nothing),
		TEST(a_dump_is_hexdump_s),
		TEST(a_c_array_has_a_comment_a_layer),
		TEST(any_name_becomes_an_identifier),
	};

	return cmocka_run_group_tests_name("render/hex", tests, NULL, NULL);
}
