/* Apart from tcp_peer.c, which is for programs without cmocka, too. */
#include "tcp_expect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

void support_tcp_sent(
	const struct support_tcp_peer *peer, uint8_t flags, uint32_t seq, uint32_t ack)
{
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].flags & ~TCP_PSH, flags);
	assert_int_equal(peer->out[0].seq, seq);
	assert_int_equal(peer->out[0].ack, ack);
}

void support_tcp_is(const struct support_tcp_peer *peer, enum tcp_state state)
{
	assert_string_equal(tcp_state_name(tcp_state(peer->tcp)), tcp_state_name(state));
}
