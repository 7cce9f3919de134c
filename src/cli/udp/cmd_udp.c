/* pktsmith udp: datagrams, sent or listened for. */
#include "cli/udp/udp.h"

#include <string.h>

enum {
	KEY_WAIT = 0x100,
	KEY_TIMEOUT,
	KEY_SIZE,
	KEY_RAW,
	KEY_ECHO,
	KEY_REPLY,
	KEY_ADDRESS,
	KEY_JSONL
};

/* clang-format off */
static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "send:", 1 },
	{ "wait", KEY_WAIT, NULL, 0, "wait for an answer to each datagram, and print it", 0 },
	{ "size", KEY_SIZE, "SIZE", 0, "datagrams of so many octets: DATA repeated or cut, a counting pattern without DATA", 0 },
	{ "rate", 'r', "RATE", 0, "10kpps, 100Mbps (of the datagrams' data); as fast as it goes unless given", 0 },
	{ NULL, 0, NULL, 0, "listen:", 2 },
	{ "address", KEY_ADDRESS, "ADDRESS", 0, "listen at this address; at any unless given", 0 },
	{ "echo", KEY_ECHO, NULL, 0, "send back what comes", 0 },
	{ "reply", KEY_REPLY, "TEXT", 0, "answer each datagram with this text", 0 },
	{ NULL, 0, NULL, 0, "Both:", 3 },
	{ "count", 'n', "N", 0, "send so many; end after so many have come. send: 1 unless given, 0 is endless", 0 },
	{ "timeout", KEY_TIMEOUT, "TIME", 0, "send: how long to wait for each answer (2s unless given); listen: end after so long without a datagram", 0 },
	{ "raw", KEY_RAW, NULL, 0, "print the octets that come, and nothing else", 0 },
	{ "jsonl", KEY_JSONL, NULL, 0, "print one JSON object a line: each datagram that comes, then the report", 0 },
	{ 0 },
};
/* clang-format on */

static const struct argp_child children[] = {
	{ &common_argp_verbose, 0, NULL, 0 },
	{ &common_argp_json, 0, NULL, 0 },
	{ &sockets_argp, 0, NULL, 0 },
	{ &sockets_udp_faults_argp, 0, NULL, 0 },
	{ 0 },
};
#define COMMON_CHILDREN 2

static void check_send(struct argp_state *state, const struct udp_options *udp)
{
	if (udp->echo || udp->reply || udp->address)
		argp_error(state, "--echo, --reply and --address are for listen");
	if (!udp->port)
		argp_error(state, "send wants a HOST and a PORT");
	if (udp->has_timeout && !udp->wait)
		argp_error(state, "--timeout goes with --wait");
	if (udp->raw && !udp->wait)
		argp_error(state, "--raw goes with --wait");
	if (udp->has_rate && udp->wait)
		argp_error(state, "--wait sends the next datagram when the answer is there: it "
				  "has no rate");
	if (udp->counted && !udp->count && !udp->has_rate && !udp->wait)
		argp_error(state, "-n 0 is endless, and wants a rate (-r), or --wait");
}

static void check_listen(struct argp_state *state, const struct udp_options *udp)
{
	if (udp->wait || udp->has_size || udp->has_rate || udp->sockets.source_port)
		argp_error(state, "--wait, --size, --source-port and --rate are for send");
	if (udp->echo && udp->reply)
		argp_error(state, "--echo and --reply exclude each other");
	if (udp->counted && !udp->count)
		argp_error(state, "-n 0: wants a number of datagrams; without -n there is no end");
	if (udp->reply && strlen(udp->reply) > STACK_DATAGRAM_MAX)
		argp_error(state, "--reply: at most %d octets", STACK_DATAGRAM_MAX);
}

static void check(struct argp_state *state, const struct udp_options *udp)
{
	if (!udp->verb || (strcmp(udp->verb, "send") != 0 && strcmp(udp->verb, "listen") != 0))
		argp_error(state, "wants send HOST PORT [DATA], or listen PORT");
	else if (!strcmp(udp->verb, "send"))
		check_send(state, udp);
	else if (!udp->port)
		argp_error(state, "listen wants a PORT");
	else
		check_listen(state, udp);
	if (udp->raw && (udp->common.json || udp->common.jsonl))
		argp_error(state, "--raw goes with neither --json nor --jsonl");
}

static void take_argument(struct argp_state *state, struct udp_options *udp, char *arg)
{
	bool listens = udp->verb && !strcmp(udp->verb, "listen");

	if (!udp->verb)
		udp->verb = arg;
	else if (!listens && !udp->host)
		udp->host = arg;
	else if (!udp->port)
		udp->port = arg;
	else if (!listens && !udp->data)
		udp->data = arg;
	else
		argp_error(state, "%s: one argument too many", arg);
}

static void take_size(struct argp_state *state, struct udp_options *udp, const char *arg)
{
	udp->has_size = true;
	udp->size = common_size(state, "--size", arg);
	if (udp->size > STACK_DATAGRAM_MAX)
		argp_error(state, "--size %s: a datagram holds at most %d octets", arg,
			STACK_DATAGRAM_MAX);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct udp_options *udp = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		common_children(state, COMMON_CHILDREN, &udp->common);
		sockets_child(state, children, &udp->sockets);
		return 0;
	case ARGP_KEY_ARG:
		take_argument(state, udp, arg);
		return 0;
	case ARGP_KEY_END:
		check(state, udp);
		return 0;
	case KEY_JSONL:
		udp->common.jsonl = true;
		return 0;
	case KEY_WAIT:
		udp->wait = true;
		return 0;
	case KEY_RAW:
		udp->raw = true;
		return 0;
	case KEY_ECHO:
		udp->echo = true;
		return 0;
	case KEY_REPLY:
		udp->reply = arg;
		return 0;
	case KEY_ADDRESS:
		udp->address = arg;
		return 0;
	case KEY_TIMEOUT:
		udp->has_timeout = true;
		udp->timeout_ns = common_duration(state, "--timeout", arg);
		return 0;
	case KEY_SIZE:
		take_size(state, udp, arg);
		return 0;
	case 'r':
		udp->rate = common_rate(state, "-r", arg);
		udp->has_rate = udp->rate.unit != TEXT_RATE_MAX;
		return 0;
	case 'n':
		udp->counted = true;
		udp->count = common_number(state, "-n", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp cmd_udp_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "send HOST PORT [DATA|-]\nlisten PORT",
	.doc = "Send or receive datagrams by frames of our own, or with --kernel by the kernel."
	       "\vsend takes standard input for `-' or no DATA, all of it as one datagram; exit "
	       "status 1 says that no answer came, or that it is known that a datagram did not "
	       "arrive. listen prints each datagram with whom it came from. Without --kernel it "
	       "needs the privileges of pktsmith send; the kernel does not meddle with the "
	       "datagrams, and nothing of the system is changed.",
	.children = children,
};

int cmd_udp(int argc, char **argv)
{
	struct udp_options udp = { .count = 1 };
	int status;

	common_init(&udp.common);
	udp.sockets.common = &udp.common;
	udp.sockets.kind = SOCKET_UDP;
	argp_parse(&cmd_udp_argp, argc, argv, 0, NULL, &udp);
	udp.sockets.port = udp.port;
	udp.sockets.listens = !strcmp(udp.verb, "listen");
	cli_catch_signals();
	status = udp.sockets.listens ? udp_listen_run(&udp) : udp_send_run(&udp);
	common_fini(&udp.common);
	return status;
}
