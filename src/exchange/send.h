/* send.h: makes the frames of a step, with the values that its names have. */
#ifndef EXCHANGE_SEND_H
#define EXCHANGE_SEND_H

#include "match/pattern.h"
#include "template/script.h"

struct arena;
struct err;

struct exchange_sending {
	const struct script_step *step;
	const struct pattern_value *values; /* NULL: zeros for what the names will be */
	uint64_t seed;
	uint64_t turn; /* how often the step was played before */
	int (*send)(void *context, const struct script_step *step, const uint8_t *octets,
		uint32_t length, bool own_fcs, struct err *err);
	void *context;
};

/* Hands each frame of the step to send, in turn. A frame that cannot be made is -EINVAL with *err
 * (ERR_INPUT) at its place. */
int exchange_send(struct arena *arena, const struct exchange_sending *sending, struct err *err);

#endif
