/* fuzz.h: --fuzz and --fuzz-fields, which show and send take. */
#ifndef CLI_FUZZ_H
#define CLI_FUZZ_H

#include "cli/cli.h"
#include "frame/mutate.h"

struct fuzz_options {
	bool on;
	unsigned int count; /* mutations a frame */
	const char *fields; /* NULL: all */
	struct mutate_config config;
};

/* A child of a command's argp, and for its ARGP_KEY_INIT: gives the options to the child. */
extern const struct argp fuzz_argp;
void fuzz_child(
	struct argp_state *state, const struct argp_child *children, struct fuzz_options *fuzz);

/* Fills config, once all options are read. */
int fuzz_prepare(struct common *common, struct fuzz_options *fuzz, struct err *err);

#endif
