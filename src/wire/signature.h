/*
 * signature.h: the 16 octets by which a frame is known again where it arrives: the last of its
 * payload, before padding and FCS. All numbers are big-endian.
 */
#ifndef WIRE_SIGNATURE_H
#define WIRE_SIGNATURE_H

#include "wire/wire.h"

#define SIGNATURE_LENGTH 16U /* octets */
#define SIGNATURE_MAGIC	 0x9e4b7a35U

/* Where in it, in octets. */
#define SIGNATURE_STREAM_AT   4U  /* 16 bits: which frame of the list it is */
#define SIGNATURE_SEQUENCE_AT 6U  /* 32 bits: how often that frame was sent before, modulo 2^32 */
#define SIGNATURE_TIME_AT     10U /* 48 bits: CLOCK_REALTIME in ns, modulo 2^48: 78 hours */

#define SIGNATURE_TIME_BITS 48U
#define SIGNATURE_TIME_MASK ((1ULL << SIGNATURE_TIME_BITS) - 1)

/* Octets that may stand behind it in a frame: padding to 60, and an FCS. */
#define SIGNATURE_BEHIND_MAX 64U

/* Its rows: magic, stream, sequence, time. A layer like others, but none of the registry: what is
 * read is known by its magic, and shown as payload. */
extern const struct wire_protocol wire_signature;

/* The same behind four octets that keep its sum what it would have been without: a 16-bit word that
 * is given, and a checksum over all. For fragments, whose datagram's checksum stands elsewhere. */
extern const struct wire_protocol wire_signature_balanced;

static inline bool wire_is_signature(const struct wire_protocol *protocol)
{
	return protocol == &wire_signature || protocol == &wire_signature_balanced;
}

struct signature {
	uint16_t stream;
	uint32_t sequence;
	uint64_t time;	 /* 48 bits of it */
	uint32_t offset; /* octets from the frame's start */
};

/*
 * Finds the signature of a frame: at its end, or before as many octets as SIGNATURE_BEHIND_MAX. The
 * one nearest to the end counts. False where there is none.
 */
bool signature_find(const uint8_t *octets, size_t length, struct signature *ret);

/* How long ago the signature's time was at `now_ns` (CLOCK_REALTIME): up to 39 hours, and negative
 * where the clocks of sender and receiver say so. */
int64_t signature_age(const struct signature *signature, uint64_t now_ns);

#endif
