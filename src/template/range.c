/* From where to where a value varies: FIRST..LAST, or a prefix. */
#include "template/value_reader.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* A part of a plain scalar as a value of its own, so that $name expands. */
static const struct node *node_part(
	struct arena *arena, const struct node *node, size_t offset, size_t length)
{
	struct position at = node->at;

	while (length && node->text[offset] == ' ') {
		offset++;
		length--;
	}
	while (length && node->text[offset + length - 1] == ' ')
		length--;
	if (at.column)
		at.column += (unsigned int)offset + !node->plain;
	return node_plain(arena, &at, arena_strndup(arena, node->text + offset, length));
}

static bool is_address(const struct wire_field *field)
{
	return field->kind == WIRE_IPV4 || field->kind == WIRE_IPV6;
}

static int end_read(struct reader *reader, const struct path *path, const struct place *place,
	const struct node *node, struct range *ret, struct wire_value *end, struct err *err)
{
	struct spec_value value = { 0 };
	int status;

	if (node_is_empty(node))
		return path_error(err, &node->at, path, "an end is left out: FIRST..LAST");
	status = place_read(reader, path, place, node, &value, err);
	if (status)
		return status;
	*end = value.value;
	ret->placeholder |= value.placeholder;
	return 0;
}

/* The first or the last address that begins with the prefix. */
static struct wire_value prefix_end(
	struct arena *arena, const struct wire_value *address, uint64_t prefix, bool last)
{
	uint8_t *octets = arena_copy(arena, address->octets, address->length);

	for (uint64_t bit = prefix; bit < address->length * 8; bit++)
		bytes_put_bits(octets, bit, 1, last);
	return (struct wire_value){ .octets = octets, .length = address->length };
}

/* 10.0.0.0/24: its first address to its last. */
static int prefix_read(struct reader *reader, const struct path *path, const struct place *place,
	const struct node *node, struct range *ret, struct err *err)
{
	const size_t slash = (size_t)(strchr(node->text, '/') - node->text);
	const struct node *length =
		node_part(reader->arena, node, slash + 1, node->length - slash - 1);
	struct range range = { 0 };
	struct wire_value address;
	uint64_t bits = 0;
	int status = end_read(reader, path, place, node_part(reader->arena, node, 0, slash), &range,
		&address, err);

	if (!status)
		status = scalar_read_number(
			reader, path, length, place->field->width, " bits", &bits, err);
	if (status)
		return status;
	range.first = prefix_end(reader->arena, &address, bits, false);
	range.last = prefix_end(reader->arena, &address, bits, true);
	range.prefix = true;
	*ret = range;
	return 0;
}

/* What stands for the range: a variable's value, where the node is wholly $name. */
static int range_node(const struct reader *reader, const struct path *path,
	const struct place *place, const struct node *node, const struct node **ret,
	struct err *err)
{
	const char *fact;

	if (node->kind != NODE_SCALAR || strlen(node->text) != node->length)
		return path_error(err, &node->at, path, "FIRST..LAST is wanted, not %s",
			node_kind_name(node->kind));
	*ret = node;
	if (strstr(node->text, "..") || (is_address(place->field) && strchr(node->text, '/')))
		return 0;
	if (variables_expand(reader, node, ret, &fact, err))
		return -EINVAL;
	if (!fact && strstr((*ret)->text, ".."))
		return 0;
	if (!fact && is_address(place->field) && strchr((*ret)->text, '/'))
		return 0;
	path_error(err, &node->at, path, "\"%s\" is no range: FIRST..LAST", node->text);
	if (is_address(place->field))
		err_hint(err, ", or a prefix such as %s",
			place->field->kind == WIRE_IPV4 ? "10.0.0.0/24" : "2001:db8::/64");
	return -EINVAL;
}

/* Below, at or above 0, as first is to last. */
static int ends_compare(const struct range *range)
{
	if (range->first.length)
		return memcmp(range->first.octets, range->last.octets, range->first.length);
	return (range->first.number > range->last.number) -
	       (range->first.number < range->last.number);
}

/* Whether two values of so many octets are over 2^64 - 1 apart. */
static bool is_too_wide(const uint8_t *low, const uint8_t *high, size_t length)
{
	unsigned int borrow = 0;

	for (size_t i = length; i-- > 0;) {
		unsigned int less = low[i] + borrow;

		if (i + 8 < length && (high[i] - less) & 0xff)
			return true;
		borrow = high[i] < less;
	}
	return false;
}

/* All that so many octets can be, which is drawn octet by octet: ::/0. */
static bool is_everything(const struct range *range)
{
	for (size_t i = 0; i < range->first.length; i++)
		if (range->first.octets[i] || range->last.octets[i] != 0xff)
			return false;
	return true;
}

static int ends_check(const struct path *path, const struct place *place, const struct node *node,
	enum vary_kind kind, const struct range *range, struct err *err)
{
	const struct wire_value *first = &range->first;
	const struct wire_value *last = &range->last;
	bool up;

	if (place->held || wire_is_number(place->field) ||
		(kind == VARY_RANDOM && is_everything(range)))
		return 0;
	up = ends_compare(range) <= 0;
	if (!is_too_wide(up ? first->octets : last->octets, up ? last->octets : first->octets,
		    first->length))
		return 0;
	path_error(err, &node->at, path, "more than 2^64 values from first to last");
	if (is_address(place->field))
		err_hint(err, ": a prefix is /64 or longer");
	return -EINVAL;
}

static int direction_check(const struct path *path, const struct node *node, enum vary_kind kind,
	const struct range *range, struct err *err)
{
	int order = ends_compare(range);

	if (kind == VARY_DEC && order < 0)
		return path_error(err, &node->at, path, "%s runs forwards; did you mean `inc: %s`?",
			node->text, node->text);
	if (kind == VARY_INC && order > 0)
		return path_error(err, &node->at, path,
			"%s runs backwards; did you mean `dec: %s`?", node->text, node->text);
	if (kind != VARY_DEC && order > 0)
		return path_error(err, &node->at, path,
			"%s runs backwards: the lower end comes first", node->text);
	return 0;
}

int range_read(struct reader *reader, const struct path *path, const struct place *place,
	const struct node *node, enum vary_kind kind, struct range *ret, struct err *err)
{
	struct arena *arena = reader->arena;
	struct range range = { 0 };
	const struct node *value;
	const char *dots;
	size_t first;
	int status = range_node(reader, path, place, node, &value, err);

	if (status)
		return status;
	dots = strstr(value->text, "..");
	if (dots) {
		first = (size_t)(dots - value->text);
		status = end_read(reader, path, place, node_part(arena, value, 0, first), &range,
			&range.first, err);
		if (!status)
			status = end_read(reader, path, place,
				node_part(arena, value, first + 2, value->length - first - 2),
				&range, &range.last, err);
	} else {
		status = prefix_read(reader, path, place, value, &range, err);
	}
	if (!status && range.first.length != range.last.length)
		status = path_error(err, &value->at, path,
			"the ends have %zu and %zu octets: they want to be of one length",
			range.first.length, range.last.length);
	if (!status)
		status = ends_check(path, place, value, kind, &range, err);
	if (status)
		return status;
	if (range.prefix && kind == VARY_DEC) {
		const struct wire_value lowest = range.first;

		range.first = range.last;
		range.last = lowest;
	}
	status = direction_check(path, value, kind, &range, err);
	if (!status)
		*ret = range;
	return status;
}
