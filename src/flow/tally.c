/* Adds up what several links did, and takes off what one did before. */
#include "flow/tally.h"

#include <string.h>

void tally_since(const struct link *link, const struct link_stats *before, struct link_stats *ret)
{
	unsigned int rows = 0;

	link_stats(link, ret);
	ret->queued -= before->queued;
	ret->sent -= before->sent;
	ret->failed -= before->failed;
	ret->bytes -= before->bytes;
	for (unsigned int i = 0; i < LINK_ERRORS_MAX && ret->errors[i].error; i++) {
		uint64_t count = ret->errors[i].count;

		/* Rows are only ever appended, so row i was row i. */
		if (before->errors[i].error)
			count -= before->errors[i].count;
		if (!count)
			continue;
		ret->errors[rows].error = ret->errors[i].error;
		ret->errors[rows++].count = count;
	}
	if (rows < LINK_ERRORS_MAX)
		memset(&ret->errors[rows], 0, sizeof(ret->errors[0]) * (LINK_ERRORS_MAX - rows));
}

void tally_add(struct link_stats *into, const struct link_stats *from)
{
	uint64_t queued = into->queued + from->queued;
	uint64_t failed = into->failed + from->failed;

	for (unsigned int i = 0; i < LINK_ERRORS_MAX && from->errors[i].error; i++)
		link_stats_fail(into, from->errors[i].error, from->errors[i].count);
	/* That counted the failed ones once more. */
	into->queued = queued;
	into->failed = failed;
	into->sent += from->sent;
	into->bytes += from->bytes;
}
