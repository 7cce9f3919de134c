/* A measurement in plain numbers. */
#include "measure/figures.h"

#include "base/arena.h"

#include <string.h>

static void make_row(const struct histogram *histogram, struct measure_row *ret)
{
	*ret = (struct measure_row){
		.count = histogram->count,
		.mean = histogram_mean(histogram),
	};
	for (unsigned int i = 0; i < HISTOGRAM_SHARES; i++)
		ret->at[i] = histogram_quantile(histogram, histogram_shares[i].share);
}

static void make_rows(const struct measure_detail *detail, struct measure_figure *figure)
{
	make_row(&detail->latency, &figure->latency);
	make_row(&detail->gaps, &figure->gaps);
	make_row(&detail->extents, &figure->extents);
	figure->detail = detail;
}

/* What is gone of a stream. One that is too late to be told from a copy has come. */
static void count_lost(struct measure_figure *figure)
{
	uint64_t came = figure->counts.unique + figure->counts.stale;
	uint64_t sent = figure->sent;

	if (sent == MEASURE_UNKNOWN)
		sent = figure->counts.unique ? figure->counts.highest + 1 : 0;
	figure->lost = sent > came ? sent - came : 0;
}

void measure_figures_sent(struct measure_figures *figures, const uint64_t *sent)
{
	struct measure_figure *all = &figures->all;

	all->sent = sent ? 0 : MEASURE_UNKNOWN;
	all->lost = 0;
	for (unsigned int i = 0; i < figures->stream_count; i++) {
		struct measure_figure *stream = &figures->streams[i];

		stream->sent = sent ? sent[i] : MEASURE_UNKNOWN;
		count_lost(stream);
		all->sent += sent ? sent[i] : 0;
		all->lost += stream->lost;
	}
}

void measure_figures_make(struct arena *arena, const struct measure_result *result,
	const uint64_t *sent, const char *const *names, struct measure_figures *ret)
{
	struct measure_detail *sum = arena_alloc(arena, sizeof(*sum));
	struct measure_figures figures = {
		.looks = result->looks,
		.sample = result->sample,
		.damaged = result->damaged,
		.foreign = result->foreign,
		.dropped = result->dropped,
		.relative = result->shift_ns != 0,
		.shift_ns = result->shift_ns,
		.stream_count = result->stream_count,
	};

	measure_result_sum(result, &figures.all.counts);
	measure_result_detail(result, sum);
	make_rows(sum, &figures.all);
	figures.streams = arena_alloc(arena, figures.stream_count * sizeof(*figures.streams));
	for (unsigned int i = 0; i < figures.stream_count; i++) {
		struct measure_figure *stream = &figures.streams[i];

		*stream = (struct measure_figure){ .name = names ? names[i] : NULL };
		stream->counts = result->streams[i];
		if (i + 1 < MEASURE_DETAILS_MAX)
			make_rows(measure_detail_of(result, i), stream);
	}
	measure_figures_sent(&figures, sent);
	if (figures.relative)
		measure_figures_relative(&figures);
	*ret = figures;
}

unsigned int measure_figures_seen(const struct measure_figures *figures)
{
	unsigned int seen = figures->stream_count;

	while (seen) {
		const struct measure_figure *last = &figures->streams[seen - 1];

		if (last->counts.received || (last->sent && last->sent != MEASURE_UNKNOWN))
			break;
		seen--;
	}
	return seen;
}

static void lower(struct measure_row *row, uint64_t by)
{
	if (!row->count)
		return;
	row->mean -= (double)by;
	for (unsigned int i = 0; i < HISTOGRAM_SHARES; i++)
		row->at[i] -= by;
}

void measure_figures_relative(struct measure_figures *figures)
{
	uint64_t least = figures->all.latency.at[0];

	figures->relative = true;
	figures->least_ns += least;
	lower(&figures->all.latency, least);
	for (unsigned int i = 0; i < figures->stream_count; i++)
		lower(&figures->streams[i].latency, least);
}

void measure_sent(const struct patch_program *program, uint64_t count, uint64_t *sent)
{
	uint64_t passes = count / program->pass, left = count % program->pass;

	for (unsigned int i = 0; i < program->count; i++) {
		uint64_t weight = program->frames[i].weight;
		uint64_t more = left < weight ? left : weight;

		sent[i] = passes * weight + more;
		left -= more;
	}
}

bool measure_is_clean(const struct measure_figures *figures, double allowed_loss)
{
	const struct measure_figure *all = &figures->all;
	uint64_t sent = all->sent == MEASURE_UNKNOWN ? all->counts.unique + all->lost : all->sent;

	return (double)all->lost <= allowed_loss * (double)sent && !all->counts.duplicates &&
	       !all->counts.reordered && !all->counts.corrupted && !all->counts.stale &&
	       !figures->damaged;
}
