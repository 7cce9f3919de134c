/* lower.h: interfaces below others: what they receive, the one above receives again. */
#ifndef LINK_LOWER_H
#define LINK_LOWER_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct nlmsghdr;

/*
 * The interfaces of which the kernel hands all frames to another: ports of bridges, bonds and
 * teams, and the device below a macvlan of mode passthru. A packet socket for all interfaces sees
 * these frames twice; the host's IP, on the upper one alone. *ret has *ret_count indexes in
 * ascending order, and is the caller's to free(). Others' namespaces are not looked into.
 */
int interface_lower_read(int **ret, size_t *ret_count, struct err *err);

/* Of which interface the kernel's word about a link (RTM_NEWLINK) says so; 0: of none. */
int interface_lower_of(const struct nlmsghdr *link);

#endif
