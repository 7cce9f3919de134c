/* The handshake: SYN-SENT (RFC 9293 3.10.7.3), what a SYN tells, and what follows when both have
 * agreed. */
#include <errno.h>

#include "tcp/congestion.h"
#include "tcp/connection.h"

enum { QUICK_AT_FIRST = 16 };

/* An option counts where both have sent it. */
static void agree(struct tcp *tcp, const struct tcp_segment *syn)
{
	uint16_t mss = syn->has_mss ? syn->mss : TCP_MSS_DEFAULT;

	if (mss < TCP_MSS_LEAST)
		mss = TCP_MSS_LEAST;
	tcp->send.mss = mss < tcp->config.mss ? mss : tcp->config.mss;
	tcp->timestamps = tcp->config.timestamps && syn->has_timestamps;
	tcp->sack = tcp->config.sack && syn->sack_permitted;
	tcp->scaled = tcp->config.window_scale && syn->has_scale;
	if (tcp->scaled) {
		tcp->send.scale = syn->scale < TCP_SCALE_MOST ? syn->scale : TCP_SCALE_MOST;
	} else {
		tcp->send.scale = 0;
		tcp->receive.scale = 0;
	}
}

/* A SYN's sequence number, window (never scaled, RFC 7323 2.2) and options. */
void opening_take(struct tcp *tcp, const struct tcp_segment *syn, uint64_t now)
{
	struct tcp_receiving *receive = &tcp->receive;

	agree(tcp, syn);
	receive->irs = syn->seq;
	receive->nxt = syn->seq + 1;
	receive->last_ack = receive->nxt;
	/* What the SYN says, or said, of our window, as far as there is room for it. */
	receive->edge =
		receive->nxt + (uint32_t)size_min(window_opening(tcp), tcp->config.receive_buffer);
	receive->segment = size_min(TCP_MSS_DEFAULT, size_max(receive->mss, 1));
	receive->ts_recent = tcp->timestamps ? syn->tsval : 0;
	receive->ts_recent_at = now;
	tcp->send.window = syn->window;
	tcp->send.window_max = syn->window;
	tcp->send.wl1 = syn->seq;
	tcp->send.wl2 = syn->ack;
}

/* Our SYN is acknowledged: ESTABLISHED, or past it where the user has shut down meanwhile. */
void opening_done(struct tcp *tcp, const struct tcp_segment *in, uint64_t now)
{
	struct tcp_sending *send = &tcp->send;

	send->una = in->ack;
	send->syn_due = false;
	send->progress = now;
	timer_stop(tcp, TIMER_RETRANSMIT);
	if (!send->syn_unseen)
		tcp->stats.handshake_ns = now - tcp->born;
	/* RFC 6298 3: no sample of what was sent twice; 5.7: and three seconds at first then. */
	if (!send->syn_unseen && !send->syn_resent)
		rtt_sample(tcp, now > tcp->born ? now - tcp->born : 1, now);
	else if (send->syn_resent && tcp->rtt.timeout < 3 * TCP_SECOND)
		tcp->rtt.timeout = 3 * TCP_SECOND;
	tcp->rtt.backoff = 0;
	/* RFC 5681 3.1: one segment after a lost SYN. */
	tcp->recovery.cwnd = send->syn_resent ? send->mss : congestion_initial(tcp);
	tcp->recovery.point = send->una;
	tcp->rack.highest = send->una;
	tcp->rack.round = send->una;
	tcp->hystart.end = send->una;
	tcp->receive.quick = QUICK_AT_FIRST;
	if (tcp->receive.ended) /* a FIN that came with the SYN */
		tcp->state = send->ended ? TCP_LAST_ACK : TCP_CLOSE_WAIT;
	else
		tcp->state = send->ended ? TCP_FIN_WAIT_1 : TCP_ESTABLISHED;
}

/* Fourth, check the SYN bit. */
static void synchronize(struct tcp *tcp, const struct tcp_segment *in, uint64_t now)
{
	struct tcp_segment rest = *in;

	opening_take(tcp, in, now);
	if (in->flags & TCP_ACK) {
		opening_done(tcp, in, now);
		tcp->receive.ack_due = true;
	} else { /* both open at the same time (3.5, figure 8) */
		tcp->state = TCP_SYN_RECEIVED;
		tcp->send.syn_due = true;
	}
	rest.seq++;
	arrive_input(tcp, &rest, now);
	timers_alive(tcp, now);
}

void opening_input(struct tcp *tcp, const struct tcp_segment *in, uint64_t now)
{
	bool acceptable = in->flags & TCP_ACK && in->ack == tcp->send.nxt;

	/* First, check the ACK bit: nothing but the SYN was sent. */
	if (in->flags & TCP_ACK && !acceptable) {
		if (!(in->flags & TCP_RST))
			tcp_answer_reset(tcp, in->ack);
		return;
	}
	/* Second, check the RST bit; one without ACK may be anybody's (RFC 5961 3.2). */
	if (in->flags & TCP_RST) {
		if (acceptable)
			tcp_finish(tcp, ECONNREFUSED);
		return;
	}
	if (in->flags & TCP_SYN)
		synchronize(tcp, in, now);
}
