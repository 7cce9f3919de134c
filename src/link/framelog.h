/* framelog.h: a program's frames into a pcap file; what the file and the record link share. */
#ifndef LINK_FRAMELOG_H
#define LINK_FRAMELOG_H

#include "link/pcapfile.h"
#include "patch/runner.h"

/* Caller's storage. */
struct framelog {
	struct pcapfile *out;
	bool with_fcs;
	uint64_t time_ns; /* of the last frame */
};

int framelog_init(struct framelog *log, const char *path, bool with_fcs, struct err *err);

/* Flushes and closes the file. */
int framelog_fini(struct framelog *log, struct err *err);

/* The errno for which the frame cannot stand in this file, 0 where it can. */
int framelog_refusal(const struct framelog *log, const struct patch_slot *slot);

/* Writes a frame that is not refused, stamped with the wall clock, which is kept from going back;
 * without its FCS where the file is not marked as having them. */
int framelog_write(struct framelog *log, const struct patch_slot *slot, struct err *err);

#endif
