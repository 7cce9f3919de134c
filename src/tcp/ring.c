/* Octets of a stream in memory that wraps and grows. */
#include "tcp/ring.h"

#include <stdlib.h>
#include <string.h>

#include "tcp/sequence.h"

enum { RING_LEAST = 2048 };

void ring_fini(struct ring *ring)
{
	if (!ring->lent)
		free(ring->octets);
	*ring = (struct ring){ 0 };
}

void ring_lend(struct ring *ring, const uint8_t *octets, size_t capacity, size_t used)
{
	ring_fini(ring);
	*ring = (struct ring){
		.octets = (uint8_t *)(uintptr_t)octets,
		.capacity = capacity,
		.used = used,
		.lent = true,
	};
}

static size_t place(const struct ring *ring, size_t offset)
{
	size_t at = ring->head + offset;

	return ring->lent ? at % ring->capacity : at & (ring->capacity - 1);
}

bool ring_reserve(struct ring *ring, size_t total)
{
	size_t capacity = ring->capacity ? ring->capacity : RING_LEAST, straight;
	uint8_t *octets;

	if (total <= ring->capacity)
		return true;
	while (capacity < total)
		capacity *= 2;
	octets = malloc(capacity);
	if (!octets)
		return false;
	/* All of it: what came out of order lies past what is used. */
	straight = ring->capacity - ring->head;
	if (ring->capacity) {
		memcpy(octets, ring->octets + ring->head, straight);
		memcpy(octets + straight, ring->octets, ring->head);
	}
	free(ring->octets);
	ring->octets = octets;
	ring->capacity = capacity;
	ring->head = 0;
	return true;
}

uint8_t *ring_at(const struct ring *ring, size_t offset, size_t length, size_t *ret_length)
{
	size_t start = place(ring, offset);

	*ret_length = size_min(length, ring->capacity - start);
	return ring->octets + start;
}

void ring_write(struct ring *ring, size_t offset, const void *data, size_t length)
{
	const uint8_t *from = data;

	while (length) {
		size_t part;
		uint8_t *to = ring_at(ring, offset, length, &part);

		memcpy(to, from, part);
		from += part;
		offset += part;
		length -= part;
	}
}

void ring_extend(struct ring *ring, size_t length)
{
	ring->used += length;
}

void ring_drop(struct ring *ring, size_t length)
{
	ring->used -= length;
	ring->head = place(ring, length);
	if (ring->lent && !ring->used)
		ring_fini(ring);
}
