/* send.h: the parts of udp send, among themselves. */
#ifndef CLI_UDP_SEND_H
#define CLI_UDP_SEND_H

#include "base/histogram.h"
#include "cli/udp/udp.h"

struct sending {
	const struct udp_options *options;
	struct stack *stack;
	struct socket *socket;
	struct socket *late; /* what is still answered here was given up; may be NULL */
	bool owes;	     /* socket still an answer: it is late */
	struct stack_address peer;
	uint8_t *data;	   /* one datagram, as often as AT_ONCE allows */
	size_t length;	   /* of one */
	unsigned int most; /* of them in data */
	struct buffer out;
	uint64_t sent, octets, answers, lost;
	uint64_t again; /* sent once more, since the path took no datagram so long */
	bool cut;	/* the wait for an answer, or for the last to leave, by a signal */
	uint64_t began, ended;
	int error; /* negative errno: the last that the way to the peer, or the peer, told */
	struct histogram rtt;
};

/* What one datagram is made of, and as many of it as may leave at once; the arena's. */
int udp_send_data(struct sending *s, struct udp_options *udp, struct err *err);

/* Prints what was done, as it was asked for; an exit status. */
int udp_send_report(struct sending *s);

/* Says why the answer is no, if it is; an exit status. */
int udp_send_judge(struct sending *s);

#endif
