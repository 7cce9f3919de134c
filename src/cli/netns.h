/* netns.h: steps into a named network namespace (ip-netns(8)), and back. */
#ifndef CLI_NETNS_H
#define CLI_NETNS_H

struct err;

/* Enters /run/netns/NAME; *ret_home leads back. Needs cap_sys_admin. */
int netns_enter(const char *name, int *ret_home, struct err *err);

/* Returns to the namespace that netns_enter left, and closes home. */
int netns_leave(int home, struct err *err);

#endif
