/* Takes frames, and sends the answers, as many at once as are there. */
#include "respond/loop.h"

#include "base/err.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BATCH	       LINK_SLOTS
#define WAIT_MS	       200 /* how long a signal or a limit may go unseen */
#define TICK_NS	       200000000U
#define MILLISECOND_NS 1000000U
#define LOOK_EVERY     1024U /* frames, while they come without a pause */

#define ROOM  (4U * FRAME_LENGTH_MAX)
#define ALIGN 64U

/* Answers that may leave at once after a pause: those of so many seconds. */
#define BURST_SECONDS 0.01

struct running {
	const struct respond_loop *loop;
	struct respond_counts *counts;
	uint64_t *per_rule;
	struct patch_frame frames[BATCH];
	uint8_t *
		room; /* of ROOM octets: the answers, one behind the other, as that is in a cache */
	size_t used;
	unsigned int waiting;
	uint64_t begun, now, ticked_at, answered_at;
	uint64_t answered, elsewhere;
	double tokens;
	uint64_t tokens_at;
};

static void look_at_clock(struct running *r)
{
	r->now = r->loop->clock->now(r->loop->clock->context);
}

/* ---- the rate ---- */

static bool rate_allows(struct running *r)
{
	double burst = r->loop->rate * BURST_SECONDS;

	if (r->loop->rate <= 0)
		return true;
	look_at_clock(r);
	r->tokens += (double)(r->now - r->tokens_at) * r->loop->rate / 1e9;
	r->tokens_at = r->now;
	if (burst < 1)
		burst = 1;
	if (r->tokens > burst)
		r->tokens = burst;
	if (r->tokens < 1)
		return false;
	r->tokens -= 1;
	return true;
}

static bool may(const struct running *r)
{
	return !r->loop->may || r->loop->may(r->loop->context);
}

/* ---- frames ---- */

static void take(struct running *r, const struct capture_frame *request)
{
	struct respond_seen seen = { .request = request };
	uint8_t *room = r->room + r->used;
	struct patch_frame *frame = &r->frames[r->waiting];

	r->counts->received++;
	seen.verdict = RESPOND_DAMAGED;
	if (request->captured == request->length)
		seen.verdict = responder_answer(r->loop->responder, request->octets,
			request->length, room, &seen.answer_length, &seen.rule);
	r->counts->verdicts[seen.verdict]++;
	seen.answer = room;
	if (seen.verdict == RESPOND_ANSWERED && !(rate_allows(r) && may(r))) {
		seen.held_back = true;
		r->counts->held_back++;
	} else if (seen.verdict == RESPOND_ANSWERED) {
		*frame = (struct patch_frame){
			.name = "answer", .octets = room, .length = seen.answer_length, .weight = 1
		};
		r->used += (seen.answer_length + ALIGN - 1) / ALIGN * ALIGN;
		r->waiting++;
		r->answered++;
		r->per_rule[seen.rule]++;
	}
	if (r->loop->seen)
		r->loop->seen(r->loop->context, &seen);
}

static int send_waiting(struct running *r, struct err *err)
{
	struct patch_program program;
	int rc;

	if (!r->waiting)
		return 0;
	patch_program_init(&program, r->frames, r->waiting);
	rc = link_run(r->loop->link, &program, 0, r->waiting, err);
	r->waiting = 0;
	r->used = 0;
	return rc;
}

/* ---- limits ---- */

static void tick(struct running *r)
{
	uint64_t elsewhere;

	if (r->now - r->ticked_at < TICK_NS)
		return;
	r->ticked_at = r->now;
	if (!r->loop->tick)
		return;
	elsewhere = r->loop->tick(r->loop->context);
	if (elsewhere != r->elsewhere)
		r->answered_at = r->now;
	r->elsewhere = elsewhere;
}

static bool is_counted_out(const struct running *r)
{
	return r->loop->count && r->answered + r->elsewhere >= r->loop->count;
}

static bool is_over(struct running *r)
{
	const struct respond_loop *loop = r->loop;

	if (loop->stop && *loop->stop) {
		r->counts->stopped = true;
		return true;
	}
	r->counts->timed_out = loop->timeout_ns && r->now - r->answered_at >= loop->timeout_ns;
	return is_counted_out(r) || r->counts->timed_out ||
	       (loop->duration_ns && r->now - r->begun >= loop->duration_ns);
}

static int wait_ms(const struct running *r)
{
	const struct respond_loop *loop = r->loop;
	uint64_t wait = (uint64_t)WAIT_MS * MILLISECOND_NS;

	if (loop->duration_ns && r->begun + loop->duration_ns - r->now < wait)
		wait = r->begun + loop->duration_ns - r->now;
	if (loop->timeout_ns && r->answered_at + loop->timeout_ns - r->now < wait)
		wait = r->answered_at + loop->timeout_ns - r->now;
	return (int)((wait + MILLISECOND_NS - 1) / MILLISECOND_NS);
}

/* ---- the loop ---- */

/* What has come, as many as are sent at once; waits for the first. */
static int take_batch(struct running *r, struct err *err)
{
	unsigned int taken = 0;
	int rc = 0;

	while (r->waiting < BATCH && r->used <= ROOM - FRAME_LENGTH_MAX && taken < LOOK_EVERY &&
		!is_counted_out(r)) {
		struct capture_frame request;

		rc = capture_next(r->loop->capture, &request, taken ? 0 : wait_ms(r), err);
		if (rc <= 0)
			break;
		take(r, &request);
		taken++;
	}
	return rc < 0 ? rc : 0;
}

static int run(struct running *r, struct err *err)
{
	int rc = 0;

	while (!rc && !is_over(r)) {
		uint64_t before = r->answered;
		int sent;

		rc = take_batch(r, err);
		sent = send_waiting(r, rc ? NULL : err);
		rc = rc ? rc : sent;
		look_at_clock(r);
		if (r->answered != before)
			r->answered_at = r->now;
		tick(r);
	}
	return rc;
}

int respond_loop_run(const struct respond_loop *loop, uint64_t *per_rule,
	struct respond_counts *ret, struct err *err)
{
	struct running *r = calloc(1, sizeof(*r));
	int rc;

	*ret = (struct respond_counts){ 0 };
	if (!r)
		return err_system(err, ENOMEM, "cannot answer");
	r->room = malloc(ROOM);
	if (!r->room) {
		free(r);
		return err_system(err, ENOMEM, "cannot answer");
	}
	r->loop = loop;
	r->counts = ret;
	r->per_rule = per_rule;
	look_at_clock(r);
	r->begun = r->ticked_at = r->answered_at = r->tokens_at = r->now;
	r->tokens = 1;
	rc = run(r, err);
	look_at_clock(r);
	ret->elapsed_ns = r->now - r->begun;
	free(r->room);
	free(r);
	return rc;
}
