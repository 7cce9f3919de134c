/* pktsmith tcp: streams over TCP, towards a server or as one. */
#include "cli/tcp/tcp.h"

#include <string.h>
#include <unistd.h>

/* How many are open at a time unless it is said: so many a listener of any system takes. */
#define PARALLEL 100

enum {
	KEY_WAIT = 0x100,
	KEY_ECHO,
	KEY_REPLY,
	KEY_EXEC,
	KEY_USER,
	KEY_TIMEOUT,
	KEY_IDLE,
	KEY_ADDRESS,
	KEY_PARALLEL,
	KEY_SIZE
};

/* clang-format off */
static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "connect:", 1 },
	{ "wait", KEY_WAIT, NULL, 0, "keep our direction open when all is sent, print the first answer, and end; it is over after 20 ms "
		"of silence", 0 },
	{ "parallel", KEY_PARALLEL, "N", 0, "with -n: so many connections at a time (100)", 0 },
	{ "size", KEY_SIZE, "SIZE", 0, "with -n: each sends so many octets: DATA repeated or cut, a counting pattern without DATA", 0 },
	{ NULL, 0, NULL, 0, "listen:", 2 },
	{ "address", KEY_ADDRESS, "ADDRESS", 0, "listen at this address; at any unless given", 0 },
	{ "echo", KEY_ECHO, NULL, 0, "send back what comes", 0 },
	{ "reply", KEY_REPLY, "TEXT", 0, "print each message, and answer it with this text; a message is over after 20 ms of silence", 0 },
	{ "exec", KEY_EXEC, "COMMAND", 0, "run it by /bin/sh for each connection, which is its standard input and output; PEER_ADDRESS and "
		"PEER_PORT are in its environment; it and what it started get SIGHUP when the listener ends", 0 },
	{ "user", KEY_USER, "NAME", 0, "run it as this user; root has to say whom", 0 },
	{ "idle", KEY_IDLE, "TIME", 0, "drop a connection on which no octet went either way for so long", 0 },
	{ NULL, 0, NULL, 0, "Both:", 3 },
	{ "count", 'n', "N", 0, "listen: end after N connections. connect: open N; each sends DATA, ends, and reads to the peer's end; "
		"the report says how many it were a second, and what became of them", 0 },
	{ "timeout", KEY_TIMEOUT, "TIME", 0, "connect: give up after so long without a connection, or without an octet on it; listen: end after so "
		"long without a new connection, and without an octet on any", 0 },
	{ 0 },
};
/* clang-format on */

static const struct argp_child children[] = {
	{ &common_argp_verbose, 0, NULL, 0 },
	{ &common_argp_json, 0, NULL, 0 },
	{ &sockets_argp, 0, NULL, 0 },
	{ &sockets_tcp_faults_argp, 0, NULL, 0 },
	{ 0 },
};

static void check_listen(struct argp_state *state, const struct tcp_options *tcp)
{
	if (tcp->wait || tcp->has_size || tcp->parallel || tcp->common.json ||
		tcp->sockets.source_port)
		argp_error(state, "--wait, --size, --parallel, --source-port and --json are for "
				  "connect");
	if (tcp->echo + (tcp->reply != NULL) + (tcp->exec != NULL) > 1)
		argp_error(state, "--echo, --reply and --exec exclude each other");
	if (tcp->user && !tcp->exec)
		argp_error(state, "--user goes with --exec");
	if (tcp->exec && !tcp->user && !geteuid())
		argp_error(state, "--exec as root needs --user NAME: whoever connects runs it");
	if (tcp->reply && strlen(tcp->reply) > RELAY_BUFFER)
		argp_error(state, "--reply: at most %u octets", RELAY_BUFFER);
	if (tcp->counted && !tcp->count)
		argp_error(
			state, "-n 0: wants a number of connections; without -n there is no end");
}

static void check_many(struct argp_state *state, const struct tcp_options *tcp)
{
	if (!tcp->counted && (tcp->has_size || tcp->parallel || tcp->common.json))
		argp_error(state, "--size, --parallel and --json go with -n");
	if (tcp->counted && tcp->wait)
		argp_error(state, "--wait is for one connection, without -n");
	if (tcp->counted && !tcp->count)
		argp_error(state, "-n 0: wants a number of connections");
}

static void check_connect(struct argp_state *state, const struct tcp_options *tcp)
{
	if (tcp->echo || tcp->reply || tcp->exec || tcp->user || tcp->address || tcp->idle_ns)
		argp_error(state, "--address, --echo, --reply, --exec, --user and --idle are for "
				  "listen");
	check_many(state, tcp);
	if (!tcp->port)
		argp_error(state, "connect wants a HOST and a PORT");
	if (tcp->data && strlen(tcp->data) > RELAY_BUFFER)
		argp_error(state, "more than %u octets of DATA: give them as standard input",
			RELAY_BUFFER);
}

static void take_argument(struct argp_state *state, struct tcp_options *tcp, char *arg)
{
	bool listens = tcp->verb && !strcmp(tcp->verb, "listen");

	if (!tcp->verb)
		tcp->verb = arg;
	else if (!listens && !tcp->host)
		tcp->host = arg;
	else if (!tcp->port)
		tcp->port = arg;
	else if (!listens && !tcp->data)
		tcp->data = arg;
	else
		argp_error(state, "%s: one argument too many", arg);
}

static void check(struct argp_state *state, const struct tcp_options *tcp)
{
	if (!tcp->verb || (strcmp(tcp->verb, "connect") != 0 && strcmp(tcp->verb, "listen") != 0))
		argp_error(state, "wants connect HOST PORT [DATA], or listen PORT");
	else if (!strcmp(tcp->verb, "connect"))
		check_connect(state, tcp);
	else if (!tcp->port)
		argp_error(state, "listen wants a PORT");
	else
		check_listen(state, tcp);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct tcp_options *tcp = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		common_children(state, 2, &tcp->common);
		sockets_child(state, children, &tcp->sockets);
		return 0;
	case ARGP_KEY_ARG:
		take_argument(state, tcp, arg);
		return 0;
	case ARGP_KEY_END:
		check(state, tcp);
		return 0;
	case KEY_WAIT:
		tcp->wait = true;
		return 0;
	case KEY_ECHO:
		tcp->echo = true;
		return 0;
	case KEY_REPLY:
		tcp->reply = arg;
		return 0;
	case KEY_EXEC:
		tcp->exec = arg;
		return 0;
	case KEY_USER:
		tcp->user = arg;
		return 0;
	case KEY_ADDRESS:
		tcp->address = arg;
		return 0;
	case KEY_IDLE:
		tcp->idle_ns = common_duration(state, "--idle", arg);
		return 0;
	case KEY_TIMEOUT:
		tcp->timeout_ns = common_duration(state, "--timeout", arg);
		return 0;
	case KEY_PARALLEL:
		tcp->parallel = common_number(state, "--parallel", arg);
		if (!tcp->parallel)
			argp_error(state, "--parallel 0: nothing would ever be sent");
		return 0;
	case KEY_SIZE:
		tcp->has_size = true;
		tcp->size = common_size(state, "--size", arg);
		return 0;
	case 'n':
		tcp->counted = true;
		tcp->count = common_number(state, "-n", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp cmd_tcp_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "connect HOST PORT [DATA]\nlisten PORT",
	.doc = "Speak TCP by frames of our own, or with --kernel by the kernel."
	       "\vconnect sends DATA, or standard input, and prints what comes, until the peer "
	       "ends; our direction ends with the input. listen prints what comes on every "
	       "connection, unless it is told to answer. Without --kernel it needs the "
	       "privileges of send; the kernel does not meddle with the connections, and "
	       "nothing of the system is changed.",
	.children = children,
};

int cmd_tcp(int argc, char **argv)
{
	struct tcp_options tcp = { 0 };
	int status;

	common_init(&tcp.common);
	tcp.sockets.common = &tcp.common;
	tcp.sockets.kind = SOCKET_TCP;
	argp_parse(&cmd_tcp_argp, argc, argv, 0, NULL, &tcp);
	tcp.sockets.port = tcp.port;
	tcp.sockets.listens = !strcmp(tcp.verb, "listen");
	tcp.sockets.patience_ns = tcp.timeout_ns;
	cli_catch_signals();
	if (!tcp.parallel)
		tcp.parallel = PARALLEL;
	if (tcp.sockets.listens)
		status = tcp_listen_run(&tcp);
	else
		status = tcp.counted ? tcp_many_run(&tcp) : tcp_connect_run(&tcp);
	common_fini(&tcp.common);
	return status;
}
