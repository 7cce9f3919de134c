/* udp send: datagrams out; an answer to each, or as many as there is room for. */
#include "cli/udp/send.h"

#include "base/clock.h"

#include <errno.h>

#define MILLISECOND_NS 1000000ULL
#define SECOND_NS      1000000000ULL
#define BUSY_MS	       10 /* until what had no room is tried again */
#define BUSY_NS	       (5 * SECOND_NS)
#define FINISH_MS      3500		    /* for a next hop to answer: three tries */
#define NAP_NS	       (2 * MILLISECOND_NS) /* a shorter wait is by the clock alone */

/* ---- one after the other, with answers ---- */

static int open_socket(struct sending *s, struct err *err)
{
	const struct stack_address any = { .length = s->peer.length, .scope = s->peer.scope };
	int rc = socket_open(&s->socket, s->stack, SOCKET_UDP, err);

	if (rc == 0)
		rc = sockets_bind_source(&s->options->sockets, s->socket, &any, err);
	return rc < 0 ? rc : socket_connect(s->socket, &s->peer, err);
}

/* 1: an answer, 0: none yet, or a negative errno that says there will be none. */
static int take_answer(struct sending *s, uint64_t since)
{
	uint8_t data[UDP_RECEIVE_MAX];
	ssize_t length = socket_receive(s->socket, data, sizeof(data));

	if (length == -EAGAIN)
		return 0;
	if (length < 0)
		return (int)length;
	s->answers++;
	histogram_add(&s->rtt, clock_system.now(NULL) - since, 1);
	if (s->options->common.jsonl)
		json_print(udp_message_json(&s->peer, data, (size_t)length), false, &s->out);
	else if (!s->options->common.json && (!s->options->common.quiet || s->options->raw))
		udp_put_message(s->options, data, (size_t)length, &s->out);
	return 1;
}

/* An answer that comes too late is none of the next datagram's: that leaves from another port, and
 * the port that it may come to is held, so that the kernel refuses nothing. Where one
 * port is given there is no other: what came before the next datagram leaves is passed over, no
 * more. */
static int change_port(struct sending *s, struct err *err)
{
	s->owes = false;
	socket_close(s->late);
	s->late = s->socket;
	s->socket = NULL;
	return open_socket(s, err);
}

static uint64_t too_long(const struct sending *s)
{
	struct stack_counters counters;

	stack_counters(s->stack, &counters);
	return counters.too_long;
}

/* The path took no datagram so long, and it is known how long they may be: once more, in fragments.
 * Since when an answer may come. */
static uint64_t send_again(struct sending *s, uint64_t since)
{
	if (too_long(s) == s->again || socket_send(s->socket, s->data, s->length) < 0)
		return since;
	s->again = too_long(s);
	return clock_system.now(NULL);
}

static int wait_for_answer(struct sending *s, uint64_t since, struct err *err)
{
	uint64_t timeout = s->options->has_timeout ? s->options->timeout_ns : UDP_ANSWER_TIMEOUT;
	uint64_t began = since;
	int rc = take_answer(s, since);

	while (rc == 0 && !cli_stop) {
		uint64_t passed = clock_system.now(NULL) - began;
		uint64_t left;

		if (passed >= timeout)
			break;
		left = (timeout - passed + MILLISECOND_NS - 1) / MILLISECOND_NS;
		if (stack_wait(s->stack, left < UDP_WAIT_MS ? (int)left : UDP_WAIT_MS, err) < 0)
			return -EIO;
		while (stack_next_event(s->stack))
			;
		since = send_again(s, since);
		rc = take_answer(s, since);
	}
	if (rc < 0)
		s->error = rc;
	s->cut = rc == 0 && cli_stop;
	s->lost += rc <= 0 && !s->cut;
	s->owes = rc == 0;
	return 0;
}

static bool has_one_port(const struct sockets_options *sockets)
{
	return sockets->source_port && sockets->source_port == sockets->source_port_last;
}

/* What came before the next datagram leaves is no answer to it. */
static int pass_over(struct sending *s, struct err *err)
{
	uint8_t waste[1];
	ssize_t length;

	if (s->owes && !has_one_port(&s->options->sockets))
		return change_port(s, err);
	s->owes = false;
	do
		length = socket_receive(s->socket, waste, sizeof(waste));
	while (length >= 0);
	if (length != -EAGAIN)
		s->error = (int)length;
	return 0;
}

/* Sends count datagrams, waiting for room; returns how many, or a negative errno. */
static ssize_t send_some(struct sending *s, unsigned int count, struct err *err)
{
	uint64_t busy_since = 0;

	for (;;) {
		size_t length = s->length * count;
		ssize_t n = count > 1 ? socket_send_segments(s->socket, s->data, length,
						(uint16_t)s->length, NULL)
				      : socket_send(s->socket, s->data, length);
		uint64_t now = clock_system.now(NULL);

		if (n >= 0) {
			s->octets += (uint64_t)n;
			return count > 1 ? n / (ssize_t)s->length : 1;
		}
		if (n == -ECONNREFUSED) { /* about an earlier one */
			s->error = (int)n;
			return 0;
		}
		if ((n != -EAGAIN && n != -ENOBUFS) || (busy_since && now - busy_since > BUSY_NS)) {
			s->error = (int)n;
			return n;
		}
		busy_since = busy_since ? busy_since : now;
		if (stack_wait(s->stack, BUSY_MS, err) < 0)
			return -EIO;
	}
}

static int run_with_answers(struct sending *s, struct err *err)
{
	const struct udp_options *udp = s->options;

	while (!cli_stop && (!udp->count || s->sent < udp->count)) {
		uint64_t since;
		ssize_t n;

		if (pass_over(s, err) < 0)
			return cli_fail(err);
		if (s->error)
			break;
		since = clock_system.now(NULL);
		n = send_some(s, 1, err);
		if (n == -EIO)
			return cli_fail(err);
		if (n < 0)
			break;
		s->sent += (uint64_t)n;
		if (n && wait_for_answer(s, since, err) < 0)
			return cli_fail(err);
		if (cli_print(&s->out))
			return EXIT_REFUSED;
		if (s->error)
			break;
	}
	return EXIT_DONE;
}

/* ---- as many as there is room for, or as the rate says ---- */

/* Datagrams a second; 0: no rate. */
static double speed(const struct sending *s)
{
	const struct udp_options *udp = s->options;
	size_t bits = s->length ? s->length * 8 : 1;

	if (!udp->has_rate)
		return 0;
	return udp->rate.unit == TEXT_RATE_FRAMES ? udp->rate.value
						  : udp->rate.value / (double)bits;
}

/* When the next datagram is due; on a schedule from the beginning, so that no delay adds up. */
static uint64_t due_at(const struct sending *s, double per_second)
{
	return s->began + (uint64_t)((double)s->sent / per_second * (double)SECOND_NS);
}

/* How many are due now; waits for the first of them. 0: a signal came. */
static uint64_t wait_until_due(struct sending *s, double per_second, struct err *err, int *rc)
{
	uint64_t due = due_at(s, per_second), now = clock_system.now(NULL);
	double passed;

	while (now < due && !cli_stop) {
		if (due - now > NAP_NS) {
			uint64_t ms = (due - now - NAP_NS / 2) / MILLISECOND_NS;

			*rc = stack_wait(s->stack, ms < UDP_WAIT_MS ? (int)ms : UDP_WAIT_MS, err);
			while (stack_next_event(s->stack))
				;
		} else {
			clock_system.sleep_until(NULL, due);
		}
		if (*rc < 0)
			return 0;
		now = clock_system.now(NULL);
	}
	if (cli_stop)
		return 0;
	passed = (double)(now - s->began) / (double)SECOND_NS * per_second;
	return passed < (double)s->sent + 1 ? 1 : (uint64_t)passed + 1 - s->sent;
}

static int run_at_speed(struct sending *s, struct err *err)
{
	const struct udp_options *udp = s->options;
	double per_second = speed(s);

	while (!cli_stop && (!udp->count || s->sent < udp->count)) {
		uint64_t count = s->most;
		ssize_t n;
		int rc = 0;

		if (per_second > 0)
			count = wait_until_due(s, per_second, err, &rc);
		if (rc < 0)
			return cli_fail(err);
		if (count > s->most)
			count = s->most;
		if (udp->count && count > udp->count - s->sent)
			count = udp->count - s->sent;
		if (!count)
			continue;
		n = send_some(s, (unsigned int)count, err);
		if (n == -EIO)
			return cli_fail(err);
		if (n < 0)
			break;
		s->sent += (uint64_t)n;
		/* Now and then: what came in, an ICMP error perhaps. */
		if (per_second > 0 && stack_wait(s->stack, 0, err) < 0)
			return cli_fail(err);
	}
	return EXIT_DONE;
}

/* What waits for the next hop's MAC leaves, or it is known that it cannot. */
static int finish(struct sending *s, struct err *err)
{
	uint64_t end = clock_system.now(NULL) + FINISH_MS * MILLISECOND_NS;
	int rc = stack_wait(s->stack, 0, err);

	while (rc >= 0 && stack_ending(s->stack) && !cli_stop && clock_system.now(NULL) < end) {
		rc = stack_wait(s->stack, UDP_WAIT_MS, err);
		while (stack_next_event(s->stack))
			;
	}
	if (rc < 0)
		return cli_fail(err);
	s->cut |= stack_ending(s->stack) > 0 && cli_stop;
	if (!s->error)
		s->error = socket_error(s->socket);
	s->ended = clock_system.now(NULL);
	return EXIT_DONE;
}

/* ---- all of it ---- */

static int open_all(struct sending *s, struct udp_options *udp, struct err *err)
{
	int rc = udp_send_data(s, udp, err);

	if (rc == 0)
		rc = sockets_resolve(&udp->sockets, udp->host, udp->port, &s->peer, err);
	if (rc == 0)
		rc = sockets_open(&udp->sockets, &s->stack, err);
	return rc < 0 ? rc : open_socket(s, err);
}

int udp_send_run(struct udp_options *udp)
{
	struct sending *s = arena_alloc(&udp->common.arena, sizeof(*s));
	struct err err = { 0 };
	int status, reported;

	s->options = udp;
	if (open_all(s, udp, &err) < 0) {
		status = cli_fail(&err);
	} else {
		s->began = clock_system.now(NULL);
		status = udp->wait ? run_with_answers(s, &err) : run_at_speed(s, &err);
		if (!status)
			status = finish(s, &err);
		reported = udp_send_report(s);
		if (!status)
			status = reported ? reported : udp_send_judge(s);
	}
	buffer_fini(&s->out);
	socket_close(s->socket);
	socket_close(s->late);
	if (sockets_close(&udp->sockets, s->stack, UDP_WAIT_MS, &err) < 0 && !status)
		status = cli_fail(&err);
	return status;
}
