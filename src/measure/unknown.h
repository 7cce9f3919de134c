/* unknown.h: the fields of a sender's frames that its templates leave to its interface ($if.*,
 * $hop.mac): who receives elsewhere cannot make them, and takes them as they come. */
#ifndef MEASURE_UNKNOWN_H
#define MEASURE_UNKNOWN_H

#include "frame/view.h"

struct arena;

/* Octets of a frame as it is sent, from its start. */
struct unknown_field {
	const char *name; /* "ipv4.src" */
	uint32_t offset, length;
	bool sum; /* a checksum that is computed: it may cover the others, and has to be right */
};

struct unknown {
	struct unknown_field *fields;
	unsigned int count; /* 0: all is known */
};

/* Finds them in the view of a frame that was built: they are its placeholders. The arena's. */
void unknown_find(struct arena *arena, const struct frame_view *view, struct unknown *ret);

/*
 * Lays them over the frame that was made, from the one that came, in which what stands from octet
 * `from` on stands shift octets later, and what is before it is not taken unless shift is 0. False
 * where the one that came has not so many octets.
 */
bool unknown_lay(const struct unknown *unknown, uint8_t *made, const uint8_t *came, uint32_t length,
	uint32_t from, int64_t shift);

/* Whether none of its checksums that were laid over is wrong in the frame that came. */
bool unknown_sums_hold(const struct unknown *unknown, const struct frame_view *came, int64_t shift);

#endif
