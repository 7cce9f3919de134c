/* The options that several commands share, as argp children. */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_JSON = 0x100, KEY_JSONL, KEY_COLOR, KEY_WITH_FCS, KEY_COMPLETE, KEY_SEED };

static const char *const color_names[] = { "auto", "always", "never" };

void common_init(struct common *common)
{
	*common = (struct common){ 0 };
	arena_init(&common->arena);
}

void common_fini(struct common *common)
{
	arena_fini(&common->arena);
}

void common_children(struct argp_state *state, unsigned int count, struct common *common)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		state->child_inputs[i] = common;
}

/* ---- -i ---- */

static error_t interface_parse(int key, char *arg, struct argp_state *state)
{
	struct common *common = state->input;

	if (key != 'i')
		return ARGP_ERR_UNKNOWN;
	common->interface = arg;
	return 0;
}

static const struct argp_option interface_options[] = {
	{ "interface", 'i', "IF", 0, "the network interface", 0 },
	{ 0 },
};

const struct argp common_argp_interface = { .options = interface_options,
	.parser = interface_parse };

/* ---- -e, -D, -s, --complete, --with-fcs ---- */

/* The arrays have room for as many as the command line has words. */
static void add_define(struct common *common, char *arg, struct argp_state *state)
{
	char *equals = strchr(arg, '=');
	struct template_define *define;

	if (!equals || equals == arg)
		argp_error(state, "-D %s: wants NAME=VALUE, as in -D target=10.0.0.9", arg);
	if (!common->defines)
		common->defines =
			arena_alloc(&common->arena, (size_t)state->argc * sizeof(*common->defines));
	define = &common->defines[common->define_count++];
	define->name = arena_strndup(&common->arena, arg, equals ? (size_t)(equals - arg) : 0);
	define->value = equals ? equals + 1 : "";
}

/* The template's reader says what is wrong with it: besides fields there are fcs=, pad= and
 * payload=. */
static void add_set(struct common *common, const char *arg, const struct argp_state *state)
{
	if (!common->sets)
		common->sets =
			arena_alloc(&common->arena, (size_t)state->argc * sizeof(*common->sets));
	common->sets[common->set_count++] = arg;
}

static void add_expression(struct common *common, const char *arg, const struct argp_state *state)
{
	if (!common->expressions)
		common->expressions = arena_alloc(
			&common->arena, (size_t)state->argc * sizeof(*common->expressions));
	common->expressions[common->expression_count++] = arg;
}

static error_t template_parse(int key, char *arg, struct argp_state *state)
{
	struct common *common = state->input;

	switch (key) {
	case 'D':
		add_define(common, arg, state);
		return 0;
	case 's':
		add_set(common, arg, state);
		return 0;
	case 'e':
		add_expression(common, arg, state);
		return 0;
	case KEY_COMPLETE:
		common->complete = true;
		return 0;
	case KEY_WITH_FCS:
		common->with_fcs = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option template_options[] = {
	{ "expression", 'e', "EXPRESSION", 0,
		"a frame in a line, beside TEMPLATEs or instead of one: "
		"'eth(dst=ff:ff:ff:ff:ff:ff)/ipv4(dst=10.0.0.2)/udp(dport=inc(1..9))/\"hello\"'",
		0 },
	{ "define", 'D', "NAME=VALUE", 0, "give a template's variable this value", 0 },
	{ "set", 's', "LAYER.FIELD=VALUE", 0,
		"give a field this value in every frame that has it: ipv4.ttl=3, vlan[2].id=7", 0 },
	{ "complete", KEY_COMPLETE, NULL, 0,
		"add the layers that are missing below the first one: Ethernet, and IP where its "
		"destination is given by --set ipv4.dst=ADDRESS",
		0 },
	{ "with-fcs", KEY_WITH_FCS, NULL, 0, "let frames end with their FCS in what is written",
		0 },
	{ 0 },
};

const struct argp common_argp_template = { .options = template_options, .parser = template_parse };

/* ---- -D and -s ---- */

static const struct argp_option values_options[] = {
	{ "define", 'D', "NAME=VALUE", 0, "give a template's variable this value", 0 },
	{ "set", 's', "LAYER.FIELD=VALUE", 0, "give a field of the template this value", 0 },
	{ 0 },
};

const struct argp common_argp_values = { .options = values_options, .parser = template_parse };

/* ---- -D alone ---- */

static error_t define_parse(int key, char *arg, struct argp_state *state)
{
	if (key != 'D')
		return ARGP_ERR_UNKNOWN;
	add_define(state->input, arg, state);
	return 0;
}

static const struct argp_option define_options[] = {
	{ "define", 'D', "NAME=VALUE", 0, "give a variable of vars: this value", 0 },
	{ 0 },
};

const struct argp common_argp_define = { .options = define_options, .parser = define_parse };

/* ---- --seed ---- */

static error_t seed_parse(int key, char *arg, struct argp_state *state)
{
	struct common *common = state->input;

	if (key != KEY_SEED)
		return ARGP_ERR_UNKNOWN;
	common->seed = common_number(state, "--seed", arg);
	return 0;
}

static const struct argp_option seed_options[] = {
	{ "seed", KEY_SEED, "N", 0,
		"values that are random or shuffled are the same ones for the same N (0 unless "
		"given)",
		0 },
	{ 0 },
};

const struct argp common_argp_seed = { .options = seed_options, .parser = seed_parse };

/* ---- --jsonl, -q, --color; --json; -v ---- */

static error_t output_parse(int key, char *arg, struct argp_state *state)
{
	struct common *common = state->input;

	switch (key) {
	case KEY_JSONL:
		common->jsonl = true;
		return 0;
	case 'q':
		common->quiet = true;
		return 0;
	case ARGP_KEY_END:
		if (common->json && common->jsonl)
			argp_error(state, "--json and --jsonl exclude each other");
		return 0;
	case KEY_COLOR:
		common->color = (int)common_choice(state, "--color", arg, color_names,
			sizeof(color_names) / sizeof(color_names[0]));
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option output_options[] = {
	{ "jsonl", KEY_JSONL, NULL, 0, "print one JSON object a line", 0 },
	{ "quiet", 'q', NULL, 0, "print no more than was asked for", 0 },
	{ "color", KEY_COLOR, "WHEN", 0, "auto, always or never; NO_COLOR is honoured", 0 },
	{ 0 },
};

const struct argp common_argp_output = { .options = output_options, .parser = output_parse };

static error_t json_parse(int key, char *arg, struct argp_state *state)
{
	struct common *common = state->input;

	(void)arg;
	if (key != KEY_JSON)
		return ARGP_ERR_UNKNOWN;
	common->json = true;
	return 0;
}

static const struct argp_option json_options[] = {
	{ "json", KEY_JSON, NULL, 0, "print one JSON document", 0 },
	{ 0 },
};

const struct argp common_argp_json = { .options = json_options, .parser = json_parse };

static error_t verbose_parse(int key, char *arg, struct argp_state *state)
{
	struct common *common = state->input;

	(void)arg;
	if (key != 'v')
		return ARGP_ERR_UNKNOWN;
	common->verbose = true;
	return 0;
}

static const struct argp_option verbose_options[] = {
	{ "verbose", 'v', NULL, 0, "print more", 0 },
	{ 0 },
};

const struct argp common_argp_verbose = { .options = verbose_options, .parser = verbose_parse };

/* ---- all but -v, and TEMPLATE... ---- */

static const struct argp_child templates_children[] = {
	{ &common_argp_interface, 0, NULL, 0 },
	{ &common_argp_template, 0, NULL, 0 },
	{ &common_argp_seed, 0, NULL, 0 },
	{ &common_argp_output, 0, NULL, 0 },
	{ &common_argp_json, 0, NULL, 0 },
	{ 0 },
};

static error_t templates_parse(int key, char *arg, struct argp_state *state)
{
	struct common *common = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		common_children(state, 5, common);
		return 0;
	case ARGP_KEY_ARGS:
		common->templates = state->argv + state->next;
		common->template_count = (size_t)(state->argc - state->next);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp common_argp_templates = { .parser = templates_parse,
	.children = templates_children };

void common_want_template(struct argp_state *state, const struct common *common)
{
	if (!common->template_count && !common->expression_count)
		argp_error(state, "wants a TEMPLATE: a file, `-', or a name of `pktsmith list'; "
				  "or -e EXPRESSION");
}

const struct choice common_choices[] = {
	{ "color", color_names, sizeof(color_names) / sizeof(color_names[0]) },
	{ NULL, NULL, 0 },
};

/* ---- what --color amounts to ---- */

static bool color_wanted(const struct common *common)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (common->color != COLOR_AUTO)
		return common->color == COLOR_ALWAYS;
	if (no_color && *no_color)
		return false;
	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0;
}

const struct render_style *cli_style(const struct common *common)
{
	return color_wanted(common) ? &render_colored : &render_plain;
}
