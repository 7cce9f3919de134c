/* pktsmith schema: the JSON Schema of templates, for editors. */
#include "cli/cli.h"

enum { KEY_TESTS = 0x100 };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	bool *tests = state->input;

	(void)arg;
	if (key == KEY_TESTS) {
		*tests = true;
		return 0;
	}
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	argp_error(state, "takes no arguments");
	return 0;
}

static const struct argp_option option_rows[] = {
	{ "tests", KEY_TESTS, NULL, 0, "that of the scripts of `pktsmith test' instead", 0 },
	{ 0 },
};

const struct argp cmd_schema_argp = {
	.options = option_rows,
	.parser = parse,
	.doc = "Print the JSON Schema (draft-07) of templates: an editor that has it completes "
	       "layers, fields and values, explains them, and marks what is wrong."
	       "\v`make install' puts it into share/pktsmith/template.schema.json, that of "
	       "--tests beside it as test.schema.json. With "
	       "yaml-language-server, begin a template with the line "
	       "`# yaml-language-server: $schema=FILE'.",
};

int cmd_schema(int argc, char **argv)
{
	struct buffer out = { 0 };
	bool tests = false;
	int status;

	argp_parse(&cmd_schema_argp, argc, argv, 0, NULL, &tests);
	json_print(tests ? render_schema_script() : render_schema(), false, &out);
	status = cli_print(&out);
	buffer_fini(&out);
	return status;
}
