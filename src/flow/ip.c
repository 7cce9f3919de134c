/* Reads and writes IPv4 (RFC 791) and IPv6 (RFC 8200) headers. */
#include "flow/ip.h"

#include "base/bytes.h"
#include "wire/checksum.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#define V4_DONT_FRAGMENT 0x4000U
#define V4_MORE		 0x2000U
#define V4_OFFSET_MASK	 0x1fffU
#define V6_OFFSET_MASK	 0xfff8U
#define V6_MORE		 1U

static int read_v4(const uint8_t *octets, size_t length, bool super, struct ip_header *ret)
{
	size_t header, total;
	unsigned int flags;

	if (length < IP_V4_HEADER)
		return -EINVAL;
	header = (octets[0] & 0x0fU) * 4U;
	total = bytes_get_be16(octets + 2);
	if (!total && super)
		total = length;
	if (header < IP_V4_HEADER || header > total || total > length)
		return -EINVAL;
	if (checksum_finish(checksum_add(0, octets, header)))
		return -EINVAL;
	flags = bytes_get_be16(octets + 6);
	*ret = (struct ip_header){
		.address_length = 4,
		.traffic_class = octets[1],
		.hop_limit = octets[8],
		.protocol = octets[9],
		.source = octets + 12,
		.destination = octets + 16,
		.offset = header,
		.length = total - header,
		.fragment = flags & (V4_MORE | V4_OFFSET_MASK),
		.more = flags & V4_MORE,
		.dont_fragment = flags & V4_DONT_FRAGMENT,
		.id = bytes_get_be16(octets + 4),
		.fragment_offset = (flags & V4_OFFSET_MASK) * IP_FRAGMENT_UNIT,
	};
	return 0;
}

/* Octets of an extension header that is passed over, 0 where the header is none of those. */
static size_t extension_length(uint8_t number, const uint8_t *octets)
{
	switch (number) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_DSTOPTS:
		return (octets[1] + 1U) * 8U;
	default:
		return 0;
	}
}

/* A routing header with segments left is for another node to read on (RFC 8200 4.4). */
static bool is_for_others(uint8_t number, const uint8_t *octets)
{
	return number == IPPROTO_ROUTING && octets[3];
}

int ip_upper(uint8_t address_length, uint8_t *protocol, const uint8_t **payload, size_t *length)
{
	if (address_length == 4)
		return 0;
	for (int i = 0; i < IP_EXTENSIONS_MAX; i++) {
		size_t size;

		if (*protocol != IPPROTO_HOPOPTS && *protocol != IPPROTO_ROUTING &&
			*protocol != IPPROTO_DSTOPTS)
			return 0;
		if (*length < 8)
			return -EINVAL;
		size = extension_length(*protocol, *payload);
		if (size > *length)
			return -EINVAL;
		if (is_for_others(*protocol, *payload))
			return -EPROTONOSUPPORT;
		*protocol = (*payload)[0];
		*payload += size;
		*length -= size;
	}
	return -EINVAL;
}

static int read_v6_fragment(const uint8_t *octets, struct ip_header *header)
{
	const uint8_t *at = octets + header->offset;
	unsigned int word;

	if (header->length < IP_V6_FRAGMENT)
		return -EINVAL;
	word = bytes_get_be16(at + 2);
	/* RFC 6946: one that is all of its packet is read as if the header were not there. */
	header->fragment = word & (V6_OFFSET_MASK | V6_MORE);
	header->more = word & V6_MORE;
	header->fragment_offset = word & V6_OFFSET_MASK;
	header->id = bytes_get_be32(at + 4);
	header->protocol = at[0];
	header->offset += IP_V6_FRAGMENT;
	header->length -= IP_V6_FRAGMENT;
	return 0;
}

static int pass_extensions(const uint8_t *octets, struct ip_header *header)
{
	const uint8_t *payload = octets + header->offset;
	int r = ip_upper(header->address_length, &header->protocol, &payload, &header->length);

	header->offset = (size_t)(payload - octets);
	return r;
}

static int read_v6(const uint8_t *octets, size_t length, bool super, struct ip_header *ret)
{
	struct ip_header header;
	size_t payload;
	int r;

	if (length < IP_V6_HEADER)
		return -EINVAL;
	payload = bytes_get_be16(octets + 4);
	if (!payload && super)
		payload = length - IP_V6_HEADER;
	if (payload > length - IP_V6_HEADER)
		return -EINVAL;
	header = (struct ip_header){
		.address_length = 16,
		.traffic_class = (uint8_t)(bytes_get_be16(octets) >> 4),
		.hop_limit = octets[7],
		.protocol = octets[6],
		.source = octets + 8,
		.destination = octets + 24,
		.offset = IP_V6_HEADER,
		.length = payload,
	};
	r = pass_extensions(octets, &header);
	if (!r && header.protocol == IPPROTO_FRAGMENT) {
		r = read_v6_fragment(octets, &header);
		if (!r && !header.fragment)
			r = pass_extensions(octets, &header);
	}
	if (!r && !header.fragment && header.protocol == IPPROTO_FRAGMENT)
		r = -EINVAL; /* a second one: no sender writes that */
	if (!r)
		*ret = header;
	return r;
}

int ip_read(const uint8_t *octets, size_t length, bool super, struct ip_header *ret)
{
	if (!length)
		return -EINVAL;
	switch (octets[0] >> 4) {
	case 4:
		return read_v4(octets, length, super, ret);
	case 6:
		return read_v6(octets, length, super, ret);
	default:
		return -EINVAL;
	}
}

static size_t write_v4(const struct ip_fields *fields, uint8_t *ret)
{
	unsigned int flags = fields->fragment_offset / IP_FRAGMENT_UNIT;

	if (fields->more)
		flags |= V4_MORE;
	if (fields->dont_fragment)
		flags |= V4_DONT_FRAGMENT;
	ret[0] = 0x45;
	ret[1] = fields->traffic_class;
	bytes_put_be16(ret + 2, (uint16_t)(IP_V4_HEADER + fields->length));
	bytes_put_be16(ret + 4, (uint16_t)fields->id);
	bytes_put_be16(ret + 6, (uint16_t)flags);
	ret[8] = fields->hop_limit;
	ret[9] = fields->protocol;
	bytes_put_be16(ret + 10, 0);
	memcpy(ret + 12, fields->source, 4);
	memcpy(ret + 16, fields->destination, 4);
	bytes_put_be16(ret + 10, checksum_finish(checksum_add(0, ret, IP_V4_HEADER)));
	return IP_V4_HEADER;
}

static size_t write_v6(const struct ip_fields *fields, uint8_t *ret)
{
	size_t extension = fields->fragment ? IP_V6_FRAGMENT : 0;

	bytes_put_be32(ret, 6U << 28 | (uint32_t)fields->traffic_class << 20);
	bytes_put_be16(ret + 4, (uint16_t)(fields->length + extension));
	ret[6] = extension ? IPPROTO_FRAGMENT : fields->protocol;
	ret[7] = fields->hop_limit;
	memcpy(ret + 8, fields->source, 16);
	memcpy(ret + 24, fields->destination, 16);
	if (!extension)
		return IP_V6_HEADER;
	ret[40] = fields->protocol;
	ret[41] = 0;
	bytes_put_be16(ret + 42, (uint16_t)((fields->fragment_offset & V6_OFFSET_MASK) |
					    (fields->more ? V6_MORE : 0)));
	bytes_put_be32(ret + 44, fields->id);
	return IP_HEADER_MAX;
}

size_t ip_write(const struct ip_fields *fields, uint8_t ret[IP_HEADER_MAX])
{
	return fields->address_length == 4 ? write_v4(fields, ret) : write_v6(fields, ret);
}

int ip_checksum_offset(uint8_t protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return 16;
	case IPPROTO_UDP:
		return 6;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return 2;
	default:
		return -1;
	}
}

bool ip_checksum_right(uint8_t address_length, const uint8_t *source, const uint8_t *destination,
	uint8_t protocol, const uint8_t *payload, size_t length)
{
	int at = ip_checksum_offset(protocol);
	uint64_t sum = 0;

	if (at < 0)
		return true;
	if (length < (size_t)at + 2)
		return false;
	/* RFC 768: left out. RFC 8200 8.1 forbids that. */
	if (protocol == IPPROTO_UDP && !bytes_get_be16(payload + at))
		return address_length == 4;
	if (protocol != IPPROTO_ICMP)
		sum = checksum_pseudo(
			source, destination, address_length, protocol, (uint32_t)length);
	return !checksum_finish(checksum_add(sum, payload, length));
}

bool ip_is_zero(const uint8_t *address, size_t length)
{
	static const uint8_t zeros[16];

	return !memcmp(address, zeros, length);
}

bool ip_is_everybody(const uint8_t *address, size_t length)
{
	static const uint8_t everybody[4] = { 255, 255, 255, 255 };

	return length == 4 && !memcmp(address, everybody, sizeof(everybody));
}

bool ip_is_multicast(const uint8_t *address, size_t length)
{
	return length == 4 ? (address[0] & 0xf0) == 0xe0 : address[0] == 0xff;
}

bool ip_is_link_local(const uint8_t *address, size_t length)
{
	return length == 16 && address[0] == 0xfe && (address[1] & 0xc0) == 0x80;
}

bool ip_is_loopback(const uint8_t *address, size_t length)
{
	static const uint8_t v6[16] = { [15] = 1 };

	return length == 4 ? address[0] == 127 : !memcmp(address, v6, sizeof(v6));
}

bool ip_is_nobody(const uint8_t *address, size_t length)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	return length == 4 ? !address[0] : !memcmp(address, mapped, sizeof(mapped));
}
