/* Runs a program on links: its workers, and its report. */
#include "flow/send.h"

#include "base/err.h"
#include "flow/run.h"
#include "flow/tally.h"

#include <stdlib.h>

/* Of all that was done so far: may be called while the workers work. */
static void stats_now(struct run *run, struct link_stats *ret)
{
	*ret = run->stats;
	for (unsigned int i = 0; i < run->threads; i++) {
		struct worker *worker = &run->workers[i];

		ret->sent += atomic_load_explicit(&worker->sent, memory_order_relaxed);
		ret->failed += atomic_load_explicit(&worker->failed, memory_order_relaxed);
		ret->bytes += atomic_load_explicit(&worker->bytes, memory_order_relaxed);
	}
	ret->queued = ret->sent + ret->failed;
}

void send_tick(void *context, uint64_t at)
{
	struct run *run = context;
	const struct send_config *config = run->shared.config;
	struct link_stats stats;

	if (!config->progress || at < run->progress_at)
		return;
	run->progress_at = at + WORKER_TICK_NS;
	stats_now(run, &stats);
	config->progress(config->context, &stats, at - run->shared.start);
}

static int first_failure(const struct run *run, struct err *err)
{
	for (unsigned int i = 0; i < run->threads; i++) {
		if (run->workers[i].rc >= 0)
			continue;
		if (err)
			*err = run->workers[i].err;
		return run->workers[i].rc;
	}
	return 0;
}

int send_work_on(struct run *run, struct link *const *links, uint64_t stage_end, struct err *err)
{
	int rc = 0;

	run->shared.stage_end = stage_end;
	for (unsigned int i = 0; i < run->threads; i++) {
		struct worker *worker = &run->workers[i];

		worker->link = links[i];
		link_stats(links[i], &worker->before);
	}
	if (run->threads == 1)
		worker_work(&run->workers[0]);
	else
		rc = send_in_threads(run, err);
	return rc < 0 ? rc : first_failure(run, err);
}

int send_settle(struct run *run, struct err *err)
{
	int rc = 0;

	for (unsigned int i = 0; i < run->threads; i++) {
		struct worker *worker = &run->workers[i];
		struct link_stats since;
		int r;

		if (!worker->link)
			continue;
		r = link_drain(worker->link, rc ? NULL : err);
		rc = rc ? rc : r;
		tally_since(worker->link, &worker->before, &since);
		tally_add(&run->stats, &since);
		worker->link = NULL;
		atomic_store(&worker->sent, 0);
		atomic_store(&worker->failed, 0);
		atomic_store(&worker->bytes, 0);
	}
	return rc;
}

static int run_init(struct run *run, unsigned int threads, const struct patch_program *program,
	const struct send_config *config, struct err *err)
{
	pthread_condattr_t monotonic;

	*run = (struct run){ .shared = { .program = program, .config = config },
		.threads = threads };
	run->workers = calloc(threads, sizeof(*run->workers));
	if (!run->workers)
		return err_system(err, ENOMEM, "cannot send");
	for (unsigned int i = 0; i < threads; i++) {
		struct worker *worker = &run->workers[i];

		worker_init(worker, &run->shared);
		if (config->gaps)
			worker->gaps = calloc(1, sizeof(*worker->gaps));
	}
	if (threads == 1) {
		run->workers[0].tick = send_tick;
		run->workers[0].tick_context = run;
	}
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&run->done_changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_mutex_init(&run->lock, NULL);
	return 0;
}

static void run_fini(struct run *run)
{
	for (unsigned int i = 0; i < run->threads; i++)
		free(run->workers[i].gaps);
	free(run->workers);
	pthread_cond_destroy(&run->done_changed);
	pthread_mutex_destroy(&run->lock);
}

static void report(struct run *run, int rc, struct send_report *ret)
{
	const struct send_config *config = run->shared.config;

	ret->stats = run->stats;
	ret->stopped = atomic_load(&run->shared.stopped);
	ret->elapsed_ns = worker_now(&run->shared) - run->shared.start;
	if (rc < 0 && config->count)
		ret->not_tried = config->count - run->stats.queued;
	for (unsigned int i = 0; config->gaps && i < run->threads; i++)
		if (run->workers[i].gaps)
			histogram_merge(config->gaps, run->workers[i].gaps);
}

int send_run_ways(struct send_way *ways, unsigned int way_count, unsigned int threads,
	const struct patch_program *program, const struct send_config *config,
	struct send_report *ret, struct err *err)
{
	struct run run;
	int rc, drained;

	*ret = (struct send_report){ .asked = config->count, .not_tried = config->count };
	rc = run_init(&run, threads, program, config, err);
	if (rc < 0)
		return rc;
	if (config->prepare) {
		rc = worker_prepare(&run.workers[0]);
		if (rc < 0 && err)
			*err = run.workers[0].err;
	}
	run.shared.start = worker_now(&run.shared);
	if (!config->duration_ns ||
		__builtin_add_overflow(run.shared.start, config->duration_ns, &run.shared.end))
		run.shared.end = UINT64_MAX;
	run.progress_at = run.shared.start + WORKER_TICK_NS;
	ret->not_tried = 0;
	if (rc == 0)
		rc = send_choose(&run, ways, way_count, &ret->way, &ret->why, err);
	if (rc == 0)
		rc = send_work_on(&run, ways[ret->way].links, UINT64_MAX, err);
	drained = send_settle(&run, rc ? NULL : err);
	rc = rc ? rc : drained;
	report(&run, rc, ret);
	run_fini(&run);
	return rc;
}

int send_run(struct link *link, const struct patch_program *program,
	const struct send_config *config, struct send_report *ret, struct err *err)
{
	struct link *const links[SEND_THREADS_MAX] = { link };
	struct send_way way = { .links = links };

	return send_run_ways(&way, 1, 1, program, config, ret, err);
}
