/* tcp connect: one connection, with standard input and output at our end. */
#include "cli/tcp/tcp.h"

#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MILLISECOND_NS 1000000ULL
#define WAIT_MS	       200 /* how long a signal that came just before may stay unseen */

struct connecting {
	const struct tcp_options *options;
	struct stack *stack;
	struct relay relay;
	const char *where;
	uint64_t moved_at; /* when an octet did last */
	uint64_t moved;	   /* octets, at that time */
	int given_up;	   /* errno: not for an end of the connection itself */
};

static int failed(const struct connecting *c, int error, struct err *err)
{
	char why[SOCKETS_WHY];

	return err_result(err, "%s: %s", c->where, sockets_why(c->stack, error, why));
}

/* With --wait: the answer came, and is over. */
static bool is_answered(const struct connecting *c)
{
	const struct relay *relay = &c->relay;

	return c->options->wait && relay->received && !relay_holds(relay) &&
	       (relay->peer_ended || clock_system.now(NULL) - c->moved_at >= TCP_SILENCE_NS);
}

static bool is_over(const struct connecting *c)
{
	const struct relay *relay = &c->relay;

	if (cli_stop || is_answered(c) || relay_done(relay))
		return true;
	/* Nobody reads what comes. */
	if (relay->out_error)
		return true;
	return c->options->wait && relay->peer_ended && !relay_holds(relay);
}

static int wait_ms(const struct connecting *c)
{
	return c->options->wait && c->relay.received ? (int)(TCP_SILENCE_NS / MILLISECOND_NS)
						     : WAIT_MS;
}

static void note_moved(struct connecting *c, uint64_t now)
{
	if (c->relay.received + c->relay.sent == c->moved && !relay_crept(&c->relay, now))
		return;
	c->moved = c->relay.received + c->relay.sent;
	c->moved_at = now;
}

/* 0, or the errno by which it ends: nothing moved for too long, or ICMP says of who has not
 * answered yet that it is out of reach, which kernels' users hear at once, too. */
static int ends_by(const struct connecting *c, uint64_t now)
{
	bool late = c->options->timeout_ns && now - c->moved_at >= c->options->timeout_ns;
	int told;

	if (c->relay.connected && !late)
		return 0;
	told = sockets_soft_error(c->relay.socket);
	return late && !told ? ETIMEDOUT : told;
}

static int turn(struct connecting *c, struct err *err)
{
	struct pollfd fds[SOCKETS_STACK_FDS + 2];
	struct pollfd *own = fds + SOCKETS_STACK_FDS;
	size_t count = relay_descriptors(&c->relay, own);
	int rc = sockets_wait(c->stack, fds, SOCKETS_STACK_FDS + count, wait_ms(c), err);
	uint64_t now;

	if (rc < 0)
		return rc;
	while (stack_next_event(c->stack))
		;
	rc = relay_run(&c->relay, own, count);
	if (rc < 0)
		return failed(c, -rc, err);
	now = clock_system.now(NULL);
	note_moved(c, now);
	c->given_up = ends_by(c, now);
	return c->given_up ? failed(c, c->given_up, err) : 0;
}

static int outcome(const struct connecting *c, struct err *err)
{
	const struct relay *relay = &c->relay;

	if (relay->out_error && relay->out_error != EPIPE)
		return err_system(err, relay->out_error, "cannot write to standard output");
	if (relay->in_error)
		return err_system(err, relay->in_error, "cannot read standard input");
	if (cli_stop && !relay_done(relay) && !is_answered(c))
		return err_result(err, "%s: interrupted before the connection was over", c->where);
	if (c->options->wait && !relay->received)
		return err_result(err, "%s: no answer came", c->where);
	return 0;
}

static int converse(struct connecting *c, const struct sockets_peers *peers, struct err *err)
{
	const struct tcp_options *options = c->options;
	int in = options->data ? -1 : STDIN_FILENO;
	int out = relay_own(STDOUT_FILENO);
	struct stack_address peer;
	char text[SOCKETS_TEXT];
	struct socket *socket;
	int rc = sockets_connect(
		&options->sockets, c->stack, peers, options->timeout_ns, &socket, &peer, err);

	if (rc == 0) {
		c->where = sockets_text(&peer, text);
		relay_init(&c->relay, socket, in, out);
		c->relay.stay = options->wait;
		if (options->data)
			relay_put(&c->relay, options->data, strlen(options->data));
		c->moved_at = clock_system.now(NULL);
		while (rc == 0 && !is_over(c))
			rc = turn(c, err);
		if (options->common.verbose)
			tcp_tell(&c->relay, c->where, options->sockets.kernel);
		if (rc == 0)
			rc = outcome(c, err);
	}
	socket_close(socket);
	relay_fini(&c->relay);
	if (out != STDOUT_FILENO)
		close(out);
	return rc;
}

/* How long the peer may take for its end of the connection. What never was one has none, and who
 * was silent for the whole of --timeout hardly has. */
static unsigned int ending_ms(const struct connecting *c)
{
	if (!c->relay.connected)
		return 0;
	return c->given_up ? WAIT_MS : TCP_ENDING_MS;
}

int tcp_connect_run(struct tcp_options *options)
{
	struct connecting c = { .options = options };
	struct sockets_peers peers;
	struct err err = { 0 };
	int status = EXIT_DONE;
	int rc = sockets_resolve_all(&options->sockets, options->host, options->port, &peers, &err);

	if (rc == 0)
		rc = sockets_open(&options->sockets, &c.stack, &err);
	if (rc < 0)
		return cli_fail(&err);
	if (converse(&c, &peers, &err) < 0)
		status = cli_fail(&err);
	/* Also after an error, or where the reader of our output went: but not for long. */
	options->sockets.patience_ns =
		status || c.relay.out_error ? TCP_ENDING_MS * MILLISECOND_NS : options->timeout_ns;
	rc = sockets_close(&options->sockets, c.stack, ending_ms(&c), &err);
	if (rc < 0 && !status && !c.relay.out_error)
		status = cli_fail(&err);
	return status;
}
