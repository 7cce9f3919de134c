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

static uint32_t logged_length(const struct framelog *log, const struct patch_frame *frame)
{
	return frame->own_fcs && !log->with_fcs ? frame->length - FCS_LENGTH : frame->length;
}

int framelog_refusal(const struct framelog *log, const struct patch_frame *frame)
{
	/* The link type would make its last four octets an FCS that they are not. */
	if (log->with_fcs && !frame->own_fcs)
		return EINVAL;
	if (frame->own_fcs && frame->length < FCS_LENGTH)
		return EINVAL;
	return logged_length(log, frame) > PCAPFILE_FRAME_MAX ? EMSGSIZE : 0;
}

int framelog_write(struct framelog *log, const struct patch_frame *frame, struct err *err)
{
	uint32_t length = logged_length(log, frame);
	uint64_t now = clock_wall();

	if (now > log->time_ns) /* the wall clock may be set back */
		log->time_ns = now;
	return pcapfile_write(log->out, log->time_ns, frame->octets, length, length, err);
}
