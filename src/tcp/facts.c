/* What a connection tells of itself. */
#include "tcp/congestion.h"
#include "tcp/connection.h"

enum tcp_state tcp_state(const struct tcp *tcp)
{
	return tcp->state;
}

const char *tcp_state_name(enum tcp_state state)
{
	static const char *const names[TCP_STATES] = {
		[TCP_CLOSED] = "CLOSED",
		[TCP_LISTEN] = "LISTEN",
		[TCP_SYN_SENT] = "SYN-SENT",
		[TCP_SYN_RECEIVED] = "SYN-RECEIVED",
		[TCP_ESTABLISHED] = "ESTABLISHED",
		[TCP_FIN_WAIT_1] = "FIN-WAIT-1",
		[TCP_FIN_WAIT_2] = "FIN-WAIT-2",
		[TCP_CLOSE_WAIT] = "CLOSE-WAIT",
		[TCP_CLOSING] = "CLOSING",
		[TCP_LAST_ACK] = "LAST-ACK",
		[TCP_TIME_WAIT] = "TIME-WAIT",
	};

	return names[state];
}

int tcp_error(const struct tcp *tcp)
{
	return tcp->error;
}

void tcp_stats(const struct tcp *tcp, struct tcp_stats *ret)
{
	*ret = tcp->stats;
	ret->congestion = tcp->congestion->name;
	ret->srtt_ns = tcp->rtt.smoothed;
	ret->rttvar_ns = tcp->rtt.variation;
	ret->rto_ns = rtt_timeout(tcp);
	ret->rtt_min_ns = tcp->rtt.least;
	ret->cwnd = tcp->recovery.cwnd;
	ret->ssthresh = tcp->recovery.ssthresh;
	ret->in_flight = tcp_pipe(tcp);
	ret->send_window = tcp->send.window;
	ret->receive_window = tcp->receive.edge - tcp->receive.nxt;
	ret->mss = output_mss(tcp);
	ret->soft_error = tcp->soft_error;
}
