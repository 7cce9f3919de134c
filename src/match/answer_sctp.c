/* SCTP, RFC 9260: which chunk answers which, under which tag. */
#include "match/answer_claim.h"

#define SCTP_OCTETS 12

enum chunk_type {
	CHUNK_DATA,
	CHUNK_INIT,
	CHUNK_INIT_ACK,
	CHUNK_SACK,
	CHUNK_HEARTBEAT,
	CHUNK_HEARTBEAT_ACK,
	CHUNK_ABORT,
	CHUNK_SHUTDOWN,
	CHUNK_SHUTDOWN_ACK,
	CHUNK_ERROR,
	CHUNK_COOKIE_ECHO,
	CHUNK_COOKIE_ACK,
	CHUNK_SHUTDOWN_COMPLETE = 14,
};

struct chunk_row {
	uint8_t asked, given;
	const char *what;
};

/* clang-format off */
static const struct chunk_row chunks[] = {
	{ CHUNK_DATA, CHUNK_SACK, "SACK" },
	{ CHUNK_INIT, CHUNK_INIT_ACK, "INIT-ACK" },
	{ CHUNK_HEARTBEAT, CHUNK_HEARTBEAT_ACK, "HEARTBEAT-ACK" },
	{ CHUNK_SHUTDOWN, CHUNK_SHUTDOWN_ACK, "SHUTDOWN-ACK" },
	{ CHUNK_SHUTDOWN_ACK, CHUNK_SHUTDOWN_COMPLETE, "SHUTDOWN-COMPLETE" },
	{ CHUNK_COOKIE_ECHO, CHUNK_COOKIE_ACK, "COOKIE-ACK" },
	{ CHUNK_COOKIE_ECHO, CHUNK_ERROR, "ERROR" },
};
/* clang-format on */

/* The header, and the first chunk. */
struct packet {
	uint32_t tag;
	const uint8_t *chunk;
	uint32_t length; /* of the chunk, as far as it is there; at least 4 */
};

static bool read_packet(
	const struct answer_frame *frame, const struct answer_packet *packet, struct packet *ret)
{
	const uint8_t *sctp = frame->octets + packet->upper;
	uint32_t there = answer_upper_octets(packet);

	if (there < SCTP_OCTETS + 4)
		return false;
	ret->tag = bytes_get_be32(sctp + 4);
	ret->chunk = sctp + SCTP_OCTETS;
	ret->length = bytes_get_be16(ret->chunk + 2);
	if (ret->length > there - SCTP_OCTETS)
		ret->length = there - SCTP_OCTETS;
	return ret->length >= 4;
}

static bool is_init(const struct packet *packet)
{
	return packet->chunk[0] == CHUNK_INIT && packet->length >= 20;
}

void answer_sctp_asked(const struct answer_frame *frame, const struct answer_packet *packet,
	struct answer_claim *ret)
{
	struct packet sctp;

	if (!read_packet(frame, packet, &sctp) || sctp.chunk[0] == CHUNK_ABORT)
		return;
	ret->topic = ANSWER_TOPIC_SCTP;
	ret->numbers = 1;
	ret->number[0] = is_init(&sctp) ? bytes_get_be32(sctp.chunk + 4) : sctp.tag;
}

void answer_sctp_given(const struct answer_frame *frame, const struct answer_packet *packet,
	struct answer_claim *ret)
{
	struct packet sctp;

	if (!read_packet(frame, packet, &sctp))
		return;
	ret->topic = ANSWER_TOPIC_SCTP;
	ret->numbers = 1;
	ret->number[0] = sctp.tag;
}

static const struct chunk_row *find_row(uint8_t asked, uint8_t given)
{
	for (unsigned int i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++)
		if (chunks[i].asked == asked && chunks[i].given == given)
			return &chunks[i];
	return NULL;
}

/* RFC 9260 8.5: under the tag that the INIT gave out; 8.5.1: an ABORT of who knows no association
 * reflects the request's, and is marked by T. Other tags are known to the peer alone. */
static void check_tag(
	struct answer_pair *pair, const struct packet *sent, const struct packet *came)
{
	bool reflects = came->chunk[0] == CHUNK_ABORT && came->chunk[1] & 1;

	if (reflects)
		answer_want(pair, ANSWER_OTHER_TAG, 4, came->tag, sent->tag);
	else if (is_init(sent))
		answer_want(pair, ANSWER_OTHER_TAG, 4, came->tag, bytes_get_be32(sent->chunk + 4));
}

/* RFC 9260 3.3.6: what a heartbeat holds comes back unchanged. */
static void check_heartbeat(
	struct answer_pair *pair, const struct packet *sent, const struct packet *came)
{
	answer_want(pair, ANSWER_OTHER_LENGTH, 0, came->length - 4, sent->length - 4);
	for (uint32_t i = 4; i < sent->length && i < came->length; i++)
		if (sent->chunk[i] != came->chunk[i]) {
			answer_wrong(pair, ANSWER_OTHER_PAYLOAD, answer_number(i - 4, 0),
				answer_number(sent->chunk[i], 1));
			return;
		}
}

void answer_check_sctp(struct answer_pair *pair)
{
	struct packet sent;
	struct packet came;
	const struct chunk_row *row;

	if (!read_packet(pair->request, pair->asked, &sent) ||
		!read_packet(pair->received, pair->given, &came)) {
		answer_unrelated(pair);
		return;
	}
	row = find_row(sent.chunk[0], came.chunk[0]);
	if (!row && came.chunk[0] != CHUNK_ABORT) {
		answer_unrelated(pair);
		return;
	}
	pair->verdict->what = row ? row->what : "ABORT";
	check_tag(pair, &sent, &came);
	if (came.chunk[0] == CHUNK_HEARTBEAT_ACK)
		check_heartbeat(pair, &sent, &came);
	/* RFC 9260 3.3.4: the cumulative acknowledgement reaches the chunk's number. */
	if (came.chunk[0] == CHUNK_SACK && sent.length >= 8 && came.length >= 8 &&
		(int32_t)(bytes_get_be32(came.chunk + 4) - bytes_get_be32(sent.chunk + 4)) < 0)
		answer_want(pair, ANSWER_ACK_SHORT, 0, bytes_get_be32(came.chunk + 4),
			bytes_get_be32(sent.chunk + 4));
}
