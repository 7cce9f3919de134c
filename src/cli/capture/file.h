/* file.h: the capture's own file, or a series of files with --rotate. */
#ifndef CLI_CAPTURE_FILE_H
#define CLI_CAPTURE_FILE_H

#include "link/capture.h"
#include "link/pcapfile.h"

#include <limits.h>

struct err;

/* When the next file is begun. Both 0: never, and the file has the name itself. */
struct capture_rotation {
	uint64_t octets;      /* before a frame that would make the file longer */
	uint64_t duration_ns; /* of the frames' own time */
};

/* Caller's storage. */
struct capture_file {
	const char *path;
	struct capture_rotation rotation;
	bool with_fcs;
	struct pcapfile *out;
	char current[PATH_MAX]; /* the file that is written now */
	unsigned int number;	/* of files so far */
	uint64_t begun_ns;	/* the time of the file's first frame; 0 while it is empty */
};

/*
 * Creates path, or with a rotation the first of its series: the number goes before the ending,
 * "out.pcap" becomes "out-00001.pcap", so that names sort in the order of time.
 */
int capture_file_open(struct capture_file *ret, const char *path,
	const struct capture_rotation *rotation, bool with_fcs, struct err *err);

int capture_file_write(
	struct capture_file *file, const struct capture_frame *frame, struct err *err);
int capture_file_flush(struct capture_file *file, struct err *err);

/* Flushes and closes. Harmless on one that is closed, or never was open but is all zeros. */
int capture_file_close(struct capture_file *file, struct err *err);

#endif
