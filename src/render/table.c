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
		[WIRE_CHECKSUM] = "checksum",
		[WIRE_NEXT] = "next",
	};

	return rules[field->rule];
}

const char *table_space(enum wire_space space)
{
	static const char *const spaces[] = {
		[WIRE_SPACE_NONE] = "",
		[WIRE_ETHERTYPE] = "ethertype",
		[WIRE_IP_PROTOCOL] = "IP protocol",
		[WIRE_UDP_PORT] = "UDP port",
		[WIRE_TCP_PORT] = "TCP port",
		[WIRE_ICMP_TYPE] = "ICMP type",
		[WIRE_ICMPV6_TYPE] = "ICMPv6 type",
	};

	return spaces[space];
}

const char *table_sum(const struct wire_field *field)
{
	static const char *const sums[] = {
		[WIRE_SUM_RECORD] = "the header",
		[WIRE_SUM_WHOLE] = "the header and all that follows",
		[WIRE_SUM_PSEUDO] = "pseudo header, header and all that follows",
		[WIRE_SUM_UDP] = "pseudo header, header and all that follows",
	};

	return sums[field->sum];
}

int table_offset(const struct wire_record *record, unsigned int index)
{
	int bits = 0;
	unsigned int i;

	for (i = 0; i < index; i++) {
		if (record->fields[i].when || !record->fields[i].width)
			return -1;
		bits += record->fields[i].width;
	}
	return bits;
}

/* ---- what is sent when a field is left out ---- */

static void put_length(const struct wire_length *length, struct buffer *out)
{
	static const char *const spans[] = {
		[WIRE_SPAN_RECORD] = "of the header",
		[WIRE_SPAN_PAYLOAD] = "of what follows",
		[WIRE_SPAN_WHOLE] = "of header and what follows",
	};

	if (length->unit > 1)
		buffer_printf(out, "length %s in %u octets", spans[length->span], length->unit);
	else
		buffer_printf(out, "length %s", spans[length->span]);
	if (length->bias)
		buffer_printf(out, " %+d", length->bias);
}

void table_default(const struct wire_field *field, struct buffer *out)
{
	if (field->required) {
		buffer_printf(out, "required");
		return;
	}
	switch (field->rule) {
	case WIRE_LENGTH:
		put_length(&field->length, out);
		return;
	case WIRE_CHECKSUM:
		buffer_printf(out, "checksum");
		return;
	case WIRE_NEXT:
		buffer_printf(out, "the next layer's");
		if (field->preset)
			buffer_printf(out, ", else %s", field->preset);
		return;
	case WIRE_FIXED:
		break;
	}
	if (field->preset)
		buffer_printf(out, "%s", field->preset);
	else if (wire_is_number(field))
		buffer_printf(out, "0");
	else if (field->width)
		buffer_printf(out, "zeros");
	else
		buffer_printf(out, "none");
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
	buffer_printf(out, "%s %s ", when->field, when->not ? "is not" : "is");
	for (i = 0; i < when->count; i++) {
		if (i)
			buffer_printf(out, when->not || i + 1 < when->count ? ", " : " or ");
		put_when_value(other, when->values[i], out);
	}
}

/* ---- names of values ---- */

static bool protocol_name(const struct wire_field *field, unsigned int index, struct wire_name *ret)
{
	unsigned int i;

	for (i = 0; field->space != WIRE_SPACE_NONE && wire_protocols[i]; i++) {
		const char *name = wire_protocols[i]->header.name;
		const char *said;
		uint64_t number;

		if (!wire_protocol_number(wire_protocols[i], field->space, &number))
			continue;
		/* A name of the row's own goes first: ICMP's unreachable is not "ipv4". */
		said = wire_value_name(field, number);
		if (!said || strcmp(said, name) != 0)
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
