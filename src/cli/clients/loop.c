/* Waits for the clients of one thread, and accepts more. */
#include "cli/clients/server.h"

#include "base/clock.h"

#include <errno.h>

#define MILLISECOND_NS 1000000ULL
#define WAIT_MS	       200 /* how long a signal that came just before a wait may stay unseen */
#define RETRY_NS       (50 * MILLISECOND_NS) /* until what had no room is accepted */

void clients_loop_init(struct loop *loop, struct server *server, struct stack *stack)
{
	int i;

	*loop = (struct loop){ .server = server, .stack = stack };
	for (i = 0; i < STAGES; i++)
		loop->queues[i].last = &loop->queues[i].first;
}

/* Who finds no room for a thread is served beside the listener. */
static void take(struct loop *loop, struct socket *socket, const struct stack_address *address)
{
	struct peer *peer;

	if (loop->server->options->sockets.kernel && clients_thread_give(loop, socket, address))
		return;
	peer = clients_peer_new(loop, socket, address);
	if (loop->server->options->sockets.kernel)
		clients_peer_tell(loop, peer, "has no thread of its own: there are too many");
	clients_peer_serve(loop, peer);
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
			clients_peer_late(loop, loop->queues[i].first);
	if (loop->accept_again && loop->accept_again <= now)
		accept_all(loop);
}

int clients_loop_turn(struct loop *loop, struct err *err)
{
	struct socket *socket;
	int rc = stack_wait(loop->stack, wait_ms(loop), err);

	if (rc < 0)
		return rc;
	while ((socket = stack_next_event(loop->stack))) {
		if (socket == loop->listener)
			accept_all(loop);
		else
			clients_peer_serve(loop, socket_context(socket));
	}
	run_late(loop);
	return 0;
}

void clients_loop_drop_all(struct loop *loop)
{
	struct peer *peer, *next;
	int i;

	for (i = 0; i < STAGES; i++)
		for (peer = loop->queues[i].first; peer; peer = next) {
			next = peer->next;
			clients_peer_drop(loop, peer);
		}
}
