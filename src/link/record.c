/* A link that wraps another and writes what that one sent to a pcap file. */
#include "base/err.h"
#include "link/framelog.h"
#include "link/link.h"

#include <errno.h>
#include <stdlib.h>

/* Frames between two looks at whether the recording still works. */
#define BATCH 256

struct record_link {
	struct link link;
	struct link *inner;
	struct framelog log;
	int error; /* negative, of the first frame that could not be written */
	struct err err;
};

static void record_took(void *context, const struct patch_slot *slot)
{
	struct record_link *record = context;
	int refusal;

	if (record->link.took)
		record->link.took(record->link.took_context, slot);
	if (record->error)
		return;
	refusal = framelog_refusal(&record->log, slot);
	if (refusal)
		record->error = err_system(&record->err, refusal, "cannot record frame \"%s\"%s",
			slot->frame->name,
			refusal == EINVAL ? " with an FCS, as it has none of its own" : "");
	else
		record->error = framelog_write(&record->log, slot, &record->err);
}

static int failure(const struct record_link *record, struct err *err)
{
	if (err)
		*err = record->err;
	return record->error;
}

static int record_run(struct link *link, struct patch_runner *runner, uint64_t first,
	uint64_t count, struct err *err)
{
	struct record_link *record = (struct record_link *)link;

	for (uint64_t done = 0; done < count; done += BATCH) {
		uint64_t batch = count - done < BATCH ? count - done : BATCH;
		int r = link_run(record->inner, runner->program, first + done, batch, err);

		if (r)
			return r;
		if (record->error)
			return failure(record, err);
	}
	return 0;
}

static void record_stats(const struct link *link, struct link_stats *ret)
{
	link_stats(((const struct record_link *)link)->inner, ret);
}

static int record_drain(struct link *link, struct err *err)
{
	struct record_link *record = (struct record_link *)link;
	bool failed = record->error; /* which the run said */
	int r = link_drain(record->inner, err);

	return r || failed || !record->error ? r : failure(record, err);
}

static int record_close(struct link *link, struct err *err)
{
	struct record_link *record = (struct record_link *)link;
	int inner = link_close(record->inner, err);
	int log = framelog_fini(&record->log, inner ? NULL : err);

	free(record);
	return inner ? inner : log;
}

static const struct link_ops record_ops = {
	.name = "record",
	.run = record_run,
	.stats = record_stats,
	.drain = record_drain,
	.close = record_close,
};

int link_record_open(
	struct link **ret, struct link *inner, const char *path, bool with_fcs, struct err *err)
{
	struct record_link *record = calloc(1, sizeof(*record));
	int r;

	if (!record)
		return err_system(err, ENOMEM, "cannot record to %s", path);
	r = framelog_init(&record->log, path, with_fcs, err);
	if (r) {
		free(record);
		return r;
	}
	record->link.ops = &record_ops;
	record->inner = inner;
	inner->took = record_took;
	inner->took_context = record;
	*ret = &record->link;
	return 0;
}
