/* Puts outer layers around packets, and takes them off frames that have them. */
#include "stack/wrap_template.h"

#include "base/bytes.h"
#include "frame/build.h"
#include "wire/checksum.h"

#include <string.h>

#define ETH_HEADER    14
#define MACS	      12 /* octets of both */
#define ETHERTYPE     2
#define DONT_FRAGMENT 0x4000U /* RFC 791 3.1 */
#define MORE	      0x2000U
/* Where they stand in a TCP header, RFC 9293 3.1. */
#define ACKNOWLEDGED	 8
#define OFFSET_AND_FLAGS 12
#define CHECKSUM	 16
#define URGENT		 18

static struct template_wrap *template_of(struct stack_wrap *wrap)
{
	return (struct template_wrap *)wrap;
}

static void put_flags(const struct template_wrap *wrap, const struct ip_fields *fields, uint8_t *ip)
{
	unsigned int word = bytes_get_be16(ip + 6);

	if (!wrap->has_flags)
		word = (word & ~(DONT_FRAGMENT | MORE)) |
		       (fields->dont_fragment ? DONT_FRAGMENT : 0) | (fields->more ? MORE : 0);
	if (!wrap->has_offset)
		word = (word & ~0x1fffU) | (fields->fragment_offset / IP_FRAGMENT_UNIT);
	bytes_put_be16(ip + 6, (uint16_t)word);
}

static void put_class(const struct template_wrap *wrap, const struct ip_fields *fields, uint8_t *ip)
{
	size_t bit = wrap->four ? 8 : 4;

	if (!wrap->has_dscp)
		bytes_put_bits(ip, bit, 6, fields->traffic_class >> 2);
	if (!wrap->has_ecn)
		bytes_put_bits(ip, bit + 6, 2, fields->traffic_class & 3);
}

static void put_ip(const struct template_wrap *wrap, const struct ip_fields *fields, uint8_t *ip)
{
	size_t addresses = wrap->four ? 12 : 8;

	put_class(wrap, fields, ip);
	if (!wrap->has_hops)
		ip[wrap->four ? 8 : 7] = fields->hop_limit;
	if (wrap->four) {
		if (!wrap->has_id)
			bytes_put_be16(ip + 4, (uint16_t)fields->id);
		put_flags(wrap, fields, ip);
	}
	memcpy(ip + addresses, fields->source, wrap->base.address_length);
	memcpy(ip + addresses + wrap->base.address_length, fields->destination,
		wrap->base.address_length);
}

static void put_sum(const struct wrap_fix *fix, uint8_t *ip)
{
	uint16_t sum;

	bytes_put_be16(ip + 10, 0);
	sum = checksum_finish(checksum_add(0, ip, fix->length));
	if (fix->bad)
		sum = (uint16_t)checksum_bad(sum, false, 0);
	bytes_put_be16(ip + 10, sum);
}

/* Of the layers before end; length: of what stands behind the innermost IP header. */
static void put_fixes(const struct template_wrap *wrap, size_t end, size_t length, uint8_t *frame)
{
	for (unsigned int i = 0; i < wrap->fix_count; i++) {
		const struct wrap_fix *fix = &wrap->fixes[i];

		if (fix->offset >= end)
			continue;
		if (fix->kind == FIX_LENGTH)
			bytes_put_be16(frame + fix->offset, (uint16_t)(fix->value + length));
		else
			put_sum(fix, frame + fix->offset);
	}
}

/* A fragment header would have to stand within the template's; IPv4 says it in fields of its own,
 * unless these are given. */
static bool takes_fragments(const struct template_wrap *wrap)
{
	return wrap->four && !wrap->has_flags && !wrap->has_offset;
}

static size_t put(struct stack_wrap *base, const struct ip_fields *fields, const uint8_t hop_mac[6],
	uint8_t *ret, size_t room)
{
	struct template_wrap *wrap = template_of(base);

	if (wrap->end > room || fields->address_length != wrap->base.address_length ||
		(fields->fragment && !takes_fragments(wrap)))
		return 0;
	memcpy(ret, wrap->octets, wrap->end);
	if (base->asks)
		memcpy(ret + base->ethernet, hop_mac, 6);
	put_ip(wrap, fields, ret + wrap->ip);
	put_fixes(wrap, wrap->end, fields->length, ret);
	return wrap->end;
}

/* Lengths count from behind the IP header that the frame has not: the difference may be below
 * zero, and comes out right. */
static size_t put_link(
	struct stack_wrap *base, const uint8_t *frame, size_t length, uint8_t *ret, size_t room)
{
	struct template_wrap *wrap = template_of(base);

	if (length < ETH_HEADER || wrap->ip + length - ETH_HEADER > room)
		return 0;
	length -= ETH_HEADER;
	memcpy(ret, wrap->octets, wrap->ip);
	memcpy(ret + base->ethernet, frame, MACS);
	memcpy(ret + wrap->ip - ETHERTYPE, frame + MACS, ETHERTYPE);
	memcpy(ret + wrap->ip, frame + ETH_HEADER, length);
	put_fixes(wrap, wrap->ip, length - base->ip_header, ret);
	return wrap->ip + length;
}

static bool is_like(const struct frame_view *view, const struct view_layer *layer,
	const struct wrap_layer *wanted)
{
	const struct view_field *field;

	if (layer->protocol != wanted->protocol)
		return false;
	if (!wanted->name)
		return true;
	field = view_field_find(&layer->header, wanted->name);
	return field && view_value(view, field).number == wanted->value;
}

/* A tag with a priority alone, which a frame of the same network may go without: IEEE 802.1Q 6.9.1.
 */
static bool is_priority(const struct wrap_layer *layer)
{
	return layer->name && !strcmp(layer->name, "id") && !layer->value;
}

static enum wrap_content content_of(
	const struct template_wrap *wrap, const struct view_layer *layer)
{
	if (layer->protocol == wrap->layers[wrap->layer_count - 1].protocol)
		return WRAP_IP;
	if (wrap->base.resolves && wrap->four && !strcmp(layer->protocol->header.name, "arp"))
		return WRAP_ARP;
	return WRAP_NOTHING;
}

static enum wrap_content strip(
	struct stack_wrap *base, const uint8_t *frame, size_t length, size_t *ret_offset)
{
	struct template_wrap *wrap = template_of(base);
	struct frame_view view;
	unsigned int at = 0;

	arena_reset(&wrap->arena);
	frame_dissect(&wrap->arena, &wire_eth, frame, length, DISSECT_FCS_ABSENT, &view);
	for (unsigned int i = 0; i + 1 < wrap->layer_count; i++) {
		const struct wrap_layer *wanted = &wrap->layers[i];

		if (at < view.count && is_like(&view, &view.layers[at], wanted))
			at++;
		else if (!is_priority(wanted))
			return WRAP_NOTHING;
	}
	if (at == view.count)
		return WRAP_NOTHING;
	*ret_offset = view.layers[at].header.offset;
	return content_of(wrap, &view.layers[at]);
}

const struct stack_wrap_ops wrap_template_ops = {
	.put = put,
	.put_link = put_link,
	.strip = strip,
};

/* RFC 9293 3.1, with the ninth flag of RFC 9768. */
static void put_flags_of(uint16_t flags, uint8_t *header)
{
	uint16_t word = bytes_get_be16(header + OFFSET_AND_FLAGS);

	bytes_put_be16(header + OFFSET_AND_FLAGS, (uint16_t)((word & ~WRAP_FLAGS) | flags));
}

void stack_wrap_tcp(const struct stack_wrap *wrap, uint8_t *header)
{
	const struct wrap_header *kept = &((const struct template_wrap *)wrap)->header;
	uint8_t flags = header[OFFSET_AND_FLAGS + 1];

	if (wrap->given.has_checksum)
		bytes_put_be16(header + CHECKSUM, wrap->given.checksum);
	if (kept->has_urgent)
		bytes_put_be16(header + URGENT, kept->urgent);
	if (kept->has_reserved)
		bytes_put_bits(header + OFFSET_AND_FLAGS, 4, 3, kept->reserved);
	if (kept->has_ack && flags & TCP_SYN && !(flags & TCP_ACK))
		bytes_put_be32(header + ACKNOWLEDGED, kept->ack);
	if (flags & TCP_RST)
		return;
	if (kept->has_syn_flags && flags & TCP_SYN)
		put_flags_of(kept->syn_flags, header);
	if (kept->has_flags && !(flags & TCP_SYN))
		put_flags_of(kept->flags, header);
}
