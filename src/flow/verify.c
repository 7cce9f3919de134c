/* Sends each frame once and holds what arrives on a second interface against it. */
#include "flow/verify.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "frame/build.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *const verify_outcome_names[VERIFY_OUTCOMES] = { "equal", "explained", "changed",
	"dropped", "not-sent" };

/* Frames kept that may be ours, changed. */
#define ARRIVALS_MAX 4096U
#define MILLISECOND  1000000U

struct arrival {
	struct arrival *next; /* in the order of arrival */
	const uint8_t *octets;
	size_t length;
	bool taken;
};

struct verify {
	struct arena *arena;
	const struct patch_program *program;
	struct patch_runner runner; /* slot i holds frame i as it is sent */
	const struct frame_view *const *sent;
	struct verify_result *results;
	struct arrival *first, **last;
	unsigned int arrivals;
	unsigned int open; /* frames that were sent and have not been seen as they left */
};

static size_t equal_octets(const uint8_t *a, const uint8_t *b, size_t length)
{
	size_t equal = 0;

	for (size_t i = 0; i < length; i++)
		equal += a[i] == b[i];
	return equal;
}

/* Octets alike at the beginning plus octets alike at the end, each counted once. */
static size_t ends_alike(
	const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length, size_t shorter)
{
	size_t head = 0, tail = 0;

	while (head < shorter && a[head] == b[head])
		head++;
	while (head + tail < shorter && a[a_length - 1 - tail] == b[b_length - 1 - tail])
		tail++;
	return head + tail;
}

size_t verify_likeness(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length)
{
	size_t shorter = a_length < b_length ? a_length : b_length;
	size_t best = equal_octets(a, b, shorter);
	size_t from_end = equal_octets(a + a_length - shorter, b + b_length - shorter, shorter);
	size_t around = ends_alike(a, a_length, b, b_length, shorter);

	if (from_end > best)
		best = from_end;
	return around > best ? around : best;
}

/* The octets that a receiver may see: ours without an FCS, which a receiving device takes off. */
static size_t bare_length(const struct patch_slot *slot)
{
	return slot->length - (slot->frame->own_fcs ? FCS_LENGTH : 0);
}

static bool is_exact(const struct patch_slot *slot, const uint8_t *octets, size_t length)
{
	return (length == slot->length || length == bare_length(slot)) &&
	       !memcmp(slot->octets, octets, length);
}

/* The likeness of an arrival to a frame of the program; 0 where it is too little to be the same
 * frame: less than half of the shorter one. */
static size_t score(const struct patch_slot *slot, const uint8_t *octets, size_t length)
{
	size_t sent = bare_length(slot);
	size_t shorter = sent < length ? sent : length;
	size_t alike = verify_likeness(slot->octets, sent, octets, length);

	return 2 * alike >= shorter ? alike : 0;
}

static void settle(struct verify *v, unsigned int index, struct arrival *arrival)
{
	struct verify_result *result = &v->results[index];
	const struct patch_slot *slot = &v->runner.slots[index];
	struct frame_view *arrived = arena_alloc(v->arena, sizeof(*arrived));
	struct frame_view sent = *v->sent[index];

	arrival->taken = true;
	frame_dissect(
		v->arena, &wire_eth, arrival->octets, arrival->length, DISSECT_FCS_GUESS, arrived);
	result->arrived = arrived;
	result->outcome = VERIFY_EQUAL;
	if (arrival->length == slot->length && !memcmp(arrival->octets, slot->octets, slot->length))
		return;
	/* An FCS that we did not send cannot have been taken off. */
	if (!slot->frame->own_fcs)
		sent.fcs = VIEW_FCS_NONE;
	frame_diff(v->arena, &sent, arrived, &result->diffs, &result->count);
	for (unsigned int i = 0; i < result->count; i++) {
		if (!result->diffs[i].explained) {
			result->outcome = VERIFY_CHANGED;
			return;
		}
		result->outcome = VERIFY_EXPLAINED;
	}
	/* Octets that differ where the views do not: never call that equal. */
	if (!result->count)
		result->outcome = VERIFY_CHANGED;
}

static bool is_open(const struct verify *v, unsigned int index)
{
	const struct verify_result *result = &v->results[index];

	return result->outcome == VERIFY_DROPPED && !result->arrived;
}

/* Gives the arrival to the first frame that left with just its octets. true where there is such a
 * frame, also one that has arrived before: a duplicate is not another frame, changed. */
static bool match_exact(struct verify *v, struct arrival *arrival)
{
	bool exact = false;

	for (unsigned int i = 0; i < v->program->count; i++) {
		if (!is_exact(&v->runner.slots[i], arrival->octets, arrival->length))
			continue;
		exact = true;
		if (!is_open(v, i))
			continue;
		settle(v, i, arrival);
		v->open--;
		break;
	}
	return exact;
}

/* Whether it may be a frame of ours that was changed, and not some other traffic. */
static bool is_alike(const struct verify *v, const struct arrival *arrival)
{
	for (unsigned int i = 0; i < v->program->count; i++)
		if (is_open(v, i) && score(&v->runner.slots[i], arrival->octets, arrival->length))
			return true;
	return false;
}

static void take_arrival(struct verify *v, const struct capture_frame *frame)
{
	struct arrival *arrival = arena_alloc(v->arena, sizeof(*arrival));

	arrival->octets = arena_copy(v->arena, frame->octets, frame->captured);
	arrival->length = frame->captured;
	if (match_exact(v, arrival) || v->arrivals == ARRIVALS_MAX || !is_alike(v, arrival))
		return;
	*v->last = arrival;
	v->last = &arrival->next;
	v->arrivals++;
}

/* A frame and an arrival that may be it. */
struct pair {
	unsigned int index;
	unsigned int order; /* of the arrival */
	struct arrival *arrival;
	size_t alike;
};

/* The most alike first; else in the order of sending and arrival. */
static int pair_compare(const void *a, const void *b)
{
	const struct pair *x = a;
	const struct pair *y = b;

	if (x->alike != y->alike)
		return x->alike > y->alike ? -1 : 1;
	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Gives the most alike pair of a frame and an arrival to each other, until none is alike. */
static void match_nearest(struct verify *v)
{
	struct pair *pairs;
	size_t count = 0;

	if (!v->open || !v->arrivals)
		return;
	pairs = arena_alloc(v->arena, (size_t)v->open * v->arrivals * sizeof(*pairs));
	for (unsigned int i = 0; i < v->program->count; i++) {
		unsigned int order = 0;

		if (!is_open(v, i))
			continue;
		for (struct arrival *a = v->first; a; a = a->next) {
			size_t alike = score(&v->runner.slots[i], a->octets, a->length);

			if (alike)
				pairs[count++] = (struct pair){ i, order++, a, alike };
		}
	}
	qsort(pairs, count, sizeof(*pairs), pair_compare);
	for (size_t i = 0; i < count; i++)
		if (is_open(v, pairs[i].index) && !pairs[i].arrival->taken)
			settle(v, pairs[i].index, pairs[i].arrival);
}

static int send_all(struct verify *v, struct link *link, struct err *err)
{
	for (unsigned int i = 0; i < v->program->count; i++) {
		struct link_stats before, after;
		int rc;

		link_stats(link, &before);
		rc = link_run(link, v->program, patch_program_first(v->program, i), 1, err);
		if (rc == 0)
			rc = link_drain(link, err);
		if (rc < 0)
			return rc;
		link_stats(link, &after);
		if (after.sent == before.sent)
			continue;
		v->results[i].outcome = VERIFY_DROPPED; /* until it arrives */
		v->open++;
	}
	return 0;
}

/* Collects what arrives until each frame has come back as it left, or the time is up. */
static int receive_all(
	struct verify *v, struct capture *capture, unsigned int timeout_ms, struct err *err)
{
	uint64_t at = clock_system.now(NULL);
	uint64_t deadline = at + (uint64_t)timeout_ms * MILLISECOND;

	while (v->open && at < deadline) {
		struct capture_frame frame;
		int wait_ms = (int)((deadline - at + MILLISECOND - 1) / MILLISECOND);
		int rc = capture_next(capture, &frame, wait_ms, err);

		/* The end of a capture file: nothing more can arrive. */
		if (rc == -ENODATA)
			break;
		if (rc < 0)
			return rc;
		if (rc > 0)
			take_arrival(v, &frame);
		at = clock_system.now(NULL);
	}
	return 0;
}

int verify_run(struct arena *arena, struct link *link, const struct patch_program *program,
	const struct frame_view *const *sent, struct capture *capture, unsigned int timeout_ms,
	struct verify_result **ret, struct err *err)
{
	struct verify v = { .arena = arena, .program = program, .sent = sent };
	int rc;

	if (patch_runner_init(&v.runner, program, program->count))
		return err_system(err, ENOMEM, "cannot hold %u frames", program->count);
	v.last = &v.first;
	v.results = arena_alloc(arena, program->count * sizeof(*v.results));
	for (unsigned int i = 0; i < program->count; i++) {
		v.results[i].name = program->frames[i].name;
		v.results[i].sent = sent[i];
		v.results[i].outcome = VERIFY_NOT_SENT;
		patch_runner_make(&v.runner, patch_program_first(program, i), &v.runner.slots[i]);
	}
	rc = send_all(&v, link, err);
	if (rc == 0)
		rc = receive_all(&v, capture, timeout_ms, err);
	if (rc == 0) {
		match_nearest(&v);
		*ret = v.results;
	}
	patch_runner_fini(&v.runner);
	return rc;
}
