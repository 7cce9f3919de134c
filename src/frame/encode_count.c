/* Lengths and counts that are automatic, written when what they count is laid out. */
#include "frame/encoder.h"

#include "base/buffer.h"
#include "base/err.h"

#include <inttypes.h>
#include <string.h>

static void put_number(struct encoder *e, const struct view_field *row, int64_t number)
{
	const struct wire_value value = { .number = (uint64_t)number };

	wire_value_put(row->field, e->octets->data, row->bit, row->width, &value);
}

/* The row that made the record as long as it is, for messages: the one that is counted, else the
 * last that has no fixed width. */
static unsigned int longest_row(const struct spec_record *spec, const struct wire_field *counter)
{
	unsigned int found = 0;

	for (unsigned int i = 0; i < spec->type->count; i++) {
		if (counter->of && !strcmp(counter->of, spec->type->fields[i].name))
			return i;
		if (!spec->type->fields[i].width && spec_value_of(spec, i)->state != SPEC_AUTO)
			found = i;
	}
	return found;
}

static int fail_length(const struct encoder *e, const struct site *site,
	const struct view_field *row, uint32_t octets, int64_t most)
{
	const struct spec_record *spec = site->spec;
	const struct wire_field *field = row->field;
	unsigned int culprit = longest_row(spec, field);
	const char *what = spec->type->name;
	const char *rest = field->length.span == WIRE_SPAN_REST ? "the rest of " : "";

	if (field->length.span == WIRE_SPAN_FIELD)
		what = field->of;
	if (octets > most)
		err_input(e->err, NULL,
			"makes %s%s %u octets long; its %s can say at most %" PRId64, rest, what,
			octets, field->name, most);
	else
		err_input(e->err, NULL,
			"makes %s%s %u octets long; its %s counts units of %u: give %s, or fill it "
			"up",
			rest, what, octets, field->name, field->length.unit, field->name);
	return encoder_fail(e, site, spec->type->fields[culprit].name, &spec->values[culprit].at);
}

static int put_length(struct encoder *e, const struct site *site, const struct view_field *row)
{
	const struct wire_length *length = &row->field->length;
	uint32_t octets = counted_octets(site->record, row);
	int64_t most = length_decode(length, field_max(row->field));
	int64_t number = length_encode(length, octets);

	if (octets > most || octets % length->unit || number < 0)
		return fail_length(e, site, row, octets, most);
	put_number(e, row, number);
	return 0;
}

static int fail_number(const struct encoder *e, const struct site *site,
	const struct view_field *row, int64_t number, uint64_t most, const char *hint)
{
	if (most == field_max(row->field))
		err_input(e->err, NULL, "%" PRId64 " does not fit in %u bits (at most %" PRIu64 ")",
			number, row->field->width, most);
	else
		err_input(e->err, NULL,
			"%" PRId64 " octets are no length here (at most %" PRIu64 ")", number,
			most);
	err_hint(e->err, "; give %s, or %s", row->field->name, hint);
	return encoder_fail(e, site, row->field->name, NULL);
}

static int put_count(struct encoder *e, const struct site *site, const struct view_field *row)
{
	int64_t number = expected_count(NULL, NULL, site->record, row);
	uint64_t most = field_max(row->field);

	if (number < 0 || (uint64_t)number > most)
		return fail_number(e, site, row, number, most, "another number of items");
	put_number(e, row, number);
	return 0;
}

int encoder_counts(struct encoder *e, const struct site *site)
{
	for (unsigned int i = 0; i < site->record->count; i++) {
		const struct view_field *row = &site->record->fields[i];
		int status = 0;

		if (!row->automatic)
			continue;
		if (row->field->rule == WIRE_COUNT)
			status = put_count(e, site, row);
		else if (row->field->rule == WIRE_LENGTH &&
			 !wire_spans_payload(&row->field->length))
			status = put_length(e, site, row);
		if (status)
			return status;
	}
	return 0;
}

int encoder_payload_lengths(struct encoder *e, const struct spec_layer *spec,
	const struct frame_view *view, unsigned int index)
{
	const struct site site = { .spec = &spec->header,
		.path = { NULL, spec->header.type->name, 0 } };
	const struct view_layer *layer = &view->layers[index];
	const struct wire_protocol *next =
		index + 1 < view->count ? view->layers[index + 1].protocol : NULL;

	for (unsigned int i = 0; i < layer->header.count; i++) {
		const struct view_field *row = &layer->header.fields[i];
		bool type = next_is_length(row->field, next);
		uint64_t most = type ? WIRE_NUMBER_LENGTH_MAX : field_max(row->field);
		int64_t number;

		if (!row->automatic || (!type && (row->field->rule != WIRE_LENGTH ||
							 !wire_spans_payload(&row->field->length))))
			continue;
		number = expected_count(view, layer, &layer->header, row);
		if (number < 0 || (uint64_t)number > most)
			return fail_number(e, &site, row, number, most, "a shorter payload");
		put_number(e, row, number);
	}
	return 0;
}
