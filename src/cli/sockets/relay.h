/* relay.h: octets between a TCP socket and file descriptors, both ways, without ever waiting. */
#ifndef CLI_RELAY_H
#define CLI_RELAY_H

#include "stack/socket.h"

#include <poll.h>

#define RELAY_BUFFER 262144U /* octets, each way */

/* Octets on their way: those from start on are still to go. */
struct relay_queue {
	uint8_t *octets; /* RELAY_BUFFER of them, once there are any */
	size_t start, length;
};

/* Caller's storage; all that is not said otherwise is the relay's own. */
struct relay {
	struct socket *socket; /* borrowed */
	int in, out;	       /* borrowed; -1: none. They may be the same, a socket then */
	bool echo;	       /* what comes from the peer goes back to it */
	bool stay;	       /* the end of the input does not end our direction */
	struct relay_queue to_peer, from_peer;
	bool in_ended;	 /* no more will be read from in */
	bool out_gone;	 /* nobody reads what is written to out: the rest is thrown away */
	bool shut;	 /* our direction was ended */
	bool peer_ended; /* the peer's was, and all of it was written out */
	bool connected;
	bool indirect;		 /* the socket does not read or write by itself: socket_send_from */
	bool in_file;		 /* in never waits */
	bool out_free;		 /* nor does out, whatever is written */
	bool out_full;		 /* it took no more: what came stays in the socket */
	uint64_t received, sent; /* octets, as the socket gave and took them */
	uint64_t acknowledged;	 /* octets, when relay_crept asked last, at asked_at */
	uint64_t asked_at;
	int in_error;  /* positive errno: in could not be read to its end */
	int out_error; /* likewise: out could not be written */
	int error;     /* -errno of the socket: nothing is sent any more */
};

void relay_init(struct relay *relay, struct socket *socket, int in, int out);
void relay_fini(struct relay *relay);

/* More to send, before anything that is read from in. false: not now, all of it finds no room;
 * nothing was taken. More than RELAY_BUFFER octets never do. */
bool relay_put(struct relay *relay, const void *octets, size_t length);

/* Up to two descriptors to wait for. */
size_t relay_descriptors(const struct relay *relay, struct pollfd ret[2]);

/* Moves what can be moved; ready are the descriptors as poll() left them (count 0: there is news of
 * the socket alone). 0 or the socket's -errno, once all that came before it is written out. */
int relay_run(struct relay *relay, const struct pollfd *ready, size_t count);

/* Where nothing seems to move: since it was asked last, which is ten times a second at most, the
 * peer acknowledged octets that the socket had taken long ago. */
bool relay_crept(struct relay *relay, uint64_t now);

/* Something came that was not yet written out. */
bool relay_holds(const struct relay *relay);

/* Both directions ended, and nothing is on its way. */
bool relay_done(const struct relay *relay);

/*
 * A descriptor for fd that never waits, without doing the same to others who have it: a new opening
 * of a pipe or terminal, else fd itself (a file never waits). Close it if it is not fd.
 */
int relay_own(int fd);

#endif
