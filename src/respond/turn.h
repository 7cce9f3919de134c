/* turn.h: rules at work in the kernel: an XDP program on an interface turns requests around. */
#ifndef RESPOND_TURN_H
#define RESPOND_TURN_H

#include "respond/respond.h"

struct err;
struct interface;
struct turn;

/*
 * Has the kernel answer by the first rules of the responder, as many as it can (turn_rules); what
 * it does not answer goes on, to sockets and the kernel. In the interface's driver where answers
 * can leave so, else in the kernel's generic way.
 * -EOPNOTSUPP with *err where it can answer by none. Another XDP program is left alone (-EBUSY).
 * It gives `count` answers at most, 0 for any number, together with those that turn_take gave.
 * Goes as the process does. Needs CAP_BPF and CAP_NET_ADMIN.
 */
int turn_open(struct turn **ret, const struct interface *interface,
	const struct responder *responder, unsigned int rules, uint64_t count, struct err *err);
void turn_close(struct turn *turn); /* NULL is harmless */

/* How many rules; *ret_why says why the next one is not among them, NULL where all are. */
unsigned int turn_rules(const struct turn *turn, const char **ret_why);

/* NULL: in the driver; else why not. */
const char *turn_generic(const struct turn *turn);

/* Takes one of the answers that may be given; false: none is left. */
bool turn_take(struct turn *turn);

/* Answers by the rule so far, handed to the interface. */
uint64_t turn_answers(const struct turn *turn, unsigned int rule);

#endif
