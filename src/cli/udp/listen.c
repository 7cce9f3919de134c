/* udp listen: prints each datagram, and answers it. */
#include "cli/udp/udp.h"

#include "base/clock.h"
#include "cli/numbers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define MILLISECOND_NS 1000000ULL
#define OUTPUT_FLUSH   65536U

struct listening {
	const struct udp_options *options;
	struct stack *stack;
	struct socket *socket;
	struct buffer out;
	uint64_t messages, octets, answers;
	uint64_t first, last; /* when the first message came, and the last */
	uint64_t idle_since;
	bool stdout_closed; /* nobody reads what is printed */
	uint8_t data[UDP_RECEIVE_MAX];
};

/* "Got message from ('127.0.0.1', 40000): Hello you there!" */
static void tell(struct listening *l, const struct stack_address *from, size_t length)
{
	const struct udp_options *options = l->options;
	char text[SOCKETS_TEXT];

	if (options->common.jsonl)
		json_print(udp_message_json(from, l->data, length), false, &l->out);
	if (options->common.json || options->common.jsonl)
		return;
	if (options->common.quiet && !options->raw)
		return;
	if (!options->raw)
		buffer_printf(&l->out, "Got message from %s: ", sockets_tuple(from, text));
	udp_put_message(options, l->data, length, &l->out);
}

/* An answer that finds no room is lost, as a datagram may be. */
static void answer(struct listening *l, const struct stack_address *to, size_t length)
{
	const char *reply = l->options->reply;
	const void *data = l->options->echo ? (const void *)l->data : reply;
	ssize_t sent;

	if (!data)
		return;
	sent = socket_send_to(l->socket, data, l->options->echo ? length : strlen(reply), to);
	l->answers += sent >= 0;
}

static bool is_done(const struct listening *l)
{
	const struct udp_options *options = l->options;

	return cli_stop || l->stdout_closed || (options->counted && l->messages == options->count);
}

/* 1: a datagram was taken; 0: none is there. */
static int take(struct listening *l)
{
	struct stack_address from;
	ssize_t length = socket_receive_from(l->socket, l->data, sizeof(l->data), &from);

	if (length == -EAGAIN)
		return 0;
	if (length < 0) /* an answer did not arrive: the asker's affair */
		return 1;
	l->last = clock_system.now(NULL);
	if (!l->messages)
		l->first = l->last;
	l->idle_since = l->last;
	l->messages++;
	l->octets += (uint64_t)length;
	tell(l, &from, (size_t)length);
	answer(l, &from, (size_t)length);
	return 1;
}

static int wait_ms(const struct listening *l)
{
	uint64_t timeout = l->options->timeout_ns, quiet;

	if (!l->options->has_timeout)
		return UDP_WAIT_MS;
	quiet = clock_system.now(NULL) - l->idle_since;
	if (quiet >= timeout)
		return 0;
	timeout = (timeout - quiet + MILLISECOND_NS - 1) / MILLISECOND_NS;
	return timeout < UDP_WAIT_MS ? (int)timeout : UDP_WAIT_MS;
}

static bool is_late(const struct listening *l)
{
	return l->options->has_timeout &&
	       clock_system.now(NULL) - l->idle_since >= l->options->timeout_ns;
}

static int run(struct listening *l, struct err *err)
{
	int status = EXIT_DONE;

	l->idle_since = clock_system.now(NULL);
	while (status == EXIT_DONE && !is_done(l)) {
		if (take(l)) {
			if (l->out.length >= OUTPUT_FLUSH)
				status = cli_print_on(&l->out, &l->stdout_closed);
			continue;
		}
		status = cli_print_on(&l->out, &l->stdout_closed);
		if (status || is_done(l))
			break;
		if (stack_wait(l->stack, wait_ms(l), err) < 0)
			return cli_fail(err);
		while (stack_next_event(l->stack))
			;
		if (!(socket_events(l->socket) & SOCKET_READABLE) && is_late(l))
			break;
	}
	/* The last answers are on their way. */
	if (stack_wait(l->stack, 0, err) < 0 && status == EXIT_DONE)
		status = cli_fail(err);
	return status ? status : cli_print_on(&l->out, &l->stdout_closed);
}

static struct json *report_json(const struct listening *l)
{
	struct json *json = json_object();
	uint64_t time = l->last - l->first;

	json_set(json, "type", json_text("report"));
	json_set(json, "messages", json_number(l->messages));
	json_set(json, "bytes", json_number(l->octets));
	json_set(json, "answers", json_number(l->answers));
	json_set(json, "seconds", json_real(numbers_seconds(time)));
	json_set(json, "messages_per_second", json_real(numbers_per_second(l->messages, time)));
	sockets_set_counters(json, l->stack);
	return json;
}

static void put_report(struct listening *l)
{
	struct buffer out = { 0 };
	uint64_t time = l->last - l->first;

	numbers_put_count(&out, l->messages, "message");
	buffer_printf(&out, ", ");
	numbers_put_count(&out, l->octets, "octet");
	buffer_printf(&out, " in %.3f s", numbers_seconds(time));
	if (l->messages > 1) {
		buffer_printf(&out, ": ");
		numbers_put_scaled(&out, numbers_per_second(l->messages, time), "messages/s");
		buffer_printf(&out, ", ");
		numbers_put_scaled(&out, numbers_per_second(l->octets * 8, time), "bit/s");
	}
	fprintf(stderr, "%s\n", buffer_text(&out));
	buffer_fini(&out);
}

static int report(struct listening *l)
{
	const struct common *common = &l->options->common;

	if (common->json || common->jsonl)
		json_print(report_json(l), common->json, &l->out);
	else if (common->verbose)
		put_report(l);
	return cli_print_on(&l->out, &l->stdout_closed);
}

static int open_socket(struct listening *l, struct udp_options *udp, struct err *err)
{
	struct stack_address local;
	char text[SOCKETS_TEXT];
	int rc = sockets_open(&udp->sockets, &l->stack, err);

	if (rc == 0)
		rc = sockets_listen(
			&udp->sockets, l->stack, udp->address, udp->port, &l->socket, &local, err);
	if (rc < 0)
		return rc;
	if (!udp->common.quiet)
		fprintf(stderr, "listening on %s\n", sockets_text(&local, text));
	return 0;
}

static int outcome(const struct listening *l)
{
	if (l->stdout_closed)
		return EXIT_DONE;
	if (l->options->counted)
		return l->messages < l->options->count ? EXIT_ANSWER_NO : EXIT_DONE;
	return l->options->has_timeout && !l->messages ? EXIT_ANSWER_NO : EXIT_DONE;
}

int udp_listen_run(struct udp_options *udp)
{
	struct listening *l = arena_alloc(&udp->common.arena, sizeof(*l));
	struct err err = { 0 };
	int status, reported;

	l->options = udp;
	if (open_socket(l, udp, &err) < 0) {
		status = cli_fail(&err);
	} else {
		status = run(l, &err);
		reported = report(l);
		if (!status)
			status = reported ? reported : outcome(l);
	}
	buffer_fini(&l->out);
	socket_close(l->socket);
	if (sockets_close(&udp->sockets, l->stack, UDP_WAIT_MS, &err) < 0 && !status)
		status = cli_fail(&err);
	return status;
}
