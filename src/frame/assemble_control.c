/* libnet's builders of ICMP, ICMPv6 and IGMP. */
#include "frame/assemble.h"

/* ---- ICMP ---- */

static int build_icmp(struct assembly *a)
{
	uint8_t type = number8(a, "type");
	uint8_t code = number8(a, "code");
	uint16_t sum = number16(a, "checksum");

	switch (type) {
	case ICMP_ECHO:
	case ICMP_ECHOREPLY:
		return libnet_build_icmpv4_echo(type, code, sum, number16(a, "id"),
			number16(a, "seq"), NULL, 0, a->libnet, 0);
	case ICMP_UNREACH:
		return libnet_build_icmpv4_unreach(type, code, sum, NULL, 0, a->libnet, 0);
	case ICMP_TIMXCEED:
		return libnet_build_icmpv4_timeexceed(type, code, sum, NULL, 0, a->libnet, 0);
	case ICMP_REDIRECT:
		return libnet_build_icmpv4_redirect(
			type, code, sum, address4(a, "gateway"), NULL, 0, a->libnet, 0);
	case ICMP_TSTAMP:
	case ICMP_TSTAMPREPLY:
		return libnet_build_icmpv4_timestamp(type, code, sum, number16(a, "id"),
			number16(a, "seq"), number32(a, "originate"), number32(a, "receive"),
			number32(a, "transmit"), NULL, 0, a->libnet, 0);
	case ICMP_MASKREQ:
	case ICMP_MASKREPLY:
		return libnet_build_icmpv4_mask(type, code, sum, number16(a, "id"),
			number16(a, "seq"), bytes_get_be32(address(a, "mask")), NULL, 0, a->libnet,
			0);
	default:
		return BUILT_NOT;
	}
}

#define NDP_LENGTH \
	24 /* of a solicitation or advertisement, RFC 4861 4.3 and 4.4, without options */

/* libnet's ND option builder is for one option of known shape; ours stand as they are. */
static int build_icmpv6(struct assembly *a)
{
	uint8_t type = number8(a, "type");
	uint8_t code = number8(a, "code");
	uint16_t sum = number16(a, "checksum");

	switch (type) {
	case ICMP6_ECHO:
	case ICMP6_ECHOREPLY:
		return libnet_build_icmpv6_echo(type, code, sum, number16(a, "id"),
			number16(a, "seq"), NULL, 0, a->libnet, 0);
	case ICMP6_UNREACH:
		return libnet_build_icmpv6_unreach(type, code, sum, NULL, 0, a->libnet, 0);
	case ND_NEIGHBOR_SOLICIT:
		if (rest(a, NDP_LENGTH) < 0)
			return BUILT_FAILED;
		return libnet_build_icmpv6_ndp_nsol(
			type, code, sum, address6(a, "target"), NULL, 0, a->libnet, 0);
	case ND_NEIGHBOR_ADVERT:
		if (rest(a, NDP_LENGTH) < 0)
			return BUILT_FAILED;
		return libnet_build_icmpv6_ndp_nadv(type, code, sum,
			bytes_get_be32(octets_of(a) + 4), address6(a, "target"), NULL, 0, a->libnet,
			0);
	default:
		return BUILT_NOT;
	}
}

/* ---- IGMP ---- */

#define IGMP_LENGTH    8 /* RFC 2236 2; a query of version 3 goes on, RFC 3376 4.1 */
#define IGMP_REPORT_V3 0x22

static int build_igmp(struct assembly *a)
{
	if (number(a, "type") == IGMP_REPORT_V3)
		return BUILT_NOT;
	if (rest(a, IGMP_LENGTH) < 0)
		return BUILT_FAILED;
	return libnet_build_igmp(number8(a, "type"), number8(a, "max-resp"),
		number16(a, "checksum"), address4(a, "group"), NULL, 0, a->libnet, 0);
}

const struct builder assemble_control[] = {
	{ "icmp", build_icmp },
	{ "icmpv6", build_icmpv6 },
	{ "igmp", build_igmp },
	{ NULL, NULL },
};
