/*
 * Has libnet assemble the layers: each is a libnet block, made by libnet's own builder where it is
 * listed below, else of the octets that the tables laid out. The only file that includes libnet.
 *
 * libnet keeps a list of blocks from the innermost out, and some builders look at the block before
 * theirs (options before their header). Its checksums are turned off: they ignore IPv6 extension
 * headers, trailers and a UDP checksum that comes to zero.
 */
#include "frame/internal.h"

#include "base/buffer.h"
#include "base/bytes.h"

#include <errno.h>
#include <libnet.h>
#include <stdlib.h>
#include <string.h>

struct assembly {
	libnet_t *libnet;
	const struct frame_view *view;
	unsigned int index; /* of the layer in hand */
	unsigned int
		used; /* layers that the builder took: an 802.1Q block is the Ethernet header too */
};

/* A builder's result. */
enum {
	BUILT_FAILED = -1,
	BUILT_NOT = 0, /* libnet cannot express it: the octets stand as they are */
		       /* else libnet's tag of the block */
};

static const struct view_layer *layer_of(const struct assembly *a)
{
	return &a->view->layers[a->index];
}

static const uint8_t *octets_of(const struct assembly *a)
{
	return a->view->octets + layer_of(a)->header.offset;
}

static uint32_t length_of(const struct assembly *a)
{
	return layer_of(a)->header.length;
}

static uint64_t number_in(
	const struct frame_view *view, const struct view_layer *layer, const char *name)
{
	const struct view_field *field = view_field_find(&layer->header, name);

	return field ? view_value(view, field).number : 0;
}

static uint64_t number(const struct assembly *a, const char *name)
{
	return number_in(a->view, layer_of(a), name);
}

static uint8_t number8(const struct assembly *a, const char *name)
{
	return (uint8_t)number(a, name);
}

static uint16_t number16(const struct assembly *a, const char *name)
{
	return (uint16_t)number(a, name);
}

static uint32_t number32(const struct assembly *a, const char *name)
{
	return (uint32_t)number(a, name);
}

static const uint8_t *address(const struct assembly *a, const char *name)
{
	return view_value(a->view, view_field_find(&layer_of(a)->header, name)).octets;
}

/* libnet takes IPv4 addresses as they stand in memory. */
static uint32_t address4(const struct assembly *a, const char *name)
{
	uint32_t value;

	memcpy(&value, address(a, name), sizeof(value));
	return value;
}

static struct libnet_in6_addr address6(const struct assembly *a, const char *name)
{
	struct libnet_in6_addr value;

	memcpy(&value, address(a, name), sizeof(value));
	return value;
}

/* The octets from start on to the header's end, as a block of their own. */
static int rest(const struct assembly *a, uint32_t start)
{
	if (start == length_of(a))
		return 1;
	return libnet_build_data(octets_of(a) + start, length_of(a) - start, a->libnet, 0);
}

/* ---- link ---- */

static int build_eth(struct assembly *a)
{
	return libnet_build_ethernet(
		address(a, "dst"), address(a, "src"), number16(a, "type"), NULL, 0, a->libnet, 0);
}

/* libnet's 802.1Q block holds the MACs as well: it fits the tag right behind the Ethernet header,
 * and only that. */
static int build_vlan(struct assembly *a)
{
	const struct view_layer *eth = layer_of(a) - 1;
	const uint8_t *macs;

	if (a->index == 0 || eth->protocol != &wire_eth)
		return BUILT_NOT;
	macs = a->view->octets + eth->header.offset;
	a->used = 2;
	return libnet_build_802_1q(macs, macs + 6, (uint16_t)number_in(a->view, eth, "type"),
		number8(a, "pcp"), number8(a, "dei"), number16(a, "id"), number16(a, "type"), NULL,
		0, a->libnet, 0);
}

static int build_arp(struct assembly *a)
{
	/* libnet copies as many octets of each address as these say. */
	if (number(a, "hlen") != 6 || number(a, "plen") != 4)
		return BUILT_NOT;
	return libnet_build_arp(number16(a, "htype"), number16(a, "ptype"), number8(a, "hlen"),
		number8(a, "plen"), number16(a, "op"), address(a, "sha"), address(a, "spa"),
		address(a, "tha"), address(a, "tpa"), NULL, 0, a->libnet, 0);
}

/* ---- network ---- */

#define IPV4_LENGTH 20
#define TCP_LENGTH  20
#define IPV6_LENGTH 40

/* Options that libnet takes for options: whole words, no more than the header's length can say. */
static bool options_fit(const struct assembly *a, uint32_t fixed)
{
	uint32_t length = length_of(a) - fixed;

	return length % 4 == 0 && length <= LIBNET_MAXOPTION_SIZE;
}

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

/* ---- control ---- */

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

/* ---- transport ---- */

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

/* ---- all ---- */

static const struct builder {
	const char *protocol;
	int (*build)(struct assembly *a);
} builders[] = {
	{ "eth", build_eth },
	{ "vlan", build_vlan },
	{ "svlan", build_vlan },
	{ "arp", build_arp },
	{ "ipv4", build_ipv4 },
	{ "ipv6", build_ipv6 },
	{ "hopopts", build_hopopts },
	{ "routing", build_routing },
	{ "fragment", build_fragment },
	{ "dstopts", build_dstopts },
	{ "icmp", build_icmp },
	{ "icmpv6", build_icmpv6 },
	{ "udp", build_udp },
	{ "tcp", build_tcp },
};

/* The block of the layer in hand; a tag, BUILT_NOT or BUILT_FAILED. */
static int build_known(struct assembly *a)
{
	const char *name = layer_of(a)->protocol->header.name;

	for (size_t i = 0; i < sizeof(builders) / sizeof(builders[0]); i++)
		if (!strcmp(builders[i].protocol, name))
			return builders[i].build(a);
	return BUILT_NOT;
}

static int build_layer(struct assembly *a)
{
	int tag;

	a->used = 1;
	tag = build_known(a);
	if (tag == BUILT_NOT)
		return length_of(a) ? libnet_build_data(octets_of(a), length_of(a), a->libnet, 0)
				    : 1;
	if (tag > 0)
		libnet_toggle_checksum(a->libnet, tag, LIBNET_OFF);
	return tag;
}

int frame_assemble(const struct frame_view *view, struct buffer *octets, struct err *err)
{
	char reason[LIBNET_ERRBUF_SIZE] = "";
	struct assembly a = { .libnet = libnet_init(LIBNET_NONE, NULL, reason), .view = view };
	uint8_t *packet = NULL;
	uint32_t length;
	int status = 0;

	if (!a.libnet)
		return err_system(err, ENOMEM, "libnet: %s", reason);
	for (unsigned int left = view->count; left; left -= a.used) {
		a.index = left - 1;
		if (build_layer(&a) < 0) {
			status = err_system(err, EIO, "libnet: %s", libnet_geterror(a.libnet));
			goto done;
		}
	}
	if (view->length && libnet_pblock_coalesce(a.libnet, &packet, &length) < 0) {
		status = err_system(err, EIO, "libnet: %s", libnet_geterror(a.libnet));
		goto done;
	}
	if (view->length && length != view->length) {
		status = err_system(
			err, EIO, "libnet: assembled %u octets of %u", length, view->length);
		goto done;
	}
	if (view->length)
		buffer_put(octets, packet, length);
done:
	free(packet);
	libnet_destroy(a.libnet);
	return status;
}
