/* tcp_peer.h: one TCP engine, and a peer that says what a test wants it to. */
#ifndef SUPPORT_TCP_PEER_H
#define SUPPORT_TCP_PEER_H

#include <stddef.h>
#include <stdint.h>

#include "tcp/tcp.h"

#define SUPPORT_MS 1000000ULL

/* Initial sequence numbers: of the engine, of the peer. */
enum { SUPPORT_ISS = 1000, SUPPORT_IRS = 5000, SUPPORT_OUT = 64 };

struct support_tcp_peer {
	struct tcp_config config;
	struct tcp *tcp;
	uint64_t now;
	uint32_t seq, ack; /* the peer's next number, and the engine's as the peer saw it */
	uint16_t window;
	uint32_t ts_recent;		     /* the engine's last timestamp */
	struct tcp_segment out[SUPPORT_OUT]; /* what the engine sent last: support_tcp_out */
	size_t count;
};

/* Defaults, time 1 s, no options but the MSS, no delayed ACKs of the first segments. Change config,
 * then reach. */
void support_tcp_init(struct support_tcp_peer *peer);
void support_tcp_fini(struct support_tcp_peer *peer);

/* For cmocka: a peer of its own for each test, as its state. */
int support_tcp_setup(void **state);
int support_tcp_teardown(void **state);

/* A new connection, brought to this state by a well-behaved peer; everything sent so far is taken
 * from the engine. */
void support_tcp_reach(struct support_tcp_peer *peer, enum tcp_state state);

/* A segment with the peer's window, and timestamps where both have them. Its data is made up. */
struct tcp_segment support_tcp_segment(const struct support_tcp_peer *peer, uint8_t flags,
	uint32_t seq, uint32_t ack, size_t length);

/* Hands it to the engine, then takes what that sends into out and count. */
void support_tcp_in(struct support_tcp_peer *peer, const struct tcp_segment *segment);
void support_tcp_give(
	struct support_tcp_peer *peer, uint8_t flags, uint32_t seq, uint32_t ack, size_t length);

/* Takes what the engine sends now. */
void support_tcp_out(struct support_tcp_peer *peer);

/* Time passes, timer by timer; what is sent meanwhile is in out, as far as it fits. */
void support_tcp_pass(struct support_tcp_peer *peer, uint64_t ns);

/* The user hands over so many octets (any), then what goes out is in out. How many were taken. */
size_t support_tcp_write(struct support_tcp_peer *peer, size_t length);

/* What the engine counts. */
struct tcp_stats support_tcp_stats(const struct support_tcp_peer *peer);

#endif
