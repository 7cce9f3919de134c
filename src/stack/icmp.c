/* Reads and writes ICMP and ICMPv6 errors. */
#include "stack/icmp.h"

#include "base/bytes.h"
#include "flow/ip.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#define ANY_CODE 256U

struct meaning {
	unsigned int type, code;
	int error;
	bool hard;
};

/* As Linux has it. ENOPROTOOPT and the like are not the user's fault, but those are their names. */
/* clang-format off */
static const struct meaning meanings_v4[] = {
	{ 3,  0, ENETUNREACH,  false }, { 3,  1, EHOSTUNREACH, false }, { 3,  2, ENOPROTOOPT,  true },
	{ 3,  3, ECONNREFUSED, true },  { 3,  4, EMSGSIZE,     false }, { 3,  5, EOPNOTSUPP,   false },
	{ 3,  6, ENETUNREACH,  true },  { 3,  7, EHOSTDOWN,    true },  { 3,  8, ENONET,       true },
	{ 3,  9, ENETUNREACH,  true },  { 3, 10, EHOSTUNREACH, true },  { 3, 11, ENETUNREACH,  false },
	{ 3, 12, EHOSTUNREACH, false }, { 3, 13, EHOSTUNREACH, true },  { 3, 14, EHOSTUNREACH, true },
	{ 3, 15, EHOSTUNREACH, true },
	{ 11, ANY_CODE, EHOSTUNREACH, false },
	{ 12, ANY_CODE, EPROTO,       true },
	{ 0,  0, 0, false },
};
static const struct meaning meanings_v6[] = {
	{ 1, 0, ENETUNREACH,  false }, { 1, 1, EACCES,       true }, { 1, 2, EHOSTUNREACH, false },
	{ 1, 3, EHOSTUNREACH, false }, { 1, 4, ECONNREFUSED, true }, { 1, 5, EACCES,       true },
	{ 1, 6, EACCES,       true },
	{ 2, ANY_CODE, EMSGSIZE,     false },
	{ 3, ANY_CODE, EHOSTUNREACH, false },
	{ 4, ANY_CODE, EPROTO,       true },
	{ 0, 0, 0, false },
};
/* clang-format on */

static const struct meaning *meaning_find(
	const struct meaning *meanings, uint8_t type, uint8_t code)
{
	for (; meanings->error; meanings++)
		if (meanings->type == type &&
			(meanings->code == code || meanings->code == ANY_CODE))
			return meanings;
	return NULL;
}

/* RFC 1191 7.1: a router that names no MTU has one of these, below what it could not take. */
static uint32_t plateau_below(uint32_t length)
{
	static const uint16_t plateaus[] = { 32000, 17914, 8166, 4352, 2002, 1492, 1006, 508 };

	for (size_t i = 0; i < sizeof(plateaus) / sizeof(plateaus[0]); i++)
		if (plateaus[i] < length)
			return plateaus[i];
	return ICMP_MTU_MIN;
}

static uint32_t told_mtu(uint8_t address_length, const uint8_t *message, const uint8_t *quote)
{
	uint32_t mtu;

	if (address_length == 16) {
		mtu = bytes_get_be32(message + 4);
		/* RFC 8201 4: never below what every link carries. */
		return mtu < IP_V6_MTU_MIN ? IP_V6_MTU_MIN : mtu;
	}
	mtu = bytes_get_be16(message + 6);
	if (!mtu)
		mtu = plateau_below(bytes_get_be16(quote + 2));
	return mtu < ICMP_MTU_MIN ? ICMP_MTU_MIN : mtu;
}

/* The upper-layer header in a quoted IPv4 packet; NULL: it is not quoted. */
static const uint8_t *upper_v4(const uint8_t *quote, size_t length, struct icmp_error *error)
{
	size_t header;

	if (length < IP_V4_HEADER || quote[0] >> 4 != 4)
		return NULL;
	header = (quote[0] & 0x0fU) * 4U;
	/* Only the first fragment has the ports. */
	if (header < IP_V4_HEADER || header + 8 > length || (bytes_get_be16(quote + 6) & 0x1fff))
		return NULL;
	error->protocol = quote[9];
	error->source = quote + 12;
	error->destination = quote + 16;
	return quote + header;
}

static const uint8_t *upper_v6(const uint8_t *quote, size_t length, struct icmp_error *error)
{
	const uint8_t *at = quote + IP_V6_HEADER;
	size_t left;

	if (length < IP_V6_HEADER + 8 || quote[0] >> 4 != 6)
		return NULL;
	left = length - IP_V6_HEADER;
	error->protocol = quote[6];
	error->source = quote + 8;
	error->destination = quote + 24;
	if (error->protocol == IPPROTO_FRAGMENT) {
		if (bytes_get_be16(at + 2) & 0xfff8)
			return NULL;
		error->protocol = at[0];
		at += IP_V6_FRAGMENT;
		left -= IP_V6_FRAGMENT;
	}
	return left < 8 ? NULL : at;
}

int icmp_error_read(
	uint8_t address_length, const uint8_t *message, size_t length, struct icmp_error *ret)
{
	const uint8_t *quote = message + ICMP_HEADER;
	struct icmp_error error = { .address_length = address_length };
	const struct meaning *meaning;
	const uint8_t *upper;

	if (length < ICMP_HEADER)
		return -EINVAL;
	meaning = meaning_find(
		address_length == 4 ? meanings_v4 : meanings_v6, message[0], message[1]);
	if (!meaning)
		return -EINVAL;
	upper = address_length == 4 ? upper_v4(quote, length - ICMP_HEADER, &error)
				    : upper_v6(quote, length - ICMP_HEADER, &error);
	if (!upper)
		return -EINVAL;
	error.error = meaning->error;
	error.hard = meaning->hard;
	if (error.error == EMSGSIZE)
		error.mtu = told_mtu(address_length, message, quote);
	error.source_port = bytes_get_be16(upper);
	error.destination_port = bytes_get_be16(upper + 2);
	error.sequence = bytes_get_be32(upper + 4);
	*ret = error;
	return 0;
}

size_t icmp_unreachable_write(uint8_t address_length, const uint8_t *header, size_t header_length,
	const uint8_t *payload, size_t payload_length, uint8_t *ret)
{
	size_t most = address_length == 4 ? ICMP_V4_QUOTE_MAX : ICMP_QUOTE_MAX;

	if (header_length > most)
		header_length = most;
	if (payload_length > most - header_length)
		payload_length = most - header_length;
	memset(ret, 0, ICMP_HEADER);
	ret[0] = address_length == 4 ? 3 : 1;
	ret[1] = address_length == 4 ? 3 : 4;
	memcpy(ret + ICMP_HEADER, header, header_length);
	memcpy(ret + ICMP_HEADER + header_length, payload, payload_length);
	return ICMP_HEADER + header_length + payload_length;
}
