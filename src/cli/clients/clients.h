/* clients.h: the command clients: the server of the list, and its client. */
#ifndef CLI_CLIENTS_H
#define CLI_CLIENTS_H

#include "cli/sockets/sockets.h"

#define CLIENTS_NAME_MAX 4096 /* octets */

struct clients_options {
	struct common common;
	struct sockets_options sockets;
	bool client;
	const char *name, *address, *port;
	uint64_t timeout_ns;
};

/* Serves until SIGINT or SIGTERM: an exit status. */
int clients_serve(struct clients_options *options);

/* Gives a name and prints the list that comes: an exit status. */
int clients_ask(struct clients_options *options);

#endif
