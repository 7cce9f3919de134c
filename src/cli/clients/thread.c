/* A thread a client, for the kernel's sockets. */
#include "cli/clients/server.h"

#include "base/descriptors.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#define THREAD_STACK (256 * 1024) /* octets */

/* A loop takes two descriptors beside the client's: the other half of them is for clients alone, or
 * so many slow ones that have a thread each would keep others from being accepted. */
static bool leaves_room(const struct stack *stack)
{
	struct pollfd fds[2];
	int timeout_ms;
	size_t count = stack_descriptors(stack, fds, 2, &timeout_ms);

	return !count || !descriptor_is_past_half(fds[count - 1].fd);
}

static struct loop *loop_new(struct server *server)
{
	struct stack *stack;
	struct loop *loop;

	if (stack_kernel_open(&stack, &(struct stack_config){ 0 }, NULL) < 0)
		return NULL;
	if (!leaves_room(stack)) {
		stack_close(stack, NULL);
		return NULL;
	}
	loop = malloc(sizeof(*loop));
	if (!loop)
		abort(); /* out of memory, as arena.h has it */
	clients_loop_init(loop, server, stack);
	return loop;
}

static void loop_free(struct loop *loop)
{
	stack_close(loop->stack, NULL);
	free(loop);
}

/* A thread's: until its client is served. */
static void run(struct loop *loop)
{
	while (loop->peers && !atomic_load(&loop->server->stop))
		if (clients_loop_turn(loop, NULL) < 0)
			break;
	clients_loop_drop_all(loop);
}

static void *thread(void *context)
{
	struct loop *loop = context;
	struct server *server = loop->server;

	run(loop);
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

bool clients_thread_give(
	struct loop *from, struct socket *socket, const struct stack_address *address)
{
	struct loop *loop = loop_new(from->server);
	struct peer *peer;

	if (!loop)
		return false;
	if (socket_move(socket, loop->stack, NULL) == 0) {
		peer = clients_peer_new(loop, socket, address);
		if (start_thread(loop) == 0)
			return true;
		clients_peer_forget(loop, peer);
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

void clients_thread_stop(struct server *server)
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
