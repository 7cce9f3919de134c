/* pktsmith completion: what a shell completes command lines with. */
#include "cli/completion/completion.h"

#include <stdlib.h>
#include <string.h>

static const char *const shells[] = { "bash", "zsh" };

struct completion {
	const char *shell;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct completion *completion = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (completion->shell)
			argp_error(state, "wants one shell: bash or zsh");
		common_choice(state, "SHELL", arg, shells, sizeof(shells) / sizeof(shells[0]));
		completion->shell = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "wants a shell: bash or zsh");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp cmd_completion_argp = {
	.parser = parse,
	.args_doc = "bash|zsh",
	.doc = "Print what a shell completes command lines with: commands, options and their "
	       "arguments, templates, interfaces, fields."
	       "\v`make install' puts it where the shells look. For one shell alone: "
	       "source <(pktsmith completion bash)",
};

int cmd_completion(int argc, char **argv)
{
	struct completion completion = { 0 };
	struct buffer out = { 0 };
	int status;

	argp_parse(&cmd_completion_argp, argc, argv, 0, NULL, &completion);
	if (!strcmp(completion.shell, "bash"))
		completion_bash(&out);
	else
		completion_zsh(&out);
	status = cli_print(&out);
	buffer_fini(&out);
	return status;
}
