/* What a connection's segments have in place of what the engine would say: struct tcp_given. */
#include "tcp/connection.h"

/* What the options offer counts as ours. Those that cannot be read offer nothing: who reads them
 * at the other end can no better. */
void given_take(struct tcp *tcp)
{
	const struct tcp_given *given = tcp->config.given;
	struct tcp_segment offered = { .mss = TCP_MSS_DEFAULT };

	if (!given || !given->has_options)
		return;
	tcp_options_read(given->options, given->options_length, &offered);
	tcp->config.timestamps = offered.has_timestamps;
	tcp->config.sack = offered.sack_permitted;
	tcp->config.window_scale = offered.has_scale;
	tcp->receive.scale = 0;
	if (offered.has_scale)
		tcp->receive.scale =
			offered.scale < TCP_SCALE_MOST ? offered.scale : TCP_SCALE_MOST;
	tcp->receive.mss = offered.mss;
}

/* The first segment's timestamp is the one given: the clock goes on from there. */
void given_clock(struct tcp *tcp, uint64_t now)
{
	const struct tcp_given *given = tcp->config.given;

	if (!given || !given->has_tsval || tcp->stats.segments_out)
		return;
	tcp->config.timestamp_offset = 0;
	tcp->config.timestamp_offset = given->tsval - rtt_timestamp(tcp, now);
}

void given_options(const struct tcp *tcp, struct tcp_segment *syn)
{
	const struct tcp_given *given = tcp->config.given;

	if (!given || !given->has_options)
		return;
	syn->options = given->options;
	syn->options_length = given->options_length;
	if (!(syn->flags & TCP_ACK))
		syn->tsecr = given->tsecr;
}
