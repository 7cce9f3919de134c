/* pcap and pcapng files, held against what tshark and libpcap read, and what is left of one on a
 * full disk. */
#include "link/pcapfile.h"

#include "base/err.h"
#include "link/capture.h"

#include "../../support/file.h"
#include "../../support/lab.h"
#include "../../support/random.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define TIME_NS 1700000000123456789U

/* An ARP request, padded, with the FCS that zlib computes for it. */
static const uint8_t frame[64] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6, 0, 1,
	8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2,
	2, [60] = 0x51, 0xa7, 0x8d, 0x1c };

/* What is to be the same of both, and the octets that differ. */
struct kind {
	const char *ending;
	unsigned int start;	   /* octets before the first frame */
	unsigned int of_60, of_42; /* that a frame of so many takes */
	unsigned int in_100000;	   /* frames of 60 octets in a file of so many */
};

static const struct kind pcap = { "pcap", 24, 76, 58, 1315 };
static const struct kind pcapng = { "pcapng", 68, 92, 76, 1086 };

static const char *path_of(const struct kind *kind, const char *name)
{
	char file[64];

	snprintf(file, sizeof(file), "%s.%s", name, kind->ending);
	return support_path(file);
}

static struct pcapfile *create(const char *path, bool with_fcs)
{
	struct err err = { 0 };
	struct pcapfile *file;

	if (pcapfile_create(&file, path, with_fcs, &err))
		fail_msg("%s", err.text);
	return file;
}

static void write_one(struct pcapfile *file, uint64_t time_ns, uint32_t captured, uint32_t length)
{
	assert_int_equal(pcapfile_write(file, time_ns, frame, captured, length, NULL), 0);
}

static off_t size_of(const char *path)
{
	struct stat facts;

	assert_int_equal(stat(path, &facts), 0);
	return facts.st_size;
}

static void tshark_reads_time_length_and_octets(void **state)
{
	const struct kind *kind = *state;
	const char *path = path_of(kind, "plain");
	struct pcapfile *file = create(path, false);
	char text[256];

	write_one(file, TIME_NS, 60, 60);
	write_one(file, TIME_NS + 1, 42, 60);
	assert_int_equal(pcapfile_size(file), kind->start + kind->of_60 + kind->of_42);
	assert_int_equal(pcapfile_stored(file), 0);
	assert_int_equal(pcapfile_close(file, NULL), 0);
	assert_int_equal(size_of(path), kind->start + kind->of_60 + kind->of_42);
	support_line(text, sizeof(text),
		"tshark -r %s -T fields -e frame.time_epoch -e frame.len -e frame.cap_len -e "
		"frame.encap_type -e arp.dst.proto_ipv4 2>/dev/null",
		path);
	assert_string_equal(text, "1700000000.123456789\t60\t60\t1\t192.0.2.2");
	support_line(text, sizeof(text),
		"tshark -r %s -T fields -e frame.time_epoch -e frame.len -e frame.cap_len "
		"2>/dev/null | tail -n 1",
		path);
	assert_string_equal(text, "1700000000.123456790\t60\t42");
}

static void the_file_marks_the_fcs_and_tshark_checks_it(void **state)
{
	const struct kind *kind = *state;
	const char *path = path_of(kind, "fcs");
	struct pcapfile *file = create(path, true);
	char text[256];

	write_one(file, TIME_NS, 64, 64);
	assert_int_equal(pcapfile_close(file, NULL), 0);
	support_line(text, sizeof(text),
		"tshark -r %s -o eth.check_fcs:TRUE -T fields -e eth.fcs -e eth.fcs.status "
		"2>/dev/null",
		path);
	assert_string_equal(text, "0x51a78d1c\t1");
}

/* Where a pcap file leaves its readers to guess. */
static void four_octets_of_trailer_are_no_fcs_in_pcapng(void **state)
{
	const char *path = path_of(&pcapng, "trailer");
	struct pcapfile *file = create(path, false);
	char text[256];

	(void)state;
	write_one(file, TIME_NS, 64, 64);
	assert_int_equal(pcapfile_close(file, NULL), 0);
	support_line(text, sizeof(text),
		"tshark -r %s -T fields -e frame.len -e eth.fcs "
		"2>/dev/null",
		path);
	assert_string_equal(text, "64\t");
}

static void capinfos_finds_a_sound_file(void **state)
{
	const struct kind *kind = *state;
	const char *path = path_of(kind, "sound");
	struct pcapfile *file = create(path, true);
	char text[256];

	for (uint32_t length = 14; length <= 64; length++)
		write_one(file, TIME_NS + length, length, length);
	assert_int_equal(pcapfile_record_size(file, 60), kind->of_60);
	assert_int_equal(pcapfile_close(file, NULL), 0);
	support_line(
		text, sizeof(text), "capinfos -TmrtEcs %s 2>&1 | tail -n 1 | cut -d, -f 2-", path);
	assert_string_equal(
		text, kind == &pcap ? "nsecpcap,ether,51,2829" : "pcapng,ether,51,3764");
}

static void an_empty_file_is_a_file(void **state)
{
	const struct kind *kind = *state;
	const char *path = path_of(kind, "empty");

	assert_int_equal(pcapfile_close(create(path, false), NULL), 0);
	assert_int_equal(size_of(path), kind->start);
	assert_true(support_run("tshark -r %s", path));
}

static void an_older_longer_file_is_overwritten(void **state)
{
	static const char old[4096] = { 0 };
	const struct kind *kind = *state;
	const char *path = path_of(kind, "old");

	support_file(strrchr(path, '/') + 1, old, sizeof(old));
	assert_int_equal(pcapfile_close(create(path, false), NULL), 0);
	assert_int_equal(size_of(path), kind->start);
}

static void a_directory_that_is_not_there_is_an_error_of_the_system(void **state)
{
	struct err err = { 0 };
	struct pcapfile *file = NULL;

	(void)state;
	assert_int_equal(pcapfile_create(&file, "/nonexistent/x.pcap", false, &err), -ENOENT);
	assert_null(file);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_string_equal(
		err.text, "cannot create /nonexistent/x.pcap: No such file or directory");
}

static void a_full_disk_shows_when_the_file_is_made(void **state)
{
	struct err err = { 0 };
	struct pcapfile *file = NULL;

	(void)state;
	assert_int_equal(pcapfile_create(&file, "/dev/full", false, &err), -ENOSPC);
	assert_null(file);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_string_equal(err.text, "cannot write /dev/full: No space left on device");
}

static void more_than_the_buffer_goes_through_unchanged(void **state)
{
	const struct kind *kind = *state;
	enum { COUNT = 3000, LENGTH_MAX = 1514 };
	const char *path = path_of(kind, "large");
	struct pcapfile *file = create(path, false);
	uint64_t writer = 1, reader = 1;
	uint8_t octets[LENGTH_MAX];
	struct capture_frame got;
	struct capture *capture;

	for (unsigned int i = 0; i < COUNT; i++) {
		uint32_t length = (uint32_t)support_random_below(&writer, LENGTH_MAX + 1);

		support_random_octets(&writer, octets, length);
		assert_int_equal(
			pcapfile_write(file, TIME_NS + i, octets, length, length, NULL), 0);
	}
	assert_true(pcapfile_stored(file) > 0);
	assert_int_equal(pcapfile_flush(file, NULL), 0);
	assert_int_equal(pcapfile_stored(file), COUNT);
	assert_int_equal(pcapfile_size(file), size_of(path));
	assert_int_equal(pcapfile_close(file, NULL), 0);

	assert_int_equal(capture_open_file(&capture, path, NULL, NULL), 0);
	for (unsigned int i = 0; i < COUNT; i++) {
		uint32_t length = (uint32_t)support_random_below(&reader, LENGTH_MAX + 1);

		support_random_octets(&reader, octets, length);
		assert_int_equal(capture_next(capture, &got, -1, NULL), 1);
		assert_int_equal(got.captured, length);
		assert_int_equal(got.time_ns, TIME_NS + i);
		assert_memory_equal(got.octets, octets, length);
	}
	assert_int_equal(capture_next(capture, &got, -1, NULL), -ENODATA);
	capture_close(capture);
}

static void a_frame_that_no_reader_takes_is_refused(void **state)
{
	const struct kind *kind = *state;
	static const uint8_t octets[PCAPFILE_FRAME_MAX + 1];
	const char *path = path_of(kind, "giant");
	struct pcapfile *file = create(path, false);
	struct capture_frame got;
	struct capture *capture;

	assert_int_equal(
		pcapfile_write(file, 0, octets, sizeof(octets), sizeof(octets), NULL), -EMSGSIZE);
	assert_int_equal(
		pcapfile_write(file, 0, octets, PCAPFILE_FRAME_MAX, sizeof(octets), NULL), 0);
	assert_int_equal(pcapfile_close(file, NULL), 0);
	assert_int_equal(capture_open_file(&capture, path, NULL, NULL), 0);
	assert_int_equal(capture_next(capture, &got, -1, NULL), 1);
	assert_int_equal(got.captured, PCAPFILE_FRAME_MAX);
	assert_int_equal(got.length, PCAPFILE_FRAME_MAX + 1);
	capture_close(capture);
}

/* In a child, as the limit holds for the whole process: writes until the file may grow no more.
 * Exit status 0 when all was as it should be. */
static int write_until_full(const char *path, const struct kind *kind)
{
	const struct rlimit limit = { .rlim_cur = 100000, .rlim_max = 100000 };
	struct pcapfile *file;
	struct err err = { 0 };
	int r = 0;

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) || pcapfile_create(&file, path, false, NULL))
		return 1;
	for (int i = 0; i < 20000 && !r; i++)
		r = pcapfile_write(file, TIME_NS, frame, 60, 60, &err);
	if (r != -EFBIG || err.kind != ERR_SYSTEM || !strstr(err.text, path))
		return 2;
	if (pcapfile_stored(file) != kind->in_100000 ||
		pcapfile_size(file) != kind->start + kind->in_100000 * kind->of_60)
		return 3;
	if (pcapfile_write(file, TIME_NS, frame, 60, 60, NULL) != -EFBIG ||
		pcapfile_flush(file, NULL) != -EFBIG)
		return 4;
	return pcapfile_close(file, NULL) == -EFBIG ? 0 : 5;
}

static void a_disk_that_runs_full_leaves_whole_frames_and_says_how_many(void **state)
{
	const struct kind *kind = *state;
	const char *path = path_of(kind, "full");
	struct capture_frame got;
	struct capture *capture;
	int status, count = 0;
	pid_t child = fork();

	if (!child)
		_exit(write_until_full(path, kind));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(size_of(path), kind->start + kind->in_100000 * kind->of_60);
	assert_int_equal(capture_open_file(&capture, path, NULL, NULL), 0);
	while (capture_next(capture, &got, -1, NULL) == 1)
		count++;
	assert_int_equal(count, kind->in_100000);
	capture_close(capture);
}

static void standard_output_takes_a_file(void **state)
{
	char text[64];
	const char *path = support_path("stdout.pcap");
	pid_t child = fork();
	int status;

	(void)state;
	if (!child) {
		struct pcapfile *file;

		if (!freopen(path, "w", stdout) || pcapfile_create(&file, "-", false, NULL) ||
			pcapfile_write(file, TIME_NS, frame, 60, 60, NULL))
			_exit(1);
		_exit(pcapfile_close(file, NULL) ? 2 : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	support_line(text, sizeof(text), "tshark -r %s -T fields -e frame.len 2>/dev/null", path);
	assert_string_equal(text, "60");
}

static void the_ending_of_a_name_tells_the_kind(void **state)
{
	(void)state;
	assert_int_equal(pcapfile_kind("a.pcapng"), PCAPFILE_PCAPNG);
	assert_int_equal(pcapfile_kind("A.PCAPNG"), PCAPFILE_PCAPNG);
	assert_int_equal(pcapfile_kind("a.pcap"), PCAPFILE_PCAP);
	assert_int_equal(pcapfile_kind("pcapng"), PCAPFILE_PCAP);
	assert_int_equal(pcapfile_kind("a.pcapng.pcap"), PCAPFILE_PCAP);
	assert_int_equal(pcapfile_kind("-"), PCAPFILE_PCAP);
}

#define OF_BOTH(test)                                                            \
	{ #test, test, NULL, NULL, (void *)(uintptr_t)&pcap },                   \
	{                                                                        \
#test "_in_pcapng", test, NULL, NULL, (void *)(uintptr_t)&pcapng \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		OF_BOTH(tshark_reads_time_length_and_octets),
		OF_BOTH(the_file_marks_the_fcs_and_tshark_checks_it),
		cmocka_unit_test(four_octets_of_trailer_are_no_fcs_in_pcapng),
		OF_BOTH(capinfos_finds_a_sound_file),
		OF_BOTH(an_empty_file_is_a_file),
		OF_BOTH(an_older_longer_file_is_overwritten),
		OF_BOTH(more_than_the_buffer_goes_through_unchanged),
		OF_BOTH(a_frame_that_no_reader_takes_is_refused),
		OF_BOTH(a_disk_that_runs_full_leaves_whole_frames_and_says_how_many),
		cmocka_unit_test(a_directory_that_is_not_there_is_an_error_of_the_system),
		cmocka_unit_test(a_full_disk_shows_when_the_file_is_made),
		cmocka_unit_test(standard_output_takes_a_file),
		cmocka_unit_test(the_ending_of_a_name_tells_the_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
