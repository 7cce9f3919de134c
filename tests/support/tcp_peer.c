/* A TCP engine and a peer that a test speaks for. */
#include "tcp_peer.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t octets[131072];

void support_tcp_init(struct support_tcp_peer *peer)
{
	memset(peer, 0, sizeof(*peer));
	tcp_config_init(&peer->config);
	peer->config.timestamps = false;
	peer->config.sack = false;
	peer->config.window_scale = false;
	peer->config.congestion = TCP_RENO;
	peer->now = 1000 * SUPPORT_MS;
	peer->window = 65535;
}

void support_tcp_fini(struct support_tcp_peer *peer)
{
	tcp_free(peer->tcp);
	peer->tcp = NULL;
}

int support_tcp_setup(void **state)
{
	struct support_tcp_peer *peer = malloc(sizeof(*peer));

	support_tcp_init(peer);
	*state = peer;
	return 0;
}

int support_tcp_teardown(void **state)
{
	support_tcp_fini(*state);
	free(*state);
	return 0;
}

static void take(struct support_tcp_peer *peer)
{
	struct tcp_segment segment;

	while (tcp_output(peer->tcp, &segment, peer->now)) {
		uint32_t end = segment.seq + (uint32_t)segment.length +
			       !!(segment.flags & TCP_SYN) + !!(segment.flags & TCP_FIN);

		if ((int32_t)(end - peer->ack) > 0)
			peer->ack = end;
		if (segment.has_timestamps)
			peer->ts_recent = segment.tsval;
		if (peer->count < SUPPORT_OUT)
			peer->out[peer->count++] = segment;
	}
}

void support_tcp_out(struct support_tcp_peer *peer)
{
	peer->count = 0;
	take(peer);
}

struct tcp_segment support_tcp_segment(const struct support_tcp_peer *peer, uint8_t flags,
	uint32_t seq, uint32_t ack, size_t length)
{
	struct tcp_segment segment = {
		.seq = seq, .ack = ack, .flags = flags, .window = peer->window, .length = length
	};

	segment.data[0].octets = octets;
	segment.data[0].length = length;
	if (peer->config.timestamps) {
		segment.has_timestamps = true;
		segment.tsval = (uint32_t)(peer->now / SUPPORT_MS);
		segment.tsecr = flags & TCP_ACK ? peer->ts_recent : 0;
	}
	if (flags & TCP_SYN) {
		segment.has_mss = true;
		segment.mss = peer->config.mss;
		segment.sack_permitted = peer->config.sack;
		segment.has_scale = peer->config.window_scale;
	}
	return segment;
}

void support_tcp_in(struct support_tcp_peer *peer, const struct tcp_segment *segment)
{
	tcp_input(peer->tcp, segment, peer->now);
	support_tcp_out(peer);
}

void support_tcp_give(
	struct support_tcp_peer *peer, uint8_t flags, uint32_t seq, uint32_t ack, size_t length)
{
	struct tcp_segment segment = support_tcp_segment(peer, flags, seq, ack, length);

	support_tcp_in(peer, &segment);
}

void support_tcp_pass(struct support_tcp_peer *peer, uint64_t ns)
{
	uint64_t end = peer->now + ns;

	peer->count = 0;
	while (tcp_next_timer(peer->tcp) <= end) {
		peer->now = tcp_next_timer(peer->tcp) > peer->now ? tcp_next_timer(peer->tcp)
								  : peer->now;
		take(peer);
	}
	peer->now = end;
	take(peer);
}

size_t support_tcp_write(struct support_tcp_peer *peer, size_t length)
{
	size_t taken =
		tcp_send(peer->tcp, octets, length < sizeof(octets) ? length : sizeof(octets));

	support_tcp_out(peer);
	return taken;
}

struct tcp_stats support_tcp_stats(const struct support_tcp_peer *peer)
{
	struct tcp_stats ret;

	tcp_stats(peer->tcp, &ret);
	return ret;
}

static void open_passively(struct support_tcp_peer *peer)
{
	struct tcp_segment syn = support_tcp_segment(peer, TCP_SYN, SUPPORT_IRS, 0, 0);

	peer->seq = SUPPORT_IRS + 1;
	tcp_accept(&peer->tcp, &peer->config, &syn, SUPPORT_ISS, peer->now);
	support_tcp_out(peer);
}

static void open_actively(struct support_tcp_peer *peer)
{
	tcp_connect(&peer->tcp, &peer->config, SUPPORT_ISS, peer->now);
	support_tcp_out(peer);
}

static void establish(struct support_tcp_peer *peer)
{
	open_actively(peer);
	support_tcp_give(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, peer->ack, 0);
	peer->seq = SUPPORT_IRS + 1;
}

static void end_sending(struct support_tcp_peer *peer)
{
	tcp_shutdown(peer->tcp, peer->now);
	support_tcp_out(peer);
}

static void peer_ends(struct support_tcp_peer *peer, uint32_t ack)
{
	support_tcp_give(peer, TCP_FIN | TCP_ACK, peer->seq++, ack, 0);
}

static void peer_acknowledges(struct support_tcp_peer *peer)
{
	support_tcp_give(peer, TCP_ACK, peer->seq, peer->ack, 0);
}

void support_tcp_reach(struct support_tcp_peer *peer, enum tcp_state state)
{
	support_tcp_fini(peer);
	peer->ack = SUPPORT_ISS;
	peer->seq = SUPPORT_IRS;
	if (state == TCP_SYN_SENT || state == TCP_LISTEN) {
		open_actively(peer);
		return;
	}
	if (state == TCP_SYN_RECEIVED) {
		open_passively(peer);
		return;
	}
	establish(peer);
	if (state == TCP_CLOSE_WAIT || state == TCP_LAST_ACK || state == TCP_CLOSED)
		peer_ends(peer, peer->ack);
	if (state != TCP_ESTABLISHED && state != TCP_CLOSE_WAIT)
		end_sending(peer);
	if (state == TCP_FIN_WAIT_2 || state == TCP_TIME_WAIT || state == TCP_CLOSED)
		peer_acknowledges(peer);
	if (state == TCP_CLOSING)
		peer_ends(peer, peer->ack - 1);
	else if (state == TCP_TIME_WAIT)
		peer_ends(peer, peer->ack);
}
