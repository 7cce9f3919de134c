/* icmp.h: ICMP (RFC 792) and ICMPv6 (RFC 4443) errors, read from octets that are not trusted, and
 * written. Pure. */
#ifndef STACK_ICMP_H
#define STACK_ICMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ICMP_HEADER	  8
#define ICMP_MTU_MIN	  296  /* IPv4: no link of today has less, and an attacker would like it */
#define ICMP_QUOTE_MAX	  1232 /* RFC 4443 2.4: the error fits in 1,280 octets */
#define ICMP_V4_QUOTE_MAX 548  /* RFC 1812 4.3.2.3: in 576 */

/* An error, and the packet that it quotes. The addresses point into the octets read. */
struct icmp_error {
	int error;    /* positive errno */
	bool hard;    /* it will not pass: RFC 1122 4.2.3.9, RFC 5461 */
	uint32_t mtu; /* error is EMSGSIZE: the new path MTU, made plausible; else 0 */
	uint8_t address_length;
	uint8_t protocol;
	const uint8_t *source, *destination; /* of the quoted packet */
	uint16_t source_port, destination_port;
	uint32_t sequence; /* TCP's, octets 4 to 7 of the upper header */
};

/* message: from the ICMP header on, its checksum right. 0, or -EINVAL: no error message, none that
 * has a meaning for a flow (a redirect), or it quotes too little to find the flow. */
int icmp_error_read(
	uint8_t address_length, const uint8_t *message, size_t length, struct icmp_error *ret);

/*
 * "Port unreachable" about a packet, given by its IP header and payload, without the checksum.
 * Returns its length, at most ICMP_HEADER + ICMP_QUOTE_MAX.
 */
size_t icmp_unreachable_write(uint8_t address_length, const uint8_t *header, size_t header_length,
	const uint8_t *payload, size_t payload_length, uint8_t *ret);

#endif
