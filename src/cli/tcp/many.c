/* tcp connect -n: many connections, each of which sends the same and reads to the peer's end. */
#include "cli/tcp/many.h"

#include "base/clock.h"
#include "tcp/tcp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_MS	      200	    /* how long a signal may stay unseen */
#define PORT_MS	      10	    /* until one is looked for again, where there was none */
#define PORT_NS	      3000000000ULL /* for one to be free again */
#define LAST_MS	      2		    /* between two looks whether the last ones are over */
#define BUFFER	      262144U	    /* octets that are offered, or taken, at once */
#define MILLISECOND   1e6
#define PATTERN_ROUND 256
#define BEGUN_A_TURN  32

struct one {
	struct one *next, **link; /* of those that are open */
	struct socket *socket;
	size_t peer; /* of many's */
	uint64_t sent;
	bool connected, shut;
};

/* ---- one connection ---- */

static void fail(struct many *m, int error)
{
	unsigned int i = 0;

	while (i < TCP_MANY_ERRORS - 1 && m->errors[i].count && m->errors[i].error != error)
		i++;
	if (!m->errors[i].count)
		m->errors[i].error = error;
	m->errors[i].count++;
	m->failed++;
}

static struct one *take(struct many *m)
{
	struct one *one = m->spare;

	if (one)
		m->spare = one->next;
	else
		one = malloc(sizeof(*one));
	if (!one)
		abort(); /* out of memory, as arena.h has it */
	*one = (struct one){ .next = m->open, .link = &m->open, .peer = m->peer };
	if (one->next)
		one->next->link = &one->next;
	m->open = one;
	return one;
}

static void drop(struct many *m, struct one *one)
{
	struct tcp_stats stats;

	if (socket_tcp_stats(one->socket, &stats) == 0)
		m->retransmitted += stats.retransmitted;
	socket_close(one->socket);
	*one->link = one->next;
	if (one->next)
		one->next->link = one->link;
	one->next = m->spare;
	m->spare = one;
}

/* All at once, out of the one copy there is, where the socket takes it. */
static ssize_t lend(struct many *m, struct one *one)
{
	uint64_t left = m->size - one->sent;
	/* The next ones begin with the first octet again. */
	size_t most = SOCKET_LENT_MAX / m->room * m->room;

	return socket_send_lent(one->socket, m->data, m->room, left < most ? (size_t)left : most);
}

/* As many as find room. */
static ssize_t offer(struct many *m, struct one *one)
{
	size_t from = (size_t)(one->sent % m->period);
	size_t length = m->room - from;

	if (length > m->size - one->sent)
		length = (size_t)(m->size - one->sent);
	return socket_send(one->socket, m->data + from, length);
}

/* 0, or the socket's -errno. */
static int push(struct many *m, struct one *one)
{
	while (one->sent < m->size) {
		ssize_t sent = lend(m, one);

		if (sent == -EOPNOTSUPP)
			sent = offer(m, one);
		if (sent < 0)
			return sent == -EAGAIN ? 0 : (int)sent;
		one->sent += (uint64_t)sent;
		m->sent += (uint64_t)sent;
	}
	if (one->shut)
		return 0;
	one->shut = true;
	return socket_shutdown(one->socket);
}

/* 1: the peer ended; 0: not yet; or the socket's -errno. */
static int pull(struct many *m, struct one *one)
{
	for (;;) {
		ssize_t got = socket_receive(one->socket, m->taken, BUFFER);

		if (got == -EAGAIN)
			return 0;
		if (got <= 0)
			return got ? (int)got : 1;
		m->received += (uint64_t)got;
	}
}

static void note_connected(struct many *m, struct one *one)
{
	struct tcp_stats stats;

	one->connected = true;
	m->opened++;
	if (socket_tcp_stats(one->socket, &stats) == 0 && stats.handshake_ns)
		histogram_add(&m->handshake, stats.handshake_ns, 1);
}

/* As long as nobody took one, the next address of the name may; others have gone there already. */
static bool goes_elsewhere(struct many *m, const struct one *one)
{
	if (one->connected ||
		(one->peer == m->peer && (m->opened || m->peer + 1 == m->peers.count)))
		return false;
	if (one->peer == m->peer)
		m->peer++;
	return true;
}

static void give_up(struct many *m, struct one *one, int error)
{
	if (goes_elsewhere(m, one))
		m->begun--;
	else
		fail(m, error);
	drop(m, one);
}

static void serve(struct many *m, struct one *one)
{
	unsigned int events = socket_events(one->socket);
	int rc = 0, got = 0;

	if (events & SOCKET_FAILED)
		rc = socket_error(one->socket);
	else if (!(events & (SOCKET_READABLE | SOCKET_WRITABLE)) && !one->connected)
		return;
	if (rc == 0 && !one->connected)
		note_connected(m, one);
	if (rc == 0)
		rc = push(m, one);
	if (rc == 0)
		rc = got = pull(m, one);
	if (rc < 0) {
		give_up(m, one, -rc);
	} else if (got && one->shut) {
		m->done++;
		drop(m, one);
	}
}

/* ---- all of them ---- */

/* Ports that were used a moment ago are free again soon, where it was us. */
static bool waits_for_port(struct many *m, int error)
{
	uint64_t now = clock_system.now(NULL);

	if (error != -EADDRINUSE || !m->done)
		return false;
	if (!m->no_port_since)
		m->no_port_since = now;
	return now - m->no_port_since < PORT_NS;
}

/* 0: one was begun, or failed at once; -EAGAIN: not now; -errno with *err. */
static int begin(struct many *m, struct err *err)
{
	struct one *one = take(m);
	int rc = socket_open(&one->socket, m->stack, SOCKET_TCP, err);

	if (rc < 0)
		return rc;
	m->begun++;
	socket_context_set(one->socket, one);
	rc = tcp_many_bind(m, one->socket, err);
	if (rc == 0)
		rc = socket_connect(one->socket, &m->peers.at[m->peer], err);
	if (waits_for_port(m, rc)) {
		m->begun--;
		drop(m, one);
		return -EAGAIN;
	}
	m->no_port_since = 0;
	if (rc < 0)
		give_up(m, one, -rc);
	return 0;
}

static uint64_t open_now(const struct many *m)
{
	return m->begun - m->done - m->failed;
}

static bool may_begin(const struct many *m)
{
	return m->begun < m->options->count && open_now(m) < m->options->parallel;
}

static int turn(struct many *m, struct err *err)
{
	struct pollfd fds[SOCKETS_STACK_FDS];
	struct socket *socket;
	unsigned int begun = 0;
	int rc = 0;

	/* The first ones send while the last ones are yet to begin. */
	while (rc == 0 && may_begin(m) && begun++ < BEGUN_A_TURN)
		rc = begin(m, err);
	if (rc == -EAGAIN)
		rc = stack_wait(m->stack, PORT_MS, err);
	else if (rc == 0)
		rc = may_begin(m) ? stack_wait(m->stack, 0, err)
				  : sockets_wait(m->stack, fds, SOCKETS_STACK_FDS, WAIT_MS, err);
	if (rc < 0)
		return rc;
	while ((socket = stack_next_event(m->stack)))
		serve(m, socket_context(socket));
	if (m->opened - m->done > m->most_open)
		m->most_open = m->opened - m->done;
	return 0;
}

/* Nothing moved for too long: none of those that are open will. */
static void look_for_late(struct many *m)
{
	uint64_t moved = m->sent + m->received + m->opened + m->done + m->failed;
	uint64_t now = clock_system.now(NULL);

	if (moved != m->moved) {
		m->moved = moved;
		m->moved_at = now;
	}
	if (!m->options->timeout_ns || now - m->moved_at < m->options->timeout_ns)
		return;
	while (m->open) {
		int told = sockets_soft_error(m->open->socket);

		fail(m, told ? told : ETIMEDOUT);
		drop(m, m->open);
	}
}

static int run(struct many *m, struct err *err)
{
	int rc = 0;

	m->began = m->moved_at = clock_system.now(NULL);
	while (rc == 0 && !cli_stop && m->done + m->failed < m->options->count) {
		rc = turn(m, err);
		look_for_late(m);
	}
	/* The last ones' FIN is still to be acknowledged: they are not over. */
	while (rc >= 0 && !cli_stop && stack_ending(m->stack) &&
		clock_system.now(NULL) - m->moved_at < TCP_ENDING_MS * MILLISECOND)
		rc = stack_wait(m->stack, LAST_MS, err);
	m->ended = clock_system.now(NULL);
	while (m->open)
		drop(m, m->open);
	return rc < 0 ? rc : 0;
}

/* ---- its beginning ---- */

/* DATA, or a counting pattern, as often as there is room for it. */
static void prepare(struct many *m, struct arena *arena)
{
	const struct tcp_options *options = m->options;
	size_t i;

	m->period = options->data ? strlen(options->data) : PATTERN_ROUND;
	m->size = options->has_size ? options->size : options->data ? m->period : 0;
	if (!m->period) { /* DATA "" has nothing to repeat */
		m->period = 1;
		m->size = 0;
	}
	m->room = m->period * (1 + BUFFER / m->period);
	m->data = arena_alloc(arena, m->room);
	m->taken = arena_alloc(arena, BUFFER);
	for (i = 0; i < m->room; i++)
		m->data[i] =
			(uint8_t)(options->data && options->data[0] ? options->data[i % m->period]
								    : (char)i);
}

static int begin_all(struct many *m, struct tcp_options *options, struct err *err)
{
	int rc = sockets_resolve_all(
		&options->sockets, options->host, options->port, &m->peers, err);

	if (rc == 0)
		rc = sockets_open(&options->sockets, &m->stack, err);
	if (rc == 0) {
		rc = tcp_many_check(options, err);
		if (rc < 0)
			sockets_close(&options->sockets, m->stack, 0, NULL);
	}
	if (rc == 0 && options->sockets.source_count)
		m->source = options->sockets.source;
	return rc;
}

int tcp_many_run(struct tcp_options *options)
{
	struct many *m = arena_alloc(&options->common.arena, sizeof(*m));
	char text[SOCKETS_TEXT];
	struct err err = { 0 };
	int status, reported;

	*m = (struct many){ .options = options };
	prepare(m, &options->common.arena);
	sockets_raise_limit();
	if (begin_all(m, options, &err) < 0)
		return cli_fail(&err);
	status = run(m, &err) < 0 ? cli_fail(&err) : EXIT_DONE;
	m->where = sockets_text(&m->peers.at[m->peer], text);
	reported = tcp_many_report(m, &err);
	if (!status)
		status = reported;
	if (sockets_close(&options->sockets, m->stack, 0, &err) < 0 && !status)
		status = cli_fail(&err);
	while (m->spare) {
		struct one *one = m->spare;

		m->spare = one->next;
		free(one);
	}
	return status;
}
