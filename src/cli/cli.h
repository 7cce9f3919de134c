/* cli.h: what the commands share: the table of commands, common options, printing, exit statuses.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/err.h"
#include "link/interface.h"
#include "render/json.h"
#include "render/render.h"
#include "template/template.h"

#include <argp.h>
#include <signal.h>

enum exit_status { EXIT_DONE = 0, EXIT_ANSWER_NO = 1, EXIT_INPUT = 2, EXIT_REFUSED = 3 };

/* One row a command; main.c lists them in the order of the manual. run gets argv[0] = "pktsmith
 * NAME". */
struct command {
	const char *name;
	const char *args;
	const char *about; /* a few words, for the list of commands */
	int (*run)(int argc, char **argv);
};

extern const struct command commands[]; /* ends with a NULL name */

/* Options that several commands take; each command's argp names common_argp_* children for those it
 * has. */
struct common {
	const char *interface;
	bool json, jsonl, quiet, with_fcs;
	int verbose;
	enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color;
	struct template_define *defines;
	size_t define_count;
	const char **sets;
	size_t set_count;
};

/* Prints "pktsmith: TEXT" to standard error; returns the exit status that belongs to the error's
 * kind. */
int cli_fail(const struct err *err);

/* Writes all of out to standard output and clears it; a write error (disk full, closed pipe) is
 * EXIT_REFUSED, else 0. */
int cli_print(struct buffer *out);

const struct render_style *cli_style(const struct common *common);

/* Set by SIGINT and SIGTERM once cli_catch_signals was called; a second signal ends the program at
 * once. */
extern volatile sig_atomic_t cli_stop;
void cli_catch_signals(void);

/* Gives up every capability but those in keep (a mask of 1ULL << CAP_*), for good. */
int cli_drop_privileges(uint64_t keep, struct err *err);

/* A template argument: a path, "-", or the bare name of an installed template; *ret is the arena's.
 */
int cli_find_template(struct arena *arena, const char *argument, const char **ret, struct err *err);

/* Answers $if.* and $hop.mac from the interface (see struct resolver); context is a struct
 * interface. */
extern int cli_resolve(void *context, const char *name, const uint8_t *destination, size_t length,
	char *text, size_t size, bool *placeholder, struct err *err);

#endif
