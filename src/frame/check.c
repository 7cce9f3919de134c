/* Holds lengths, checksums and next-layer numbers against what they should be. */
#include "frame/internal.h"

#include "base/bytes.h"
#include "wire/checksum.h"

#include <string.h>

/* ---- lengths ---- */

int64_t expected_length(const struct frame_view *view, const struct view_layer *layer,
	const struct view_record *record, const struct wire_field *field)
{
	const struct view_record *header = &layer->header;
	uint32_t octets = 0;

	switch (field->length.span) {
	case WIRE_SPAN_RECORD:
		octets = record->length;
		break;
	case WIRE_SPAN_PAYLOAD:
		octets = view->pad_offset - header->offset - header->length;
		break;
	case WIRE_SPAN_WHOLE:
		octets = view->pad_offset - header->offset;
		break;
	}
	return length_encode(&field->length, octets);
}

/* ---- fragments ---- */

static uint64_t number_of(const uint8_t *octets, const struct view_field *row)
{
	struct wire_value value;

	wire_value_get(row->field, octets, row->bit, row->width, &value);
	return value.number;
}

static bool flag_is_set(const uint8_t *octets, const struct view_field *row, const char *flag)
{
	for (const struct wire_name *name = row->field->names; name && name->name; name++)
		if (!strcmp(name->name, flag))
			return number_of(octets, row) & name->value;
	return false;
}

bool layer_is_fragment(const uint8_t *octets, const struct view_layer *layer, bool *ret_first)
{
	const struct view_field *offset = view_field_find(&layer->header, "frag-offset");
	const struct view_field *flags; /* IPv4 */
	const struct view_field *more;	/* IPv6 */

	if (!offset)
		return false;
	*ret_first = !number_of(octets, offset);
	if (!*ret_first)
		return true;
	flags = view_field_find(&layer->header, "flags");
	more = view_field_find(&layer->header, "more");
	return (flags && flag_is_set(octets, flags, "mf")) || (more && number_of(octets, more));
}

/* ---- the pseudo header ---- */

struct addresses {
	const uint8_t *src; /* the first one */
	const uint8_t *dst; /* the final one */
	size_t length;
};

static const uint8_t *last_address(const uint8_t *octets, const struct view_record *record)
{
	const struct view_field *list = view_field_find(record, "addresses");
	const struct view_record *last;

	if (!list || !list->count)
		return NULL;
	last = &list->items[list->count - 1];
	return last->type == &wire_raw_item ? NULL : octets + last->offset;
}

/* RFC 791 3.1: while the pointer is within a source route, its last address is the destination. */
static const uint8_t *route_end_ipv4(const uint8_t *octets, const struct view_layer *ip)
{
	const struct view_field *options = view_field_find(&ip->header, "options");

	for (unsigned int i = 0; options && i < options->count; i++) {
		const struct view_record *option = &options->items[i];
		const struct view_field *pointer = view_field_find(option, "pointer");

		if (strcmp(option->type->name, "lsrr") && strcmp(option->type->name, "ssrr"))
			continue;
		if (pointer && number_of(octets, pointer) < option->length)
			return last_address(octets, option);
	}
	return NULL;
}

#define SRH_TYPE     4 /* RFC 8754 2: segments from the last to the first, after 4 octets */
#define SRH_SEGMENTS 4

/* RFC 8200 8.1: with segments left, the last address of the route is the destination. */
static const uint8_t *route_end_ipv6(const uint8_t *octets, const struct view_layer *routing)
{
	const struct view_field *left = view_field_find(&routing->header, "segments-left");
	const struct view_field *type = view_field_find(&routing->header, "type");
	const struct view_field *data = view_field_find(&routing->header, "data");

	if (!left || !number_of(octets, left))
		return NULL;
	if (type && data && number_of(octets, type) == SRH_TYPE &&
		data->width / 8 >= SRH_SEGMENTS + 16)
		return octets + data->bit / 8 + SRH_SEGMENTS;
	return last_address(octets, &routing->header);
}

#define HOME_ADDRESS 0xc9 /* IANA, IPv6 destination options */

/* RFC 6275 11.3.1: a mobile node sums over its home address, and then sends it in an option. */
static const uint8_t *home_address(const uint8_t *octets, const struct view_layer *extension)
{
	const struct view_field *options = view_field_find(&extension->header, "options");

	for (unsigned int i = 0; options && i < options->count; i++) {
		const struct view_field *type = view_field_find(&options->items[i], "type");
		const struct view_field *data = view_field_find(&options->items[i], "data");

		if (type && data && number_of(octets, type) == HOME_ADDRESS && data->width == 128)
			return octets + data->bit / 8;
	}
	return NULL;
}

/* The nearest IP layer before layer index; -1 where there is none. */
static int nearest_ip(const struct frame_view *view, unsigned int index)
{
	while (index--)
		if (view->layers[index].protocol->ip)
			return (int)index;
	return -1;
}

static void addresses_of(
	const struct frame_view *view, unsigned int ip, unsigned int index, struct addresses *ret)
{
	const struct view_layer *layer = &view->layers[ip];
	struct wire_value src = view_value(view, view_field_find(&layer->header, "src"));
	struct wire_value dst = view_value(view, view_field_find(&layer->header, "dst"));
	const uint8_t *end = route_end_ipv4(view->octets, layer);
	const uint8_t *home = NULL;

	for (unsigned int i = ip + 1; i < index; i++) {
		if (!view->layers[i].protocol->ip_extension)
			continue;
		if (!end)
			end = route_end_ipv6(view->octets, &view->layers[i]);
		if (!home)
			home = home_address(view->octets, &view->layers[i]);
	}
	*ret = (struct addresses){ home ? home : src.octets, end ? end : dst.octets, src.length };
}

/* The sum of the pseudo header of layer index; false where no IP layer is before it. */
static bool pseudo_sum(const struct frame_view *view, unsigned int index, uint64_t *ret)
{
	const struct view_layer *layer = &view->layers[index];
	int ip = nearest_ip(view, index);
	struct addresses addresses;
	uint64_t protocol;

	if (ip < 0 || !wire_protocol_number(layer->protocol, WIRE_IP_PROTOCOL, &protocol))
		return false;
	addresses_of(view, (unsigned int)ip, index, &addresses);
	*ret = checksum_pseudo(addresses.src, addresses.dst, addresses.length, (uint8_t)protocol,
		layer->end - layer->header.offset);
	return true;
}

/* ---- checksums ---- */

/*
 * All that the checksum covers, the field itself as zero. It stands on a word's boundary; to take
 * it out of a sum afterwards would not do: a folded sum of zero and one of ffff are the same then.
 */
static bool covered_sum(const struct frame_view *view, unsigned int index,
	const struct view_field *row, uint64_t *ret)
{
	const struct view_layer *layer = &view->layers[index];
	const uint8_t *octets = view->octets + layer->header.offset;
	uint32_t before = row->bit / 8 - layer->header.offset;
	uint32_t after = before + row->width / 8;
	uint32_t length = layer->end - layer->header.offset;
	uint64_t sum = 0;

	if (row->field->sum == WIRE_SUM_RECORD)
		length = layer->header.length;
	else if (row->field->sum != WIRE_SUM_WHOLE && !pseudo_sum(view, index, &sum))
		return false;
	sum = checksum_add(sum, octets, before);
	*ret = checksum_add(sum, octets + after, length - after);
	return true;
}

bool expected_checksum(const struct frame_view *view, unsigned int index,
	const struct view_field *field, uint16_t *ret)
{
	uint64_t sum;

	if (!covered_sum(view, index, field, &sum))
		return false;
	*ret = checksum_finish(sum);
	if (!*ret && field->field->sum == WIRE_SUM_UDP)
		*ret = 0xffff; /* RFC 768: a computed zero is sent as all ones */
	return true;
}

uint16_t bad_checksum(const struct frame_view *view, unsigned int index,
	const struct view_field *field, uint16_t right)
{
	static const uint16_t changes[] = { 0x5555, 0x3333, 0x0f0f, 0x00ff };
	uint64_t pseudo = 0;
	bool has_pseudo =
		(field->field->sum == WIRE_SUM_PSEUDO || field->field->sum == WIRE_SUM_UDP) &&
		pseudo_sum(view, index, &pseudo);
	unsigned int i = 0;

	/* Each of the three to avoid rules out one change at most. */
	while ((right ^ changes[i]) == 0 || (right ^ changes[i]) == 0xffff ||
		(has_pseudo && (right ^ changes[i]) == checksum_fold(pseudo)))
		i++;
	return right ^ changes[i];
}

/* Whether the layer stands in a fragment: of a datagram of which the rest is elsewhere. */
static bool in_fragment(const struct frame_view *view, unsigned int index)
{
	int ip = nearest_ip(view, index);
	bool first;

	for (unsigned int i = ip < 0 ? index : (unsigned int)ip; i < index; i++)
		if (layer_is_fragment(view->octets, &view->layers[i], &first))
			return true;
	return false;
}

static enum view_check checksum_verdict(
	const struct frame_view *view, unsigned int index, const struct view_field *row)
{
	uint64_t value = number_of(view->octets, row);
	enum wire_sum kind = row->field->sum;
	uint64_t pseudo;
	uint64_t sum;

	if (kind == WIRE_SUM_UDP && !value)
		return VIEW_ABSENT;
	if (kind != WIRE_SUM_RECORD && (view->layers[index].cut || in_fragment(view, index)))
		return VIEW_UNCHECKED;
	if (!covered_sum(view, index, row, &sum))
		return VIEW_UNCHECKED;
	/* RFC 1071 2: with the checksum in it, the sum is all ones. */
	if (checksum_fold(sum + value) == 0xffff)
		return VIEW_RIGHT;
	if ((kind == WIRE_SUM_PSEUDO || kind == WIRE_SUM_UDP) && pseudo_sum(view, index, &pseudo) &&
		checksum_fold(pseudo) == value)
		return VIEW_OFFLOADED;
	return VIEW_WRONG;
}

static void check_checksum(
	const struct frame_view *view, unsigned int index, struct view_field *row)
{
	uint16_t expected = 0;

	row->check = checksum_verdict(view, index, row);
	if (expected_checksum(view, index, row, &expected))
		row->expected = expected;
}

/* ---- lengths and numbers ---- */

static void check_length(const struct frame_view *view, const struct view_layer *layer,
	const struct view_record *record, struct view_field *row, bool part)
{
	int64_t expected = expected_length(view, layer, record, row->field);
	uint64_t value = number_of(view->octets, row);

	row->expected = (uint64_t)expected;
	if (value == row->expected)
		row->check = VIEW_RIGHT;
	else if (part && row->field->length.span != WIRE_SPAN_RECORD && value > row->expected)
		row->check = VIEW_UNCHECKED; /* the rest of what it counts is elsewhere */
	else
		row->check = VIEW_WRONG;
}

/* Only a layer that has a number in the space can be named wrongly. Where several numbers name it,
 * the first is the automatic one, and there is nothing to hold another against. */
static void check_next(const struct frame_view *view, unsigned int index, struct view_field *row)
{
	const struct wire_protocol *next =
		index + 1 < view->count ? view->layers[index + 1].protocol : NULL;
	uint64_t value = number_of(view->octets, row);

	row->check = VIEW_UNCHECKED;
	if (!next || !wire_protocol_number(next, row->field->space, &row->expected))
		return;
	if (value == row->expected)
		row->check = VIEW_RIGHT;
	else if (wire_protocol_next(row->field->space, value) != next)
		row->check = VIEW_WRONG;
}

/* part: what follows is a fragment, or cut short in an error message that quotes it. */
static void check_record(
	const struct frame_view *view, unsigned int index, struct view_record *record, bool part)
{
	for (unsigned int i = 0; i < record->count; i++) {
		struct view_field *row = &record->fields[i];

		switch (row->field->rule) {
		case WIRE_FIXED:
			break;
		case WIRE_LENGTH:
			check_length(view, &view->layers[index], record, row, part);
			break;
		case WIRE_CHECKSUM:
			check_checksum(view, index, row);
			break;
		case WIRE_NEXT:
			check_next(view, index, row);
			break;
		}
		for (unsigned int j = 0; j < row->count; j++)
			check_record(view, index, &row->items[j], part);
	}
}

/* The layer is an error message, and what follows is the packet that it quotes. */
static bool quotes(const struct frame_view *view, const struct view_layer *layer)
{
	for (unsigned int i = 0; i < layer->header.count; i++) {
		const struct view_field *row = &layer->header.fields[i];
		enum wire_space space = row->field->space;

		if ((space == WIRE_ICMP_TYPE || space == WIRE_ICMPV6_TYPE) &&
			wire_protocol_next(space, number_of(view->octets, row)))
			return true;
	}
	return false;
}

static void check_fcs(struct frame_view *view)
{
	crc32_fcs(view->octets, view->length, view->fcs_expected);
	if (view->fcs != VIEW_FCS_NONE)
		view->fcs = memcmp(view->fcs_octets, view->fcs_expected, FCS_LENGTH)
				    ? VIEW_FCS_WRONG
				    : VIEW_FCS_RIGHT;
}

void view_check(struct frame_view *view)
{
	bool quoted = false;

	view_bound(view);
	for (unsigned int i = 0; i < view->count; i++) {
		check_record(view, i, &view->layers[i].header, quoted || in_fragment(view, i));
		quoted = quoted || quotes(view, &view->layers[i]);
	}
	check_fcs(view);
}
