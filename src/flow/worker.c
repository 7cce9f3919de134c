/* Hands frames to a link when they are due. */
#include "flow/worker.h"

#include <errno.h>
#include <sys/prctl.h>

/* A sleep wakes up late by microseconds, at times by tens: the rest is spun. */
#define SPIN_NS 50000U

/* A processor that slept wakes with cold caches and at a low clock, which shows in the gaps: waits
 * that are hardly longer than the spin are spun altogether. */
#define SLEEP_FROM_NS 150000U

/*
 * Who spins all the time on a processor that others want loses it now and then for long: before all
 * ordinary programs (SCHED_FIFO), for those 50 ms a second that the kernel keeps for them. After
 * such a hole it sleeps in some of its waits for a while, which the others take then.
 */
#define HOLE_NS	       5000000U
#define SHARED_NS      10000000000U
#define SHARED_SPIN_NS 25000U
#define SHARED_FROM_NS 75000U
#define SHARED_EACH    6U /* of so many waits */

/* Sleeps of a thread may end so much late, for the kernel to bundle them: 50 us unless set. */
#define SLACK_NS 1U

enum pause {
	PAUSE_DUE,  /* the frame is due */
	PAUSE_OVER, /* the duration is over */
	PAUSE_ENDS, /* the stage is over, or all has to end */
};

uint64_t worker_now(const struct worker_run *run)
{
	return run->config->clock->now(run->config->clock->context);
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

void worker_init(struct worker *worker, struct worker_run *run)
{
	*worker = (struct worker){ .run = run };
	pace_init(&worker->next, &run->config->pace, run->program, run->config->prepare != NULL);
}

/* ---- chunks ---- */

/* Of frames that are made as the run goes, by one thread. -EAGAIN: none is made yet. */
static int take_prepared(struct worker *worker)
{
	struct worker_run *run = worker->run;
	const struct send_config *config = run->config;
	uint64_t first = worker->next.index;
	uint64_t count = SEND_CHUNK - first % SEND_CHUNK;
	uint64_t gap_ns = 0;
	int stand;

	if (config->count && first >= config->count)
		return 0;
	if (config->count)
		count = smaller(count, config->count - first);
	stand = config->prepare(config->prepare_context, first, count, &gap_ns, &worker->err);
	if (stand <= 0) {
		worker->waited |= stand == -EAGAIN;
		return stand;
	}
	/* A schedule begins with its first frame. */
	if (!first && worker->waited)
		gap_ns += worker_now(run) - run->start;
	worker->next.gaps_ns += gap_ns;
	worker->taken_end = first + (uint64_t)stand;
	atomic_store_explicit(&run->next, worker->taken_end, memory_order_relaxed);
	return 1;
}

/* 1: there is a frame to hand over; 0: none is left. */
static int take_chunk(struct worker *worker)
{
	struct worker_run *run = worker->run;
	const struct send_config *config = run->config;
	uint64_t first;

	if (worker->next.index < worker->taken_end)
		return 1;
	if (config->prepare)
		return take_prepared(worker);
	first = atomic_fetch_add(&run->next, SEND_CHUNK);
	if (config->count && first >= config->count)
		return 0;
	if (first != worker->taken_end)
		worker->gap_start = 0;
	worker->taken_end = first + SEND_CHUNK;
	if (config->count)
		worker->taken_end = smaller(worker->taken_end, config->count);
	pace_skip_to(&worker->next, first);
	return 1;
}

int worker_prepare(struct worker *worker)
{
	int rc = take_chunk(worker);

	return rc < 0 && rc != -EAGAIN ? rc : 0;
}

/* ---- time ---- */

static uint64_t due(const struct worker *worker)
{
	return worker->run->start + pace_due(&worker->next);
}

static bool ends(const struct worker *worker, uint64_t at)
{
	struct worker_run *run = worker->run;
	const volatile sig_atomic_t *stop = run->config->stop;

	if (stop && *stop)
		atomic_store_explicit(&run->stopped, true, memory_order_relaxed);
	return at >= run->stage_end || atomic_load_explicit(&run->stopped, memory_order_relaxed) ||
	       atomic_load_explicit(&run->halt, memory_order_relaxed);
}

/*
 * Sleeps, then spins, until deadline; *ret is the time then. It sleeps in short pieces, since a
 * signal that comes just before a sleep does not end it.
 */
static enum pause wait_until(struct worker *worker, uint64_t deadline, uint64_t *ret)
{
	const struct worker_run *run = worker->run;
	const struct clock *clock = run->config->clock;
	uint64_t target = smaller(smaller(deadline, run->end), run->stage_end);
	uint64_t seen = 0; /* the time at the last look, where it spins */

	for (;;) {
		uint64_t at = worker_now(run);
		bool shared;

		*ret = at;
		if (seen && at - seen >= HOLE_NS)
			worker->shared_until = at + SHARED_NS;
		seen = at;
		shared = at < worker->shared_until && worker->next.index % SHARED_EACH == 0;
		if (ends(worker, at))
			return PAUSE_ENDS;
		if (at >= run->end)
			return PAUSE_OVER;
		if (worker->tick)
			worker->tick(worker->tick_context, at);
		if (at >= deadline)
			return PAUSE_DUE;
		if (target <= at + (shared ? SHARED_FROM_NS : SLEEP_FROM_NS))
			continue;
		clock->sleep_until(clock->context,
			smaller(target - (shared ? SHARED_SPIN_NS : SPIN_NS), at + WORKER_TICK_NS));
		seen = 0;
	}
}

/* ---- frames ---- */

/* How many of the chunk's next frames, at most most, are due by the time at: what the rate allows.
 */
static uint64_t frames_due(
	const struct worker *worker, uint64_t at, uint64_t most, struct pace *after)
{
	const struct worker_run *run = worker->run;
	uint64_t left = smaller(most, worker->taken_end - worker->next.index);
	uint64_t count = 0;

	*after = worker->next;
	if (!after->scheduled) {
		pace_skip_to(after, after->index + left);
		return left;
	}
	while (count < left) {
		uint64_t time = run->start + pace_due(after);

		if (time > at || time >= run->end)
			break;
		pace_advance(after);
		count++;
	}
	return count;
}

/* Notes the gaps before count frames that were handed over until `to`, since `from` or the frame
 * before: they left at the end of that time, as far as can be told. */
static void note_gaps(struct worker *worker, uint64_t count, uint64_t from, uint64_t to)
{
	uint64_t start = from > worker->gap_start ? from : worker->gap_start;
	uint64_t spread = link_spread(worker->link, to - start);
	uint64_t each = spread / count;

	if (worker->gap_start)
		histogram_add(worker->gaps, to - spread + each - worker->gap_start, 1);
	histogram_add(worker->gaps, each, count - 1);
	worker->gap_start = to;
}

static void publish(struct worker *worker)
{
	struct link_stats stats;

	link_stats(worker->link, &stats);
	atomic_store_explicit(
		&worker->sent, stats.sent - worker->before.sent, memory_order_relaxed);
	atomic_store_explicit(
		&worker->failed, stats.failed - worker->before.failed, memory_order_relaxed);
	atomic_store_explicit(
		&worker->bytes, stats.bytes - worker->before.bytes, memory_order_relaxed);
}

/* Hands over those of the chunk's frames that are due by the time at, at most most. */
static int hand_over(struct worker *worker, uint64_t at, uint64_t most, uint64_t *ret_count)
{
	struct worker_run *run = worker->run;
	struct pace after;
	uint64_t count = frames_due(worker, at, most, &after);
	int rc = link_run(worker->link, run->program, worker->next.index, count, &worker->err);

	*ret_count = count;
	if (rc == 0) {
		if (worker->gaps && count && worker->next.scheduled)
			note_gaps(worker, count, at, worker_now(run));
		worker->next = after;
	}
	publish(worker);
	return rc;
}

/* What was due before the end of the duration and is late still belongs to it; a chunk, lest a link
 * that is too slow goes on for long. */
static int hand_over_late(struct worker *worker, uint64_t at)
{
	uint64_t left = SEND_CHUNK, count = 1;
	int rc = 1;

	while (rc > 0 && left && count) {
		rc = take_chunk(worker);
		if (rc <= 0)
			break;
		rc = hand_over(worker, at, left, &count);
		left -= count;
		rc = rc < 0 ? rc : 1;
	}
	return rc < 0 && rc != -EAGAIN ? rc : 0;
}

/* How many frames to hand over at once, at the time at. Where the link wants more than a chunk, and
 * no other thread has taken the next, they are taken as well. */
static uint64_t take_more(struct worker *worker, uint64_t at)
{
	struct worker_run *run = worker->run;
	uint64_t end = smaller(run->end, run->stage_end);
	uint64_t wanted = link_chunk(worker->link, end > at ? end - at : 0);
	uint64_t taken_end = worker->next.index + wanted;
	uint64_t next = worker->taken_end;

	if (wanted <= SEND_CHUNK || run->config->prepare)
		return SEND_CHUNK;
	if (run->config->count)
		taken_end = smaller(taken_end, run->config->count);
	if (taken_end > next && atomic_compare_exchange_strong(&run->next, &next, taken_end))
		worker->taken_end = taken_end;
	return wanted;
}

/* A frame is to be made: whether it is worth waiting for. */
static bool may_come(struct worker *worker)
{
	uint64_t at = worker_now(worker->run);

	if (ends(worker, at) || at >= worker->run->end)
		return false;
	if (worker->tick)
		worker->tick(worker->tick_context, at);
	return true;
}

static int work(struct worker *worker)
{
	int rc;

	while ((rc = take_chunk(worker)) > 0 || rc == -EAGAIN) {
		uint64_t at, count;
		enum pause pause;

		if (rc == -EAGAIN) {
			if (!may_come(worker))
				return 0;
			continue;
		}
		pause = wait_until(worker, due(worker), &at);
		if (pause == PAUSE_OVER && worker->next.scheduled)
			return hand_over_late(worker, at);
		if (pause != PAUSE_DUE)
			return 0;
		rc = hand_over(worker, at, take_more(worker, at), &count);
		if (rc < 0)
			return rc;
	}
	return rc;
}

void worker_work(struct worker *worker)
{
	int slack = prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0);

	if (slack > 0)
		prctl(PR_SET_TIMERSLACK, (unsigned long)SLACK_NS, 0, 0, 0);
	worker->rc = work(worker);
	if (slack > 0)
		prctl(PR_SET_TIMERSLACK, (unsigned long)slack, 0, 0, 0);
	if (worker->rc < 0)
		atomic_store(&worker->run->halt, true);
}
