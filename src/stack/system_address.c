/* Converts addresses between the kernel's form and the stack's. */
#include "stack/system_address.h"

#include <arpa/inet.h>
#include <string.h>

socklen_t system_address_put(
	const struct stack_address *address, bool six, union system_address *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (!six) {
		ret->four.sin_family = AF_INET;
		ret->four.sin_port = htons(address->port);
		memcpy(&ret->four.sin_addr, address->octets, 4);
		return sizeof(ret->four);
	}
	ret->six.sin6_family = AF_INET6;
	ret->six.sin6_port = htons(address->port);
	ret->six.sin6_scope_id = address->scope;
	if (address->length == 4) {
		memset(ret->six.sin6_addr.s6_addr + 10, 0xff, 2);
		memcpy(ret->six.sin6_addr.s6_addr + 12, address->octets, 4);
	} else if (address->length == 16) {
		memcpy(&ret->six.sin6_addr, address->octets, 16);
	}
	return sizeof(ret->six);
}

void system_address_get(const union system_address *from, struct stack_address *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (from->any.sa_family == AF_INET) {
		ret->length = 4;
		memcpy(ret->octets, &from->four.sin_addr, 4);
		ret->port = ntohs(from->four.sin_port);
	} else if (from->any.sa_family == AF_INET6) {
		bool mapped = IN6_IS_ADDR_V4MAPPED(&from->six.sin6_addr);

		ret->length = mapped ? 4 : 16;
		memcpy(ret->octets, from->six.sin6_addr.s6_addr + (mapped ? 12 : 0), ret->length);
		ret->port = ntohs(from->six.sin6_port);
		ret->scope = from->six.sin6_scope_id;
	}
}
