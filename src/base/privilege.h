/* privilege.h: what to do where the kernel wants a capability that the program has not. */
#ifndef BASE_PRIVILEGE_H
#define BASE_PRIVILEGE_H

#include <stdint.h>

struct err;

/* The effective capabilities of the program, a mask of 1 << CAP_*; all where the system does not
 * tell. */
uint64_t privilege_effective(void);

/* What setcap is to give: for packet sockets and captures, and for the guards of TCP, which newer
 * kernels let nobody else have. */
#define PRIVILEGE_FRAMES "cap_net_raw,cap_net_admin"
/* The same and what loads XDP programs. */
#define PRIVILEGE_XDP "cap_net_raw,cap_net_admin,cap_bpf,cap_perfmon"

#define PRIVILEGE_PATH_MAX 4096

/* The running program's own file, to be named to setcap; "PROGRAM" where the system does not tell.
 * Returns path. */
const char *privilege_program(char path[PRIVILEGE_PATH_MAX]);

/* Appends the remedy to the error's text: sudo, or setcap with the program's own path. */
void privilege_hint(struct err *err, const char *capabilities);

#endif
