/* A table of path MTUs, one place for all destinations of a hash. */
#include "stack/path_mtu.h"

#include "base/random.h"

#include <string.h>

static size_t place(const uint8_t *address, size_t length)
{
	uint64_t words[2] = { 0 };

	memcpy(words, address, length);
	return random_mix(words[0] ^ random_mix(words[1] + length)) % PATH_MTU_ENTRIES;
}

static int is_of(const struct path_mtu_entry *entry, const uint8_t *address, size_t length)
{
	return entry->address_length == length && !memcmp(entry->address, address, length);
}

uint32_t path_mtu_find(
	const struct path_mtu *table, const uint8_t *address, size_t length, uint64_t now)
{
	const struct path_mtu_entry *entry = &table->entries[place(address, length)];

	if (!is_of(entry, address, length) || now >= entry->since + PATH_MTU_TIME_NS)
		return 0;
	return entry->mtu;
}

void path_mtu_lower(
	struct path_mtu *table, const uint8_t *address, size_t length, uint32_t mtu, uint64_t now)
{
	struct path_mtu_entry *entry = &table->entries[place(address, length)];
	uint32_t known = path_mtu_find(table, address, length, now);

	if (known && known <= mtu)
		return;
	memset(entry, 0, sizeof(*entry));
	memcpy(entry->address, address, length);
	entry->address_length = (uint8_t)length;
	entry->mtu = mtu;
	entry->since = now;
}
