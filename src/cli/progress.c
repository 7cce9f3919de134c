/* Tells how far sending is, while it runs. */
#include "cli/numbers.h"
#include "cli/transmit/transmit.h"

/* A run that is over sooner shows no progress. */
#define PROGRESS_FROM_NS 500000000U
#define OBJECT_EVERY_NS	 1000000000U

/* What of the run is done, 0 to 1, and how long the rest takes; false where nobody knows. */
static bool share_done(const struct progress *progress, const struct link_stats *stats,
	uint64_t elapsed_ns, double *ret_share, double *ret_left_ns)
{
	double done = (double)(stats->sent + stats->failed), elapsed = (double)elapsed_ns;
	double by_count = progress->count ? done / (double)progress->count : 0;
	double by_time = progress->duration_ns ? elapsed / (double)progress->duration_ns : 0;
	double share = by_count > by_time ? by_count : by_time;

	if (share > 1)
		share = 1;
	*ret_share = share;
	*ret_left_ns = share > 0 ? elapsed / share - elapsed : 0;
	return share > 0;
}

static void show_object(
	struct progress *progress, const struct link_stats *stats, uint64_t elapsed_ns)
{
	struct json *json;
	struct buffer out = { 0 };
	double share, left_ns;

	if (elapsed_ns < progress->object_at_ns)
		return;
	progress->object_at_ns = elapsed_ns + OBJECT_EVERY_NS;
	json = json_object();
	json_set(json, "type", json_text("progress"));
	json_set(json, "frames_sent", json_number(stats->sent));
	json_set(json, "frames_failed", json_number(stats->failed));
	json_set(json, "seconds", json_real(numbers_seconds(elapsed_ns)));
	if (share_done(progress, stats, elapsed_ns, &share, &left_ns)) {
		json_set(json, "share_done", json_real(share));
		json_set(json, "seconds_left", json_real(left_ns / 1e9));
	}
	json_print(json, false, &out);
	cli_print(&out);
	buffer_fini(&out);
}

/* "12 s", "3:05", "1:02:03". */
static void put_left(struct buffer *line, double ns)
{
	uint64_t seconds = (uint64_t)(ns / 1e9 + 0.5);
	unsigned int s = (unsigned int)(seconds % 60), m = (unsigned int)(seconds / 60 % 60);

	if (seconds < 60)
		buffer_printf(line, "%u s left", s);
	else if (seconds < 3600)
		buffer_printf(line, "%u:%02u left", m, s);
	else
		buffer_printf(
			line, "%llu:%02u:%02u left", (unsigned long long)(seconds / 3600), m, s);
}

static void show_line(
	struct progress *progress, const struct link_stats *stats, uint64_t elapsed_ns)
{
	struct buffer line = { 0 };
	double share, left_ns;
	uint64_t frames = stats->sent - progress->seen_frames;

	numbers_put_count(&line, stats->sent, "frame");
	if (stats->failed) {
		buffer_printf(&line, ", ");
		numbers_put(&line, stats->failed);
		buffer_printf(&line, " refused");
	}
	if (share_done(progress, stats, elapsed_ns, &share, &left_ns)) {
		buffer_printf(&line, ", %.0f %%, ", share * 100);
		put_left(&line, left_ns);
	} else {
		buffer_printf(&line, ", %.1f s", numbers_seconds(elapsed_ns));
	}
	buffer_printf(&line, "; ");
	numbers_put_scaled(
		&line, numbers_per_second(frames, elapsed_ns - progress->seen_ns), "/s now, ");
	numbers_put_scaled(&line, numbers_per_second(stats->sent, elapsed_ns), "/s mean, ");
	numbers_put_scaled(&line, numbers_per_second(stats->bytes * 8, elapsed_ns), "bit/s");
	live_show(&progress->live, buffer_text(&line));
	buffer_fini(&line);
}

static void track_rate(
	struct progress *progress, const struct link_stats *stats, uint64_t elapsed_ns)
{
	double rate = numbers_per_second(
		stats->sent - progress->seen_frames, elapsed_ns - progress->seen_ns);
	struct buffer now = { 0 };

	numbers_put_scaled(&now, rate, "frames/s");
	live_track(&progress->live, "rate", rate, buffer_text(&now));
	buffer_fini(&now);
}

void progress_init(struct progress *progress, const struct common *common, uint64_t count,
	uint64_t duration_ns)
{
	*progress =
		(struct progress){ .common = common, .count = count, .duration_ns = duration_ns };
	live_init(&progress->live, common);
}

void progress_show(void *context, const struct link_stats *stats, uint64_t elapsed_ns)
{
	struct progress *progress = context;
	const struct common *common = progress->common;

	if (elapsed_ns >= PROGRESS_FROM_NS && common->jsonl)
		show_object(progress, stats, elapsed_ns);
	if (elapsed_ns > progress->seen_ns)
		track_rate(progress, stats, elapsed_ns);
	if (elapsed_ns >= PROGRESS_FROM_NS)
		show_line(progress, stats, elapsed_ns);
	progress->seen_frames = stats->sent;
	progress->seen_ns = elapsed_ns;
}

void progress_clear(struct progress *progress)
{
	live_clear(&progress->live);
}
