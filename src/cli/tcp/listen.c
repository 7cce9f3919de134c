/* tcp listen: waits for connections, and for all that happens on them. */
#include "cli/tcp/listen.h"

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
#define WAIT_MS	       200 /* how long a signal may stay unseen, a timeout be late */
#define RETRY_MS       50  /* until what had no room is accepted */

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
		tcp_serve_take(l, socket, &peer);
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

static void take_events(struct listening *l)
{
	struct socket *socket;

	while ((socket = stack_next_event(l->stack))) {
		if (socket == l->listener)
			accept_all(l);
		else if (socket_context(socket))
			tcp_serve(l, socket_context(socket), NULL, 0);
	}
}

/* Connections that end in descriptors: these are waited for beside the stack's. Where none waits
 * for one, a thousand need no look. */
static int poll_all(struct listening *l, struct err *err)
{
	struct connection *connection, *next, *first = l->waiting ? l->connections : NULL;
	size_t count = SOCKETS_STACK_FDS, i;
	int rc;

	make_room(l, SOCKETS_STACK_FDS + 2 * l->count);
	for (connection = first; connection; connection = connection->next) {
		connection->fds = count;
		connection->fds_count = relay_descriptors(&connection->relay, l->fds + count);
		count += connection->fds_count;
	}
	rc = sockets_wait(l->stack, l->fds, count, limit_ms(l), err);
	if (rc < 0)
		return rc;
	for (connection = first; connection; connection = next) {
		size_t ready = 0;

		next = connection->next;
		for (i = 0; i < connection->fds_count; i++)
			ready += l->fds[connection->fds + i].revents != 0;
		if (ready)
			tcp_serve(l, connection, l->fds + connection->fds, connection->fds_count);
	}
	return 0;
}

/* --timeout: nothing came, and nothing moves. */
static bool is_too_late(struct listening *l)
{
	uint64_t timeout = l->options->timeout_ns;

	return timeout && clock_system.now(NULL) - l->moved_at >= timeout;
}

static bool is_over(struct listening *l)
{
	if (cli_stop || l->err.kind != ERR_NONE || (!l->listener && !l->count))
		return true;
	return is_too_late(l);
}

/* Four times in the time that they may be silent for. */
static void look_for_silent(struct listening *l)
{
	uint64_t now = clock_system.now(NULL);

	if (now < l->look_at)
		return;
	l->look_at = now + (uint64_t)limit_ms(l) * (uint64_t)(MILLISECOND_NS / 4);
	tcp_serve_silent(l);
	tcp_programs_reap(l);
}

static int turn(struct listening *l, struct err *err)
{
	bool has_fds = !l->options->echo && !l->options->reply;
	int rc = has_fds ? poll_all(l, err) : stack_wait(l->stack, limit_ms(l), err);

	if (rc < 0)
		return rc;
	take_events(l);
	if (l->no_room)
		accept_all(l);
	look_for_silent(l);
	return 0;
}

static int begin(struct listening *l, struct err *err)
{
	const struct tcp_options *options = l->options;
	struct stack_address address;
	char text[SOCKETS_TEXT];
	int rc = sockets_listen(&options->sockets, l->stack, options->address, options->port,
		&l->listener, &address, err);

	if (rc < 0)
		return rc;
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
		tcp_serve_drop(l, connection, 0);
	}
	tcp_programs_hang_up(l);
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
	signal(SIGCHLD, SIG_DFL); /* whoever started us may ignore it: programs are waited for */
	sockets_raise_limit();
	if (options->user)
		options->sockets.keep = 1ULL << CAP_SETUID | 1ULL << CAP_SETGID | 1ULL << CAP_KILL;
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
