/* Sends data and FIN: again what was lost, then what is new, as the windows, Nagle and the silly
 * window rule let it. */
#include "tcp/congestion.h"
#include "tcp/output.h"

/* The number that FIN has, or will have. */
static uint32_t fin_number(const struct tcp *tcp)
{
	return tcp->send.una + (uint32_t)tcp->send.ring.used;
}

static size_t unsent(const struct tcp *tcp)
{
	const struct tcp_sending *send = &tcp->send;

	return send->fin_sent ? 0 : send->ring.used - (send->nxt - send->una);
}

static bool fin_pending(const struct tcp *tcp)
{
	return tcp->send.ended && !tcp->send.fin_sent;
}

/* How much the peer's window lets out from this number on. */
static size_t window_from(const struct tcp *tcp, uint32_t seq)
{
	uint32_t end = tcp->send.una + tcp->send.window;

	return seq_before(seq, end) ? end - seq : 0;
}

static size_t congestion_room(const struct tcp *tcp)
{
	size_t pipe = tcp_pipe(tcp);

	return tcp->recovery.cwnd > pipe ? tcp->recovery.cwnd - pipe : 0;
}

/* One segment, or several for the device to part: whole ones then. */
static size_t burst_length(const struct tcp *tcp, size_t length, size_t mss)
{
	length = size_min(length, size_max(tcp->config.burst, mss));
	return length > mss ? length - length % mss : length;
}

/* Fills in the numbers from seq on: their data, and FIN where it is among them. */
static void fill(struct tcp *tcp, struct tcp_segment *ret, uint32_t seq, uint32_t end, size_t mss,
	uint64_t now)
{
	const struct ring *ring = &tcp->send.ring;
	size_t offset = seq - tcp->send.una;
	size_t length = size_min(end - seq, ring->used - offset);
	bool fin = tcp->send.ended && seq_after(end, fin_number(tcp));

	output_begin(tcp, ret, seq, TCP_ACK, now);
	if (fin)
		ret->flags |= TCP_FIN;
	if (length && offset + length == ring->used)
		ret->flags |= TCP_PSH;
	ret->length = length;
	ret->segment_size = mss;
	if (length) {
		ret->data[0].octets = ring_at(ring, offset, length, &ret->data[0].length);
		ret->data[1].length = length - ret->data[0].length;
		ret->data[1].octets = ret->data[1].length ? ring->octets : NULL;
		tcp->stats.segments_out += (length - 1) / mss;
	}
	tcp->send.last = now;
}

static void sent(struct tcp *tcp, bool probe, uint64_t now)
{
	tcp->send.probe_due = false;
	tcp->send.first_due = false;
	if (tcp->send.tail_due) {
		tcp->send.tail_due = false;
		tcp->rack.tail_sent = true;
		tcp->rack.tail_end = tcp->send.nxt;
		tcp->stats.tail_probes++;
		timers_retransmit(tcp, now); /* RFC 8985 7.3 */
	}
	if (tcp->timer[TIMER_RETRANSMIT] == TCP_NEVER)
		timers_retransmit(tcp, now);
	if (!probe)
		rack_tail_arm(tcp, now);
}

static bool resend(
	struct tcp *tcp, struct tcp_segment *ret, size_t index, size_t length, uint64_t now)
{
	struct records *records = &tcp->send.records;
	size_t mss = output_mss(tcp);
	struct record *record = records_get(records, index);
	uint32_t left = record->left;
	bool probe = tcp->send.probe_due;

	if (record->right - left > length) {
		/* Without room to split, all of it is sent again, later. */
		if (!records_split(records, left + (uint32_t)length))
			return false;
		record = records_get(records, index);
	}
	records_mark(records, index, RECORD_RESENT);
	record->sent = now;
	length = record->right - left;
	recovery_resent(tcp, length, now);
	tcp->stats.retransmitted += (length + mss - 1) / mss;
	tcp->stats.retransmitted_octets += length;
	fill(tcp, ret, left, record->right, mss, now);
	sent(tcp, probe, now);
	return true;
}

/* RFC 6675 5 (C) and NextSeg (1): the first that is lost, as long as the pipe is below the window.
 */
static bool transmit_lost(struct tcp *tcp, struct tcp_segment *ret, uint64_t now)
{
	struct tcp_sending *send = &tcp->send;
	size_t mss = output_mss(tcp), room = congestion_room(tcp), length, index = 0;
	const struct record *record;

	if (!send->records.lost)
		return false;
	send->tail_due = false;
	while (!(records_get(&send->records, index)->flags & RECORD_LOST))
		index++;
	record = records_get(&send->records, index);
	length = record->right - record->left;
	if (room < size_min(length, mss) && (send->first_due || send->probe_due))
		room = mss;
	tcp->recovery.limited = room < size_min(length, mss);
	if (tcp->recovery.limited)
		return false;
	length = burst_length(tcp, size_min(length, room), mss);
	if (send->probe_due)
		length = size_min(length, mss);
	else
		length = size_min(length, window_from(tcp, record->left));
	return length && resend(tcp, ret, index, length, now);
}

/*
 * RFC 9293 3.8.6.2.1 and 3.7.4: a segment below the MSS goes only when it is all there is, and then
 * not behind another such (Nagle, as modified by appendix A.3), or is half of the largest window.
 */
static size_t not_silly(const struct tcp *tcp, size_t length, size_t mss)
{
	const struct tcp_sending *send = &tcp->send;
	size_t tail = length % mss;

	if (!tail)
		return length;
	if (length < unsent(tcp)) { /* a window's end */
		bool half = length < mss && length >= (send->window_max + 1) / 2;

		return half ? length : length - tail;
	}
	if (tcp->config.nodelay || send->ended || !seq_after(send->small, send->una))
		return length;
	return length - tail;
}

/* How much new data may go now. */
static size_t new_length(struct tcp *tcp, size_t mss)
{
	struct tcp_sending *send = &tcp->send;
	size_t all = unsent(tcp), window = window_from(tcp, send->nxt), length, room;

	length = size_min(all, window);
	if (send->probe_due && !send->records.count)
		return size_min(size_max(length, all ? 1 : 0), mss);
	room = congestion_room(tcp);
	if (send->tail_due)
		room = size_max(room, mss); /* RFC 8985 7.3: whatever the window says */
	tcp->recovery.limited = room < length;
	if (room < length)
		length = room - room % mss;
	length = size_min(length, size_max(tcp->config.burst, mss));
	return not_silly(tcp, length, mss);
}

/* RFC 5681 4.1: after a pause the window is the initial one. */
static void restart_after_idle(struct tcp *tcp, uint64_t now)
{
	if (!tcp->send.records.count && tcp->send.last && now - tcp->send.last > tcp->rtt.timeout)
		tcp->recovery.cwnd = size_min(tcp->recovery.cwnd, congestion_initial(tcp));
}

static bool transmit_new(struct tcp *tcp, struct tcp_segment *ret, uint64_t now)
{
	struct tcp_sending *send = &tcp->send;
	size_t mss = output_mss(tcp), length;
	bool fin, probe = send->probe_due;
	uint32_t seq = send->nxt, end;

	if (!unsent(tcp) && !fin_pending(tcp))
		return false;
	restart_after_idle(tcp, now);
	length = new_length(tcp, mss);
	fin = fin_pending(tcp) && length == unsent(tcp) &&
	      (window_from(tcp, seq) > length || probe);
	if (!length && !fin)
		return false;
	end = seq + (uint32_t)length + fin;
	if (!send->records.count)
		send->progress = now;
	if (!records_append(&send->records, seq, end, now))
		return false;
	send->nxt = end;
	send->fin_sent |= fin;
	if (length % mss && !probe)
		send->small = end;
	fill(tcp, ret, seq, end, mss, now);
	if (send->tail_due)
		tcp->rack.tail_resent = false;
	sent(tcp, probe, now);
	return true;
}

/* RFC 8985 7.3: where nothing new can be sent, the last segment again. */
static bool transmit_tail(struct tcp *tcp, struct tcp_segment *ret, uint64_t now)
{
	struct records *records = &tcp->send.records;
	size_t mss = output_mss(tcp);
	const struct record *last;

	if (!tcp->send.tail_due)
		return false;
	if (!records->count) {
		tcp->send.tail_due = false;
		return false;
	}
	last = records_get(records, records->count - 1);
	if (last->right - last->left > mss)
		records_split(records, last->right - (uint32_t)mss);
	tcp->rack.tail_resent = true;
	return resend(tcp, ret, records->count - 1, mss, now);
}

/* RFC 9293 3.8.6.1: nothing is out and something waits for the window: its probe. */
static void arm_probe(struct tcp *tcp, uint64_t now)
{
	if (tcp->send.records.count || tcp->timer[TIMER_RETRANSMIT] != TCP_NEVER)
		return;
	if (!unsent(tcp) && !fin_pending(tcp))
		return;
	tcp->send.progress = now;
	timers_retransmit(tcp, now);
}

bool transmit_next(struct tcp *tcp, struct tcp_segment *ret, uint64_t now)
{
	if (transmit_lost(tcp, ret, now) || transmit_new(tcp, ret, now) ||
		transmit_tail(tcp, ret, now))
		return true;
	tcp->send.probe_due = false;
	tcp->recovery.flight = tcp->send.nxt - tcp->send.una;
	arm_probe(tcp, now);
	return false;
}
