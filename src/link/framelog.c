/* A program's frames into a pcap file. */
#include "link/framelog.h"

#include "base/clock.h"

#include <errno.h>

#define FCS_LENGTH 4U

int framelog_init(struct framelog *log, const char *path, bool with_fcs, struct err *err)
{
	log->with_fcs = with_fcs;
	log->time_ns = 0;
	return pcapfile_create(&log->out, path, with_fcs, err);
}

int framelog_fini(struct framelog *log, struct err *err)
{
	return pcapfile_close(log->out, err);
}

static uint32_t logged_length(const struct framelog *log, const struct patch_slot *slot)
{
	return slot->frame->own_fcs && !log->with_fcs ? slot->length - FCS_LENGTH : slot->length;
}

int framelog_refusal(const struct framelog *log, const struct patch_slot *slot)
{
	/* The link type would make its last four octets an FCS that they are not. */
	if (log->with_fcs && !slot->frame->own_fcs)
		return EINVAL;
	if (slot->frame->own_fcs && slot->length < FCS_LENGTH)
		return EINVAL;
	return logged_length(log, slot) > PCAPFILE_FRAME_MAX ? EMSGSIZE : 0;
}

int framelog_write(struct framelog *log, const struct patch_slot *slot, struct err *err)
{
	uint32_t length = logged_length(log, slot);
	uint64_t now = clock_wall();

	if (now > log->time_ns) /* the wall clock may be set back */
		log->time_ns = now;
	return pcapfile_write(log->out, log->time_ns, slot->octets, length, length, err);
}
