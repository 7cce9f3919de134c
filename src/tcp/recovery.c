/* What follows when segments are lost, or turn out not to be: RFC 5681, 6582, 6675, 6298; undone by
 * 3522, 3708 and 5682. */
#include "tcp/congestion.h"
#include "tcp/connection.h"

static void remember(struct tcp *tcp)
{
	struct tcp_recovery *recovery = &tcp->recovery;

	recovery->cwnd_before = recovery->cwnd;
	recovery->ssthresh_before = recovery->ssthresh;
	recovery->resent = 0;
	recovery->resent_known = false;
	recovery->undoable = true;
}

/* The first that is sent again sets the mark for RFC 3522; all of it has to come twice for RFC
 * 3708. */
void recovery_resent(struct tcp *tcp, size_t length, uint64_t now)
{
	struct tcp_recovery *recovery = &tcp->recovery;

	if (!recovery->resent_known) {
		recovery->resent_known = true;
		recovery->resent_at = rtt_timestamp(tcp, now);
	}
	recovery->resent += length;
}

static void undo(struct tcp *tcp)
{
	struct tcp_recovery *recovery = &tcp->recovery;
	struct records *records = &tcp->send.records;

	recovery->cwnd = size_max(recovery->cwnd, recovery->cwnd_before);
	recovery->ssthresh = size_max(recovery->ssthresh, recovery->ssthresh_before);
	recovery->undoable = false;
	recovery->phase = PHASE_OPEN;
	tcp->send.first_due = false;
	tcp->congestion->undone(tcp);
	tcp->stats.undone++;
	for (size_t i = 0; i < records->count && records->lost; i++)
		records_mark(records, i,
			records_get(records, i)->flags & (RECORD_SACKED | RECORD_RESENT));
}

/*
 * Was it for nothing? The first ACK after a retransmission echoes a timestamp from before it
 * (Eifel, RFC 3522 3.2); after a timeout, what is acknowledged was sent once only, and before it
 * (F-RTO, RFC 5682 3.1); or all that was sent again came twice (RFC 3708 2).
 */
static bool needless(struct tcp *tcp, const struct tcp_news *news)
{
	struct tcp_recovery *recovery = &tcp->recovery;

	if (!recovery->undoable)
		return false;
	if (news->twice && recovery->resent_known) {
		recovery->resent -= size_min(recovery->resent, news->twice_length);
		if (!recovery->resent)
			return true;
	}
	if (recovery->phase == PHASE_OPEN || !news->advanced)
		return false;
	if (news->has_tsecr && recovery->resent_known &&
		seq_before(news->tsecr, recovery->resent_at))
		return true;
	return recovery->phase == PHASE_LOSS && tcp->sack && news->original &&
	       seq_before(tcp->send.una, recovery->point);
}

/* RFC 6582 without SACK: one segment at a time, the first not acknowledged. */
static size_t count_duplicates(struct tcp *tcp, const struct tcp_news *news)
{
	struct tcp_recovery *recovery = &tcp->recovery;
	size_t mss = output_mss(tcp), out = tcp->send.nxt - tcp->send.una;

	if (news->duplicate) {
		recovery->duplicate_acks++;
		recovery->duplicates =
			size_min(recovery->duplicates + mss, out > mss ? out - mss : 0);
		/* 3.2 step 2: not for duplicates of what the last recovery sent. */
		if (recovery->phase == PHASE_OPEN && recovery->duplicate_acks == 3 &&
			!seq_before(tcp->send.una, recovery->point))
			return scoreboard_lose_first(tcp);
		return 0;
	}
	if (!news->advanced)
		return 0;
	recovery->duplicate_acks = 0;
	/* The first of what was acknowledged had been missing, the rest were the duplicates. */
	recovery->duplicates -=
		size_min(recovery->duplicates, news->acked > mss ? news->acked - mss : 0);
	recovery->duplicates = size_min(recovery->duplicates, out > mss ? out - mss : 0);
	/* 3.2 step 3, partial acknowledgment: the next hole, at once. */
	if (recovery->phase == PHASE_RECOVERY && seq_before(tcp->send.una, recovery->point)) {
		tcp->send.first_due = true;
		return scoreboard_lose_first(tcp);
	}
	if (recovery->phase == PHASE_OPEN)
		recovery->duplicates = 0;
	return 0;
}

/* RFC 6675 5 (1): three duplicates, each of which told of something new (2), are enough where
 * IsLost says no: segments may be small. */
static size_t count_sacks(struct tcp *tcp, const struct tcp_news *news)
{
	struct tcp_recovery *recovery = &tcp->recovery;
	size_t lost = scoreboard_count(tcp);

	if (news->advanced)
		recovery->duplicate_acks = 0;
	else if (news->sent)
		recovery->duplicate_acks++;
	if (!lost && recovery->phase == PHASE_OPEN && recovery->duplicate_acks >= 3)
		return scoreboard_lose_first(tcp);
	return lost;
}

static void enter(struct tcp *tcp)
{
	struct tcp_recovery *recovery = &tcp->recovery;

	remember(tcp);
	recovery->phase = PHASE_RECOVERY;
	recovery->point = tcp->send.nxt;
	recovery->ssthresh = tcp->congestion->reduced(tcp);
	recovery->cwnd = recovery->ssthresh;
	tcp->send.first_due = true;
	tcp->stats.recoveries++;
	timer_stop(tcp, TIMER_TAIL);
}

static void leave(struct tcp *tcp)
{
	struct tcp_recovery *recovery = &tcp->recovery;
	size_t mss = tcp->send.mss, out = tcp->send.nxt - tcp->send.una;

	/* RFC 6582 3.2 step 3 (1): no burst into a pipe that ran empty. */
	if (recovery->phase == PHASE_RECOVERY && !tcp->sack)
		recovery->cwnd = size_min(recovery->ssthresh, size_max(out, mss) + mss);
	recovery->phase = PHASE_OPEN;
	recovery->duplicates = 0;
	tcp->send.first_due = false;
	if (tcp->rack.persist && !--tcp->rack.persist)
		tcp->rack.factor = 1;
}

/* RFC 5681 4.3: what was sent after a recovery began, and was lost before it ended, is a loss in
 * another window, though it is known, and perhaps sent again, already. */
static bool lost_since(const struct tcp *tcp)
{
	const struct records *records = &tcp->send.records;

	for (size_t i = 0; i < records->count; i++)
		if (records_get(records, i)->flags & (RECORD_LOST | RECORD_RESENT) &&
			!(records_get(records, i)->flags & RECORD_SACKED))
			return true;
	return false;
}

/* RFC 7661, in spirit: a window that was not in use says nothing of the path. */
static bool in_use(const struct tcp *tcp, const struct tcp_news *news)
{
	const struct tcp_recovery *recovery = &tcp->recovery;

	return recovery->limited || (recovery->cwnd < recovery->ssthresh &&
					    recovery->cwnd < 2 * (tcp_pipe(tcp) + news->acked));
}

void recovery_news(struct tcp *tcp, struct tcp_news *news)
{
	struct tcp_recovery *recovery = &tcp->recovery;
	bool recovering = recovery->phase == PHASE_RECOVERY, again = false;
	size_t lost;

	rack_delivered(tcp, news);
	if (needless(tcp, news))
		undo(tcp);
	if (recovery->phase != PHASE_OPEN && !seq_before(tcp->send.una, recovery->point)) {
		again = recovery->phase == PHASE_RECOVERY && tcp->sack && lost_since(tcp);
		leave(tcp);
	}
	if (rack_used(tcp))
		lost = rack_detect(tcp, news->now);
	else if (tcp->sack)
		lost = count_sacks(tcp, news);
	else
		lost = count_duplicates(tcp, news);
	if (rack_tail_ack(tcp, news) && recovery->phase == PHASE_OPEN && !lost && !again) {
		recovery->ssthresh = tcp->congestion->reduced(tcp);
		recovery->cwnd = recovery->ssthresh;
	}
	if ((lost || again) && recovery->phase == PHASE_OPEN)
		enter(tcp);
	else if (news->advanced && !recovering && in_use(tcp, news))
		tcp->congestion->acked(tcp, news->acked, news->now);
}

/* RFC 5681 3.1, RFC 6298 5.4: all is lost, and one segment goes out. */
void recovery_timeout(struct tcp *tcp, uint64_t now)
{
	struct tcp_recovery *recovery = &tcp->recovery;

	/* The same segment for the second time: ssthresh stays. */
	if (recovery->phase != PHASE_LOSS) {
		if (recovery->phase == PHASE_OPEN)
			remember(tcp);
		recovery->ssthresh = tcp->congestion->reduced(tcp);
	}
	recovery->phase = PHASE_LOSS;
	recovery->point = tcp->send.nxt;
	recovery->timeout_at = now;
	recovery->cwnd = tcp->send.mss;
	recovery->duplicates = 0;
	recovery->duplicate_acks = 0;
	scoreboard_lose_all(tcp);
	tcp->rack.tail_sent = false;
	tcp->send.first_due = true;
	tcp->stats.timeouts++;
	timer_stop(tcp, TIMER_TAIL);
	timer_stop(tcp, TIMER_REORDER);
}
