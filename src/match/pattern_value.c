/* One field of a pattern: whether a value is what is wanted, and what is wanted in words. */
#include "match/pattern_internal.h"

#include <inttypes.h>
#include <string.h>

#define OCTETS_SHOWN 32

/* ---- names ---- */

static uint64_t mask_of(size_t width)
{
	return width >= 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
}

/* Adds to octets as to a big-endian number; what is carried over its start is lost. */
static void octets_add(uint8_t *octets, size_t length, int64_t plus)
{
	uint64_t rest = (uint64_t)plus;
	unsigned int carry = 0;

	for (size_t i = length; i-- > 0;) {
		unsigned int sum = octets[i] + (unsigned int)(rest & 0xff) + carry;

		octets[i] = (uint8_t)sum;
		carry = sum >> 8;
		rest = rest >> 8 | (plus < 0 ? UINT64_C(0xff) << 56 : 0);
	}
}

bool named_value(const struct wire_field *field, size_t width, const struct spec_named *named,
	const struct wire_value *value, struct buffer *scratch, struct wire_value *ret)
{
	if (wire_is_number(field)) {
		if (value->number > mask_of(width) || value->length)
			return false;
		*ret = (struct wire_value){
			.number = (value->number + (uint64_t)named->plus) & mask_of(width),
		};
		return true;
	}
	if (field->width && value->length != field->width / 8U)
		return false;
	buffer_clear(scratch);
	buffer_put(scratch, value->octets, value->length);
	octets_add(scratch->data, scratch->length, named->plus);
	*ret = (struct wire_value){ .octets = scratch->data, .length = scratch->length };
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

static bool same_name(
	const struct spec_named *named, const struct wire_value *base, const struct actual *actual)
{
	struct buffer scratch = { 0 };
	struct wire_value value;
	bool same = named_value(actual->field, actual->width, named, base, &scratch, &value) &&
		    same_value(actual->field, &value, actual);

	buffer_fini(&scratch);
	return same;
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

static bool in_ranges(const struct spec_want *want, const struct actual *actual)
{
	for (unsigned int i = 0; i < want->count; i++)
		if (order_of(actual->field, &want->ranges[i].first, &actual->value) <= 0 &&
			order_of(actual->field, &actual->value, &want->ranges[i].last) <= 0)
			return true;
	return false;
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
	if (wanted->named)
		return same_name(wanted->named, named, actual);
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

static void put_named(const struct wire_field *field, const struct spec_named *named,
	const struct pattern_value *values, struct buffer *out)
{
	const struct wire_value base =
		values ? pattern_value_of(&values[named->name]) : (struct wire_value){ 0 };
	struct buffer scratch = { 0 };
	struct wire_value value;

	buffer_printf(out, "$%s", named->text);
	if (named->plus)
		buffer_printf(out, " %c %" PRIu64, named->plus < 0 ? '-' : '+',
			named->plus < 0 ? 0 - (uint64_t)named->plus : (uint64_t)named->plus);
	if (values && values[named->name].known &&
		named_value(field, field->width, named, &base, &scratch, &value)) {
		buffer_printf(out, " = ");
		put_value(field, &value, out);
	}
	buffer_fini(&scratch);
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
	}
}

void pattern_wanted_put(const struct wire_field *field, const struct spec_value *wanted,
	const struct pattern_value *values, struct buffer *out)
{
	if (wanted->state == SPEC_BAD)
		buffer_printf(out, "wrong");
	else if (wanted->state != SPEC_GIVEN)
		buffer_printf(out, "any");
	else if (wanted->named)
		put_named(field, wanted->named, values, out);
	else if (wanted->want)
		put_want(field, wanted, out);
	else if (field->kind == WIRE_LIST)
		buffer_printf(out, "%s", wanted->count ? "these items" : "none");
	else
		put_value(field, &wanted->value, out);
}
