/* A hash of flows, with chains. */
#include "stack/tuple.h"

#include "base/random.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 64

struct tuple tuple_of(uint8_t address_length, const uint8_t *local, uint16_t local_port,
	const uint8_t *remote, uint16_t remote_port)
{
	struct tuple tuple = { .local_port = local_port,
		.remote_port = remote_port,
		.address_length = address_length };

	if (local)
		memcpy(tuple.local, local, address_length);
	if (remote)
		memcpy(tuple.remote, remote, address_length);
	return tuple;
}

static uint64_t hash(uint64_t key, const struct tuple *tuple)
{
	uint64_t words[sizeof(*tuple) / sizeof(uint64_t)];

	_Static_assert(sizeof(*tuple) % sizeof(uint64_t) == 0, "no octet of a tuple is left out");
	memcpy(words, tuple, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		key = random_mix(key ^ words[i]);
	return key;
}

int tuple_table_init(struct tuple_table *table, uint64_t key)
{
	struct tuple_entry **buckets = calloc(FIRST_SIZE, sizeof(struct tuple_entry *));

	if (!buckets)
		return -ENOMEM;
	*table = (struct tuple_table){ .buckets = buckets, .size = FIRST_SIZE, .key = key };
	return 0;
}

void tuple_table_fini(struct tuple_table *table)
{
	free(table->buckets);
	*table = (struct tuple_table){ 0 };
}

static struct tuple_entry **bucket(const struct tuple_table *table, uint64_t of)
{
	return &table->buckets[of & (table->size - 1)];
}

/* Without memory the chains get longer, and that is all. */
static void grow(struct tuple_table *table)
{
	struct tuple_table larger = { .size = table->size * 2 };

	larger.buckets = calloc(larger.size, sizeof(struct tuple_entry *));
	if (!larger.buckets)
		return;
	for (size_t i = 0; i < table->size; i++) {
		struct tuple_entry *entry, *next;

		for (entry = table->buckets[i]; entry; entry = next) {
			struct tuple_entry **to = bucket(&larger, entry->hash);

			next = entry->next;
			entry->next = *to;
			*to = entry;
		}
	}
	free(table->buckets);
	table->buckets = larger.buckets;
	table->size = larger.size;
}

int tuple_add(struct tuple_table *table, struct tuple_entry *entry)
{
	struct tuple_entry **to;

	if (tuple_find(table, &entry->tuple))
		return -EEXIST;
	if (table->count >= table->size)
		grow(table);
	entry->hash = hash(table->key, &entry->tuple);
	to = bucket(table, entry->hash);
	entry->next = *to;
	*to = entry;
	table->count++;
	return 0;
}

void tuple_remove(struct tuple_table *table, struct tuple_entry *entry)
{
	struct tuple_entry **at = bucket(table, entry->hash);

	while (*at && *at != entry)
		at = &(*at)->next;
	if (!*at)
		return;
	*at = entry->next;
	entry->next = NULL;
	table->count--;
}

struct tuple_entry *tuple_find(const struct tuple_table *table, const struct tuple *tuple)
{
	uint64_t of = hash(table->key, tuple);
	struct tuple_entry *entry = *bucket(table, of);

	while (entry && (entry->hash != of || memcmp(&entry->tuple, tuple, sizeof(*tuple)) != 0))
		entry = entry->next;
	return entry;
}

struct tuple_entry *tuple_listener(const struct tuple_table *table, const struct tuple *packet)
{
	struct tuple tuple =
		tuple_of(packet->address_length, packet->local, packet->local_port, NULL, 0);
	struct tuple_entry *entry = tuple_find(table, &tuple);

	if (entry)
		return entry;
	memset(tuple.local, 0, sizeof(tuple.local));
	entry = tuple_find(table, &tuple);
	if (entry)
		return entry;
	tuple.address_length = 0;
	return tuple_find(table, &tuple);
}

struct tuple_entry *tuple_match(const struct tuple_table *table, const struct tuple *packet)
{
	struct tuple_entry *entry = tuple_find(table, packet);

	return entry ? entry : tuple_listener(table, packet);
}
