/* Sends each frame once and holds what arrives on a second interface against it. */
#include "flow/verify.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "frame/build.h"

#include <string.h>

const char *const verify_outcome_names[VERIFY_OUTCOMES] = { "equal", "explained", "changed",
	"dropped", "not-sent" };

/* Frames kept that may be ours; a busy link's others are not kept. */
#define ARRIVALS_MAX 65536U
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
	const struct frame_view *const *sent;
	struct verify_result *results;
	struct arrival *first, **last;
	unsigned int arrivals;
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
static size_t bare_length(const struct patch_frame *frame)
{
	return frame->length - (frame->own_fcs ? FCS_LENGTH : 0);
}

static bool is_exact(const struct patch_frame *frame, const uint8_t *octets, size_t length)
{
	return (length == frame->length || length == bare_length(frame)) &&
	       !memcmp(frame->octets, octets, length);
}

/* The likeness of an arrival to a frame of the program; 0 where it is too little to be the same
 * frame: less than half of the shorter one. */
static size_t score(const struct patch_frame *frame, const uint8_t *octets, size_t length)
{
	size_t sent = bare_length(frame);
	size_t shorter = sent < length ? sent : length;
	size_t alike = verify_likeness(frame->octets, sent, octets, length);

	return 2 * alike >= shorter ? alike : 0;
}

static void keep_arrival(struct verify *v, const struct capture_frame *frame)
{
	struct arrival *arrival;
	bool ours = false;

	for (unsigned int i = 0; i < v->program->count && !ours; i++)
		ours = score(&v->program->frames[i], frame->octets, frame->captured) > 0;
	if (!ours || v->arrivals == ARRIVALS_MAX)
		return;
	arrival = arena_alloc(v->arena, sizeof(*arrival));
	arrival->octets = arena_copy(v->arena, frame->octets, frame->captured);
	arrival->length = frame->captured;
	*v->last = arrival;
	v->last = &arrival->next;
	v->arrivals++;
}

static void settle(struct verify *v, unsigned int index, struct arrival *arrival)
{
	struct verify_result *result = &v->results[index];
	const struct patch_frame *frame = &v->program->frames[index];
	struct frame_view *arrived = arena_alloc(v->arena, sizeof(*arrived));
	struct frame_view sent = *v->sent[index];

	arrival->taken = true;
	frame_dissect(
		v->arena, &wire_eth, arrival->octets, arrival->length, DISSECT_FCS_GUESS, arrived);
	result->arrived = arrived;
	result->outcome = VERIFY_EQUAL;
	if (arrival->length == frame->length &&
		!memcmp(arrival->octets, frame->octets, frame->length))
		return;
	/* An FCS that we did not send cannot have been taken off. */
	if (!frame->own_fcs)
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

/* Gives frames what arrived with just their octets; returns how many frames are still open. */
static unsigned int match_exact(struct verify *v)
{
	unsigned int open = 0;

	for (unsigned int i = 0; i < v->program->count; i++) {
		if (!is_open(v, i))
			continue;
		for (struct arrival *a = v->first; a; a = a->next) {
			if (a->taken || !is_exact(&v->program->frames[i], a->octets, a->length))
				continue;
			settle(v, i, a);
			break;
		}
		open += is_open(v, i);
	}
	return open;
}

/* Gives the most alike pair of a frame and an arrival to each other, until none is alike. */
static void match_nearest(struct verify *v)
{
	for (;;) {
		struct arrival *nearest = NULL;
		unsigned int index = 0;
		size_t best = 0;

		for (unsigned int i = 0; i < v->program->count; i++) {
			if (!is_open(v, i))
				continue;
			for (struct arrival *a = v->first; a; a = a->next) {
				size_t alike = a->taken ? 0
							: score(&v->program->frames[i], a->octets,
								  a->length);

				if (alike <= best)
					continue;
				best = alike;
				nearest = a;
				index = i;
			}
		}
		if (!nearest)
			return;
		settle(v, index, nearest);
	}
}

static int send_all(struct verify *v, struct link *link, struct err *err)
{
	for (unsigned int i = 0; i < v->program->count; i++) {
		struct patch_program one;
		struct link_stats before, after;
		int rc;

		patch_program_init(&one, &v->program->frames[i], 1);
		link_stats(link, &before);
		rc = link_run(link, &one, 0, 1, err);
		if (rc < 0)
			return rc;
		link_stats(link, &after);
		v->results[i].outcome = after.sent > before.sent ? VERIFY_DROPPED : VERIFY_NOT_SENT;
	}
	return 0;
}

/* Collects what arrives until each frame has come back as it left, or the time is up. */
static int receive_all(
	struct verify *v, struct capture *capture, unsigned int timeout_ms, struct err *err)
{
	uint64_t at = clock_system.now(NULL);
	uint64_t deadline = at + (uint64_t)timeout_ms * MILLISECOND;

	while (match_exact(v) && at < deadline) {
		struct capture_frame frame;
		int wait_ms = (int)((deadline - at + MILLISECOND - 1) / MILLISECOND);
		int rc = capture_next(capture, &frame, wait_ms, err);

		if (rc < 0)
			return rc;
		if (rc > 0)
			keep_arrival(v, &frame);
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

	v.last = &v.first;
	v.results = arena_alloc(arena, program->count * sizeof(*v.results));
	for (unsigned int i = 0; i < program->count; i++) {
		v.results[i].name = program->frames[i].name;
		v.results[i].sent = sent[i];
	}
	rc = send_all(&v, link, err);
	if (rc < 0)
		return rc;
	rc = receive_all(&v, capture, timeout_ms, err);
	if (rc < 0)
		return rc;
	match_nearest(&v);
	*ret = v.results;
	return 0;
}
