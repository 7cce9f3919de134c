/* whole.h: the datagrams that arrive in IP fragments, each looked at once it is whole. */
#ifndef PROBE_WHOLE_H
#define PROBE_WHOLE_H

#include "link/receiver.h"
#include "match/answer.h"

struct whole;

/* -ENOMEM. _free takes NULL. */
int whole_new(struct whole **ret);
void whole_free(struct whole *whole);

/*
 * Reads a frame that came at now, by a clock that never goes back. True: *frame is to be looked at,
 * and *ret is what it says: the frame itself or, in its place, the datagram that it made whole,
 * with the link's header and the time of that last fragment, valid until the next call. False: it
 * is a fragment, and more are to come, or nothing will come of it. Fragments within a tunnel are
 * frames as others are.
 */
bool whole_take(
	struct whole *whole, struct receiver_frame *frame, uint64_t now, struct answer_frame *ret);

/* Datagrams of which a fragment is missing to this day, or that contradicted themselves. */
unsigned int whole_lacking(struct whole *whole);

#endif
