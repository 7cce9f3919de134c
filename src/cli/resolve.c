/* Answers what a template asks of the machine: $if.* and $hop.mac. */
#include "cli/cli.h"
#include "flow/neighbour.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define NEIGHBOUR_TIMEOUT_MS 1000

typedef int (*neighbour_fn)(const struct interface *interface, const uint8_t *hop, size_t length,
	uint8_t ret_mac[6], struct err *err);

static int mac_put(const uint8_t mac[6], char *text, size_t size)
{
	snprintf(text, size, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
		mac[4], mac[5]);
	return 0;
}

static int resolve_mac(const struct interface *interface, char *text, size_t size, struct err *err)
{
	static const uint8_t zero[6];

	/* A loopback frame's addresses are all zeros. */
	if (interface->flags & IFF_LOOPBACK)
		return mac_put(zero, text, size);
	if (!interface->has_mac)
		return err_input(err, NULL, "%s has no MAC address; give eth.src", interface->name);
	return mac_put(interface->mac, text, size);
}

static int resolve_ipv4(const struct interface *interface, char *text, size_t size, struct err *err)
{
	if (!interface->has_ipv4)
		return err_input(err, NULL,
			"%s has no IPv4 address; give ipv4.src (arp.spa), or add an address: "
			"ip addr add 192.0.2.1/24 dev %s",
			interface->name, interface->name);
	inet_ntop(AF_INET, interface->ipv4, text, (socklen_t)size);
	return 0;
}

static int resolve_ipv6(const struct interface *interface, char *text, size_t size, struct err *err)
{
	if (!interface->has_ipv6)
		return err_input(err, NULL,
			"%s has no IPv6 address; give ipv6.src, or add an address: "
			"ip addr add 2001:db8::1/64 dev %s",
			interface->name, interface->name);
	inet_ntop(AF_INET6, interface->ipv6, text, (socklen_t)size);
	return 0;
}

static int resolve_hop(const struct interface *interface, const uint8_t *destination, size_t length,
	neighbour_fn neighbour, char *text, size_t size, struct err *err)
{
	static const uint8_t zero[6];
	uint8_t hop[16];
	uint8_t mac[6];
	int error;

	if (interface->flags & IFF_LOOPBACK)
		return mac_put(zero, text, size);
	if (!destination)
		return err_input(err, NULL,
			"$hop.mac needs a frame with an IP destination; give eth.dst as an "
			"address");
	error = interface_next_hop(interface, destination, length, hop, err);
	if (!error)
		error = neighbour(interface, hop, length, mac, err);
	return error ? error : mac_put(mac, text, size);
}

static int resolve(const struct interface *interface, const char *name, const uint8_t *destination,
	size_t length, neighbour_fn neighbour, char *text, size_t size, struct err *err)
{
	if (!strcmp(name, "if.mac"))
		return resolve_mac(interface, text, size, err);
	if (!strcmp(name, "if.ipv4"))
		return resolve_ipv4(interface, text, size, err);
	if (!strcmp(name, "if.ipv6"))
		return resolve_ipv6(interface, text, size, err);
	if (!strcmp(name, "hop.mac"))
		return resolve_hop(interface, destination, length, neighbour, text, size, err);
	if (!strcmp(name, "if.mtu")) {
		snprintf(text, size, "%u", interface->mtu);
		return 0;
	}
	return err_input(err, NULL,
		"no variable \"$%s\"; there are $if.mac, $if.ipv4, $if.ipv6, $if.mtu and $hop.mac",
		name);
}

static int ask(const struct interface *interface, const uint8_t *hop, size_t length,
	uint8_t ret_mac[6], struct err *err)
{
	return neighbour_resolve(interface, hop, length, NEIGHBOUR_TIMEOUT_MS, ret_mac, err);
}

static int known(const struct interface *interface, const uint8_t *hop, size_t length,
	uint8_t ret_mac[6], struct err *err)
{
	int error = interface_neighbour(interface, hop, length, ret_mac, err);

	if (error == -ENOENT)
		err_hint(err, "; give eth.dst, or let the kernel find it first: ping it");
	return error;
}

int cli_resolve(void *context, const char *name, const uint8_t *destination, size_t length,
	char *text, size_t size, bool *placeholder, struct err *err)
{
	*placeholder = false;
	return resolve(context, name, destination, length, ask, text, size, err);
}

int cli_resolve_known(void *context, const char *name, const uint8_t *destination, size_t length,
	char *text, size_t size, bool *placeholder, struct err *err)
{
	*placeholder = false;
	return resolve(context, name, destination, length, known, text, size, err);
}
