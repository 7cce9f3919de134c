/* The addresses of a lab. */
#include "exchange/facts.h"

#include "base/arena.h"
#include "base/err.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* RFC 5737 and RFC 3849. */
const struct facts facts_of_labs[SCRIPT_PORTS_MAX] = {
	{ "02:00:00:00:00:01", "192.0.2.1", "2001:db8::1", "02:00:00:00:00:02", "192.0.2.2",
		"2001:db8::2" },
	{ "02:00:00:00:01:01", "198.51.100.1", "2001:db8:1::1", "02:00:00:00:01:02", "198.51.100.2",
		"2001:db8:1::2" },
	{ "02:00:00:00:02:01", "203.0.113.1", "2001:db8:2::1", "02:00:00:00:02:02", "203.0.113.2",
		"2001:db8:2::2" },
};

struct known {
	const struct facts *facts;
	unsigned int mtu;
};

static int lab_resolve(void *context, const char *name, const uint8_t *destination, size_t length,
	char *text, size_t size, bool *placeholder, struct err *err)
{
	const struct known *known = context;
	const struct facts *facts = known->facts;
	const struct {
		const char *name;
		const char *value;
	} rows[] = {
		{ "if.mac", facts->mac },
		{ "if.ipv4", facts->ipv4 },
		{ "if.ipv6", facts->ipv6 },
		{ "hop.mac", facts->peer_mac },
		{ "peer.mac", facts->peer_mac },
		{ "peer.ipv4", facts->peer_ipv4 },
		{ "peer.ipv6", facts->peer_ipv6 },
	};

	(void)destination, (void)length;
	*placeholder = false;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!strcmp(rows[i].name, name)) {
			snprintf(text, size, "%s", rows[i].value);
			return 0;
		}
	}
	if (!strcmp(name, "if.mtu")) {
		snprintf(text, size, "%u", known->mtu);
		return 0;
	}
	return err_input(err, NULL, "no variable \"$%s\"", name);
}

void facts_resolver(struct arena *arena, const struct script_port *port, struct resolver *ret)
{
	struct known *known = arena_alloc(arena, sizeof(*known));

	known->facts = &facts_of_labs[port->lab];
	known->mtu = port->mtu ? port->mtu : FACTS_MTU;
	*ret = (struct resolver){ lab_resolve, known };
}

static int plain_resolve(void *context, const char *name, const uint8_t *destination, size_t length,
	char *text, size_t size, bool *placeholder, struct err *err)
{
	const struct resolver *base = context;

	if (!strncmp(name, "peer.", 5))
		return err_input(err, NULL,
			"$%s is of a lab's peer: on an interface that is there give the address, "
			"by a variable and -D",
			name);
	return base->resolve(
		base->context, name, destination, length, text, size, placeholder, err);
}

void facts_resolver_plain(struct arena *arena, const struct resolver *base, struct resolver *ret)
{
	*ret = (struct resolver){ plain_resolve, arena_copy(arena, base, sizeof(*base)) };
}

void facts_mac(const char *text, uint8_t ret[6])
{
	for (unsigned int i = 0; i < 6; i++) {
		unsigned int octet = 0;

		(void)sscanf(text + (size_t)3 * i, "%2x", &octet);
		ret[i] = (uint8_t)octet;
	}
}

static void wire_of(const struct script_port *port, struct lab_wire *ret)
{
	const struct facts *facts = &facts_of_labs[port->lab];

	*ret = (struct lab_wire){
		.ipv4_prefix = FACTS_IPV4_PREFIX,
		.ipv6_prefix = FACTS_IPV6_PREFIX,
		.mtu = port->mtu,
	};
	snprintf(ret->name, sizeof(ret->name), "lab%u", port->lab);
	facts_mac(facts->mac, ret->mac);
	facts_mac(facts->peer_mac, ret->peer_mac);
	inet_pton(AF_INET, facts->peer_ipv4, ret->peer_ipv4);
	inet_pton(AF_INET6, facts->peer_ipv6, ret->peer_ipv6);
}

bool facts_lab(const struct script *script, struct lab_config *ret)
{
	*ret = (struct lab_config){ .forwarding = script->peer.forwarding };
	for (unsigned int i = 0; i < script->port_count; i++)
		if (!script->ports[i].interface)
			wire_of(&script->ports[i], &ret->wires[ret->count++]);
	return ret->count;
}
