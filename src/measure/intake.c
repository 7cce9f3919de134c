/* Frames in, counts out. */
#include "measure/intake.h"

#include "measure/check.h"
#include "measure/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Bits of the windows of all streams, and of one at most and at least. */
#define WINDOWS_ALL (1ULL << 29)
#define WINDOW_MAX  (1ULL << 22)
#define WINDOW_MIN  (1ULL << 12)

#define HOLES_MAX 4096U
#define HOLES_MIN 64U

#define LOOKS                                                                                  \
	(MEASURE_LATENCY | MEASURE_GAPS | MEASURE_EXTENTS | MEASURE_JITTER | MEASURE_BATCHES | \
		MEASURE_LATE)

/* What a stream's next frame is compared with. */
struct last {
	uint64_t time_ns; /* when it came */
	uint64_t stamp;	  /* the signature's */
	int64_t transit;
	bool timed; /* transit is one */
};

struct measure_intake {
	struct measure_engine_config config;
	struct measure_result result;
	struct measure_totals totals;
	struct tracker *trackers;
	struct last *lasts;
	uint8_t *memory; /* of the trackers */
	bool started;
};

/* ---- storage ---- */

static uint64_t window_for(unsigned int streams)
{
	uint64_t window = WINDOW_MAX;

	while (window > WINDOW_MIN && window * streams > WINDOWS_ALL)
		window /= 2;
	return window;
}

int measure_intake_new(struct measure_intake **ret, const struct measure_engine_config *config)
{
	unsigned int streams = config->streams;
	uint64_t window = window_for(streams);
	unsigned int holes = streams <= MEASURE_DETAILS_MAX ? HOLES_MAX : HOLES_MIN;
	uint64_t size = tracker_size(window, holes);
	struct measure_intake *intake = calloc(1, sizeof(*intake));

	if (!intake)
		return -ENOMEM;
	intake->config = *config;
	intake->trackers = calloc(streams, sizeof(*intake->trackers));
	intake->lasts = calloc(streams, sizeof(*intake->lasts));
	/* What no frame comes for is never touched, and takes no memory. */
	intake->memory = calloc(streams, size);
	if (!intake->trackers || !intake->lasts || !intake->memory ||
		measure_result_init(&intake->result, streams)) {
		measure_intake_free(intake);
		return -ENOMEM;
	}
	for (unsigned int i = 0; i < streams; i++)
		tracker_init(&intake->trackers[i], intake->memory + i * size, window, holes);
	intake->result.looks = LOOKS | (config->check ? MEASURE_CORRUPTION : 0U);
	intake->result.sample = config->sample ? config->sample : 1;
	if (intake->result.sample > 1)
		intake->result.looks &= ~(unsigned int)MEASURE_BATCHES;
	*ret = intake;
	return 0;
}

void measure_intake_free(struct measure_intake *intake)
{
	if (!intake)
		return;
	measure_result_fini(&intake->result);
	free(intake->trackers);
	free(intake->lasts);
	free(intake->memory);
	free(intake);
}

/* ---- times ---- */

static int64_t first_shift(const struct measure_intake *intake, int64_t age)
{
	if (intake->config.same_clock || (age >= 0 && age <= MEASURE_BELIEVED_NS))
		return 0;
	return MEASURE_SHIFT_NS - age;
}

/* RFC 3550 6.4.1. */
static void take_jitter(struct measure_stream *stream, struct last *last, int64_t age)
{
	double change = (double)(age - last->transit);

	if (last->timed)
		stream->jitter_ns += ((change < 0 ? -change : change) - stream->jitter_ns) / 16;
	last->transit = age;
	last->timed = true;
}

static void take_latency(struct measure_intake *intake, struct measure_detail *detail, int64_t age)
{
	int64_t latency;

	if (!intake->started)
		intake->result.shift_ns = first_shift(intake, age);
	intake->started = true;
	latency = age + intake->result.shift_ns;
	latency = latency > 0 ? latency : 0;
	histogram_add(&detail->latency, (uint64_t)latency, 1);
	intake->totals.latency_ns = (uint64_t)latency;
}

static void take_times(
	struct measure_intake *intake, const struct signature *signature, uint64_t time_ns)
{
	struct measure_stream *stream = &intake->result.streams[signature->stream];
	struct measure_detail *detail = measure_detail_of(&intake->result, signature->stream);
	struct last *last = &intake->lasts[signature->stream];
	int64_t age = signature_age(signature, time_ns);

	/* By sequence, as the frames between may have been made with a time that is not theirs. */
	if (signature->sequence % intake->result.sample == 0) {
		take_latency(intake, detail, age);
		take_jitter(stream, last, age);
	}
	if (stream->received) {
		/* Timestamps of several queues may cross. */
		histogram_add(
			&detail->gaps, time_ns > last->time_ns ? time_ns - last->time_ns : 0, 1);
		stream->batched += signature->time == last->stamp;
	} else {
		stream->first_ns = time_ns;
	}
	if (time_ns > stream->last_ns)
		stream->last_ns = time_ns;
	last->time_ns = time_ns;
	last->stamp = signature->time;
}

/* ---- frames ---- */

static void take_reordered(
	struct measure_intake *intake, unsigned int number, const struct tracker_arrival *arrival)
{
	struct measure_stream *stream = &intake->result.streams[number];

	stream->unique++;
	stream->reordered++;
	stream->late_by_three += arrival->behind >= 3;
	if (arrival->extent > stream->extent_max)
		stream->extent_max = arrival->extent;
	if (arrival->extent)
		histogram_add(
			&measure_detail_of(&intake->result, number)->extents, arrival->extent, 1);
	intake->totals.unique++;
	intake->totals.reordered++;
}

static void take_arrival(struct measure_intake *intake, unsigned int number,
	enum tracker_verdict verdict, const struct tracker_arrival *arrival)
{
	struct measure_stream *stream = &intake->result.streams[number];

	switch (verdict) {
	case TRACKER_NEW:
		intake->totals.due +=
			arrival->sequence + 1 - (stream->unique ? stream->highest + 1 : 0);
		stream->unique++;
		stream->highest = arrival->sequence;
		intake->totals.unique++;
		break;
	case TRACKER_REORDERED:
		take_reordered(intake, number, arrival);
		break;
	case TRACKER_COPY:
		stream->duplicates++;
		intake->totals.duplicates++;
		break;
	default:
		stream->stale++;
		break;
	}
}

static void take_damaged(struct measure_intake *intake)
{
	intake->result.damaged++;
	intake->totals.damaged++;
}

static void check(struct measure_intake *intake, const uint8_t *octets, uint32_t length,
	const struct signature *signature, uint64_t sequence)
{
	struct measure_stream *stream = &intake->result.streams[signature->stream];

	if (!intake->config.check)
		return;
	switch (measure_check_frame(intake->config.check, octets, length, signature, sequence)) {
	case CHECK_SAME:
		break;
	case CHECK_REWRITTEN:
		stream->rewritten++;
		break;
	case CHECK_CORRUPTED:
		stream->corrupted++;
		intake->totals.corrupted++;
		break;
	}
}

void measure_intake_take(
	struct measure_intake *intake, const uint8_t *octets, uint32_t length, uint64_t time_ns)
{
	const uint64_t *sent = intake->config.sent;
	struct tracker_arrival arrival;
	struct signature signature;
	struct measure_stream *stream;
	enum tracker_verdict verdict;

	if (!signature_find(octets, length, &signature)) {
		intake->result.foreign++;
		return;
	}
	if (signature.stream >= intake->config.streams) {
		take_damaged(intake);
		return;
	}
	verdict = tracker_take(&intake->trackers[signature.stream], signature.sequence,
		sent ? sent[signature.stream] : UINT64_MAX, &arrival);
	if (verdict == TRACKER_WRONG) {
		take_damaged(intake);
		return;
	}
	stream = &intake->result.streams[signature.stream];
	check(intake, octets, length, &signature, arrival.sequence);
	take_times(intake, &signature, time_ns);
	take_arrival(intake, signature.stream, verdict, &arrival);
	stream->received++;
	stream->octets += length;
	intake->totals.received++;
}

/* ---- results ---- */

void measure_intake_totals(const struct measure_intake *intake, struct measure_totals *ret)
{
	uint64_t dropped = ret->dropped;

	*ret = intake->totals;
	ret->shift_ns = intake->result.shift_ns;
	ret->dropped = dropped;
}

void measure_intake_latencies(const struct measure_intake *intake, struct histogram *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (unsigned int i = 0; i < intake->result.detail_count; i++)
		histogram_merge(ret, &intake->result.details[i].latency);
}

void measure_intake_results(const struct measure_intake *intake, struct measure_result *ret)
{
	const struct measure_result *from = &intake->result;
	struct measure_result filled = *from;

	filled.streams = ret->streams;
	filled.details = ret->details;
	filled.dropped = ret->dropped;
	memcpy(filled.streams, from->streams, from->stream_count * sizeof(*from->streams));
	memcpy(filled.details, from->details, from->detail_count * sizeof(*from->details));
	*ret = filled;
}
