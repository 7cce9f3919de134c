/* Places by keys, in open addressing. */
#include "probe/table.h"

#include "base/random.h"

#include <errno.h>
#include <sys/mman.h>

#define CELLS_MIN 64U
#define CELLS_MAX (1U << 28)

static size_t size_of(const struct probe_table *table)
{
	return ((size_t)table->mask + 1) * sizeof(*table->cells);
}

/* Zeroed, and of large pages, where the kernel has some: a look-up goes anywhere, and with small
 * ones is a miss of the processor's own table of pages each time. */
static struct probe_cell *map_cells(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	(void)madvise(memory, size, MADV_HUGEPAGE);
	return memory;
}

int probe_table_init(struct probe_table *table, size_t entries)
{
	size_t cells = CELLS_MIN;

	/* At most two thirds are used. */
	while (cells < entries + entries / 2 && cells < CELLS_MAX)
		cells *= 2;
	*table = (struct probe_table){
		.mask = (uint32_t)(cells - 1),
		.limit = (uint32_t)(cells - cells / 4),
	};
	table->cells = map_cells(size_of(table));
	return table->cells ? 0 : -ENOMEM;
}

void probe_table_fini(struct probe_table *table)
{
	if (table->cells)
		munmap(table->cells, size_of(table));
}

/* Whatever the key is made of, its tag is spread evenly. */
static uint32_t tag_of(uint64_t key)
{
	return (uint32_t)random_mix(key);
}

void probe_table_expect(const struct probe_table *table, uint64_t key)
{
	__builtin_prefetch(&table->cells[tag_of(key) & table->mask], 1);
}

bool probe_table_add(struct probe_table *table, uint64_t key, uint32_t place)
{
	uint32_t tag = tag_of(key);
	uint32_t at = tag & table->mask;
	unsigned int shared = 0;

	if (table->used >= table->limit)
		return false;
	for (; table->cells[at].place; at = (at + 1) & table->mask)
		if (table->cells[at].tag == tag && ++shared == PROBE_TABLE_SHARED)
			return false;
	table->cells[at] = (struct probe_cell){ .tag = tag, .place = place + 1 };
	table->used++;
	return true;
}

/* Frees the cell, and moves those behind it that could not stand where they belong for it (Knuth,
 * The Art of Computer Programming 3, 6.4, algorithm R). */
static void free_cell(struct probe_table *table, uint32_t hole)
{
	struct probe_cell *cells = table->cells;
	uint32_t mask = table->mask;

	for (uint32_t at = (hole + 1) & mask; cells[at].place; at = (at + 1) & mask) {
		uint32_t home = cells[at].tag & mask;

		if (((at - home) & mask) < ((at - hole) & mask))
			continue;
		cells[hole] = cells[at];
		hole = at;
	}
	cells[hole].place = 0;
	table->used--;
}

void probe_table_remove(struct probe_table *table, uint64_t key, uint32_t place)
{
	uint32_t tag = tag_of(key);

	for (uint32_t at = tag & table->mask; table->cells[at].place; at = (at + 1) & table->mask) {
		if (table->cells[at].tag != tag || table->cells[at].place != place + 1)
			continue;
		free_cell(table, at);
		return;
	}
}

bool probe_table_next(
	const struct probe_table *table, uint64_t key, uint32_t *cursor, uint32_t *ret)
{
	uint32_t tag = tag_of(key);
	uint32_t home = tag & table->mask;
	uint32_t at = (home + *cursor) & table->mask;

	for (; table->cells[at].place; at = (at + 1) & table->mask) {
		++*cursor;
		if (table->cells[at].tag != tag)
			continue;
		*ret = table->cells[at].place - 1;
		return true;
	}
	return false;
}
