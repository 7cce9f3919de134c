/* pktsmith schema: the JSON Schema of templates, for editors. */
#include "cli/cli.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	argp_error(state, "takes no arguments");
	return 0;
}

const struct argp cmd_schema_argp = {
	.parser = parse,
	.doc = "Print the JSON Schema (draft-07) of templates: an editor that has it completes "
	       "layers, fields and values, explains them, and marks what is wrong."
	       "\v`make install' puts it into share/pktsmith/template.schema.json. With "
	       "yaml-language-server, begin a template with the line "
	       "`# yaml-language-server: $schema=FILE'.",
};

int cmd_schema(int argc, char **argv)
{
	struct buffer out = { 0 };
	int status;

	argp_parse(&cmd_schema_argp, argc, argv, 0, NULL, NULL);
	json_print(render_schema(), false, &out);
	status = cli_print(&out);
	buffer_fini(&out);
	return status;
}
