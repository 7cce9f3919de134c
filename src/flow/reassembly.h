/* reassembly.h: makes whole IP packets of their fragments, within bounds of memory and time. Pure.
 */
#ifndef FLOW_REASSEMBLY_H
#define FLOW_REASSEMBLY_H

#include "flow/ip.h"

#define REASSEMBLY_PACKETS_MAX 64 /* at once, each up to 64 KiB; the oldest makes room */
#define REASSEMBLY_TIME_NS     30000000000ULL /* RFC 791 3.2 says 15 s, RFC 8200 4.5 60 s */

struct reassembly;

/* -ENOMEM. _free takes NULL. */
int reassembly_new(struct reassembly **ret);
void reassembly_free(struct reassembly *reassembly);

struct reassembly_packet {
	uint8_t address_length;
	uint8_t protocol;		  /* of the payload */
	uint8_t traffic_class, hop_limit; /* the first fragment's */
	const uint8_t *source, *destination;
	const uint8_t *payload; /* all of it; valid until the next call */
	size_t length;
};

/*
 * Takes a fragment; payload is its header->length octets. 1: its packet is whole, *ret is filled;
 * 0: not yet; -EINVAL: the packet is given up, since fragments overlap (RFC 5722, and for IPv4 the
 * same), reach beyond 65,535 octets or the last one, or do not fill units of 8; all that comes of
 * it later is dropped too. An exact copy of what is there changes nothing.
 */
int reassembly_add(struct reassembly *reassembly, const struct ip_header *header,
	const uint8_t *payload, uint64_t now, struct reassembly_packet *ret);

/* Drops what is older than REASSEMBLY_TIME_NS; returns how many packets never became whole. */
unsigned int reassembly_expire(struct reassembly *reassembly, uint64_t now);

/* When the oldest expires; UINT64_MAX: there is none. */
uint64_t reassembly_deadline(const struct reassembly *reassembly);

#endif
