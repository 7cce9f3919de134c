/* Changes fields of a frame where they stand. */
#include "frame/rewrite.h"

#include "frame/internal.h"
#include "wire/checksum.h"

#include <string.h>

struct rewriting {
	const struct frame_view *before;
	struct frame_view now; /* its octets are: */
	uint8_t *octets;
	const struct rewrite_rule *rules;
	unsigned int count;
	unsigned int changed;
};

static void put(struct rewriting *r, const struct view_field *row, const struct wire_value *value)
{
	struct wire_value old = view_value(&r->now, row);

	if (wire_value_equal(row->field, &old, value))
		return;
	wire_value_put(row->field, r->octets, row->bit, row->width, value);
	r->changed++;
}

/* ---- one field ---- */

static void rewrite_field(struct rewriting *r, const struct rewrite_rule *rule)
{
	const struct view_layer *layer = view_layer_find(r->before, rule->protocol, rule->nth);
	const struct view_field *row = layer ? view_field_find(&layer->header, rule->field) : NULL;

	if (row && row->field->kind != WIRE_LIST &&
		wire_value_width(row->field, &rule->value) == row->width)
		put(r, row, &rule->value);
}

/* ---- maps ---- */

static bool is_port(const struct wire_field *field)
{
	return wire_is_number(field) &&
	       (!strcmp(field->name, "sport") || !strcmp(field->name, "dport"));
}

static bool is_of_kind(enum rewrite_kind kind, const struct wire_field *field)
{
	switch (kind) {
	case REWRITE_MAC:
		return field->kind == WIRE_MAC;
	case REWRITE_IPV4:
		return field->kind == WIRE_IPV4;
	case REWRITE_IPV6:
		return field->kind == WIRE_IPV6;
	case REWRITE_PORT:
		return is_port(field);
	case REWRITE_FIELD:
		break;
	}
	return false;
}

/* Of octet i, the bits that belong to the prefix. */
static uint8_t prefix_mask(unsigned int prefix, unsigned int i)
{
	unsigned int bits = prefix > 8 * i ? prefix - 8 * i : 0;

	return bits >= 8 ? 0xff : (uint8_t)(0xff00U >> bits);
}

static bool map_octets(
	const struct rewrite_rule *rule, const uint8_t *from, unsigned int length, uint8_t *to)
{
	for (unsigned int i = 0; i < length; i++) {
		uint8_t mask = prefix_mask(rule->prefix, i);

		if ((from[i] ^ rule->from[i]) & mask)
			return false;
		to[i] = (uint8_t)((rule->to[i] & mask) | (from[i] & ~mask));
	}
	return true;
}

static bool map_row(
	struct rewriting *r, const struct view_field *row, const struct rewrite_rule *rule)
{
	struct wire_value value = view_value(&r->now, row);
	uint8_t from[16], to[16];

	if (row->field->kind != WIRE_UINT) {
		memcpy(from, value.octets, value.length);
		if (!map_octets(rule, from, (unsigned int)value.length, to))
			return false;
		value.octets = to;
	} else {
		from[0] = (uint8_t)(value.number >> 8);
		from[1] = (uint8_t)value.number;
		if (!map_octets(rule, from, 2, to))
			return false;
		value.number = (uint64_t)to[0] << 8 | to[1];
	}
	put(r, row, &value);
	return true;
}

static void map_record(struct rewriting *r, const struct view_record *record)
{
	for (unsigned int i = 0; i < record->count; i++) {
		const struct view_field *row = &record->fields[i];

		for (unsigned int j = 0; j < row->count; j++)
			map_record(r, &row->items[j]);
		for (unsigned int j = 0; j < r->count; j++)
			if (is_of_kind(r->rules[j].kind, row->field) &&
				map_row(r, row, &r->rules[j]))
				break;
	}
}

/* ---- checksums ---- */

static bool is_given(const struct rewriting *r, unsigned int layer, const struct wire_field *field)
{
	for (unsigned int i = 0; i < r->count; i++) {
		const struct rewrite_rule *rule = &r->rules[i];

		if (rule->kind == REWRITE_FIELD && !strcmp(rule->field, field->name) &&
			view_layer_find(r->before, rule->protocol, rule->nth) ==
				&r->before->layers[layer])
			return true;
	}
	return false;
}

/* The checksum, changed as what it covers did; the same where it cannot be told what that is. */
static uint64_t shifted(const struct rewriting *r, unsigned int layer, const struct view_field *row)
{
	uint64_t value = view_value(r->before, row).number;
	struct coverage coverage;
	uint64_t before, after;

	if (row->field->sum == WIRE_SUM_CRC32C ||
		!checksum_coverage(r->before, layer, row, &coverage))
		return value;
	before = checksum_fold(coverage_sum(&coverage, r->before->octets, row));
	after = checksum_fold(coverage_sum(&coverage, r->octets, row));
	/* RFC 1624 equation 3. */
	value = checksum_finish((~value & 0xffff) + (~before & 0xffff) + after);
	return value || row->field->sum != WIRE_SUM_UDP ? value : 0xffff;
}

static void repair_sum(
	struct rewriting *r, unsigned int layer, const struct view_field *row, bool all)
{
	struct wire_value value = { 0 };

	switch (row->check) {
	case VIEW_WRONG:
		if (!all)
			return;
		/* fall through */
	case VIEW_RIGHT:
	case VIEW_OFFLOADED:
		if (!expected_checksum(&r->now, layer, row, &value.number))
			return;
		break;
	case VIEW_UNCHECKED:
		value.number = shifted(r, layer, row);
		break;
	case VIEW_ABSENT:
		return;
	}
	wire_value_put(row->field, r->octets, row->bit, row->width, &value);
}

static void repair_record(
	struct rewriting *r, unsigned int layer, const struct view_record *record, bool all)
{
	for (unsigned int i = 0; i < record->count; i++) {
		const struct view_field *row = &record->fields[i];

		for (unsigned int j = 0; j < row->count; j++)
			repair_record(r, layer, &row->items[j], all);
		if (row->field->rule == WIRE_CHECKSUM && !is_given(r, layer, row->field))
			repair_sum(r, layer, row, all);
	}
}

unsigned int frame_rewrite(struct frame_view *view, uint8_t *octets,
	const struct rewrite_rule *rules, unsigned int count, bool repair)
{
	struct rewriting r = {
		.before = view, .now = *view, .octets = octets, .rules = rules, .count = count
	};

	memcpy(octets, view->octets, view->length);
	r.now.octets = octets;
	for (unsigned int i = 0; i < count; i++)
		if (rules[i].kind == REWRITE_FIELD)
			rewrite_field(&r, &rules[i]);
	for (unsigned int i = 0; i < view->count; i++)
		map_record(&r, &view->layers[i].header);
	/* Innermost first: an outer checksum covers the inner ones. */
	if (r.changed || repair)
		for (unsigned int i = view->count; i-- > 0;)
			repair_record(&r, i, &view->layers[i].header, repair);
	view->octets = octets;
	view_check(view);
	return r.changed;
}
