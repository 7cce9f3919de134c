/*
 * Segments, users' calls and passing time into a TCP connection in each of its states: it stays in
 * order and inside of its memory, and never sends without end. The same octets also go through the
 * reader of headers.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../support/tcp_peer.h"
#include "../support/tcp_sim.h"
#include "base/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct script {
	const uint8_t *at, *end;
};

static uint8_t next(struct script *script)
{
	return script->at < script->end ? *script->at++ : 0;
}

static uint32_t number(struct script *script)
{
	uint32_t high = next(script);

	return high << 8 | next(script);
}

/* Near what the connection expects, where the cases are, or anywhere. */
static uint32_t near(struct script *script, uint32_t expected)
{
	uint8_t how = next(script);

	if (how < 128)
		return expected;
	if (how < 160)
		return expected + number(script);
	if (how < 192)
		return expected - number(script);
	return how < 224 ? number(script) << 16 | number(script) : expected + (uint32_t)(how - 240);
}

static void verify(const struct support_tcp_peer *peer)
{
	if (support_tcp_invariant(peer->tcp) || tcp_next_timer(peer->tcp) <= peer->now)
		abort();
}

static void take(struct support_tcp_peer *peer)
{
	uint8_t header[TCP_HEADER_MAX], sum = 0;
	struct tcp_segment out, again;
	unsigned int count = 0;
	size_t length;

	while (tcp_output(peer->tcp, &out, peer->now)) {
		length = tcp_segment_write(&out, 1, 2, header);
		if (tcp_segment_read(header, length, &again) || ++count > 100000)
			abort();
		for (unsigned int i = 0; i < 2; i++)
			for (size_t k = 0; k < out.data[i].length; k++)
				sum ^= out.data[i].octets[k];
		if ((int32_t)(out.seq + (uint32_t)out.length - peer->ack) > 0)
			peer->ack = out.seq + (uint32_t)out.length + !!(out.flags & TCP_FIN);
	}
	*(volatile uint8_t *)header = sum;
	verify(peer);
}

static void give(struct support_tcp_peer *peer, struct script *script)
{
	uint32_t seq = near(script, peer->seq), ack = near(script, peer->ack);
	uint8_t flags = next(script), options = next(script);
	size_t length = options & 1 ? number(script) : options >> 6;
	struct tcp_segment segment = support_tcp_segment(peer, flags, seq, ack, length);

	segment.window = (uint16_t)number(script);
	if (options & 2)
		segment.tsval += near(script, 0);
	if (options & 4)
		segment.tsecr = near(script, peer->ts_recent);
	segment.has_timestamps ^= !!(options & 8);
	for (segment.sack_count = options >> 4 & 3; options >> 4 & 3; options -= 16) {
		struct tcp_block *block = &segment.sack[(options >> 4 & 3) - 1];

		block->left = near(script, peer->ack) - number(script);
		block->right = block->left + number(script);
	}
	tcp_input(peer->tcp, &segment, peer->now);
	if (seq == peer->seq)
		peer->seq += (uint32_t)length;
	take(peer);
}

static void act(struct support_tcp_peer *peer, struct script *script)
{
	static uint8_t memory[65536];
	uint32_t amount = number(script);

	switch (next(script) % 9) {
	case 0:
		tcp_send(peer->tcp, memory, amount);
		break;
	case 1:
		tcp_receive(peer->tcp, memory, amount);
		break;
	case 2:
		tcp_shutdown(peer->tcp, peer->now);
		break;
	case 3:
		peer->now += amount * 1000ULL;
		break;
	case 4:
		peer->now += amount * 1000000ULL;
		break;
	case 5:
		if (tcp_next_timer(peer->tcp) != UINT64_MAX)
			peer->now = tcp_next_timer(peer->tcp);
		break;
	case 6:
		tcp_mtu(peer->tcp, near(script, peer->ack - 1), (uint16_t)amount, peer->now);
		break;
	case 7:
		tcp_unreachable(peer->tcp, near(script, peer->ack - 1), 113, amount & 1);
		break;
	default:
		if (amount & 1)
			tcp_close(peer->tcp, peer->now);
		else if (!(amount & 6))
			tcp_abort(peer->tcp, peer->now);
		break;
	}
	take(peer);
}

static void configure(struct support_tcp_peer *peer, struct script *script)
{
	struct tcp_config *config = &peer->config;
	uint8_t what = next(script), sizes = next(script);

	config->timestamps = what & 1;
	config->sack = what & 2;
	config->window_scale = what & 4;
	config->nodelay = what & 8;
	config->tail_probe = what & 16;
	config->congestion = what & 32 ? TCP_CUBIC : TCP_RENO;
	config->burst = what & 64 ? 65160 : 0;
	config->keepalive_ns = what & 128 ? 1000000000 : 0;
	config->mss = sizes & 1 ? 48 : 1460;
	config->receive_buffer = 1ULL << (sizes >> 1 & 7) * 3;
	config->send_buffer = 1ULL << (sizes >> 4 & 7) * 3;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct script script = { data, data + size };
	struct support_tcp_peer peer;
	struct tcp_segment segment;

	(void)tcp_segment_read(data, size, &segment);
	support_tcp_init(&peer);
	configure(&peer, &script);
	support_tcp_reach(&peer, next(&script) % TCP_STATES);
	verify(&peer);
	while (script.at < script.end) {
		if (next(&script) & 3)
			give(&peer, &script);
		else
			act(&peer, &script);
	}
	support_tcp_fini(&peer);
	return 0;
}
