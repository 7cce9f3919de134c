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
		.sets = common->sets,
		.set_count = common->set_count,
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

int common_templates(struct common *common, char *const *arguments, size_t count,
	const struct resolver *resolver, struct template **ret, size_t *ret_count, struct err *err)
{
	struct template *templates = arena_alloc(&common->arena, (count + 1) * sizeof(*templates));
	int error = 0;
	size_t i;

	for (i = 0; !error && i < count; i++)
		error = common_template(common, arguments[i], resolver, &templates[i], err);
	if (!error && common->expression_count)
		error = common_expressions(common, resolver, &templates[count], err);
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
