/*
 * tcp.h: one TCP connection, pure: segments and the time go in, segments come out (RFC 9293). No
 * sockets, clocks, threads, addresses, checksums or printing in here: who calls it finds the
 * connection, verifies checksums, adds the headers and asks for the next timer.
 *
 * After any call that takes a struct tcp without const: tcp_output until it returns false, then
 * tcp_next_timer. Times are nanoseconds that never go back; each call's is at least the one's
 * before.
 */
#ifndef TCP_TCP_H
#define TCP_TCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tcp;

enum { TCP_OPTIONS_MAX = 40 }; /* octets */

/* clang-format off */
enum tcp_flag { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_PSH = 0x08, TCP_ACK = 0x10, TCP_URG = 0x20,
		TCP_ECE = 0x40, TCP_CWR = 0x80 };

/* LISTEN is the state of who calls tcp_listen; no struct tcp is ever in it. */
enum tcp_state { TCP_CLOSED, TCP_LISTEN, TCP_SYN_SENT, TCP_SYN_RECEIVED, TCP_ESTABLISHED, TCP_FIN_WAIT_1,
		 TCP_FIN_WAIT_2, TCP_CLOSE_WAIT, TCP_CLOSING, TCP_LAST_ACK, TCP_TIME_WAIT, TCP_STATES };
/* clang-format on */

/* What a segment's header means, and its data. */
struct tcp_segment {
	uint32_t seq, ack;
	uint16_t window, urgent; /* as in the header: not scaled */
	uint8_t flags;		 /* enum tcp_flag */
	bool has_mss, has_scale, has_timestamps, sack_permitted;
	uint16_t mss;
	uint8_t scale;
	uint32_t tsval, tsecr;
	unsigned int sack_count;
	struct tcp_block {
		uint32_t left, right;
	} sack[4];
	/* In: piece 0 alone, up to 64 KB (as the device merged it), valid for the call. Out: two
	 * pieces where the buffer wraps, valid until the next call with this struct tcp. */
	struct {
		const uint8_t *octets;
		size_t length;
	} data[2];
	size_t length; /* of both pieces */
	/* Out, of a SYN: what stands in place of all options above, see struct tcp_given; NULL:
	 * nothing does. Those that are not to be offered, and the clock's values, are as above. */
	const uint8_t *options;
	size_t options_length;
	size_t segment_size; /* out: where length is above it, to leave as segments of this many
				(GSO) */
};

/* What our segments have in place of what the engine would say. All zero: nothing. */
struct tcp_given {
	/* In each header, as it stands there. What there is no room for is dropped when it comes,
	 * as if it was lost on the way. */
	bool has_window;
	uint16_t window;
	/*
	 * Of our SYN, as they stand in the header: a multiple of 4 octets. What they offer is
	 * offered, and nothing else: an announced MSS, a scale, SACK, timestamps (whose values are
	 * those of our clock). A SYN that answers one has NOPs in place of those that may not be
	 * answered there (RFC 7323 2.2 and 3.2, RFC 2018 2); what is not known goes as it is.
	 */
	bool has_options;
	uint8_t options_length;
	uint8_t options[TCP_OPTIONS_MAX];
	bool has_tsval;	       /* our clock begins so */
	uint32_t tsval, tsecr; /* tsecr: of a SYN that answers none */
};

/* clang-format off */
/* tcp_config_init fills in the defaults, which are in brackets. */
struct tcp_config {
	uint16_t mss;			/* the MTU less the fixed headers (RFC 6691): announced, and the most sent [1460] */
	size_t send_buffer;		/* bounds in octets; memory is taken as needed [4 MiB] */
	size_t receive_buffer;
	size_t burst;			/* out: the longest data of one tcp_segment (GSO) [0: one MSS] */
	bool timestamps, sack, window_scale; /* offered, and taken when offered [true] */
	bool nodelay;			/* small segments do not wait (no Nagle) [false] */
	bool tail_probe;		/* RACK and tail loss probes, RFC 8985; needs SACK [true] */
	enum tcp_congestion { TCP_CUBIC, TCP_RENO } congestion;
	uint32_t timestamp_offset;	/* RFC 7323 7.1: as tcp_isn of the addresses, time 0 [0] */
	uint64_t keepalive_ns;		/* idle before a probe, and between two [0: none] */
	unsigned int keepalive_probes;	/* unanswered before ETIMEDOUT [9] */
	uint64_t user_timeout_ns;	/* unacknowledged (SYN, data, FIN) before ETIMEDOUT [180 s] */
	uint64_t time_wait_ns;		/* [60 s] */
	uint64_t rto_min_ns;		/* [200 ms] */
	uint64_t delayed_ack_ns;	/* at most [40 ms] */
	const struct tcp_given *given;	/* borrowed, as long as the connection [NULL: nothing] */
};

struct tcp_stats {
	const char *congestion;		/* "cubic" */
	uint64_t handshake_ns, srtt_ns, rttvar_ns, rto_ns, rtt_min_ns; /* 0: not yet known */
	size_t cwnd, ssthresh, in_flight, send_window, receive_window; /* octets */
	size_t mss;			/* of data, options taken off */
	uint64_t segments_in, segments_out; /* out: as they leave the device */
	uint64_t octets_in, octets_out;	/* of the stream: received in order; acknowledged */
	uint64_t retransmitted, retransmitted_octets; /* retransmitted: segments */
	uint64_t recoveries, timeouts, tail_probes, undone; /* how often; undone: were not needed */
	uint64_t sack_blocks_in, duplicates_in, out_of_order_in, zero_windows_in;
	uint64_t unacceptable_in, challenge_acks;
	uint64_t octets_lost; /* taken, and not acknowledged when the connection failed */
	int soft_error; /* errno; 0: none. What ICMP said last of the path (RFC 9293 3.9.2.2, SHLD-25) */
};
/* clang-format on */

void tcp_config_init(struct tcp_config *config);

/* An active open. isn: by tcp_isn. 0, -EINVAL (a size that cannot be) or -ENOMEM. */
int tcp_connect(struct tcp **ret, const struct tcp_config *config, uint32_t isn, uint64_t now);

/* What a listener does with a segment for which there is no connection (RFC 9293 3.10.7.2). */
enum tcp_verdict { TCP_IGNORE, TCP_REFUSE, TCP_ACCEPT };
enum tcp_verdict tcp_listen(const struct tcp_segment *in);
/* A connection, in SYN-RECEIVED, for a segment that tcp_listen says to accept. */
int tcp_accept(struct tcp **ret, const struct tcp_config *config, const struct tcp_segment *syn,
	uint32_t isn, uint64_t now);
/* The same where the SYN was answered already, by somebody who kept nothing of it (cookie.h): of no
 * round trip is known how long it took. Then tcp_input of the ACK. */
int tcp_accept_answered(struct tcp **ret, const struct tcp_config *config,
	const struct tcp_segment *syn, uint32_t isn, uint64_t now);
/* The RST for a segment without connection or listener (3.10.7.1), or that tcp_listen refuses.
 * False: none is due. */
bool tcp_refuse(const struct tcp_segment *in, struct tcp_segment *ret);
/* In TIME-WAIT: this SYN may have the port; free the connection and give the SYN to the listener
 * (3.10.7.4, RFC 6191). */
bool tcp_reusable(const struct tcp *tcp, const struct tcp_segment *syn);
/* In TIME-WAIT, for a second or more, with timestamps: a connection that we open may have the port;
 * its timestamps tell its segments from those that are late (RFC 6191 2, RFC 7323 5.8 (b)). */
bool tcp_leavable(const struct tcp *tcp, uint64_t now);
void tcp_free(struct tcp *tcp); /* NULL is fine; says nothing to the peer */

/* In CLOSED nothing happens: answer by tcp_refuse then. */
void tcp_input(struct tcp *tcp, const struct tcp_segment *in, uint64_t now);
/* Runs the timers that are due. True: *ret counts as sent; false: nothing (more) to send. */
bool tcp_output(struct tcp *tcp, struct tcp_segment *ret, uint64_t now);
/* An ACK is due that shall not wait until the rest of a batch was put in. */
bool tcp_answers_at_once(const struct tcp *tcp);
uint64_t tcp_next_timer(const struct tcp *tcp); /* when to call tcp_output; UINT64_MAX: never */
/* ICMP errors that quote a segment of ours with this sequence number; numbers not in flight are
 * ignored (RFC 5927). tcp_mtu: the path takes segments with this mss only (RFC 1191, 8201): what is
 * larger is sent again, smaller; false: ignored. tcp_unreachable: error is an errno; it ends a
 * connection that is opening if hard, else tells why a later timeout came. */
bool tcp_mtu(struct tcp *tcp, uint32_t seq, uint16_t mss, uint64_t now);
void tcp_unreachable(struct tcp *tcp, uint32_t seq, int error, bool hard);
/* The same by who knows it from elsewhere: another connection was told. Harmless where segments are
 * that small already. */
void tcp_narrow(struct tcp *tcp, uint16_t mss, uint64_t now);

/* Takes as much as fits; the count. 0 too after tcp_shutdown, and once closed. */
size_t tcp_send(struct tcp *tcp, const void *data, size_t length);
size_t tcp_send_space(const struct tcp *tcp);
/* config.send_buffer from now on: what is in the buffer stays, though it be more. */
void tcp_send_bound(struct tcp *tcp, size_t send_buffer);
size_t tcp_send_queued(const struct tcp *tcp); /* taken, not yet acknowledged */
/* Without a copy: where the next octets go, *room of them at least 1 (NULL: no space), then how
 * many were put there. */
uint8_t *tcp_send_reserve(struct tcp *tcp, size_t *room);
void tcp_send_commit(struct tcp *tcp, size_t length);
/*
 * Without a buffer: length octets (at most TCP_LENT_MAX) are those at octets, room of them, and
 * after their end from their beginning again. They are the caller's, who keeps them as they are
 * until all are acknowledged or *tcp is freed; until then nothing more is taken. False: something
 * is queued already, or nothing is taken any more; or room is less than both length and 64 KiB.
 */
enum { TCP_LENT_MAX = 1 << 30 };
bool tcp_send_lent(struct tcp *tcp, const void *octets, size_t room, size_t length);

size_t tcp_receive(struct tcp *tcp, void *data, size_t length);
/* Without a copy: the next octets in order, *ready of them (more may follow after
 * tcp_receive_done). */
const uint8_t *tcp_receive_peek(const struct tcp *tcp, size_t *ready);
void tcp_receive_done(struct tcp *tcp, size_t length);
size_t tcp_receive_ready(const struct tcp *tcp);
/* config.receive_buffer from now on. What the peer may send already, it may: a window that is too
 * large goes as it is used. */
void tcp_receive_bound(struct tcp *tcp, size_t receive_buffer);
bool tcp_receive_ended(
	const struct tcp *tcp); /* the peer's FIN came, and all before it was received */

void tcp_shutdown(
	struct tcp *tcp, uint64_t now); /* FIN after what is buffered; receiving goes on */
/* As shutdown, and nobody will receive: data unread or to come resets the connection (RFC
 * 2525 2.17); FIN-WAIT-2 lasts as long as TIME-WAIT, a shut window as the user timeout. */
void tcp_close(struct tcp *tcp, uint64_t now);
void tcp_abort(struct tcp *tcp, uint64_t now); /* RST; ECONNABORTED */

enum tcp_state tcp_state(const struct tcp *tcp);
const char *tcp_state_name(enum tcp_state state); /* "SYN-SENT" */
int tcp_error(
	const struct tcp *tcp); /* why it is CLOSED: 0, ECONNRESET, ECONNREFUSED, ETIMEDOUT, ... */
void tcp_stats(const struct tcp *tcp, struct tcp_stats *ret);

/* Octets to meaning: header and options, then data (data[0] is the rest of octets). Unknown options
 * are passed over. -EINVAL: not a TCP header, or options that end within an option. */
int tcp_segment_read(const uint8_t *octets, size_t length, struct tcp_segment *ret);
/* The options alone. -EINVAL likewise: those before it count. */
int tcp_options_read(const uint8_t *octets, size_t length, struct tcp_segment *ret);
/* Meaning to octets, the header alone, checksum 0; its length (a multiple of 4). */
enum { TCP_HEADER_MAX = 60 };
size_t tcp_segment_write(const struct tcp_segment *segment, uint16_t sport, uint16_t dport,
	uint8_t ret[TCP_HEADER_MAX]);

/* RFC 6528: key is the run's secret, tuple the addresses and ports in any fixed order. */
uint32_t tcp_isn(const uint8_t key[16], const void *tuple, size_t length, uint64_t now);

#endif
