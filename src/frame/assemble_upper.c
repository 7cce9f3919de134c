/* libnet's builders of transport, routing and applications. */
#include "frame/assemble.h"

/* ---- transport ---- */

#define TCP_LENGTH 20

static int build_udp(struct assembly *a)
{
	return libnet_build_udp(number16(a, "sport"), number16(a, "dport"), number16(a, "length"),
		number16(a, "checksum"), NULL, 0, a->libnet, 0);
}

static int build_tcp(struct assembly *a)
{
	uint32_t options = length_of(a) - TCP_LENGTH;

	if (!options_fit(a, TCP_LENGTH))
		return BUILT_NOT;
	if (options &&
		libnet_build_tcp_options(octets_of(a) + TCP_LENGTH, options, a->libnet, 0) < 0)
		return BUILT_FAILED;
	return libnet_build_tcp(number16(a, "sport"), number16(a, "dport"), number32(a, "seq"),
		number32(a, "ack"), number8(a, "flags"), number16(a, "window"),
		number16(a, "checksum"), number16(a, "urgent"), 0, NULL, 0, a->libnet, 0);
}

/* ---- routing ---- */

#define OSPF_LENGTH 16 /* libnet's header ends before the authentication, RFC 2328 A.3.1 */

/* libnet counts its header in the length by itself, and leaves the checksum in the host's order. */
static int build_ospf(struct assembly *a)
{
	if (rest(a, OSPF_LENGTH) < 0)
		return BUILT_FAILED;
	return libnet_build_ospfv2((uint16_t)(number(a, "length") - OSPF_LENGTH),
		number8(a, "type"), address4(a, "router"), address4(a, "area"),
		htons(number16(a, "checksum")), number16(a, "auth-type"), NULL, 0, a->libnet, 0);
}

#define RIP_LENGTH 24 /* libnet's header has the first entry, RFC 2453 4 */

static int build_rip(struct assembly *a)
{
	const uint8_t *entry = octets_of(a) + 4;
	uint32_t words[3];

	if (length_of(a) < RIP_LENGTH)
		return BUILT_NOT;
	if (rest(a, RIP_LENGTH) < 0)
		return BUILT_FAILED;
	memcpy(words, entry + 4, sizeof(words)); /* libnet takes them as they stand in memory */
	return libnet_build_rip(number8(a, "command"), number8(a, "version"), number16(a, "unused"),
		bytes_get_be16(entry), bytes_get_be16(entry + 2), words[0], words[1], words[2],
		bytes_get_be32(entry + 16), NULL, 0, a->libnet, 0);
}

static int build_hsrp(struct assembly *a)
{
	uint8_t authentication[HSRP_AUTHDATA_LENGTH];

	memcpy(authentication, address(a, "authentication"), sizeof(authentication));
	return libnet_build_hsrp(number8(a, "version"), number8(a, "op"), number8(a, "state"),
		number8(a, "hello-time"), number8(a, "hold-time"), number8(a, "priority"),
		number8(a, "group"), number8(a, "reserved"), authentication, address4(a, "address"),
		NULL, 0, a->libnet, 0);
}

/* ---- applications ---- */

/* Over TCP the message's length would stand before it; the tables have it over UDP. */
static int build_dns(struct assembly *a)
{
	if (rest(a, LIBNET_UDP_DNSV4_H) < 0)
		return BUILT_FAILED;
	return libnet_build_dnsv4(LIBNET_UDP_DNSV4_H, number16(a, "id"),
		bytes_get_be16(octets_of(a) + 2), number16(a, "qdcount"), number16(a, "ancount"),
		number16(a, "nscount"), number16(a, "arcount"), NULL, 0, a->libnet, 0);
}

#define DHCP_LENGTH 240 /* up to the options, RFC 2131 2 */

static int build_dhcp(struct assembly *a)
{
	/* libnet copies as many octets of the hardware address as this says. */
	if (number(a, "hlen") < 6)
		return BUILT_NOT;
	if (rest(a, DHCP_LENGTH) < 0)
		return BUILT_FAILED;
	return libnet_build_dhcpv4(number8(a, "op"), number8(a, "htype"), number8(a, "hlen"),
		number8(a, "hops"), number32(a, "xid"), number16(a, "secs"), number16(a, "flags"),
		bytes_get_be32(address(a, "ciaddr")), bytes_get_be32(address(a, "yiaddr")),
		bytes_get_be32(address(a, "siaddr")), bytes_get_be32(address(a, "giaddr")),
		address(a, "chaddr"), (const char *)address(a, "sname"),
		(const char *)address(a, "file"), NULL, 0, a->libnet, 0);
}

#define NTP_LENGTH 48 /* up to the digest, RFC 5905 7.3 */

static uint32_t ntp_seconds(const struct assembly *a, const char *name)
{
	return (uint32_t)(number(a, name) >> 32);
}

static int build_ntp(struct assembly *a)
{
	uint32_t delay = number32(a, "root-delay");
	uint32_t dispersion = number32(a, "root-dispersion");

	/* Control and private messages: RFC 9327. */
	if (number(a, "mode") >= LIBNET_NTP_MODE_RC)
		return BUILT_NOT;
	if (rest(a, NTP_LENGTH) < 0)
		return BUILT_FAILED;
	return libnet_build_ntp(number8(a, "leap"), number8(a, "version"), number8(a, "mode"),
		number8(a, "stratum"), number8(a, "poll"), number8(a, "precision"),
		(uint16_t)(delay >> 16), (uint16_t)delay, (uint16_t)(dispersion >> 16),
		(uint16_t)dispersion, bytes_get_be32(address(a, "ref-id")),
		ntp_seconds(a, "ref-time"), number32(a, "ref-time"), ntp_seconds(a, "origin-time"),
		number32(a, "origin-time"), ntp_seconds(a, "receive-time"),
		number32(a, "receive-time"), ntp_seconds(a, "transmit-time"),
		number32(a, "transmit-time"), NULL, 0, a->libnet, 0);
}

/* ---- all ---- */

const struct builder assemble_upper[] = {
	{ "udp", build_udp },
	{ "tcp", build_tcp },
	{ "ospf", build_ospf },
	{ "rip", build_rip },
	{ "hsrp", build_hsrp },
	{ "dns", build_dns },
	{ "dhcp", build_dhcp },
	{ "ntp", build_ntp },
	{ NULL, NULL },
};
