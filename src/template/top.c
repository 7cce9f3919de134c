/* The top level of a template's text: its keys. */
#include "template/frame_reader.h"

#include <errno.h>

static const char *const names[TOP_COUNT] = { "name", "about", "vars", "layers", "frames", "pad",
	"fcs", "frame-size", "fragment", "tables", "request", "answer", "rules" };

static const struct keys keys = KEYS(names, "key", "a template");

int top_read(struct reader *reader, const struct node_source *source, const struct node **top,
	struct err *err)
{
	const struct position at = { .file = source->file };
	const struct node *root;
	int status;

	if (source->length > TEMPLATE_SIZE_MAX)
		return err_input(err, &at, "larger than a template may be (at most %d octets)",
			TEMPLATE_SIZE_MAX);
	status = node_parse(reader->arena, source, &root, err);
	if (status)
		return status;
	if (node_is_empty(root))
		return err_input(err, &at, "empty: a template has layers: or frames:");
	if (root->kind != NODE_MAPPING)
		return err_input(err, &root->at,
			"a template is keys and values such as `layers: [...]`, not %s",
			node_kind_name(root->kind));
	status = keys_pick(&keys, root, top, err);
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
