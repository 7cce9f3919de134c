/* Distributions as JSON, and back: what is told of them, and their cells. */
#include "cli/measure/measure.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct json *measure_row_json(const struct measure_row *row)
{
	struct json *json;

	if (!row->count)
		return json_null();
	json = json_object();
	json_set(json, "count", json_number(row->count));
	json_set(json, "mean", json_real(row->mean));
	for (unsigned int i = 0; i < HISTOGRAM_SHARES; i++)
		json_set(json, histogram_shares[i].name, json_number(row->at[i]));
	return json;
}

/* A number a cell would be a line each where JSON is indented: they are text, "LOWEST:COUNT ...".
 */
struct json *measure_cells_json(const struct histogram *histogram)
{
	struct buffer text = { 0 };
	struct json *json;

	for (unsigned int i = 0; i < HISTOGRAM_CELLS; i++) {
		uint64_t lowest, highest;

		if (!histogram->cells[i])
			continue;
		histogram_cell(i, &lowest, &highest);
		buffer_printf(&text, "%s%llu:%llu", text.length ? " " : "",
			(unsigned long long)lowest, (unsigned long long)histogram->cells[i]);
	}
	json = json_text(buffer_text(&text));
	buffer_fini(&text);
	return json;
}

struct json *measure_detailed_json(const struct measure_row *row, const struct histogram *histogram)
{
	struct json *json = measure_row_json(row);

	if (row->count && histogram)
		json_set(json, "cells", measure_cells_json(histogram));
	return json;
}

struct json *measure_resolution_json(void)
{
	struct json *json = json_object();

	json_set(json, "exact_below", json_number(1U << HISTOGRAM_EXACT_BITS));
	json_set(json, "per_octave", json_number(1U << (HISTOGRAM_EXACT_BITS - 1)));
	return json;
}

/* ---- reading ---- */

void measure_read_row(const struct json *json, struct measure_row *row)
{
	row->count = json_to_number(json_get(json, "count"), 0);
	row->mean = json_to_real(json_get(json, "mean"), 0);
	for (unsigned int i = 0; i < HISTOGRAM_SHARES; i++)
		row->at[i] = json_to_number(json_get(json, histogram_shares[i].name), 0);
}

/* "LOWEST:COUNT" at *at, which goes on behind it. */
static bool read_cell(const char **at, struct histogram *histogram)
{
	const char *digits = "0123456789";
	uint64_t lowest, times;
	char *end;

	if (!strchr(digits, **at))
		return false;
	lowest = strtoull(*at, &end, 10);
	if (*end != ':' || !end[1] || !strchr(digits, end[1]))
		return false;
	times = strtoull(end + 1, &end, 10);
	if (*end && *end != ' ')
		return false;
	histogram_add(histogram, lowest, times);
	*at = *end ? end + 1 : end;
	return true;
}

/* Whether the number is one of those that the cell counts. */
static bool is_in(const struct histogram *histogram, unsigned int cell, uint64_t number)
{
	uint64_t lowest, highest;

	histogram_cell(cell, &lowest, &highest);
	return histogram->cells[cell] && number >= lowest && number <= highest;
}

/* Whether cells and row can be of one histogram. */
static bool agree(const struct histogram *histogram, const struct measure_row *row, uint64_t least)
{
	uint64_t min = row->at[0], max = row->at[HISTOGRAM_SHARES - 1];
	unsigned int first = 0, last = HISTOGRAM_CELLS - 1;

	if (histogram->count != row->count)
		return false;
	if (!row->count)
		return true;
	while (!histogram->cells[first])
		first++;
	while (!histogram->cells[last])
		last--;
	return is_in(histogram, first, min + least) && is_in(histogram, last, max + least) &&
	       row->mean > (double)min - 1 && row->mean < (double)max + 1;
}

int measure_read_cells(const struct json *cells, const struct measure_row *row, uint64_t least,
	struct histogram *ret)
{
	const char *at = json_to_text(cells, NULL);
	struct histogram *read;
	bool right = true;

	if (!at)
		return 0;
	read = calloc(1, sizeof(*read));
	while (read && *at && right)
		right = read_cell(&at, read);
	if (!read || !right || !agree(read, row, least)) {
		free(read);
		return -EINVAL;
	}
	if (read->count) {
		read->min = row->at[0] + least;
		read->max = row->at[HISTOGRAM_SHARES - 1] + least;
		read->sum = (row->mean + (double)least) * (double)row->count;
	}
	*ret = *read;
	free(read);
	return 1;
}
