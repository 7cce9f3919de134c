/* What a measurement was over time. */
#include "cli/measure/course.h"

#include "cli/numbers.h"

#include <math.h>
#include <string.h>

/* A report's stretches, at most: what is read is not trusted. */
#define STRETCHES_MAX 4096U

static void allocate(struct arena *arena, struct measure_course *course, size_t count)
{
	course->count = count;
	course->stretches = arena_alloc(arena, (count + 1) * sizeof(*course->stretches));
	memset(course->stretches, 0, (count + 1) * sizeof(*course->stretches));
}

/* ---- of a run ---- */

static size_t stretches_until(uint64_t end_ns, uint64_t interval_ns)
{
	return (size_t)((end_ns + interval_ns - 1) / interval_ns);
}

/* What left of a sender that began so long after the course did. */
static void spread(struct measure_course *course, const struct timeline *frames, uint64_t offset_ns)
{
	for (size_t i = 0; i < course->count; i++) {
		uint64_t from = i * course->interval_ns, to = from + course->interval_ns;

		if (to > offset_ns)
			course->stretches[i].sent = timeline_sum(
				frames, from > offset_ns ? from - offset_ns : 0, to - offset_ns);
	}
}

static void take_series(struct series *series, uint64_t most, struct measure_stretch *stretches)
{
	for (unsigned int i = 0; i < series->count; i++) {
		const struct series_point *point = &series->points[i];

		stretches[i] = (struct measure_stretch){
			.received = point->received,
			.unique = point->unique,
			.duplicates = point->duplicates,
			.reordered = point->reordered,
			.corrupted = point->corrupted,
			.due = point->due,
		};
		series_latency(series, i, most, &stretches[i].latency);
	}
}

/* The sender began when the receiver did. */
void measure_course_make(
	struct arena *arena, const struct measure_run *run, struct measure_course *ret)
{
	const struct timeline *frames = &run->outcome.frames;
	struct series *series = run->received ? measure_receiver_series(run->receiver) : NULL;
	const struct measure_detail *detail = run->figures.all.detail;
	struct measure_course course = { .receiver = run->received };
	size_t came = series ? series->count : 0, left;

	course.sender = run->options->mode != MEASURE_RECEIVE && frames->interval_ns;
	course.interval_ns = came ? series->interval_ns : frames->interval_ns;
	left = course.sender ? stretches_until(frames->end_ns, course.interval_ns) : 0;
	allocate(arena, &course, came > left ? came : left);
	if (came) {
		course.start_ns = series->start_ns + clock_wall_ahead();
		take_series(series, detail->latency.max, course.stretches);
	}
	if (course.sender)
		spread(&course, frames, 0);
	*ret = course;
}

/* ---- as JSON ---- */

static uint64_t above(uint64_t ns, uint64_t least)
{
	return ns > least ? ns - least : 0;
}

static struct json *latency_json(
	const struct series_latency *latency, const struct measure_figures *figures)
{
	struct json *json;

	if (!latency->count)
		return json_null();
	json = json_object();
	json_set(json, "count", json_number(latency->count));
	json_set(json, "p50", json_number(above(latency->p50, figures->least_ns)));
	json_set(json, "p99", json_number(above(latency->p99, figures->least_ns)));
	json_set(json, "max", json_number(above(latency->max, figures->least_ns)));
	return json;
}

static void set_received(struct json *row, const struct measure_stretch *stretch,
	const struct measure_figures *figures)
{
	json_set(row, "received", json_number(stretch->received));
	json_set(row, "unique", json_number(stretch->unique));
	json_set(row, "due", json_number(stretch->due));
	json_set(row, "duplicated", json_number(stretch->duplicates));
	json_set(row, "reordered", json_number(stretch->reordered));
	json_set(row, "corrupted", json_number(stretch->corrupted));
	json_set(row, "latency_ns", latency_json(&stretch->latency, figures));
}

void measure_course_set(struct json *json, const struct measure_course *course,
	const struct measure_figures *figures)
{
	struct json *rows = json_array();
	double sum = 0;

	json_set(json, "rates_interval_ns", json_number(course->interval_ns));
	json_set(json, "rates_start_ns",
		course->start_ns ? json_number(course->start_ns) : json_null());
	for (size_t i = 0; i < course->count; i++) {
		const struct measure_stretch *stretch = &course->stretches[i];
		struct json *row = json_object();
		double before = round(sum);

		json_set(row, "seconds",
			json_real(numbers_seconds((uint64_t)i * course->interval_ns)));
		sum += stretch->sent;
		/* Beside what came, whole frames, of which none is lost; of a sender alone as it
		 * is, for --merge. */
		if (course->sender)
			json_set(row, "sent",
				course->receiver ? json_number((uint64_t)(round(sum) - before))
						 : json_real(stretch->sent));
		if (course->receiver)
			set_received(row, stretch, figures);
		json_add(rows, row);
	}
	json_set(json, "rates", rows);
}

/* ---- of JSON ---- */

static uint64_t number(const struct json *object, const char *key)
{
	return json_to_number(json_get(object, key), 0);
}

static void read_latency(const struct json *json, uint64_t least, struct series_latency *ret)
{
	ret->count = number(json, "count");
	if (!ret->count)
		return;
	ret->p50 = number(json, "p50") + least;
	ret->p99 = number(json, "p99") + least;
	ret->max = number(json, "max") + least;
}

static void read_received(const struct json *row, uint64_t least, struct measure_stretch *ret)
{
	ret->received = number(row, "received");
	ret->unique = number(row, "unique");
	ret->due = number(row, "due");
	ret->duplicates = number(row, "duplicated");
	ret->reordered = number(row, "reordered");
	ret->corrupted = number(row, "corrupted");
	read_latency(json_get(row, "latency_ns"), least, &ret->latency);
}

static size_t length_of(const struct json *rows)
{
	size_t count = json_length(rows);

	return count < STRETCHES_MAX ? count : STRETCHES_MAX;
}

/* What a sender's report says of its time; false where it says nothing. */
static bool read_timeline(const struct json *sent, struct timeline *ret)
{
	const struct json *rows = json_get(sent, "rates");
	double seconds = json_to_real(json_get(sent, "seconds"), 0);
	size_t count = length_of(rows);

	*ret = (struct timeline){ .interval_ns = number(sent, "rates_interval_ns") };
	if (!ret->interval_ns || !count || count > TIMELINE_POINTS)
		return false;
	ret->count = count;
	ret->end_ns = count * ret->interval_ns;
	if (seconds * 1e9 > (double)(ret->end_ns - ret->interval_ns) &&
		seconds * 1e9 < (double)ret->end_ns)
		ret->end_ns = (uint64_t)(seconds * 1e9);
	for (size_t i = 0; i < count; i++)
		ret->points[i] = json_to_real(json_get(json_at(rows, i), "sent"), 0);
	return true;
}

/* How long after the receiver's course began the sender did: as far as the first frame tells. */
static uint64_t offset_of(
	const struct measure_course *course, const struct measure_figures *figures)
{
	uint64_t start = course->start_ns, first = figures->all.counts.first_ns;
	uint64_t latency = figures->relative ? 0 : figures->all.latency.at[0];

	return first > start + latency ? first - start - latency : 0;
}

void measure_course_read(struct arena *arena, const struct json *sent, const struct json *received,
	const struct measure_figures *figures, struct measure_course *ret)
{
	const struct json *rows = json_get(received, "rates");
	uint64_t least = number(received, "latency_least_ns");
	struct measure_course course = { .interval_ns = number(received, "rates_interval_ns"),
		.start_ns = number(received, "rates_start_ns"),
		.receiver = true };
	size_t came = length_of(rows), left = 0;
	struct timeline *frames = arena_alloc(arena, sizeof(*frames));
	uint64_t offset_ns = offset_of(&course, figures);

	*ret = (struct measure_course){ 0 };
	if (!course.interval_ns || !course.start_ns)
		return;
	course.sender = read_timeline(sent, frames);
	if (course.sender)
		left = stretches_until(offset_ns + frames->end_ns, course.interval_ns);
	left = left < STRETCHES_MAX ? left : STRETCHES_MAX;
	allocate(arena, &course, came > left ? came : left);
	for (size_t i = 0; i < came; i++)
		read_received(json_at(rows, i), least, &course.stretches[i]);
	if (course.sender)
		spread(&course, frames, offset_ns);
	*ret = course;
}
