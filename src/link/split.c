/* A link over two: each frame leaves by the one of its side. */
#include "link/split.h"

#include <errno.h>
#include <stdlib.h>

struct split_link {
	struct link link;
	struct link *inner[2];
	const uint8_t *sides;
};

static void split_took(void *context, const struct patch_slot *slot)
{
	struct split_link *split = context;

	if (split->link.took)
		split->link.took(split->link.took_context, slot);
}

static struct link *side_of(
	const struct split_link *split, const struct patch_program *program, uint64_t index)
{
	uint64_t place = index % program->pass;

	return split->inner[split->sides[patch_program_place(program, &place)] != 0];
}

static int split_run(struct link *link, struct patch_runner *runner, uint64_t first, uint64_t count,
	struct err *err)
{
	const struct split_link *split = (const struct split_link *)link;
	const struct patch_program *program = runner->program;
	uint64_t end = first + count;
	int r = 0;

	/* As many as go the same way at once. */
	while (!r && first < end) {
		struct link *side = side_of(split, program, first);
		uint64_t next = first + 1;

		while (next < end && side_of(split, program, next) == side)
			next++;
		r = link_run(side, program, first, next - first, err);
		first = next;
	}
	return r;
}

static void split_stats(const struct link *link, struct link_stats *ret)
{
	const struct split_link *split = (const struct split_link *)link;
	struct link_stats second;

	link_stats(split->inner[0], ret);
	link_stats(split->inner[1], &second);
	ret->sent += second.sent;
	ret->bytes += second.bytes;
	/* Those that wait are neither sent nor failed. */
	ret->queued += second.queued - second.failed;
	for (unsigned int i = 0; i < LINK_ERRORS_MAX && second.errors[i].error; i++)
		link_stats_fail(ret, second.errors[i].error, second.errors[i].count);
}

static int split_drain(struct link *link, struct err *err)
{
	const struct split_link *split = (const struct split_link *)link;
	int first = link_drain(split->inner[0], err);
	int second = link_drain(split->inner[1], first ? NULL : err);

	return first ? first : second;
}

static int split_close(struct link *link, struct err *err)
{
	struct split_link *split = (struct split_link *)link;
	int first = link_close(split->inner[0], err);
	int second = link_close(split->inner[1], first ? NULL : err);

	free(split);
	return first ? first : second;
}

static const struct link_ops split_ops = {
	.name = "split",
	.run = split_run,
	.stats = split_stats,
	.drain = split_drain,
	.close = split_close,
};

int link_split_open(
	struct link **ret, struct link *first, struct link *second, const uint8_t *sides)
{
	struct split_link *split = calloc(1, sizeof(*split));

	if (!split)
		return -ENOMEM;
	split->link.ops = &split_ops;
	split->inner[0] = first;
	split->inner[1] = second;
	split->sides = sides;
	for (unsigned int i = 0; i < 2; i++) {
		split->inner[i]->took = split_took;
		split->inner[i]->took_context = split;
	}
	*ret = &split->link;
	return 0;
}
