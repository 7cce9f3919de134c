/* Whether the checksums of what arrived are right. */
#include "match/answer_claim.h"
#include "wire/checksum.h"
#include "wire/crc32c.h"

/* Where the checksum stands in a transport's header. */
struct sum_row {
	uint8_t protocol;
	uint8_t at;
	uint8_t header_octets;
	bool pseudo;
	bool may_lack; /* 0 is none at all */
};

/* clang-format off */
static const struct sum_row sums[] = {
	{ ANSWER_UDP, 6, 8, true, true },
	{ ANSWER_TCP, 16, 20, true, false },
	{ ANSWER_ICMP, 2, 4, false, false },
	{ ANSWER_ICMPV6, 2, 4, true, false },
	{ ANSWER_IGMP, 2, 8, false, false },
};
/* clang-format on */

static const struct sum_row *find_sum(uint8_t protocol)
{
	for (unsigned int i = 0; i < sizeof(sums) / sizeof(sums[0]); i++)
		if (sums[i].protocol == protocol)
			return &sums[i];
	return NULL;
}

/* Notes a sum that, with the checksum in it, is not all ones (RFC 1071 1): that of octets that are
 * all zero is none, which Linux sends in an echo reply, and counts as wrong when it comes. */
static void want_sum(struct answer_pair *pair, uint64_t sum, uint16_t checksum)
{
	uint16_t right = checksum_finish(sum + (uint16_t)~checksum);

	/* Where 0 would do, this does as well; where all the rest is zero, this alone. */
	if (!right)
		right = 0xffff;
	if (checksum_fold(sum) != 0xffff)
		answer_want(pair, ANSWER_BAD_CHECKSUM, 2, checksum, right);
}

static void check_transport(struct answer_pair *pair, const struct answer_packet *packet)
{
	const uint8_t *octets = pair->received->octets;
	const struct sum_row *row = find_sum(packet->protocol);
	uint32_t length = answer_upper_octets(packet);
	uint64_t pseudo = 0;
	uint16_t checksum;

	if (!row || packet->cut || packet->fragment || length < row->header_octets)
		return;
	/* A datagram may end before the packet does. */
	if (packet->protocol == ANSWER_UDP) {
		uint16_t said = bytes_get_be16(octets + packet->upper + 4);

		if (said >= row->header_octets && said < length)
			length = said;
	}
	checksum = bytes_get_be16(octets + packet->upper + row->at);
	if (row->may_lack && !checksum)
		return;
	if (row->pseudo)
		pseudo = checksum_pseudo(octets + packet->src, octets + packet->dst,
			packet->address_octets, packet->protocol, length);
	/* The sender left the rest to its device. */
	if (row->pseudo && checksum == checksum_fold(pseudo))
		return;
	want_sum(pair, checksum_add(pseudo, octets + packet->upper, length), checksum);
}

/* RFC 9260 6.8. Of an SCTP packet that its sender left to the device, there is 0. */
static void check_sctp(struct answer_pair *pair, const struct answer_packet *packet)
{
	static const uint8_t zeros[4];
	const uint8_t *sctp = pair->received->octets + packet->upper;
	uint32_t length = answer_upper_octets(packet);
	uint32_t found;
	uint32_t crc;

	if (length < 12 || packet->cut || packet->fragment)
		return;
	found = bytes_get_be32(sctp + 8);
	crc = crc32c(crc32c(crc32c(0, sctp, 8), zeros, sizeof(zeros)), sctp + 12, length - 12);
	if (found)
		answer_want(pair, ANSWER_BAD_CHECKSUM, 4, found, crc32c_field(crc));
}

void answer_check_sums(struct answer_pair *pair, const struct answer_packet *packet)
{
	const uint8_t *header = pair->received->octets + packet->at;

	if (!answer_is_ip(packet))
		return;
	if (packet->net == ANSWER_NET_IPV4)
		want_sum(pair, checksum_add(0, header, (header[0] & 15U) * 4),
			bytes_get_be16(header + 10));
	if (packet->protocol == ANSWER_SCTP)
		check_sctp(pair, packet);
	else if (packet->has_upper)
		check_transport(pair, packet);
}
