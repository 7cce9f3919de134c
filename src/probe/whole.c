/* Answers in fragments: RFC 791 3.2, RFC 8200 4.5. */
#include "probe/whole.h"

#include "flow/reassembly.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Octets of a link's header, tags counted. */
#define LINK_MAX 64U

struct whole {
	struct reassembly *reassembly;
	unsigned int given_up;
	uint8_t *octets; /* of the last one; NULL: there was none */
};

int whole_new(struct whole **ret)
{
	struct whole *whole = calloc(1, sizeof(*whole));

	if (!whole || reassembly_new(&whole->reassembly)) {
		free(whole);
		return -ENOMEM;
	}
	*ret = whole;
	return 0;
}

void whole_free(struct whole *whole)
{
	if (!whole)
		return;
	reassembly_free(whole->reassembly);
	free(whole->octets);
	free(whole);
}

/* What the fragments' link header and its own make of it. False: it is longer than a datagram may
 * be, or there is no memory. */
static bool put_together(struct whole *whole, const struct reassembly_packet *packet, uint32_t at,
	struct receiver_frame *frame)
{
	const struct ip_fields fields = {
		.address_length = packet->address_length,
		.traffic_class = packet->traffic_class,
		.hop_limit = packet->hop_limit,
		.protocol = packet->protocol,
		.source = packet->source,
		.destination = packet->destination,
		.length = packet->length,
	};
	uint32_t length = at;

	if (packet->address_length == 4 && packet->length > IP_PAYLOAD_MAX - IP_V4_HEADER)
		return false;
	if (!whole->octets)
		whole->octets = malloc(LINK_MAX + IP_HEADER_MAX + IP_PAYLOAD_MAX);
	if (!whole->octets)
		return false;
	memcpy(whole->octets, frame->octets, at);
	length += (uint32_t)ip_write(&fields, whole->octets + at);
	memcpy(whole->octets + length, packet->payload, packet->length);
	length += (uint32_t)packet->length;
	frame->octets = whole->octets;
	frame->captured = frame->length = length;
	return true;
}

bool whole_take(
	struct whole *whole, struct receiver_frame *frame, uint64_t now, struct answer_frame *ret)
{
	const struct answer_packet *outer = ret->packets;
	struct reassembly_packet packet;
	struct ip_header header;
	uint32_t at;
	int rc;

	answer_read(frame->octets, frame->captured, ret);
	if (!ret->count || !outer->fragment || outer->at > LINK_MAX)
		return true;
	at = outer->at;
	/* What cannot be read is no part of anything, and may be told as a near miss. */
	if (ip_read(frame->octets + at, frame->captured - at, false, &header) || !header.fragment)
		return true;
	whole->given_up += reassembly_expire(whole->reassembly, now);
	rc = reassembly_add(
		whole->reassembly, &header, frame->octets + at + header.offset, now, &packet);
	whole->given_up += rc < 0;
	if (rc <= 0 || !put_together(whole, &packet, at, frame))
		return false;
	answer_read(frame->octets, frame->captured, ret);
	return true;
}

unsigned int whole_lacking(struct whole *whole)
{
	return whole->given_up + reassembly_expire(whole->reassembly, UINT64_MAX);
}
