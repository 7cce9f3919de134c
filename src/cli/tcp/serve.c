/* One connection of tcp listen: what becomes of its octets, until it is over. */
#include "cli/tcp/listen.h"

#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINGER_NS 60000000000ULL /* for a peer that does not end after us */

void tcp_serve_drop(struct listening *l, struct connection *connection, int error)
{
	struct relay *relay = &connection->relay;
	char text[SOCKETS_TEXT];

	if (l->options->common.verbose)
		tcp_tell(relay, sockets_text(&connection->peer, text), l->options->sockets.kernel);
	if (error && !l->options->common.quiet)
		fprintf(stderr, "%s: %s\n", sockets_text(&connection->peer, text), strerror(error));
	*connection->link = connection->next;
	if (connection->next)
		connection->next->link = connection->link;
	socket_close(relay->socket);
	if (relay->in >= 0)
		close(relay->in);
	if (connection->program)
		tcp_programs_keep(l, connection->program);
	relay_fini(relay);
	l->count--;
	l->waiting -= connection->waits;
	free(connection);
	l->moved_at = clock_system.now(NULL);
}

/* The answer, and "Got message from ('127.0.0.1', 40000): Hello you there!"; later where a peer
 * that does not take its answers left no room. */
static void answer(struct listening *l, struct connection *connection)
{
	struct relay *relay = &connection->relay;
	struct relay_queue *message = &relay->from_peer;
	struct buffer out = { 0 };
	char text[SOCKETS_TEXT];
	int rc;

	if (!relay_put(relay, l->options->reply, strlen(l->options->reply)))
		return;
	buffer_printf(&out, "Got message from %s: ", sockets_tuple(&connection->peer, text));
	buffer_put(&out, message->octets + message->start, message->length);
	buffer_printf(&out, "\n");
	rc = cli_write(&out);
	if (rc < 0)
		err_system(&l->err, -rc, "cannot write to standard output");
	buffer_fini(&out);
	message->length = 0;
}

static bool is_message(const struct connection *connection, uint64_t now)
{
	const struct relay *relay = &connection->relay;

	return relay->from_peer.length &&
	       (relay->peer_ended || relay->from_peer.length == RELAY_BUFFER ||
		       now - connection->heard_at >= TCP_SILENCE_NS);
}

void tcp_serve(struct listening *l, struct connection *connection, const struct pollfd *ready,
	size_t count)
{
	struct relay *relay = &connection->relay;
	uint64_t now = clock_system.now(NULL);
	int rc = relay_run(relay, ready, count);

	if (relay->received + relay->sent != connection->moved) {
		connection->moved = relay->received + relay->sent;
		connection->moved_at = now;
		l->moved_at = now;
	}
	if (relay->received != connection->heard) {
		connection->heard = relay->received;
		connection->heard_at = now;
	}
	if (rc == 0 && l->options->reply && is_message(connection, now)) {
		answer(l, connection);
		rc = relay_run(relay, NULL, 0);
	}
	if (rc == 0 && relay->peer_ended && relay->stay && !relay_holds(relay)) {
		/* The peer has said all: so have we. */
		relay->stay = false;
		rc = relay_run(relay, NULL, 0);
	}
	if (relay->out_error && relay->out == l->out)
		err_system(&l->err, relay->out_error, "cannot write to standard output");
	if (rc < 0 || relay_done(relay)) {
		tcp_serve_drop(l, connection, -rc);
		return;
	}
	l->waiting -= connection->waits;
	connection->waits = relay->in >= 0 || relay_holds(relay);
	l->waiting += connection->waits;
}

/* Nothing moved for too long. */
static bool is_late(struct listening *l, struct connection *connection, uint64_t now)
{
	uint64_t idle = l->options->idle_ns ? l->options->idle_ns : UINT64_MAX;

	if (connection->relay.shut && idle > LINGER_NS)
		idle = LINGER_NS;
	if (relay_crept(&connection->relay, now))
		connection->moved_at = l->moved_at = now;
	return now - connection->moved_at >= idle;
}

void tcp_serve_silent(struct listening *l)
{
	struct connection *connection = l->connections;
	uint64_t now = clock_system.now(NULL);

	while (connection) {
		struct connection *next = connection->next;

		if (is_late(l, connection, now))
			tcp_serve_drop(l, connection, ETIMEDOUT);
		else if (l->options->reply && is_message(connection, now))
			tcp_serve(l, connection, NULL, 0);
		connection = next;
	}
}

/* What becomes of its octets. */
static int prepare(struct listening *l, struct connection *connection, struct socket *socket)
{
	const struct tcp_options *options = l->options;
	struct relay *relay = &connection->relay;
	struct err err = { 0 };
	int program;

	if (options->exec) {
		if (tcp_exec(options->exec, options->user, &connection->peer, &program,
			    &connection->program, &err) < 0) {
			fprintf(stderr, "pktsmith: %s\n", err.text);
			return -EAGAIN;
		}
		relay_init(relay, socket, program, program);
		return 0;
	}
	relay_init(relay, socket, -1, options->echo || options->reply ? -1 : l->out);
	relay->echo = options->echo;
	relay->stay = !options->echo;
	/* Kept until the message is whole. */
	if (options->reply)
		relay->out_gone = false;
	return 0;
}

void tcp_serve_take(struct listening *l, struct socket *socket, const struct stack_address *peer)
{
	struct connection *connection = calloc(1, sizeof(*connection));

	if (!connection)
		abort(); /* out of memory, as arena.h has it */
	connection->peer = *peer;
	if (prepare(l, connection, socket) < 0) {
		free(connection);
		socket_abort(socket);
		return;
	}
	l->moved_at = clock_system.now(NULL);
	connection->moved_at = l->moved_at;
	connection->next = l->connections;
	connection->link = &l->connections;
	if (connection->next)
		connection->next->link = &connection->next;
	l->connections = connection;
	l->count++;
	socket_context_set(socket, connection);
	tcp_serve(l, connection, NULL, 0);
}
