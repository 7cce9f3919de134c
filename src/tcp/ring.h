/* ring.h: octets of a stream, first in, first out, in memory that grows as needed, or is lent. */
#ifndef TCP_RING_H
#define TCP_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* {0} is an empty one. */
struct ring {
	uint8_t *octets;
	size_t capacity; /* 0 or a power of two; lent: any */
	size_t head;	 /* where the first octet is */
	size_t used;
	bool lent; /* somebody else's octets, which are read alone */
};

void ring_fini(struct ring *ring);

/*
 * An empty ring becomes used octets that somebody lends: capacity of them, and after their end from
 * their beginning again. They are to stay until the ring is empty, which makes it {0}; until then
 * nothing is put in.
 */
void ring_lend(struct ring *ring, const uint8_t *octets, size_t capacity, size_t used);

/* Makes room for used and more, in all. False: no memory; the ring is as it was. */
bool ring_reserve(struct ring *ring, size_t total);

/* Puts octets at offset from the first one, which may be past those used; ring_reserve made the
 * room. What is used changes with ring_extend. */
void ring_write(struct ring *ring, size_t offset, const void *data, size_t length);
void ring_extend(struct ring *ring, size_t length);

/* The octets from offset on, as far as they lie in one piece: at most length of them. */
uint8_t *ring_at(const struct ring *ring, size_t offset, size_t length, size_t *ret_length);

/* Drops octets from the front. */
void ring_drop(struct ring *ring, size_t length);

#endif
