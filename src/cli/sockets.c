/* The options of commands that speak over sockets: the stack, and addresses. */
#include "cli/sockets.h"

#include "base/clock.h"
#include "frame/build.h"
#include "stack/mischief.h"
#include "stack/wrap.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/capability.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define MILLISECOND_NS 1000000U
#define WAIT_MS	       50

/* For guards of ports, which are opened as they are needed; some kernels want CAP_NET_ADMIN for a
 * filter. */
#define KEEP (1ULL << CAP_NET_RAW | 1ULL << CAP_NET_ADMIN | 1ULL << CAP_NET_BIND_SERVICE)

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
	if (sockets->template && !sockets->common->interface)
		argp_error(state, "--template needs -i IF: where its frames leave");
	if (sockets->kernel && (sockets->source_ip || sockets->template || sockets->write ||
				       sockets->trace || sockets->no_offload || sockets->misbehave))
		argp_error(state, "--kernel makes no frames: it goes with none of --source-ip, -w, "
				  "--trace, --no-offload, --template, --misbehave");
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
	case KEY_TRACE:
		sockets->trace = true;
		return 0;
	case KEY_NO_OFFLOAD:
		sockets->no_offload = true;
		return 0;
	case KEY_TEMPLATE:
		sockets->template = arg;
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
	{ "ipv4", '4', NULL, 0, "names stand for IPv4 addresses", 0 },
	{ "ipv6", '6', NULL, 0, "names stand for IPv6 addresses", 0 },
	{ "source-ip", KEY_SOURCE_IP, "ADDRESS", 0, "an address of our own on the interface, which the host has not: ARP and "
		"neighbour solicitations for it are answered. A range, 10.0.0.11..10.0.0.18: connections take its addresses in turn", 0 },
	{ "source-mac", KEY_SOURCE_MAC, "MAC", 0, "its MAC address; one of our own unless given", 0 },
	{ "template", KEY_TEMPLATE, "TEMPLATE", 0, "put this frame's layers around every packet, and take them off what comes: tags, tunnels, "
		"odd TTLs; it ends in tcp or udp. What it gives stays as given; its innermost source address is ours, and an innermost eth.dst left out is asked for", 0 },
	{ "no-offload", KEY_NO_OFFLOAD, NULL, 0, "every segment a frame, its checksum computed here", 0 },
	{ "trace", KEY_TRACE, NULL, 0, "print every frame to standard error", 0 },
	{ "write", 'w', "FILE", 0, "keep every frame in a pcap file", 0 },
	{ "quiet", 'q', NULL, 0, "do not say where it listens", 0 },
	{ 0 },
};

#define SEED_OPTION { "seed", KEY_SEED, "N", 0, "which of them --misbehave befalls (0 unless given)", 0 }

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

const struct argp sockets_argp = { .options = options, .parser = parse };
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

/* ---- addresses ---- */

static void address_of(const struct sockaddr *from, struct stack_address *ret)
{
	*ret = (struct stack_address){ 0 };
	if (from->sa_family == AF_INET) {
		const struct sockaddr_in *four = (const struct sockaddr_in *)from;

		ret->length = 4;
		memcpy(ret->octets, &four->sin_addr, 4);
	} else {
		const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)from;

		ret->length = 16;
		memcpy(ret->octets, &six->sin6_addr, 16);
		ret->scope = six->sin6_scope_id;
	}
}

static int port_of(const char *text, uint16_t *ret, struct err *err)
{
	uint64_t port = 0;

	if (text_number(text, &port, NULL) || port > UINT16_MAX)
		return err_input(err, NULL, "%s is no port: 0 to 65535", text);
	*ret = (uint16_t)port;
	return 0;
}

int sockets_resolve(const struct sockets_options *sockets, const char *host, const char *port,
	struct stack_address *ret, struct err *err)
{
	const struct addrinfo hints = { .ai_family = sockets->family, .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	uint16_t number;
	int rc = port_of(port, &number, err);

	if (rc < 0)
		return rc;
	if (!host) {
		*ret = (struct stack_address){ .port = number };
		ret->length = sockets->family == AF_INET ? 4 : sockets->family == AF_INET6 ? 16 : 0;
		return 0;
	}
	rc = getaddrinfo(host, NULL, &hints, &found);
	if (rc == EAI_SYSTEM)
		return err_system(err, errno, "cannot look up %s", host);
	if (rc)
		return err_input(err, NULL, "%s: %s", host, gai_strerror(rc));
	address_of(found->ai_addr, ret);
	ret->port = number;
	freeaddrinfo(found);
	return 0;
}

const char *sockets_address(const struct stack_address *address, char ret[SOCKETS_TEXT])
{
	if (!address->length)
		return "*";
	inet_ntop(address->length == 4 ? AF_INET : AF_INET6, address->octets, ret, SOCKETS_TEXT);
	if (address->scope) {
		size_t length = strlen(ret);

		snprintf(ret + length, SOCKETS_TEXT - length, "%%%u", address->scope);
	}
	return ret;
}

const char *sockets_text(const struct stack_address *address, char ret[SOCKETS_TEXT])
{
	const char *shape = address->length == 16 ? "[%.*s]:%u" : "%.*s:%u";
	char text[SOCKETS_TEXT];

	snprintf(ret, SOCKETS_TEXT, shape, SOCKETS_TEXT - 16, sockets_address(address, text),
		address->port);
	return ret;
}

const char *sockets_tuple(const struct stack_address *address, char ret[SOCKETS_TEXT])
{
	char text[SOCKETS_TEXT];

	snprintf(ret, SOCKETS_TEXT, "('%.*s', %u)", SOCKETS_TEXT - 16,
		sockets_address(address, text), address->port);
	return ret;
}

const char *sockets_why(const struct stack *stack, int error, char ret[SOCKETS_WHY])
{
	struct stack_address hop = { 0 };
	char text[SOCKETS_TEXT];

	if (error == EHOSTUNREACH)
		stack_silent_hop(stack, &hop);
	if (!hop.length)
		return strerror(error);
	snprintf(ret, SOCKETS_WHY, "no answer to %s for %s",
		hop.length == 4 ? "ARP" : "neighbour solicitations", sockets_address(&hop, text));
	return ret;
}

void sockets_raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* ---- the stack ---- */

/* Prints a frame as capture does. */
static void trace(void *context, const struct stack_trace *frame)
{
	const struct sockets_options *sockets = context;
	struct buffer out = { 0 };
	struct frame_view view;
	struct arena arena;

	arena_init(&arena);
	frame_dissect(&arena, &wire_eth, frame->octets, frame->length, DISSECT_FCS_ABSENT, &view);
	buffer_printf(&out, "%s ", frame->out ? ">" : "<");
	render_line(&view, cli_style(sockets->common), &out);
	fprintf(stderr, "%s\n", buffer_text(&out));
	buffer_fini(&out);
	arena_fini(&arena);
}

static int parse_mac(const char *text, uint8_t ret[6], struct err *err)
{
	unsigned int octets[6];
	char rest;
	int i;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%c", &octets[0], &octets[1], &octets[2],
		    &octets[3], &octets[4], &octets[5], &rest) != 6)
		return err_input(
			err, NULL, "--source-mac %s: wants six octets, 02:00:00:00:00:01", text);
	if (octets[0] & 1)
		return err_input(err, NULL, "--source-mac %s: a group's address cannot send", text);
	for (i = 0; i < 6; i++)
		ret[i] = (uint8_t)octets[i];
	return 0;
}

/* ---- --template ---- */

static bool is_of_host(const uint8_t *address, size_t length)
{
	struct ifaddrs *all, *at;
	bool found = false;

	if (getifaddrs(&all))
		return false;
	for (at = all; at && !found; at = at->ifa_next) {
		struct stack_address of;

		if (!at->ifa_addr ||
			(at->ifa_addr->sa_family != AF_INET && at->ifa_addr->sa_family != AF_INET6))
			continue;
		address_of(at->ifa_addr, &of);
		found = of.length == length && !memcmp(of.octets, address, length);
	}
	freeifaddrs(all);
	return found;
}

/* A socket that nobody reads: the kernel does not refuse the tunnel's frames then. */
static int hold_outer_port(struct sockets_options *sockets, struct err *err)
{
	const struct stack_wrap *wrap = sockets->wrap;
	struct stack_address outer = { .length = wrap->outer_length, .port = wrap->outer_port };
	struct socket *socket = NULL;
	int rc;

	if (!wrap->outer_port || !is_of_host(wrap->outer_source, wrap->outer_length))
		return 0;
	memcpy(outer.octets, wrap->outer_source, wrap->outer_length);
	rc = stack_kernel_open(&sockets->outer, &(struct stack_config){ 0 }, err);
	if (rc == 0)
		rc = socket_open(&socket, sockets->outer, SOCKET_UDP, err);
	return rc < 0 ? rc : socket_bind(socket, &outer, err);
}

static int open_wrap(struct sockets_options *sockets, struct stack_config *config, struct err *err)
{
	struct common *common = sockets->common;
	struct interface interface;
	const struct resolver resolver = { cli_resolve, &interface };
	struct template template;
	int rc = interface_read(common->interface, &interface, err);

	if (rc == 0)
		rc = common_template(common, sockets->template, &resolver, &template, err);
	if (rc == 0 && template.count > 1)
		rc = err_input(err, NULL, "--template %s: has %u frames; a conversation has one",
			sockets->template, template.count);
	if (rc == 0)
		rc = stack_wrap_new(&sockets->wrap, template.frames, sockets->kind, err);
	if (rc == 0)
		rc = hold_outer_port(sockets, err);
	if (rc < 0)
		return rc;
	config->wrap = sockets->wrap;
	if (!config->source && !is_of_host(sockets->wrap->source, sockets->wrap->address_length)) {
		struct stack_address *source = arena_alloc(&common->arena, sizeof(*source));

		*source = (struct stack_address){ .length = sockets->wrap->address_length };
		memcpy(source->octets, sockets->wrap->source, source->length);
		config->source = source;
	}
	return 0;
}

/* ---- opening ---- */

/* How many addresses there are from one to the other, both counted; 0: too many, or backwards. */
static unsigned int count_of(const struct stack_address *first, const struct stack_address *last)
{
	unsigned int low = first->octets[first->length - 1], high = last->octets[last->length - 1];

	/* All but the last octet the same: the stack takes no others. */
	if (first->length != last->length || high < low ||
		memcmp(first->octets, last->octets, first->length - 1) != 0)
		return 0;
	return high - low + 1;
}

/* "10.0.0.11", or "10.0.0.11..10.0.0.18". */
static int read_source(struct sockets_options *sockets, struct err *err)
{
	struct arena *arena = &sockets->common->arena;
	const char *dots = strstr(sockets->source_ip, "..");
	struct stack_address last;
	int rc;

	sockets->source_count = 1;
	if (!dots)
		return sockets_resolve(sockets, sockets->source_ip, "0", &sockets->source, err);
	rc = sockets_resolve(sockets,
		arena_strndup(arena, sockets->source_ip, (size_t)(dots - sockets->source_ip)), "0",
		&sockets->source, err);
	if (rc == 0)
		rc = sockets_resolve(sockets, dots + 2, "0", &last, err);
	if (rc < 0)
		return rc;
	sockets->source_count = count_of(&sockets->source, &last);
	if (!sockets->source_count)
		return err_input(err, NULL,
			"--source-ip %s: its addresses count up, and differ in the last octet "
			"alone",
			sockets->source_ip);
	return 0;
}

static int open_user(struct sockets_options *sockets, struct stack **ret, struct err *err)
{
	struct arena *arena = &sockets->common->arena;
	struct stack_config config = {
		.interface = sockets->common->interface,
		.record = sockets->write,
		.offload_off = sockets->no_offload,
		.trace = sockets->trace ? trace : NULL,
		.trace_context = sockets,
	};
	int rc = 0;

	if (sockets->source_ip) {
		rc = read_source(sockets, err);
		config.source = &sockets->source;
		config.source_count = sockets->source_count;
	}
	if (rc == 0 && sockets->source_mac) {
		uint8_t *mac = arena_alloc(arena, 6);

		rc = parse_mac(sockets->source_mac, mac, err);
		config.source_mac = mac;
	}
	if (rc == 0 && sockets->template)
		rc = open_wrap(sockets, &config, err);
	if (rc == 0 && sockets->misbehave) {
		rc = mischief_new(&sockets->mischief, sockets->misbehave, sockets->kind,
			sockets->common->seed, err);
		if (rc < 0)
			err_locate(err, NULL, "--misbehave");
		config.mischief = sockets->mischief;
	}
	if (rc == 0)
		rc = stack_open(ret, &config, err);
	if (rc == 0)
		rc = cli_drop_privileges(KEEP | sockets->keep, err);
	return rc;
}

/* What the stack borrowed. */
static void close_rest(struct sockets_options *sockets)
{
	stack_close(sockets->outer, NULL);
	stack_wrap_free(sockets->wrap);
	mischief_free(sockets->mischief);
	sockets->outer = NULL;
	sockets->wrap = NULL;
	sockets->mischief = NULL;
}

int sockets_open(struct sockets_options *sockets, struct stack **ret, struct err *err)
{
	const struct stack_config config = { .interface = sockets->common->interface };
	int rc;

	if (sockets->kernel)
		return stack_kernel_open(ret, &config, err);
	rc = open_user(sockets, ret, err);
	if (rc < 0)
		close_rest(sockets);
	return rc;
}

/* How long nothing may be acknowledged, or where all is, the end not come. */
static uint64_t patience_for(
	const struct sockets_options *sockets, size_t left, unsigned int wait_ms)
{
	if (!left || cli_stop)
		return (uint64_t)wait_ms * MILLISECOND_NS;
	return sockets->patience_ns ? sockets->patience_ns : UINT64_MAX;
}

static int wait_for_end(
	struct sockets_options *sockets, struct stack *stack, unsigned int wait_ms, struct err *err)
{
	uint64_t moved_at = clock_system.now(NULL), lost_before, lost = 0;
	size_t left = stack_unacknowledged(stack, &lost_before);
	int rc = 0;

	while (rc >= 0 && stack_ending(stack) &&
		clock_system.now(NULL) - moved_at < patience_for(sockets, left, wait_ms)) {
		size_t before = left;

		rc = stack_wait(stack, WAIT_MS, err);
		left = stack_unacknowledged(stack, &lost);
		if (left != before)
			moved_at = clock_system.now(NULL);
	}
	left += (size_t)(lost > lost_before ? lost - lost_before : 0);
	if (rc < 0 || !left || cli_stop)
		return rc;
	return err_result(err, "the last %zu octets were not acknowledged", left);
}

int sockets_close(
	struct sockets_options *sockets, struct stack *stack, unsigned int wait_ms, struct err *err)
{
	int rc = stack ? wait_for_end(sockets, stack, wait_ms, err) : 0;

	if (stack_close(stack, rc < 0 ? NULL : err) < 0)
		rc = -EIO;
	close_rest(sockets);
	return rc < 0 ? rc : 0;
}
