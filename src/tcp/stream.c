/* The user's side: octets into the send buffer, octets out of the receive buffer (RFC
 * 9293 3.10.2, 3.10.3). */
#include <string.h>

#include "tcp/connection.h"
#include "tcp/output.h"

/*
 * As much again as is in flight, so that the next window's worth is there when it is acknowledged.
 * More would only lie in memory, and no longer in the cache when it is sent.
 */
enum { SEND_LEAST = 256 << 10, BURST_MOST = 64 << 10 };

size_t tcp_send_space(const struct tcp *tcp)
{
	size_t flight = tcp->send.nxt - tcp->send.una;
	size_t limit = size_min(tcp->config.send_buffer, 2 * flight + SEND_LEAST);

	if (tcp->send.ended || tcp->state == TCP_CLOSED || tcp->send.ring.lent)
		return 0;
	return limit > tcp->send.ring.used ? limit - tcp->send.ring.used : 0;
}

void tcp_send_bound(struct tcp *tcp, size_t send_buffer)
{
	tcp->config.send_buffer = send_buffer;
}

size_t tcp_send_queued(const struct tcp *tcp)
{
	return tcp->send.ring.used;
}

size_t tcp_send(struct tcp *tcp, const void *data, size_t length)
{
	struct ring *ring = &tcp->send.ring;

	length = size_min(length, tcp_send_space(tcp));
	if (!length || !ring_reserve(ring, ring->used + length))
		return 0;
	ring_write(ring, ring->used, data, length);
	ring_extend(ring, length);
	return length;
}

uint8_t *tcp_send_reserve(struct tcp *tcp, size_t *room)
{
	struct ring *ring = &tcp->send.ring;
	size_t space = tcp_send_space(tcp), mss = output_mss(tcp);
	size_t burst = size_max(tcp->config.burst - tcp->config.burst % mss, mss);

	/* A piece that is worth a read at once; the whole space would take memory that is not
	 * needed. Whole super-frames: what is left over would leave as a small one of its own. */
	space = size_min(space, SEND_LEAST);
	if (space > burst)
		space -= space % burst;
	if (!space || !ring_reserve(ring, ring->used + space))
		return NULL;
	return ring_at(ring, ring->used, space, room);
}

void tcp_send_commit(struct tcp *tcp, size_t length)
{
	ring_extend(&tcp->send.ring, length);
}

bool tcp_send_lent(struct tcp *tcp, const void *octets, size_t room, size_t length)
{
	/* A segment's data is in two pieces at most. */
	if (tcp->send.ring.used || !tcp_send_space(tcp) || !length || length > TCP_LENT_MAX ||
		(room < length && room < BURST_MOST))
		return false;
	ring_lend(&tcp->send.ring, octets, room, length);
	return true;
}

/* Data of a SYN waits for the handshake's end. */
size_t tcp_receive_ready(const struct tcp *tcp)
{
	bool opening = tcp->state == TCP_SYN_SENT || tcp->state == TCP_SYN_RECEIVED;

	return opening ? 0 : tcp->receive.ring.used;
}

const uint8_t *tcp_receive_peek(const struct tcp *tcp, size_t *ready)
{
	*ready = tcp_receive_ready(tcp);
	return *ready ? ring_at(&tcp->receive.ring, 0, *ready, ready) : NULL;
}

void tcp_receive_bound(struct tcp *tcp, size_t receive_buffer)
{
	tcp->config.receive_buffer = receive_buffer;
	tcp->receive.limit = size_min(tcp->receive.limit, receive_buffer);
}

/* The window grows while the user keeps up with half of it. */
static void grow(struct tcp *tcp, size_t length)
{
	struct tcp_receiving *receive = &tcp->receive;

	receive->read += length;
	if (receive->read < receive->limit / 2 || receive->ring.used > receive->limit / 2)
		return;
	receive->limit = size_min(2 * receive->limit, tcp->config.receive_buffer);
	receive->read = 0;
}

void tcp_receive_done(struct tcp *tcp, size_t length)
{
	struct tcp_receiving *receive = &tcp->receive;

	ring_drop(&receive->ring, length);
	if (!receive->ring.used && !receive->later.count)
		receive->ring.head = 0; /* the same memory again, which is in the cache */
	if (tcp->state == TCP_CLOSED || receive->ended)
		return;
	grow(tcp, length);
	if (window_worth_telling(tcp))
		receive->ack_due = true;
}

size_t tcp_receive(struct tcp *tcp, void *data, size_t length)
{
	uint8_t *to = data;
	size_t got = 0, part;
	const uint8_t *from;

	while (got < length && (from = tcp_receive_peek(tcp, &part))) {
		part = size_min(part, length - got);
		memcpy(to + got, from, part);
		tcp_receive_done(tcp, part);
		got += part;
	}
	return got;
}

bool tcp_receive_ended(const struct tcp *tcp)
{
	return tcp->receive.ended;
}
