/* What is to be sent next: RST, SYN, data (transmit.c), or an ACK alone. */
#include <string.h>

#include "tcp/connection.h"
#include "tcp/output.h"

enum { OPTION_SPACE = 40, TIMESTAMPS_LENGTH = 12 };

static unsigned int blocks_most(const struct tcp *tcp)
{
	return tcp->timestamps ? 3 : 4;
}

/* RFC 6691 2: options are taken off. */
size_t output_mss(const struct tcp *tcp)
{
	struct tcp_block blocks[4];
	unsigned int count = arrive_blocks(tcp, blocks_most(tcp), blocks);
	size_t options = tcp->timestamps ? TIMESTAMPS_LENGTH : 0;

	if (count)
		options += 4 + 8 * (size_t)count;
	return tcp->send.mss - options;
}

/* Beyond the window it would be dropped, and its ACK with it: both sides with shut windows and a
 * probe out would not hear each other any more. */
uint32_t output_sequence(const struct tcp *tcp)
{
	const struct tcp_sending *send = &tcp->send;
	uint32_t end = send->una + send->window;

	if (tcp->state == TCP_SYN_SENT || tcp->state == TCP_SYN_RECEIVED)
		return send->nxt;
	return seq_min(send->nxt, end);
}

static void acknowledged(struct tcp *tcp)
{
	struct tcp_receiving *receive = &tcp->receive;

	if (!receive->later.count || receive->last_ack != receive->nxt)
		receive->again = 0;
	receive->again += receive->later.count > 0;
	receive->last_ack = receive->nxt;
	receive->ack_due = false;
	receive->unacked = 0;
	receive->twice = (struct tcp_block){ 0, 0 };
	timer_stop(tcp, TIMER_DELAYED_ACK);
}

void output_begin(
	struct tcp *tcp, struct tcp_segment *ret, uint32_t seq, uint8_t flags, uint64_t now)
{
	memset(ret, 0, sizeof(*ret));
	ret->seq = seq;
	ret->flags = flags;
	tcp->stats.segments_out++;
	if (flags & TCP_ACK) {
		ret->ack = tcp->receive.nxt;
		ret->window = window_field(tcp, !(flags & TCP_SYN));
	}
	if (tcp->timestamps) {
		ret->has_timestamps = true;
		ret->tsval = rtt_timestamp(tcp, now);
		ret->tsecr = flags & TCP_ACK ? tcp->receive.ts_recent : 0;
	}
	if (flags & TCP_ACK && !(flags & TCP_SYN))
		ret->sack_count = arrive_blocks(tcp, blocks_most(tcp), ret->sack);
	if (flags & TCP_ACK)
		acknowledged(tcp);
}

static bool output_reset(struct tcp *tcp, struct tcp_segment *ret)
{
	if (!tcp->reset_due)
		return false;
	tcp->reset_due = false;
	memset(ret, 0, sizeof(*ret));
	ret->seq = tcp->reset_seq;
	ret->flags = TCP_RST;
	if (given_window(tcp))
		ret->window = tcp->config.given->window;
	tcp->stats.segments_out++;
	return true;
}

/* RFC 9293 3.10.1, 3.10.7.2: SYN with all we offer, SYN and ACK with what was agreed on. */
static bool output_syn(struct tcp *tcp, struct tcp_segment *ret, uint64_t now)
{
	bool first = tcp->state == TCP_SYN_SENT;

	if (!tcp->send.syn_due)
		return false;
	tcp->send.syn_due = false;
	given_clock(tcp, now);
	output_begin(tcp, ret, tcp->send.iss, first ? TCP_SYN : TCP_SYN | TCP_ACK, now);
	if (first) {
		ret->window = window_opening(tcp);
		ret->has_timestamps = tcp->config.timestamps;
		ret->tsval = ret->has_timestamps ? rtt_timestamp(tcp, now) : 0;
	}
	ret->has_mss = true;
	ret->mss = tcp->config.mss;
	ret->sack_permitted = first ? tcp->config.sack : tcp->sack;
	ret->has_scale = first ? tcp->config.window_scale : tcp->scaled;
	ret->scale = ret->has_scale ? tcp->receive.scale : 0;
	given_options(tcp, ret);
	if (tcp->timer[TIMER_RETRANSMIT] == TCP_NEVER)
		timers_retransmit(tcp, now);
	return true;
}

static bool output_ack(struct tcp *tcp, struct tcp_segment *ret, uint64_t now)
{
	uint32_t seq = output_sequence(tcp);

	/* RFC 9293 3.8.4: a number that the peer has, so that it has to answer. */
	if (tcp->send.keepalive_due)
		seq = tcp->send.una - 1;
	else if (!tcp->receive.ack_due)
		return false;
	tcp->send.keepalive_due = false;
	output_begin(tcp, ret, seq, TCP_ACK, now);
	return true;
}

bool tcp_output(struct tcp *tcp, struct tcp_segment *ret, uint64_t now)
{
	timers_run(tcp, now);
	if (output_reset(tcp, ret))
		return true;
	switch (tcp->state) {
	case TCP_CLOSED:
	case TCP_LISTEN:
		return false;
	case TCP_SYN_SENT:
		return output_syn(tcp, ret, now);
	case TCP_SYN_RECEIVED:
		return output_syn(tcp, ret, now) || output_ack(tcp, ret, now);
	default:
		break;
	}
	return transmit_next(tcp, ret, now) || output_ack(tcp, ret, now);
}
