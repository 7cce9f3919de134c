/* options.h: what the command capture was asked for. */
#ifndef CLI_CAPTURE_OPTIONS_H
#define CLI_CAPTURE_OPTIONS_H

#include "cli/capture/file.h"
#include "cli/cli.h"

struct capture_options {
	struct common common;
	const char *read;
	const char *write;
	struct capture_rotation rotation;
	uint64_t count, duration_ns;
	unsigned int snaplen;
	enum capture_direction direction;
	bool promiscuous, fcs, hexdump;
	bool live_only; /* some option that a file cannot have was given */
	const char *filter;
};

extern const struct argp capture_argp; /* its input is a struct capture_options */

#endif
