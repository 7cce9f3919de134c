/* The tables of RFC 2544. */
#include "cli/measure/rfc2544.h"

#include "cli/numbers.h"
#include "cli/page.h"

#include <string.h>

/* As on the medium: with preamble and gap. */
static double bits(double frames, uint32_t size)
{
	return frames / rfc2544_frames(1, size);
}

static bool is(const struct rfc2544 *b, const char *name)
{
	return !strcmp(b->options->benchmark, name);
}

static bool is_rate(const struct rfc2544 *b)
{
	return is(b, "throughput") || is(b, "latency");
}

/* ---- for people ---- */

static void put_cell(struct buffer *out, int width, const struct buffer *cell)
{
	buffer_printf(out, " %*s", width, buffer_text(cell));
}

static void put_scaled(struct buffer *out, int width, double value, const char *unit)
{
	struct buffer cell = { 0 };

	numbers_put_scaled(&cell, value, unit);
	put_cell(out, width, &cell);
	buffer_fini(&cell);
}

static void put_time(struct buffer *out, int width, double ns)
{
	struct buffer cell = { 0 };

	numbers_put_time(&cell, ns);
	put_cell(out, width, &cell);
	buffer_fini(&cell);
}

static void put_rate(struct buffer *out, const struct rfc2544_row *row)
{
	buffer_printf(out, "%6u", row->size);
	put_scaled(out, 16, row->found, "frames/s");
	put_scaled(out, 14, bits(row->found, row->size), "bit/s");
	buffer_printf(out, " %7.2f %%", row->max > 0 ? 100 * row->found / row->max : 0);
}

static void put_throughput(struct buffer *out, const struct rfc2544 *b)
{
	buffer_printf(out, "%6s %16s %14s %9s %7s\n", "size", "throughput", "on the medium",
		"of max", "trials");
	for (unsigned int i = 0; i < b->done; i++) {
		put_rate(out, &b->rows[i]);
		buffer_printf(out, " %7u%s\n", b->rows[i].trials,
			b->rows[i].limited ? "  at least: the sender goes no faster" : "");
	}
}

static void put_latency(struct buffer *out, const struct rfc2544 *b)
{
	buffer_printf(out, "%6s %16s %14s %9s %10s %10s %10s %10s %10s\n", "size", "at",
		"on the medium", "of max", "mean", "min", "p50", "p99", "max");
	for (unsigned int i = 0; i < b->done; i++) {
		const struct measure_row *latency = &b->rows[i].best.latency;

		put_rate(out, &b->rows[i]);
		put_time(out, 10, latency->mean);
		put_time(out, 10, (double)latency->at[0]);
		put_time(out, 10, (double)latency->at[1]);
		put_time(out, 10, (double)latency->at[3]);
		put_time(out, 10, (double)latency->at[5]);
		buffer_printf(out, "\n");
	}
}

static double lost_share(const struct rfc2544_trial *trial)
{
	return trial->sent ? (double)trial->lost / (double)trial->sent : 0;
}

static void put_loss(struct buffer *out, const struct rfc2544 *b)
{
	buffer_printf(out, "%6s %7s %16s %16s %12s %12s %10s\n", "size", "of max", "asked",
		"offered", "sent", "lost", "loss");
	for (unsigned int i = 0; i < b->done; i++)
		for (unsigned int j = 0; j < b->rows[i].trials; j++) {
			const struct rfc2544_trial *trial = &b->rows[i].steps[j];

			buffer_printf(out, "%6u %5u %%", b->rows[i].size, trial->tenths * 10);
			put_scaled(out, 16, trial->asked, "frames/s");
			put_scaled(out, 16, trial->offered, "frames/s");
			buffer_printf(out, " %12llu %12llu %8.4f %%\n",
				(unsigned long long)trial->sent, (unsigned long long)trial->lost,
				100 * lost_share(trial));
		}
}

static void put_bursts(struct buffer *out, const struct rfc2544 *b)
{
	buffer_printf(out, "%6s %14s %12s %16s %7s\n", "size", "frames", "time", "rate", "trials");
	for (unsigned int i = 0; i < b->done; i++) {
		const struct rfc2544_row *row = &b->rows[i];

		buffer_printf(out, "%6u %14.0f", row->size, row->found);
		put_time(out, 12, (double)row->best.seconds_ns);
		put_scaled(out, 16, row->best.offered, "frames/s");
		buffer_printf(out, " %7u%s\n", row->trials,
			row->limited ? "  at least: the longest that was tried" : "");
	}
}

static void put_table(struct buffer *out, const struct rfc2544 *b)
{
	buffer_printf(out, "RFC 2544 %s, trials of ", b->options->benchmark);
	numbers_put_time(out, (double)b->options->trial_ns);
	buffer_printf(out, ", sizes with FCS");
	if (b->run.engine)
		buffer_printf(out, ", received by %s", b->run.engine->name);
	if (b->run.engine && b->run.engine_why)
		buffer_printf(out, " (%s)", b->run.engine_why);
	buffer_printf(out, "\n");
	if (is(b, "throughput"))
		put_throughput(out, b);
	else if (is(b, "latency"))
		put_latency(out, b);
	else if (is(b, "loss"))
		put_loss(out, b);
	else
		put_bursts(out, b);
}

/* ---- for programs ---- */

static struct json *trial_json(const struct rfc2544_trial *trial)
{
	struct json *json = json_object();

	json_set(json, "frames_per_second_asked", json_real(trial->asked));
	json_set(json, "frames_per_second", json_real(trial->offered));
	json_set(json, "sent", json_number(trial->sent));
	json_set(json, "received", json_number(trial->received));
	json_set(json, "lost", json_number(trial->lost));
	json_set(json, "loss", json_real(lost_share(trial)));
	json_set(json, "dropped_by_receiver", json_number(trial->dropped));
	json_set(json, "seconds", json_real(numbers_seconds(trial->seconds_ns)));
	json_set(json, "latency_ns", measure_row_json(&trial->latency));
	return json;
}

static struct json *row_json(const struct rfc2544 *b, const struct rfc2544_row *row)
{
	struct json *json = json_object();
	struct json *steps;

	json_set(json, "size", json_number(row->size));
	json_set(json, "max_frames_per_second", json_real(row->max));
	json_set(json, "trials", json_number(row->trials));
	if (is(b, "loss")) {
		steps = json_array();
		for (unsigned int i = 0; i < row->trials; i++) {
			struct json *step = trial_json(&row->steps[i]);

			json_set(step, "share", json_real(row->steps[i].tenths / 10.0));
			json_add(steps, step);
		}
		json_set(json, "rates", steps);
		return json;
	}
	json_set(json, "limited", json_bool(row->limited));
	if (is_rate(b)) {
		json_set(json, "frames_per_second", json_real(row->found));
		json_set(json, "bits_per_second", json_real(bits(row->found, row->size)));
	} else {
		json_set(json, "frames", json_number((uint64_t)row->found));
	}
	json_set(json, "best", row->found > 0 ? trial_json(&row->best) : json_null());
	return json;
}

static struct json *report_json(const struct rfc2544 *b)
{
	struct json *json = json_object();
	struct json *rows = json_array();

	json_set(json, "type", json_text("report"));
	json_set(json, "rfc2544", json_text(b->options->benchmark));
	json_set(json, "trial_seconds", json_real(numbers_seconds(b->options->trial_ns)));
	json_set(json, "resolution", json_real(b->options->resolution));
	json_set(json, "engine", b->run.engine ? json_text(b->run.engine->name) : json_null());
	json_set(
		json, "engine_why", b->run.engine_why ? json_text(b->run.engine_why) : json_null());
	json_set(json, "receiver_dropped", json_bool(b->receiver_dropped));
	for (unsigned int i = 0; i < b->done; i++)
		json_add(rows, row_json(b, &b->rows[i]));
	json_set(json, "sizes", rows);
	return json;
}

int rfc2544_print(const struct rfc2544 *b)
{
	const struct common *common = &b->options->send.common;
	struct buffer out = { 0 };
	int status;

	if (common->json || common->jsonl)
		json_print(report_json(b), common->json, &out);
	else if (!common->quiet)
		put_table(&out, b);
	status = page_takes_stdout(b->options->page) ? EXIT_DONE : cli_print(&out);
	buffer_fini(&out);
	return status;
}
