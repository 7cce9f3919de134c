/* A connection from its beginning to its end: open, accept, refuse, close, abort (RFC
 * 9293 3.10.1, 3.10.4, 3.10.5). */
#include "tcp/tcp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tcp/congestion.h"
#include "tcp/connection.h"

enum { BUFFER_MOST = 1 << 30, WINDOW_AT_FIRST = 65535 };

void tcp_config_init(struct tcp_config *config)
{
	*config = (struct tcp_config){
		.mss = 1460,
		.send_buffer = 4 << 20,
		.receive_buffer = 4 << 20,
		.timestamps = true,
		.sack = true,
		.window_scale = true,
		.tail_probe = true,
		.keepalive_probes = 9,
		.user_timeout_ns = 180 * TCP_SECOND,
		.time_wait_ns = 60 * TCP_SECOND,
		.rto_min_ns = 200 * TCP_MILLISECOND,
		.delayed_ack_ns = 40 * TCP_MILLISECOND,
	};
}

static bool config_is_good(const struct tcp_config *config)
{
	return config->mss >= TCP_MSS_LEAST && config->send_buffer && config->receive_buffer &&
	       config->send_buffer <= BUFFER_MOST && config->receive_buffer <= BUFFER_MOST;
}

/* RFC 7323 2.2: the least that lets the header say the whole buffer. */
static uint8_t scale_for(const struct tcp_config *config)
{
	uint8_t scale = 0;

	while (config->window_scale && scale < 14 &&
		(size_t)UINT16_MAX << scale < config->receive_buffer)
		scale++;
	return scale;
}

static int tcp_new(struct tcp **ret, const struct tcp_config *config, uint32_t isn, uint64_t now)
{
	struct tcp *tcp;

	if (!config_is_good(config))
		return -EINVAL;
	tcp = calloc(1, sizeof(*tcp));
	if (!tcp)
		return -ENOMEM;
	tcp->config = *config;
	tcp->congestion = config->congestion == TCP_RENO ? &congestion_reno : &congestion_cubic;
	tcp->born = now;
	for (unsigned int timer = 0; timer < TIMERS; timer++)
		tcp->timer[timer] = TCP_NEVER;
	tcp->send.iss = isn;
	tcp->send.una = isn;
	tcp->send.nxt = isn + 1;
	tcp->send.small = isn;
	tcp->send.mss = config->mss;
	tcp->send.syn_due = true;
	tcp->send.progress = now;
	tcp->receive.scale = scale_for(config);
	tcp->receive.mss = config->mss;
	tcp->receive.limit = size_min(config->receive_buffer, WINDOW_AT_FIRST);
	tcp->recovery.cwnd = config->mss;
	tcp->recovery.ssthresh = BUFFER_MOST; /* RFC 5681 3.1: arbitrarily high */
	tcp->rack.factor = 1;
	rtt_init(tcp);
	given_take(tcp);
	*ret = tcp;
	return 0;
}

int tcp_connect(struct tcp **ret, const struct tcp_config *config, uint32_t isn, uint64_t now)
{
	int rc = tcp_new(ret, config, isn, now);

	if (rc)
		return rc;
	(*ret)->state = TCP_SYN_SENT;
	return 0;
}

enum tcp_verdict tcp_listen(const struct tcp_segment *in)
{
	if (in->flags & TCP_RST)
		return TCP_IGNORE;
	if (in->flags & TCP_ACK)
		return TCP_REFUSE;
	return in->flags & TCP_SYN ? TCP_ACCEPT : TCP_IGNORE;
}

int tcp_accept(struct tcp **ret, const struct tcp_config *config, const struct tcp_segment *syn,
	uint32_t isn, uint64_t now)
{
	struct tcp_segment rest = *syn;
	int rc;

	if (tcp_listen(syn) != TCP_ACCEPT)
		return -EINVAL;
	rc = tcp_new(ret, config, isn, now);
	if (rc)
		return rc;
	(*ret)->state = TCP_SYN_RECEIVED;
	(*ret)->passive = true;
	(*ret)->stats.segments_in++;
	opening_take(*ret, syn, now);
	/* 3.10.7.2: data of a SYN waits until ESTABLISHED. */
	rest.seq++;
	arrive_input(*ret, &rest, now);
	return 0;
}

int tcp_accept_answered(struct tcp **ret, const struct tcp_config *config,
	const struct tcp_segment *syn, uint32_t isn, uint64_t now)
{
	int rc = tcp_accept(ret, config, syn, isn, now);

	if (rc)
		return rc;
	(*ret)->send.syn_due = false;
	(*ret)->send.syn_unseen = true;
	return 0;
}

bool tcp_refuse(const struct tcp_segment *in, struct tcp_segment *ret)
{
	if (in->flags & TCP_RST)
		return false;
	memset(ret, 0, sizeof(*ret));
	ret->flags = TCP_RST;
	if (in->flags & TCP_ACK) {
		ret->seq = in->ack;
		return true;
	}
	ret->flags |= TCP_ACK;
	ret->ack =
		in->seq + (uint32_t)in->length + !!(in->flags & TCP_SYN) + !!(in->flags & TCP_FIN);
	return true;
}

bool tcp_reusable(const struct tcp *tcp, const struct tcp_segment *syn)
{
	if (tcp->state != TCP_TIME_WAIT || tcp_listen(syn) != TCP_ACCEPT)
		return false;
	if (tcp->timestamps && syn->has_timestamps && seq_after(syn->tsval, tcp->receive.ts_recent))
		return true;
	return seq_after(syn->seq, tcp->receive.nxt);
}

bool tcp_leavable(const struct tcp *tcp, uint64_t now)
{
	return tcp->state == TCP_TIME_WAIT && tcp->timestamps &&
	       tcp->timer[TIMER_TIME_WAIT] - tcp->config.time_wait_ns + TCP_SECOND <= now;
}

void tcp_free(struct tcp *tcp)
{
	if (!tcp)
		return;
	ring_fini(&tcp->send.ring);
	records_fini(&tcp->send.records);
	ring_fini(&tcp->receive.ring);
	ranges_fini(&tcp->receive.later);
	free(tcp);
}

void tcp_finish(struct tcp *tcp, int error)
{
	tcp->state = TCP_CLOSED;
	tcp->error = error;
	for (unsigned int timer = 0; timer < TIMERS; timer++)
		tcp->timer[timer] = TCP_NEVER;
	tcp->stats.octets_lost = tcp->send.ring.used;
	/* What was received can still be read. */
	ring_fini(&tcp->send.ring);
	records_fini(&tcp->send.records);
	ranges_fini(&tcp->receive.later);
}

void tcp_answer_reset(struct tcp *tcp, uint32_t seq)
{
	tcp->reset_due = true;
	tcp->reset_seq = seq;
}

void tcp_reset(struct tcp *tcp, int error)
{
	tcp_answer_reset(tcp, output_sequence(tcp));
	tcp_finish(tcp, error);
}

void tcp_shutdown(struct tcp *tcp, uint64_t now)
{
	(void)now;
	if (tcp->state == TCP_CLOSED || tcp->send.ended)
		return;
	tcp->send.ended = true;
	if (tcp->state == TCP_ESTABLISHED)
		tcp->state = TCP_FIN_WAIT_1;
	else if (tcp->state == TCP_CLOSE_WAIT)
		tcp->state = TCP_LAST_ACK;
}

void tcp_close(struct tcp *tcp, uint64_t now)
{
	if (tcp->state == TCP_SYN_SENT) {
		tcp_finish(tcp, 0);
		return;
	}
	if (tcp->receive.ring.used && tcp->state != TCP_CLOSED) {
		tcp_abort(tcp, now);
		return;
	}
	tcp->receive.deaf = true;
	if (tcp->state == TCP_FIN_WAIT_2)
		timer_set(tcp, TIMER_TIME_WAIT, now + tcp->config.time_wait_ns);
	tcp_shutdown(tcp, now);
}

void tcp_abort(struct tcp *tcp, uint64_t now)
{
	(void)now;
	switch (tcp->state) {
	case TCP_CLOSED:
		break;
	case TCP_SYN_RECEIVED:
	case TCP_ESTABLISHED:
	case TCP_FIN_WAIT_1:
	case TCP_FIN_WAIT_2:
	case TCP_CLOSE_WAIT:
		tcp_reset(tcp, ECONNABORTED);
		break;
	default: /* 3.10.5: the peer knows of the end, or of nothing */
		tcp_finish(tcp, ECONNABORTED);
		break;
	}
}
