/* IGMP and MLD: a query, and a report of the group that it asks for. */
#include "match/answer_claim.h"

/* One generation's reports: a group, or a list of records of groups. */
struct report_row {
	uint8_t protocol, type;
	uint8_t group; /* where the group stands; 0: records from octet 8 on */
};

/* clang-format off */
static const struct report_row reports[] = {
	{ ANSWER_IGMP, 0x12, 4 },
	{ ANSWER_IGMP, 0x16, 4 },
	{ ANSWER_IGMP, 0x22, 0 },
	{ ANSWER_ICMPV6, 131, 8 },
	{ ANSWER_ICMPV6, 143, 0 },
};
/* clang-format on */

static const struct report_row *find_report(
	const struct answer_frame *frame, const struct answer_packet *packet)
{
	if (answer_upper_octets(packet) < 8)
		return NULL;
	for (unsigned int i = 0; i < sizeof(reports) / sizeof(reports[0]); i++)
		if (reports[i].protocol == packet->protocol &&
			reports[i].type == frame->octets[packet->upper])
			return &reports[i];
	return NULL;
}

/* RFC 3376 4.1, RFC 3810 5.1. */
void answer_igmp_asked(const struct answer_frame *frame, const struct answer_packet *packet,
	struct answer_claim *ret)
{
	const uint8_t *query = frame->octets + packet->upper;
	uint32_t there = answer_upper_octets(packet);

	if (packet->protocol == ANSWER_IGMP ? there >= 8 && query[0] == 0x11
					    : there >= 24 && query[0] == 130)
		ret->topic = ANSWER_TOPIC_MEMBERSHIP;
}

void answer_igmp_given(const struct answer_frame *frame, const struct answer_packet *packet,
	struct answer_claim *ret)
{
	if (find_report(frame, packet))
		ret->topic = ANSWER_TOPIC_MEMBERSHIP;
}

/* RFC 3376 4.2, RFC 3810 5.2: records of a type, a number of sources, the group and these. */
static bool lists_group(
	const uint8_t *report, uint32_t length, const uint8_t *group, uint32_t octets)
{
	unsigned int records = bytes_get_be16(report + 6);
	uint32_t at = 8;

	for (; records && length - at >= 4 + octets; records--) {
		uint64_t size = 4 + octets + (uint64_t)bytes_get_be16(report + at + 2) * octets +
				report[at + 1] * 4U;

		if (!memcmp(report + at + 4, group, octets))
			return true;
		if (size > length - at)
			return false;
		at += (uint32_t)size;
	}
	return false;
}

void answer_check_membership(struct answer_pair *pair)
{
	static const uint8_t all[16];
	const struct report_row *row = find_report(pair->received, pair->given);
	bool is_ipv6 = pair->asked->protocol == ANSWER_ICMPV6;
	const uint8_t *group = answer_asked(pair) + (is_ipv6 ? 8 : 4);
	uint32_t octets = is_ipv6 ? 16 : 4;
	uint32_t length = answer_upper_octets(pair->given);

	if (!row) {
		answer_unrelated(pair);
		return;
	}
	if (!memcmp(group, all, octets))
		return;
	if (!row->group) {
		if (!lists_group(answer_given(pair), length, group, octets))
			answer_unrelated(pair);
	} else if (length < row->group + octets) {
		answer_unrelated(pair);
	} else {
		answer_want_address(
			pair, ANSWER_OTHER_TARGET, answer_given(pair) + row->group, group, octets);
	}
}
