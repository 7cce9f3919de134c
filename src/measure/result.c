/* The storage of results, and their sums. */
#include "measure/result.h"

#include <errno.h>
#include <stdlib.h>

int measure_result_init(struct measure_result *result, unsigned int streams)
{
	struct measure_result made = { .stream_count = streams, .sample = 1 };

	made.detail_count = streams < MEASURE_DETAILS_MAX ? streams : MEASURE_DETAILS_MAX;
	made.streams = calloc(streams, sizeof(*made.streams));
	made.details = calloc(made.detail_count, sizeof(*made.details));
	if (!made.streams || !made.details) {
		measure_result_fini(&made);
		return -ENOMEM;
	}
	*result = made;
	return 0;
}

void measure_result_fini(struct measure_result *result)
{
	free(result->streams);
	free(result->details);
	*result = (struct measure_result){ 0 };
}

static void add_stream(struct measure_stream *sum, const struct measure_stream *stream)
{
	if (stream->received) {
		if (!sum->received || stream->first_ns < sum->first_ns)
			sum->first_ns = stream->first_ns;
		if (stream->last_ns > sum->last_ns)
			sum->last_ns = stream->last_ns;
	}
	sum->received += stream->received;
	sum->octets += stream->octets;
	sum->unique += stream->unique;
	sum->duplicates += stream->duplicates;
	sum->reordered += stream->reordered;
	sum->late_by_three += stream->late_by_three;
	sum->stale += stream->stale;
	sum->corrupted += stream->corrupted;
	sum->unchecked += stream->unchecked;
	sum->rewritten += stream->rewritten;
	sum->batched += stream->batched;
	if (stream->extent_max > sum->extent_max)
		sum->extent_max = stream->extent_max;
	if (stream->highest > sum->highest)
		sum->highest = stream->highest;
	if (stream->jitter_ns > sum->jitter_ns)
		sum->jitter_ns = stream->jitter_ns;
}

void measure_result_sum(const struct measure_result *result, struct measure_stream *ret)
{
	struct measure_stream sum = { 0 };

	for (unsigned int i = 0; i < result->stream_count; i++)
		add_stream(&sum, &result->streams[i]);
	*ret = sum;
}

void measure_result_detail(const struct measure_result *result, struct measure_detail *ret)
{
	*ret = (struct measure_detail){ 0 };
	for (unsigned int i = 0; i < result->detail_count; i++) {
		histogram_merge(&ret->latency, &result->details[i].latency);
		histogram_merge(&ret->gaps, &result->details[i].gaps);
		histogram_merge(&ret->extents, &result->details[i].extents);
	}
}
