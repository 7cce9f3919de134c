/* resolution.h: the messages that tell MAC addresses: ARP (RFC 826) and neighbour discovery (RFC
 * 4861). Pure. */
#ifndef STACK_RESOLUTION_H
#define STACK_RESOLUTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RESOLUTION_FRAME_MAX 86 /* Ethernet, IPv6, a neighbour message and one option */

struct resolution {
	uint8_t address_length;
	bool answer;  /* else a question: who has target? */
	bool probe;   /* a question without a sender's address: duplicate address detection */
	bool has_mac; /* of the sender (a question) or of target (an answer) */
	uint8_t mac[6];
	uint8_t sender[16]; /* of a question; of an ARP answer too, whose target that is */
	uint8_t target[16]; /* whose MAC it is about */
};

/* -EINVAL: none, or one that RFC 826 or RFC 4861 7.1 says to drop. arp: behind the Ethernet header.
 * neighbour: an ICMPv6 message whose checksum is right. */
int resolution_read_arp(const uint8_t *arp, size_t length, struct resolution *ret);
int resolution_read_neighbour(const uint8_t *source, uint8_t hop_limit, const uint8_t *message,
	size_t length, struct resolution *ret);

/* Our own: who asks, or is asked. */
struct resolution_self {
	uint8_t address_length;
	const uint8_t *mac;
	const uint8_t *address; /* zeros: we have none yet, the question is a probe */
};

/* Whole Ethernet frames; the length is returned, at most RESOLUTION_FRAME_MAX. */
size_t resolution_write_question(
	const struct resolution_self *self, const uint8_t *target, uint8_t *ret);
/* To a question; one from nobody, a probe, is answered to all. question NULL: to all, unasked. */
size_t resolution_write_answer(
	const struct resolution_self *self, const struct resolution *question, uint8_t *ret);

/* The group that an IPv6 address is asked for in: RFC 4291 2.7.1, and its MAC of RFC 2464 7. */
void resolution_group_mac(const uint8_t *address, uint8_t ret[6]);

#endif
