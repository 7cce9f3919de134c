/* Words for what stands in the protocols' tables. */
#include "render/table.h"

#include "base/buffer.h"

#include <inttypes.h>
#include <string.h>

const char *table_kind(const struct wire_field *field)
{
	static const char *const kinds[] = {
		[WIRE_UINT] = "number",
		[WIRE_FLAGS] = "flags",
		[WIRE_MAC] = "mac",
		[WIRE_IPV4] = "ipv4",
		[WIRE_IPV6] = "ipv6",
		[WIRE_NAME] = "name",
		[WIRE_STRING] = "string",
		[WIRE_BYTES] = "bytes",
		[WIRE_LIST] = "list",
	};

	return kinds[field->kind];
}

const char *table_rule(const struct wire_field *field)
{
	static const char *const rules[] = {
		[WIRE_FIXED] = "fixed",
		[WIRE_LENGTH] = "length",
		[WIRE_COUNT] = "count",
		[WIRE_CHECKSUM] = "checksum",
		[WIRE_NEXT] = "next",
	};

	return rules[field->rule];
}

const char *table_space(enum wire_space space)
{
	return wire_space_name(space);
}

int table_offset(const struct wire_record *record, unsigned int index)
{
	int bits = 0;
	unsigned int i;

	for (i = 0; i < index; i++) {
		if (record->fields[i].when || record->fields[i].optional ||
			!record->fields[i].width)
			return -1;
		bits += record->fields[i].width;
	}
	return bits;
}

/* ---- what is sent when a field is left out ---- */

bool table_is_automatic(const struct wire_field *field)
{
	return field->rule != WIRE_FIXED || wire_is_port(field);
}

void table_default(const struct wire_field *field, struct buffer *out)
{
	if (field->required)
		buffer_printf(out, "required");
	else if (table_is_automatic(field))
		buffer_printf(
			out, field->preset ? "automatic, else %s" : "automatic", field->preset);
	else if (field->preset)
		buffer_printf(out, "%s", field->preset);
	else if (wire_is_number(field))
		buffer_printf(out, "0");
	else
		buffer_printf(out, field->width ? "zeros" : "none");
}

void table_item_default(const struct wire_list *list, const struct wire_record *record,
	unsigned int index, struct buffer *out)
{
	if (list && record != list->other && (int)index == wire_item_id(list, record))
		buffer_printf(out, "%" PRIu64, record->id);
	else
		table_default(&record->fields[index], out);
}

static void put_next(const struct wire_field *field, struct buffer *out)
{
	buffer_printf(
		out, "the number of the layer that follows, its %s", table_space(field->space));
	if (field->length.unit)
		buffer_printf(
			out, "; or the length of what follows, up to %d", WIRE_NUMBER_LENGTH_MAX);
}

void table_automatic(const struct wire_field *field, struct buffer *out)
{
	static const char *const spans[] = {
		[WIRE_SPAN_RECORD] = "of the header",
		[WIRE_SPAN_REST] = "of what stands behind it",
		[WIRE_SPAN_FIELD] = "of",
		[WIRE_SPAN_PAYLOAD] = "of what follows",
		[WIRE_SPAN_WHOLE] = "of the header and what follows",
	};
	static const char *const sums[] = {
		[WIRE_SUM_RECORD] = "the header",
		[WIRE_SUM_WHOLE] = "the header and what follows",
		[WIRE_SUM_PSEUDO] = "pseudo header, header and what follows",
		[WIRE_SUM_UDP] = "pseudo header, header and what follows",
		[WIRE_SUM_WHOLE_IPV6] =
			"the header and what follows; over IPv6 a pseudo header too",
		[WIRE_SUM_RECORD_IPV6] = "the header; over IPv6 a pseudo header too",
		[WIRE_SUM_CISCO] = "the header and what follows, an odd last octet Cisco's way",
		[WIRE_SUM_CRC32C] = "the header and what follows",
	};

	switch (field->rule) {
	case WIRE_LENGTH:
		buffer_printf(out, "the length %s ", spans[field->length.span]);
		if (field->length.span == WIRE_SPAN_FIELD)
			buffer_printf(out, "%s ", field->of);
		buffer_printf(out, "in ");
		if (field->length.unit > 1)
			buffer_printf(out, "units of %u octets", field->length.unit);
		else
			buffer_printf(out, "octets");
		if (field->length.bias)
			buffer_printf(out, ", %+d", field->length.bias);
		break;
	case WIRE_CHECKSUM:
		buffer_printf(out, "the %s over %s",
			field->sum == WIRE_SUM_CRC32C ? "CRC32c" : "internet checksum",
			sums[field->sum]);
		if (field->of)
			buffer_printf(out, ", without %s", field->of);
		if (field->over)
			buffer_printf(out, ", as many octets of it as %s says", field->over);
		break;
	case WIRE_COUNT:
		buffer_printf(out, "the number of %s", field->of);
		if (field->length.bias)
			buffer_printf(out, ", %+d", field->length.bias);
		break;
	case WIRE_NEXT:
		put_next(field, out);
		break;
	case WIRE_FIXED:
		if (wire_is_port(field))
			put_next(field, out);
		break;
	}
}

static void put_when_value(const struct wire_field *field, uint64_t number, struct buffer *out)
{
	const char *name = field ? wire_value_name(field, number) : NULL;

	if (name)
		buffer_printf(out, "%s", name);
	else
		buffer_printf(out, "%" PRIu64, number);
}

void table_when(
	const struct wire_record *record, const struct wire_field *field, struct buffer *out)
{
	const struct wire_when *when = field->when;
	const struct wire_field *other;
	unsigned int i;
	int index;

	if (!when)
		return;
	index = wire_field_find(record, when->field);
	other = index < 0 ? NULL : &record->fields[index];
	buffer_printf(out, "%s ", when->field);
	if (when->mask)
		buffer_printf(out, "& 0x%" PRIx64 " ", when->mask);
	buffer_printf(out, "%s ", when->unless ? "is not" : "is");
	for (i = 0; i < when->count; i++) {
		if (i)
			buffer_printf(out, when->unless || i + 1 < when->count ? ", " : " or ");
		if (when->mask)
			buffer_printf(out, "0x%" PRIx64, when->values[i]);
		else
			put_when_value(other, when->values[i], out);
	}
}

bool table_same_when(const struct wire_field *a, const struct wire_field *b)
{
	const struct wire_when *x = a->when;
	const struct wire_when *y = b->when;

	if (!x || !y)
		return x == y;
	return !strcmp(x->field, y->field) && x->unless == y->unless && x->mask == y->mask &&
	       x->count == y->count && !memcmp(x->values, y->values, x->count * sizeof(*x->values));
}

/* ---- names of values ---- */

/* Whether the row itself has a name for the number. */
static bool is_named(const struct wire_field *field, uint64_t number)
{
	for (const struct wire_name *name = field->names; name && name->name; name++)
		if (name->value == number)
			return true;
	return false;
}

static bool protocol_name(const struct wire_field *field, unsigned int index, struct wire_name *ret)
{
	unsigned int i;

	for (i = 0; field->space != WIRE_SPACE_NONE && wire_protocols[i]; i++) {
		const char *name = wire_protocols[i]->header.name;
		uint64_t number;

		if (!wire_protocol_number(wire_protocols[i], field->space, &number) ||
			number == WIRE_NUMBER_LENGTH)
			continue;
		/* A name of the row's own goes first: ICMP's unreachable is not "ipv4". Nor does a
		 * protocol name a number that is another's: of two the first. */
		if (is_named(field, number) ||
			wire_protocol_next(field->space, number) != wire_protocols[i])
			continue;
		if (index-- == 0) {
			*ret = (struct wire_name){ number, name };
			return true;
		}
	}
	return false;
}

bool table_name(const struct wire_field *field, unsigned int index, struct wire_name *ret)
{
	const struct wire_name *name = field->names;

	for (; name && name->name; name++)
		if (index-- == 0) {
			*ret = *name;
			return true;
		}
	return protocol_name(field, index, ret);
}
