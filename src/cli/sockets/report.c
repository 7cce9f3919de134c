/* What the reports of udp and tcp have in common, for --json. */
#include "base/histogram.h"
#include "cli/sockets/sockets.h"

struct json *sockets_times_json(const struct histogram *times)
{
	struct json *json = json_object();

	for (unsigned int i = 0; i < HISTOGRAM_SHARES; i++) {
		const struct histogram_share *row = &histogram_shares[i];

		if (!row->fine)
			json_set(json, row->name,
				json_number(histogram_quantile(times, row->share)));
	}
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
