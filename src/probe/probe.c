/* Probes: a loop that sends what is due, takes what came, and gives up what nobody answered. */
#include "probe/probe_internal.h"

#include "base/err.h"

#include <errno.h>
#include <stdlib.h>

/* A frame may stay so long in the kernel's ring before it is seen, beside the time that its stamp
 * says it took: nobody is given up before. */
#define GRACE_NS 5000000U

#define TICK_NS	     100000000U /* how often progress is told, and a signal is seen at the latest */
#define SPIN_NS	     60000U	/* a sleep ends late by as much: what is left is spun */
#define RECEIVE_MOST 1024U	/* frames, until what is due is looked at */

#define ICMP_UNREACHABLE     3
#define ICMP_PROTOCOL	     2 /* codes of it: only the host itself says so */
#define ICMP_PORT	     3
#define ICMP_TIME_EXCEEDED   11
#define ICMPV6_UNREACHABLE   1
#define ICMPV6_PORT	     4
#define ICMPV6_TIME_EXCEEDED 3

/* Nobody waits for longer, and no sum of it and a time passes 2^64. */
#define TIMEOUT_MAX (UINT64_MAX / 2)

/* A router on the way gave up: there is more of it. */
static bool is_time_exceeded(const struct answer_verdict *verdict)
{
	return verdict->kind == ANSWER_ERROR &&
	       verdict->type == (verdict->is_ipv6 ? ICMPV6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED);
}

/* It is the host that was asked which says so. */
static bool is_target(const struct answer_verdict *verdict)
{
	if (verdict->kind == ANSWER_REPLY)
		return true;
	if (verdict->is_ipv6)
		return verdict->type == ICMPV6_UNREACHABLE && verdict->code == ICMPV6_PORT;
	return verdict->type == ICMP_UNREACHABLE &&
	       (verdict->code == ICMP_PROTOCOL || verdict->code == ICMP_PORT);
}

static uint64_t now_of(const struct probing *p)
{
	return p->config->clock->now(p->config->clock->context);
}

static int give_up(struct probing *p, struct probe_record *record, uint64_t number, struct err *err)
{
	const struct probe_events *events = p->config->events;

	outstanding_settle(&p->outstanding, record, PROBE_LOST);
	p->report->lost++;
	return events->lost ? events->lost(events->context, number, err) : 0;
}

/* 1: some were due. */
static int expire(struct probing *p, struct err *err)
{
	struct outstanding *o = &p->outstanding;
	uint64_t number;
	int some = 0, rc = 0;

	while (rc >= 0 && p->horizon > GRACE_NS &&
		outstanding_take_due(o, p->horizon - GRACE_NS, &number)) {
		struct probe_record *record = outstanding_find(o, number);

		some = 1;
		if (record->sendings <= p->config->retries && !p->ends) {
			rc = probing_send_again(p, record, number, err);
			continue;
		}
		rc = give_up(p, record, number, err);
	}
	return rc < 0 ? rc : some;
}

/* ---- receiving ---- */

static void time_answer(const struct probe_record *record, const struct receiver_frame *frame,
	struct probe_answer *answer)
{
	answer->timed = record->sendings == 1 && record->hardware == frame->hardware;
	/* A stamp of the program's may come after the frame has left. */
	if (answer->timed && frame->time_ns > record->sent_ns)
		answer->rtt_ns = frame->time_ns - record->sent_ns;
}

static void count_answer(
	struct probing *p, struct probe_record *record, struct probe_answer *answer)
{
	struct probe_report *report = p->report;
	bool is_error = answer->verdict->kind == ANSWER_ERROR;

	answer->duplicate = record->state == PROBE_ANSWERED;
	answer->late = record->state == PROBE_LOST;
	report->duplicates += answer->duplicate;
	report->late += answer->late;
	if (answer->duplicate || answer->late)
		return;
	outstanding_settle(&p->outstanding, record, PROBE_ANSWERED);
	report->answers++;
	report->errors += is_error;
	if (answer->timed)
		histogram_add(&report->rtt, answer->rtt_ns, 1);
	else
		report->untimed++;
	if (p->config->until == PROBE_UNTIL_REACHED) {
		report->reached |= is_target(answer->verdict);
		p->ends |= !is_time_exceeded(answer->verdict);
	}
	p->ends |= p->config->until == PROBE_UNTIL_ANSWERED;
}

/* The timeout was over when it arrived, though nobody had looked yet. */
static bool is_too_late(const struct probing *p, const struct probe_record *record,
	const struct probe_answer *answer)
{
	return record->state == PROBE_WAITING && record->sendings > p->config->retries &&
	       answer->timed && answer->rtt_ns > p->timeout_ns;
}

static int take(struct probing *p, struct receiver_frame *frame, struct err *err)
{
	const struct probe_events *events = p->config->events;
	struct answer_verdict verdict;
	struct answer_frame received;
	struct probe_answer answer = { .verdict = &verdict };
	struct probe_record *record;
	enum answer_kind kind;

	p->report->received++;
	if (!whole_take(p->whole, frame, p->now, &received))
		return 0;
	answer.octets = frame->octets;
	answer.length = frame->captured;
	answer.time_ns = frame->time_ns;
	kind = outstanding_match(&p->outstanding, &received, &answer.number, &verdict);
	if (kind == ANSWER_NONE)
		return 0;
	record = outstanding_find(&p->outstanding, answer.number);
	answer.sendings = record->sendings;
	time_answer(record, frame, &answer);
	if (kind == ANSWER_NEAR) {
		p->report->near++;
		return events->near ? events->near(events->context, &answer, err) : 0;
	}
	if (is_too_late(p, record, &answer)) {
		int rc = give_up(p, record, answer.number, err);

		if (rc < 0)
			return rc;
	}
	count_answer(p, record, &answer);
	return events->answer ? events->answer(events->context, &answer, err) : 0;
}

/* How long ago a frame of the ring arrived; 0 where its clock is another one. */
static uint64_t age(const struct probe_wire *wire, const struct receiver_frame *frame)
{
	uint64_t wall = wire->wall(wire->context);

	return !frame->hardware && wall > frame->time_ns ? wall - frame->time_ns : 0;
}

/* 1: there was some. Who floods us keeps nobody from being sent or given up; but what waits in the
 * ring may yet be an answer. */
static int receive(struct probing *p, struct err *err)
{
	const struct probe_wire *wire = p->config->wire;
	struct receiver_frame frame;
	int rc;

	for (unsigned int i = 0; i < RECEIVE_MOST; i++) {
		if (!wire->receive(wire->context, &frame)) {
			p->horizon = p->now;
			return i > 0;
		}
		rc = take(p, &frame, err);
		if (rc < 0)
			return rc;
	}
	p->horizon = p->now - age(wire, &frame);
	return 1;
}

/* ---- the loop ---- */

static bool is_done(struct probing *p)
{
	const volatile sig_atomic_t *stop = p->config->stop;

	if (stop && *stop) {
		p->report->stopped = true;
		p->ends = true;
	}
	return p->ends || (probing_all_sent(p) && !p->outstanding.waiting);
}

/* When there is something to do, if nothing arrives. */
static uint64_t next_time(struct probing *p)
{
	uint64_t deadline = outstanding_deadline(&p->outstanding);
	uint64_t next = p->now + TICK_NS;
	uint64_t due = UINT64_MAX;

	if (deadline != UINT64_MAX && deadline + GRACE_NS < next)
		next = deadline + GRACE_NS;
	if (probing_goes_on(p, p->pace.index) && !p->ends)
		return p->now;
	if (!probing_all_sent(p) && outstanding_has_room(&p->outstanding, p->pace.index) &&
		(!p->config->at_once || p->outstanding.waiting < p->config->at_once))
		due = p->start + pace_due(&p->pace);
	return due < next ? due : next;
}

static int rest(struct probing *p, struct err *err)
{
	const struct probe_wire *wire = p->config->wire;
	uint64_t next = next_time(p);

	if (next <= p->now + SPIN_NS)
		return 0;
	return wire->wait(wire->context, next - p->now - SPIN_NS, err);
}

static void tick(struct probing *p)
{
	const struct probe_config *config = p->config;

	if (!config->progress || p->now < p->progress_at)
		return;
	p->progress_at = p->now + TICK_NS;
	config->progress(config->context, p->report, p->now - p->start);
}

/* Done: 0. */
static int turn(struct probing *p, struct err *err)
{
	int sent, some, due;

	p->now = now_of(p);
	sent = probing_send_due(p, err);
	if (sent < 0)
		return sent;
	some = receive(p, err);
	if (some < 0)
		return some;
	due = expire(p, err);
	if (due < 0)
		return due;
	tick(p);
	if (is_done(p))
		return 0;
	if (!sent && !some && !due) {
		int rc = rest(p, err);

		return rc < 0 ? rc : 1;
	}
	return 1;
}

static int prepare(struct probing *p, struct err *err)
{
	const struct probe_config *config = p->config;

	if (probe_parts_find(config->program, &p->parts) || whole_new(&p->whole))
		return err_system(err, ENOMEM, "cannot make the frames");
	return outstanding_init(&p->outstanding, config->program,
		config->count ? config->count : OUTSTANDING_MAX, err);
}

int probe_run(const struct probe_config *config, struct probe_report *ret, struct err *err)
{
	struct probing p = {
		.config = config,
		.report = ret,
		.timeout_ns = config->timeout_ns < TIMEOUT_MAX ? config->timeout_ns : TIMEOUT_MAX,
	};
	int rc;

	*ret = (struct probe_report){ 0 };
	rc = prepare(&p, err);
	if (rc < 0)
		goto done;
	pace_init(&p.pace, &config->pace, config->program, false);
	p.start = now_of(&p);
	p.progress_at = p.start + TICK_NS;
	do
		rc = turn(&p, err);
	while (rc > 0);
	ret->elapsed_ns = now_of(&p) - p.start;
	ret->waiting = p.outstanding.waiting;
	ret->alike = p.outstanding.alike;
	ret->unanswerable = p.outstanding.unanswerable;
	ret->cost = outstanding_cost(&p.outstanding);
	ret->lacking = whole_lacking(p.whole);
	outstanding_fini(&p.outstanding);
done:
	whole_free(p.whole);
	free(p.parts);
	return rc;
}
