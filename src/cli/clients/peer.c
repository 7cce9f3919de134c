/* One client of the list: says its name, gets the list, and is done. */
#include "cli/clients/server.h"

#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MILLISECOND_NS 1000000ULL
#define SILENCE_NS     (20 * MILLISECOND_NS)   /* after which a name is whole */
#define ENDING_NS      (2000 * MILLISECOND_NS) /* for the client to take the last octets */

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

void clients_peer_drop(struct loop *loop, struct peer *peer)
{
	leave(loop, peer);
	clients_answer_put(&loop->server->list, &peer->answer);
	socket_close(peer->socket);
	free(peer);
	loop->peers--;
}

void clients_peer_tell(const struct loop *loop, const struct peer *peer, const char *what)
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
		clients_peer_drop(loop, peer);
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
		clients_peer_tell(loop, peer, "has the list");
		socket_shutdown(peer->socket);
		move(loop, peer, STAGE_END);
		drain(loop, peer);
	} else if (sent != -EAGAIN) {
		clients_peer_tell(loop, peer, strerror((int)-sent));
		clients_peer_drop(loop, peer);
	} else if (peer->sent > before) {
		move(loop, peer, STAGE_LIST);
	}
}

/* The name is whole. */
static void enter(struct loop *loop, struct peer *peer)
{
	int rc;

	if (!peer->length) {
		clients_peer_tell(loop, peer, "said no name");
		clients_peer_drop(loop, peer);
		return;
	}
	rc = clients_list_add(
		&loop->server->list, peer->name, peer->length, &peer->address, &peer->answer);
	if (rc < 0) {
		clients_peer_tell(loop, peer, "refused: too many slow clients");
		clients_peer_drop(loop, peer);
		return;
	}
	move(loop, peer, STAGE_LIST);
	send_list(loop, peer);
}

static void refuse_name(struct loop *loop, struct peer *peer)
{
	struct socket *socket = peer->socket;

	clients_peer_tell(loop, peer, "refused: its name is longer than 4096 octets");
	peer->socket = NULL;
	clients_peer_drop(loop, peer);
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
		clients_peer_tell(loop, peer, strerror((int)-got));
		clients_peer_drop(loop, peer);
	} else if (peer->length > before) {
		move(loop, peer, STAGE_SILENCE);
	}
}

void clients_peer_serve(struct loop *loop, struct peer *peer)
{
	if (peer->stage == STAGE_LIST)
		send_list(loop, peer);
	else if (peer->stage == STAGE_END)
		drain(loop, peer);
	else
		read_name(loop, peer);
}

void clients_peer_late(struct loop *loop, struct peer *peer)
{
	if (peer->stage == STAGE_SILENCE) {
		enter(loop, peer);
		return;
	}
	if (peer->stage != STAGE_END)
		clients_peer_tell(loop, peer, "took too long");
	clients_peer_drop(loop, peer);
}

struct peer *clients_peer_new(
	struct loop *loop, struct socket *socket, const struct stack_address *address)
{
	struct peer *peer = calloc(1, sizeof(*peer));

	if (!peer)
		abort(); /* out of memory, as arena.h has it */
	peer->socket = socket;
	peer->address = *address;
	socket_context_set(socket, peer);
	loop->peers++;
	join(loop, peer, STAGE_NAME);
	return peer;
}

void clients_peer_forget(struct loop *loop, struct peer *peer)
{
	leave(loop, peer);
	free(peer);
	loop->peers--;
}
