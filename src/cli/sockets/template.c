/* --template of the commands that speak over sockets: the layers around every packet. */
#include "cli/sockets/sockets.h"

#include "stack/system_address.h"
#include "stack/wrap.h"

#include <ifaddrs.h>
#include <string.h>

static bool is_of_host(const uint8_t *address, size_t length)
{
	struct ifaddrs *all, *at;
	bool found = false;

	if (getifaddrs(&all))
		return false;
	for (at = all; at && !found; at = at->ifa_next) {
		struct stack_address of;

		if (!at->ifa_addr)
			continue;
		system_address_get((const void *)at->ifa_addr, &of);
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

/* What it gives and a conversation cannot keep. */
static void tell_notes(const struct sockets_options *sockets)
{
	const struct wrap_note *note = sockets->common->quiet ? NULL : sockets->wrap->given.notes;

	for (; note; note = note->next) {
		struct err text = { 0 };

		err_input(&text, &note->at, "note: %s%s%s %s", note->layer, note->field ? "." : "",
			note->field ? note->field : "", note->why);
		cli_fail(&text);
	}
}

/* A port that it gives, and the same one of the command line. */
static int hold_against(const struct sockets_options *sockets, const struct wrap_port *given,
	const char *name, const char *other, uint16_t port, struct err *err)
{
	if (!given->given || (given->port <= port && port <= given->last))
		return 0;
	return err_input(err, &given->at,
		"%s.%s: %u, but %s is %u: leave it out, or let them be equal",
		sockets->kind == SOCKET_TCP ? "tcp" : "udp", name, given->port, other, port);
}

static int take_ports(struct sockets_options *sockets, struct err *err)
{
	const struct wrap_port *source = &sockets->wrap->given.source;
	const struct wrap_port *target = &sockets->wrap->given.target;
	uint16_t port;
	int rc = sockets_port(sockets->port, &port, err);

	if (rc < 0)
		return rc;
	if (sockets->listens)
		return hold_against(sockets, source, "sport", "PORT", port, err);
	rc = hold_against(sockets, target, "dport", "PORT", port, err);
	if (rc == 0 && sockets->source_port)
		rc = hold_against(
			sockets, source, "sport", "--source-port", sockets->source_port, err);
	if (rc == 0 && sockets->source_port)
		rc = hold_against(
			sockets, source, "sport", "--source-port", sockets->source_port_last, err);
	if (rc < 0 || !source->given)
		return rc;
	if (!source->port)
		return err_input(err, &source->at, "%s.sport: 0 is no port to speak from",
			sockets->kind == SOCKET_TCP ? "tcp" : "udp");
	sockets->source_port_at = source->at;
	if (!sockets->source_port) {
		sockets->source_port = source->port;
		sockets->source_port_last = source->last;
	}
	return 0;
}

int sockets_open_template(
	struct sockets_options *sockets, struct stack_config *config, struct err *err)
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
		rc = stack_wrap_new(&sockets->wrap, template.frames, sockets->kind,
			sockets->listens ? WRAP_LISTENS : WRAP_OPENS, err);
	if (rc == 0)
		rc = take_ports(sockets, err);
	if (rc == 0)
		rc = hold_outer_port(sockets, err);
	if (rc < 0)
		return rc;
	tell_notes(sockets);
	config->wrap = sockets->wrap;
	if (!config->source && !is_of_host(sockets->wrap->source, sockets->wrap->address_length)) {
		struct stack_address *source = arena_alloc(&common->arena, sizeof(*source));

		*source = (struct stack_address){ .length = sockets->wrap->address_length };
		memcpy(source->octets, sockets->wrap->source, source->length);
		config->source = source;
	}
	return 0;
}
