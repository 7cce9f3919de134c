/* Reads a template: its top level, and the file it is in. */
#include "template/template.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "template/expression.h"
#include "template/frame_reader.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum part {
	PART_NAME,
	PART_LAYERS,
	PART_FCS,
	PART_PAD,
	PART_SIZE,
	PART_FRAGMENT,
	PART_WEIGHT,
	PART_GAP,
	PART_COUNT
};

static const char *const part_names[PART_COUNT] = { "name", "layers", "fcs", "pad", "frame-size",
	"fragment", "weight", "gap" };
static const struct keys part_keys = KEYS(part_names, "key", "a frame");

/* "frames/arp/request.yaml": request. */
static const char *base_name(struct arena *arena, const char *file)
{
	const char *slash = strrchr(file, '/');
	const char *name = slash ? slash + 1 : file;
	const char *dot = strrchr(name, '.');

	if (!dot || dot == name || (strcmp(dot, ".yaml") != 0 && strcmp(dot, ".yml") != 0))
		dot = strchr(name, '\0');
	return arena_strndup(arena, name, (size_t)(dot - name));
}

/* One of the list of frames:. What stands beside frames: stands for what it has
 * not. */
static int one_frame_read(struct reader *reader, const struct node *const *top,
	const struct node *node, const char *name, struct frames *frames, struct err *err)
{
	const struct node *members[PART_COUNT];
	struct frame_nodes nodes;
	int status;

	if (node->kind != NODE_MAPPING)
		return err_input(err, &node->at, "a frame is {name: ..., layers: [...]}, not %s",
			node_kind_name(node->kind));
	status = keys_pick(&part_keys, node, members, err);
	if (status)
		return status;
	if (!members[PART_LAYERS])
		return err_input(err, &node->at, "a frame wants layers:");
	nodes = (struct frame_nodes){
		.name = members[PART_NAME],
		.layers = members[PART_LAYERS],
		.pad = members[PART_PAD] ? members[PART_PAD] : top[TOP_PAD],
		.fcs = members[PART_FCS] ? members[PART_FCS] : top[TOP_FCS],
		.size = members[PART_SIZE] ? members[PART_SIZE] : top[TOP_SIZE],
		.fragment = members[PART_FRAGMENT] ? members[PART_FRAGMENT] : top[TOP_FRAGMENT],
		.weight = members[PART_WEIGHT],
		.gap = members[PART_GAP],
	};
	return frame_read(reader, &nodes, name, frames, err);
}

static int frames_read(struct reader *reader, const struct node *const *top, const char *name,
	struct frames *frames, struct err *err)
{
	const struct node *list = top[TOP_FRAMES];
	const struct node *child = list->children;
	int status = 0;

	if (list->kind != NODE_SEQUENCE || !list->count)
		return err_input(err, &list->at,
			"frames: a list is wanted, `- {name: ..., layers: [...]}` each");
	for (unsigned int i = 0; i < list->count && !status; i++, child = child->next)
		status = one_frame_read(reader, top, child,
			arena_printf(reader->arena, "%s-%u", name, i + 1), frames, err);
	return status;
}

/* The template's only frame. */
static int single_read(struct reader *reader, const struct node *const *top, const char *name,
	struct frames *frames, struct err *err)
{
	const struct frame_nodes nodes = {
		.layers = top[TOP_LAYERS],
		.pad = top[TOP_PAD],
		.fcs = top[TOP_FCS],
		.size = top[TOP_SIZE],
		.fragment = top[TOP_FRAGMENT],
	};

	return frame_read(reader, &nodes, name, frames, err);
}

/* A template's text, and its name and about. */
static int text_read(struct reader *reader, const uint8_t *text, size_t length,
	const struct node **top, struct template *ret, struct err *err)
{
	const struct node_source source = {
		.file = reader->file, .text = text, .length = length, .places = true
	};
	int status = top_read(reader, &source, top, err);

	if (status)
		return status;
	/* Before anything that is wrong with a frame that nobody asked for. */
	if (reader->options && reader->options->responder && !responder_is(top))
		return err_input(err,
			top[TOP_LAYERS] ? &top[TOP_LAYERS]->key_at : &top[TOP_FRAMES]->key_at,
			"a template of frames to send, and no responder: that has request:, the "
			"pattern of the frames that it answers, and answer:, what it sends back, "
			"each with layers: of its own");
	ret->name = base_name(reader->arena, reader->file);
	return top_names_read(reader, top[TOP_NAME], top[TOP_ABOUT], &ret->name, &ret->about, err);
}

/* Under layers:, or under that of each of frames:. */
static int all_includes_read(struct reader *reader, const struct node *const *top, struct err *err)
{
	const struct node *frame = top[TOP_FRAMES] ? top[TOP_FRAMES]->children : NULL;
	int status = 0;

	if (top[TOP_LAYERS])
		return includes_read(reader, reader->scopes, top[TOP_LAYERS], err);
	for (; frame && !status; frame = frame->next)
		for (const struct node *part = frame->children; part && !status; part = part->next)
			if (frame->kind == NODE_MAPPING && !strcmp(part->key, "layers"))
				status = includes_read(reader, reader->scopes, part, err);
	return status;
}

int template_read(struct arena *arena, const char *file, const uint8_t *text, size_t length,
	const struct template_options *options, struct template *ret, struct err *err)
{
	struct scope scope = { .file = arena_strndup(arena, file, strlen(file)) };
	struct reader reader = {
		.arena = arena, .options = options, .file = scope.file, .scopes = &scope
	};
	struct template template = { 0 };
	struct frames frames = { 0 };
	const struct node *top[TOP_COUNT];
	int status = text_read(&reader, text, length, top, &template, err);

	if (!status && top[TOP_TABLES] && !responder_is(top))
		status = err_input(err, &top[TOP_TABLES]->key_at,
			"tables are of a responder, which has a request: and an answer:");
	if (!status)
		status = variables_read(&reader, &scope, top[TOP_VARS], err);
	if (!status)
		status = all_includes_read(&reader, top, err);
	if (!status)
		status = variables_check(&reader, err);
	if (!status)
		status = sets_read(&reader, err);
	if (!status && responder_is(top))
		status = responder_rules_read(&reader, top, template.name, &template, err);
	else if (!status && top[TOP_FRAMES])
		status = frames_read(&reader, top, template.name, &frames, err);
	else if (!status)
		status = single_read(&reader, top, template.name, &frames, err);
	if (!status)
		status = sets_check_used(&reader, err);
	if (status)
		return status;
	if (!template.rule_count) {
		template.frames = frames.specs;
		template.count = frames.count;
	}
	*ret = template;
	return 0;
}

/* Of two -D of one name the last counts. */
static bool is_last(const struct template_options *options, size_t index)
{
	for (size_t i = index + 1; i < options->define_count; i++)
		if (!strcmp(options->defines[i].name, options->defines[index].name))
			return false;
	return true;
}

/* -D NAME=VALUE as the vars: of a template. */
static const struct node *defines_node(struct arena *arena, const struct template_options *options)
{
	struct node *vars = arena_alloc(arena, sizeof(*vars));
	struct node **tail = &vars->children;

	vars->kind = NODE_MAPPING;
	for (size_t i = 0; i < options->define_count; i++) {
		const struct template_define *define = &options->defines[i];
		const struct position at = { .file = "-D" };
		struct node *member;

		if (!is_last(options, i))
			continue;
		member = node_plain(arena, &at, define->value);
		member->key = define->name;
		member->key_at = at;
		*tail = member;
		tail = &member->next;
		vars->count++;
	}
	return vars;
}

/* One of several expressions; they have their numbers in messages and names. */
static int expression_read(struct reader *reader, const char *text, unsigned int number,
	unsigned int count, struct frames *frames, struct err *err)
{
	const struct node *top[TOP_COUNT] = { NULL };
	const char *name = "expression";
	const struct node *root;
	int status;

	if (count > 1) {
		reader->file = arena_printf(reader->arena, "-e[%u]", number);
		name = arena_printf(reader->arena, "expression-%u", number);
	}
	status = expression_parse(reader->arena, reader->file, text, &root, err);
	if (!status) /* the layers come first */
		status = includes_read(reader, reader->scopes, root->children, err);
	if (!status)
		status = variables_check(reader, err);
	return status ? status : one_frame_read(reader, top, root, name, frames, err);
}

int template_read_expressions(struct arena *arena, const char *const *texts, unsigned int count,
	const struct template_options *options, struct template *ret, struct err *err)
{
	struct scope scope = { .file = "-e" };
	struct reader reader = {
		.arena = arena, .options = options, .file = scope.file, .scopes = &scope
	};
	struct frames frames = { 0 };
	int status = variables_read(&reader, &scope, defines_node(arena, options), err);

	if (!status)
		status = sets_read(&reader, err);
	for (unsigned int i = 0; i < count && !status; i++)
		status = expression_read(&reader, texts[i], i + 1, count, &frames, err);
	reader.file = "-e";
	if (!status)
		status = sets_check_used(&reader, err);
	if (status)
		return status;
	*ret = (struct template){
		.name = frames.count == 1 ? frames.specs[0].name : "expression",
		.frames = frames.specs,
		.count = frames.count,
	};
	return 0;
}

int template_read_file(struct arena *arena, const char *file,
	const struct template_options *options, struct template *ret, struct err *err)
{
	struct buffer text = { 0 };
	int status = file_slurp(file, &text, err);

	if (!status)
		status = template_read(arena, file_label(file), (const uint8_t *)buffer_text(&text),
			text.length, options, ret, err);
	buffer_fini(&text);
	return status;
}

int template_read_about(
	struct arena *arena, const char *file, struct template *ret, struct err *err)
{
	struct reader reader = { .arena = arena };
	struct template template = { 0 };
	const struct node *top[TOP_COUNT];
	struct buffer text = { 0 };
	int status = file_slurp(file, &text, err);

	reader.file = arena_strndup(arena, file_label(file), strlen(file_label(file)));
	if (!status)
		status = text_read(&reader, (const uint8_t *)buffer_text(&text), text.length, top,
			&template, err);
	buffer_fini(&text);
	if (!status)
		*ret = template;
	return status;
}
