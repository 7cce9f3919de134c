/* fragment.h: splits the IP datagram of a frame into frames of its fragments. */
#ifndef FRAME_FRAGMENT_H
#define FRAME_FRAGMENT_H

#include "frame/spec.h"

struct arena;
struct err;

/*
 * The frames of the fragments of the outermost IP layer, RFC 791 3.2 and RFC 8200 4.5: the frame is
 * built whole, so that its checksums are those of all of it; each fragment has the layers up to the
 * IP header (IPv6: up to those that every node reads, then a fragment header) and its part of the
 * rest as payload. A datagram that fits is one frame, as it was. Values that were given are kept in
 * every fragment, even lengths and checksums. A frame of weight N is sent N times in a pass: all
 * its fragments, N times over.
 *
 * Of a datagram that varies, fragments vary as it does: they have .fragment set, and are fragments
 * of the same datagram at the same turn (frame_build makes those of its first values). All of *ret
 * is the arena's. A frame without IP, one of varying size, a datagram with DF and an MTU without
 * room for 8 octets are -EINVAL with *err, as is one that varies in what says how it is split, or
 * by a weight.
 */
int frame_fragment(struct arena *arena, const struct frame_spec *spec,
	const struct fragmentation *how, struct frame_spec **ret, unsigned int *ret_count,
	struct err *err);

#endif
