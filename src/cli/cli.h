/* cli.h: what the commands share: the table of commands, common options, printing, exit statuses.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/err.h"
#include "base/text.h"
#include "link/interface.h"
#include "render/json.h"
#include "render/render.h"
#include "template/template.h"

#include <argp.h>
#include <signal.h>

enum exit_status { EXIT_DONE = 0, EXIT_ANSWER_NO = 1, EXIT_INPUT = 2, EXIT_REFUSED = 3 };

/* One row a command; main.c lists them in the order of the manual. run gets argv[0] = "pktsmith
 * NAME" and returns an exit status. */
struct command {
	const char *name;
	const char *args;
	const char *about; /* a few words, for the list of commands */
	int (*run)(int argc, char **argv);
	const struct argp *argp;
	const struct choice *choices; /* NULL: none */
};

/* The words that an option takes, for the completion of shells. A list ends with a NULL option. */
struct choice {
	const char *option;
	const char *const *words;
	size_t count;
};

extern const struct command commands[]; /* ends with a NULL name */

extern const struct argp cmd_show_argp, cmd_convert_argp, cmd_list_argp, cmd_doctor_argp,
	cmd_protocols_argp, cmd_schema_argp, cmd_completion_argp, cmd_udp_argp, cmd_tcp_argp,
	cmd_clients_argp;
extern const struct choice cmd_show_choices[], send_choices[], replay_choices[], capture_choices[],
	cmd_convert_choices[], cmd_protocols_choices[];
extern const struct choice common_choices[]; /* of all commands */

int cmd_show(int argc, char **argv);
int cmd_send(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_probe(int argc, char **argv);
int cmd_capture(int argc, char **argv);
int cmd_convert(int argc, char **argv);
int cmd_udp(int argc, char **argv);
int cmd_tcp(int argc, char **argv);
int cmd_clients(int argc, char **argv);
int cmd_respond(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_protocols(int argc, char **argv);
int cmd_schema(int argc, char **argv);
int cmd_completion(int argc, char **argv);

/* Options that several commands take. Caller's storage: common_init before argp_parse, common_fini
 * at the end. */
struct common {
	struct arena arena; /* of the whole command; also for its own use */
	const char *interface;
	bool json, jsonl, quiet, verbose, with_fcs;
	uint64_t seed;
	enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color;
	struct template_define *defines;
	size_t define_count;
	bool *defines_used; /* see struct template_options; NULL while there is one template */
	const char **sets;
	size_t set_count;
	const char **expressions;
	unsigned int expression_count;
	char **templates; /* the words that are no options */
	size_t template_count;
	bool complete;
	bool responders;       /* are taken as templates are: their frames are examples */
	bool responders_alone; /* and templates of frames are not */
};

void common_init(struct common *common);
void common_fini(struct common *common);

/* Children of a command's argp: it lists those it takes, and hands them its struct common with
 * common_children(). */
extern const struct argp common_argp_interface; /* -i */
extern const struct argp common_argp_template;	/* -e, -D, -s, --complete, --with-fcs */
extern const struct argp common_argp_values;	/* -D, -s */
extern const struct argp common_argp_define;	/* -D alone */
extern const struct argp common_argp_seed;	/* --seed */
extern const struct argp common_argp_output;	/* --jsonl, -q, --color */
extern const struct argp common_argp_json;	/* --json: one document */
extern const struct argp common_argp_verbose;	/* -v */

/* -i, those of common_argp_template, --seed, those of common_argp_output, --json; and TEMPLATE...
 * where the command does not take its words itself. */
extern const struct argp common_argp_templates;

/* For the command's ARGP_KEY_INIT: gives common to its first count children. */
void common_children(struct argp_state *state, unsigned int count, struct common *common);

/*
 * An option's argument as text.h reads it. What is wrong with it is a usage error: printed with the
 * option's name, and the program ends with EXIT_INPUT.
 */
uint64_t common_number(struct argp_state *state, const char *option, const char *text);
uint64_t common_duration(struct argp_state *state, const char *option, const char *text);
uint64_t common_size(struct argp_state *state, const char *option, const char *text);
struct text_rate common_rate(struct argp_state *state, const char *option, const char *text);

/* The index of word in names[count]; anything else is a usage error that lists them. */
size_t common_choice(struct argp_state *state, const char *option, const char *word,
	const char *const *names, size_t count);

/* What answers for $if.* and $hop.mac without sending: the interface of -i, read into interface, or
 * without -i placeholders. *ret borrows interface. */
int common_resolver(const struct common *common, struct interface *interface, struct resolver *ret,
	struct err *err);

/* Finds one template argument and reads it with the options' -D and -s. */
int common_template(struct common *common, const char *argument, const struct resolver *resolver,
	struct template *ret, struct err *err);

/* A usage error where there is neither a template nor -e. */
void common_want_template(struct argp_state *state, const struct common *common);

/* The templates of the command line, and one more of all -e where there are any. The arena's. */
int common_templates(struct common *common, const struct resolver *resolver, struct template **ret,
	size_t *ret_count, struct err *err);

/* The template of all -e. */
int common_expressions(struct common *common, const struct resolver *resolver, struct template *ret,
	struct err *err);

/* Prints "pktsmith: TEXT" to standard error; returns the exit status that belongs to the error's
 * kind. */
int cli_fail(const struct err *err);

/* Writes all of out to standard output and clears it; a write error is EXIT_REFUSED, else 0. A
 * closed pipe is one too, but nothing is said of it: the reader went. */
int cli_print(struct buffer *out);
/* The same of who prints on and on: that the reader went ends it, *ret_gone says so, and is no
 * error. */
int cli_print_on(struct buffer *out, bool *ret_gone);
/* The same, and says nothing: 0 or -errno. */
int cli_write(struct buffer *out);
/* The same, and out stays as it is. */
int cli_put(const struct buffer *out);

/* {"min","p50","p90","p99","max"} of round trips in nanoseconds; each null where there are none. */
struct histogram;
struct json *cli_times_json(const struct histogram *times);

const struct render_style *cli_style(const struct common *common);

/* True where a value stands for what an interface would know. */
bool cli_has_placeholder(const struct frame_view *view);

/* Set by SIGINT, SIGTERM and SIGHUP once cli_catch_signals was called; one that comes later again
 * ends the program at once. */
extern volatile sig_atomic_t cli_stop;
void cli_catch_signals(void);

/* Gives up every capability but those in keep (a mask of 1ULL << CAP_*), for good. */
int cli_drop_privileges(uint64_t keep, struct err *err);

/*
 * A template argument: a path (it has a '/' or ends in .yaml or .yml, or there is such a file),
 * "-", or the bare name of an installed template; *ret is the arena's. A name that nothing has is
 * an error of the system, as a path that is not there is to who opens it.
 */
int cli_find_template(struct arena *arena, const char *argument, const char **ret, struct err *err);

/* The same of the scripts that `pktsmith test` plays. */
int cli_find_script(struct arena *arena, const char *argument, const char **ret, struct err *err);

/* Finds installed templates, for those that include them. */
extern const struct finder cli_finder;

/* An installed template: PATH is FOLDER/NAME.yaml below one of the directories that are searched.
 */
struct installed {
	const char *path;
	const char *folder; /* "" at the top */
	const char *name;
};

/* All of them, by folder and name; of two of one name and folder the one found first. The arena's.
 */
struct installed *cli_installed(struct arena *arena, size_t *ret_count);
struct installed *cli_installed_scripts(struct arena *arena, size_t *ret_count);

/*
 * Answers $if.* and $hop.mac from the interface (see struct resolver); context is a struct
 * interface. The first may ask the link who has the next hop's address; the second takes only what
 * the kernel knows, and sends nothing.
 */
int cli_resolve(void *context, const char *name, const uint8_t *destination, size_t length,
	char *text, size_t size, bool *placeholder, struct err *err);
int cli_resolve_known(void *context, const char *name, const uint8_t *destination, size_t length,
	char *text, size_t size, bool *placeholder, struct err *err);

#endif
