/* live.h: the world of a script: interfaces that are there, or a lab that is made for it. */
#ifndef EXCHANGE_LIVE_H
#define EXCHANGE_LIVE_H

#include "exchange/run.h"

struct exchange_live;

/*
 * Opens all that the script needs, so that what is sent from then on is seen; *ret_world is to be
 * played in. With a lab the calling thread is in its network namespace until it is closed. stopped
 * may be NULL.
 */
int exchange_live_open(struct exchange_live **ret, const struct script *script,
	bool (*stopped)(void *context), struct exchange_world *ret_world, struct err *err);

/* Takes the lab down; NULL is harmless. */
void exchange_live_close(struct exchange_live *live);

#endif
