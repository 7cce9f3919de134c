/* Capture files of every shape, made by hand and by Wireshark's editcap. */
#include "link/capture.h"

#include "base/err.h"
#include "link/pcapfile.h"

#include "../../support/file.h"
#include "../../support/lab.h"

#include <arpa/inet.h>
#include <byteswap.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#define TIME_NS 1700000000123456789U

static const uint8_t octets[64] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6, 0,
	1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2 };

/* A file of 5 frames, of 60 to 64 octets. */
static const char *five_frames(const char *name, bool with_fcs)
{
	const char *path = support_path(name);
	struct pcapfile *file;

	assert_int_equal(pcapfile_create(&file, path, with_fcs, NULL), 0);
	for (uint32_t i = 0; i < 5; i++)
		assert_int_equal(
			pcapfile_write(file, TIME_NS + i, octets, 60 + i, 60 + i, NULL), 0);
	assert_int_equal(pcapfile_close(file, NULL), 0);
	return path;
}

static struct capture *open_file(const char *path, const char *filter)
{
	struct err err = { 0 };
	struct capture *capture;

	if (capture_open_file(&capture, path, filter, &err))
		fail_msg("%s", err.text);
	return capture;
}

static void holds_five(struct capture *capture, uint64_t time_ns, uint64_t step_ns)
{
	struct capture_frame frame;
	struct capture_stats stats;

	for (uint32_t i = 0; i < 5; i++) {
		assert_int_equal(capture_next(capture, &frame, -1, NULL), 1);
		assert_int_equal(frame.captured, 60 + i);
		assert_int_equal(frame.length, 60 + i);
		assert_int_equal(frame.time_ns, time_ns + i * step_ns);
		assert_memory_equal(frame.octets, octets, 60 + i);
	}
	assert_int_equal(capture_next(capture, &frame, -1, NULL), -ENODATA);
	assert_int_equal(capture_next(capture, &frame, 0, NULL), -ENODATA);
	assert_int_equal(capture_stats(capture, &stats, NULL), 0);
	assert_int_equal(stats.received, 5);
	assert_int_equal(stats.dropped, 0);
	capture_close(capture);
}

static void nanoseconds_are_kept(void **state)
{
	struct capture *capture = open_file(five_frames("nano.pcap", false), NULL);

	(void)state;
	assert_int_equal(capture_link(capture), CAPTURE_ETHERNET);
	assert_string_equal(capture_link_name(capture), "EN10MB");
	assert_false(capture_has_fcs(capture));
	holds_five(capture, TIME_NS, 1);
}

static void microseconds_become_nanoseconds(void **state)
{
	const char *in = five_frames("to-micro.pcap", false), *out = support_path("micro.pcap");

	(void)state;
	assert_true(support_run("editcap -F pcap %s %s", in, out));
	holds_five(open_file(out, NULL), TIME_NS / 1000 * 1000, 0);
}

static void pcapng_is_read(void **state)
{
	const char *in = five_frames("to-ng.pcap", false), *out = support_path("out.pcapng");
	struct capture *capture;

	(void)state;
	assert_true(support_run("editcap -F pcapng %s %s", in, out));
	capture = open_file(out, NULL);
	assert_false(capture_has_fcs(capture));
	holds_five(capture, TIME_NS, 1);
}

/* A pcap file without frames: magic, version, link type's word. */
static const char *empty_file(const char *name, uint32_t magic, uint32_t word, bool swapped)
{
	uint32_t header[6] = { magic, 0x00040002, 0, 0, 65535, word };

	for (size_t i = 0; swapped && i < 6; i++)
		header[i] = bswap_32(header[i]);
	if (swapped) /* two numbers of 16 bits */
		header[1] = (header[1] & 0xffff) << 16 | header[1] >> 16;
	return support_file(name, header, sizeof(header));
}

struct word_row {
	uint32_t word;
	bool fcs;
	enum capture_link link;
	const char *name;
};

static void the_link_type_tells_of_the_fcs_in_either_byte_order(void **state)
{
	static const struct word_row rows[] = {
		{ 0x24000001, true, CAPTURE_ETHERNET, "EN10MB" },
		{ 0x00000001, false, CAPTURE_ETHERNET, "EN10MB" },
		{ 0x20000001, false, CAPTURE_ETHERNET, "EN10MB" }, /* the bit says: no length */
		{ 0x14000001, false, CAPTURE_ETHERNET, "EN10MB" }, /* two octets */
		{ 101, false, CAPTURE_RAW_IP, "RAW" },
		{ 228, false, CAPTURE_RAW_IP, "IPV4" },
		{ 229, false, CAPTURE_RAW_IP, "IPV6" },
		{ 276, false, CAPTURE_OTHER, "LINUX_SLL2" },
		{ 60000, false, CAPTURE_OTHER, "DLT 60000" },
	};
	static const uint32_t magics[] = { 0xa1b2c3d4, 0xa1b23c4d };

	(void)state;
	for (size_t i = 0; i < 4 * sizeof(rows) / sizeof(rows[0]); i++) {
		const struct word_row *row = &rows[i / 4];
		struct capture *capture =
			open_file(empty_file("word.pcap", magics[i & 1], row->word, i & 2), NULL);
		struct capture_frame frame;

		assert_int_equal(capture_has_fcs(capture), row->fcs);
		assert_int_equal(capture_link(capture), row->link);
		assert_string_equal(capture_link_name(capture), row->name);
		assert_int_equal(capture_next(capture, &frame, -1, NULL), -ENODATA);
		capture_close(capture);
	}
}

/* A pcapng file: a section header, optionally 100,000 octets of a block that nobody knows, and an
 * interface with an if_fcslen option behind another one. */
static const char *ng_file(const char *name, uint8_t fcs_length, bool unknown_block, bool swapped)
{
	enum { BLOCK = 100000 };
	static uint8_t file[28 + BLOCK + 64];
	uint32_t words[] = { 0x0a0d0d0a, 28, 0x1a2b3c4d, 0x00000001, 0xffffffff, 0xffffffff, 28 };
	uint32_t block[] = { 0x0bad, BLOCK };
	uint32_t interface[] = { 1, 36, 1, 0, 9 | 1 << 16, 0, 13 | 1 << 16, fcs_length, 36 };
	size_t length = sizeof(words);

	interface[5] = 9; /* if_tsresol: nanoseconds */
	if (swapped) {
		for (size_t i = 0; i < 7; i++)
			words[i] = bswap_32(words[i]);
		words[3] = 0x00000100;
		for (size_t i = 0; i < 9; i++)
			interface[i] = bswap_32(interface[i]);
		interface[2] = 0x00000100;
		interface[4] = htons(9) | (uint32_t)htons(1) << 16;
		interface[6] = htons(13) | (uint32_t)htons(1) << 16;
		interface[5] = 9;
		interface[7] = fcs_length;
		for (size_t i = 0; i < 2; i++)
			block[i] = bswap_32(block[i]);
	}
	memset(file, 0, sizeof(file));
	memcpy(file, words, sizeof(words));
	if (unknown_block) {
		memcpy(file + length, block, sizeof(block));
		memcpy(file + length + BLOCK - 4, &block[1], 4);
		length += BLOCK;
	}
	memcpy(file + length, interface, sizeof(interface));
	return support_file(name, file, length + sizeof(interface));
}

static void the_first_interface_of_a_pcapng_file_tells_of_the_fcs(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 16; i++) {
		static const uint8_t lengths[] = { 4, 32, 0, 2 };
		struct capture *capture =
			open_file(ng_file("fcs.pcapng", lengths[i & 3], i & 4, i & 8), NULL);

		assert_int_equal(capture_has_fcs(capture), (i & 3) < 2);
		capture_close(capture);
	}
}

/* As tshark understands the option, so do we. */
static void tshark_reads_an_fcs_where_the_option_says_four_octets(void **state)
{
	static const uint32_t packet[] = { 6, 96, 0, 0, 0, 64, 64 };
	static const uint32_t end = 96;

	(void)state;
	for (uint8_t length = 0; length <= 4; length += 4) {
		const char *path = ng_file("tshark.pcapng", length, false, false);
		FILE *file = fopen(path, "ab");
		char text[64];

		fwrite(packet, sizeof(packet), 1, file);
		fwrite(octets, sizeof(octets), 1, file);
		fwrite(&end, sizeof(end), 1, file);
		fclose(file);
		support_line(text, sizeof(text),
			"tshark -r %s -T fields -e frame.len -e eth.fcs 2>/dev/null", path);
		assert_string_equal(text, length ? "64\t0x00000000" : "64\t");
	}
}

static void a_filter_picks_frames(void **state)
{
	const char *path = five_frames("filter.pcap", false);
	struct capture *capture = open_file(path, "arp and len >= 63");
	struct capture_frame frame;

	(void)state;
	assert_int_equal(capture_next(capture, &frame, -1, NULL), 1);
	assert_int_equal(frame.length, 63);
	assert_int_equal(capture_next(capture, &frame, -1, NULL), 1);
	assert_int_equal(frame.length, 64);
	assert_int_equal(capture_next(capture, &frame, -1, NULL), -ENODATA);
	capture_close(capture);
}

static void a_filter_that_does_not_compile_is_an_error_of_the_input(void **state)
{
	const char *path = five_frames("bad-filter.pcap", false);
	struct capture *capture = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(capture_open_file(&capture, path, "tcp prot 80", &err), -EINVAL);
	assert_null(capture);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_memory_equal(err.text, "filter \"tcp prot 80\": ", 22);
}

static void refuses(const char *path, enum err_kind kind, const char *part)
{
	struct capture *capture = NULL;
	struct err err = { 0 };

	assert_true(capture_open_file(&capture, path, NULL, &err) < 0);
	assert_null(capture);
	assert_int_equal(err.kind, kind);
	if (!strstr(err.text, part))
		fail_msg("\"%s\" is not in \"%s\"", part, err.text);
}

static void what_is_no_capture_file_is_an_error_of_the_input(void **state)
{
	static const char text[] =
		"name: arp-request\nlayers:\n  - eth: {dst: ff:ff:ff:ff:ff:ff}\n";

	(void)state;
	refuses(support_file("x.yaml", text, sizeof(text)), ERR_INPUT,
		"x.yaml is not a pcap or pcapng file: unknown file format");
	refuses(support_file("empty", "", 0), ERR_INPUT,
		"empty is not a pcap or pcapng file: it is empty");
	refuses(support_file("short", "\xd4\xc3\xb2\xa1\2\0", 6), ERR_INPUT,
		"is not a pcap or pcapng file");
	refuses(support_file("short-ng", "\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a", 12),
		ERR_INPUT, "is not a pcap or pcapng file");
	refuses(support_file("long-ng", "\x0a\x0d\x0d\x0a\xfc\xff\xff\xff\x4d\x3c\x2b\x1a", 12),
		ERR_INPUT, "is not a pcap or pcapng file");
	refuses("/nonexistent.pcap", ERR_SYSTEM,
		"cannot read /nonexistent.pcap: No such file or directory");
	refuses("/tmp", ERR_SYSTEM, "cannot read /tmp: Is a directory");
}

static void a_file_cut_in_a_frame_gives_the_whole_ones_and_an_error(void **state)
{
	const char *path = five_frames("cut.pcap", false);
	struct capture_frame frame;
	struct capture *capture;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(truncate(path, 24 + 16 + 60 + 16 + 30), 0);
	capture = open_file(path, NULL);
	assert_int_equal(capture_next(capture, &frame, -1, &err), 1);
	assert_int_equal(capture_next(capture, &frame, -1, &err), -EINVAL);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "cut.pcap: truncated dump file"));
	capture_close(capture);
}

struct feeder {
	pid_t child;
	int go;
};

/* Before each part it is told to go on, and before its end, too; the header's come by themselves,
 * so that there is something to open. */
static void feed_parts(int to, int told, const char *path, const size_t *parts, size_t count)
{
	uint8_t text[4096], octet;
	FILE *file = fopen(path, "rb");
	size_t written = 0;

	for (size_t i = 0; i < count; i++) {
		size_t length = fread(text, 1, parts[i], file);

		if (written >= 24 && read(told, &octet, 1) != 1)
			_exit(0);
		if (written && written < 24)
			usleep(30000); /* for who waits for the rest */
		if (write(to, text, length) != (ssize_t)length)
			_exit(1);
		written += length;
	}
	_exit(read(told, &octet, 1) < 0);
}

/* Standard input from a pipe into which a child writes the file's parts. */
static struct feeder feed(const char *path, const size_t *parts, size_t count)
{
	struct feeder feeder;
	int ends[2], go[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(pipe(go), 0);
	signal(SIGPIPE, SIG_IGN); /* of one that is over */
	feeder.go = go[1];
	feeder.child = fork();
	if (!feeder.child) {
		close(ends[0]);
		close(go[1]);
		feed_parts(ends[1], go[0], path, parts, count);
	}
	close(go[0]);
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	return feeder;
}

static void feed_more(struct feeder *feeder)
{
	(void)!write(feeder->go, "", 1);
}

static bool feeds(struct feeder *feeder)
{
	return waitpid(feeder->child, NULL, WNOHANG) == 0;
}

static void feed_end(struct feeder *feeder)
{
	close(feeder->go);
	waitpid(feeder->child, NULL, 0);
}

static void standard_input_is_read_as_it_comes(void **state)
{
	/* The header in two parts, two frames, one cut in two, the rest. */
	static const size_t parts[] = { 10, 14, 76 + 77, 20, 58, 4096 };
	struct feeder feeder = feed(five_frames("piped.pcap", true), parts, 6);
	struct capture *capture = open_file("-", NULL);
	struct capture_frame frame;
	int waits = 0, r;

	(void)state;
	assert_true(capture_has_fcs(capture));
	for (uint32_t i = 0; i < 5; i++) {
		while ((r = capture_next(capture, &frame, 1, NULL)) == 0) {
			waits++;
			feed_more(&feeder);
		}
		assert_int_equal(r, 1);
		assert_int_equal(frame.captured, 60 + i);
		assert_memory_equal(frame.octets, octets, frame.captured);
	}
	while ((r = capture_next(capture, &frame, 1, NULL)) == 0)
		feed_more(&feeder);
	assert_int_equal(r, -ENODATA);
	assert_true(waits >= 4);
	capture_close(capture);
	feed_end(&feeder);
}

static void frames_that_came_together_do_not_wait_for_more(void **state)
{
	static const size_t parts[] = { 24 + 76 + 77, 4096 };
	struct feeder feeder = feed(five_frames("together.pcap", false), parts, 2);
	struct capture *capture = open_file("-", NULL);
	struct capture_frame frame;

	(void)state;
	assert_int_equal(capture_next(capture, &frame, 100, NULL), 1);
	assert_int_equal(capture_next(capture, &frame, 0, NULL), 1);
	assert_int_equal(frame.captured, 61);
	assert_int_equal(capture_next(capture, &frame, 0, NULL), 0);
	feed_more(&feeder);
	assert_int_equal(capture_next(capture, &frame, 20000, NULL), 1);
	assert_int_equal(frame.captured, 62);
	capture_close(capture);
	feed_end(&feeder);
}

/* A writer's buffer ends amid a frame. */
static void half_a_frame_is_not_waited_for(void **state)
{
	static const size_t parts[] = { 24 + 76 + 40, 4096 };
	struct feeder feeder = feed(five_frames("half.pcap", false), parts, 2);
	struct capture *capture = open_file("-", NULL);
	struct capture_frame frame;

	(void)state;
	assert_int_equal(capture_next(capture, &frame, 100, NULL), 1);
	assert_int_equal(frame.captured, 60);
	assert_int_equal(capture_next(capture, &frame, 0, NULL), 0);
	assert_true(feeds(&feeder));
	feed_more(&feeder);
	assert_int_equal(capture_next(capture, &frame, 20000, NULL), 1);
	assert_int_equal(frame.captured, 61);
	capture_close(capture);
	feed_end(&feeder);
}

static void frames_that_a_filter_passes_over_end_no_wait_and_begin_none(void **state)
{
	static const size_t parts[] = { 24 + 76 + 77, 4096 };
	struct feeder feeder = feed(five_frames("filtered.pcap", false), parts, 2);
	struct capture *capture = open_file("-", "greater 62");
	struct capture_frame frame;

	(void)state;
	assert_int_equal(capture_next(capture, &frame, 100, NULL), 0);
	assert_true(feeds(&feeder));
	feed_more(&feeder);
	assert_int_equal(capture_next(capture, &frame, 20000, NULL), 1);
	assert_int_equal(frame.captured, 62);
	capture_close(capture);
	feed_end(&feeder);
}

static void pcapng_on_standard_input_is_not_waited_for_beyond_its_interface(void **state)
{
	static const size_t parts[] = { 4096 };
	struct feeder feeder = feed(ng_file("piped.pcapng", 4, false, false), parts, 1);
	struct capture *capture = open_file("-", NULL);
	struct capture_frame frame;

	(void)state;
	assert_true(capture_has_fcs(capture));
	assert_int_equal(capture_next(capture, &frame, 1, NULL), 0);
	assert_true(feeds(&feeder));
	feed_end(&feeder);
	assert_int_equal(capture_next(capture, &frame, 1, NULL), -ENODATA);
	capture_close(capture);
}

static void on_alarm(int number)
{
	(void)number;
}

static void a_signal_ends_the_wait_for_a_pipe(void **state)
{
	static const size_t parts[] = { 24, 4096 };
	struct feeder feeder = feed(five_frames("signal.pcap", false), parts, 2);
	struct capture *capture = open_file("-", NULL);
	/* Again and again: the first may come before the wait. */
	const struct itimerval soon = { .it_value.tv_usec = 50000, .it_interval.tv_usec = 50000 };
	const struct itimerval never = { 0 };
	struct capture_frame frame;

	(void)state;
	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = on_alarm }, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	assert_int_equal(capture_next(capture, &frame, -1, NULL), 0);
	setitimer(ITIMER_REAL, &never, NULL);
	feed_more(&feeder);
	/* Nothing was lost by it. */
	assert_int_equal(capture_next(capture, &frame, -1, NULL), 1);
	assert_int_equal(frame.captured, 60);
	capture_close(capture);
	feed_end(&feeder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nanoseconds_are_kept),
		cmocka_unit_test(microseconds_become_nanoseconds),
		cmocka_unit_test(pcapng_is_read),
		cmocka_unit_test(the_link_type_tells_of_the_fcs_in_either_byte_order),
		cmocka_unit_test(the_first_interface_of_a_pcapng_file_tells_of_the_fcs),
		cmocka_unit_test(tshark_reads_an_fcs_where_the_option_says_four_octets),
		cmocka_unit_test(a_filter_picks_frames),
		cmocka_unit_test(a_filter_that_does_not_compile_is_an_error_of_the_input),
		cmocka_unit_test(what_is_no_capture_file_is_an_error_of_the_input),
		cmocka_unit_test(a_file_cut_in_a_frame_gives_the_whole_ones_and_an_error),
		cmocka_unit_test(standard_input_is_read_as_it_comes),
		cmocka_unit_test(frames_that_came_together_do_not_wait_for_more),
		cmocka_unit_test(half_a_frame_is_not_waited_for),
		cmocka_unit_test(frames_that_a_filter_passes_over_end_no_wait_and_begin_none),
		cmocka_unit_test(pcapng_on_standard_input_is_not_waited_for_beyond_its_interface),
		cmocka_unit_test(a_signal_ends_the_wait_for_a_pipe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
