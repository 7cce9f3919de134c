/* The figures of a measurement as JSON, and back. */
#include "cli/measure/measure.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* ---- writing ---- */

/* What is not looked at is null, and not 0. */
static struct json *looked(const struct measure_figures *figures, unsigned int look, uint64_t count)
{
	return figures->looks & look ? json_number(count) : json_null();
}

static struct json *reordering_json(
	const struct measure_figures *figures, const struct measure_figure *figure)
{
	struct json *json = json_object();

	json_set(json, "extent_max", looked(figures, MEASURE_EXTENTS, figure->counts.extent_max));
	json_set(
		json, "late_by_three", looked(figures, MEASURE_LATE, figure->counts.late_by_three));
	json_set(json, "extents", measure_row_json(&figure->extents));
	return json;
}

/* detail: what is told with its cells; NULL: none is. */
static void set_figure(struct json *json, const struct measure_figures *figures,
	const struct measure_figure *figure, const struct measure_detail *detail)
{
	const struct measure_stream *counts = &figure->counts;

	json_set(json, "sent",
		figure->sent == MEASURE_UNKNOWN ? json_null() : json_number(figure->sent));
	json_set(json, "received", json_number(counts->received));
	json_set(json, "unique", json_number(counts->unique));
	json_set(json, "lost", json_number(figure->lost));
	json_set(json, "duplicated", json_number(counts->duplicates));
	json_set(json, "reordered", json_number(counts->reordered));
	json_set(json, "corrupted", looked(figures, MEASURE_CORRUPTION, counts->corrupted));
	json_set(json, "rewritten", looked(figures, MEASURE_CORRUPTION, counts->rewritten));
	json_set(json, "unchecked", looked(figures, MEASURE_CORRUPTION, counts->unchecked));
	json_set(json, "too_late", json_number(counts->stale));
	json_set(json, "batched", looked(figures, MEASURE_BATCHES, counts->batched));
	json_set(json, "bytes_received", json_number(counts->octets));
	json_set(json, "highest", json_number(counts->highest));
	json_set(json, "first_ns", json_number(counts->first_ns));
	json_set(json, "last_ns", json_number(counts->last_ns));
	json_set(json, "jitter_ns",
		figures->looks & MEASURE_JITTER ? json_real(counts->jitter_ns) : json_null());
	json_set(json, "latency_ns",
		measure_detailed_json(&figure->latency, detail ? &detail->latency : NULL));
	json_set(json, "arrival_gap_ns",
		measure_detailed_json(&figure->gaps, detail ? &detail->gaps : NULL));
	json_set(json, "reordering", reordering_json(figures, figure));
}

/* RFC 5481 4.2: latencies above the smallest. */
static struct json *variation_json(const struct measure_row *latency)
{
	struct json *json;

	if (!latency->count)
		return json_null();
	json = json_object();
	for (unsigned int i = 1; i < HISTOGRAM_SHARES; i++)
		json_set(json, histogram_shares[i].name,
			json_number(latency->at[i] - latency->at[0]));
	return json;
}

void measure_set_figures(struct json *json, const struct measure_figures *figures)
{
	struct json *streams = json_array();
	unsigned int seen = measure_figures_seen(figures);
	bool apart = seen > 1 && seen <= MEASURE_CURVES_MAX;

	set_figure(json, figures, &figures->all, figures->all.detail);
	json_set(json, "variation_ns", variation_json(&figures->all.latency));
	json_set(json, "damaged", json_number(figures->damaged));
	json_set(json, "foreign", json_number(figures->foreign));
	json_set(json, "dropped_by_receiver", json_number(figures->dropped));
	json_set(json, "latency_sample", json_number(figures->sample));
	json_set(json, "latency_relative", json_bool(figures->relative));
	if (figures->relative)
		json_set(json, "latency_least_ns", json_number(figures->least_ns));
	if (figures->all.detail)
		json_set(json, "cells", measure_resolution_json());
	json_set(json, "looks", json_number(figures->looks));
	for (unsigned int i = 0; i < figures->stream_count; i++) {
		const struct measure_figure *figure = &figures->streams[i];
		struct json *stream;

		if (!figure->counts.received && (!figure->sent || figure->sent == MEASURE_UNKNOWN))
			continue;
		stream = json_object();
		json_set(stream, "stream", json_number(i));
		json_set(stream, "name", figure->name ? json_text(figure->name) : json_null());
		set_figure(stream, figures, figure, apart ? figure->detail : NULL);
		json_add(streams, stream);
	}
	json_set(json, "streams", streams);
}

const char *measure_boot_id(struct arena *arena)
{
	char text[64];
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof(text));

	if (fd >= 0)
		close(fd);
	if (length <= 0)
		return "";
	return arena_strndup(arena, text,
		strcspn(text, "\n") < (size_t)length ? strcspn(text, "\n") : (size_t)length);
}

/* ---- reading ---- */

static uint64_t number(const struct json *object, const char *key)
{
	return json_to_number(json_get(object, key), 0);
}

/* Both distributions, or nothing at all. -EINVAL: they are not what the rows say. */
static int read_detail(
	struct arena *arena, const struct json *json, uint64_t least, struct measure_figure *figure)
{
	const struct json *latency = json_get(json_get(json, "latency_ns"), "cells");
	const struct json *gaps = json_get(json_get(json, "arrival_gap_ns"), "cells");
	struct measure_detail *detail;

	if (!latency && !gaps)
		return 0;
	detail = arena_alloc(arena, sizeof(*detail));
	if (measure_read_cells(latency, &figure->latency, least, &detail->latency) < 0 ||
		measure_read_cells(gaps, &figure->gaps, 0, &detail->gaps) < 0)
		return -EINVAL;
	figure->detail = detail;
	return 0;
}

static void read_figure(const struct json *json, struct measure_figure *figure)
{
	const struct json *reordering = json_get(json, "reordering");

	figure->sent = json_to_number(json_get(json, "sent"), MEASURE_UNKNOWN);
	figure->lost = number(json, "lost");
	figure->counts = (struct measure_stream){
		.received = number(json, "received"),
		.unique = number(json, "unique"),
		.duplicates = number(json, "duplicated"),
		.reordered = number(json, "reordered"),
		.corrupted = number(json, "corrupted"),
		.rewritten = number(json, "rewritten"),
		.unchecked = number(json, "unchecked"),
		.stale = number(json, "too_late"),
		.batched = number(json, "batched"),
		.octets = number(json, "bytes_received"),
		.highest = number(json, "highest"),
		.first_ns = number(json, "first_ns"),
		.last_ns = number(json, "last_ns"),
		.jitter_ns = json_to_real(json_get(json, "jitter_ns"), 0),
		.extent_max = number(reordering, "extent_max"),
		.late_by_three = number(reordering, "late_by_three"),
	};
	measure_read_row(json_get(json, "latency_ns"), &figure->latency);
	measure_read_row(json_get(json, "arrival_gap_ns"), &figure->gaps);
	measure_read_row(json_get(reordering, "extents"), &figure->extents);
}

/* As many as the highest number wants. */
static unsigned int count_streams(const struct json *streams)
{
	uint64_t count = 0;

	for (size_t i = 0; i < json_length(streams); i++) {
		uint64_t stream = number(json_at(streams, i), "stream");

		if (stream < UINT16_MAX + 1U && stream + 1 > count)
			count = stream + 1;
	}
	return (unsigned int)count;
}

static int read_streams(
	struct arena *arena, const struct json *streams, struct measure_figures *figures)
{
	bool apart = figures->stream_count <= MEASURE_CURVES_MAX;
	size_t size = (figures->stream_count + 1UL) * sizeof(*figures->streams);
	int rc = 0;

	figures->streams = arena_alloc(arena, size);
	memset(figures->streams, 0, size);
	for (size_t i = 0; i < json_length(streams) && rc == 0; i++) {
		const struct json *json = json_at(streams, i);
		uint64_t index = number(json, "stream");
		const char *name = json_to_text(json_get(json, "name"), NULL);
		struct measure_figure *stream;

		if (index >= figures->stream_count)
			continue;
		stream = &figures->streams[index];
		read_figure(json, stream);
		if (apart && !stream->detail)
			rc = read_detail(arena, json, figures->least_ns, stream);
		if (name)
			stream->name = arena_strndup(arena, name, strlen(name));
	}
	return rc;
}

int measure_read_figures(struct arena *arena, const struct json *json, const char *file,
	struct measure_figures *ret, struct err *err)
{
	const struct json *streams = json_get(json, "streams");
	struct measure_figures figures = {
		.looks = (unsigned int)number(json, "looks"),
		.sample = (unsigned int)number(json, "latency_sample"),
		.damaged = number(json, "damaged"),
		.foreign = number(json, "foreign"),
		.dropped = number(json, "dropped_by_receiver"),
		.relative = json_to_bool(json_get(json, "latency_relative"), false),
		.least_ns = number(json, "latency_least_ns"),
		.stream_count = count_streams(streams),
	};

	if (!json_get(json, "received") || !streams)
		return err_input(err, NULL, "%s: is no report of measure --receive --json", file);
	read_figure(json, &figures.all);
	if (read_detail(arena, json, figures.least_ns, &figures.all) < 0 ||
		read_streams(arena, streams, &figures) < 0)
		return err_input(err, NULL,
			"%s: the cells of a histogram are not \"LOWEST:COUNT ...\", or not those "
			"that its row tells of",
			file);
	*ret = figures;
	return 0;
}
