/* Frames in: finds the IP packet, makes it whole, verifies it, and hands it to its protocol. */
#include "stack/ground.h"

#include "base/bytes.h"

#include <net/ethernet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define ETHERTYPE_TAG 0x8100U
#define TAG_ID_MASK   0x0fffU
#define TAG_LENGTH    4
#define LOWER_NS      1000000000ULL

struct incoming {
	struct user_stack *stack;
	const struct outside_frame *frame;
	struct stack_packet packet;
	bool right; /* its checksum needs no look */
};

/* Where an IP packet begins in a frame. */
struct place {
	size_t offset;
	bool wrapped; /* within the outer layers of config's */
	bool right;   /* its checksum needs no look */
};

bool stack_packet_is_from_broadcast(struct user_stack *stack, const struct stack_packet *packet)
{
	return packet->address_length == 4 && address_look_up(stack, packet->source, 4)->broadcast;
}

/* ---- TCP and UDP. */

/* To an own address; or to one of the host's, at a port that is ours. */
static bool is_for_us(struct user_stack *stack, const struct stack_packet *packet, uint16_t port)
{
	const struct known_address *known;

	if (packet->own)
		return true;
	if (!port_is_ours(
		    stack, packet->protocol, packet->destination, packet->address_length, port))
		return stack->own.on && !packet->unicast &&
		       port_is_own(stack, packet->protocol, port);
	if (ip_is_multicast(packet->destination, packet->address_length))
		return true;
	known = address_look_up(stack, packet->destination, packet->address_length);
	return known->local || known->broadcast;
}

static size_t least_header(uint8_t protocol)
{
	return protocol == IPPROTO_TCP ? 20 : 8;
}

/* The octets that the checksum is over. RFC 768: UDP has a length of its own, which may end before
 * the packet does; that of a super-frame may not fit in it. */
static size_t summed_length(const struct stack_packet *packet)
{
	size_t length = bytes_get_be16(packet->octets + 4);

	if (packet->protocol != IPPROTO_UDP || packet->segment_size ||
		length < least_header(IPPROTO_UDP) || length > packet->length)
		return packet->length;
	return length;
}

static void take_transport(struct incoming *in)
{
	struct user_stack *stack = in->stack;
	const struct stack_packet *packet = &in->packet;
	const struct spoken *spoken;
	uint16_t port;

	if (packet->length < least_header(packet->protocol)) {
		stack->counters.malformed++;
		return;
	}
	port = bytes_get_be16(packet->octets + 2);
	/* RFC 4291 2.5.2: nobody can be answered there, with TCP or UDP. */
	if (packet->address_length == 16 && ip_is_zero(packet->source, 16))
		return;
	if (!is_for_us(stack, packet, port))
		return;
	/* Of TCP a SYN alone is from somebody new, and a flood of them has to be cheap. */
	if (packet->protocol != IPPROTO_TCP && stack_packet_is_from_broadcast(stack, packet))
		return;
	if (packet->header) /* of a reassembled one each part was */
		ground_heard(stack, in->frame, packet);
	if (!in->right &&
		!ip_checksum_right(packet->address_length, packet->source, packet->destination,
			packet->protocol, packet->octets, summed_length(packet))) {
		stack->counters.bad_checksums++;
		return;
	}
	if (packet->protocol == IPPROTO_UDP && packet->own &&
		!port_is_ours(stack, packet->protocol, packet->destination, packet->address_length,
			port)) {
		ground_refuse_datagram(stack, packet);
		return;
	}
	spoken = ground_protocol(stack, packet->protocol);
	if (spoken)
		spoken->protocol->input(spoken->state, packet);
}

static void take_upper(struct incoming *in)
{
	struct user_stack *stack = in->stack;
	struct stack_packet *packet = &in->packet;

	packet->own = own_has(stack, packet->destination, packet->address_length);
	if (packet->protocol == IPPROTO_TCP || packet->protocol == IPPROTO_UDP) {
		take_transport(in);
		return;
	}
	if (packet->protocol != (packet->address_length == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6))
		return;
	if (!in->right &&
		!ip_checksum_right(packet->address_length, packet->source, packet->destination,
			packet->protocol, packet->octets, packet->length)) {
		stack->counters.bad_checksums++;
		return;
	}
	ground_icmp(stack, in->frame, packet);
}

/* ---- IP. */

/* Neither broadcast nor multicast, as far as the frame and the packet tell. */
static bool is_unicast(struct user_stack *stack, const struct outside_frame *frame,
	const uint8_t *destination, size_t length)
{
	if (frame->cast == OUTSIDE_BROADCAST || frame->cast == OUTSIDE_MULTICAST ||
		ip_is_multicast(destination, length))
		return false;
	return length == 16 || own_has(stack, destination, length) ||
	       !address_look_up(stack, destination, length)->broadcast;
}

static void take_fragment(
	struct incoming *in, const struct ip_header *header, const uint8_t *payload)
{
	struct user_stack *stack = in->stack;
	struct stack_packet *packet = &in->packet;
	struct reassembly_packet whole;
	int r;

	/* Others' fragments are not kept. */
	if (!own_has(stack, header->destination, header->address_length) &&
		!address_look_up(stack, header->destination, header->address_length)->local &&
		packet->unicast)
		return;
	stack->counters.fragments_in++;
	ground_heard(stack, in->frame, NULL);
	r = reassembly_add(stack->reassembly, header, payload, stack->now, &whole);
	if (r < 0)
		stack->counters.reassembly_failed++;
	if (r <= 0)
		return;
	stack->counters.reassembled++;
	packet->protocol = whole.protocol;
	packet->traffic_class = whole.traffic_class;
	packet->hop_limit = whole.hop_limit;
	packet->source = whole.source;
	packet->destination = whole.destination;
	packet->octets = whole.payload;
	packet->length = whole.length;
	packet->header = NULL;
	packet->segment_size = 0;
	in->right = false;
	if (ip_upper(packet->address_length, &packet->protocol, &packet->octets, &packet->length))
		stack->counters.malformed++;
	else
		take_upper(in);
}

static bool is_on_loopback(struct user_stack *stack, const struct outside_frame *frame)
{
	struct err err;
	const struct interface *interface = ground_interface(stack, frame->interface, &err);

	return interface && interface->flags & IFF_LOOPBACK;
}

/* RFC 1122 3.2.1.3, RFC 4291 2.5.3 and 2.7: addresses that nobody sends from; and a host's own, to
 * itself, which a wire does not carry. IPv4's broadcasts that only a route tells are asked for
 * later, of what is for us. */
static bool is_martian(
	struct user_stack *stack, const struct outside_frame *frame, const struct ip_header *header)
{
	size_t length = header->address_length;

	if (ip_is_multicast(header->source, length) || ip_is_everybody(header->source, length))
		return true;
	/* Who has no address yet asks everybody. */
	if (ip_is_nobody(header->source, length) && !ip_is_everybody(header->destination, length))
		return true;
	if (!memcmp(header->source, header->destination, length) && !is_on_loopback(stack, frame))
		return true;
	return (ip_is_loopback(header->source, length) ||
		       ip_is_loopback(header->destination, length)) &&
	       !is_on_loopback(stack, frame);
}

/* Whose network the addresses are of. A host speaks to itself over lo, also where the address is of
 * a link; RFC 4007 6: the zone is that of the interface that has it. */
static int interface_of(
	struct user_stack *stack, const struct outside_frame *frame, const struct ip_header *header)
{
	const struct known_address *known;

	if (header->address_length == 4 || !ip_is_link_local(header->source, 16) ||
		!is_on_loopback(stack, frame))
		return frame->interface;
	known = address_look_up(stack, header->source, 16);
	return known->owner ? known->owner : frame->interface;
}

/* A tunnel's frames are not from whom its packets are; lo's are from nobody. */
static const uint8_t *mac_of(
	const struct user_stack *stack, const struct outside_frame *frame, const struct place *at)
{
	const uint8_t *mac = frame->octets + 6;

	return stack->config.wrap || at->wrapped || mac[0] & 1 || ip_is_zero(mac, 6) ? NULL : mac;
}

static void take_ip(
	struct user_stack *stack, const struct outside_frame *frame, const struct place *at)
{
	const uint8_t *octets = frame->octets + at->offset;
	struct incoming in = { .stack = stack, .frame = frame, .right = at->right };
	struct ip_header header;

	if (ip_read(octets, frame->length - at->offset, frame->segment_size, &header)) {
		stack->counters.malformed++;
		return;
	}
	if (is_martian(stack, frame, &header))
		return;
	in.packet = (struct stack_packet){
		.address_length = header.address_length,
		.protocol = header.protocol,
		.traffic_class = header.traffic_class,
		.hop_limit = header.hop_limit,
		.source = header.source,
		.destination = header.destination,
		.octets = octets + header.offset,
		.length = header.length,
		.segment_size = frame->segment_size,
		.unicast = is_unicast(stack, frame, header.destination, header.address_length),
		.wrapped = at->wrapped,
		.interface = interface_of(stack, frame, &header),
		.mac = mac_of(stack, frame, at),
		.header = octets,
		.header_length = header.offset,
	};
	if (header.fragment)
		take_fragment(&in, &header, in.packet.octets);
	else
		take_upper(&in);
}

/* ---- Frames. */

/* Without an interface that was asked for, frames of a bridge's port are seen there and on the
 * bridge; the second is the one that the host's IP sees. Interfaces may come and go. */
static bool comes_again(struct user_stack *stack, int interface)
{
	const struct outside_ops *ops = stack->outside->ops;
	struct lower *lower = &stack->lower;
	size_t i = 0;

	if (stack->only || !ops->lower)
		return false;
	if (stack->now >= lower->until) {
		free(lower->indexes);
		*lower = (struct lower){ .until = stack->now + LOWER_NS };
		ops->lower(stack->outside, &lower->indexes, &lower->count, NULL);
	}
	while (i < lower->count && lower->indexes[i] < interface)
		i++;
	return i < lower->count && lower->indexes[i] == interface;
}

/* By its MAC; where it is for another's, only an own MAC makes it ours. */
static bool frame_is_for_us(const struct user_stack *stack, const struct outside_frame *frame)
{
	if (frame->cast != OUTSIDE_OTHER)
		return true;
	return stack->own.has_link_mac &&
	       !memcmp(frame->octets, stack->own.link_mac, sizeof(stack->own.link_mac));
}

static void take_arp(struct user_stack *stack, const struct outside_frame *frame, size_t offset)
{
	struct resolution heard;

	if (resolution_read_arp(frame->octets + offset, frame->length - offset, &heard))
		return;
	ground_resolution(stack, frame, &heard);
}

static void take_plain(struct user_stack *stack, const struct outside_frame *frame)
{
	const uint8_t *octets = frame->octets;
	size_t offset = ETH_HEADER;
	unsigned int type = bytes_get_be16(octets + 12);

	/* A tag with a priority alone belongs to this network, IEEE 802.1Q 6.9.1. */
	if (type == ETHERTYPE_TAG && frame->length >= ETH_HEADER + TAG_LENGTH &&
		!(bytes_get_be16(octets + 14) & TAG_ID_MASK)) {
		type = bytes_get_be16(octets + 16);
		offset += TAG_LENGTH;
	}
	if (type == ETHERTYPE_ARP && !stack->config.wrap) /* else it is of another link */
		take_arp(stack, frame, offset);
	else if (type == ETHERTYPE_IP || type == ETHERTYPE_IPV6)
		take_ip(stack, frame,
			&(struct place){
				.offset = offset, .right = frame->unfinished || frame->verified });
}

void ground_input(struct user_stack *stack, const struct outside_frame *frame)
{
	struct stack_wrap *wrap = stack->config.wrap;
	enum wrap_content content = WRAP_NOTHING;
	/* What a device verified is perhaps the outer checksum; what it was left is the inner. */
	struct place at = { .wrapped = true, .right = frame->unfinished };

	stack->counters.frames_in++;
	if (frame->length < ETH_HEADER || !frame_is_for_us(stack, frame) ||
		comes_again(stack, frame->interface))
		return;
	if (wrap)
		content = wrap->ops->strip(wrap, frame->octets, frame->length, &at.offset);
	if (content == WRAP_IP)
		take_ip(stack, frame, &at);
	else if (content == WRAP_ARP)
		take_arp(stack, frame, at.offset);
	else
		take_plain(stack, frame);
}
