/* sign.h: frames that end their payload with a signature (wire/signature.h), for a receiver to know
 * them again. */
#ifndef FRAME_SIGN_H
#define FRAME_SIGN_H

#include "frame/spec.h"

struct arena;
struct err;

#define SIGN_STREAMS_MAX 65536U

/*
 * The specs with a signature laid over the last octets of each one's payload: its stream is the
 * frame's number from 0, its sequence the frame's own turn, its time the wall clock when the frame
 * is made. They are compiled like any others: sums and FCS follow. A payload that is shorter, and
 * may grow, grows: grown[i] octets more (NULL: not wanted) at least. A fragment's signature is four
 * octets longer, which keep the sum of its octets, and so its datagram's checksum. The clock is
 * read for one turn in `every`, at least 1: those after it say the same time.
 *
 * -EINVAL with *err where a payload of a given size is too short (it says how long it has to be),
 * where only the last octets vary, in a way that has no room before the signature, or where there
 * are more frames than streams. What is not changed is shared with specs; the rest is the arena's.
 */
int frame_sign(struct arena *arena, const struct frame_spec *specs, unsigned int count,
	unsigned int every, struct frame_spec **ret, uint32_t *grown, struct err *err);

#endif
