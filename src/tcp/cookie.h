/*
 * cookie.h: SYN cookies (RFC 4987 3.6): a SYN is answered without anything being kept of it; its
 * number and its timestamp come back with the ACK, and tell what the SYN said. Pure.
 */
#ifndef TCP_COOKIE_H
#define TCP_COOKIE_H

#include "tcp/tcp.h"

/* Leaves of a SYN what a cookie has room for: no options but the MSS where it has no timestamp. */
void tcp_cookie_reduce(struct tcp_segment *syn);

/* Of a listener: the run's secret, and the addresses and ports in any fixed order, at most
 * TCP_COOKIE_TUPLE octets. */
enum { TCP_COOKIE_TUPLE = 64 };
struct tcp_cookie {
	const uint8_t *key; /* 16 octets */
	const void *tuple;
	size_t length;
};

/* A cookie is good for this long at least, and for no longer than twice that. */
#define TCP_COOKIE_LASTS 64000000000ULL /* ns */

/* The number to answer the reduced SYN with: the MSS in it is one of few, none above the SYN's. */
uint32_t tcp_cookie_isn(
	const struct tcp_cookie *cookie, const struct tcp_segment *syn, uint64_t now);

/* The config's timestamp_offset for that answer alone: the rest of the options is in the lowest
 * bits of its timestamp, at most 63 ms before what it would have been. */
uint32_t tcp_cookie_timestamps(uint32_t offset, const struct tcp_segment *syn, uint64_t now);

/* False: what it acknowledges is no cookie of ours, or too old. Else *ret is the SYN as far as it
 * is known, for tcp_accept_answered, with ack->ack - 1 as the number. */
bool tcp_cookie_read(const struct tcp_cookie *cookie, const struct tcp_segment *ack, uint64_t now,
	struct tcp_segment *ret);

#endif
