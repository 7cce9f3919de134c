/* many.h: the parts of tcp connect -n, among themselves: many.c lets the connections run,
 * many_source.c says whence, many_report.c tells how it went. */
#ifndef CLI_TCP_MANY_H
#define CLI_TCP_MANY_H

#include "base/histogram.h"
#include "cli/tcp/tcp.h"

#define TCP_MANY_ERRORS 8 /* kinds that are told apart */

struct one; /* a connection */

struct many {
	const struct tcp_options *options;
	struct stack *stack;
	struct sockets_peers peers;
	size_t peer;		     /* of them: the one that is connected to */
	struct stack_address source; /* of the range; length 0: the route's */
	const char *where;
	uint8_t *data;	     /* what each sends, over and over */
	size_t period, room; /* it repeats after so many octets; octets of data */
	uint64_t size;	     /* that each sends */
	uint8_t *taken;	     /* what came: nobody looks at it */
	struct one *open, *spare;
	uint64_t begun, opened, done, failed, most_open;
	uint64_t sent, received, retransmitted; /* octets, octets, segments */
	uint64_t began, ended, moved_at, moved;
	uint64_t no_port_since; /* 0: there is one */
	struct {
		int error;
		uint64_t count;
	} errors[TCP_MANY_ERRORS];
	struct histogram handshake;
};

/* many_source.c: whether there is a port for each connection, and the one of that which is begun.
 */
int tcp_many_check(const struct tcp_options *options, struct err *err);
int tcp_many_bind(const struct many *m, struct socket *socket, struct err *err);

/* On standard output; an exit status, where connections failed with *err printed. */
int tcp_many_report(struct many *m, struct err *err);

#endif
