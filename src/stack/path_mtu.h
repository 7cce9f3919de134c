/* path_mtu.h: what ICMP told of the path to a destination: RFC 1191, RFC 8201. Pure. */
#ifndef STACK_PATH_MTU_H
#define STACK_PATH_MTU_H

#include <stddef.h>
#include <stdint.h>

#define PATH_MTU_ENTRIES 256		 /* a new destination takes the place of another */
#define PATH_MTU_TIME_NS 600000000000ULL /* RFC 1191 6.3: then the path may have got wider */

/* Caller's storage; all zero is an empty one. */
struct path_mtu {
	struct path_mtu_entry {
		uint8_t address[16];
		uint8_t address_length; /* 0: free */
		uint32_t mtu;
		uint64_t since;
	} entries[PATH_MTU_ENTRIES];
};

/* Octets of an IP packet; 0: nothing was told of it. */
uint32_t path_mtu_find(
	const struct path_mtu *table, const uint8_t *address, size_t length, uint64_t now);

/* Only a smaller one than is known counts. */
void path_mtu_lower(
	struct path_mtu *table, const uint8_t *address, size_t length, uint32_t mtu, uint64_t now);

#endif
