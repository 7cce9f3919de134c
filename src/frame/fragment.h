/* fragment.h: splits the IP datagram of a frame into frames of its fragments. */
#ifndef FRAME_FRAGMENT_H
#define FRAME_FRAGMENT_H

#include "frame/spec.h"

struct arena;
struct err;

enum fragment_order {
	FRAGMENT_FORWARD,
	FRAGMENT_REVERSE,
	FRAGMENT_SHUFFLE, /* by the seed */
};

struct fragmentation {
	uint64_t mtu;	  /* octets of an IP packet at most */
	uint64_t overlap; /* octets that a fragment repeats of the one before it; in eights */
	uint64_t gap;	  /* octets left out between two fragments; in eights; not with overlap */
	enum fragment_order order;
	uint64_t seed;
	bool keep_df; /* fragments even a datagram that says not to, and says so in each */
	uint64_t id;  /* of IPv6; IPv4's stands in its header */
	struct position at;
};

/*
 * The frames of the fragments of the outermost IP layer, RFC 791 3.2 and RFC 8200 4.5: the frame is
 * built whole, so that its checksums are those of all of it; each fragment has the layers up to the
 * IP header (IPv6: up to those that every node reads, then a fragment header) and its part of the
 * rest as payload. A datagram that fits is one frame, as it was. Values that were given are kept in
 * every fragment, even lengths and checksums. All of *ret is the arena's. A frame without IP, one
 * that varies, a datagram with DF and an MTU without room for 8 octets are -EINVAL with *err.
 */
int frame_fragment(struct arena *arena, const struct frame_spec *spec,
	const struct fragmentation *how, struct frame_spec **ret, unsigned int *ret_count,
	struct err *err);

#endif
