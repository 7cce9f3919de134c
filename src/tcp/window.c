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

/* The edge that a header tells of. What is given may say more than there is room for, in a window
 * or by a coarse scale: then it goes no further than the room, and what comes behind it is cut. */
static void move_edge(struct tcp *tcp, size_t window)
{
	struct tcp_receiving *receive = &tcp->receive;
	size_t buffer = tcp->config.receive_buffer, used = receive->ring.used;

	if (tcp->config.given)
		window = size_min(window, buffer > used ? buffer - used : 0);
	receive->edge = seq_max(receive->edge, receive->nxt + (uint32_t)window);
}

uint16_t window_opening(const struct tcp *tcp)
{
	if (given_window(tcp))
		return tcp->config.given->window;
	return (uint16_t)size_min(tcp->receive.limit, UINT16_MAX);
}

uint16_t window_field(struct tcp *tcp, bool scaled)
{
	unsigned int scale = scaled ? tcp->receive.scale : 0;
	size_t told = window_told(tcp), size = window_size(tcp), field = size >> scale;

	/* RFC 7323 2.4: what scaling cuts off would move the edge to the left; or, where a given
	 * scale is coarser than all the room, never let anything in. */
	if (field << scale < told || (size && !field))
		field++;
	field = given_window(tcp) ? tcp->config.given->window : size_min(field, UINT16_MAX);
	move_edge(tcp, field << scale);
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
