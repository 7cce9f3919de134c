/* The top level of a text: the keys of a template, and what a script's has like it. */
#include "template/frame_reader.h"

static const char *const names[TOP_COUNT] = { "name", "about", "vars", "layers", "frames", "pad",
	"fcs", "frame-size", "fragment", "tables", "request", "answer", "rules" };

static const struct top_form template_form = {
	.keys = KEYS(names, "key", "a template"),
	.has = "layers: or frames:",
	.example = "layers: [...]",
};

int top_members_read(struct reader *reader, const struct top_form *form,
	const struct node_source *source, const struct node **members, struct err *err)
{
	const struct position at = { .file = source->file };
	const char *what = form->keys.where;
	const struct node *root;
	int status;

	if (source->length > TEMPLATE_SIZE_MAX)
		return err_input(err, &at, "larger than %s may be (at most %d octets)", what,
			TEMPLATE_SIZE_MAX);
	status = node_parse(reader->arena, source, &root, err);
	if (status)
		return status;
	if (node_is_empty(root))
		return err_input(err, &at, "empty: %s has %s", what, form->has);
	if (root->kind != NODE_MAPPING)
		return err_input(err, &root->at, "%s is keys and values such as `%s`, not %s", what,
			form->example, node_kind_name(root->kind));
	return keys_pick(&form->keys, root, members, err);
}

int top_names_read(struct reader *reader, const struct node *name, const struct node *about,
	const char **ret_name, const char **ret_about, struct err *err)
{
	const struct path name_path = { .name = "name" };
	const struct path about_path = { .name = "about" };
	int status = 0;

	if (name)
		status = scalar_read_literal(reader, &name_path, name, ret_name, err);
	if (!status && about)
		status = scalar_read_literal(reader, &about_path, about, ret_about, err);
	return status;
}

int top_read(struct reader *reader, const struct node_source *source, const struct node **top,
	struct err *err)
{
	const struct position at = { .file = source->file };
	int status = top_members_read(reader, &template_form, source, top, err);

	if (status)
		return status;
	if (responder_is(top))
		return 0;
	if (!top[TOP_LAYERS] && !top[TOP_FRAMES])
		return err_input(err, &at, "no layers: a template has layers: or frames:");
	if (top[TOP_LAYERS] && top[TOP_FRAMES])
		return err_input(err, &top[TOP_FRAMES]->key_at,
			"layers and frames exclude each other: move layers into a frame of the "
			"list");
	return 0;
}
