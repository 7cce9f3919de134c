/*
 * table.h: which probes a frame may answer: numbers of places by 64-bit keys, in open addressing
 * with linear probing. A place may stand under many keys, and a key may have several places.
 */
#ifndef PROBE_TABLE_H
#define PROBE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A key that so many places share tells nothing, and takes no more of them: a look-up is so
 * bounded.
 */
#define PROBE_TABLE_SHARED 64U

struct probe_cell {
	uint32_t tag;	/* of the key; it says where the cell belongs */
	uint32_t place; /* and 1; 0: free */
};

/* Caller's storage. */
struct probe_table {
	struct probe_cell *cells;
	uint32_t mask;
	uint32_t used, limit; /* of the cells */
};

/* For so many entries. -ENOMEM. */
int probe_table_init(struct probe_table *table, size_t entries);
void probe_table_fini(struct probe_table *table);

/* The key is to be looked up or added soon: its cell is on its way from memory meanwhile. */
void probe_table_expect(const struct probe_table *table, uint64_t key);

/* false: the table is full, or the key is shared by too many. */
bool probe_table_add(struct probe_table *table, uint64_t key, uint32_t place);

/* What is not there is passed over. */
void probe_table_remove(struct probe_table *table, uint64_t key, uint32_t place);

/*
 * Places that may stand under the key: at most one in 2^32 of them does not. Begin with *cursor 0;
 * false: there is no more. Nothing may be added or removed meanwhile.
 */
bool probe_table_next(
	const struct probe_table *table, uint64_t key, uint32_t *cursor, uint32_t *ret);

#endif
