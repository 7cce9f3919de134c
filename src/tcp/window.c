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

uint16_t window_field(struct tcp *tcp, bool scaled)
{
	struct tcp_receiving *receive = &tcp->receive;
	unsigned int scale = scaled ? receive->scale : 0;
	size_t told = window_told(tcp), field = window_size(tcp) >> scale;

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

	return told <= limit / 2 && room > told && room - told >= step;
}
