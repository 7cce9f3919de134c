/* Addresses as people write and read them. */
#include "cli/sockets/sockets.h"

#include "stack/system_address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

int sockets_port(const char *text, uint16_t *ret, struct err *err)
{
	uint64_t port = 0;

	if (text_number(text, &port, NULL) || port > UINT16_MAX)
		return err_input(err, NULL, "%s is no port: 0 to 65535", text);
	*ret = (uint16_t)port;
	return 0;
}

/* Of one link: RFC 4291 2.5.6; of groups 2.7, up to link-local scope. */
static bool is_of_a_link(const struct stack_address *address)
{
	const uint8_t *octets = address->octets;

	return address->length == 16 && ((octets[0] == 0xfe && (octets[1] & 0xc0) == 0x80) ||
						(octets[0] == 0xff && (octets[1] & 0x0f) <= 2));
}

/* RFC 4007 6: which link, where the address does not say it: that of -i. False: nobody knows. */
static bool has_zone(const struct sockets_options *sockets, struct stack_address *address)
{
	if (!is_of_a_link(address) || address->scope)
		return true;
	if (sockets->common->interface)
		address->scope = if_nametoindex(sockets->common->interface);
	/* One that is not there is told of later. */
	return sockets->common->interface;
}

int sockets_resolve_all(const struct sockets_options *sockets, const char *host, const char *port,
	struct sockets_peers *ret, struct err *err)
{
	const struct addrinfo hints = { .ai_family = sockets->family, .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL, *at;
	uint16_t number;
	int rc = sockets_port(port, &number, err);

	if (rc < 0)
		return rc;
	rc = getaddrinfo(host, NULL, &hints, &found);
	if (rc == EAI_SYSTEM)
		return err_system(err, errno, "cannot look up %s", host);
	if (rc)
		return err_input(err, NULL, "%s: %s", host, gai_strerror(rc));
	ret->count = 0;
	for (at = found; at && ret->count < SOCKETS_PEERS_MAX; at = at->ai_next) {
		struct stack_address *address = &ret->at[ret->count];

		system_address_get((const void *)at->ai_addr, address);
		address->port = number;
		ret->count += has_zone(sockets, address);
	}
	freeaddrinfo(found);
	if (!ret->count)
		return err_input(err, NULL,
			"%s is an address of each link: name the interface, as in %s%%eth0%s", host,
			host, sockets->kernel ? "" : ", or by -i");
	return 0;
}

/* Nobody has named one. */
static int any_address(const struct sockets_options *sockets, const char *port,
	struct stack_address *ret, struct err *err)
{
	uint16_t number;
	int rc = sockets_port(port, &number, err);

	if (rc < 0)
		return rc;
	*ret = (struct stack_address){ .port = number };
	ret->length = sockets->family == AF_INET ? 4 : sockets->family == AF_INET6 ? 16 : 0;
	return 0;
}

int sockets_resolve(const struct sockets_options *sockets, const char *host, const char *port,
	struct stack_address *ret, struct err *err)
{
	struct sockets_peers found;
	size_t i = 0;
	int rc;

	if (!host)
		return any_address(sockets, port, ret, err);
	rc = sockets_resolve_all(sockets, host, port, &found, err);
	if (rc < 0)
		return rc;
	while (i < found.count && found.at[i].length != 4)
		i++;
	*ret = found.at[i < found.count ? i : 0];
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
