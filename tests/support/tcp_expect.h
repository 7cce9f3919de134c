/* tcp_expect.h: what a test expects of a TCP engine, by cmocka's assertions. */
#ifndef SUPPORT_TCP_EXPECT_H
#define SUPPORT_TCP_EXPECT_H

#include "tcp_peer.h"

/* One segment went out, with these flags (and PSH or not) and numbers. */
void support_tcp_sent(
	const struct support_tcp_peer *peer, uint8_t flags, uint32_t seq, uint32_t ack);

void support_tcp_is(const struct support_tcp_peer *peer, enum tcp_state state);

#endif
