/* What a terminal sees of a measurement while it runs. */
#include "cli/measure/measure.h"

#include "cli/numbers.h"

/* A receiver alone: how often it is drawn, and a run that is over sooner shows nothing. */
#define EVERY_NS 100000000U
#define FROM_NS	 500000000U

/* Overtaken by a later one; of those that none has overtaken nobody knows. The two were not read at
 * once. */
static uint64_t lost(const struct measure_totals *totals)
{
	return totals->due > totals->unique ? totals->due - totals->unique : 0;
}

/* Between clocks that are not the same, only what is more than the least says anything. */
static void track_latency(
	struct measure_run *run, const struct measure_totals *totals, struct live *live)
{
	struct buffer now = { 0 };
	uint64_t ns = totals->latency_ns;

	if (!run->least_ns || ns < run->least_ns)
		run->least_ns = ns;
	if (totals->shift_ns)
		ns -= run->least_ns;
	numbers_put_time(&now, (double)ns);
	if (totals->shift_ns)
		buffer_printf(&now, " above least");
	live_track(live, "latency", (double)ns, buffer_text(&now));
	buffer_fini(&now);
}

static void track(struct measure_run *run, const struct measure_totals *totals, uint64_t elapsed_ns,
	struct live *live)
{
	double came = numbers_per_second(
		totals->received - run->seen_received, elapsed_ns - run->seen_ns);
	double share = totals->due ? (double)lost(totals) / (double)totals->due : 0;
	struct buffer now = { 0 };

	numbers_put_scaled(&now, came, "frames/s");
	live_track(live, "received", came, buffer_text(&now));
	buffer_clear(&now);
	buffer_printf(&now, "%.3g %%", 100 * share);
	live_track(live, "lost", share, buffer_text(&now));
	if (totals->latency_ns)
		track_latency(run, totals, live);
	buffer_fini(&now);
	run->seen_received = totals->received;
	run->seen_ns = elapsed_ns;
}

void measure_watch(
	void *context, const struct link_stats *stats, uint64_t elapsed_ns, struct live *live)
{
	struct measure_run *run = context;
	struct measure_totals totals;

	measure_receiver_note_sent(run->receiver, stats->sent);
	measure_receiver_totals(run->receiver, &totals);
	track(run, &totals, elapsed_ns, live);
}

/* ---- the receiver alone ---- */

/* "1,200 of 3,000 frames received, 4 lost, 1 corrupted, 2.3 s". */
static void show(const struct measure_run *run, const struct measure_totals *totals,
	uint64_t elapsed_ns, struct live *live)
{
	const struct send_options *asked = &run->options->send;
	struct buffer line = { 0 };

	if (asked->counted && asked->count) {
		numbers_put(&line, totals->unique);
		buffer_printf(&line, " of ");
		numbers_put_count(&line, asked->count, "frame");
	} else {
		numbers_put_count(&line, totals->received, "frame");
	}
	buffer_printf(&line, " received, ");
	numbers_put(&line, lost(totals));
	buffer_printf(&line, " lost");
	if (totals->corrupted) {
		buffer_printf(&line, ", ");
		numbers_put(&line, totals->corrupted);
		buffer_printf(&line, " corrupted");
	}
	buffer_printf(&line, ", %.1f s", numbers_seconds(elapsed_ns));
	live_show(live, buffer_text(&line));
	buffer_fini(&line);
}

void measure_watch_alone(struct measure_run *run)
{
	uint64_t start = clock_system.now(NULL);
	struct live live;

	live_init(&live, &run->options->send.common);
	while (!measure_receiver_wait(run->receiver, EVERY_NS)) {
		uint64_t elapsed_ns = clock_system.now(NULL) - start;
		struct measure_totals totals;

		measure_receiver_totals(run->receiver, &totals);
		track(run, &totals, elapsed_ns, &live);
		if (elapsed_ns >= FROM_NS)
			show(run, &totals, elapsed_ns, &live);
	}
	live_clear(&live);
}
