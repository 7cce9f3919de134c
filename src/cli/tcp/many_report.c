/* What tcp connect -n tells in the end. */
#include "cli/tcp/many.h"

#include "cli/numbers.h"

#include <stdio.h>
#include <string.h>

#define MILLISECOND 1e6

static void put_errors(const struct many *m, struct buffer *out)
{
	for (unsigned int i = 0; i < TCP_MANY_ERRORS && m->errors[i].count; i++) {
		buffer_printf(out, i ? ", " : "");
		numbers_put(out, m->errors[i].count);
		buffer_printf(out, " %s", strerror(m->errors[i].error));
	}
}

static struct json *report_json(struct many *m)
{
	struct json *json = json_object(), *errors = json_object();
	uint64_t time = m->ended - m->began, octets = m->sent + m->received;

	for (unsigned int i = 0; i < TCP_MANY_ERRORS && m->errors[i].count; i++)
		json_set(errors, strerror(m->errors[i].error), json_number(m->errors[i].count));
	json_set(json, "type", json_text("report"));
	json_set(json, "connections", json_number(m->done));
	json_set(json, "connections_failed", json_number(m->failed));
	json_set(json, "errors", errors);
	json_set(json, "most_open", json_number(m->most_open));
	json_set(json, "seconds", json_real(numbers_seconds(time)));
	json_set(json, "connections_per_second", json_real(numbers_per_second(m->done, time)));
	json_set(json, "bytes_sent", json_number(m->sent));
	json_set(json, "bytes_received", json_number(m->received));
	json_set(json, "bits_per_second", json_real(numbers_per_second(octets * 8, time)));
	json_set(json, "segments_retransmitted", json_number(m->retransmitted));
	if (m->handshake.count)
		json_set(json, "handshake_ns", cli_times_json(&m->handshake));
	sockets_set_counters(json, m->stack);
	return json;
}

static void put_report(const struct many *m, struct buffer *out)
{
	uint64_t time = m->ended - m->began, octets = m->sent + m->received;

	numbers_put_count(out, m->done, "connection");
	buffer_printf(out, " in %.3f s: ", numbers_seconds(time));
	numbers_put_scaled(out, numbers_per_second(m->done, time), "connections/s");
	buffer_printf(out, "; ");
	numbers_put_count(out, m->sent, "octet");
	buffer_printf(out, " sent, ");
	numbers_put(out, m->received);
	buffer_printf(out, " received");
	if (octets) {
		buffer_printf(out, ": ");
		numbers_put_scaled(out, numbers_per_second(octets * 8, time), "bit/s");
	}
	if (m->retransmitted) {
		buffer_printf(out, "; ");
		numbers_put_count(out, m->retransmitted, "segment");
		buffer_printf(out, " sent again");
	}
	if (m->handshake.count)
		buffer_printf(out, "; handshake %.3f ms (%.3f to %.3f)",
			(double)histogram_quantile(&m->handshake, 0.5) / MILLISECOND,
			(double)m->handshake.min / MILLISECOND,
			(double)m->handshake.max / MILLISECOND);
	buffer_printf(out, "\n");
}

/* Why not all were made; false: all were. */
static bool falls_short(const struct many *m, struct err *err)
{
	unsigned long long asked = m->options->count, over = m->done + m->failed;
	struct buffer out = { 0 };

	if (m->failed) {
		put_errors(m, &out);
		err_result(err, "%s: %llu of %llu connections failed: %s", m->where,
			(unsigned long long)m->failed, asked, buffer_text(&out));
		buffer_fini(&out);
	} else if (cli_stop && over < asked) {
		err_result(err, "%s: interrupted after %llu of %llu connections", m->where, over,
			asked);
	}
	return m->failed || (cli_stop && over < asked);
}

int tcp_many_report(struct many *m, struct err *err)
{
	const struct common *common = &m->options->common;
	struct buffer out = { 0 };
	int status;

	if (common->json)
		json_print(report_json(m), true, &out);
	else if (!common->quiet)
		put_report(m, &out);
	status = cli_print(&out);
	if (!status && falls_short(m, err))
		status = cli_fail(err);
	buffer_fini(&out);
	return status;
}
