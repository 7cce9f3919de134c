/* A field's value as text. */
#include "wire/wire.h"

#include "base/buffer.h"
#include "wire/domain.h"
#include "wire/escape.h"

#include <arpa/inet.h>
#include <inttypes.h>

const char *wire_name_of(const struct wire_name *names, uint64_t number)
{
	for (; names && names->name; names++)
		if (names->value == number)
			return names->name;
	return NULL;
}

const char *wire_value_name(const struct wire_field *field, uint64_t number)
{
	const char *name = wire_name_of(field->names, number);
	const struct wire_protocol *protocol;
	uint64_t first;

	if (name || field->space == WIRE_SPACE_NONE)
		return name;
	/* Of a protocol's several numbers the name is the first one's: read back, it gives that. */
	protocol = wire_protocol_next(field->space, number);
	if (!protocol || !wire_protocol_number(protocol, field->space, &first) || first != number)
		return NULL;
	return protocol->header.name;
}

static void flags_format(const struct wire_field *field, uint64_t flags, struct buffer *out)
{
	const char *between = "";

	for (unsigned int i = 0; i < field->width; i++) {
		const char *name = wire_name_of(field->names, 1ULL << i);

		if (!name || !(flags >> i & 1))
			continue;
		buffer_printf(out, "%s%s", between, name);
		between = "|";
		flags &= ~(1ULL << i);
	}
	if (flags)
		buffer_printf(out, "%s0x%" PRIx64, between, flags);
	else if (!*between)
		buffer_printf(out, "0");
}

static void number_format(const struct wire_field *field, uint64_t number, struct buffer *out)
{
	const char *name = wire_value_name(field, number);

	if (name)
		buffer_printf(out, "%s", name);
	else if (field->hex)
		buffer_printf(out, "0x%0*" PRIx64, (field->width + 3) / 4, number);
	else
		buffer_printf(out, "%" PRIu64, number);
}

static void hex_format(const struct wire_value *value, const char *between, struct buffer *out)
{
	for (size_t i = 0; i < value->length; i++)
		buffer_printf(out, "%s%02x", i ? between : "", value->octets[i]);
}

static void string_format(const struct wire_value *value, struct buffer *out)
{
	for (size_t i = 0; i < value->length; i++)
		escape_put(value->octets[i], "", out);
}

void wire_value_format(
	const struct wire_field *field, const struct wire_value *value, struct buffer *out)
{
	char text[INET6_ADDRSTRLEN];

	switch (field->kind) {
	case WIRE_UINT:
		number_format(field, value->number, out);
		break;
	case WIRE_FLAGS:
		flags_format(field, value->number, out);
		break;
	case WIRE_MAC:
		hex_format(value, ":", out);
		break;
	case WIRE_IPV4:
		buffer_printf(out, "%s", inet_ntop(AF_INET, value->octets, text, sizeof(text)));
		break;
	case WIRE_IPV6:
		buffer_printf(out, "%s", inet_ntop(AF_INET6, value->octets, text, sizeof(text)));
		break;
	case WIRE_NAME:
		domain_format(value->octets, value->length, out);
		break;
	case WIRE_STRING:
		string_format(value, out);
		break;
	case WIRE_BYTES:
		hex_format(value, "", out);
		break;
	case WIRE_LIST: /* has no value of its own */
		break;
	}
}
