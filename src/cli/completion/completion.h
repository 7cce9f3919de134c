/* completion.h: what shells complete command lines with, from the commands' options and the
 * protocols' tables. */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "cli/cli.h"

/* What an argument can be completed with. */
enum words {
	WORDS_NONE,	  /* a number, a time: nothing can be said */
	WORDS_FILES,	  /* names of files */
	WORDS_INTERFACES, /* names of interfaces */
	WORDS_TEMPLATES,  /* installed templates, and files */
	WORDS_SCRIPTS,	  /* installed scripts, and files */
	WORDS_FIELDS,	  /* LAYER.FIELD= */
	WORDS_PROTOCOLS,  /* NAME and NAME.FIELD */
	WORDS_SHELLS,	  /* bash, zsh */
	WORDS_BACKENDS,	  /* auto, the rows of link_backends, file */
	WORDS_COUNT
};

/* What an argument is that usage calls so: "FILE", "IF", "TEMPLATE... -i IF". */
enum words completion_words(const char *argument);

/* Calls visit for each option of a command, those that it shares too, not hidden ones. */
typedef void completion_visit(
	const struct command *command, const struct argp_option *option, struct buffer *out);
void completion_options(const struct command *command, completion_visit *visit, struct buffer *out);

/* The words that the command's option takes; NULL where it is none of a few words. */
const struct choice *completion_choice(
	const struct command *command, const struct argp_option *option);

/* "eth.dst= eth.src= ...", and "eth eth.dst eth.src ...". */
void completion_fields(struct buffer *out);
void completion_protocols(struct buffer *out);

/* "auto packet ... file". */
void completion_backends(struct buffer *out);

void completion_bash(struct buffer *out);
void completion_zsh(struct buffer *out);

#endif
