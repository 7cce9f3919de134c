/* tuple.h: finds who a packet is for by its addresses and ports. Pure. */
#ifndef STACK_TUPLE_H
#define STACK_TUPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Addresses of 4 octets are followed by zeros; a whole address of zeros is any, as is port 0. All
 * octets count: begin with {0}, or tuple_of. */
struct tuple {
	uint8_t local[16], remote[16];
	uint16_t local_port, remote_port; /* host order */
	uint8_t address_length;		  /* 4 or 16; 0: local alone, of both versions */
	uint8_t zero[3];
};

struct tuple tuple_of(uint8_t address_length, const uint8_t *local, uint16_t local_port,
	const uint8_t *remote, uint16_t remote_port); /* an address may be NULL: any */

/* Every entry's own struct begins with this. */
struct tuple_entry {
	struct tuple tuple;
	struct tuple_entry *next;
	uint64_t hash;
};

/* Grows with its entries; the key keeps strangers from choosing tuples of one hash. */
struct tuple_table {
	struct tuple_entry **buckets;
	size_t size; /* a power of two */
	size_t count;
	uint64_t key;
};

int tuple_table_init(struct tuple_table *table, uint64_t key); /* -ENOMEM */
void tuple_table_fini(struct tuple_table *table);	       /* the entries are the caller's */

/* -EEXIST: there is one of this tuple. */
int tuple_add(struct tuple_table *table, struct tuple_entry *entry);
void tuple_remove(struct tuple_table *table, struct tuple_entry *entry);
struct tuple_entry *tuple_find(const struct tuple_table *table, const struct tuple *tuple);

/* The entry for a packet between the two ends: the one of both, else one that listens on the local
 * address and port, on the port of any address of the version, on the port of both versions. */
struct tuple_entry *tuple_match(const struct tuple_table *table, const struct tuple *packet);
/* Only the listening ones of these. */
struct tuple_entry *tuple_listener(const struct tuple_table *table, const struct tuple *packet);

#endif
