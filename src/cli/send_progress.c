/* Tells how far sending is, while it runs. */
#include "cli/send.h"

#include "cli/numbers.h"

#include <stdio.h>
#include <unistd.h>

/* A run that is over sooner shows no progress. */
#define PROGRESS_FROM_NS 500000000U
#define OBJECT_EVERY_NS	 1000000000U

static void show_object(
	struct send_progress *progress, const struct link_stats *stats, uint64_t elapsed_ns)
{
	struct json *json;
	struct buffer out = { 0 };

	if (elapsed_ns < progress->object_at_ns)
		return;
	progress->object_at_ns = elapsed_ns + OBJECT_EVERY_NS;
	json = json_object();
	json_set(json, "type", json_text("progress"));
	json_set(json, "frames_sent", json_number(stats->sent));
	json_set(json, "frames_failed", json_number(stats->failed));
	json_set(json, "seconds", json_real(numbers_seconds(elapsed_ns)));
	json_print(json, false, &out);
	cli_print(&out);
	buffer_fini(&out);
}

static void show_line(
	struct send_progress *progress, const struct link_stats *stats, uint64_t elapsed_ns)
{
	struct buffer line = { 0 };

	numbers_put_count(&line, stats->sent, "frame");
	buffer_printf(&line, " sent, ");
	if (stats->failed) {
		numbers_put(&line, stats->failed);
		buffer_printf(&line, " refused, ");
	}
	numbers_put_scaled(&line, numbers_per_second(stats->sent, elapsed_ns), "frames/s");
	fprintf(stderr, "\r%s, %.1f s\033[K", buffer_text(&line), numbers_seconds(elapsed_ns));
	fflush(stderr);
	buffer_fini(&line);
	progress->shown = true;
}

void send_progress_show(void *context, const struct link_stats *stats, uint64_t elapsed_ns)
{
	struct send_progress *progress = context;
	const struct common *common = &progress->options->common;

	if (elapsed_ns < PROGRESS_FROM_NS)
		return;
	if (common->jsonl)
		show_object(progress, stats, elapsed_ns);
	if (!common->quiet && isatty(STDERR_FILENO))
		show_line(progress, stats, elapsed_ns);
}

void send_progress_clear(struct send_progress *progress)
{
	if (progress->shown)
		fprintf(stderr, "\r\033[K");
	progress->shown = false;
}
