/* The checksums of a frame: what they cover, and what they should be. */
#include "frame/internal.h"

#include "wire/checksum.h"
#include "wire/crc32c.h"

#include <string.h>

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

/*
 * RFC 8200 8.1: with segments left, the last address of the route is the destination. RFC 8754 2:
 * a segment routing header has its segments from the last to the first.
 */
static const uint8_t *route_end_ipv6(const uint8_t *octets, const struct view_layer *routing)
{
	const struct view_field *left = view_field_find(&routing->header, "segments-left");
	const struct view_field *segments = view_field_find(&routing->header, "segments");

	if (!left || !number_of(octets, left))
		return NULL;
	if (segments && segments->count && segments->items[0].type != &wire_raw_item)
		return octets + segments->items[0].offset;
	return last_address(octets, &routing->header);
}

#define HOME_ADDRESS 0xc9 /* IANA, IPv6 destination options */

bool field_steers(const struct wire_field *field)
{
	return !strcmp(field->name, "segments-left") || !strcmp(field->name, "pointer");
}

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

/* ---- checksums ---- */

/* Whether a pseudo header belongs to it, over this version of IP. */
static bool has_pseudo_header(enum wire_sum sum, unsigned int ip)
{
	switch (sum) {
	case WIRE_SUM_PSEUDO:
	case WIRE_SUM_UDP:
		return true;
	case WIRE_SUM_WHOLE_IPV6:
	case WIRE_SUM_RECORD_IPV6:
		return ip == 6;
	case WIRE_SUM_RECORD:
	case WIRE_SUM_WHOLE:
	case WIRE_SUM_CISCO:
	case WIRE_SUM_CRC32C:
	default:
		return false;
	}
}

static bool is_of_header(enum wire_sum sum)
{
	return sum == WIRE_SUM_RECORD || sum == WIRE_SUM_RECORD_IPV6;
}

/* Where what is covered ends, by the row that says how much of the layer that is. */
static uint32_t covered_end(const struct frame_view *view, const struct view_layer *layer,
	const struct view_field *over)
{
	const struct wire_length *length = &over->field->length;
	uint32_t header_end = layer->header.offset + layer->header.length;
	uint32_t start = length->span == WIRE_SPAN_PAYLOAD ? header_end : layer->header.offset;
	uint64_t number = number_of(view->octets, over);
	int64_t end = start + length_decode(length, number);

	if (!number || end > layer->end)
		return layer->end;
	return end < header_end ? header_end : (uint32_t)end;
}

bool checksum_coverage(const struct frame_view *view, unsigned int index,
	const struct view_field *row, struct coverage *ret)
{
	const struct view_layer *layer = &view->layers[index];
	const struct view_field *skip =
		row->field->of ? view_field_find(&layer->header, row->field->of) : NULL;
	const struct view_field *over =
		row->field->over ? view_field_find(&layer->header, row->field->over) : NULL;
	int ip = nearest_ip(view, index);
	struct addresses addresses;
	uint64_t protocol;

	*ret = (struct coverage){ .offset = layer->header.offset, .end = layer->end };
	if (is_of_header(row->field->sum))
		ret->end = ret->offset + layer->header.length;
	ret->length = ret->end - ret->offset;
	if (over)
		ret->end = covered_end(view, layer, over);
	ret->cisco_last = row->field->sum == WIRE_SUM_CISCO && ret->length % 2;
	if (skip) {
		ret->skip = skip->bit / 8;
		ret->skip_end = (skip->bit + skip->width) / 8;
	}
	if (!has_pseudo_header(
		    row->field->sum, ip < 0 ? 0 : wire_ip_version(view->layers[ip].protocol)))
		return true;
	if (ip < 0 || !wire_protocol_number(layer->protocol, WIRE_IP_PROTOCOL, &protocol))
		return false;
	addresses_of(view, (unsigned int)ip, index, &addresses);
	ret->protocol = (uint8_t)protocol;
	ret->address_length = (uint32_t)addresses.length;
	ret->src = (uint32_t)(addresses.src - view->octets);
	ret->dst = (uint32_t)(addresses.dst - view->octets);
	return true;
}

uint64_t coverage_pseudo_sum(const struct coverage *coverage, const uint8_t *octets)
{
	if (!coverage->address_length)
		return 0;
	return checksum_pseudo(octets + coverage->src, octets + coverage->dst,
		coverage->address_length, coverage->protocol, coverage->length);
}

/* The sum of the octets from start to end, those that the checksum leaves out as zeros. */
static uint64_t sum_of(
	const struct coverage *coverage, const uint8_t *octets, uint32_t start, uint32_t end)
{
	uint64_t sum;

	if (coverage->skip < start || coverage->skip_end > end || coverage->skip_end <= start)
		return checksum_add(0, octets + start, end - start);
	sum = checksum_add(0, octets + start, coverage->skip - start);
	return checksum_add(sum, octets + coverage->skip_end, end - coverage->skip_end);
}

/*
 * All that an internet checksum covers, the field itself as zero. It stands on a word's boundary;
 * to take it out of a sum afterwards would not do: a folded sum of zero and one of ffff are the
 * same then.
 */
uint64_t coverage_sum(
	const struct coverage *coverage, const uint8_t *octets, const struct view_field *row)
{
	uint32_t end = coverage->end - coverage->cisco_last;
	uint64_t last = coverage->cisco_last ? checksum_cisco_last(octets[end]) : 0;

	return coverage_pseudo_sum(coverage, octets) +
	       sum_of(coverage, octets, coverage->offset, row->bit / 8) +
	       sum_of(coverage, octets, (row->bit + row->width) / 8, end) + last;
}

/* The number that stands in a frame of the CRC32c of all that it covers, the field as zeros. */
static uint32_t covered_crc(
	const struct coverage *coverage, const uint8_t *octets, const struct view_field *row)
{
	static const uint8_t zeros[4];
	uint32_t start = row->bit / 8;
	uint32_t crc = crc32c(0, octets + coverage->offset, start - coverage->offset);

	start += (uint32_t)sizeof(zeros);
	crc = crc32c(crc, zeros, sizeof(zeros));
	return crc32c_field(crc32c(crc, octets + start, coverage->end - start));
}

bool expected_checksum(const struct frame_view *view, unsigned int index,
	const struct view_field *row, uint64_t *ret)
{
	struct coverage coverage;

	if (!checksum_coverage(view, index, row, &coverage))
		return false;
	if (row->field->sum == WIRE_SUM_CRC32C) {
		*ret = covered_crc(&coverage, view->octets, row);
		return true;
	}
	*ret = checksum_finish(coverage_sum(&coverage, view->octets, row));
	if (!*ret && row->field->sum == WIRE_SUM_UDP)
		*ret = 0xffff; /* RFC 768: a computed zero is sent as all ones */
	return true;
}

uint64_t bad_checksum(const struct frame_view *view, unsigned int index,
	const struct view_field *row, uint64_t right)
{
	struct coverage coverage;
	bool has_pseudo = checksum_coverage(view, index, row, &coverage) && coverage.address_length;

	return checksum_bad(right, has_pseudo,
		has_pseudo ? checksum_fold(coverage_pseudo_sum(&coverage, view->octets)) : 0);
}

bool layer_in_fragment(const struct frame_view *view, unsigned int index)
{
	int ip = nearest_ip(view, index);
	bool first;

	for (unsigned int i = ip < 0 ? index : (unsigned int)ip; i < index; i++)
		if (layer_is_fragment(view->octets, &view->layers[i], &first))
			return true;
	return false;
}

enum view_check checksum_verdict(
	const struct frame_view *view, unsigned int index, const struct view_field *row)
{
	uint64_t value = number_of(view->octets, row);
	enum wire_sum kind = row->field->sum;
	struct coverage coverage;

	if (kind == WIRE_SUM_UDP && !value)
		return VIEW_ABSENT;
	if (!is_of_header(kind) && (view->layers[index].cut || layer_in_fragment(view, index)))
		return VIEW_UNCHECKED;
	if (!checksum_coverage(view, index, row, &coverage))
		return VIEW_UNCHECKED;
	if (kind == WIRE_SUM_CRC32C)
		return value == covered_crc(&coverage, view->octets, row) ? VIEW_RIGHT : VIEW_WRONG;
	/* RFC 1071 2: with the checksum in it, the sum is all ones. */
	if (checksum_fold(coverage_sum(&coverage, view->octets, row) + value) == 0xffff)
		return VIEW_RIGHT;
	if (coverage.address_length &&
		checksum_fold(coverage_pseudo_sum(&coverage, view->octets)) == value)
		return VIEW_OFFLOADED;
	return VIEW_WRONG;
}
