/* receiver.h: an engine at work in a thread of its own, until all has come. */
#ifndef MEASURE_RECEIVER_H
#define MEASURE_RECEIVER_H

#include "base/clock.h"
#include "measure/engine.h"
#include "measure/series.h"

#include <signal.h>

struct measure_receiver;

struct measure_receiver_config {
	const struct measure_engine_ops *engine;
	struct measure_engine_config receive;
	/* How long nothing more may come, once the sender is done, before the rest counts as lost;
	 * the signal ends that, but for one that had come before: then it is the time for all. */
	uint64_t wait_ns;
	/* The receiver alone: ends when nothing has come for wait_ns since the first frame (0: goes
	 * on), when so many frames have come (0: not known), or by the signal. */
	bool alone;
	uint64_t expected;
	const volatile sig_atomic_t *stop;
};

/* Opens the engine, in the namespace of the caller: frames are kept from here on. */
int measure_receiver_open(struct measure_receiver **ret,
	const struct measure_receiver_config *config, struct err *err);

/* Takes them in, in a thread that has the caller's privileges. */
int measure_receiver_start(struct measure_receiver *receiver, struct err *err);

/* How far the sender is, for the series. From any thread. */
void measure_receiver_note_sent(struct measure_receiver *receiver, uint64_t sent);

/* What has come so far. From any thread. */
void measure_receiver_totals(const struct measure_receiver *receiver, struct measure_totals *ret);

/* The sender is done, and so many frames are to come (at most: some may not have left). */
void measure_receiver_expect(struct measure_receiver *receiver, uint64_t frames);

/* Waits for the end, for so long at most; whether it came. Another thread may not call it, nor
 * measure_receiver_finish, meanwhile. */
bool measure_receiver_wait(struct measure_receiver *receiver, uint64_t timeout_ns);

/*
 * Waits for the end. A negative errno with *err where the engine could not go on; *ret holds what
 * had come by then, in both cases. ret was made by measure_result_init.
 */
int measure_receiver_finish(
	struct measure_receiver *receiver, struct measure_result *ret, struct err *err);

/* After measure_receiver_finish. Borrowed. */
struct series *measure_receiver_series(struct measure_receiver *receiver);

/* Stops it, where it runs, and frees it. NULL is harmless. */
void measure_receiver_close(struct measure_receiver *receiver);

#endif
