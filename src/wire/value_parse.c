/* Reads text as a field's value. */
#include "wire/wire.h"

#include "base/arena.h"
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
		number == WIRE_NUMBER_LENGTH || wire_name_of(field->names, number))
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
