/* udp send: datagrams out; an answer to each, or as many as there is room for. */
#include "cli/udp.h"

#include "base/clock.h"
#include "base/histogram.h"
#include "cli/numbers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MILLISECOND_NS 1000000ULL
#define SECOND_NS      1000000000ULL
#define BUSY_MS	       10 /* until what had no room is tried again */
#define BUSY_NS	       (5 * SECOND_NS)
#define AT_ONCE	       64U		    /* datagrams in one call */
#define FINISH_MS      3500		    /* for a next hop to answer: three tries */
#define NAP_NS	       (2 * MILLISECOND_NS) /* a shorter wait is by the clock alone */

struct sending {
	const struct udp_options *options;
	struct stack *stack;
	struct socket *socket;
	struct stack_address peer;
	uint8_t *data;	   /* one datagram, as often as AT_ONCE allows */
	size_t length;	   /* of one */
	unsigned int most; /* of them in data */
	struct buffer out;
	uint64_t sent, octets, answers, lost;
	bool cut; /* the wait for an answer, by a signal */
	uint64_t began, ended;
	int error; /* negative errno: the last that the way to the peer, or the peer, told */
	struct histogram rtt;
};

/* ---- the data ---- */

/* All of standard input, as one datagram. */
static int read_input(struct sending *s, struct buffer *ret, struct err *err)
{
	uint8_t octets[4096];
	ssize_t n;

	(void)s;
	while ((n = read(STDIN_FILENO, octets, sizeof(octets))) != 0) {
		if (n < 0 && errno == EINTR && !cli_stop)
			continue;
		if (n < 0 && cli_stop)
			return err_result(err, "interrupted before the end of standard input");
		if (n < 0)
			return err_system(err, errno, "cannot read standard input");
		buffer_put(ret, octets, (size_t)n);
		if (ret->length > STACK_DATAGRAM_MAX)
			return err_input(err, NULL,
				"standard input is longer than a datagram: at most %d octets",
				STACK_DATAGRAM_MAX);
	}
	return 0;
}

/* What one datagram is made of, and how long it is. */
static int data_read(struct sending *s, struct buffer *ret, struct err *err)
{
	const struct udp_options *udp = s->options;
	int rc = 0;

	if (udp->data && strcmp(udp->data, "-") != 0)
		buffer_put(ret, udp->data, strlen(udp->data));
	else if (udp->data || !udp->has_size)
		rc = read_input(s, ret, err);
	else
		for (unsigned int i = 0; i < 256; i++)
			buffer_put(ret, &(uint8_t){ (uint8_t)i }, 1);
	if (rc < 0)
		return rc;
	s->length = udp->has_size ? udp->size : ret->length;
	if (s->length > STACK_DATAGRAM_MAX)
		return err_input(err, NULL, "DATA of %zu octets: a datagram holds at most %d",
			s->length, STACK_DATAGRAM_MAX);
	return 0;
}

static int data_make(struct sending *s, struct udp_options *udp, struct err *err)
{
	struct buffer one = { 0 };
	int rc = data_read(s, &one, err);

	if (rc == 0) {
		s->most = 1;
		if (s->length && s->length <= STACK_DATAGRAM_MAX / 2)
			s->most = (unsigned int)(STACK_DATAGRAM_MAX / s->length);
		if (s->most > AT_ONCE)
			s->most = AT_ONCE;
		s->data = arena_alloc(&udp->common.arena, s->length * s->most + 1);
		for (size_t i = 0; one.length && i < s->length * s->most; i++)
			s->data[i] = one.data[i % s->length % one.length];
	}
	buffer_fini(&one);
	return rc;
}

/* ---- one after the other, with answers ---- */

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

static int wait_for_answer(struct sending *s, uint64_t since, struct err *err)
{
	uint64_t timeout = s->options->has_timeout ? s->options->timeout_ns : UDP_ANSWER_TIMEOUT;
	int rc = take_answer(s, since);

	while (rc == 0 && !cli_stop) {
		uint64_t passed = clock_system.now(NULL) - since;
		uint64_t left;

		if (passed >= timeout)
			break;
		left = (timeout - passed + MILLISECOND_NS - 1) / MILLISECOND_NS;
		if (stack_wait(s->stack, left < UDP_WAIT_MS ? (int)left : UDP_WAIT_MS, err) < 0)
			return -EIO;
		while (stack_next_event(s->stack))
			;
		rc = take_answer(s, since);
	}
	if (rc < 0)
		s->error = rc;
	s->cut = rc == 0 && cli_stop;
	s->lost += rc <= 0 && !s->cut;
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
		uint64_t since = clock_system.now(NULL);
		ssize_t n = send_some(s, 1, err);

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
	if (!s->error)
		s->error = socket_error(s->socket);
	s->ended = clock_system.now(NULL);
	return EXIT_DONE;
}

/* ---- the report ---- */

static struct json *report_json(struct sending *s)
{
	struct json *json = json_object();
	uint64_t time = s->ended - s->began;

	json_set(json, "type", json_text("report"));
	json_set(json, "datagrams_sent", json_number(s->sent));
	json_set(json, "bytes_sent", json_number(s->octets));
	json_set(json, "seconds", json_real(numbers_seconds(time)));
	json_set(json, "datagrams_per_second", json_real(numbers_per_second(s->sent, time)));
	json_set(json, "bits_per_second", json_real(numbers_per_second(s->octets * 8, time)));
	if (s->options->wait) {
		json_set(json, "answers", json_number(s->answers));
		json_set(json, "lost", json_number(s->lost));
		if (s->answers)
			json_set(json, "rtt_ns", sockets_times_json(&s->rtt));
	}
	json_set(json, "error", s->error ? json_text(strerror(-s->error)) : json_null());
	sockets_set_counters(json, s->stack);
	return json;
}

static void put_report(struct sending *s)
{
	uint64_t time = s->ended - s->began;
	struct buffer out = { 0 };

	numbers_put_count(&out, s->sent, "datagram");
	buffer_printf(&out, ", ");
	numbers_put_count(&out, s->octets, "octet");
	buffer_printf(&out, " in %.3f s", numbers_seconds(time));
	if (s->sent > 1) {
		buffer_printf(&out, ": ");
		numbers_put_scaled(&out, numbers_per_second(s->sent, time), "datagrams/s");
		buffer_printf(&out, ", ");
		numbers_put_scaled(&out, numbers_per_second(s->octets * 8, time), "bit/s");
	}
	if (s->answers)
		buffer_printf(&out, "; %llu answered, round trip %.3f ms (%.3f to %.3f)",
			(unsigned long long)s->answers,
			(double)histogram_quantile(&s->rtt, 0.5) / 1e6, (double)s->rtt.min / 1e6,
			(double)s->rtt.max / 1e6);
	fprintf(stderr, "%s\n", buffer_text(&out));
	buffer_fini(&out);
}

static int report(struct sending *s)
{
	const struct common *common = &s->options->common;
	int status;

	if (common->json || common->jsonl)
		json_print(report_json(s), common->json, &s->out);
	else if (common->verbose || (s->options->counted && !s->options->wait && !common->quiet))
		put_report(s);
	status = cli_print(&s->out);
	return status;
}

/* Says why the answer is no, if it is. */
static int judge(struct sending *s)
{
	struct stack_counters counters;
	char text[SOCKETS_TEXT], why[SOCKETS_WHY];
	struct err err;

	stack_counters(s->stack, &counters);
	sockets_text(&s->peer, text);
	if (s->error)
		err_result(&err, "%s: %s", text, sockets_why(s->stack, -s->error, why));
	else if (counters.send_failures)
		err_result(&err, "%llu frames were refused: %s",
			(unsigned long long)counters.send_failures, strerror(counters.send_error));
	else if (s->lost)
		err_result(&err, "no answer from %s", text);
	else if (s->cut && s->options->count)
		err_result(&err, "interrupted before an answer came from %s", text);
	else
		return s->options->count && s->sent < s->options->count ? EXIT_ANSWER_NO
									: EXIT_DONE;
	return cli_fail(&err);
}

static int open_socket(struct sending *s, struct udp_options *udp, struct err *err)
{
	int rc = data_make(s, udp, err);

	if (rc == 0)
		rc = sockets_resolve(&udp->sockets, udp->host, udp->port, &s->peer, err);
	if (rc == 0)
		rc = sockets_open(&udp->sockets, &s->stack, err);
	if (rc == 0)
		rc = socket_open(&s->socket, s->stack, SOCKET_UDP, err);
	return rc < 0 ? rc : socket_connect(s->socket, &s->peer, err);
}

int udp_send_run(struct udp_options *udp)
{
	struct sending *s = arena_alloc(&udp->common.arena, sizeof(*s));
	struct err err = { 0 };
	int status, reported;

	s->options = udp;
	if (open_socket(s, udp, &err) < 0) {
		status = cli_fail(&err);
	} else {
		s->began = clock_system.now(NULL);
		status = udp->wait ? run_with_answers(s, &err) : run_at_speed(s, &err);
		if (!status)
			status = finish(s, &err);
		reported = report(s);
		if (!status)
			status = reported ? reported : judge(s);
	}
	buffer_fini(&s->out);
	socket_close(s->socket);
	if (sockets_close(&udp->sockets, s->stack, UDP_WAIT_MS, &err) < 0 && !status)
		status = cli_fail(&err);
	return status;
}
