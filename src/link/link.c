/* What all links share: the dispatch to a backend, and counting. */
#include "link/link.h"

#include <stddef.h>

int link_run(struct link *link, const struct patch_program *program, uint64_t first, uint64_t count,
	struct err *err)
{
	return link->ops->run(link, program, first, count, err);
}

void link_stats(const struct link *link, struct link_stats *ret)
{
	link->ops->stats(link, ret);
}

const char *link_name(const struct link *link)
{
	return link->ops->name;
}

int link_close(struct link *link, struct err *err)
{
	return link ? link->ops->close(link, err) : 0;
}

void link_stats_fail(struct link_stats *stats, int error, uint64_t count)
{
	size_t row = 0;

	if (!count)
		return;
	while (row < LINK_ERRORS_MAX - 1 && stats->errors[row].error &&
		stats->errors[row].error != error)
		row++;
	if (!stats->errors[row].error)
		stats->errors[row].error = error;
	stats->errors[row].count += count;
	stats->queued += count;
	stats->failed += count;
}

void link_took(struct link *link, struct link_stats *stats, const struct patch_frame *frame)
{
	stats->queued++;
	stats->sent++;
	stats->bytes += frame->length;
	if (link->took)
		link->took(link->took_context, frame);
}
