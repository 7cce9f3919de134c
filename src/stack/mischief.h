/*
 * mischief.h: faults that our side commits on purpose, to see how the other side bears it. Pure: a
 * TCP segment, or a datagram, goes in, what is sent instead comes out; by the seed alone.
 */
#ifndef STACK_MISCHIEF_H
#define STACK_MISCHIEF_H

#include "stack/socket.h"
#include "tcp/tcp.h"

struct err;
struct stack_mischief;

/*
 * faults: "drop,duplicate=25,reset=1": names, each with how many of a hundred segments or datagrams
 * it befalls (10 unless given; what is not a matter of chance takes no number). -EINVAL with *err:
 * also where sockets of this kind do not have it.
 */
int mischief_new(struct stack_mischief **ret, const char *faults, enum socket_kind kind,
	uint64_t seed, struct err *err);
void mischief_free(struct stack_mischief *mischief); /* NULL is harmless */

/* What a connection must know of it: not to count on options that it will not have sent, and to
 * make single segments, for those are what faults befall. NULL: config stays; else it is as long as
 * the connection. */
void mischief_configure(struct stack_mischief *mischief, struct tcp_config *config);

/* What is sent instead of a segment, none or several. */
typedef void mischief_send(void *context, const struct tcp_segment *segment, bool bad_checksum);
void mischief_commit(struct stack_mischief *mischief, const struct tcp_segment *segment,
	mischief_send *send, void *context);

/* What befalls the next datagram. */
struct mischief_fate {
	bool drop, duplicate, corrupt;
	bool late; /* it leaves after the one that follows it */
};
struct mischief_fate mischief_fate(struct stack_mischief *mischief);

#endif
