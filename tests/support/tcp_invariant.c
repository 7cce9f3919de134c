/* What must hold in a connection after each event. */
#include "tcp_sim.h"

#include "tcp/connection.h"

static const char *records_are_whole(const struct tcp *tcp)
{
	const struct records *records = &tcp->send.records;
	uint32_t next = tcp->send.una;
	size_t sacked = 0, lost = 0;

	for (size_t i = 0; i < records->count; i++) {
		const struct record *record = records_get(records, i);
		size_t length = record->right - record->left;

		if (record->left != next || !length)
			return "the records of what was sent have a gap";
		if ((record->flags & RECORD_SACKED) && (record->flags & RECORD_LOST))
			return "a record is both SACKed and lost";
		sacked += record->flags & RECORD_SACKED ? length : 0;
		lost += record->flags & RECORD_LOST ? length : 0;
		next = record->right;
	}
	if (next != tcp->send.nxt)
		return "the records do not end at SND.NXT";
	if (sacked != records->sacked || lost != records->lost)
		return "the scoreboard's sums are wrong";
	return NULL;
}

static const char *sending_is_sound(const struct tcp *tcp)
{
	const struct tcp_sending *send = &tcp->send;

	if (seq_after(send->una, send->nxt))
		return "SND.UNA is past SND.NXT";
	if (send->nxt - send->una > send->ring.used + 1)
		return "more is in flight than the buffer holds";
	if (!send->ring.lent && send->ring.used > tcp->config.send_buffer)
		return "the send buffer is past its bound";
	if (send->records.count && tcp->timer[TIMER_RETRANSMIT] == TCP_NEVER)
		return "something is in flight and no timer runs";
	if (tcp->recovery.cwnd < send->mss)
		return "the congestion window is below one segment";
	return records_are_whole(tcp);
}

static const char *receiving_is_sound(const struct tcp *tcp)
{
	const struct tcp_receiving *receive = &tcp->receive;
	uint32_t last = receive->nxt;

	if (seq_after(receive->nxt, receive->edge))
		return "RCV.NXT is past the window";
	if (receive->ring.used > tcp->config.receive_buffer + (1U << receive->scale))
		return "the receive buffer is past its bound";
	for (size_t i = 0; i < receive->later.count; i++) {
		const struct range *range = &receive->later.at[i];

		if (!seq_after(range->left, last) || !seq_after(range->right, range->left))
			return "the ranges out of order overlap or touch";
		last = range->right;
	}
	return seq_after(last, receive->edge) ? "data is kept from past the window" : NULL;
}

const char *support_tcp_invariant(const struct tcp *tcp)
{
	const char *broken = NULL;

	if (tcp->state >= TCP_ESTABLISHED)
		broken = sending_is_sound(tcp);
	if (!broken && tcp->state > TCP_SYN_SENT)
		broken = receiving_is_sound(tcp);
	return broken;
}
