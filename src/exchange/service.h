/* service.h: what listens at a lab's other end: sockets of the kernel's, served between frames. */
#ifndef EXCHANGE_SERVICE_H
#define EXCHANGE_SERVICE_H

#include "template/script.h"

#include <poll.h>

struct err;
struct services;

/* In the calling thread's network namespace. */
int services_open(struct services **ret, const struct script_peer *peer, struct err *err);
void services_close(struct services *services); /* NULL is harmless */

/* Adds what is to be polled to fds, of which count are there and room is for max; returns how many
 * there are then. */
unsigned int services_poll(
	const struct services *services, struct pollfd *fds, unsigned int count, unsigned int max);

/* Serves who has come; never waits. */
void services_run(struct services *services);

#define SERVICES_FDS_MAX 512

#endif
