/* The sequence of one stream. */
#include "measure/stream.h"

#include <string.h>

#define WORD_BITS 64U

uint64_t tracker_size(uint64_t window, unsigned int holes)
{
	return window / 8 + holes * sizeof(struct tracker_hole);
}

void tracker_init(struct tracker *tracker, void *memory, uint64_t window, unsigned int holes)
{
	uint64_t *seen = memory;

	*tracker = (struct tracker){
		.seen = seen,
		.window = window,
		.holes = (struct tracker_hole *)(void *)(seen + window / WORD_BITS),
		.hole_room = holes,
	};
}

/* ---- the window ---- */

static bool is_seen(const struct tracker *t, uint64_t sequence)
{
	uint64_t bit = sequence & (t->window - 1);

	return t->seen[bit / WORD_BITS] >> bit % WORD_BITS & 1;
}

static void set_seen(struct tracker *t, uint64_t sequence)
{
	uint64_t bit = sequence & (t->window - 1);

	t->seen[bit / WORD_BITS] |= 1ULL << bit % WORD_BITS;
}

static void clear_seen(struct tracker *t, uint64_t first, uint64_t count)
{
	if (count >= t->window) {
		memset(t->seen, 0, t->window / 8);
		return;
	}
	for (uint64_t i = first; i < first + count; i++) {
		uint64_t bit = i & (t->window - 1);

		t->seen[bit / WORD_BITS] &= ~(1ULL << bit % WORD_BITS);
	}
}

/* ---- holes ---- */

static struct tracker_hole *hole(const struct tracker *t, uint64_t number)
{
	return &t->holes[number & (t->hole_room - 1)];
}

static void add_hole(struct tracker *t, uint64_t first, uint64_t last)
{
	*hole(t, t->hole_end++) = (struct tracker_hole){ first, last, t->arrived };
	if (t->hole_count < t->hole_room)
		t->hole_count++;
}

/* How many came since the first that overtook it. They stand in order: halve. */
static uint64_t extent_of(const struct tracker *t, uint64_t sequence)
{
	uint64_t low = t->hole_end - t->hole_count, high = t->hole_end;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		const struct tracker_hole *h = hole(t, middle);

		if (sequence > h->last)
			low = middle + 1;
		else if (sequence < h->first)
			high = middle;
		else
			return t->arrived - h->at;
	}
	return 0;
}

/* ---- arrivals ---- */

static unsigned int count_behind(const struct tracker *t, uint64_t sequence)
{
	unsigned int count = 0;

	while (count < TRACKER_RECENT && count < t->arrived &&
		t->recent[(t->arrived - 1 - count) % TRACKER_RECENT] > sequence)
		count++;
	return count;
}

static void note(struct tracker *t, uint64_t sequence)
{
	set_seen(t, sequence);
	t->recent[t->arrived % TRACKER_RECENT] = sequence;
	t->arrived++;
	t->started = true;
}

static void take_ahead(struct tracker *t, uint64_t sequence)
{
	if (sequence > t->next) {
		clear_seen(t, t->next, sequence - t->next);
		add_hole(t, t->next, sequence - 1);
	}
	t->next = sequence + 1;
	note(t, sequence);
}

/* Whether a sequence far ahead is believed: two that agree are. One alone may be a damaged frame,
 * after which all that follow would be late. */
static bool believe(struct tracker *t, uint64_t sequence)
{
	bool near;

	if (!t->started || sequence - t->next < t->window) {
		t->suspected = false;
		return true;
	}
	near = t->suspected && sequence >= t->suspect && sequence - t->suspect < t->window;
	t->suspect = sequence;
	t->suspected = !near;
	return near;
}

/* The 32 bits stand for the sequence that is nearest to the next one. */
static bool extend(const struct tracker *t, uint32_t sequence, uint64_t *ret)
{
	int32_t ahead = (int32_t)(sequence - (uint32_t)t->next);

	if (ahead < 0 && t->next < (uint64_t) - (int64_t)ahead)
		return false;
	*ret = t->next + (uint64_t)(int64_t)ahead;
	return true;
}

enum tracker_verdict tracker_take(
	struct tracker *t, uint32_t sequence, uint64_t limit, struct tracker_arrival *ret)
{
	uint64_t full;

	if (!extend(t, sequence, &full) || full >= limit)
		return TRACKER_WRONG;
	*ret = (struct tracker_arrival){ .sequence = full };
	if (full >= t->next) {
		if (!believe(t, full))
			return TRACKER_WRONG;
		take_ahead(t, full);
		return TRACKER_NEW;
	}
	if (t->next - full > t->window)
		return TRACKER_STALE;
	if (is_seen(t, full))
		return TRACKER_COPY;
	ret->extent = extent_of(t, full);
	ret->behind = count_behind(t, full);
	note(t, full);
	return TRACKER_REORDERED;
}
