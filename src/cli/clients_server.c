/*
 * Serves the list of clients. A client says its name, gets the list, and is done. One loop serves
 * all of them; with --kernel each has a thread with a loop of its own.
 */
#include "cli/clients.h"
#include "cli/clients_list.h"

#include "base/clock.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define MILLISECOND_NS 1000000ULL
#define BACKLOG	       4096
#define THREAD_STACK   (256 * 1024) /* octets */

#define WAIT_MS	   200 /* how long a signal that came just before a wait may stay unseen */
#define SILENCE_NS (20 * MILLISECOND_NS)   /* after which a name is whole */
#define ENDING_NS  (2000 * MILLISECOND_NS) /* for the client to take the last octets */
#define ENDING_MS  1000U		   /* at the end of the program */
#define RETRY_NS   (50 * MILLISECOND_NS)   /* until what had no room is accepted */

/* What a client is waited for. */
enum stage {
	STAGE_NAME,    /* its name's first octet */
	STAGE_SILENCE, /* more of its name */
	STAGE_LIST,    /* that it takes the list */
	STAGE_END,     /* its own end: one that is closed before would lose the list to a reset */
	STAGES,
};

struct peer {
	struct peer *next, **link; /* of its stage */
	uint64_t deadline;
	enum stage stage;
	struct socket *socket;
	struct stack_address address;
	uint8_t name[CLIENTS_NAME_MAX];
	size_t length;
	struct clients_answer answer;
	size_t sent;
};

/* All in a stage may take as long: the first is the first that is late. */
struct queue {
	struct peer *first, **last;
};

struct server {
	const struct clients_options *options;
	struct clients_list list;
	pthread_mutex_t mutex; /* of what is below */
	pthread_cond_t ended;
	struct loop *loops; /* of the threads */
	size_t threads;
	atomic_bool stop;
};

struct loop {
	struct server *server;
	struct stack *stack;
	struct socket *listener; /* NULL: a thread's */
	uint64_t accept_again;	 /* 0: not before there is news */
	struct queue queues[STAGES];
	size_t peers;
	struct loop *next, **link;
};

static void loop_init(struct loop *loop, struct server *server, struct stack *stack)
{
	int i;

	*loop = (struct loop){ .server = server, .stack = stack };
	for (i = 0; i < STAGES; i++)
		loop->queues[i].last = &loop->queues[i].first;
}

static void *or_abort(void *memory)
{
	if (!memory)
		abort(); /* out of memory, as arena.h has it */
	return memory;
}

/* ---- a client ---- */

static void leave(struct loop *loop, struct peer *peer)
{
	*peer->link = peer->next;
	if (peer->next)
		peer->next->link = peer->link;
	else
		loop->queues[peer->stage].last = peer->link;
}

static void join(struct loop *loop, struct peer *peer, enum stage stage)
{
	const uint64_t patience[STAGES] = {
		[STAGE_NAME] = loop->server->options->timeout_ns,
		[STAGE_SILENCE] = SILENCE_NS,
		[STAGE_LIST] = loop->server->options->timeout_ns,
		[STAGE_END] = ENDING_NS,
	};
	struct queue *queue = &loop->queues[stage];

	peer->stage = stage;
	peer->deadline = clock_system.now(NULL) + patience[stage];
	peer->next = NULL;
	peer->link = queue->last;
	*queue->last = peer;
	queue->last = &peer->next;
}

static void move(struct loop *loop, struct peer *peer, enum stage stage)
{
	leave(loop, peer);
	join(loop, peer, stage);
}

static void drop(struct loop *loop, struct peer *peer)
{
	leave(loop, peer);
	clients_answer_put(&loop->server->list, &peer->answer);
	socket_close(peer->socket);
	free(peer);
	loop->peers--;
}

static void tell(const struct loop *loop, const struct peer *peer, const char *what)
{
	char text[SOCKETS_TEXT];

	if (loop->server->options->common.verbose)
		fprintf(stderr, "%s: %s\n", sockets_tuple(&peer->address, text), what);
}

static void drain(struct loop *loop, struct peer *peer)
{
	char waste[4096];
	ssize_t got;

	do
		got = socket_receive(peer->socket, waste, sizeof(waste));
	while (got > 0 && clock_system.now(NULL) < peer->deadline);
	if (got != -EAGAIN)
		drop(loop, peer);
}

/* The list, which ends in a brace that is not in the shared text. */
static ssize_t send_some(struct peer *peer)
{
	const struct clients_answer *answer = &peer->answer;

	if (peer->sent < answer->length)
		return socket_send(
			peer->socket, answer->octets + peer->sent, answer->length - peer->sent);
	return socket_send(peer->socket, "}", 1);
}

static void send_list(struct loop *loop, struct peer *peer)
{
	size_t before = peer->sent;
	ssize_t sent = 0;

	while (peer->sent <= peer->answer.length && sent >= 0) {
		sent = send_some(peer);
		if (sent > 0)
			peer->sent += (size_t)sent;
	}
	if (peer->sent > peer->answer.length) {
		tell(loop, peer, "has the list");
		socket_shutdown(peer->socket);
		move(loop, peer, STAGE_END);
		drain(loop, peer);
	} else if (sent != -EAGAIN) {
		tell(loop, peer, strerror((int)-sent));
		drop(loop, peer);
	} else if (peer->sent > before) {
		move(loop, peer, STAGE_LIST);
	}
}

/* The name is whole. */
static void enter(struct loop *loop, struct peer *peer)
{
	int rc;

	if (!peer->length) {
		tell(loop, peer, "said no name");
		drop(loop, peer);
		return;
	}
	rc = clients_list_add(
		&loop->server->list, peer->name, peer->length, &peer->address, &peer->answer);
	if (rc < 0) {
		tell(loop, peer, "refused: too many slow clients");
		drop(loop, peer);
		return;
	}
	move(loop, peer, STAGE_LIST);
	send_list(loop, peer);
}

static void refuse_name(struct loop *loop, struct peer *peer)
{
	struct socket *socket = peer->socket;

	tell(loop, peer, "refused: its name is longer than 4096 octets");
	peer->socket = NULL;
	drop(loop, peer);
	socket_abort(socket);
}

static void read_name(struct loop *loop, struct peer *peer)
{
	size_t before = peer->length;
	uint8_t one_more;
	ssize_t got;

	do {
		size_t room = sizeof(peer->name) - peer->length;

		got = room ? socket_receive(peer->socket, peer->name + peer->length, room)
			   : socket_receive(peer->socket, &one_more, 1);
		if (got > 0 && !room) {
			refuse_name(loop, peer);
			return;
		}
		if (got > 0)
			peer->length += (size_t)got;
	} while (got > 0);
	if (got == 0) {
		enter(loop, peer);
	} else if (got != -EAGAIN) {
		tell(loop, peer, strerror((int)-got));
		drop(loop, peer);
	} else if (peer->length > before) {
		move(loop, peer, STAGE_SILENCE);
	}
}

/* There is news of it. */
static void serve(struct loop *loop, struct peer *peer)
{
	if (peer->stage == STAGE_LIST)
		send_list(loop, peer);
	else if (peer->stage == STAGE_END)
		drain(loop, peer);
	else
		read_name(loop, peer);
}

static void late(struct loop *loop, struct peer *peer)
{
	if (peer->stage == STAGE_SILENCE) {
		enter(loop, peer);
		return;
	}
	if (peer->stage != STAGE_END)
		tell(loop, peer, "took too long");
	drop(loop, peer);
}

/* ---- accepting ---- */

static struct peer *peer_new(
	struct loop *loop, struct socket *socket, const struct stack_address *address)
{
	struct peer *peer = or_abort(calloc(1, sizeof(*peer)));

	peer->socket = socket;
	peer->address = *address;
	socket_context_set(socket, peer);
	loop->peers++;
	join(loop, peer, STAGE_NAME);
	return peer;
}

static struct loop *loop_new(struct server *server)
{
	struct stack *stack;
	struct loop *loop;

	if (stack_kernel_open(&stack, &(struct stack_config){ 0 }, NULL) < 0)
		return NULL;
	loop = or_abort(malloc(sizeof(*loop)));
	loop_init(loop, server, stack);
	return loop;
}

static void loop_free(struct loop *loop)
{
	stack_close(loop->stack, NULL);
	free(loop);
}

static void loop_run(struct loop *loop);

static void *thread(void *context)
{
	struct loop *loop = context;
	struct server *server = loop->server;

	loop_run(loop);
	pthread_mutex_lock(&server->mutex);
	*loop->link = loop->next;
	if (loop->next)
		loop->next->link = loop->link;
	pthread_mutex_unlock(&server->mutex);
	/* Nobody wakes it any more. */
	loop_free(loop);
	pthread_mutex_lock(&server->mutex);
	server->threads--;
	pthread_cond_signal(&server->ended);
	pthread_mutex_unlock(&server->mutex);
	return NULL;
}

static int start(struct loop *loop)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	pthread_t id;
	int rc;

	/* Signals are for the first thread: it wakes the others. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, THREAD_STACK);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	rc = pthread_create(&id, &attributes, thread, loop);
	pthread_attr_destroy(&attributes);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -rc;
}

/* A thread that serves the peers of the loop, which is its own from then on. */
static int start_thread(struct loop *loop)
{
	struct server *server = loop->server;
	int rc;

	pthread_mutex_lock(&server->mutex);
	rc = start(loop);
	if (rc == 0) {
		loop->next = server->loops;
		loop->link = &server->loops;
		if (loop->next)
			loop->next->link = &loop->next;
		server->loops = loop;
		server->threads++;
	}
	pthread_mutex_unlock(&server->mutex);
	return rc;
}

/* false: there is no room for a thread more, and the socket stays where it was. */
static bool give_away(struct loop *from, struct socket *socket, const struct stack_address *address)
{
	struct loop *loop = loop_new(from->server);
	struct peer *peer;

	if (!loop)
		return false;
	if (socket_move(socket, loop->stack, NULL) == 0) {
		peer = peer_new(loop, socket, address);
		if (start_thread(loop) == 0)
			return true;
		leave(loop, peer);
		free(peer);
		if (socket_move(socket, from->stack, NULL) == 0) {
			loop_free(loop);
			return false;
		}
	}
	/* It is in no stack that waits for it. */
	socket_close(socket);
	loop_free(loop);
	return true;
}

/* Who finds no room for a thread is served beside the listener. */
static void take(struct loop *loop, struct socket *socket, const struct stack_address *address)
{
	struct peer *peer;

	if (loop->server->options->sockets.kernel && give_away(loop, socket, address))
		return;
	peer = peer_new(loop, socket, address);
	if (loop->server->options->sockets.kernel)
		tell(loop, peer, "has no thread of its own: there are too many");
	serve(loop, peer);
}

static void accept_all(struct loop *loop)
{
	struct stack_address address;
	struct socket *socket;
	int rc;

	loop->accept_again = 0;
	while ((rc = socket_accept(loop->listener, &socket, &address)) == 0)
		take(loop, socket, &address);
	/* No room for descriptors. Some will be free again. */
	if (rc != -EAGAIN)
		loop->accept_again = clock_system.now(NULL) + RETRY_NS;
}

/* ---- the loop ---- */

static int wait_ms(const struct loop *loop)
{
	uint64_t now = clock_system.now(NULL);
	uint64_t next = now + WAIT_MS * MILLISECOND_NS;
	int i;

	for (i = 0; i < STAGES; i++)
		if (loop->queues[i].first && loop->queues[i].first->deadline < next)
			next = loop->queues[i].first->deadline;
	if (loop->accept_again && loop->accept_again < next)
		next = loop->accept_again;
	return next <= now ? 0 : (int)((next - now + MILLISECOND_NS - 1) / MILLISECOND_NS);
}

static void run_late(struct loop *loop)
{
	uint64_t now = clock_system.now(NULL);
	int i;

	for (i = 0; i < STAGES; i++)
		while (loop->queues[i].first && loop->queues[i].first->deadline <= now)
			late(loop, loop->queues[i].first);
	if (loop->accept_again && loop->accept_again <= now)
		accept_all(loop);
}

static int turn(struct loop *loop, struct err *err)
{
	struct socket *socket;
	int rc = stack_wait(loop->stack, wait_ms(loop), err);

	if (rc < 0)
		return rc;
	while ((socket = stack_next_event(loop->stack))) {
		if (socket == loop->listener)
			accept_all(loop);
		else
			serve(loop, socket_context(socket));
	}
	run_late(loop);
	return 0;
}

static void drop_all(struct loop *loop)
{
	struct peer *peer, *next;
	int i;

	for (i = 0; i < STAGES; i++)
		for (peer = loop->queues[i].first; peer; peer = next) {
			next = peer->next;
			drop(loop, peer);
		}
}

/* A thread's: until its client is served. */
static void loop_run(struct loop *loop)
{
	while (loop->peers && !atomic_load(&loop->server->stop))
		if (turn(loop, NULL) < 0)
			break;
	drop_all(loop);
}

/* ---- the server ---- */

static void stop_threads(struct server *server)
{
	struct loop *loop;

	atomic_store(&server->stop, true);
	pthread_mutex_lock(&server->mutex);
	for (loop = server->loops; loop; loop = loop->next)
		stack_wake(loop->stack);
	while (server->threads)
		pthread_cond_wait(&server->ended, &server->mutex);
	pthread_mutex_unlock(&server->mutex);
}

static int listen_at(struct loop *loop, struct err *err)
{
	const struct clients_options *options = loop->server->options;
	struct stack_address address;
	char text[SOCKETS_TEXT];
	int rc = sockets_resolve(&options->sockets, options->address, options->port, &address, err);

	if (rc == 0)
		rc = socket_open(&loop->listener, loop->stack, SOCKET_TCP, err);
	if (rc == 0)
		rc = socket_bind(loop->listener, &address, err);
	if (rc == 0)
		rc = socket_listen(loop->listener, BACKLOG, err);
	if (rc < 0)
		return rc;
	socket_local(loop->listener, &address);
	if (!options->common.quiet)
		fprintf(stderr, "listening on %s\n", sockets_tuple(&address, text));
	return 0;
}

static int serve_all(struct server *server, struct stack *stack, struct err *err)
{
	struct loop loop;
	int rc;

	loop_init(&loop, server, stack);
	rc = listen_at(&loop, err);
	cli_catch_signals();
	while (rc == 0 && !cli_stop)
		rc = turn(&loop, err);
	stop_threads(server);
	drop_all(&loop);
	socket_close(loop.listener);
	return rc;
}

int clients_serve(struct clients_options *options)
{
	struct server server = { .options = options };
	struct stack *stack = NULL;
	struct err err = { 0 };
	uint64_t seed = 0;
	int rc, closed;

	sockets_raise_limit();
	rc = sockets_open(&options->sockets, &stack, &err);
	if (rc < 0)
		return cli_fail(&err);
	if (getrandom(&seed, sizeof(seed), 0) < 0)
		seed = clock_wall();
	clients_list_init(&server.list, seed);
	pthread_mutex_init(&server.mutex, NULL);
	pthread_cond_init(&server.ended, NULL);
	rc = serve_all(&server, stack, &err);
	closed = sockets_close(
		&options->sockets, stack, rc < 0 ? 0 : ENDING_MS, rc < 0 ? NULL : &err);
	clients_list_fini(&server.list);
	pthread_cond_destroy(&server.ended);
	pthread_mutex_destroy(&server.mutex);
	return rc < 0 || closed < 0 ? cli_fail(&err) : EXIT_DONE;
}
