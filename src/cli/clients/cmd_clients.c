/* pktsmith clients: the list of clients over TCP, server and client. */
#include "cli/clients/clients.h"

#include <string.h>

#define DEFAULT_ADDRESS "127.0.0.1"
#define DEFAULT_PORT	"5000"
#define DEFAULT_NAME	"name1"
#define DEFAULT_TIMEOUT 30000000000ULL /* ns */

enum { KEY_TIMEOUT = 0x100 };

/* clang-format off */
static const struct argp_option options[] = {
	{ "client", 'c', NULL, 0, "be a client: say a name, print the list, end", 0 },
	{ "name", 'n', "NAME", 0, "the client's name, up to 4096 octets (" DEFAULT_NAME " unless given)", 0 },
	{ "timeout", KEY_TIMEOUT, "TIME", 0, "how long to wait for a peer that says or takes nothing (30s unless given)", 0 },
	{ 0 },
};
/* clang-format on */

static const struct argp_child children[] = {
	{ &common_argp_verbose, 0, NULL, 0 },
	{ &sockets_argp, 0, NULL, 0 },
	{ &sockets_tcp_faults_argp, 0, NULL, 0 },
	{ 0 },
};

static void check(struct argp_state *state, const struct clients_options *clients)
{
	size_t length = clients->name ? strlen(clients->name) : 0;

	if (clients->name && !clients->client)
		argp_error(state, "-n is a client's name: it goes with -c");
	if (clients->sockets.source_port && !clients->client)
		argp_error(state, "--source-port is a client's: it goes with -c");
	if (clients->name && (!length || length > CLIENTS_NAME_MAX))
		argp_error(state, "-n: a name has 1 to %d octets, this one %zu", CLIENTS_NAME_MAX,
			length);
	if (!clients->timeout_ns)
		argp_error(state, "--timeout 0: wants a time to wait");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct clients_options *clients = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		common_children(state, 1, &clients->common);
		sockets_child(state, children, &clients->sockets);
		return 0;
	case 'c':
		clients->client = true;
		return 0;
	case 'n':
		clients->name = arg;
		return 0;
	case KEY_TIMEOUT:
		clients->timeout_ns = common_duration(state, "--timeout", arg);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 1)
			argp_error(state, "%s: there is an ADDRESS and a PORT, and no more", arg);
		*(state->arg_num ? &clients->port : &clients->address) = arg;
		return 0;
	case ARGP_KEY_END:
		check(state, clients);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp cmd_clients_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[ADDRESS [PORT]]",
	.doc = "Serve the list of clients over TCP, at " DEFAULT_ADDRESS " and port " DEFAULT_PORT
	       " unless given, until Ctrl-C; or, with -c, be one of its clients."
	       "\vA client connects and says its name, which ends when it says no more: at the "
	       "end of its direction, or after 20 ms of silence. It gets the list of all clients "
	       "so far, itself the last, as JSON: "
	       "{\"name1\": {\"address\": \"127.0.0.1\", \"port\": 62210, \"name\": \"name1\"}}. "
	       "Of two with one name the later is in the list.",
	.children = children,
};

int cmd_clients(int argc, char **argv)
{
	struct clients_options clients = {
		.address = DEFAULT_ADDRESS,
		.port = DEFAULT_PORT,
		.timeout_ns = DEFAULT_TIMEOUT,
	};
	int status;

	common_init(&clients.common);
	clients.sockets.common = &clients.common;
	clients.sockets.kind = SOCKET_TCP;
	argp_parse(&cmd_clients_argp, argc, argv, 0, NULL, &clients);
	clients.sockets.port = clients.port;
	clients.sockets.listens = !clients.client;
	clients.sockets.patience_ns = clients.timeout_ns;
	if (!clients.name)
		clients.name = DEFAULT_NAME;
	status = clients.client ? clients_ask(&clients) : clients_serve(&clients);
	common_fini(&clients.common);
	return status;
}
