/* Who puts the FCS on a frame: the whole table of what a template says, what the user asks and what
 * the device can. */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/err.h"
#include "flow/fcs.h"

#include <errno.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NIC	FCS_NIC
#define REPLACE FCS_REPLACE
#define APPEND	FCS_APPEND
#define REFUSED FCS_WAYS

static const struct fcs_device able = { .name = "eth1", .driver = "igb", .replaces = true };
static const struct fcs_device unable = { .name = "eth1", .driver = "veth" };

/* clang-format off */
static const struct row {
	enum spec_fcs_mode mode;
	enum fcs_request request;
	enum fcs_way able, unable;
} rows[] = {
	{ SPEC_FCS_AUTO,  FCS_REQUEST_DEFAULT, NIC,     NIC },
	{ SPEC_FCS_NONE,  FCS_REQUEST_DEFAULT, NIC,     NIC },
	{ SPEC_FCS_GIVEN, FCS_REQUEST_DEFAULT, REPLACE, APPEND },
	{ SPEC_FCS_BAD,   FCS_REQUEST_DEFAULT, REPLACE, REFUSED },

	{ SPEC_FCS_AUTO,  FCS_REQUEST_NIC,     NIC,     NIC },
	{ SPEC_FCS_NONE,  FCS_REQUEST_NIC,     NIC,     NIC },
	{ SPEC_FCS_GIVEN, FCS_REQUEST_NIC,     NIC,     NIC },
	{ SPEC_FCS_BAD,   FCS_REQUEST_NIC,     NIC,     NIC },

	{ SPEC_FCS_AUTO,  FCS_REQUEST_REPLACE, REPLACE, REFUSED },
	{ SPEC_FCS_NONE,  FCS_REQUEST_REPLACE, NIC,     NIC },
	{ SPEC_FCS_GIVEN, FCS_REQUEST_REPLACE, REPLACE, REFUSED },
	{ SPEC_FCS_BAD,   FCS_REQUEST_REPLACE, REPLACE, REFUSED },

	{ SPEC_FCS_AUTO,  FCS_REQUEST_APPEND,  APPEND,  APPEND },
	{ SPEC_FCS_NONE,  FCS_REQUEST_APPEND,  NIC,     NIC },
	{ SPEC_FCS_GIVEN, FCS_REQUEST_APPEND,  APPEND,  APPEND },
	{ SPEC_FCS_BAD,   FCS_REQUEST_APPEND,  APPEND,  APPEND },
};
/* clang-format on */

static void assert_way(const struct row *row, const struct fcs_device *device, enum fcs_way wanted)
{
	enum fcs_way way = REFUSED;
	struct err err = { 0 };
	int rc = fcs_choose("x", row->mode, row->request, device, &way, &err);

	assert_int_equal(way, wanted);
	assert_int_equal(rc, wanted == REFUSED ? -EPROTONOSUPPORT : 0);
	assert_int_equal(err.kind, wanted == REFUSED ? ERR_SYSTEM : ERR_NONE);
}

static void each_case_goes_the_way_that_the_manual_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_way(&rows[i], &able, rows[i].able);
		assert_way(&rows[i], &unable, rows[i].unable);
	}
}

static void the_device_is_asked_where_it_matters_and_only_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(fcs_depends_on_device(rows[i].mode, rows[i].request),
			rows[i].able != rows[i].unable);
}

static void a_refusal_names_the_driver_and_the_ways_out(void **state)
{
	enum fcs_way way;
	struct err err;

	(void)state;
	fcs_choose("x", SPEC_FCS_AUTO, FCS_REQUEST_REPLACE, &unable, &way, &err);
	assert_string_equal(err.text,
		"eth1 (veth) cannot send frames with an FCS of ours (SO_NOFCS refused); use --fcs "
		"append to put the four octets after the payload, or --fcs nic");
	fcs_choose("crc", SPEC_FCS_BAD, FCS_REQUEST_DEFAULT, &unable, &way, &err);
	assert_string_equal(err.text,
		"frame \"crc\" has fcs: bad: eth1 (veth) cannot send frames with an FCS of ours "
		"(SO_NOFCS refused); use --fcs append to put the four octets after the payload, or "
		"--fcs nic");
}

static void assert_told(const struct fcs_device *device, enum spec_fcs_mode mode,
	enum fcs_request request, const char *wanted)
{
	struct fcs_summary summary = { 0 };
	struct buffer out = { 0 };
	enum fcs_way way;

	assert_int_equal(fcs_choose("x", mode, request, device, &way, NULL), 0);
	fcs_summarize(&summary, mode, request, way);
	fcs_tell(&summary, device, &out);
	assert_string_equal(buffer_text(&out), wanted);
	buffer_fini(&out);
}

static void the_report_says_what_happened_to_the_fcs(void **state)
{
	static const struct fcs_device file = {
		.name = "x.pcap", .driver = "", .is_file = true, .replaces = true
	};

	(void)state;
	assert_told(&able, SPEC_FCS_AUTO, FCS_REQUEST_DEFAULT, "the device appends its own FCS");
	assert_told(&unable, SPEC_FCS_AUTO, FCS_REQUEST_DEFAULT,
		"the device appends its own FCS; veth has no wire, and so no FCS");
	assert_told(&able, SPEC_FCS_BAD, FCS_REQUEST_NIC,
		"the device appends its own FCS; the template's is not sent");
	assert_told(&able, SPEC_FCS_GIVEN, FCS_REQUEST_DEFAULT, "our FCS replaces the device's");
	assert_told(&able, SPEC_FCS_GIVEN, FCS_REQUEST_APPEND, "four octets appended, not an FCS");
	assert_told(&unable, SPEC_FCS_GIVEN, FCS_REQUEST_DEFAULT,
		"four octets appended, not an FCS; eth1 (veth) cannot send frames with an FCS of "
		"ours");
	assert_told(&file, SPEC_FCS_BAD, FCS_REQUEST_DEFAULT, "our FCS is in the file");
	assert_told(&file, SPEC_FCS_AUTO, FCS_REQUEST_DEFAULT, "no FCS in the file");
}

static void frames_that_go_different_ways_are_counted(void **state)
{
	struct fcs_summary summary = { 0 };
	struct buffer out = { 0 };

	(void)state;
	fcs_summarize(&summary, SPEC_FCS_AUTO, FCS_REQUEST_DEFAULT, FCS_NIC);
	fcs_summarize(&summary, SPEC_FCS_AUTO, FCS_REQUEST_DEFAULT, FCS_NIC);
	fcs_summarize(&summary, SPEC_FCS_BAD, FCS_REQUEST_DEFAULT, FCS_REPLACE);
	fcs_tell(&summary, &able, &out);
	assert_string_equal(buffer_text(&out), "the device appends its own FCS (2 of 3 frames); "
					       "our FCS replaces the device's (1 of "
					       "3 frames)");
	buffer_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_case_goes_the_way_that_the_manual_says),
		cmocka_unit_test(the_device_is_asked_where_it_matters_and_only_there),
		cmocka_unit_test(a_refusal_names_the_driver_and_the_ways_out),
		cmocka_unit_test(the_report_says_what_happened_to_the_fcs),
		cmocka_unit_test(frames_that_go_different_ways_are_counted),
	};

	return cmocka_run_group_tests_name("flow/fcs", tests, NULL, NULL);
}
