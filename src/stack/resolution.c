/* Reads and writes ARP and neighbour discovery messages. */
#include "stack/resolution.h"

#include "base/bytes.h"
#include "flow/ip.h"
#include "wire/checksum.h"

#include <errno.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <string.h>

#define ETH_HEADER 14
#define ARP_LENGTH 28

#define ARP_REQUEST 1
#define ARP_REPLY   2

#define ND_SOLICITATION	 135
#define ND_ADVERTISEMENT 136
#define ND_LENGTH	 24
#define ND_HOP_LIMIT	 255 /* others came from outside the link: RFC 4861 7.1.1 */
#define ND_SOURCE_OPTION 1
#define ND_TARGET_OPTION 2
#define ND_OPTION	 8
#define ND_SOLICITED	 0x40000000U
#define ND_OVERRIDE	 0x20000000U

static const uint8_t zeros[16];
static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const uint8_t all_nodes[16] = { 0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
static const uint8_t all_nodes_mac[6] = { 0x33, 0x33, 0, 0, 0, 1 };

int resolution_read_arp(const uint8_t *arp, size_t length, struct resolution *ret)
{
	static const uint8_t ethernet_ipv4[] = { 0, 1, 8, 0, 6, 4 };
	unsigned int op;

	if (length < ARP_LENGTH || memcmp(arp, ethernet_ipv4, sizeof(ethernet_ipv4)) != 0)
		return -EINVAL;
	op = bytes_get_be16(arp + 6);
	if (op != ARP_REQUEST && op != ARP_REPLY)
		return -EINVAL;
	*ret = (struct resolution){
		.address_length = 4, .answer = op == ARP_REPLY, .has_mac = true
	};
	memcpy(ret->mac, arp + 8, 6);
	memcpy(ret->sender, arp + 14, 4);
	ret->probe = !ret->answer && ip_is_zero(ret->sender, 4);
	/* An answer is about its sender. */
	memcpy(ret->target, ret->answer ? arp + 14 : arp + 24, 4);
	return 0;
}

/* The link-layer address in an option of this type. -EINVAL: the options contradict themselves. */
static int find_mac(
	const uint8_t *options, size_t length, uint8_t type, struct resolution *resolution)
{
	while (length) {
		size_t size;

		if (length < ND_OPTION)
			return -EINVAL;
		size = options[1] * 8U;
		if (!size || size > length)
			return -EINVAL;
		if (options[0] == type && size == ND_OPTION) {
			memcpy(resolution->mac, options + 2, 6);
			resolution->has_mac = true;
		}
		options += size;
		length -= size;
	}
	return 0;
}

int resolution_read_neighbour(const uint8_t *source, uint8_t hop_limit, const uint8_t *message,
	size_t length, struct resolution *ret)
{
	struct resolution read = { .address_length = 16 };
	int r;

	if (hop_limit != ND_HOP_LIMIT || length < ND_LENGTH || message[1] ||
		(message[0] != ND_SOLICITATION && message[0] != ND_ADVERTISEMENT) ||
		ip_is_multicast(message + 8, 16))
		return -EINVAL;
	read.answer = message[0] == ND_ADVERTISEMENT;
	memcpy(read.sender, source, 16);
	memcpy(read.target, message + 8, 16);
	read.probe = !read.answer && ip_is_zero(source, 16);
	r = find_mac(message + ND_LENGTH, length - ND_LENGTH,
		read.answer ? ND_TARGET_OPTION : ND_SOURCE_OPTION, &read);
	if (!r)
		*ret = read;
	return r;
}

void resolution_group_mac(const uint8_t *address, uint8_t ret[6])
{
	memcpy(ret, "\x33\x33\xff", 3);
	memcpy(ret + 3, address + 13, 3);
}

static size_t put_ethernet(uint8_t *ret, const uint8_t *to, const uint8_t *from, uint16_t type)
{
	memcpy(ret, to, 6);
	memcpy(ret + 6, from, 6);
	bytes_put_be16(ret + 12, type);
	return ETH_HEADER;
}

struct arp {
	uint16_t op;
	const uint8_t *to; /* MAC */
	const uint8_t *sender_mac, *sender, *target_mac, *target;
};

static size_t write_arp(const struct arp *arp, uint8_t *ret)
{
	static const uint8_t ethernet_ipv4[] = { 0, 1, 8, 0, 6, 4 };
	uint8_t *at = ret + put_ethernet(ret, arp->to, arp->sender_mac, ETHERTYPE_ARP);

	memcpy(at, ethernet_ipv4, sizeof(ethernet_ipv4));
	bytes_put_be16(at + 6, arp->op);
	memcpy(at + 8, arp->sender_mac, 6);
	memcpy(at + 14, arp->sender, 4);
	memcpy(at + 18, arp->target_mac, 6);
	memcpy(at + 24, arp->target, 4);
	return ETH_HEADER + ARP_LENGTH;
}

struct neighbour_message {
	const uint8_t *to_mac, *from_mac;
	const uint8_t *to, *from;
	uint8_t type;
	uint32_t flags;
	const uint8_t *target;
	uint8_t option; /* 0: none */
};

static size_t write_neighbour(const struct neighbour_message *message, uint8_t *ret)
{
	size_t length = ND_LENGTH + (message->option ? ND_OPTION : 0);
	struct ip_fields fields = {
		.address_length = 16,
		.hop_limit = ND_HOP_LIMIT,
		.protocol = IPPROTO_ICMPV6,
		.source = message->from,
		.destination = message->to,
		.length = length,
	};
	size_t at = put_ethernet(ret, message->to_mac, message->from_mac, ETHERTYPE_IPV6);
	uint8_t header[IP_HEADER_MAX];
	uint8_t *icmp;

	ip_write(&fields, header);
	memcpy(ret + at, header, IP_V6_HEADER);
	icmp = ret + at + IP_V6_HEADER;
	memset(icmp, 0, length);
	icmp[0] = message->type;
	bytes_put_be32(icmp + 4, message->flags);
	memcpy(icmp + 8, message->target, 16);
	if (message->option) {
		icmp[ND_LENGTH] = message->option;
		icmp[ND_LENGTH + 1] = 1;
		memcpy(icmp + ND_LENGTH + 2, message->from_mac, 6);
	}
	bytes_put_be16(icmp + 2,
		checksum_finish(checksum_add(checksum_pseudo(message->from, message->to, 16,
						     IPPROTO_ICMPV6, (uint32_t)length),
			icmp, length)));
	return at + IP_V6_HEADER + length;
}

size_t resolution_write_question(
	const struct resolution_self *self, const uint8_t *target, uint8_t *ret)
{
	bool probe = ip_is_zero(self->address, self->address_length);
	uint8_t group[16] = { 0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff };
	uint8_t group_mac[6];

	if (self->address_length == 4) {
		const struct arp arp = { ARP_REQUEST, broadcast, self->mac, self->address, zeros,
			target };

		return write_arp(&arp, ret);
	}
	memcpy(group + 13, target + 13, 3);
	resolution_group_mac(target, group_mac);
	{
		const struct neighbour_message message = {
			.to_mac = group_mac,
			.from_mac = self->mac,
			.to = group,
			.from = self->address,
			.type = ND_SOLICITATION,
			.target = target,
			.option = probe ? 0 : ND_SOURCE_OPTION, /* RFC 4862 5.4.2 */
		};

		return write_neighbour(&message, ret);
	}
}

static size_t answer_arp(
	const struct resolution_self *self, const struct resolution *question, uint8_t *ret)
{
	/* RFC 5227 3: the announcement is a request for the own address. */
	struct arp arp = { ARP_REQUEST, broadcast, self->mac, self->address, zeros, self->address };

	if (question) {
		arp.op = ARP_REPLY;
		arp.to = arp.target_mac = question->mac;
		arp.target = question->sender;
	}
	return write_arp(&arp, ret);
}

size_t resolution_write_answer(
	const struct resolution_self *self, const struct resolution *question, uint8_t *ret)
{
	bool to_all = !question || question->probe || !question->has_mac;
	struct neighbour_message message = {
		.to_mac = all_nodes_mac,
		.from_mac = self->mac,
		.to = all_nodes,
		.from = self->address,
		.type = ND_ADVERTISEMENT,
		.flags = ND_OVERRIDE,
		.target = self->address,
		.option = ND_TARGET_OPTION,
	};

	if (self->address_length == 4)
		return answer_arp(self, question, ret);
	if (!to_all) {
		message.to_mac = question->mac;
		message.to = question->sender;
		message.flags |= ND_SOLICITED;
	}
	return write_neighbour(&message, ret);
}
