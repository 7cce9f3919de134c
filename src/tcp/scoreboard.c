/* What of that in flight has arrived, and what is lost: from ACKs, SACK (RFC 2018, 2883) and
 * duplicates (RFC 6675, 6582). */
#include "tcp/connection.h"

enum { DUPLICATE_THRESHOLD = 3 };

/* RFC 6675 4, SetPipe; without SACK each duplicate ACK tells that one segment has left. */
size_t tcp_pipe(const struct tcp *tcp)
{
	const struct tcp_sending *send = &tcp->send;
	size_t out = send->nxt - send->una, left = send->records.sacked + send->records.lost;

	if (!tcp->sack)
		left += tcp->recovery.duplicates;
	return out > left ? out - left : 0;
}

/* A record was delivered, by ACK or SACK, that was not known to be. */
static void delivered(struct tcp *tcp, const struct record *record, struct tcp_news *news)
{
	uint64_t trip = news->now - record->sent;
	bool once = !(record->flags & RECORD_RESENT);

	if (seq_after(record->right, tcp->rack.highest))
		tcp->rack.highest = record->right;
	else if (once && seq_before(record->right, tcp->rack.highest))
		news->reordered = true;
	if (once && record->sent < tcp->recovery.timeout_at)
		news->original = true;
	if (!once) {
		news->again = record->sent > news->again ? record->sent : news->again;
		/* RFC 8985 6.2 step 2: it may be the original that was delivered. */
		if (news->has_tsecr && seq_before(news->tsecr, rtt_timestamp(tcp, record->sent)))
			return;
		if (trip < tcp->rtt.least)
			return;
	} else if (record->sent >= news->again && (!news->rtt || record->sent >= news->sent)) {
		/* RFC 6298 3: of what was sent once, and not held up behind what was sent again. */
		news->rtt = trip ? trip : 1;
	}
	if (record->sent > news->sent ||
		(record->sent == news->sent && seq_after(record->right, news->right))) {
		news->sent = record->sent;
		news->right = record->right;
	}
}

void scoreboard_acked(struct tcp *tcp, uint32_t ack, struct tcp_news *news)
{
	struct records *records = &tcp->send.records;

	while (records->count) {
		struct record *record = records_get(records, 0);

		if (!seq_after(ack, record->left))
			return;
		if (!(record->flags & RECORD_SACKED))
			delivered(tcp, record, news);
		if (seq_before(ack, record->right)) {
			records_trim(records, ack);
			return;
		}
		records_pop(records);
	}
}

static void sack_block(struct tcp *tcp, const struct tcp_block *block, struct tcp_news *news)
{
	struct records *records = &tcp->send.records;
	size_t i;

	/* Without room to split, less is known than the peer said: what is not marked is sent
	 * again. */
	if (!records_split(records, block->left) || !records_split(records, block->right))
		return;
	for (i = records_search(records, block->left); i < records->count; i++) {
		struct record *record = records_get(records, i);

		if (seq_after(record->right, block->right))
			break;
		if (record->flags & RECORD_SACKED)
			continue;
		delivered(tcp, record, news);
		records_mark(records, i, (record->flags & RECORD_RESENT) | RECORD_SACKED);
		i = records_join(records, i);
	}
	if (i < records->count)
		records_join(records, i);
}

/* RFC 2883 4: the first block tells of octets that came twice, if they are acknowledged or within
 * the second block. */
static bool sack_tells_twice(const struct tcp_segment *in)
{
	const struct tcp_block *first = &in->sack[0], *second = &in->sack[1];

	if (!seq_after(first->right, in->ack))
		return true;
	return in->sack_count > 1 && !seq_before(first->left, second->left) &&
	       !seq_after(first->right, second->right);
}

void scoreboard_sacks(struct tcp *tcp, const struct tcp_segment *in, struct tcp_news *news)
{
	for (unsigned int i = 0; i < in->sack_count; i++) {
		struct tcp_block block = in->sack[i];

		if (!seq_before(block.left, block.right))
			continue;
		if (!i && sack_tells_twice(in)) {
			news->twice = true;
			news->twice_length = block.right - block.left;
			continue;
		}
		/* What cannot be is not for us, or a blind attacker's: only what is in flight
		 * counts. */
		if (seq_before(block.left, tcp->send.una) || seq_after(block.right, tcp->send.nxt))
			continue;
		tcp->stats.sack_blocks_in++;
		sack_block(tcp, &block, news);
	}
}

/*
 * RFC 6675 4, IsLost: (DupThresh - 1) * SMSS octets above it are SACKed, or DupThresh separate
 * ranges of them. What was sent again is left to the timeout, for its SACKs may be of the first
 * time.
 */
size_t scoreboard_count(struct tcp *tcp)
{
	struct records *records = &tcp->send.records;
	size_t above = 0, ranges = 0, lost = 0, enough = 2 * (size_t)tcp->send.mss;

	if (!records->sacked)
		return 0;
	for (size_t i = records->count; i--;) {
		struct record *record = records_get(records, i);

		if (record->flags & RECORD_SACKED) {
			above += record->right - record->left;
			ranges++;
		} else if (!record->flags && (above > enough || ranges >= DUPLICATE_THRESHOLD)) {
			lost += record->right - record->left;
			records_mark(records, i, RECORD_LOST);
		}
	}
	return lost;
}

/* After a timeout: all that the peer does not have. */
void scoreboard_lose_all(struct tcp *tcp)
{
	struct records *records = &tcp->send.records;
	/* RFC 2018 8: a peer that has the first octets acknowledges them; this one threw them away.
	 */
	bool reneged = records->count && records_get(records, 0)->flags & RECORD_SACKED;

	for (size_t i = 0; i < records->count; i++) {
		uint8_t flags = records_get(records, i)->flags;

		if (!(flags & RECORD_SACKED) || reneged)
			records_mark(records, i, (flags & RECORD_RESENT) | RECORD_LOST);
	}
}

/* The first segment in flight. The octets that were not thought lost before. */
size_t scoreboard_lose_first(struct tcp *tcp)
{
	struct records *records = &tcp->send.records;
	uint32_t end = tcp->send.una + (uint32_t)output_mss(tcp);
	struct record *record;

	if (!records->count)
		return 0;
	record = records_get(records, 0);
	if (record->flags & (RECORD_SACKED | RECORD_LOST))
		return 0;
	if (seq_after(record->right, end) && records_split(records, end))
		record = records_get(records, 0);
	records_mark(records, 0, record->flags | RECORD_LOST);
	return record->right - record->left;
}
