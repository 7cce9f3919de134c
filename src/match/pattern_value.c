/* One field of a pattern: whether a value is what is wanted, and what is wanted in words. */
#include "match/pattern_internal.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#define OCTETS_SHOWN 32

/* ---- names ---- */

bool capture_value(const struct wire_field *field, size_t width, const struct spec_capture *capture,
	const struct wire_value *value, struct wire_value *ret)
{
	if (!wire_is_number(field)) {
		if (field->width && value->length != field->width / 8U)
			return false;
		*ret = *value;
		return true;
	}
	if (value->number > mask_of(width) || value->length)
		return false;
	*ret = (struct wire_value){ .number = (value->number + capture->plus) & mask_of(width) };
	return true;
}

/* ---- whether it fits ---- */

static bool same_value(const struct wire_field *field, const struct wire_value *wanted,
	const struct actual *actual)
{
	/* A checksum that a kernel left to the device is the right one. */
	if (field->rule == WIRE_CHECKSUM && actual->check == VIEW_OFFLOADED)
		return wanted->number == actual->right || wanted->number == actual->value.number;
	return wire_value_equal(field, wanted, &actual->value);
}

/* Below, at or above 0, as a is to b. */
static int order_of(
	const struct wire_field *field, const struct wire_value *a, const struct wire_value *b)
{
	if (wire_is_number(field))
		return (a->number > b->number) - (a->number < b->number);
	if (a->length != b->length)
		return a->length < b->length ? -1 : 1;
	return a->length ? memcmp(a->octets, b->octets, a->length) : 0;
}

static bool is_within(
	const struct wire_value *first, const struct wire_value *last, const struct actual *actual)
{
	return order_of(actual->field, first, &actual->value) <= 0 &&
	       order_of(actual->field, &actual->value, last) <= 0;
}

static bool in_ranges(const struct spec_want *want, const struct actual *actual)
{
	for (unsigned int i = 0; i < want->count; i++)
		if (is_within(&want->ranges[i].first, &want->ranges[i].last, actual))
			return true;
	return false;
}

/* RFC 1035 2.3.3: names are equal whatever their letters' case. */
static bool same_name(const struct wire_value *a, const struct wire_value *b)
{
	if (a->length != b->length)
		return false;
	for (size_t i = 0; i < a->length; i++)
		if (tolower(a->octets[i]) != tolower(b->octets[i]))
			return false;
	return true;
}

int table_row(const struct spec_table *table, const struct wire_value *key)
{
	bool is_name = table->key_field->kind == WIRE_NAME;

	for (unsigned int i = 0; i < table->count; i++)
		if (is_name ? same_name(&table->keys[i], key)
			    : wire_value_equal(table->key_field, &table->keys[i], key))
			return (int)i;
	return -1;
}

static bool fits_capture(const struct spec_capture *capture, const struct wire_value *named,
	const struct actual *actual)
{
	struct wire_value value;

	if (capture->table && table_row(capture->table, &actual->value) < 0)
		return false;
	if (capture->ranged && !is_within(&capture->first_value, &capture->last_value, actual))
		return false;
	return !named || (capture_value(actual->field, actual->width, capture, named, &value) &&
				 same_value(actual->field, &value, actual));
}

static bool fits_want(const struct spec_value *wanted, const struct actual *actual)
{
	const struct spec_want *want = wanted->want;
	size_t length = wanted->value.length;

	switch (want->kind) {
	case SPEC_WANT_ANY:
		return true;
	case SPEC_WANT_RIGHT:
		return actual->check != VIEW_WRONG;
	case SPEC_WANT_ONE_OF:
		return in_ranges(want, actual) != want->except;
	case SPEC_WANT_BITS:
		return (actual->value.number & want->set) == want->set &&
		       !(actual->value.number & want->clear);
	case SPEC_WANT_EXACTLY: /* held against its list, item by item */
		return false;
	case SPEC_WANT_PREFIX:
		return actual->value.length >= length &&
		       (!length || !memcmp(actual->value.octets, wanted->value.octets, length));
	}
	return false;
}

bool value_fits(const struct spec_value *wanted, const struct wire_value *named,
	const struct actual *actual)
{
	if (wanted->state == SPEC_BAD)
		return actual->check == VIEW_WRONG;
	if (wanted->state == SPEC_TAKEN)
		return fits_capture(wanted->capture, named, actual);
	if (wanted->want)
		return fits_want(wanted, actual);
	return same_value(actual->field, &wanted->value, actual);
}

/* ---- in words ---- */

static void put_value(
	const struct wire_field *field, const struct wire_value *value, struct buffer *out)
{
	struct wire_value shown = *value;
	bool cut = field->kind == WIRE_BYTES && value->length > OCTETS_SHOWN;

	if (cut)
		shown.length = OCTETS_SHOWN;
	wire_value_format(field, &shown, out);
	if (cut)
		buffer_printf(out, "... (%zu octets)", value->length);
}

static void put_range(
	const struct wire_field *field, const struct spec_range *range, struct buffer *out)
{
	put_value(field, &range->first, out);
	if (!order_of(field, &range->first, &range->last))
		return;
	buffer_printf(out, "..");
	put_value(field, &range->last, out);
}

static void put_ranges(
	const struct wire_field *field, const struct spec_want *want, struct buffer *out)
{
	buffer_printf(out, "%s", want->except ? "not " : "");
	for (unsigned int i = 0; i < want->count; i++) {
		buffer_printf(out, "%s", i ? " or " : "");
		put_range(field, &want->ranges[i], out);
	}
}

static void put_bits(
	const struct wire_field *field, const struct spec_want *want, struct buffer *out)
{
	const struct wire_value set = { .number = want->set };
	const struct wire_value clear = { .number = want->clear };

	if (want->set) {
		buffer_printf(out, "with ");
		put_value(field, &set, out);
	}
	if (want->clear) {
		buffer_printf(out, "%swithout ", want->set ? ", " : "");
		put_value(field, &clear, out);
	}
}

static void put_capture(const struct wire_field *field, const struct spec_capture *capture,
	const struct pattern_value *values, struct buffer *out)
{
	const struct spec_range range = { capture->first_value, capture->last_value };
	struct wire_value base;
	struct wire_value value;

	if (capture->ranged)
		put_range(field, &range, out);
	if (!capture->name)
		return;
	buffer_printf(out, "%s$%s", capture->ranged ? " as " : "", capture->name);
	if (capture->plus)
		buffer_printf(out, " %c %" PRIu64, (int64_t)capture->plus < 0 ? '-' : '+',
			(int64_t)capture->plus < 0 ? 0 - capture->plus : capture->plus);
	if (!values || !values[capture->index].known)
		return;
	base = pattern_value_of(&values[capture->index]);
	if (!capture_value(field, field->width ? field->width : 64, capture, &base, &value))
		return;
	buffer_printf(out, " = ");
	put_value(field, &value, out);
}

static void put_want(
	const struct wire_field *field, const struct spec_value *wanted, struct buffer *out)
{
	switch (wanted->want->kind) {
	case SPEC_WANT_ANY:
		buffer_printf(out, "any");
		break;
	case SPEC_WANT_RIGHT:
		buffer_printf(out, "right");
		break;
	case SPEC_WANT_ONE_OF:
		put_ranges(field, wanted->want, out);
		break;
	case SPEC_WANT_BITS:
		put_bits(field, wanted->want, out);
		break;
	case SPEC_WANT_PREFIX:
		buffer_printf(out, "begins with ");
		put_value(field, &wanted->value, out);
		break;
	case SPEC_WANT_EXACTLY:
		buffer_printf(out, "%s", wanted->count ? "exactly these items" : "none");
		break;
	}
}

void pattern_wanted_put(const struct wire_field *field, const struct spec_value *wanted,
	const struct pattern_value *values, struct buffer *out)
{
	if (wanted->state == SPEC_BAD)
		buffer_printf(out, "wrong");
	else if (wanted->state == SPEC_TAKEN)
		put_capture(field, wanted->capture, values, out);
	else if (wanted->state != SPEC_GIVEN)
		buffer_printf(out, "any");
	else if (wanted->want)
		put_want(field, wanted, out);
	else if (field->kind == WIRE_LIST)
		buffer_printf(out, "%s", wanted->count ? "these items" : "none");
	else
		put_value(field, &wanted->value, out);
}
