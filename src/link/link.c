/* What all links share: the dispatch to a backend, and counting. */
#include "link/link.h"

#include "base/err.h"

#include <errno.h>
#include <stddef.h>

/* The runner goes on where it was; what does not vary takes no memory, and may have changed. */
static int prepare(struct link *link, const struct patch_program *program, struct err *err)
{
	struct patch_runner *runner = &link->runner;

	if (runner->program == program) {
		if (!program->varies)
			patch_runner_restart(runner);
		return 0;
	}
	if (runner->slots)
		patch_runner_fini(runner);
	if (!patch_runner_init(runner, program, LINK_SLOTS))
		return 0;
	return err_system(
		err, ENOMEM, "cannot hold %d frames of %u octets", LINK_SLOTS, program->length_max);
}

int link_run(struct link *link, const struct patch_program *program, uint64_t first, uint64_t count,
	struct err *err)
{
	int r = prepare(link, program, err);

	return r ? r : link->ops->run(link, &link->runner, first, count, err);
}

uint64_t link_chunk(const struct link *link, uint64_t ns)
{
	return link->ops->chunk ? link->ops->chunk(link, ns) : 0;
}

uint64_t link_spread(const struct link *link, uint64_t ns)
{
	uint64_t spread = link->ops->spread ? link->ops->spread(link) : ns;

	return spread < ns ? spread : ns;
}

void link_stats(const struct link *link, struct link_stats *ret)
{
	link->ops->stats(link, ret);
}

const char *link_name(const struct link *link)
{
	return link->ops->name;
}

int link_drain(struct link *link, struct err *err)
{
	int r = link->ops->drain ? link->ops->drain(link, err) : 0;

	link->stuck = r == -ETIMEDOUT;
	return r;
}

int link_close(struct link *link, struct err *err)
{
	int r = 0;
	int closed;

	if (!link)
		return 0;
	if (!link->stuck)
		r = link_drain(link, err);
	if (link->runner.slots)
		patch_runner_fini(&link->runner);
	closed = link->ops->close(link, r ? NULL : err);
	return r ? r : closed;
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

void link_took(struct link *link, struct link_stats *stats, const struct patch_slot *slots,
	unsigned int count)
{
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < count; i++)
		bytes += slots[i].length;
	stats->bytes += bytes;
	stats->queued += count;
	stats->sent += count;
	for (unsigned int i = 0; link->took && i < count; i++)
		link->took(link->took_context, &slots[i]);
}
