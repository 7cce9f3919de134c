/* What the reports of udp and tcp have in common, for --json. */
#include "cli/sockets/sockets.h"

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
	json_set(report, "too_long", json_number(counters.too_long));
}
