/* A link that keeps copies of its frames, for tests. */
#include "base/arena.h"
#include "base/err.h"
#include "link/link.h"

#include <errno.h>
#include <stdlib.h>

struct copy {
	const uint8_t *octets;
	size_t length;
};

struct memory_link {
	struct link link;
	struct link_stats stats;
	struct arena arena; /* the octets */
	struct copy *copies;
	size_t count;
	size_t capacity;
};

static int copies_reserve(struct memory_link *memory)
{
	size_t capacity = memory->capacity ? memory->capacity * 2 : 64;
	struct copy *copies;

	if (memory->count < memory->capacity)
		return 0;
	copies = reallocarray(memory->copies, capacity, sizeof(*copies));
	if (!copies)
		return -ENOMEM;
	memory->copies = copies;
	memory->capacity = capacity;
	return 0;
}

static int memory_run(struct link *link, struct patch_runner *runner, uint64_t first,
	uint64_t count, struct err *err)
{
	struct memory_link *memory = (struct memory_link *)link;

	for (uint64_t i = 0; i < count; i++) {
		struct patch_slot *slot = &runner->slots[0];

		patch_runner_make(runner, first + i, slot);
		if (copies_reserve(memory)) {
			link_stats_fail(&memory->stats, ENOMEM, 1);
			return err_system(err, ENOMEM, "cannot keep frame %zu", memory->count + 1);
		}
		memory->copies[memory->count++] = (struct copy){
			.octets = arena_copy(&memory->arena, slot->octets, slot->length),
			.length = slot->length,
		};
		link_took(link, &memory->stats, slot, 1);
	}
	return 0;
}

static void memory_stats(const struct link *link, struct link_stats *ret)
{
	*ret = ((const struct memory_link *)link)->stats;
}

static int memory_close(struct link *link, struct err *err)
{
	struct memory_link *memory = (struct memory_link *)link;

	(void)err;
	arena_fini(&memory->arena);
	free(memory->copies);
	free(memory);
	return 0;
}

static const struct link_ops memory_ops = {
	.name = "memory",
	.run = memory_run,
	.stats = memory_stats,
	.close = memory_close,
};

int link_memory_open(struct link **ret)
{
	struct memory_link *memory = calloc(1, sizeof(*memory));

	if (!memory)
		return -ENOMEM;
	memory->link.ops = &memory_ops;
	arena_init(&memory->arena);
	*ret = &memory->link;
	return 0;
}

size_t link_memory_count(const struct link *link)
{
	return ((const struct memory_link *)link)->count;
}

const uint8_t *link_memory_frame(const struct link *link, size_t index, size_t *length)
{
	const struct copy *copy = &((const struct memory_link *)link)->copies[index];

	*length = copy->length;
	return copy->octets;
}
