/* What happens when time passes: each timer of a connection, and what it does. */
#include <errno.h>

#include "tcp/connection.h"

void timer_set(struct tcp *tcp, enum tcp_timer timer, uint64_t when)
{
	tcp->timer[timer] = when;
}

void timer_stop(struct tcp *tcp, enum tcp_timer timer)
{
	tcp->timer[timer] = TCP_NEVER;
}

/* The sooner of the retransmission timeout and the user's (RFC 9293 3.8.3). */
void timers_retransmit(struct tcp *tcp, uint64_t now)
{
	uint64_t when = now + rtt_timeout(tcp);
	uint64_t last = tcp->send.progress + tcp->config.user_timeout_ns;

	if (last < now)
		last = now;
	timer_set(tcp, TIMER_RETRANSMIT, when < last ? when : last);
}

static void retransmit_syn(struct tcp *tcp)
{
	tcp->send.syn_due = true;
	tcp->send.syn_resent = true;
	tcp->stats.timeouts++;
}

/* RFC 6298 5.4 to 5.6; RFC 9293 3.8.6.1 where the peer's window is shut: that says nothing of loss.
 */
static void on_retransmit(struct tcp *tcp, uint64_t now)
{
	struct tcp_sending *send = &tcp->send;

	if (now - send->progress >= tcp->config.user_timeout_ns) {
		tcp_finish(tcp, tcp->soft_error ? tcp->soft_error : ETIMEDOUT);
		return;
	}
	if (tcp->rtt.backoff < 32)
		tcp->rtt.backoff++;
	if (tcp->state == TCP_SYN_SENT || tcp->state == TCP_SYN_RECEIVED) {
		retransmit_syn(tcp);
	} else if (!send->records.count) {
		send->probe_due = true;
	} else if (!send->window) {
		scoreboard_lose_first(tcp);
		send->probe_due = true;
	} else {
		recovery_timeout(tcp, now);
	}
	timers_retransmit(tcp, now);
}

static void on_tail(struct tcp *tcp, uint64_t now)
{
	(void)now;
	tcp->send.tail_due = true;
}

static void on_reorder(struct tcp *tcp, uint64_t now)
{
	struct tcp_news news = { .now = now };

	recovery_news(tcp, &news);
}

static void on_delayed_ack(struct tcp *tcp, uint64_t now)
{
	(void)now;
	tcp->receive.ack_due = true;
}

static void on_keepalive(struct tcp *tcp, uint64_t now)
{
	if (tcp->keepalive_sent >= tcp->config.keepalive_probes) {
		tcp_finish(tcp, ETIMEDOUT);
		return;
	}
	timer_set(tcp, TIMER_KEEPALIVE, now + tcp->config.keepalive_ns);
	/* RFC 9293 3.8.4: only while nothing is in flight, whose own timer would tell. */
	if (tcp->send.records.count)
		return;
	tcp->keepalive_sent++;
	tcp->send.keepalive_due = true;
}

static void on_time_wait(struct tcp *tcp, uint64_t now)
{
	(void)now;
	tcp_finish(tcp, 0);
}

static void (*const handlers[TIMERS])(struct tcp *tcp, uint64_t now) = {
	[TIMER_RETRANSMIT] = on_retransmit,
	[TIMER_TAIL] = on_tail,
	[TIMER_REORDER] = on_reorder,
	[TIMER_DELAYED_ACK] = on_delayed_ack,
	[TIMER_KEEPALIVE] = on_keepalive,
	[TIMER_TIME_WAIT] = on_time_wait,
};

void timers_run(struct tcp *tcp, uint64_t now)
{
	for (unsigned int timer = 0; timer < TIMERS; timer++) {
		if (now < tcp->timer[timer])
			continue;
		tcp->timer[timer] = TCP_NEVER;
		handlers[timer](tcp, now);
	}
}

uint64_t tcp_next_timer(const struct tcp *tcp)
{
	uint64_t next = TCP_NEVER;

	for (unsigned int timer = 0; timer < TIMERS; timer++)
		if (tcp->timer[timer] < next)
			next = tcp->timer[timer];
	return next;
}

void timers_time_wait(struct tcp *tcp, uint64_t now)
{
	for (unsigned int timer = 0; timer < TIMERS; timer++)
		tcp->timer[timer] = TCP_NEVER;
	/* Nothing will be sent any more, and there may be thousands of these. */
	ring_fini(&tcp->send.ring);
	records_fini(&tcp->send.records);
	timer_set(tcp, TIMER_TIME_WAIT, now + tcp->config.time_wait_ns);
}

/* The peer lives: a segment of its came. */
void timers_alive(struct tcp *tcp, uint64_t now)
{
	tcp->keepalive_sent = 0;
	if (tcp->config.keepalive_ns && tcp->state != TCP_CLOSED && tcp->state != TCP_TIME_WAIT)
		timer_set(tcp, TIMER_KEEPALIVE, now + tcp->config.keepalive_ns);
}
