/* ICMP errors: a smaller path (RFC 1191, 8201), a peer out of reach (RFC 5461), believed only if
 * they can be true (RFC 5927). */
#include "tcp/connection.h"

/* RFC 5927 4.1. */
static bool in_flight(const struct tcp *tcp, uint32_t seq)
{
	return !seq_before(seq, tcp->send.una) && seq_before(seq, tcp->send.nxt);
}

void tcp_narrow(struct tcp *tcp, uint16_t mss, uint64_t now)
{
	struct records *records = &tcp->send.records;

	if (mss < TCP_MSS_LEAST)
		mss = TCP_MSS_LEAST;
	if (mss >= tcp->send.mss)
		return;
	tcp->send.mss = mss;
	/* What was too large did not arrive, which says nothing of congestion: the window stays
	 * (RFC 1191 6.5). */
	for (size_t i = 0; i < records->count; i++) {
		const struct record *record = records_get(records, i);

		if (!(record->flags & RECORD_SACKED) &&
			record->right - record->left > output_mss(tcp))
			records_mark(records, i, record->flags | RECORD_LOST);
	}
	if (records->count)
		timers_retransmit(tcp, now);
}

bool tcp_mtu(struct tcp *tcp, uint32_t seq, uint16_t mss, uint64_t now)
{
	if (!tcp->send.records.count || !in_flight(tcp, seq))
		return false;
	tcp_narrow(tcp, mss, now);
	return true;
}

void tcp_unreachable(struct tcp *tcp, uint32_t seq, int error, bool hard)
{
	if (tcp->state == TCP_CLOSED || !in_flight(tcp, seq))
		return;
	tcp->soft_error = error;
	/* RFC 5461 4.1, 5927 5: past the handshake hard errors are soft too. */
	if (hard && (tcp->state == TCP_SYN_SENT || tcp->state == TCP_SYN_RECEIVED))
		tcp_finish(tcp, error);
}
