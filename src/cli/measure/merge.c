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
	int rc = 0;

	if (!stream)
		return err_system(err, errno, "%s", part->file);
	reader = json_reader_new();
	while (rc == 0) {
		size_t length = fread(text, 1, sizeof(text), stream);

		if (!length)
			break;
		rc = json_reader_feed(reader, text, length, &part->json, err);
	}
	json_reader_free(reader);
	fclose(stream);
	if (rc == 0)
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

		sent[i] = json_to_number(json_get(stream, "sent"), 0);
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

static struct json *merged_json(const struct part *parts, const struct measure_figures *figures)
{
	struct json *json = json_object();

	json_set(json, "type", json_text("report"));
	json_set(json, "role", json_text("both"));
	measure_set_figures(json, figures);
	set_copy(json, "seconds", parts[0].json);
	set_copy(json, "rates", parts[1].json);
	set_copy(json, "receiver", parts[1].json);
	set_copy(json, "sender", parts[0].json);
	return json;
}

static int merge(struct measure_options *options, struct part *parts, struct err *err)
{
	struct arena *arena = &options->send.common.arena;
	const struct common *common = &options->send.common;
	struct measure_figures figures = { 0 };
	struct buffer out = { 0 };
	int rc = 0, status;

	rc = page_open(options->page, options->report, "pktsmith measure --merge", err);
	for (int i = 0; i < 2 && rc == 0; i++)
		rc = read_json(&parts[i], err);
	if (rc == 0)
		rc = sort(parts, err);
	if (rc == 0)
		rc = measure_read_figures(arena, parts[1].json, parts[1].file, &figures, err);
	if (rc == 0)
		rc = add_sent(arena, parts, &figures, err);
	if (rc < 0)
		return cli_fail(err);
	figures.engine =
		json_to_text(json_get(json_get(parts[1].json, "receiver"), "engine"), NULL);
	if (!figures.relative && !options->same_clock && !same_host(parts))
		measure_figures_relative(&figures);
	if (common->json || common->jsonl)
		json_print(merged_json(parts, &figures), common->json, &out);
	else if (!common->quiet)
		measure_put_figures(&out, options, &figures);
	status = page_takes_stdout(options->page) ? EXIT_DONE : cli_print(&out);
	buffer_fini(&out);
	if (measure_page_merged(options->page, options, &figures, err) < 0)
		status = cli_fail(err);
	rc = measure_judge(options, &figures);
	return rc ? rc : status;
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
