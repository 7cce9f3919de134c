/* xdp_check.h: what has to hold before frames can leave as XDP frames. */
#ifndef LINK_XDP_CHECK_H
#define LINK_XDP_CHECK_H

#include "link/backends.h"

/* Whether the interface takes frames of other programs (its driver's ndo_xdp_xmit), and these. Says
 * what to do about it. */
int xdp_check(
	const struct link_config *config, const struct patch_program *program, struct err *err);

/* The first half of it. */
int xdp_check_interface(const struct interface *interface, struct err *err);

/* After the kernel refused the eBPF program with this errno: which capability may be missing for
 * what was asked ("--backend xdp"). */
void xdp_hint_privileges(const char *what, int error, struct err *err);

#endif
