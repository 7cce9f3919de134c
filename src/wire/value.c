/* A field's value: read from text, written as text, taken from a frame and put into one. */
#include "wire/wire.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/text.h"
#include "wire/domain.h"
#include "wire/escape.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define MAC_LENGTH  6
#define BYTES_MAX   65535 /* octets: no header or option of ours is longer */
#define NAMES_MAX   256	  /* considered for "did you mean" */
#define NAMES_SHOWN 12

/* ---- names ---- */

static const char *name_of(const struct wire_name *names, uint64_t number)
{
	for (; names && names->name; names++)
		if (names->value == number)
			return names->name;
	return NULL;
}

const char *wire_value_name(const struct wire_field *field, uint64_t number)
{
	const char *name = name_of(field->names, number);
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

/*
 * The number of a protocol's name in the field's space. A protocol that is only one of several
 * things the number says (ICMP's unreachable quotes ipv4) does not name it.
 */
static bool protocol_number(const struct wire_field *field, const char *name, uint64_t *ret)
{
	const struct wire_protocol *protocol =
		field->space == WIRE_SPACE_NONE ? NULL : wire_protocol_find(name);
	uint64_t number;

	if (!protocol || !wire_protocol_number(protocol, field->space, &number) ||
		number == WIRE_NUMBER_LENGTH || name_of(field->names, number))
		return false;
	*ret = number;
	return true;
}

static bool number_of(const struct wire_field *field, const char *text, uint64_t *ret)
{
	for (const struct wire_name *name = field->names; name && name->name; name++) {
		if (!strcmp(name->name, text)) {
			*ret = name->value;
			return true;
		}
	}
	return protocol_number(field, text, ret);
}

/* All names that the field takes, at most NAMES_MAX, protocols first; returns how many. */
static size_t names_collect(const struct wire_field *field, const char *names[NAMES_MAX])
{
	size_t count = 0;
	uint64_t number;

	for (const struct wire_protocol *const *p = wire_protocols; *p && count < NAMES_MAX; p++)
		if (protocol_number(field, (*p)->header.name, &number))
			names[count++] = (*p)->header.name;
	for (const struct wire_name *n = field->names; n && n->name && count < NAMES_MAX; n++)
		names[count++] = n->name;
	return count;
}

/* ---- numbers ---- */

static uint64_t number_max(const struct wire_field *field)
{
	return field->width >= 64 ? UINT64_MAX : (1ULL << field->width) - 1;
}

static int too_big(const struct wire_field *field, const char *text, struct err *err)
{
	bool hex = field->hex || text[1] == 'x' || text[1] == 'X';

	err_input(err, NULL, "%s does not fit in %u bit%s ", text, field->width,
		field->width == 1 ? "" : "s");
	err_hint(err, hex ? "(at most 0x%" PRIx64 ")" : "(at most %" PRIu64 ")", number_max(field));
	return -EINVAL;
}

/* text is neither a number nor a name that the field knows. */
static int not_a_number(const struct wire_field *field, const char *text, struct err *err)
{
	const char *names[NAMES_MAX] = { NULL };
	size_t count = names_collect(field, names);
	const char *near = text_nearest(text, names, count);

	if (!count)
		return err_input(err, NULL, "\"%s\" is not a number from 0 to %" PRIu64, text,
			number_max(field));
	err_input(err, NULL, "\"%s\" is neither a number nor a name known here", text);
	if (near) {
		err_hint(err, "; did you mean \"%s\"?", near);
		return -EINVAL;
	}
	for (size_t i = 0; i < count && i < NAMES_SHOWN; i++)
		err_hint(err, "%s%s", i ? ", " : ": ", names[i]);
	err_hint(err, count > NAMES_SHOWN ? ", ..." : "");
	return -EINVAL;
}

static int number_parse(
	const struct wire_field *field, const char *text, uint64_t *ret, struct err *err)
{
	uint64_t number;
	int status;

	if (number_of(field, text, ret))
		return 0;
	status = text_number(text, &number, NULL);
	if (status == -ERANGE || (status == 0 && number > number_max(field)))
		return too_big(field, text, err);
	if (status)
		return not_a_number(field, text, err);
	*ret = number;
	return 0;
}

/* names and numbers joined by '|', blanks around them passed over. */
static int flags_parse(struct arena *arena, const struct wire_field *field, const char *text,
	uint64_t *ret, struct err *err)
{
	uint64_t flags = 0;
	const char *end;

	do {
		uint64_t bits = 0;
		size_t length;
		int status;

		end = strchrnul(text, '|');
		text += strspn(text, " ");
		length = end > text ? (size_t)(end - text) : 0;
		while (length && text[length - 1] == ' ')
			length--;
		status = number_parse(field, arena_strndup(arena, text, length), &bits, err);
		if (status) {
			if (memchr(text, ',', length) || memchr(text, '+', length))
				err_hint(err, "; join names by '|'");
			return status;
		}
		flags |= bits;
		text = end + 1;
	} while (*end);
	*ret = flags;
	return 0;
}

static void flags_format(const struct wire_field *field, uint64_t flags, struct buffer *out)
{
	const char *between = "";

	for (unsigned int i = 0; i < field->width; i++) {
		const char *name = name_of(field->names, 1ULL << i);

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

/* ---- addresses and octets ---- */

/* "02:00:00:00:00:01" or with '-', one or two digits an octet. */
static bool mac_read(const char *text, uint8_t mac[MAC_LENGTH])
{
	char between = '\0';

	for (unsigned int i = 0; i < MAC_LENGTH; i++) {
		unsigned int octet = 0;
		unsigned int digits = 0;

		for (; digits < 2 && isxdigit((unsigned char)*text); digits++, text++) {
			int c = tolower((unsigned char)*text);

			octet = octet << 4 | (unsigned int)(c <= '9' ? c - '0' : c - 'a' + 10);
		}
		if (!digits)
			return false;
		mac[i] = (uint8_t)octet;
		if (i == MAC_LENGTH - 1)
			break;
		if (i == 0 && (*text == ':' || *text == '-'))
			between = *text;
		if (!between || *text++ != between)
			return false;
	}
	return !*text;
}

static int mac_parse(const char *text, uint8_t *octets, struct err *err)
{
	if (mac_read(text, octets))
		return 0;
	return err_input(err, NULL,
		"\"%s\" is not a MAC address: six octets such as 02:00:00:00:00:01", text);
}

static int address_parse(enum wire_kind kind, const char *text, uint8_t *octets, struct err *err)
{
	bool v4 = kind == WIRE_IPV4;
	const char *name = v4 ? "an IPv4" : "an IPv6";
	const char *example = v4 ? "192.0.2.1" : "2001:db8::1";
	uint8_t other[16];

	if (inet_pton(v4 ? AF_INET : AF_INET6, text, octets) == 1)
		return 0;
	if (inet_pton(v4 ? AF_INET6 : AF_INET, text, other) == 1)
		return err_input(err, NULL,
			"\"%s\" is an %s address: this field takes %s address such as %s", text,
			v4 ? "IPv6" : "IPv4", name, example);
	if (strchr(text, '/'))
		return err_input(err, NULL,
			"\"%s\" is a prefix: this field takes one address such as %s", text,
			example);
	if (!v4 && strchr(text, '%'))
		return err_input(err, NULL,
			"\"%s\" has a zone, which no packet carries: leave out all from '%%'",
			text);
	return err_input(err, NULL, "\"%s\" is not %s address such as %s", text, name, example);
}

static int bytes_parse(struct arena *arena, const struct wire_field *field, const char *text,
	struct wire_value *ret, struct err *err)
{
	size_t want = field->width / 8U;
	struct wire_value value = { 0 };
	int status = text_hex(arena, text, BYTES_MAX, &value.octets, &value.length, err);

	if (status)
		return status;
	if (want && value.length != want)
		return err_input(err, NULL, "%zu octet%s where this field has %zu", value.length,
			value.length == 1 ? "" : "s", want);
	*ret = value;
	return 0;
}

static int name_parse(
	struct arena *arena, const char *text, struct wire_value *ret, struct err *err)
{
	uint8_t octets[DOMAIN_LENGTH_MAX];
	size_t length;
	int status = domain_parse(text, octets, &length, err);

	if (!status)
		*ret = (struct wire_value){ .octets = arena_copy(arena, octets, length),
			.length = length };
	return status;
}

static int string_parse(
	struct arena *arena, const char *text, struct wire_value *ret, struct err *err)
{
	uint8_t *octets = arena_alloc(arena, strlen(text));
	size_t length = 0;

	while (*text) {
		if (!escape_read(&text, &octets[length]))
			return err_input(err, NULL,
				"\"%.4s\" is no octet: three decimal digits up to 255", text);
		if (!octets[length++])
			return err_input(err, NULL, "a zero octet would end the text");
	}
	*ret = (struct wire_value){ .octets = octets, .length = length };
	return 0;
}

/* ---- any kind ---- */

static int octets_parse(struct arena *arena, const struct wire_field *field, const char *text,
	struct wire_value *ret, struct err *err)
{
	uint8_t octets[16];
	size_t length = field->width / 8U;
	int status;

	if (field->kind == WIRE_MAC)
		status = mac_parse(text, octets, err);
	else
		status = address_parse(field->kind, text, octets, err);
	if (status)
		return status;
	*ret = (struct wire_value){ .octets = arena_copy(arena, octets, length), .length = length };
	return 0;
}

int wire_value_parse(struct arena *arena, const struct wire_field *field, const char *text,
	struct wire_value *ret, struct err *err)
{
	uint64_t number;
	int status;

	switch (field->kind) {
	case WIRE_UINT:
		status = number_parse(field, text, &number, err);
		break;
	case WIRE_FLAGS:
		status = flags_parse(arena, field, text, &number, err);
		break;
	case WIRE_MAC:
	case WIRE_IPV4:
	case WIRE_IPV6:
		return octets_parse(arena, field, text, ret, err);
	case WIRE_NAME:
		return name_parse(arena, text, ret, err);
	case WIRE_STRING:
		return string_parse(arena, text, ret, err);
	case WIRE_BYTES:
		return bytes_parse(arena, field, text, ret, err);
	case WIRE_LIST:
	default:
		return err_input(err, NULL, "\"%s\" is not a list: [...] of records", text);
	}
	if (!status)
		*ret = (struct wire_value){ .number = number };
	return status;
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

/* ---- in a frame ---- */

size_t wire_value_width(const struct wire_field *field, const struct wire_value *value)
{
	if (field->width)
		return field->width;
	return (value->length + (field->kind == WIRE_STRING)) * 8;
}

size_t wire_value_extent(const struct wire_field *field, const uint8_t *octets, size_t length)
{
	const uint8_t *end;

	if (field->kind == WIRE_NAME)
		return domain_extent(octets, length);
	end = memchr(octets, 0, length);
	return end ? (size_t)(end - octets) + 1 : 0;
}

/* Octets that are the value's: a STRING's zero is not. */
static size_t value_length(const struct wire_field *field, size_t width)
{
	return width / 8 - (field->kind == WIRE_STRING);
}

void wire_value_get(const struct wire_field *field, const uint8_t *octets, size_t bit, size_t width,
	struct wire_value *ret)
{
	if (wire_is_number(field))
		*ret = (struct wire_value){ .number = bytes_get_bits(
						    octets, bit, (unsigned int)width) };
	else /* an empty frame's octets may be NULL, to which not even 0 can be added */
		*ret = (struct wire_value){ .octets = bit < 8 ? octets : octets + bit / 8,
			.length = value_length(field, width) };
}

void wire_value_put(const struct wire_field *field, uint8_t *octets, size_t bit, size_t width,
	const struct wire_value *value)
{
	if (wire_is_number(field)) {
		bytes_put_bits(octets, bit, (unsigned int)width, value->number);
		return;
	}
	if (value_length(field, width))
		memcpy(octets + bit / 8, value->octets, value_length(field, width));
	if (field->kind == WIRE_STRING)
		octets[(bit + width) / 8 - 1] = 0;
}

int wire_value_preset(struct arena *arena, const struct wire_field *field, struct wire_value *ret)
{
	size_t length = wire_is_number(field) ? 0 : field->width / 8U;

	if (field->preset && wire_is_text(field)) {
		length = strlen(field->preset);
		*ret = (struct wire_value){ .octets = arena_copy(arena, field->preset, length),
			.length = length };
		return 0;
	}
	if (field->preset)
		return wire_value_parse(arena, field, field->preset, ret, NULL);
	if (field->kind == WIRE_NAME)
		length = 1; /* the root */
	*ret = (struct wire_value){ .octets = length ? arena_alloc(arena, length) : NULL,
		.length = length };
	return 0;
}

bool wire_value_equal(
	const struct wire_field *field, const struct wire_value *a, const struct wire_value *b)
{
	if (wire_is_number(field))
		return a->number == b->number;
	return a->length == b->length && (!a->length || !memcmp(a->octets, b->octets, a->length));
}
