/* The interfaces of a script, and what stands at the other end of those that are made for it. */
#include "template/script_reader.h"

#include "base/arena.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>

#define MTU_MIN	  68 /* RFC 791 */
#define MTU_MAX	  65535
#define LISTS_MAX 64 /* ports of a service */

/* ---- interfaces ---- */

/* {lab: {mtu: 1400}} */
static int lab_read(
	struct script_reader *s, const struct node *node, struct script_port *ret, struct err *err)
{
	static const char *const names[] = { "lab" };
	static const char *const lab_names[] = { "mtu" };
	static const struct keys keys = KEYS(names, "key", "an interface");
	static const struct keys lab_keys = KEYS(lab_names, "key", "a lab");
	const struct path path = { .name = "mtu" };
	const struct node *lab = NULL;
	const struct node *mtu = NULL;
	uint64_t number = 0;
	int status = keys_pick(&keys, node, &lab, err);

	if (!status && !lab)
		return err_input(err, &node->at, "an interface is lab, {lab: {mtu: N}} or a name");
	if (!status && lab->kind != NODE_MAPPING)
		return err_input(err, &lab->at, "lab: {mtu: N} is wanted, not %s",
			node_kind_name(lab->kind));
	if (!status)
		status = keys_pick(&lab_keys, lab, &mtu, err);
	if (status || !mtu)
		return status;
	status = scalar_read_number(&s->reader, &path, mtu, MTU_MAX, " octets", &number, err);
	if (!status && number < MTU_MIN)
		return path_error(err, &mtu->at, &path, "%s is below %d octets, of RFC 791",
			mtu->text, MTU_MIN);
	ret->mtu = (unsigned int)number;
	return status;
}

static int interface_read(
	struct script_reader *s, const struct node *node, struct script_port *ret, struct err *err)
{
	const struct path path = { .name = "interface" };
	const char *text;
	int status;

	ret->at = node->at;
	if (node->kind == NODE_MAPPING)
		return lab_read(s, node, ret, err);
	status = scalar_read_line(&s->reader, &path, node, &text, err);
	if (status || !strcmp(text, "lab"))
		return status;
	if (!*text || strlen(text) >= IFNAMSIZ)
		return path_error(err, &node->at, &path, "\"%s\" is no interface's name", text);
	ret->interface = text;
	return 0;
}

/* One port more, once it is known where it is. */
static int port_add(struct script_reader *s, struct script_port *port,
	const struct script_options *options, struct err *err)
{
	struct script_port *ports = (struct script_port *)s->script->ports;
	unsigned int index = s->script->port_count;
	struct resolver *resolver = arena_alloc(s->reader.arena, sizeof(*resolver));
	int status;

	for (unsigned int i = 0; i < index; i++)
		port->lab += !ports[i].interface;
	status = options->resolver(options->context, port, resolver, err);
	if (status) {
		err_locate(err, &port->at, NULL);
		return status;
	}
	s->options[index].resolver = resolver;
	ports[index] = *port;
	s->script->port_count++;
	return 0;
}

static int single_read(struct script_reader *s, const struct node *node,
	const struct script_options *options, struct err *err)
{
	const struct position at = { .file = s->reader.file };
	struct script_port port = { .name = "", .at = at, .interface = options->interface };
	int status = 0;

	if (!node && !options->interface)
		return err_input(err, &at,
			"no interface: write `interface: lab`, or the name of one, or give -i IF");
	if (node) {
		port.interface = NULL;
		status = interface_read(s, node, &port, err);
		if (port.interface && options->interface)
			port.interface = options->interface;
	}
	return status ? status : port_add(s, &port, options, err);
}

static int several_read(struct script_reader *s, const struct node *node,
	const struct script_options *options, struct err *err)
{
	int status = 0;

	if (node->kind != NODE_MAPPING || !node->count)
		return err_input(err, &node->at, "interfaces: {NAME: lab, ...} is wanted, not %s",
			node_kind_name(node->kind));
	if (node->count > SCRIPT_PORTS_MAX)
		return err_input(err, &node->at, "%u interfaces are too many (at most %d)",
			node->count, SCRIPT_PORTS_MAX);
	for (const struct node *n = node->children; n && !status; n = n->next) {
		struct script_port port = { .name = n->key };

		for (unsigned int i = 0; i < s->script->port_count; i++)
			if (!strcmp(s->script->ports[i].name, n->key))
				return keys_twice(n, &s->script->ports[i].at, err);
		status = interface_read(s, n, &port, err);
		if (!status)
			status = port_add(s, &port, options, err);
	}
	return status;
}

int script_ports_read(struct script_reader *s, const struct node *interface,
	const struct node *interfaces, const struct script_options *options, struct err *err)
{
	s->script->ports =
		arena_alloc(s->reader.arena, SCRIPT_PORTS_MAX * sizeof(*s->script->ports));
	if (interface && interfaces)
		return err_input(
			err, &interfaces->key_at, "interface and interfaces exclude each other");
	if (interfaces)
		return several_read(s, interfaces, options, err);
	return single_read(s, interface, options, err);
}

/* ---- the peer ---- */

static int port_number_read(struct script_reader *s, const char *key, const struct node *node,
	uint16_t *ret, struct err *err)
{
	const struct path peer = { .name = "peer" };
	const struct path path = { .outer = &peer, .name = key };
	uint64_t number = 0;
	int status = scalar_read_number(&s->reader, &path, node, 65535, "", &number, err);

	if (!status && !number)
		return path_error(err, &node->at, &path, "0 is no port");
	*ret = (uint16_t)number;
	return status;
}

/* One port, or a list of them. */
static int service_read(struct script_reader *s, const char *key, const struct node *node,
	enum script_service service, struct err *err)
{
	const struct node *child = node->kind == NODE_SEQUENCE ? node->children : node;
	unsigned int count = node->kind == NODE_SEQUENCE ? node->count : 1;
	uint16_t *ports = arena_alloc(s->reader.arena, count * sizeof(*ports));
	int status = 0;

	if (count > LISTS_MAX)
		return err_input(err, &node->at, "peer.%s: %u ports are too many (at most %d)", key,
			count, LISTS_MAX);
	for (unsigned int i = 0; i < count && !status; i++, child = child->next)
		status = port_number_read(s, key, child, &ports[i], err);
	s->script->peer.services[service].ports = ports;
	s->script->peer.services[service].count = count;
	return status;
}

static bool has_port(const struct script_ports *ports, unsigned int count, uint16_t port)
{
	for (unsigned int i = 0; i < count; i++)
		if (ports->ports[i] == port)
			return true;
	return false;
}

/* A port of TCP, and one of UDP, is one service's. */
static int ports_check(const struct script_peer *peer, const char *const *names,
	const struct node *const *nodes, struct err *err)
{
	static const struct script_ports none;

	for (enum script_service i = 0; i < SCRIPT_SERVICES; i++) {
		const struct script_ports *own = &peer->services[i];
		const struct script_ports *other =
			i == SCRIPT_TCP_ECHO   ? &peer->services[SCRIPT_TCP]
			: i == SCRIPT_UDP_ECHO ? &peer->services[SCRIPT_UDP]
					       : &none;

		for (unsigned int j = 0; j < own->count; j++)
			if (has_port(own, j, own->ports[j]) ||
				has_port(other, other->count, own->ports[j]))
				return err_input(err, &nodes[i]->at,
					"peer.%s: port %u stands there twice", names[i],
					own->ports[j]);
	}
	return 0;
}

int script_peer_read(struct script_reader *s, const struct node *node, struct err *err)
{
	static const char *const names[] = { "tcp", "udp", "tcp-echo", "udp-echo", "forwarding" };
	static const struct keys keys = KEYS(names, "key", "peer");
	const struct node *members[SCRIPT_SERVICES + 1];
	unsigned int labs = 0;
	int status;

	if (node->kind != NODE_MAPPING)
		return err_input(err, &node->at, "peer: {KEY: VALUE, ...} is wanted, not %s",
			node_kind_name(node->kind));
	status = keys_pick(&keys, node, members, err);
	for (unsigned int i = 0; i < s->script->port_count; i++)
		labs += !s->script->ports[i].interface;
	if (!status && !labs)
		return err_input(err, &node->key_at,
			"peer is of a lab: this script runs on an interface that is there");
	for (enum script_service i = 0; i < SCRIPT_SERVICES && !status; i++)
		if (members[i])
			status = service_read(s, names[i], members[i], i, err);
	if (!status)
		status = ports_check(&s->script->peer, names, members, err);
	if (!status)
		status = script_bool_read(s, "peer.forwarding", members[SCRIPT_SERVICES],
			&s->script->peer.forwarding, err);
	return status;
}
