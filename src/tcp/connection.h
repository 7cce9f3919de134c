/* connection.h: what one connection remembers, and which file of src/tcp does what with it. */
#ifndef TCP_CONNECTION_H
#define TCP_CONNECTION_H

#include "tcp/ranges.h"
#include "tcp/records.h"
#include "tcp/ring.h"
#include "tcp/sequence.h"
#include "tcp/tcp.h"

#define TCP_MILLISECOND 1000000ULL
#define TCP_SECOND	1000000000ULL
#define TCP_NEVER	UINT64_MAX

/* Room for all options and some data, whatever the peer or an ICMP error says. */
enum { TCP_MSS_LEAST = 48 };

enum {
	TCP_MSS_DEFAULT = 536, /* RFC 9293 3.7.1 */
	TCP_SCALE_MOST = 14,   /* RFC 7323 2.3 */
};

enum tcp_timer {
	TIMER_RETRANSMIT,  /* RFC 6298; the window's probe where nothing is in flight */
	TIMER_TAIL,	   /* tail loss probe, RFC 8985 7 */
	TIMER_REORDER,	   /* RFC 8985 6.2 step 5 */
	TIMER_DELAYED_ACK, /* RFC 9293 3.8.6.3 */
	TIMER_KEEPALIVE,   /* RFC 9293 3.8.4 */
	TIMER_TIME_WAIT,   /* and FIN-WAIT-2 where nobody reads any more */
	TIMERS,
};

/* The send sequence space, RFC 9293 3.3.1, and the octets from una on. */
struct tcp_sending {
	uint32_t iss, una, nxt, wl1, wl2;
	uint32_t window, window_max; /* scaled */
	uint8_t scale;
	uint16_t mss;	/* without options */
	bool ended;	/* FIN follows what is buffered */
	bool fin_sent;	/* it is the number before nxt */
	bool syn_due;	/* SYN, or SYN and ACK, is to be sent (again) */
	bool probe_due; /* send although the window says no, or little */
	bool tail_due;	/* send a tail loss probe */
	bool first_due; /* the first retransmission of a recovery: at once (RFC 6675 5 step 4.3) */
	bool keepalive_due;
	bool syn_resent;
	bool syn_unseen;   /* it was sent before there was this connection */
	uint32_t small;	   /* end of the last segment below the MSS (RFC 9293 appendix A.3) */
	uint64_t progress; /* when the peer acknowledged last, or the first that is out was sent */
	uint64_t last;	   /* when data was sent last */
	struct ring ring;
	struct records records;
};

struct tcp_receiving {
	uint32_t irs, nxt;
	uint32_t edge;	   /* right edge of the window that the peer was told */
	uint32_t last_ack; /* RFC 7323's Last.ACK.sent */
	uint8_t scale;
	uint16_t mss; /* announced */
	bool fin_seen, ended;
	uint32_t fin;	    /* its number, once fin_seen */
	size_t limit;	    /* the window's size now: grows towards config.receive_buffer */
	size_t read;	    /* by the user since limit grew */
	size_t unacked;	    /* octets in order since the last ACK was sent */
	size_t segment;	    /* the peer's segments, as the largest seen */
	unsigned int quick; /* so many segments more are acknowledged at once */
	unsigned int again; /* ACKs of the same number one after the other, behind a hole */
	bool ack_due;
	bool deaf; /* tcp_close: nobody reads */
	struct ring ring;
	struct ranges later; /* what is in the ring past used */
	uint32_t recent[4]; /* numbers in the ranges that changed last, newest first (RFC 2018 4) */
	unsigned int recent_count;
	struct tcp_block twice; /* RFC 2883: what came again, to report once; empty: nothing */
	uint32_t ts_recent;
	uint64_t ts_recent_at;
};

/* RFC 6298. */
struct tcp_rtt {
	uint64_t smoothed, variation, timeout, least, least_at;
	uint64_t sample;      /* of this ACK; 0: none */
	unsigned int backoff; /* times the timeout doubled */
};

enum tcp_phase {
	PHASE_OPEN,
	PHASE_RECOVERY, /* fast recovery: RFC 6675, or 6582 without SACK */
	PHASE_LOSS,	/* after a retransmission timeout */
};

struct tcp_recovery {
	enum tcp_phase phase;
	uint32_t point; /* the phase ends when this is acknowledged */
	size_t cwnd, ssthresh;
	size_t flight;	   /* in flight when all was sent that might be, the last time */
	size_t grown;	   /* octets acknowledged that did not yet make a segment of growth */
	bool limited;	   /* the congestion window held data back lately */
	size_t duplicates; /* without SACK: segments that duplicate ACKs say have left */
	unsigned int duplicate_acks;
	/* To undo what was not needed: what was before, and what was sent again since. */
	size_t cwnd_before, ssthresh_before;
	size_t resent; /* octets; those that came twice are taken off */
	bool undoable, resent_known;
	uint32_t resent_at;  /* our timestamp at the first (RFC 3522) */
	uint64_t timeout_at; /* RFC 5682: when the timeout struck */
};

/* RFC 8985. */
struct tcp_rack {
	uint64_t sent, rtt; /* of the segment delivered last, by the time it was sent */
	uint32_t right;
	uint32_t highest; /* forward acknowledged */
	bool reordered;
	unsigned int factor, persist; /* of the reordering window; recoveries left */
	uint32_t round;		      /* a round trip ends when this is acknowledged */
	bool tail_sent, tail_resent;
	uint32_t tail_end;
};

/* RFC 9406: round trips of this round and the last, and where conservative slow start began; 0:
 * none. */
struct tcp_hystart {
	uint64_t last, current, baseline;
	uint32_t end;
	unsigned int samples, rounds;
};

/* RFC 9438, in segments and seconds. */
struct tcp_cubic {
	uint64_t epoch; /* 0: none has begun */
	double w_begin; /* the window then */
	double w_max, k, w_est, w_prior;
};

struct congestion_ops;

struct tcp {
	struct tcp_config config;
	const struct congestion_ops *congestion;
	enum tcp_state state;
	int error, soft_error;
	bool passive;
	bool timestamps, sack, scaled; /* both sides have said so */
	uint64_t born;
	struct tcp_sending send;
	struct tcp_receiving receive;
	struct tcp_rtt rtt;
	struct tcp_recovery recovery;
	struct tcp_rack rack;
	struct tcp_hystart hystart;
	struct tcp_cubic cubic;
	uint64_t timer[TIMERS];
	bool reset_due; /* a RST that answers a segment, or ends the connection */
	uint32_t reset_seq;
	uint64_t challenge_since;
	unsigned int challenges;
	unsigned int keepalive_sent;
	struct tcp_stats stats;
};

/* What one acknowledgment told. */
struct tcp_news {
	uint64_t now;
	size_t acked;	/* octets of the stream that una moved over */
	bool advanced;	/* una moved */
	bool duplicate; /* RFC 5681 2 */
	bool twice;	/* a DSACK block, of so many octets */
	size_t twice_length;
	uint64_t rtt;	/* 0: no sample */
	uint64_t sent;	/* the latest time that something delivered now was sent */
	uint32_t right; /* and where it ends */
	uint64_t again; /* the latest time that something delivered now was sent again; 0: none */
	uint32_t tsecr;
	bool has_tsecr;
	bool original; /* what was delivered had been sent once, before the timeout */
	bool reordered;
};

/*
 * tcp.c: to CLOSED, where nothing more is sent but a RST that is due; the same with a RST to the
 * peer; a RST with this number that answers what came, while all stays as it is.
 */
void tcp_finish(struct tcp *tcp, int error);
void tcp_reset(struct tcp *tcp, int error);
void tcp_answer_reset(struct tcp *tcp, uint32_t seq);

/* opening.c: SYN-SENT, and what a SYN says. */
void opening_input(struct tcp *tcp, const struct tcp_segment *in, uint64_t now);
void opening_take(struct tcp *tcp, const struct tcp_segment *syn, uint64_t now);
void opening_done(struct tcp *tcp, const struct tcp_segment *in, uint64_t now);

/* acknowledge.c: the ACK field (RFC 9293 3.10.7.4, fifth). False: the segment is done with. */
bool acknowledge_input(struct tcp *tcp, const struct tcp_segment *in, uint64_t now);

/* arrive.c: data and FIN (seventh and eighth); the blocks to report by SACK, their count. */
void arrive_input(struct tcp *tcp, const struct tcp_segment *in, uint64_t now);
unsigned int arrive_blocks(const struct tcp *tcp, unsigned int most, struct tcp_block *ret);

/* challenge.c: an ACK that is not owed, of which there are only so many (RFC 5961 7). */
void challenge_ack(struct tcp *tcp, uint64_t now);

/* given.c: struct tcp_given, when the connection begins, when its first segment is sent, and in a
 * SYN. */
void given_take(struct tcp *tcp);
void given_clock(struct tcp *tcp, uint64_t now);
void given_options(const struct tcp *tcp, struct tcp_segment *syn);
static inline bool given_window(const struct tcp *tcp)
{
	return tcp->config.given && tcp->config.given->has_window;
}

/* window.c: the receive window; window_opening: what a SYN says of it, not scaled. */
uint16_t window_opening(const struct tcp *tcp);
uint16_t window_field(struct tcp *tcp, bool scaled);
bool window_worth_telling(const struct tcp *tcp);

/* scoreboard.c: what SACK and duplicates tell (RFC 2018, 6675), and what is in flight. */
void scoreboard_sacks(struct tcp *tcp, const struct tcp_segment *in, struct tcp_news *news);
void scoreboard_acked(struct tcp *tcp, uint32_t ack, struct tcp_news *news);
size_t scoreboard_count(struct tcp *tcp); /* RFC 6675 IsLost; the octets newly marked */
void scoreboard_lose_all(struct tcp *tcp);
size_t scoreboard_lose_first(struct tcp *tcp);
size_t tcp_pipe(const struct tcp *tcp);

/* recovery.c: what follows from the news, or from a timeout; so much was sent again. */
void recovery_news(struct tcp *tcp, struct tcp_news *news);
void recovery_timeout(struct tcp *tcp, uint64_t now);
void recovery_resent(struct tcp *tcp, size_t length, uint64_t now);

/* rack.c: RFC 8985. */
bool rack_used(const struct tcp *tcp);
void rack_delivered(struct tcp *tcp, struct tcp_news *news);
size_t rack_detect(struct tcp *tcp, uint64_t now);
void rack_tail_arm(struct tcp *tcp, uint64_t now);
bool rack_tail_ack(struct tcp *tcp, const struct tcp_news *news);

/* rtt.c: rtt_timeout is backed off. */
void rtt_init(struct tcp *tcp);
void rtt_sample(struct tcp *tcp, uint64_t sample, uint64_t now);
uint64_t rtt_timeout(const struct tcp *tcp);
uint32_t rtt_timestamp(const struct tcp *tcp, uint64_t now);

/* timers.c: timers_retransmit (re)starts the timeout; timers_alive: a segment of the peer came. */
void timer_set(struct tcp *tcp, enum tcp_timer timer, uint64_t when);
void timer_stop(struct tcp *tcp, enum tcp_timer timer);
void timers_retransmit(struct tcp *tcp, uint64_t now);
void timers_run(struct tcp *tcp, uint64_t now);
void timers_time_wait(struct tcp *tcp, uint64_t now);
void timers_alive(struct tcp *tcp, uint64_t now);

/* output.c: the data a segment may have beside the options that go along now; the number of a
 * segment without data. */
size_t output_mss(const struct tcp *tcp);
uint32_t output_sequence(const struct tcp *tcp);

#endif
