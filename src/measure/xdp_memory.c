/* What an XDP program of a measurement works in: made ready, and read out. */
#include "measure/result.h"
#include "measure/xdp_code.h"

#include <string.h>

/* Octets of all the windows. */
#define WINDOWS_MAX (64U << 20)

void xdp_plan_init(struct xdp_plan *plan, unsigned int streams)
{
	plan->streams = streams;
	plan->details = streams < MEASURE_DETAILS_MAX ? streams : MEASURE_DETAILS_MAX;
	plan->window = XDP_WINDOW_MAX;
	/* A sequence, and half a leap. */
	while ((uint64_t)plan->window * (sizeof(uint32_t) + sizeof(struct xdp_leap) / 2) * streams >
		WINDOWS_MAX)
		plan->window /= 2;
}

/* ---- where things stand ---- */

size_t xdp_log_at(const struct xdp_plan *plan)
{
	return XDP_WINDOW_AT + plan->window * sizeof(uint32_t);
}

size_t xdp_tally_size(const struct xdp_plan *plan)
{
	return xdp_log_at(plan) + plan->window / 2 * sizeof(struct xdp_leap);
}

size_t xdp_details_at(const struct xdp_plan *plan)
{
	return sizeof(struct xdp_head) + plan->streams * xdp_tally_size(plan);
}

size_t xdp_plan_size(const struct xdp_plan *plan)
{
	return xdp_details_at(plan) + plan->details * sizeof(struct xdp_detail);
}

const volatile struct xdp_head *xdp_memory_head(const void *memory)
{
	return memory;
}

const volatile struct xdp_tally *xdp_memory_tally(
	const struct xdp_plan *plan, const void *memory, unsigned int stream)
{
	const uint8_t *tallies = (const uint8_t *)memory + sizeof(struct xdp_head);

	return (const void *)(tallies + stream * xdp_tally_size(plan));
}

static const volatile struct xdp_detail *detail_at(
	const struct xdp_plan *plan, const void *memory, unsigned int index)
{
	const uint8_t *details = (const uint8_t *)memory + xdp_details_at(plan);

	return (const void *)(details + index * sizeof(struct xdp_detail));
}

unsigned int xdp_memory_streams(const struct xdp_plan *plan, const void *memory)
{
	if (plan->streams <= XDP_FEW)
		return plan->streams;
	return (unsigned int)xdp_memory_head(memory)->streams;
}

/* ---- before ---- */

/* No sequence stands in its place: each place holds one of another. */
static void init_window(const struct xdp_plan *plan, uint32_t *window)
{
	for (uint32_t i = 0; i < plan->window; i++)
		window[i] = ~i;
}

void xdp_memory_init(const struct xdp_plan *plan, void *memory, const uint64_t *sent)
{
	for (unsigned int i = 0; i < plan->streams; i++) {
		uint8_t *at =
			(uint8_t *)memory + sizeof(struct xdp_head) + i * xdp_tally_size(plan);
		struct xdp_tally *tally = (void *)at;

		tally->limit = sent ? sent[i] : UINT64_MAX;
		tally->time = UINT64_MAX;
		tally->latency = UINT64_MAX;
		tally->strayed = UINT64_MAX;
		init_window(plan, (uint32_t *)(void *)(at + XDP_WINDOW_AT));
	}
	for (unsigned int i = 0; i < plan->details; i++) {
		uint8_t *at =
			(uint8_t *)memory + xdp_details_at(plan) + i * sizeof(struct xdp_detail);
		struct xdp_detail *detail = (void *)at;

		detail->latency.min = UINT64_MAX;
		detail->gaps.min = UINT64_MAX;
		detail->extents.min = UINT64_MAX;
	}
}

void xdp_memory_set_ill(const struct xdp_plan *plan, void *memory, unsigned int stream)
{
	uint8_t *at = (uint8_t *)memory + sizeof(struct xdp_head) + stream * xdp_tally_size(plan);

	((struct xdp_tally *)(void *)at)->ill = 1;
}

/* ---- after ---- */

static void read_series(const volatile struct xdp_series *series, const volatile uint64_t *cells,
	unsigned int count, struct histogram *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (unsigned int i = 0; i < count; i++) {
		ret->cells[i] = cells[i];
		ret->count += cells[i];
	}
	if (!ret->count)
		return;
	ret->min = series->min;
	ret->max = series->max;
	ret->sum = (double)series->sum;
}

static void read_stream(const volatile struct xdp_tally *tally, struct measure_stream *ret)
{
	*ret = (struct measure_stream){
		.unique = tally->unique,
		.octets = tally->octets,
		.duplicates = tally->duplicates,
		.reordered = tally->reordered,
		.extent_max = tally->extent_max,
		.stale = tally->stale,
		.corrupted = tally->corrupted,
		.unchecked = tally->unchecked,
		.batched = tally->batched,
		.highest = tally->next ? tally->next - 1 : 0,
		.first_ns = tally->first_ns,
		.last_ns = tally->last_ns,
		.jitter_ns = (double)tally->jitter / 16,
	};
	ret->received = ret->unique + ret->duplicates + ret->stale;
}

void xdp_memory_latencies(const struct xdp_plan *plan, const void *memory, struct histogram *ret)
{
	unsigned int streams = xdp_memory_streams(plan, memory);

	memset(ret, 0, sizeof(*ret));
	for (unsigned int i = 0; i < plan->details && i < streams; i++) {
		const volatile uint64_t *cells = detail_at(plan, memory, i)->latency_cells;

		for (unsigned int j = 0; j < XDP_TIME_CELLS; j++) {
			uint64_t times = cells[j];

			ret->cells[j] += times;
			ret->count += times;
		}
	}
}

void xdp_memory_read(const struct xdp_plan *plan, const void *memory, struct measure_result *ret)
{
	ret->looks = MEASURE_LATENCY | MEASURE_GAPS | MEASURE_EXTENTS | MEASURE_JITTER;
	if (plan->verify)
		ret->looks |= MEASURE_CORRUPTION;
	if (plan->sample == 1)
		ret->looks |= MEASURE_BATCHES;
	ret->sample = plan->sample;
	ret->damaged = xdp_memory_head(memory)->damaged;
	ret->shift_ns = (int64_t)xdp_memory_head(memory)->shift;
	ret->foreign = xdp_memory_head(memory)->foreign;
	for (unsigned int i = 0; i < plan->streams; i++)
		read_stream(xdp_memory_tally(plan, memory, i), &ret->streams[i]);
	for (unsigned int i = 0; i < plan->details; i++) {
		const volatile struct xdp_detail *detail = detail_at(plan, memory, i);
		struct measure_detail *to = &ret->details[i];

		read_series(&detail->latency, detail->latency_cells, XDP_TIME_CELLS, &to->latency);
		read_series(&detail->gaps, detail->gap_cells, XDP_TIME_CELLS, &to->gaps);
		read_series(&detail->extents, detail->extent_cells, XDP_EXTENT_CELLS, &to->extents);
	}
}
