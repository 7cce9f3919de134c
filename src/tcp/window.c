/* The receive window: what the peer is told, without shrinking it and without silly steps. */
#include "tcp/connection.h"

/* RFC 9293 3.8.6.2.2: never moved to the left, and to the right only by a segment or half the
 * buffer. */
static size_t window_told(const struct tcp *tcp)
{
	return tcp->receive.edge - tcp->receive.nxt;
}

static size_t window_free(const struct tcp *tcp)
{
	const struct tcp_receiving *receive = &tcp->receive;

	return receive->limit > receive->ring.used ? receive->limit - receive->ring.used : 0;
}

static size_t window_size(const struct tcp *tcp)
{
	size_t told = window_told(tcp), room = window_free(tcp);
	size_t step = size_min(tcp->receive.limit / 2, tcp->receive.segment);

	return room <= told || room - told < step ? told : room;
}

/* The same number whatever room there is: the edge goes no further than the room. */
static uint16_t window_given(struct tcp *tcp, unsigned int scale)
{
	struct tcp_receiving *receive = &tcp->receive;
	uint16_t field = tcp->config.given->window;
	size_t room = tcp->config.receive_buffer > receive->ring.used
			      ? tcp->config.receive_buffer - receive->ring.used
			      : 0;
	uint32_t edge = receive->nxt + (uint32_t)size_min((size_t)field << scale, room);

	receive->edge = seq_max(receive->edge, edge);
	return field;
}

uint16_t window_opening(const struct tcp *tcp)
{
	if (given_window(tcp))
		return tcp->config.given->window;
	return (uint16_t)size_min(tcp->receive.limit, UINT16_MAX);
}

uint16_t window_field(struct tcp *tcp, bool scaled)
{
	struct tcp_receiving *receive = &tcp->receive;
	unsigned int scale = scaled ? receive->scale : 0;
	size_t told = window_told(tcp), field = window_size(tcp) >> scale;

	if (given_window(tcp))
		return window_given(tcp, scale);
	/* RFC 7323 2.4: what scaling cuts off would move the edge to the left. */
	if (field << scale < told)
		field++;
	field = size_min(field, UINT16_MAX);
	if (field << scale > told)
		receive->edge = receive->nxt + (uint32_t)(field << scale);
	return (uint16_t)field;
}

/* An ACK for nothing but the window: when the peer may be running out of it. */
bool window_worth_telling(const struct tcp *tcp)
{
	size_t limit = tcp->receive.limit, told = window_told(tcp), room = window_free(tcp);
	size_t step = size_min(limit / 2, size_max(2 * tcp->receive.segment, limit / 8));

	if (given_window(tcp)) /* it says nothing new */
		return false;
	return told <= limit / 2 && room > told && room - told >= step;
}
