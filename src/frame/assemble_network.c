/* libnet's builders of IP, its extension headers, and what tunnels and secures it. */
#include "frame/assemble.h"

#define IPV4_LENGTH 20
#define IPV6_LENGTH 40

static int build_ipv4(struct assembly *a)
{
	uint32_t options = length_of(a) - IPV4_LENGTH;

	if (!options_fit(a, IPV4_LENGTH))
		return BUILT_NOT;
	if (options &&
		libnet_build_ipv4_options(octets_of(a) + IPV4_LENGTH, options, a->libnet, 0) < 0)
		return BUILT_FAILED;
	return libnet_build_ipv4(number16(a, "length"),
		(uint8_t)(number(a, "dscp") << 2 | number(a, "ecn")), number16(a, "id"),
		(uint16_t)(number(a, "flags") << 13 | number(a, "frag-offset")), number8(a, "ttl"),
		number8(a, "protocol"), number16(a, "checksum"), address4(a, "src"),
		address4(a, "dst"), NULL, 0, a->libnet, 0);
}

static int build_ipv6(struct assembly *a)
{
	return libnet_build_ipv6((uint8_t)(number(a, "dscp") << 2 | number(a, "ecn")),
		number32(a, "flow-label"), number16(a, "length"), number8(a, "next-header"),
		number8(a, "hop-limit"), address6(a, "src"), address6(a, "dst"), NULL, 0, a->libnet,
		0);
}

static int build_hopopts(struct assembly *a)
{
	return libnet_build_ipv6_hbhopts(number8(a, "next-header"), number8(a, "length"),
		octets_of(a) + 2, length_of(a) - 2, a->libnet, 0);
}

static int build_dstopts(struct assembly *a)
{
	return libnet_build_ipv6_destopts(number8(a, "next-header"), number8(a, "length"),
		octets_of(a) + 2, length_of(a) - 2, a->libnet, 0);
}

static int build_routing(struct assembly *a)
{
	return libnet_build_ipv6_routing(number8(a, "next-header"), number8(a, "length"),
		number8(a, "type"), number8(a, "segments-left"), octets_of(a) + 4, length_of(a) - 4,
		a->libnet, 0);
}

static int build_fragment(struct assembly *a)
{
	uint16_t bits = (uint16_t)(number(a, "frag-offset") << 3 | number(a, "res") << 1 |
				   number(a, "more"));

	/* libnet leaves both in the host's order. */
	return libnet_build_ipv6_frag(number8(a, "next-header"), number8(a, "reserved"),
		htons(bits), htonl(number32(a, "id")), NULL, 0, a->libnet, 0);
}

#define AH_LENGTH 16 /* with the one word of check value that libnet has, RFC 4302 2 */

static int build_ah(struct assembly *a)
{
	if (length_of(a) < AH_LENGTH)
		return BUILT_NOT;
	if (rest(a, AH_LENGTH) < 0)
		return BUILT_FAILED;
	return libnet_build_ipsec_ah(number8(a, "next-header"), number8(a, "length"),
		number16(a, "reserved"), number32(a, "spi"), number32(a, "seq"),
		bytes_get_be32(address(a, "icv")), NULL, 0, a->libnet, 0);
}

/*
 * libnet has version 1's key and numbers where version 0 has other fields: in them it takes the
 * key's halves for checksum and offset, RFC 2637 4.1.
 */
static int build_gre(struct assembly *a)
{
	uint16_t flags = bytes_get_be16(octets_of(a));
	uint32_t key = number32(a, "key");

	/* By other flags libnet has other fields than we: RFC 1701's routing brings a checksum. */
	if (number(a, "version") ? number(a, "c") || !number(a, "k")
				 : number(a, "a") || number(a, "r") > number(a, "c"))
		return BUILT_NOT;
	if (number(a, "version"))
		return libnet_build_egre(flags, number16(a, "protocol"), (uint16_t)(key >> 16),
			(uint16_t)key, number32(a, "sequence"), number32(a, "ack"), 0, NULL, 0,
			a->libnet, 0);
	return libnet_build_gre(flags, number16(a, "protocol"), number16(a, "checksum"),
		number16(a, "offset"), key, number32(a, "sequence"), 0, NULL, 0, a->libnet, 0);
}

const struct builder assemble_network[] = {
	{ "ipv4", build_ipv4 },
	{ "ipv6", build_ipv6 },
	{ "hopopts", build_hopopts },
	{ "routing", build_routing },
	{ "fragment", build_fragment },
	{ "dstopts", build_dstopts },
	{ "ah", build_ah },
	{ "gre", build_gre },
	{ NULL, NULL },
};
