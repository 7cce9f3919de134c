/* The steps of a script. */
#include "template/frame_reader.h"
#include "template/script_reader.h"

#include "base/arena.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#define STEPS_MAX 4096
#define TIMES_MAX 1000000
#define DEPTH_MAX 8 /* of repeats in repeats */

/* What a step does comes first, in the order of enum script_kind. */
enum key { KEY_ON = SCRIPT_REPEAT + 1, KEY_WITHIN, KEY_NOT_BEFORE, KEY_NAME, KEY_STEPS, KEY_COUNT };

static const char *const names[KEY_COUNT] = {
	[SCRIPT_SEND] = "send",
	[SCRIPT_EXPECT] = "expect",
	[SCRIPT_EXPECT_NONE] = "expect-none",
	[SCRIPT_WAIT] = "wait",
	[SCRIPT_REPEAT] = "repeat",
	[KEY_ON] = "on",
	[KEY_WITHIN] = "within",
	[KEY_NOT_BEFORE] = "not-before",
	[KEY_NAME] = "name",
	[KEY_STEPS] = "steps",
};

static const struct keys keys = KEYS(names, "key", "a step");

const char *script_kind_name(enum script_kind kind)
{
	return names[kind];
}

/* Which keys go with which kind of step, as bits of enum key. */
static const unsigned int takes[SCRIPT_REPEAT + 1] = {
	[SCRIPT_SEND] = 1U << KEY_ON | 1U << KEY_NAME,
	[SCRIPT_EXPECT] = 1U << KEY_ON | 1U << KEY_NAME | 1U << KEY_WITHIN | 1U << KEY_NOT_BEFORE,
	[SCRIPT_EXPECT_NONE] = 1U << KEY_ON | 1U << KEY_NAME | 1U << KEY_WITHIN,
	[SCRIPT_WAIT] = 1U << KEY_NAME,
	[SCRIPT_REPEAT] = 1U << KEY_NAME | 1U << KEY_STEPS,
};

static int kind_of(const struct node *node, const struct node *const *members,
	enum script_kind *ret, struct err *err)
{
	unsigned int kind = KEY_COUNT;

	for (const struct node *n = node->children; n; n = n->next) {
		unsigned int i = 0;

		while (i <= SCRIPT_REPEAT && strcmp(n->key, names[i]) != 0)
			i++;
		if (i > SCRIPT_REPEAT)
			continue;
		if (kind != KEY_COUNT)
			return err_input(err, &n->key_at,
				"%s and %s are two steps: begin the second with \"- \"",
				names[kind], n->key);
		kind = i;
	}
	if (kind == KEY_COUNT)
		return err_input(err, &node->at,
			"what the step does is wanted: send, expect, expect-none, wait or repeat");
	for (unsigned int i = KEY_ON; i < KEY_COUNT; i++)
		if (members[i] && !(takes[kind] & 1U << i))
			return err_input(err, &members[i]->key_at, "%s does not go with %s",
				names[i], names[kind]);
	*ret = (enum script_kind)kind;
	return 0;
}

/* ---- which interface ---- */

static int port_read(
	struct script_reader *s, const struct node *node, unsigned int *ret, struct err *err)
{
	const struct script *script = s->script;
	const char *known[SCRIPT_PORTS_MAX];
	const char *text;
	int status;

	*ret = 0; /* the first, where it is not said */
	if (!node)
		return 0;
	status = scalar_read_literal(
		&s->reader, &(const struct path){ .name = "on" }, node, &text, err);
	if (status)
		return status;
	for (unsigned int i = 0; i < script->port_count; i++) {
		known[i] = script->ports[i].name;
		if (!strcmp(text, known[i])) {
			*ret = i;
			return 0;
		}
	}
	err_input(err, &node->at, "on: no \"%s\" under interfaces:", text);
	if (script->port_count > 1)
		keys_suggest(known, script->port_count, text, err);
	return -EINVAL;
}

/* ---- frames ---- */

enum part { PART_NAME, PART_LAYERS, PART_FCS, PART_PAD, PART_SIZE, PART_FRAGMENT, PART_COUNT };

static const char *const part_names[PART_COUNT] = { "name", "layers", "fcs", "pad", "frame-size",
	"fragment" };
static const struct keys part_keys = KEYS(part_names, "key", "a frame");

/* `send: NAME` is {layers: [{include: NAME}]}. */
static const struct node *layers_of_name(struct arena *arena, const struct node *node)
{
	struct node *name = arena_copy(arena, node, sizeof(*node));
	struct node *item = arena_alloc(arena, sizeof(*item));
	struct node *layers = arena_alloc(arena, sizeof(*layers));

	name->key = include_key;
	name->next = NULL;
	*item = (struct node){ .kind = NODE_MAPPING, .at = node->at, .children = name, .count = 1 };
	*layers = (struct node){
		.kind = NODE_SEQUENCE, .at = node->at, .children = item, .count = 1
	};
	return layers;
}

/* The parts of the frame that a step says. */
static int parts_read(struct script_reader *s, const char *what, const struct node *node,
	const struct node **parts, struct err *err)
{
	int status;

	memset(parts, 0, PART_COUNT * sizeof(*parts));
	if (node->kind == NODE_SCALAR) {
		parts[PART_LAYERS] = layers_of_name(s->reader.arena, node);
	} else if (node->kind == NODE_MAPPING) {
		status = keys_pick(&part_keys, node, parts, err);
		if (status)
			return status;
	}
	if (!parts[PART_LAYERS])
		return err_input(err, &node->at,
			"%s: {layers: [...]} is wanted, or the name of a template", what);
	return 0;
}

/* What is included has variables of its own, which have values once they are read. */
static int layers_prepare(struct script_reader *s, const struct node *layers, struct err *err)
{
	int status = includes_read(&s->reader, s->reader.scopes, layers, err);

	return status ? status : variables_check_values(&s->reader, err);
}

static int send_read(
	struct script_reader *s, const struct node *node, struct script_step *step, struct err *err)
{
	const struct node *parts[PART_COUNT];
	struct frames frames = { 0 };
	struct frame_nodes nodes;
	int status = parts_read(s, "send", node, parts, err);

	if (!status)
		status = layers_prepare(s, parts[PART_LAYERS], err);
	if (status)
		return status;
	nodes = (struct frame_nodes){
		.name = parts[PART_NAME],
		.layers = parts[PART_LAYERS],
		.pad = parts[PART_PAD],
		.fcs = parts[PART_FCS],
		.size = parts[PART_SIZE],
		.fragment = parts[PART_FRAGMENT],
	};
	s->reader.sized = NULL;
	status = frame_read(&s->reader, &nodes,
		arena_printf(s->reader.arena, "step %u", step->number), &frames, err);
	step->frames = frames.specs;
	step->frame_count = frames.count;
	return status;
}

static int pattern_read(
	struct script_reader *s, const struct node *node, struct script_step *step, struct err *err)
{
	const struct captures *captures = s->reader.captures;
	const unsigned int before = captures->count;
	const struct node *parts[PART_COUNT];
	struct frame_spec *spec = arena_alloc(s->reader.arena, sizeof(*spec));
	int status = parts_read(s, names[step->kind], node, parts, err);

	for (unsigned int i = PART_FCS; i < PART_COUNT && !status; i++)
		if (parts[i])
			return err_input(err, &parts[i]->key_at,
				"%s does not go with %s: layers alone are compared", part_names[i],
				names[step->kind]);
	if (!status)
		status = layers_prepare(s, parts[PART_LAYERS], err);
	if (status)
		return status;
	spec->name = arena_printf(s->reader.arena, "step %u", step->number);
	spec->at = parts[PART_LAYERS]->at;
	s->reader.pattern = true;
	status = layers_read(&s->reader, parts[PART_LAYERS], spec, err);
	s->reader.pattern = false;
	if (!status && step->kind == SCRIPT_EXPECT_NONE && captures->count != before)
		return err_input(err, &captures->rows[before].at,
			"$%s: nothing is to arrive here that would give it a value",
			captures->rows[before].name);
	step->frames = spec;
	step->frame_count = 1;
	return status;
}

/* ---- steps ---- */

static int times_read(
	struct script_reader *s, const struct node *node, unsigned int *ret, struct err *err)
{
	const struct path path = { .name = names[SCRIPT_REPEAT] };
	uint64_t times = 0;
	int status = scalar_read_number(&s->reader, &path, node, TIMES_MAX, " times", &times, err);

	if (!status && !times)
		return path_error(
			err, &node->at, &path, "0 times is never: at least 1, or leave it out");
	*ret = (unsigned int)times;
	return status;
}

static int repeat_read(struct script_reader *s, const struct node *times, const struct node *steps,
	struct script_step *step, struct err *err)
{
	int status = times_read(s, times, &step->times, err);

	if (!status && !steps)
		return err_input(
			err, &times->key_at, "repeat wants steps: beside it, a list of them");
	step->first_name = s->reader.captures->count;
	if (!status)
		status = script_steps_read(s, steps, &step->steps, &step->step_count, err);
	step->end_name = s->reader.captures->count;
	return status;
}

static int by_kind_read(struct script_reader *s, const struct node *const *members,
	struct script_step *step, struct err *err)
{
	const struct node *node = members[step->kind];

	switch (step->kind) {
	case SCRIPT_SEND:
		return send_read(s, node, step, err);
	case SCRIPT_EXPECT:
	case SCRIPT_EXPECT_NONE:
		return pattern_read(s, node, step, err);
	case SCRIPT_WAIT:
		return script_duration_read(s, names[SCRIPT_WAIT], node, &step->ns, err);
	case SCRIPT_REPEAT:
		return repeat_read(s, node, members[KEY_STEPS], step, err);
	}
	return -EINVAL;
}

static int step_read(
	struct script_reader *s, const struct node *node, struct script_step *ret, struct err *err)
{
	const struct path path = { .name = names[KEY_NAME] };
	const struct node *members[KEY_COUNT];
	struct script_step step = { .at = node->at, .ns = s->within_ns, .number = ++s->steps };
	int status;

	if (node->kind != NODE_MAPPING)
		return err_input(err, &node->at, "a step is `- send: ...`, `- expect: ...`, not %s",
			node_kind_name(node->kind));
	if (s->steps > STEPS_MAX)
		return err_input(err, &node->at, "too many steps (at most %d)", STEPS_MAX);
	status = keys_pick(&keys, node, members, err);
	if (!status)
		status = kind_of(node, members, &step.kind, err);
	if (!status)
		status = port_read(s, members[KEY_ON], &step.port, err);
	if (!status && members[KEY_NAME])
		status = scalar_read_literal(&s->reader, &path, members[KEY_NAME], &step.name, err);
	if (!status)
		status = script_duration_read(
			s, names[KEY_WITHIN], members[KEY_WITHIN], &step.ns, err);
	if (!status)
		status = script_duration_read(s, names[KEY_NOT_BEFORE], members[KEY_NOT_BEFORE],
			&step.not_before_ns, err);
	if (!status && step.not_before_ns > step.ns)
		return err_input(err, &members[KEY_NOT_BEFORE]->at,
			"not-before is later than within: nothing can come then");
	s->reader.options = &s->options[step.port];
	if (!status)
		status = by_kind_read(s, members, &step, err);
	if (!status)
		*ret = step;
	return status;
}

int script_steps_read(struct script_reader *s, const struct node *node, struct script_step **ret,
	unsigned int *ret_count, struct err *err)
{
	const struct node *child = node->children;
	struct script_step *steps;
	int status = 0;

	if (node->kind != NODE_SEQUENCE || !node->count)
		return err_input(err, &node->at, "steps: a list is wanted, `- send: ...` each");
	if (node->count > STEPS_MAX)
		return err_input(err, &node->at, "%u steps are too many (at most %d)", node->count,
			STEPS_MAX);
	steps = arena_alloc(s->reader.arena, node->count * sizeof(*steps));
	for (unsigned int i = 0; i < node->count && !status; i++, child = child->next)
		status = step_read(s, child, &steps[i], err);
	*ret = steps;
	*ret_count = node->count;
	return status;
}
