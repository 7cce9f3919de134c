/* saverecord.h: where the next frame of a capture file ends, so that nobody waits for half of it.
 * Internal to src/link. */
#ifndef LINK_SAVERECORD_H
#define LINK_SAVERECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum saverecord_kind {
	SAVERECORD_ANY, /* not known */
	SAVERECORD_PCAP,
	SAVERECORD_PCAPNG,
};

struct saverecord {
	enum saverecord_kind kind;
	bool swapped; /* its numbers are in the other byte order; of pcapng, those of this section
		       */
};

/*
 * How many octets libpcap reads to give the next frame, which begins at octets: with pcapng, of the
 * blocks before it too. More than length: as far as length octets tell. What is malformed is no
 * longer than there is: libpcap is to complain about it.
 */
size_t saverecord_wants(struct saverecord *record, const uint8_t *octets, size_t length);

#endif
