/* measure rfc2544: the benchmarks of RFC 2544, each of many measurements. */
#include "cli/measure/rfc2544.h"
#include "cli/measure/page.h"
#include "cli/page.h"

#include "cli/numbers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SIZES_MAX 64U

/* 26.4: a burst is of 2 seconds at least; what is tried first. */
#define BURST_NS 2000000000U

/* ---- one trial ---- */

static void tell_trial(const struct rfc2544 *b, const struct rfc2544_trial *trial)
{
	const struct common *common = &b->options->send.common;
	struct buffer line = { 0 };

	if (common->quiet || (!common->verbose && !isatty(STDERR_FILENO)))
		return;
	buffer_printf(&line, "%u octets, ", b->size);
	numbers_put_scaled(&line, trial->offered, "frames/s");
	buffer_printf(&line, ": ");
	numbers_put(&line, trial->lost);
	buffer_printf(&line, " of ");
	numbers_put(&line, trial->sent);
	fprintf(stderr, "%s lost\n", buffer_text(&line));
	buffer_fini(&line);
}

static void keep_trial(
	struct rfc2544 *b, const struct measure_run *run, double asked, struct rfc2544_trial *ret)
{
	const struct measure_figure *all = &run->figures.all;

	*ret = (struct rfc2544_trial){
		.asked = asked,
		.offered = numbers_per_second(all->sent, run->seconds_ns),
		.sent = all->sent,
		.received = all->counts.unique,
		.lost = all->lost,
		.seconds_ns = run->seconds_ns,
		.dropped = run->figures.dropped,
		.latency = all->latency,
		.passed = all->sent &&
			  (double)all->lost <= b->options->allowed_loss * (double)all->sent,
	};
	b->receiver_dropped |= ret->dropped && ret->lost;
	tell_trial(b, ret);
}

/* A trial at so many frames a second (0: as fast as it goes), of count frames or of a time. */
static int try(struct rfc2544 *b, double rate, uint64_t count, struct rfc2544_trial *ret)
{
	struct measure_run *run = &b->run;
	struct text_rate pace = { .unit = rate > 0 ? TEXT_RATE_FRAMES : TEXT_RATE_MAX,
		.value = rate };
	int rc;

	b->options->send.pace.rate = (struct text_ramp){ .from = pace, .to = pace };
	run->plan.asked = count;
	run->plan.duration_ns = count ? 0 : b->options->trial_ns;
	run->outcome = (struct transmit_outcome){ 0 };
	rc = measure_run_open(run, &run->err);
	if (rc == 0)
		rc = measure_run_go(run);
	if (rc == 0)
		keep_trial(b, run, rate, ret);
	else if (run->failure.kind != ERR_NONE)
		run->err = run->failure;
	measure_run_close(run);
	if (rc == 0 && cli_stop)
		rc = err_result(&run->err, "stopped by a signal");
	return rc;
}

/* ---- how fast the medium is ---- */

static double asked_max(const struct rfc2544 *b)
{
	const struct text_rate *rate = &b->options->max_rate;

	switch (rate->unit) {
	case TEXT_RATE_FRAMES:
		return rate->value;
	case TEXT_RATE_BITS: /* as of the medium too: of octets without FCS, and no gap */
		return rate->value / (8.0 * (b->size - FCS_LENGTH));
	case TEXT_RATE_WIRE_BITS:
		return rfc2544_frames(rate->value, b->size);
	default:
		return 0;
	}
}

/* Where nobody says it, as fast as it goes is. *ret_first is that trial; its rate 0 where there was
 * none. */
static int find_max(struct rfc2544 *b, double *ret, struct rfc2544_trial *ret_first)
{
	int rc;

	*ret_first = (struct rfc2544_trial){ 0 };
	*ret = asked_max(b);
	if (*ret > 0)
		return 0;
	rc = try(b, 0, 0, ret_first);
	*ret = ret_first->offered;
	return rc;
}

/* ---- the benchmarks ---- */

static int find_throughput(struct rfc2544 *b, struct rfc2544_row *row)
{
	struct rfc2544_search search;
	struct rfc2544_trial trial;
	double rate;
	int rc = find_max(b, &row->max, &trial);

	if (rc < 0)
		return rc;
	rfc2544_search_begin(&search, row->max, b->options->resolution);
	if (trial.sent) {
		rfc2544_search_tell(&search, row->max, row->max, trial.passed);
		search.limited = trial.passed;
		row->best = trial;
	}
	while (rfc2544_search_next(&search, &rate)) {
		rc = try(b, rate, 0, &trial);
		if (rc < 0)
			return rc;
		rfc2544_search_tell(&search, rate, trial.offered, trial.passed);
		if (trial.passed)
			row->best = trial;
	}
	row->found = search.low;
	row->limited = search.limited;
	row->trials = search.trials;
	return 0;
}

/* 26.2: at the throughput; of all its frames, where the RFC has one tagged in each trial. */
static int find_latency(struct rfc2544 *b, struct rfc2544_row *row)
{
	int rc = find_throughput(b, row);

	if (rc < 0 || row->found <= 0)
		return rc;
	return try(b, row->found, 0, &row->best);
}

static int find_loss(struct rfc2544 *b, struct rfc2544_row *row)
{
	struct rfc2544_steps steps;
	struct rfc2544_trial first;
	int rc = find_max(b, &row->max, &first);

	rfc2544_steps_begin(&steps);
	while (rc == 0 && steps.tenths) {
		struct rfc2544_trial *trial = &row->steps[row->trials++];

		if (row->trials == 1 && first.sent)
			*trial = first;
		else
			rc = try(b, row->max * steps.tenths / 10, 0, trial);
		trial->asked = row->max * steps.tenths / 10;
		trial->tenths = steps.tenths;
		rfc2544_steps_tell(&steps, trial->passed);
	}
	return rc;
}

static int find_burst(struct rfc2544 *b, struct rfc2544_row *row)
{
	struct rfc2544_search search;
	struct rfc2544_trial trial;
	double count;
	int rc = find_max(b, &row->max, &trial);

	if (rc < 0)
		return rc;
	count = row->max * (double)b->options->trial_ns / 1e9;
	rfc2544_search_begin(&search, count < 1 ? 1 : ceil(count), b->options->resolution);
	while (rfc2544_search_next(&search, &count)) {
		rc = try(b, asked_max(b), (uint64_t)ceil(count), &trial);
		if (rc < 0)
			return rc;
		rfc2544_search_tell(&search, count, count, trial.passed);
		if (trial.passed)
			row->best = trial;
	}
	row->found = floor(search.low);
	row->limited = search.high <= 0;
	row->trials = search.trials;
	return 0;
}

static const struct {
	const char *name;
	int (*find)(struct rfc2544 *b, struct rfc2544_row *row);
} benchmarks[] = {
	{ "throughput", find_throughput },
	{ "latency", find_latency },
	{ "loss", find_loss },
	{ "back-to-back", find_burst },
};

/* ---- all sizes ---- */

static int read_sizes(struct rfc2544 *b, struct err *err)
{
	const char *text = b->options->sizes;
	struct arena *arena = &b->options->send.common.arena;

	if (!text) {
		b->sizes = rfc2544_sizes;
		b->count = RFC2544_SIZES;
		return 0;
	}
	while (b->count < SIZES_MAX) {
		size_t length = strcspn(text, ",");
		uint64_t size;

		if (text_number(arena_strndup(arena, text, length), &size, err) < 0)
			return err_locate(err, NULL, "--sizes");
		/* Which a plan takes for the templates' own. */
		if (!size)
			return err_input(err, NULL, "--sizes: a frame has more than 0 octets");
		b->own_sizes[b->count++] = (uint32_t)(size < UINT32_MAX ? size : UINT32_MAX);
		if (!text[length]) {
			b->sizes = b->own_sizes;
			return 0;
		}
		text += length + 1;
	}
	return err_input(err, NULL, "--sizes: more than %u", SIZES_MAX);
}

static int run_size(struct rfc2544 *b, struct rfc2544_row *row)
{
	size_t i = 0;
	int rc;

	b->size = row->size;
	b->options->send.frame_size = row->size;
	b->run = (struct measure_run){ .options = b->options, .home = -1 };
	rc = measure_run_plan(&b->run, &b->run.err);
	if (rc < 0)
		return rc;
	while (strcmp(benchmarks[i].name, b->options->benchmark) != 0)
		i++;
	return benchmarks[i].find(b, row);
}

static int run_all(struct rfc2544 *b)
{
	int rc = 0;

	for (unsigned int i = 0; rc == 0 && i < b->count; i++) {
		b->rows[i].size = b->sizes[i];
		rc = run_size(b, &b->rows[i]);
		b->done += rc == 0;
	}
	return rc;
}

static int judge(const struct rfc2544 *b)
{
	bool found = true;

	for (unsigned int i = 0; i < b->done; i++)
		found &= !strcmp(b->options->benchmark, "loss") || b->rows[i].found > 0;
	if (b->receiver_dropped) {
		fprintf(stderr,
			"pktsmith: in some trials the receiver itself dropped frames: what they "
			"found is its own limit, and not that of what is measured; let --engine "
			"xdp receive, or give --max-rate\n");
		return EXIT_REFUSED;
	}
	return found ? EXIT_DONE : EXIT_ANSWER_NO;
}

int measure_rfc2544(struct measure_options *options)
{
	struct rfc2544 b = { .options = options };
	struct err err = { 0 };
	int rc, status;

	if (!strcmp(options->benchmark, "back-to-back") && !options->tried)
		options->trial_ns = BURST_NS;
	if (read_sizes(&b, &err) < 0 ||
		page_open(options->page, options->report, "pktsmith measure rfc2544", &err) < 0)
		return cli_fail(&err);
	b.rows = arena_alloc(&options->send.common.arena, b.count * sizeof(*b.rows));
	memset(b.rows, 0, b.count * sizeof(*b.rows));
	cli_catch_signals();
	rc = run_all(&b);
	if (rc < 0 && !b.done)
		return cli_fail(&b.run.err);
	status = rfc2544_print(&b);
	if (rfc2544_page(&b, &err) < 0)
		status = cli_fail(&err);
	if (rc < 0)
		return cli_fail(&b.run.err);
	rc = judge(&b);
	return rc ? rc : status;
}
