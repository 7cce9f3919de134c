/* What the reports of udp and tcp have in common, for --json. */
#include "base/histogram.h"
#include "cli/sockets/sockets.h"

struct json *sockets_times_json(const struct histogram *times)
{
	static const struct {
		const char *name;
		double share;
	} shares[] = { { "min", 0 }, { "p50", 0.5 }, { "p90", 0.9 }, { "p99", 0.99 },
		{ "max", 1 } };
	struct json *json = json_object();

	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++)
		json_set(json, shares[i].name,
			json_number(histogram_quantile(times, shares[i].share)));
	return json;
}

void sockets_set_counters(struct json *report, struct stack *stack)
{
	struct stack_counters counters;

	stack_counters(stack, &counters);
	json_set(report, "frames_in", json_number(counters.frames_in));
	json_set(report, "frames_out", json_number(counters.frames_out));
	json_set(report, "frames_refused", json_number(counters.send_failures));
	json_set(report, "frames_dropped", json_number(counters.frames_dropped));
	json_set(report, "bad_checksums", json_number(counters.bad_checksums));
	json_set(report, "fragments", json_number(counters.fragments_in));
	json_set(report, "reassembled", json_number(counters.reassembled));
	json_set(report, "icmp_errors", json_number(counters.icmp_errors));
}
