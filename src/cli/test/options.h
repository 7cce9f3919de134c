/* options.h: what the command test was asked for. */
#ifndef CLI_TEST_OPTIONS_H
#define CLI_TEST_OPTIONS_H

#include "cli/cli.h"

enum test_format { TEST_HUMAN, TEST_TAP, TEST_JUNIT };

struct test_options {
	struct common common;
	enum test_format format;
	const char *junit; /* a file for it beside the format; NULL: none */
	const char *write; /* a capture file of all frames; NULL: none */
	bool dry_run;
	char **scripts;
	size_t script_count;
};

extern const struct argp test_argp; /* its input is a struct test_options */
extern const struct choice test_choices[];

int cmd_test(int argc, char **argv);

#endif
