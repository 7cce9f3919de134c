/* udp.h: the parts of pktsmith udp. */
#ifndef CLI_UDP_H
#define CLI_UDP_H

#include "cli/sockets/sockets.h"

#define UDP_WAIT_MS	   200 /* how long a signal may stay unseen */
#define UDP_ANSWER_TIMEOUT 2000000000ULL
#define UDP_RECEIVE_MAX                                                          \
	65536U /* no datagram is longer: over IPv6 they have up to 65,527 octets \
		*/

struct udp_options {
	struct common common;
	struct sockets_options sockets;
	const char *verb;
	const char *host, *port, *data;
	const char *reply, *address; /* listen */
	uint64_t timeout_ns;
	uint64_t count;
	uint64_t size;	       /* send */
	struct text_rate rate; /* send */
	bool raw, has_timeout, counted;
	bool wait, has_size, has_rate; /* send */
	bool echo;		       /* listen */
};

/* Each returns an exit status. */
int udp_send_run(struct udp_options *udp);
int udp_listen_run(struct udp_options *udp);

/*
 * A message for people: its text, without one '\n' at its end; what is not text, and what would
 * move the cursor, as \x1b. With --raw the octets as they came, and nothing else.
 */
void udp_put_message(
	const struct udp_options *udp, const uint8_t *octets, size_t length, struct buffer *out);

/* The same for --jsonl: {"type":"message","address","port","length","text","hex"}. */
struct json *udp_message_json(
	const struct stack_address *from, const uint8_t *octets, size_t length);

#endif
