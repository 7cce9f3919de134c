/* The templates that the shared options and the arguments name, read. */
#include "cli/cli.h"
#include "respond/respond.h"

static struct template_options options_of(
	const struct common *common, const struct resolver *resolver)
{
	return (struct template_options){
		.resolver = resolver,
		.finder = &cli_finder,
		.defines = common->defines,
		.define_count = common->define_count,
		.defines_used = common->defines_used,
		.sets = common->sets,
		.set_count = common->set_count,
		.responder = common->responders_alone,
		.complete = common->complete,
		.seed = common->seed,
	};
}

int common_resolver(const struct common *common, struct interface *interface, struct resolver *ret,
	struct err *err)
{
	int error;

	*ret = resolver_placeholder;
	if (!common->interface)
		return 0;
	error = interface_read(common->interface, interface, err);
	if (!error)
		*ret = (struct resolver){ cli_resolve_known, interface };
	return error;
}

/* The frames of a responder: for each rule a request that it answers, and the answer. */
static int examples_make(struct common *common, struct template *template, struct err *err)
{
	struct frame_spec *frames =
		arena_alloc(&common->arena, 2 * template->rule_count * sizeof(*frames));
	int error = 0;

	for (unsigned int i = 0; !error && i < template->rule_count; i++) {
		const struct template_rule *of = &template->rules[i];
		const struct respond_rule rule = { of->name, &of->request, &of->answer };

		error = respond_example(
			&common->arena, &rule, &frames[2 * i], &frames[2 * i + 1], err);
	}
	template->frames = frames;
	template->count = 2 * template->rule_count;
	return error;
}

int common_template(struct common *common, const char *argument, const struct resolver *resolver,
	struct template *ret, struct err *err)
{
	const struct template_options options = options_of(common, resolver);
	const char *path;
	int error;

	error = cli_find_template(&common->arena, argument, &path, err);
	if (!error)
		error = template_read_file(&common->arena, path, &options, ret, err);
	if (!error && ret->rule_count && common->responders)
		return examples_make(common, ret, err);
	if (!error && ret->rule_count)
		return err_input(err, &(struct position){ .file = path },
			"this is a responder, which has no frames to send: pktsmith respond "
			"answers by it");
	return error;
}

int common_expressions(struct common *common, const struct resolver *resolver, struct template *ret,
	struct err *err)
{
	const struct template_options options = options_of(common, resolver);

	return template_read_expressions(
		&common->arena, common->expressions, common->expression_count, &options, ret, err);
}

/* -EINVAL where a -D is of none of several templates. */
static int check_defines(const struct common *common, struct err *err)
{
	for (size_t i = 0; common->defines_used && i < common->define_count; i++)
		if (!common->defines_used[i])
			return err_input(err, NULL,
				"-D %s=%s: no variable \"%s\" in any of the templates",
				common->defines[i].name, common->defines[i].value,
				common->defines[i].name);
	return 0;
}

int common_templates(struct common *common, const struct resolver *resolver, struct template **ret,
	size_t *ret_count, struct err *err)
{
	const size_t count = common->template_count;
	struct template *templates = arena_alloc(&common->arena, (count + 1) * sizeof(*templates));
	int error = 0;
	size_t i;

	/* Of several, each has its own variables. */
	if (count > 1)
		common->defines_used = arena_alloc(
			&common->arena, (common->define_count + 1) * sizeof(*common->defines_used));
	for (i = 0; !error && i < count; i++)
		error = common_template(common, common->templates[i], resolver, &templates[i], err);
	if (!error && common->expression_count)
		error = common_expressions(common, resolver, &templates[count], err);
	if (!error)
		error = check_defines(common, err);
	if (error)
		return error;
	*ret = templates;
	*ret_count = count + (common->expression_count > 0);
	return 0;
}

static bool record_has_placeholder(const struct view_record *record)
{
	unsigned int i;

	for (i = 0; i < record->count; i++)
		if (record->fields[i].placeholder)
			return true;
	return false;
}

bool cli_has_placeholder(const struct frame_view *view)
{
	unsigned int i;

	for (i = 0; i < view->count; i++)
		if (record_has_placeholder(&view->layers[i].header))
			return true;
	return false;
}
