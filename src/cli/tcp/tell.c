/* What -v says of a connection. */
#include "cli/tcp/tcp.h"

#include "tcp/tcp.h"

#include <stdio.h>

#define MILLISECOND_NS 1e6

static double milliseconds(uint64_t ns)
{
	return (double)ns / MILLISECOND_NS;
}

static void put_segments(struct buffer *out, const struct tcp_stats *stats, bool kernel)
{
	buffer_printf(out, "; segments %llu in, %llu out, %llu retransmitted",
		(unsigned long long)stats->segments_in, (unsigned long long)stats->segments_out,
		(unsigned long long)stats->retransmitted);
	if (!kernel)
		buffer_printf(out,
			" (%llu recoveries, %llu timeouts, %llu tail probes); SACK blocks %llu",
			(unsigned long long)stats->recoveries, (unsigned long long)stats->timeouts,
			(unsigned long long)stats->tail_probes,
			(unsigned long long)stats->sack_blocks_in);
	buffer_printf(out, "; out of order %llu", (unsigned long long)stats->out_of_order_in);
}

/* What was not measured yet is 0, and left out. */
static void put_times(struct buffer *out, const struct tcp_stats *stats)
{
	if (stats->handshake_ns)
		buffer_printf(out, "; handshake %.3f ms", milliseconds(stats->handshake_ns));
	if (stats->srtt_ns)
		buffer_printf(out, "; RTT %.3f ms", milliseconds(stats->srtt_ns));
	if (stats->srtt_ns && stats->rtt_min_ns)
		buffer_printf(out, " (least %.3f)", milliseconds(stats->rtt_min_ns));
	buffer_printf(out, "; RTO %.0f ms; cwnd %zu, MSS %zu", milliseconds(stats->rto_ns),
		stats->cwnd, stats->mss);
}

void tcp_tell(const struct relay *relay, const char *who, bool kernel)
{
	struct buffer out = { 0 };
	struct tcp_stats stats;

	buffer_printf(&out, "%s: %llu octets received, %llu sent", who,
		(unsigned long long)relay->received, (unsigned long long)relay->sent);
	if (socket_tcp_stats(relay->socket, &stats) == 0) {
		put_segments(&out, &stats, kernel);
		put_times(&out, &stats);
	}
	fprintf(stderr, "%s\n", buffer_text(&out));
	buffer_fini(&out);
}
