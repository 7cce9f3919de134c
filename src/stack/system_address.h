/* system_address.h: addresses as the kernel's sockets have them. Pure. */
#ifndef STACK_SYSTEM_ADDRESS_H
#define STACK_SYSTEM_ADDRESS_H

#include "stack/socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

union system_address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

/* For a socket of IPv6 or IPv4; length 0 is any. For one of IPv6 an IPv4 address is a mapped one,
 * RFC 4291 2.5.5.2. Returns how many octets of *ret the kernel is to be given. */
socklen_t system_address_put(
	const struct stack_address *address, bool six, union system_address *ret);

/* A mapped address is IPv4's; another family's has length 0. */
void system_address_get(const union system_address *from, struct stack_address *ret);

#endif
