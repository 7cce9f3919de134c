/* A timing wheel: levels of slots, each level's slot as long as a whole turn of the one below. */
#include "stack/wheel.h"

#include <stddef.h>
#include <string.h>

#define SLOT_BITS 6
/* What is further away waits in the last slot, and is looked at again there. */
#define SPAN (1ULL << (SLOT_BITS * WHEEL_LEVELS))

void wheel_init(struct wheel *wheel, uint64_t now)
{
	memset(wheel, 0, sizeof(*wheel));
	wheel->tick = now >> WHEEL_SHIFT;
}

static void link_to(struct wheel_entry **list, struct wheel_entry *entry)
{
	entry->next = *list;
	entry->link = list;
	if (entry->next)
		entry->next->link = &entry->next;
	*list = entry;
}

void wheel_cancel(struct wheel_entry *entry)
{
	if (!entry->link)
		return;
	*entry->link = entry->next;
	if (entry->next)
		entry->next->link = entry->link;
	entry->link = NULL;
}

/* The first tick at which it is due. */
static uint64_t tick_of(uint64_t at)
{
	return (at >> WHEEL_SHIFT) + ((at & ((1ULL << WHEEL_SHIFT) - 1)) != 0);
}

static void place(struct wheel *wheel, struct wheel_entry *entry)
{
	uint64_t tick = tick_of(entry->at);
	uint64_t away;
	unsigned int level = 0;
	unsigned int slot;

	if (tick < wheel->tick)
		tick = wheel->tick;
	away = tick - wheel->tick;
	if (away >= SPAN) {
		away = SPAN - 1;
		tick = wheel->tick + away;
	}
	while (away >> (SLOT_BITS * (level + 1)))
		level++;
	slot = (unsigned int)(tick >> (SLOT_BITS * level)) % WHEEL_SLOTS;
	link_to(&wheel->slots[level][slot], entry);
	wheel->used[level] |= 1ULL << slot;
}

void wheel_set(struct wheel *wheel, struct wheel_entry *entry, uint64_t at)
{
	wheel_cancel(entry);
	entry->at = at;
	if (at != UINT64_MAX)
		place(wheel, entry);
}

/* Takes all out of a slot: due, or to where they belong now, which may be this slot again. */
static void empty(struct wheel *wheel, unsigned int level, unsigned int slot, uint64_t now)
{
	struct wheel_entry *entry = wheel->slots[level][slot];

	wheel->slots[level][slot] = NULL;
	wheel->used[level] &= ~(1ULL << slot);
	while (entry) {
		struct wheel_entry *next = entry->next;

		if (entry->at <= now)
			link_to(&wheel->due, entry);
		else
			place(wheel, entry);
		entry = next;
	}
}

/* Turns to now. From the top, so that what comes down is looked at on its new level. */
static void turn(struct wheel *wheel, uint64_t now)
{
	uint64_t from = wheel->tick;
	uint64_t to = now >> WHEEL_SHIFT;
	int level;

	wheel->tick = to;
	for (level = WHEEL_LEVELS - 1; level >= 0; level--) {
		unsigned int shift = SLOT_BITS * (unsigned int)level;
		uint64_t first = (from >> shift) + (level > 0);
		uint64_t last = to >> shift;
		uint64_t at;

		if (last - first >= WHEEL_SLOTS && last >= first)
			first = last - WHEEL_SLOTS + 1;
		for (at = first; at <= last; at++)
			if (wheel->used[level] >> (at % WHEEL_SLOTS) & 1)
				empty(wheel, (unsigned int)level, (unsigned int)(at % WHEEL_SLOTS),
					now);
	}
}

struct wheel_entry *wheel_take(struct wheel *wheel, uint64_t now)
{
	struct wheel_entry *entry;

	if (!wheel->due && now >> WHEEL_SHIFT >= wheel->tick)
		turn(wheel, now);
	entry = wheel->due;
	if (entry)
		wheel_cancel(entry);
	return entry;
}

static uint64_t rotate(uint64_t bits, uint64_t by)
{
	by %= WHEEL_SLOTS;
	return by ? bits >> by | bits << (WHEEL_SLOTS - by) : bits;
}

uint64_t wheel_next(const struct wheel *wheel)
{
	uint64_t next = UINT64_MAX;
	unsigned int level;

	if (wheel->due)
		return 0;
	for (level = 0; level < WHEEL_LEVELS; level++) {
		/* Above the lowest level the slot of now is a whole turn away. */
		uint64_t first = (wheel->tick >> (SLOT_BITS * level)) + (level > 0);
		uint64_t at;

		if (!wheel->used[level])
			continue;
		at = first + (unsigned int)__builtin_ctzll(rotate(wheel->used[level], first));
		at <<= SLOT_BITS * level + WHEEL_SHIFT;
		if (at < next)
			next = at;
	}
	return next;
}
