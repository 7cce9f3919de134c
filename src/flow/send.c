/* Runs a program on a link, on an absolute schedule. */
#include "flow/send.h"

#include <string.h>

#define SECOND_NS   1e9
#define PROGRESS_NS 100000000U

/* A sleep wakes up late by tens of microseconds: the rest is spun, which puts 84 % of the frames
 * within 512 ns of their time, where sleeping alone puts 19 %. */
#define SPIN_NS 50000U

/* 802.3: preamble and start delimiter 8, FCS 4, gap 12. */
#define WIRE_EXTRA 24U
#define FCS_OCTETS 4U

/* What stands before the frame `index` on the schedule. Sums, not times: so nothing is rounded
 * twice. */
struct schedule {
	uint64_t index;
	uint64_t units; /* frames, or bits, by the rate's unit */
	uint64_t gaps_ns;
};

struct run {
	struct link *link;
	const struct patch_program *program;
	const struct send_config *config;
	struct link_stats before;
	struct schedule next;
	uint64_t start;
	uint64_t end; /* UINT64_MAX for none */
	uint64_t progress_at;
	bool scheduled; /* there are due times to wait for: a rate, an interval or gaps */
	bool stopped;
};

static uint64_t now(const struct run *run)
{
	return run->config->clock->now(run->config->clock->context);
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* What the link did since the run began: a link may have run before. */
static void stats_since(const struct run *run, struct link_stats *ret)
{
	const struct link_stats *before = &run->before;
	unsigned int rows = 0;

	link_stats(run->link, ret);
	ret->queued -= before->queued;
	ret->sent -= before->sent;
	ret->failed -= before->failed;
	ret->bytes -= before->bytes;
	for (unsigned int i = 0; i < LINK_ERRORS_MAX && ret->errors[i].error; i++) {
		uint64_t count = ret->errors[i].count;

		/* Rows are only ever appended, so row i was row i. */
		if (before->errors[i].error)
			count -= before->errors[i].count;
		if (!count)
			continue;
		ret->errors[rows].error = ret->errors[i].error;
		ret->errors[rows++].count = count;
	}
	if (rows < LINK_ERRORS_MAX)
		memset(&ret->errors[rows], 0, sizeof(ret->errors[0]) * (LINK_ERRORS_MAX - rows));
}

static uint64_t due(const struct run *run, const struct schedule *at)
{
	const struct send_config *config = run->config;
	uint64_t ns = at->gaps_ns;

	if (config->interval_ns)
		ns += at->index * config->interval_ns;
	else if (config->rate.unit != TEXT_RATE_MAX)
		ns += (uint64_t)((double)at->units * SECOND_NS / config->rate.value);
	return run->start + ns;
}

static void schedule_advance(const struct run *run, struct schedule *at)
{
	const struct patch_frame *frame = patch_program_frame(run->program, at->index);
	/* Rates count a frame's octets without FCS, whoever appends it. */
	uint64_t octets =
		patch_program_length(run->program, at->index) - (frame->own_fcs ? FCS_OCTETS : 0);

	switch (run->config->rate.unit) {
	case TEXT_RATE_MAX:
		break;
	case TEXT_RATE_FRAMES:
		at->units++;
		break;
	case TEXT_RATE_BITS:
		at->units += 8 * octets;
		break;
	case TEXT_RATE_WIRE_BITS:
		at->units += 8 * (octets + WIRE_EXTRA);
		break;
	}
	at->gaps_ns += frame->gap_ns;
	at->index++;
}

static void tell_progress(struct run *run, uint64_t at)
{
	struct link_stats stats;

	if (!run->config->progress || at < run->progress_at)
		return;
	run->progress_at = at + PROGRESS_NS;
	stats_since(run, &stats);
	run->config->progress(run->config->context, &stats, at - run->start);
}

/* Whether the run goes on, at this time. */
static bool goes_on(struct run *run, uint64_t at)
{
	if (run->config->stop && *run->config->stop)
		run->stopped = true;
	return !run->stopped && at < run->end;
}

/*
 * Sleeps, then spins, until deadline; *ret is the time then. False where the run is over before. It
 * sleeps in short pieces, since a signal that comes just before a sleep does not end it.
 */
static bool wait_until(struct run *run, uint64_t deadline, uint64_t *ret)
{
	const struct clock *clock = run->config->clock;
	uint64_t target = smaller(deadline, run->end);

	while (goes_on(run, *ret = now(run))) {
		tell_progress(run, *ret);
		if (*ret >= target)
			return true;
		if (target - *ret > SPIN_NS)
			clock->sleep_until(
				clock->context, smaller(target - SPIN_NS, *ret + PROGRESS_NS));
	}
	return false;
}

/* How many of the next frames, at most most, are due by the time at: what the rate allows. */
static uint64_t frames_due(
	const struct run *run, uint64_t most, uint64_t at, struct schedule *after)
{
	uint64_t count = 0;

	*after = run->next;
	if (!run->scheduled) {
		after->index += most;
		return most;
	}
	while (count < most && due(run, after) <= at && due(run, after) < run->end) {
		schedule_advance(run, after);
		count++;
	}
	return count;
}

/* The frames of the next chunk. */
static uint64_t chunk(const struct run *run)
{
	uint64_t asked = run->config->count;

	return asked ? smaller(SEND_CHUNK, asked - run->next.index) : SEND_CHUNK;
}

static int prepare(const struct run *run, struct err *err)
{
	const struct send_config *config = run->config;

	if (!config->prepare)
		return 0;
	return config->prepare(config->prepare_context, run->next.index, chunk(run), err);
}

/* Hands over the frames that are due by the time at, at most a chunk. */
static int hand_over(struct run *run, uint64_t at, struct err *err)
{
	struct schedule after;
	uint64_t count = frames_due(run, chunk(run), at, &after);
	int rc = link_run(run->link, run->program, run->next.index, count, err);

	if (rc == 0)
		run->next = after;
	return rc;
}

static int run_frames(struct run *run, struct err *err)
{
	uint64_t asked = run->config->count;
	int rc = 0;

	while (rc == 0 && (!asked || run->next.index < asked)) {
		uint64_t at;

		rc = prepare(run, err);
		if (rc < 0)
			break;
		if (wait_until(run, due(run, &run->next), &at)) {
			rc = hand_over(run, at, err);
			continue;
		}
		/* What was due before the end of the duration and is late still belongs to it; a
		 * chunk, lest a link that is too slow goes on for long. */
		if (!run->stopped && run->scheduled)
			rc = hand_over(run, at, err);
		break;
	}
	return rc;
}

static bool has_gaps(const struct patch_program *program)
{
	for (unsigned int i = 0; i < program->count; i++)
		if (program->frames[i].gap_ns)
			return true;
	return false;
}

int send_run(struct link *link, const struct patch_program *program,
	const struct send_config *config, struct send_report *ret, struct err *err)
{
	struct run run = { .link = link, .program = program, .config = config };
	int rc;

	link_stats(link, &run.before);
	/* Frames that are yet to be made may have gaps. */
	run.scheduled = config->interval_ns || config->rate.unit != TEXT_RATE_MAX ||
			config->prepare || has_gaps(program);
	rc = prepare(&run, err);
	run.start = now(&run);
	run.end = config->duration_ns ? run.start + config->duration_ns : UINT64_MAX;
	run.progress_at = run.start + PROGRESS_NS;
	if (rc == 0)
		rc = run_frames(&run, err);

	*ret = (struct send_report){ .asked = config->count, .stopped = run.stopped };
	ret->elapsed_ns = now(&run) - run.start;
	stats_since(&run, &ret->stats);
	if (rc < 0 && config->count)
		ret->not_tried = config->count - ret->stats.sent - ret->stats.failed;
	return rc;
}
