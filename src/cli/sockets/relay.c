/* Moves octets between a TCP socket and descriptors. */
#include "cli/sockets/relay.h"

#include "tcp/tcp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a pipe or a terminal that is ready takes for certain: POSIX, PIPE_BUF. */
#define WRITE_MAX 4096U
#define ASKING_NS 100000000U /* between two questions of relay_crept */

static bool is_file(int fd)
{
	struct stat status;

	return fd >= 0 && !fstat(fd, &status) && S_ISREG(status.st_mode);
}

/* Of standard output others may have the same opening, and say tomorrow that it waits. */
static bool never_waits(int fd)
{
	int flags = fd >= 0 ? fcntl(fd, F_GETFL) : -1;

	return is_file(fd) || (fd != STDOUT_FILENO && flags >= 0 && flags & O_NONBLOCK);
}

void relay_init(struct relay *relay, struct socket *socket, int in, int out)
{
	*relay = (struct relay){ .socket = socket, .in = in, .out = out };
	relay->in_ended = in < 0;
	relay->out_gone = out < 0;
	relay->in_file = is_file(in);
	relay->out_free = never_waits(out);
}

void relay_fini(struct relay *relay)
{
	free(relay->to_peer.octets);
	free(relay->from_peer.octets);
}

/* Room behind what is queued, which is moved to the front where there is less than wanted. */
static uint8_t *room(struct relay_queue *queue, size_t wanted, size_t *ret)
{
	if (!queue->octets)
		queue->octets = malloc(RELAY_BUFFER);
	if (!queue->octets)
		abort(); /* out of memory, as arena.h has it */
	if (!queue->length)
		queue->start = 0;
	if (RELAY_BUFFER - queue->start - queue->length < wanted && queue->start) {
		memmove(queue->octets, queue->octets + queue->start, queue->length);
		queue->start = 0;
	}
	*ret = RELAY_BUFFER - queue->start - queue->length;
	return queue->octets + queue->start + queue->length;
}

static void took(struct relay_queue *queue, size_t length)
{
	queue->start += length;
	queue->length -= length;
}

bool relay_put(struct relay *relay, const void *octets, size_t length)
{
	size_t space;
	uint8_t *at = room(&relay->to_peer, length, &space);

	if (length > space)
		return false;
	memcpy(at, octets, length);
	relay->to_peer.length += length;
	return true;
}

/* Into the socket itself, without the queue: nothing is before it. */
static bool is_direct(const struct relay *relay)
{
	return relay->connected && !relay->indirect && !relay->to_peer.length;
}

static bool wants_in(const struct relay *relay)
{
	if (relay->in_ended || relay->error)
		return false;
	/* What has no room in the socket stays where it is. */
	if (is_direct(relay))
		return socket_events(relay->socket) & SOCKET_WRITABLE;
	return relay->to_peer.length < RELAY_BUFFER;
}

size_t relay_descriptors(const struct relay *relay, struct pollfd ret[2])
{
	short in = wants_in(relay) ? POLLIN : 0;
	short out = !relay->out_gone && relay_holds(relay) ? POLLOUT : 0;
	size_t count = 0;

	if (relay->in >= 0 && relay->in == relay->out) {
		if (in || out)
			ret[count++] = (struct pollfd){ relay->in, (short)(in | out), 0 };
		return count;
	}
	if (in)
		ret[count++] = (struct pollfd){ relay->in, in, 0 };
	if (out)
		ret[count++] = (struct pollfd){ relay->out, out, 0 };
	return count;
}

/* ---- towards the peer ---- */

/* What is still to go to the peer goes nowhere. The last error counts: to end a direction after a
 * reset is ENOTCONN, and receiving says why. */
static void fail(struct relay *relay, int error)
{
	if (error >= 0)
		return;
	relay->error = error;
	relay->to_peer.length = 0;
}

static void end_in(struct relay *relay, int error)
{
	relay->in_ended = true;
	relay->in_error = error;
}

static void read_directly(struct relay *relay)
{
	int error;
	ssize_t sent = socket_send_from(relay->socket, relay->in, &error);

	if (sent > 0)
		relay->sent += (uint64_t)sent;
	else if (sent == 0)
		end_in(relay, error);
	else if (sent == -EOPNOTSUPP)
		relay->indirect = true;
	else if (sent != -EAGAIN)
		fail(relay, (int)sent);
}

static void read_in(struct relay *relay)
{
	size_t space;
	uint8_t *at = room(&relay->to_peer, 1, &space);
	ssize_t got = read(relay->in, at, space);

	if (got > 0)
		relay->to_peer.length += (size_t)got;
	else if (got == 0 || (errno != EAGAIN && errno != EINTR))
		end_in(relay, got ? errno : 0);
}

static int send_out(struct relay *relay)
{
	struct relay_queue *queue = &relay->to_peer;

	while (queue->length) {
		ssize_t sent =
			socket_send(relay->socket, queue->octets + queue->start, queue->length);

		if (sent == -EAGAIN)
			return 0;
		if (sent < 0)
			return (int)sent;
		relay->sent += (uint64_t)sent;
		took(queue, (size_t)sent);
	}
	if (relay->in_ended && !relay->echo && !relay->stay && !relay->shut) {
		relay->shut = true;
		return socket_shutdown(relay->socket);
	}
	return 0;
}

/* ---- from the peer ---- */

static void out_failed(struct relay *relay, int error)
{
	relay->out_error = error;
	relay->out_gone = true;
}

/* 1: the octets, or the end, of this many came; 0: not now; -errno. */
static int count_in(struct relay *relay, ssize_t got)
{
	if (got == -EAGAIN)
		return 0;
	if (got < 0)
		return (int)got;
	if (got == 0) {
		relay->peer_ended = true;
		relay->echo = false;
		relay->in_ended |= relay->in < 0;
	}
	relay->received += (uint64_t)got;
	return 1;
}

/* Out of the socket itself, without the queue: nothing is before it. */
static bool goes_straight(const struct relay *relay)
{
	return relay->out_free && !relay->out_gone && !relay->indirect && !relay->echo &&
	       !relay->from_peer.length;
}

/* As receive. */
static int write_straight(struct relay *relay)
{
	int error;
	ssize_t got;

	if (relay->out_full)
		return 0;
	got = socket_receive_to(relay->socket, relay->out, RELAY_BUFFER, &error);
	if (got == -EOPNOTSUPP) {
		relay->indirect = true;
		return 1;
	}
	if (!error)
		return count_in(relay, got);
	relay->out_full = error == EAGAIN || error == EINTR;
	if (!relay->out_full)
		out_failed(relay, error);
	return !relay->out_full;
}

/* 1: something came, or there is another way to try; 0: not now; -errno. */
static int receive(struct relay *relay)
{
	struct relay_queue *queue = relay->echo ? &relay->to_peer : &relay->from_peer;
	size_t space;
	uint8_t *at;
	ssize_t got;

	if (relay->peer_ended)
		return 0;
	if (goes_straight(relay))
		return write_straight(relay);
	at = room(queue, 1, &space);
	if (!space)
		return 0;
	got = socket_receive(relay->socket, at, space);
	if (got > 0)
		queue->length += (size_t)got;
	return count_in(relay, got);
}

static void write_out(struct relay *relay, bool ready)
{
	struct relay_queue *queue = &relay->from_peer;
	size_t length = queue->length;
	ssize_t written;

	if (relay->out_gone) {
		took(queue, queue->length);
		return;
	}
	if (!ready || !length)
		return;
	if (length > WRITE_MAX && !relay->out_free)
		length = WRITE_MAX;
	written = write(relay->out, queue->octets + queue->start, length);
	if (written > 0)
		took(queue, (size_t)written);
	else if (written < 0 && errno != EAGAIN && errno != EINTR)
		out_failed(relay, errno);
}

/* To a program that reads from a socket, the peer's end is its end of file. */
static void end_out(struct relay *relay)
{
	if (!relay->peer_ended || relay_holds(relay) || relay->out_gone)
		return;
	if (relay->out >= 0 && relay->out == relay->in)
		shutdown(relay->out, SHUT_WR);
	relay->out_gone = true;
}

/* ---- both ---- */

static short events_of(const struct pollfd *ready, size_t count, int fd)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (ready[i].fd == fd)
			return ready[i].revents;
	return 0;
}

int relay_run(struct relay *relay, const struct pollfd *ready, size_t count)
{
	bool can_read =
		relay->in_file || events_of(ready, count, relay->in) & (POLLIN | POLLHUP | POLLERR);
	bool can_write = relay->out_free ||
			 events_of(ready, count, relay->out) & (POLLOUT | POLLHUP | POLLERR);
	int got;

	relay->out_full &= !events_of(ready, count, relay->out);
	fail(relay, socket_error(relay->socket));
	if (socket_events(relay->socket) & (SOCKET_READABLE | SOCKET_WRITABLE))
		relay->connected = true;
	if (can_read && wants_in(relay) && is_direct(relay))
		read_directly(relay);
	if (can_read && wants_in(relay) && !is_direct(relay))
		read_in(relay);
	/* What is full is emptied first: a socket that was not read to its end has no news again.
	 */
	do {
		if (relay->connected && !relay->error)
			fail(relay, send_out(relay));
		write_out(relay, can_write);
		can_write = false;
		got = relay->connected ? receive(relay) : 0;
		fail(relay, got);
		end_out(relay);
	} while (got > 0);
	/* What came before a reset is as good as what comes without one. */
	return relay_holds(relay) && !relay->out_gone ? 0 : relay->error;
}

bool relay_crept(struct relay *relay, uint64_t now)
{
	struct tcp_stats stats;

	if (relay->acknowledged >= relay->sent || now - relay->asked_at < ASKING_NS)
		return false;
	relay->asked_at = now;
	if (socket_tcp_stats(relay->socket, &stats) || stats.octets_out == relay->acknowledged)
		return false;
	relay->acknowledged = stats.octets_out;
	return true;
}

bool relay_holds(const struct relay *relay)
{
	return relay->from_peer.length || relay->out_full;
}

bool relay_done(const struct relay *relay)
{
	return relay->peer_ended && !relay_holds(relay) && relay->shut && !relay->to_peer.length;
}

int relay_own(int fd)
{
	struct stat status;
	char path[64];
	int own;

	if (fstat(fd, &status) || !(S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode)))
		return fd;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	own = open(path, (fcntl(fd, F_GETFL) & O_ACCMODE) | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	return own < 0 ? fd : own;
}
