/* gso_check.h: whether the kernel's UDP segmentation makes a program's frames. */
#ifndef LINK_GSO_CHECK_H
#define LINK_GSO_CHECK_H

#include "link/backends.h"

/* The flow: where its headers stand, in octets from the frame's start. */
struct gso_flow {
	bool ipv4;
	uint32_t ip, udp, payload, length; /* length: the frame's */
	/* ipv4: the generator of ipv4.id, which the kernel counts up by one a segment. */
	const struct patch_generator *id;
};

/*
 * Whether all frames of the program are of one flow and size, differ in payload alone (and in an
 * IPv4 id that counts up), and have the lengths and checksums that the kernel gives its segments.
 * -EOPNOTSUPP with *err, ERR_SYSTEM, says what is in the way.
 */
int gso_check_program(const struct interface *interface, const struct patch_program *program,
	struct gso_flow *ret, struct err *err);

/* Whether frames of the flow leave the interface finished: cut, of a size that it takes, and with
 * their checksums. */
int gso_check_interface(const struct link_config *config, const struct gso_flow *flow,
	const struct patch_frame *frame, struct err *err);

/* The sum of 16-bit big-endian words, an odd last octet followed by zero, folded to 16 bits. */
uint16_t gso_fold(uint32_t sum, const uint8_t *octets, uint32_t length);

/* The pseudo header's sum, for a datagram of length octets. */
uint16_t gso_pseudo(const struct gso_flow *flow, const uint8_t *frame, uint32_t length);

#endif
