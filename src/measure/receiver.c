/* An engine at work. */
#include "measure/receiver.h"

#include "base/err.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define POLL_MS 10

/* How often totals are read, and the series goes on. */
#define TICK_NS 10000000U

/* After the last frame that was expected, copies may follow. */
#define COPIES_NS 50000000U

#define UNKNOWN UINT64_MAX

#define NS_PER_S 1000000000U

struct measure_receiver {
	struct measure_receiver_config config;
	struct measure_engine *engine;
	struct series series;
	struct histogram latencies; /* of the thread alone */
	pthread_t thread;
	bool running;
	atomic_bool quit;
	_Atomic uint64_t expected, sent;
	atomic_bool cut_short; /* the signal had come when the sender was done */
	/* The totals, for others to look at meanwhile. */
	_Atomic uint64_t received, unique, duplicates, reordered, corrupted, damaged, dropped, due,
		latency_ns;
	_Atomic int64_t shift_ns;
	/* Of the thread alone. */
	uint64_t changed_at; /* when something came last; 0: nothing did */
	uint64_t expected_at;
	int rc;
	struct err err;
};

/* ---- what came ---- */

static void take_latencies(struct measure_receiver *r)
{
	r->engine->ops->latencies(r->engine, &r->latencies);
	series_take_latencies(&r->series, &r->latencies);
}

static int take_totals(struct measure_receiver *r, uint64_t now)
{
	struct measure_totals totals = { 0 };
	int rc = r->engine->ops->totals(r->engine, &totals, &r->err);

	if (rc < 0)
		return rc;
	if (totals.received + totals.damaged != r->series.seen.received + r->series.seen.damaged)
		r->changed_at = now;
	series_take(&r->series, now, &totals, r->sent);
	if (series_turns(&r->series))
		take_latencies(r);
	r->received = totals.received;
	r->unique = totals.unique;
	r->duplicates = totals.duplicates;
	r->reordered = totals.reordered;
	r->corrupted = totals.corrupted;
	r->damaged = totals.damaged;
	r->dropped = totals.dropped;
	r->due = totals.due;
	r->latency_ns = totals.latency_ns;
	r->shift_ns = totals.shift_ns;
	return 0;
}

void measure_receiver_totals(const struct measure_receiver *receiver, struct measure_totals *ret)
{
	*ret = (struct measure_totals){
		.received = receiver->received,
		.unique = receiver->unique,
		.duplicates = receiver->duplicates,
		.reordered = receiver->reordered,
		.corrupted = receiver->corrupted,
		.damaged = receiver->damaged,
		.dropped = receiver->dropped,
		.due = receiver->due,
		.latency_ns = receiver->latency_ns,
		.shift_ns = receiver->shift_ns,
	};
}

/* ---- the end ---- */

static bool is_stopped(const struct measure_receiver *r)
{
	return r->config.stop && *r->config.stop;
}

/* Nobody sends here. */
static bool is_over_alone(struct measure_receiver *r, uint64_t now)
{
	uint64_t since = r->changed_at;

	if (is_stopped(r))
		return true;
	if (r->expected != UNKNOWN && r->unique >= r->expected)
		return now - since >= COPIES_NS;
	return r->config.wait_ns && since && now - since >= r->config.wait_ns;
}

/* The signal that ends the sender leaves those on the way their time, and no more, whatever else
 * comes; one that comes later ends the wait. */
static bool is_over(struct measure_receiver *r, uint64_t now)
{
	uint64_t since = r->changed_at;

	if (r->config.alone)
		return is_over_alone(r, now);
	if (r->expected == UNKNOWN)
		return false;
	/* What lies in the ring is looked at once more. */
	if (!r->expected_at) {
		r->expected_at = now;
		return false;
	}
	if (is_stopped(r) && !r->cut_short)
		return true;
	if (since < r->expected_at || r->cut_short)
		since = r->expected_at;
	return now - since >= (r->unique >= r->expected ? COPIES_NS : r->config.wait_ns);
}

static void *work(void *context)
{
	struct measure_receiver *r = context;
	uint64_t due = 0;

	for (;;) {
		uint64_t now;

		r->rc = r->engine->ops->poll(r->engine, POLL_MS, &r->err);
		now = clock_system.now(NULL);
		if (r->rc == 0 && now >= due) {
			r->rc = take_totals(r, now);
			due = now + TICK_NS;
		}
		if (r->rc < 0 || r->quit || is_over(r, now))
			break;
	}
	/* What came since the last look, too. */
	if (r->rc == 0)
		r->rc = take_totals(r, clock_system.now(NULL));
	take_latencies(r);
	return NULL;
}

/* ---- the thread ---- */

/* To the last processor that it may have, where there are several: the sender takes the others. */
static void pin(pthread_t thread)
{
	size_t at = CPU_SETSIZE;
	cpu_set_t all, one;

	CPU_ZERO(&one);
	if (sched_getaffinity(0, sizeof(all), &all) || CPU_COUNT(&all) < 2)
		return;
	while (!CPU_ISSET(--at, &all))
		;
	CPU_SET(at, &one);
	/* In vain, it is where the scheduler puts it. */
	(void)pthread_setaffinity_np(thread, sizeof(one), &one);
}

/* Signals are the sender's to take. */
int measure_receiver_start(struct measure_receiver *r, struct err *err)
{
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&r->thread, NULL, work, r);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (rc)
		return err_system(err, rc, "cannot start the thread that receives");
	r->running = true;
	pin(r->thread);
	return 0;
}

int measure_receiver_open(struct measure_receiver **ret,
	const struct measure_receiver_config *config, struct err *err)
{
	struct measure_receiver *r = calloc(1, sizeof(*r));
	int rc;

	if (!r)
		return err_system(err, ENOMEM, "cannot receive");
	r->config = *config;
	r->expected = config->expected ? config->expected : UNKNOWN;
	rc = config->engine->open(&r->engine, &config->receive, err);
	if (rc < 0) {
		measure_receiver_close(r);
		return rc;
	}
	*ret = r;
	return 0;
}

void measure_receiver_note_sent(struct measure_receiver *receiver, uint64_t sent)
{
	receiver->sent = sent;
}

void measure_receiver_expect(struct measure_receiver *receiver, uint64_t frames)
{
	receiver->sent = frames;
	receiver->cut_short = is_stopped(receiver);
	receiver->expected = frames;
}

static void join(struct measure_receiver *r)
{
	if (r->running)
		pthread_join(r->thread, NULL);
	r->running = false;
}

bool measure_receiver_wait(struct measure_receiver *receiver, uint64_t timeout_ns)
{
	uint64_t until = clock_system.now(NULL) + timeout_ns;
	const struct timespec at = {
		.tv_sec = (time_t)(until / NS_PER_S),
		.tv_nsec = (long)(until % NS_PER_S),
	};

	if (receiver->running &&
		!pthread_clockjoin_np(receiver->thread, NULL, CLOCK_MONOTONIC, &at))
		receiver->running = false;
	return !receiver->running;
}

int measure_receiver_finish(
	struct measure_receiver *receiver, struct measure_result *ret, struct err *err)
{
	int rc;

	join(receiver);
	rc = receiver->engine->ops->results(receiver->engine, ret, err);
	/* What ended it comes first. */
	if (receiver->rc < 0) {
		*err = receiver->err;
		rc = receiver->rc;
	}
	return rc;
}

struct series *measure_receiver_series(struct measure_receiver *receiver)
{
	return &receiver->series;
}

void measure_receiver_close(struct measure_receiver *receiver)
{
	if (!receiver)
		return;
	receiver->quit = true;
	join(receiver);
	if (receiver->engine)
		receiver->engine->ops->close(receiver->engine);
	series_fini(&receiver->series);
	free(receiver);
}
