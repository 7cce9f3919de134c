/* The options of commands that speak over sockets: the stack, and addresses. */
#include "cli/sockets.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "frame/build.h"

#include <arpa/inet.h>
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

enum { KEY_KERNEL = 0x400, KEY_SOURCE_IP, KEY_SOURCE_MAC, KEY_TRACE, KEY_NO_OFFLOAD };

static void check(struct argp_state *state, const struct sockets_options *sockets)
{
	if (sockets->source_mac && !sockets->source_ip)
		argp_error(state, "--source-mac goes with --source-ip: the host's address has the "
				  "interface's");
	if (sockets->source_ip && !sockets->common->interface)
		argp_error(state, "--source-ip needs -i IF: where the address is answered for");
	if (sockets->kernel &&
		(sockets->source_ip || sockets->write || sockets->trace || sockets->no_offload))
		argp_error(state, "--kernel makes no frames: it goes with none of --source-ip, -w, "
				  "--trace, --no-offload");
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
	case ARGP_KEY_END:
		check(state, sockets);
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
		"neighbour solicitations for it are answered", 0 },
	{ "source-mac", KEY_SOURCE_MAC, "MAC", 0, "its MAC address; one of our own unless given", 0 },
	{ "no-offload", KEY_NO_OFFLOAD, NULL, 0, "every segment a frame, its checksum computed here", 0 },
	{ "trace", KEY_TRACE, NULL, 0, "print every frame to standard error", 0 },
	{ "write", 'w', "FILE", 0, "keep every frame in a pcap file", 0 },
	{ "quiet", 'q', NULL, 0, "do not say where it listens", 0 },
	{ 0 },
};
/* clang-format on */

const struct argp sockets_argp = { .options = options, .parser = parse };

void sockets_child(struct argp_state *state, const struct argp_child *children,
	struct sockets_options *sockets)
{
	unsigned int i = 0;

	while (children[i].argp != &sockets_argp)
		i++;
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
	char text[SOCKETS_TEXT];

	snprintf(ret, SOCKETS_TEXT, "('%.*s', %u)", SOCKETS_TEXT - 16,
		sockets_address(address, text), address->port);
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
		struct stack_address *source = arena_alloc(arena, sizeof(*source));

		rc = sockets_resolve(sockets, sockets->source_ip, "0", source, err);
		config.source = source;
	}
	if (rc == 0 && sockets->source_mac) {
		uint8_t *mac = arena_alloc(arena, 6);

		rc = parse_mac(sockets->source_mac, mac, err);
		config.source_mac = mac;
	}
	if (rc == 0)
		rc = stack_open(ret, &config, err);
	return rc < 0 ? rc : cli_drop_privileges(KEEP | sockets->keep, err);
}

int sockets_open(struct sockets_options *sockets, struct stack **ret, struct err *err)
{
	const struct stack_config config = { .interface = sockets->common->interface };

	if (sockets->kernel)
		return stack_kernel_open(ret, &config, err);
	return open_user(sockets, ret, err);
}

int sockets_close(struct stack *stack, unsigned int wait_ms, struct err *err)
{
	uint64_t end = clock_system.now(NULL) + (uint64_t)wait_ms * MILLISECOND_NS;
	int rc = 0;

	if (!stack)
		return 0;
	while (rc >= 0 && stack_ending(stack) && clock_system.now(NULL) < end)
		rc = stack_wait(stack, WAIT_MS, err);
	if (rc < 0) {
		stack_close(stack, NULL);
		return rc;
	}
	return stack_close(stack, err);
}
