/* A link whose wire is a pcap file. */
#include "base/err.h"
#include "link/framelog.h"
#include "link/link.h"

#include <errno.h>
#include <stdlib.h>

struct file_link {
	struct link link;
	struct link_stats stats;
	struct framelog log;
};

/*
 * Counts the frames first to end - 1, made once more: stored says how many of those that were not
 * refused the file took before it broke with error (0: it took them all).
 */
static void settle(struct file_link *file, struct patch_runner *runner, uint64_t first,
	uint64_t end, uint64_t stored, int error)
{
	struct patch_slot *slot = &runner->slots[0];

	for (uint64_t i = first; i < end; i++) {
		int refusal;

		patch_runner_make(runner, i, slot);
		refusal = framelog_refusal(&file->log, slot);
		if (refusal) {
			link_stats_fail(&file->stats, refusal, 1);
		} else if (stored) {
			stored--;
			link_took(&file->link, &file->stats, slot, 1);
		} else {
			link_stats_fail(&file->stats, error, 1);
		}
	}
}

/* What a run came to, as long as all goes well. */
struct tally {
	uint64_t written, refused, bytes;
};

static int write_frame(
	struct file_link *file, const struct patch_slot *slot, struct tally *tally, struct err *err)
{
	if (framelog_refusal(&file->log, slot)) {
		tally->refused++;
		return 0;
	}
	tally->written++;
	tally->bytes += slot->length;
	return framelog_write(&file->log, slot, err);
}

static int file_run(struct link *link, struct patch_runner *runner, uint64_t first, uint64_t count,
	struct err *err)
{
	struct file_link *file = (struct file_link *)link;
	uint64_t before = pcapfile_stored(file->log.out);
	struct tally tally = { 0 };
	uint64_t i = first;
	int r = 0;

	while (i < first + count && !r) {
		uint64_t left = first + count - i;
		unsigned int some = left < LINK_SLOTS ? (unsigned int)left : LINK_SLOTS;

		patch_runner_fill(runner, i, runner->slots, some);
		for (unsigned int n = 0; n < some && !r; n++, i++)
			r = write_frame(file, &runner->slots[n], &tally, err);
	}
	if (!r)
		r = pcapfile_flush(file->log.out, err);
	if (r || tally.refused || link->took) {
		settle(file, runner, first, i, pcapfile_stored(file->log.out) - before, -r);
		return r;
	}
	file->stats.queued += tally.written;
	file->stats.sent += tally.written;
	file->stats.bytes += tally.bytes;
	return 0;
}

static void file_stats(const struct link *link, struct link_stats *ret)
{
	*ret = ((const struct file_link *)link)->stats;
}

static int file_close(struct link *link, struct err *err)
{
	struct file_link *file = (struct file_link *)link;
	int r = framelog_fini(&file->log, err);

	free(file);
	return r;
}

static const struct link_ops file_ops = {
	.name = "file",
	.run = file_run,
	.stats = file_stats,
	.close = file_close,
};

int link_file_open(struct link **ret, const char *path, bool with_fcs, struct err *err)
{
	struct file_link *file = calloc(1, sizeof(*file));
	int r;

	if (!file)
		return err_system(err, ENOMEM, "cannot write %s", path);
	r = framelog_init(&file->log, path, with_fcs, err);
	if (r) {
		free(file);
		return r;
	}
	file->link.ops = &file_ops;
	*ret = &file->link;
	return 0;
}
