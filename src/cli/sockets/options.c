/* The options of commands that speak over sockets. */
#include "cli/sockets/sockets.h"

#include <string.h>

enum {
	KEY_KERNEL = 0x400,
	KEY_SOURCE_IP,
	KEY_SOURCE_MAC,
	KEY_TRACE,
	KEY_NO_OFFLOAD,
	KEY_TEMPLATE,
	KEY_MISBEHAVE,
	KEY_SEED
};

static void check(struct argp_state *state, const struct sockets_options *sockets)
{
	if (sockets->source_mac && !sockets->source_ip)
		argp_error(state, "--source-mac goes with --source-ip: the host's address has the "
				  "interface's");
	if (sockets->source_ip && !sockets->common->interface)
		argp_error(state, "--source-ip needs -i IF: where the address is answered for");
	if (!sockets->template && (sockets->common->define_count || sockets->common->set_count))
		argp_error(state, "-D and -s go with --template");
	if (sockets->template && !sockets->common->interface)
		argp_error(state, "--template needs -i IF: where its frames leave");
	if (sockets->write && !strcmp(sockets->write, "-"))
		argp_error(state, "-w -: standard output is for what peers say; give a FILE");
	if (sockets->common->seed && !sockets->misbehave)
		argp_error(state, "--seed goes with --misbehave");
	if (sockets->kernel && (sockets->source_ip || sockets->template || sockets->write ||
				       sockets->trace || sockets->no_offload || sockets->misbehave))
		argp_error(state, "--kernel makes no frames: it goes with none of --source-ip, -w, "
				  "--trace, --no-offload, --template, --misbehave");
}

/* "40000", or "40000..40999". */
static void take_source_port(struct argp_state *state, struct sockets_options *sockets, char *arg)
{
	char *dots = strstr(arg, "..");
	uint64_t first, last;

	if (dots)
		*dots = '\0';
	first = common_number(state, "--source-port", arg);
	last = dots ? common_number(state, "--source-port", dots + 2) : first;
	if (!first || last > UINT16_MAX || first > last)
		argp_error(state, "--source-port wants PORT or FIRST..LAST, from 1 to 65535");
	sockets->source_port = (uint16_t)first;
	sockets->source_port_last = (uint16_t)last;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct sockets_options *sockets = state->input;

	switch (key) {
	case 'i':
		sockets->common->interface = arg;
		return 0;
	case '4':
	case '6':
		sockets->family = key == '4' ? AF_INET : AF_INET6;
		return 0;
	case 'q':
		sockets->common->quiet = true;
		return 0;
	case 'w':
		sockets->write = arg;
		return 0;
	case KEY_KERNEL:
		sockets->kernel = true;
		return 0;
	case KEY_SOURCE_IP:
		sockets->source_ip = arg;
		return 0;
	case KEY_SOURCE_MAC:
		sockets->source_mac = arg;
		return 0;
	case 'p':
		take_source_port(state, sockets, arg);
		return 0;
	case KEY_TRACE:
		sockets->trace = true;
		return 0;
	case KEY_NO_OFFLOAD:
		sockets->no_offload = true;
		return 0;
	case KEY_TEMPLATE:
		sockets->template = arg;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = sockets->common;
		return 0;
	case ARGP_KEY_END:
		check(state, sockets);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_faults(int key, char *arg, struct argp_state *state)
{
	struct sockets_options *sockets = state->input;

	switch (key) {
	case KEY_MISBEHAVE:
		sockets->misbehave = arg;
		return 0;
	case KEY_SEED:
		sockets->common->seed = common_number(state, "--seed", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* clang-format off */
static const struct argp_option options[] = {
	{ "kernel", KEY_KERNEL, NULL, 0, "use the kernel's sockets instead of frames of our own: no privileges", 0 },
	{ "interface", 'i', "IF", 0, "the interface; the route's unless given", 0 },
	{ "ipv4", '4', NULL, 0, "IPv4 alone: of a name's addresses, and to listen at any", 0 },
	{ "ipv6", '6', NULL, 0, "IPv6 alone: likewise", 0 },
	{ "source-ip", KEY_SOURCE_IP, "ADDRESS", 0, "an address of our own on the interface, which the host has not: ARP and "
		"neighbour solicitations for it are answered. A range, 10.0.0.11..10.0.0.18: connections take its addresses in turn", 0 },
	{ "source-mac", KEY_SOURCE_MAC, "MAC", 0, "its MAC address; one of our own unless given", 0 },
	{ "source-port", 'p', "PORT[..LAST]", 0, "who goes to a peer: speak from this port, or one of these; a free one unless given", 0 },
	{ "template", KEY_TEMPLATE, "TEMPLATE", 0, "put this frame's layers around every packet, and take them off what comes: tags, tunnels, "
		"odd TTLs; it ends in tcp or udp, which is the first segment or datagram that we send: its ports, seq, flags and options are what it gives, else the conversation's own. Its innermost source address is ours, and an innermost eth.dst left out is asked for", 0 },
	{ "no-offload", KEY_NO_OFFLOAD, NULL, 0, "every segment a frame, its checksum computed here", 0 },
	{ "trace", KEY_TRACE, NULL, 0, "print every frame to standard error", 0 },
	{ "write", 'w', "FILE", 0, "keep every frame in a pcap file", 0 },
	{ "quiet", 'q', NULL, 0, "say less: not where it listens, nor which datagrams come (but for --raw), nor why a connection of a listener ended, nor the report of -n", 0 },
	{ 0 },
};

#define SEED_OPTION { "seed", KEY_SEED, "N", 0, "which ones --misbehave befalls (0 unless given)", 0 }

static const struct argp_option tcp_faults[] = {
	{ "misbehave", KEY_MISBEHAVE, "FAULTS", 0, "let our TCP do wrong on purpose: of drop, duplicate, reorder, corrupt, split, overlap, wrong-ack "
		"and reset, each with how many of a hundred segments it befalls (drop=5,split; 10 unless given), and of tiny-window and no-options, which befall all", 0 },
	SEED_OPTION,
	{ 0 },
};

static const struct argp_option udp_faults[] = {
	{ "misbehave", KEY_MISBEHAVE, "FAULTS", 0, "let our datagrams go wrong on purpose: of drop, duplicate, reorder (it leaves after the next) and corrupt "
		"(a wrong checksum), each with how many of a hundred it befalls (drop=5,reorder; 10 unless given)", 0 },
	SEED_OPTION,
	{ 0 },
};
/* clang-format on */

static const struct argp_child values[] = { { &common_argp_values, 0, NULL, 0 }, { 0 } };

const struct argp sockets_argp = { .options = options, .parser = parse, .children = values };
const struct argp sockets_tcp_faults_argp = { .options = tcp_faults, .parser = parse_faults };
const struct argp sockets_udp_faults_argp = { .options = udp_faults, .parser = parse_faults };

static bool is_ours(const struct argp *argp)
{
	return argp == &sockets_argp || argp == &sockets_tcp_faults_argp ||
	       argp == &sockets_udp_faults_argp;
}

void sockets_child(struct argp_state *state, const struct argp_child *children,
	struct sockets_options *sockets)
{
	for (unsigned int i = 0; children[i].argp; i++)
		if (is_ours(children[i].argp))
			state->child_inputs[i] = sockets;
}
