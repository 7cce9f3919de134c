/* tcp listen: many connections; each is printed, echoed, answered or given to a program. */
#include "cli/tcp.h"

#include "base/clock.h"

#include <errno.h>
#include <linux/capability.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MILLISECOND_NS 1000000ULL
#define BACKLOG	       4096
#define WAIT_MS	       200 /* how long a signal may stay unseen, a timeout be late */
#define RETRY_MS       50  /* until what had no room is accepted */
#define LINGER_NS      (60000 * MILLISECOND_NS) /* for a peer that does not end after us */
#define STACK_FDS      8

struct connection {
	struct connection *next, **link;
	struct relay relay;
	struct stack_address peer;
	uint64_t moved, moved_at; /* octets, and when the last did */
	uint64_t heard, heard_at; /* those that came from the peer */
};

struct listening {
	const struct tcp_options *options;
	struct stack *stack;
	struct socket *listener; /* NULL: no more are accepted */
	struct connection *connections;
	size_t count; /* of them */
	uint64_t accepted;
	uint64_t moved_at; /* when one came or ended, or an octet of one moved */
	bool no_room;	   /* to accept: try again in a while */
	int out;	   /* standard output */
	struct pollfd *fds;
	size_t fds_size;
	struct err err; /* of standard output */
};

/* ---- one connection ---- */

static void drop(struct listening *l, struct connection *connection, int error)
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
	relay_fini(relay);
	free(connection);
	l->count--;
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

	if (!relay_put(relay, l->options->reply, strlen(l->options->reply)))
		return;
	buffer_printf(&out, "Got message from %s: ", sockets_tuple(&connection->peer, text));
	buffer_put(&out, message->octets + message->start, message->length);
	buffer_printf(&out, "\n");
	if (cli_print(&out))
		err_system(&l->err, errno, "cannot write to standard output");
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

/* Moves what can be moved, and drops what is over. */
static void serve(struct listening *l, struct connection *connection, const struct pollfd *ready,
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
	if (rc == 0 && relay->peer_ended && relay->stay && !relay->from_peer.length) {
		/* The peer has said all: so have we. */
		relay->stay = false;
		rc = relay_run(relay, NULL, 0);
	}
	if (relay->out_error && relay->out == l->out)
		err_system(&l->err, relay->out_error, "cannot write to standard output");
	if (rc < 0 || relay_done(relay))
		drop(l, connection, -rc);
}

/* Nothing moved for too long. */
static bool is_late(struct listening *l, struct connection *connection, uint64_t now)
{
	uint64_t idle = l->options->idle_ns ? l->options->idle_ns : UINT64_MAX;

	if (connection->relay.shut && idle > LINGER_NS)
		idle = LINGER_NS;
	if (now - connection->moved_at < idle)
		return false;
	if (!relay_crept(&connection->relay))
		return true;
	connection->moved_at = now;
	return false;
}

static void look_for_late(struct listening *l)
{
	struct connection *connection = l->connections;
	uint64_t now = clock_system.now(NULL);

	while (connection) {
		struct connection *next = connection->next;

		if (is_late(l, connection, now))
			drop(l, connection, ETIMEDOUT);
		else if (l->options->reply && is_message(connection, now))
			serve(l, connection, NULL, 0);
		connection = next;
	}
}

/* ---- accepting ---- */

/* What becomes of its octets. */
static int prepare(struct listening *l, struct connection *connection, struct socket *socket)
{
	const struct tcp_options *options = l->options;
	struct relay *relay = &connection->relay;
	struct err err = { 0 };
	int program;

	if (options->exec) {
		if (tcp_exec(options->exec, options->user, &connection->peer, &program, &err) < 0) {
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

static void take(struct listening *l, struct socket *socket, const struct stack_address *peer)
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
	serve(l, connection, NULL, 0);
}

static void accept_all(struct listening *l)
{
	struct stack_address peer;
	struct socket *socket;
	int rc = 0;

	while (l->listener && rc == 0) {
		rc = socket_accept(l->listener, &socket, &peer);
		if (rc < 0)
			break;
		l->accepted++;
		take(l, socket, &peer);
		if (l->options->counted && l->accepted == l->options->count) {
			socket_close(l->listener);
			l->listener = NULL;
		}
	}
	l->no_room = rc < 0 && rc != -EAGAIN;
}

/* ---- the loop ---- */

static void make_room(struct listening *l, size_t count)
{
	if (count <= l->fds_size)
		return;
	l->fds_size = count * 2;
	l->fds = realloc(l->fds, l->fds_size * sizeof(*l->fds));
	if (!l->fds)
		abort(); /* out of memory, as arena.h has it */
}

static int limit_ms(const struct listening *l)
{
	if (l->options->reply && l->count)
		return (int)(TCP_SILENCE_NS / MILLISECOND_NS);
	return l->no_room ? RETRY_MS : WAIT_MS;
}

static int take_events(struct listening *l, int timeout_ms, struct err *err)
{
	struct socket *socket;
	int rc = stack_wait(l->stack, timeout_ms, err);

	if (rc < 0)
		return rc;
	while ((socket = stack_next_event(l->stack))) {
		if (socket == l->listener)
			accept_all(l);
		else if (socket_context(socket))
			serve(l, socket_context(socket), NULL, 0);
	}
	return 0;
}

/* Connections that end in descriptors: these are waited for beside the stack's. */
static int poll_all(struct listening *l, struct err *err)
{
	struct connection *connection, *next;
	size_t stack_fds, count;
	int timeout_ms, rc;

	make_room(l, STACK_FDS + 2 * l->count);
	stack_fds = count = stack_descriptors(l->stack, l->fds, STACK_FDS, &timeout_ms);
	for (connection = l->connections; connection; connection = connection->next)
		count += relay_descriptors(&connection->relay, l->fds + count);
	if (timeout_ms < 0 || timeout_ms > limit_ms(l))
		timeout_ms = limit_ms(l);
	if (poll(l->fds, count, timeout_ms) < 0 && errno != EINTR)
		return err_system(err, errno, "cannot wait");
	count = stack_fds;
	for (connection = l->connections; connection; connection = next) {
		struct pollfd ignored[2];
		size_t own = relay_descriptors(&connection->relay, ignored);
		size_t ready = 0;
		size_t i;

		next = connection->next;
		for (i = 0; i < own; i++)
			ready += l->fds[count + i].revents != 0;
		if (ready)
			serve(l, connection, l->fds + count, own);
		count += own;
	}
	rc = take_events(l, 0, err);
	return rc;
}

/* --timeout: nothing came, and nothing moves. */
static bool is_too_late(struct listening *l)
{
	uint64_t timeout = l->options->timeout_ns;
	uint64_t now = clock_system.now(NULL);
	struct connection *connection;

	if (!timeout || now - l->moved_at < timeout)
		return false;
	for (connection = l->connections; connection; connection = connection->next)
		if (relay_crept(&connection->relay))
			l->moved_at = now;
	return now != l->moved_at;
}

static bool is_over(struct listening *l)
{
	if (cli_stop || l->err.kind != ERR_NONE || (!l->listener && !l->count))
		return true;
	return is_too_late(l);
}

static int turn(struct listening *l, struct err *err)
{
	bool has_fds = !l->options->echo && !l->options->reply;
	int rc = has_fds ? poll_all(l, err) : take_events(l, limit_ms(l), err);

	if (rc < 0)
		return rc;
	if (l->no_room)
		accept_all(l);
	look_for_late(l);
	return 0;
}

static int begin(struct listening *l, struct err *err)
{
	const struct tcp_options *options = l->options;
	struct stack_address address;
	char text[SOCKETS_TEXT];
	int rc = sockets_resolve(&options->sockets, options->address, options->port, &address, err);

	if (rc == 0)
		rc = socket_open(&l->listener, l->stack, SOCKET_TCP, err);
	if (rc == 0)
		rc = socket_bind(l->listener, &address, err);
	if (rc == 0)
		rc = socket_listen(l->listener, BACKLOG, err);
	if (rc < 0)
		return rc;
	socket_local(l->listener, &address);
	if (!options->common.quiet)
		fprintf(stderr, "listening on %s\n", sockets_text(&address, text));
	l->moved_at = clock_system.now(NULL);
	return 0;
}

static int outcome(const struct listening *l, struct err *err)
{
	const struct tcp_options *options = l->options;

	/* Who read our output went: that is no error. */
	if (l->err.kind != ERR_NONE && !strstr(l->err.text, strerror(EPIPE))) {
		*err = l->err;
		return -EIO;
	}
	if (l->err.kind != ERR_NONE)
		return 0;
	if (options->counted && l->accepted < options->count)
		return err_result(err, "%llu of %llu connections came",
			(unsigned long long)l->accepted, (unsigned long long)options->count);
	if (!cli_stop && l->count)
		return err_result(
			err, "nothing came any more; connections still open: %zu", l->count);
	if (!cli_stop && !l->accepted)
		return err_result(err, "no connection came");
	return 0;
}

static void drop_all(struct listening *l)
{
	struct connection *connection, *next;

	for (connection = l->connections; connection; connection = next) {
		next = connection->next;
		drop(l, connection, 0);
	}
}

static int serve_all(struct listening *l, struct err *err)
{
	int rc = begin(l, err);

	while (rc == 0 && !is_over(l))
		rc = turn(l, err);
	if (rc == 0)
		rc = outcome(l, err);
	drop_all(l);
	socket_close(l->listener);
	return rc;
}

int tcp_listen_run(struct tcp_options *options)
{
	struct listening l = { .options = options };
	struct err err = { 0 };
	int status = EXIT_DONE;

	if (options->user && !getpwnam(options->user)) {
		err_input(&err, NULL, "--user %s: no such user", options->user);
		return cli_fail(&err);
	}
	/* Nobody waits for the programs: they leave no zombies. */
	signal(SIGCHLD, SIG_IGN);
	sockets_raise_limit();
	if (options->user)
		options->sockets.keep = 1ULL << CAP_SETUID | 1ULL << CAP_SETGID;
	if (sockets_open(&options->sockets, &l.stack, &err) < 0)
		return cli_fail(&err);
	l.out = relay_own(STDOUT_FILENO);
	if (serve_all(&l, &err) < 0)
		status = cli_fail(&err);
	if (sockets_close(&options->sockets, l.stack, TCP_ENDING_MS, &err) < 0 && !status)
		status = cli_fail(&err);
	if (l.out != STDOUT_FILENO)
		close(l.out);
	free(l.fds);
	return status;
}
