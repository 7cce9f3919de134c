/* Keeps ranges of sequence numbers, sorted and apart. */
#include "tcp/ranges.h"

#include <stdlib.h>
#include <string.h>

#include "tcp/sequence.h"

void ranges_fini(struct ranges *ranges)
{
	free(ranges->at);
	*ranges = (struct ranges){ 0 };
}

/* The first range that ends at or after number. */
static size_t ranges_search(const struct ranges *ranges, uint32_t number)
{
	size_t low = 0, high = ranges->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (seq_before(ranges->at[middle].right, number))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool ranges_insert(struct ranges *ranges, size_t index, uint32_t left, uint32_t right)
{
	if (ranges->count == RANGES_MAX)
		return false;
	if (ranges->count == ranges->capacity) {
		size_t capacity = ranges->capacity ? 2 * ranges->capacity : 8;
		struct range *at = realloc(ranges->at, capacity * sizeof(*at));

		if (!at)
			return false;
		ranges->at = at;
		ranges->capacity = capacity;
	}
	memmove(ranges->at + index + 1, ranges->at + index,
		(ranges->count - index) * sizeof(*ranges->at));
	ranges->at[index] = (struct range){ left, right };
	ranges->count++;
	return true;
}

static void ranges_remove(struct ranges *ranges, size_t index, size_t count)
{
	ranges->count -= count;
	memmove(ranges->at + index, ranges->at + index + count,
		(ranges->count - index) * sizeof(*ranges->at));
}

bool ranges_add(struct ranges *ranges, uint32_t left, uint32_t right)
{
	size_t first = ranges_search(ranges, left), last = first;

	while (last < ranges->count && !seq_after(ranges->at[last].left, right))
		last++;
	if (first == last)
		return ranges_insert(ranges, first, left, right);
	ranges->at[first].left = seq_min(ranges->at[first].left, left);
	ranges->at[first].right = seq_max(ranges->at[last - 1].right, right);
	ranges_remove(ranges, first + 1, last - first - 1);
	return true;
}

const struct range *ranges_find(const struct ranges *ranges, uint32_t number)
{
	size_t index = ranges_search(ranges, number + 1);

	if (index == ranges->count || seq_after(ranges->at[index].left, number))
		return NULL;
	return &ranges->at[index];
}

uint32_t ranges_join(struct ranges *ranges, uint32_t number)
{
	size_t gone = 0;

	while (gone < ranges->count && !seq_after(ranges->at[gone].left, number)) {
		number = seq_max(number, ranges->at[gone].right);
		gone++;
	}
	if (gone)
		ranges_remove(ranges, 0, gone);
	return number;
}
