/* What udp send tells at its end. */
#include "cli/udp/send.h"

#include "cli/numbers.h"

#include <stdio.h>
#include <string.h>

static struct json *report_json(struct sending *s)
{
	struct json *json = json_object();
	uint64_t time = s->ended - s->began;

	json_set(json, "type", json_text("report"));
	json_set(json, "datagrams_sent", json_number(s->sent));
	json_set(json, "bytes_sent", json_number(s->octets));
	json_set(json, "seconds", json_real(numbers_seconds(time)));
	json_set(json, "datagrams_per_second", json_real(numbers_per_second(s->sent, time)));
	json_set(json, "bits_per_second", json_real(numbers_per_second(s->octets * 8, time)));
	if (s->options->wait) {
		json_set(json, "answers", json_number(s->answers));
		json_set(json, "lost", json_number(s->lost));
		if (s->answers)
			json_set(json, "rtt_ns", cli_times_json(&s->rtt));
	}
	json_set(json, "error", s->error ? json_text(strerror(-s->error)) : json_null());
	sockets_set_counters(json, s->stack);
	return json;
}

static void put_report(struct sending *s)
{
	uint64_t time = s->ended - s->began;
	struct buffer out = { 0 };

	numbers_put_count(&out, s->sent, "datagram");
	buffer_printf(&out, ", ");
	numbers_put_count(&out, s->octets, "octet");
	buffer_printf(&out, " in %.3f s", numbers_seconds(time));
	if (s->sent > 1) {
		buffer_printf(&out, ": ");
		numbers_put_scaled(&out, numbers_per_second(s->sent, time), "datagrams/s");
		buffer_printf(&out, ", ");
		numbers_put_scaled(&out, numbers_per_second(s->octets * 8, time), "bit/s");
	}
	if (s->answers)
		buffer_printf(&out, "; %llu answered, round trip %.3f ms (%.3f to %.3f)",
			(unsigned long long)s->answers,
			(double)histogram_quantile(&s->rtt, 0.5) / 1e6, (double)s->rtt.min / 1e6,
			(double)s->rtt.max / 1e6);
	fprintf(stderr, "%s\n", buffer_text(&out));
	buffer_fini(&out);
}

int udp_send_report(struct sending *s)
{
	const struct common *common = &s->options->common;
	int status;

	if (common->json || common->jsonl)
		json_print(report_json(s), common->json, &s->out);
	else if (common->verbose || (s->options->counted && !s->options->wait && !common->quiet))
		put_report(s);
	status = cli_print(&s->out);
	return status;
}

int udp_send_judge(struct sending *s)
{
	struct stack_counters counters;
	char text[SOCKETS_TEXT], why[SOCKETS_WHY];
	struct err err;

	stack_counters(s->stack, &counters);
	sockets_text(&s->peer, text);
	if (s->error)
		err_result(&err, "%s: %s", text, sockets_why(s->stack, -s->error, why));
	else if (counters.send_failures)
		err_result(&err, "%llu frames were refused: %s",
			(unsigned long long)counters.send_failures, strerror(counters.send_error));
	else if (s->lost)
		err_result(&err, "no answer from %s", text);
	else if (counters.too_long > s->again)
		err_result(&err,
			"%s: a router had no room for %llu datagrams of that length: they are "
			"lost, "
			"later ones left in fragments",
			text, (unsigned long long)(counters.too_long - s->again));
	else if (s->cut && s->options->count)
		err_result(&err,
			s->options->wait ? "interrupted before an answer came from %s"
					 : "interrupted before all had left for %s",
			text);
	else
		return s->options->count && s->sent < s->options->count ? EXIT_ANSWER_NO
									: EXIT_DONE;
	return cli_fail(&err);
}
