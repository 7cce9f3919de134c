/* outcome.h: what came of the scripts, and its reports. */
#ifndef CLI_TEST_OUTCOME_H
#define CLI_TEST_OUTCOME_H

#include "cli/cli.h"
#include "exchange/run.h"

/* Of one script. */
struct outcome {
	const char *file; /* as it was given */
	struct arena arena;
	struct script script; /* where it was read */
	bool was_read, was_played;
	struct exchange_result result; /* where it was played */
	struct err err;		       /* of one that could not be read or played */
	int status;		       /* enum exit_status */
};

struct outcomes {
	struct outcome *rows;
	size_t count;
	uint64_t ns; /* all of them together */
};

/* Its name, else its file's. */
const char *outcome_name(const struct outcome *outcome);

/* One line: why it failed, "x.yaml:9:5: step 2, expect: nothing that fits came within 200 ms". */
void outcome_reason(const struct outcome *outcome, struct buffer *out);

/* All of it for people: the reason, the nearest frame beside what was expected, the time line. all:
 * the time line of one that passed, too. */
void outcome_details(const struct outcome *outcome, const struct render_style *style, bool all,
	struct buffer *out);

/* Expected and actual side by side, a line a field. */
void outcome_compare(
	const struct outcome *outcome, const struct render_style *style, struct buffer *out);

/* The line of one script, and its details where it failed. */
void outcome_human(const struct outcome *outcome, const struct render_style *style, bool verbose,
	struct buffer *out);

/* TAP version 13: the line of test number `number`, and its details as a comment. */
void outcome_tap(const struct outcome *outcome, size_t number, struct buffer *out);

/* JUnit's XML of all of them. */
void outcomes_junit(const struct outcomes *outcomes, struct buffer *out);

struct json *outcome_json(const struct outcome *outcome);
struct json *outcomes_json(const struct outcomes *outcomes);
struct json *outcomes_report_json(const struct outcomes *outcomes); /* the counts alone, --jsonl */

/* The steps of a script for --dry-run. */
void outcome_steps(
	const struct outcome *outcome, const struct render_style *style, struct buffer *out);

/* "1.5 ms", "200 ms", "2 s" */
void outcome_time_put(uint64_t ns, struct buffer *out);

#endif
