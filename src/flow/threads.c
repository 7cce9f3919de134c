/* Workers in threads, each on a processor of its own. */
#include "base/err.h"
#include "flow/run.h"

#include <sched.h>
#include <time.h>

#define SECOND_NS 1000000000U

struct thread {
	struct run *run;
	struct worker *worker;
	pthread_t id;
};

/* To the number-th of the processors that the process may use, over and over. */
static void pin(pthread_t thread, unsigned int number)
{
	cpu_set_t allowed, one;
	unsigned int left;

	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		return;
	left = number % (unsigned int)CPU_COUNT(&allowed);
	for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &allowed) || left--)
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		/* A thread that is not pinned still sends. */
		pthread_setaffinity_np(thread, sizeof(one), &one);
		return;
	}
}

static void *thread_main(void *context)
{
	struct thread *thread = context;
	struct run *run = thread->run;

	worker_work(thread->worker);
	pthread_mutex_lock(&run->lock);
	run->done++;
	pthread_cond_signal(&run->done_changed);
	pthread_mutex_unlock(&run->lock);
	return NULL;
}

/* Tells progress until count threads are done. */
static void watch(struct run *run, unsigned int count)
{
	pthread_mutex_lock(&run->lock);
	while (run->done < count) {
		struct timespec until;

		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += WORKER_TICK_NS;
		until.tv_sec += until.tv_nsec / SECOND_NS;
		until.tv_nsec %= SECOND_NS;
		pthread_cond_timedwait(&run->done_changed, &run->lock, &until);
		pthread_mutex_unlock(&run->lock);
		send_tick(run, worker_now(&run->shared));
		pthread_mutex_lock(&run->lock);
	}
	run->done = 0;
	pthread_mutex_unlock(&run->lock);
}

int send_in_threads(struct run *run, struct err *err)
{
	struct thread threads[SEND_THREADS_MAX];
	unsigned int started;
	int rc = 0;

	for (started = 0; started < run->threads && !rc; started++) {
		struct thread *thread = &threads[started];

		*thread = (struct thread){ .run = run, .worker = &run->workers[started] };
		rc = pthread_create(&thread->id, NULL, thread_main, thread);
		if (!rc)
			pin(thread->id, started);
	}
	if (rc) {
		started--;
		atomic_store(&run->shared.halt, true);
		err_system(err, rc, "cannot start thread %u", started + 1);
	}
	watch(run, started);
	for (unsigned int i = 0; i < started; i++)
		pthread_join(threads[i].id, NULL);
	return -rc;
}
