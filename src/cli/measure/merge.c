/* measure --merge: the reports of a sender and of a receiver become one. */
#include "cli/measure/measure.h"
#include "cli/measure/page.h"
#include "cli/page.h"

#include "render/json_reader.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct part {
	const char *file;
	struct json *json;
};

static int read_json(struct part *part, struct err *err)
{
	struct json_reader *reader;
	FILE *stream = fopen(part->file, "re");
	char text[65536];
	int error, rc = 0;

	if (!stream)
		return err_system(err, errno, "%s", part->file);
	reader = json_reader_new();
	while (rc == 0) {
		size_t length = fread(text, 1, sizeof(text), stream);

		if (!length)
			break;
		rc = json_reader_feed(reader, text, length, &part->json, err);
	}
	error = rc == 0 && ferror(stream) ? errno : 0;
	json_reader_free(reader);
	fclose(stream);
	if (error)
		rc = err_system(err, error, "cannot read %s", part->file);
	else if (rc == 0)
		rc = err_input(err, NULL, "%s: ends before its JSON does", part->file);
	else if (rc < 0)
		rc = err_locate(err, NULL, part->file);
	return rc < 0 ? rc : 0;
}

static bool has_role(const struct part *part, const char *role)
{
	return !strcmp(json_to_text(json_get(part->json, "role"), ""), role);
}

/* The sender's first, however they were named. */
static int sort(struct part *parts, struct err *err)
{
	if (has_role(&parts[0], "receive") && has_role(&parts[1], "send")) {
		struct part first = parts[0];

		parts[0] = parts[1];
		parts[1] = first;
	}
	if (has_role(&parts[0], "send") && has_role(&parts[1], "receive"))
		return 0;
	return err_input(err, NULL,
		"--merge wants one report of measure --send and one of measure --receive; %s and "
		"%s are \"%s\" and \"%s\"",
		parts[0].file, parts[1].file, json_to_text(json_get(parts[0].json, "role"), "?"),
		json_to_text(json_get(parts[1].json, "role"), "?"));
}

static bool same_host(const struct part *parts)
{
	const char *a = json_to_text(json_get(json_get(parts[0].json, "sender"), "boot_id"), "");
	const char *b = json_to_text(json_get(json_get(parts[1].json, "receiver"), "boot_id"), "");

	return *a && !strcmp(a, b);
}

/* A stream that came and was not sent is another sender's. */
static int add_sent(struct arena *arena, const struct part *parts, struct measure_figures *figures,
	struct err *err)
{
	const struct json *streams = json_get(parts[0].json, "streams");
	size_t count = json_length(streams);
	struct measure_figure *grown;
	uint64_t *sent;

	if (figures->stream_count > count)
		return err_result(err,
			"%s has frames of %u streams, and %s sent %zu: they are not of one "
			"measurement",
			parts[1].file, figures->stream_count, parts[0].file, count);
	grown = arena_alloc(arena, (count + 1) * sizeof(*grown));
	sent = arena_alloc(arena, (count + 1) * sizeof(*sent));
	memset(grown, 0, count * sizeof(*grown));
	if (figures->stream_count)
		memcpy(grown, figures->streams, figures->stream_count * sizeof(*grown));
	for (size_t i = 0; i < count; i++) {
		const struct json *stream = json_at(streams, i);
		const char *name = json_to_text(json_get(stream, "name"), "");

		sent[i] = json_to_number(json_get(stream, "sent"), MEASURE_UNKNOWN);
		if (sent[i] == MEASURE_UNKNOWN)
			return err_input(err, NULL, "%s: streams[%zu].sent is no number of frames",
				parts[0].file, i);
		grown[i].name = arena_strndup(arena, name, strlen(name));
	}
	figures->streams = grown;
	figures->stream_count = (unsigned int)count;
	measure_figures_sent(figures, sent);
	return 0;
}

static void set_copy(struct json *json, const char *key, const struct json *from)
{
	const struct json *value = json_get(from, key);

	if (value)
		json_set(json, key, json_copy(value));
}

/* The gaps of a sender; empty where its report has none. */
static int read_gaps(const struct part *part, struct histogram *ret, struct err *err)
{
	const struct json *sender = json_get(part->json, "sender");
	struct measure_row row;

	measure_read_row(json_get(sender, "gap_ns"), &row);
	if (measure_read_cells(json_get(sender, "gap_cells"), &row, 0, ret) >= 0)
		return 0;
	return err_input(
		err, NULL, "%s: sender.gap_cells are not those of sender.gap_ns", part->file);
}

/* Sequences that nobody sent. */
static bool has_others(const struct measure_figures *figures)
{
	for (unsigned int i = 0; i < figures->stream_count; i++)
		if (figures->streams[i].counts.unique > figures->streams[i].sent)
			return true;
	return false;
}

/* What an older version did not write. */
static void tell_lack(const struct common *common, const struct part *parts,
	const struct measure_findings *findings)
{
	const struct measure_figures *figures = findings->figures;
	const struct measure_course *course = findings->course;

	if (common->quiet)
		return;
	if (!figures->all.detail && figures->all.latency.count)
		fprintf(stderr,
			"pktsmith: %s has no histograms, as an older pktsmith wrote it: there are "
			"no charts of latencies and gaps at arrival\n",
			parts[1].file);
	if (!course->count)
		fprintf(stderr,
			"pktsmith: %s does not tell what came in each stretch of time: there are "
			"no charts of it\n",
			parts[1].file);
	else if (!course->sender)
		fprintf(stderr, "pktsmith: %s does not tell what left in each stretch of time\n",
			parts[0].file);
}

static struct json *merged_json(const struct part *parts, const struct measure_findings *findings)
{
	struct json *json = json_object();

	json_set(json, "type", json_text("report"));
	json_set(json, "role", json_text("both"));
	measure_set_figures(json, findings->figures);
	set_copy(json, "seconds", parts[0].json);
	if (findings->course->count)
		measure_course_set(json, findings->course, findings->figures);
	else
		set_copy(json, "rates", parts[1].json);
	set_copy(json, "receiver", parts[1].json);
	set_copy(json, "sender", parts[0].json);
	return json;
}

/* What the two reports say together; all of it is the arena's. */
struct merged {
	struct measure_figures figures;
	struct measure_course course;
	struct histogram gaps;
};

static int read_parts(const struct measure_options *options, struct arena *arena,
	struct part *parts, struct merged *ret, struct err *err)
{
	struct measure_figures *figures = &ret->figures;
	const struct json *receiver;
	int rc = 0;

	for (int i = 0; i < 2 && rc == 0; i++)
		rc = read_json(&parts[i], err);
	if (rc == 0)
		rc = sort(parts, err);
	if (rc == 0)
		rc = measure_read_figures(arena, parts[1].json, parts[1].file, figures, err);
	if (rc == 0)
		rc = add_sent(arena, parts, figures, err);
	if (rc == 0)
		rc = read_gaps(&parts[0], &ret->gaps, err);
	if (rc < 0)
		return rc;
	receiver = json_get(parts[1].json, "receiver");
	figures->engine = json_to_text(json_get(receiver, "engine"), NULL);
	figures->engine_why = json_to_text(json_get(receiver, "engine_why"), NULL);
	if (!figures->relative && !options->same_clock && !same_host(parts))
		measure_figures_relative(figures);
	measure_course_read(arena, parts[0].json, parts[1].json, figures, &ret->course);
	return 0;
}

static int merge(struct measure_options *options, struct part *parts, struct err *err)
{
	struct common *common = &options->send.common;
	struct merged *merged = arena_alloc(&common->arena, sizeof(*merged));
	const struct measure_findings findings = { &merged->figures, &merged->course,
		&merged->gaps };
	struct buffer out = { 0 };
	int status, verdict;

	if (page_open(options->page, options->report, "pktsmith measure --merge", err) < 0 ||
		read_parts(options, &common->arena, parts, merged, err) < 0)
		return cli_fail(err);
	tell_lack(common, parts, &findings);
	if (common->json || common->jsonl)
		json_print(merged_json(parts, &findings), common->json, &out);
	else if (!common->quiet)
		measure_put_figures(&out, options, &merged->figures);
	status = page_takes_stdout(options->page) ? EXIT_DONE : cli_print(&out);
	buffer_fini(&out);
	if (measure_page_merged(options->page, options, &findings, parts[1].json, err) < 0)
		status = cli_fail(err);
	verdict = measure_judge(options, &merged->figures);
	if (has_others(&merged->figures)) {
		fprintf(stderr,
			"pktsmith: %s has more frames of a stream than %s sent: they are not of "
			"one measurement, or sequence numbers were damaged on the way\n",
			parts[1].file, parts[0].file);
		verdict = verdict ? verdict : EXIT_ANSWER_NO;
	}
	return verdict ? verdict : status;
}

int measure_merge(struct measure_options *options)
{
	struct part parts[2] = {
		{ .file = options->send.common.templates[0] },
		{ .file = options->send.common.templates[1] },
	};
	struct err err = { 0 };
	int status = merge(options, parts, &err);

	json_free(parts[0].json);
	json_free(parts[1].json);
	return status;
}
