/* Tries ways on the first frames of a run, and picks one for the rest. */
#include "flow/run.h"

/* A way is tried for so long: enough frames to tell 5 % apart, too few to be missed. */
#define TRIAL_NS       20000000U
#define TRIAL_PACED_NS 100000000U

/* Trying the others pays where what is left takes so many times as long. */
#define TRIAL_SHARE 10U

/* A way that is further behind its schedule than this at the end of its trial does not keep the
 * rate. */
#define BEHIND_NS 5000000U

/* Whether frames are left, and neither a signal came nor anything failed. */
static bool goes_on(struct run *run)
{
	const struct send_config *config = run->shared.config;
	uint64_t next = atomic_load(&run->shared.next);
	bool frames = !config->count || next < config->count;

	for (unsigned int i = 0; i < run->threads; i++)
		frames |= run->workers[i].next.index < run->workers[i].taken_end;
	return frames && !atomic_load(&run->shared.halt) && !atomic_load(&run->shared.stopped) &&
	       worker_now(&run->shared) < run->shared.end;
}

/* How long the rest takes at the speed of this way, in nanoseconds. */
static double time_left(const struct run *run, const struct send_way *way)
{
	const struct send_config *config = run->shared.config;
	uint64_t now = worker_now(&run->shared);
	double left = 1e18;

	if (run->shared.end != UINT64_MAX)
		left = run->shared.end > now ? (double)(run->shared.end - now) : 0;
	if (config->count && way->tried_frames) {
		double frames = (double)(config->count - run->stats.sent - run->stats.failed);
		double time = frames * (double)way->tried_ns / (double)way->tried_frames;

		left = time < left ? time : left;
	}
	return left;
}

static bool is_paced(const struct run *run)
{
	return run->workers[0].next.scheduled;
}

/* Whether each worker is where its schedule is. */
static bool keeps_rate(const struct run *run)
{
	uint64_t now = worker_now(&run->shared);

	for (unsigned int i = 0; i < run->threads; i++)
		if (run->shared.start + pace_due(&run->workers[i].next) + BEHIND_NS < now)
			return false;
	return true;
}

static double speed(const struct send_way *way)
{
	return way->tried_ns ? (double)way->tried_frames / (double)way->tried_ns : 0;
}

static unsigned int fastest(const struct send_way *ways, unsigned int count)
{
	unsigned int best = 0;

	for (unsigned int i = 1; i < count; i++)
		if (speed(&ways[i]) > speed(&ways[best]))
			best = i;
	return best;
}

/* Sends on one way for a short while. *ret_keeps: it keeps the rate. */
static int try_way(struct run *run, struct send_way *way, bool *ret_keeps, struct err *err)
{
	uint64_t begin = worker_now(&run->shared);
	uint64_t sent = run->stats.sent, failed = run->stats.failed;
	uint64_t length = is_paced(run) ? TRIAL_PACED_NS : TRIAL_NS;
	int rc = send_work_on(run, way->links, begin + length, err);
	int drained;

	*ret_keeps = rc == 0 && is_paced(run) && keeps_rate(run);
	drained = send_settle(run, rc ? NULL : err);
	way->tried_ns = worker_now(&run->shared) - begin;
	/* One that refuses what another may take, or loses it on the way, is no choice. */
	if (run->stats.failed == failed)
		way->tried_frames = run->stats.sent - sent;
	else
		*ret_keeps = false;
	return rc ? rc : drained;
}

int send_choose(struct run *run, struct send_way *ways, unsigned int count, unsigned int *ret,
	enum send_why *ret_why, struct err *err)
{
	unsigned int tried = 0;
	bool keeps = false;
	int rc = 0;

	*ret = 0;
	*ret_why = count > 1 ? SEND_SHORT : SEND_ONLY;
	if (count == 1)
		return 0;
	for (; tried < count && rc == 0 && goes_on(run); tried++) {
		struct send_way *way = &ways[tried];

		if (tried && time_left(run, &ways[tried - 1]) < TRIAL_SHARE * (double)TRIAL_NS)
			break;
		if (way->reserve && !is_paced(run))
			break;
		*ret = tried;
		rc = try_way(run, way, &keeps, err);
		*ret_why = SEND_KEEPS;
		if (keeps)
			return 0;
	}
	*ret_why = SEND_SHORT;
	if (rc == 0 && tried > 1) {
		*ret = fastest(ways, tried);
		*ret_why = SEND_FASTEST;
	}
	return rc;
}
