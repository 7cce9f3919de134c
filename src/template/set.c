/* --set: values of the command line laid over those of the template. */
#include "template/frame_reader.h"

#include "base/arena.h"
#include "base/text.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

struct set {
	const char *key; /* of frame_keys; NULL: a field */
	struct target target;
	const struct node *value;
	struct position at;
	bool used;
};

/* What stands beside layers: and can be set too. */
static const char *const frame_keys[] = { "fcs", "pad", "frame-size", "fragment" };

static int protocol_read(
	const struct position *at, const char *name, struct target *ret, struct err *err)
{
	ret->protocol = wire_protocol_find(name);
	return ret->protocol ? 0 : layers_unknown(name, at, false, err);
}

/* "vlan", "vlan[2]". */
static int target_layer_read(struct arena *arena, const struct position *at, const char *text,
	struct target *ret, struct err *err)
{
	const char *open = strchr(text, '[');
	size_t length = strlen(text);
	uint64_t nth = 0;

	ret->nth = 1;
	if (!open)
		return protocol_read(at, text, ret, err);
	if (text[length - 1] != ']' ||
		text_number(arena_strndup(arena, open + 1, length - (size_t)(open + 1 - text) - 1),
			&nth, NULL) ||
		!nth || nth > UINT_MAX)
		return err_input(err, at,
			"\"%s\" is no layer: such as vlan, or vlan[2] for the second one", text);
	ret->nth = (unsigned int)nth;
	return protocol_read(at, arena_strndup(arena, text, (size_t)(open - text)), ret, err);
}

static int target_field_read(struct arena *arena, const struct position *at, const char *name,
	struct target *ret, struct err *err)
{
	const struct wire_record *type = &ret->protocol->header;
	const char **names = arena_alloc(arena, type->count * sizeof(*names));

	ret->row = wire_field_find(type, name);
	if (ret->row >= 0)
		return 0;
	for (unsigned int i = 0; i < type->count; i++)
		names[i] = type->fields[i].name;
	err_input(err, at, "no field \"%s\" in %s", name, type->name);
	keys_suggest(names, type->count, name, err);
	return -EINVAL;
}

int target_read(struct arena *arena, const struct position *at, const char *text,
	struct target *ret, struct err *err)
{
	const char *dot = strchr(text, '.');
	struct target target = { 0 };
	int status;

	if (!dot)
		return err_input(err, at, "\"%s\" is no field: LAYER.FIELD is wanted", text);
	status = target_layer_read(
		arena, at, arena_strndup(arena, text, (size_t)(dot - text)), &target, err);
	if (!status)
		status = target_field_read(arena, at, dot + 1, &target, err);
	if (!status)
		*ret = target;
	return status;
}

/* What stands before the '='. */
static int what_set(struct arena *arena, struct set *set, const char *text, struct err *err)
{
	const struct wire_record *type;
	int status;

	for (size_t i = 0; i < sizeof(frame_keys) / sizeof(frame_keys[0]); i++) {
		if (!strcmp(text, frame_keys[i])) {
			set->key = frame_keys[i];
			return 0;
		}
	}
	if (strchr(text, '.'))
		return target_read(arena, &set->at, text, &set->target, err);
	status = target_layer_read(arena, &set->at, text, &set->target, err);
	if (status)
		return status;
	type = &set->target.protocol->header;
	if (type->count && type->fields[0].text)
		return 0; /* payload=hello: its only field */
	return err_input(err, &set->at, "a field is wanted: %s.FIELD=VALUE", text);
}

/* What stands after the '=': a list or mapping as a template has it, else text as it is. */
static int value_set(struct arena *arena, struct set *set, const char *text, struct err *err)
{
	const struct node_source source = {
		.file = set->at.file, .text = (const uint8_t *)text, .length = strlen(text)
	};

	if (*text == '[' || *text == '{')
		return node_parse(arena, &source, &set->value, err);
	set->value = node_plain(arena, &set->at, text);
	return 0;
}

static int set_read(struct arena *arena, const char *text, struct set *ret, struct err *err)
{
	struct set set = { .at = path_of_option(arena, "--set", text) };
	const char *equals = strchr(text, '=');
	int status;

	if (!equals)
		return err_input(err, &set.at,
			"a value is wanted: LAYER.FIELD=VALUE, or fcs, pad, frame-size or "
			"fragment=VALUE");
	status = what_set(arena, &set, arena_strndup(arena, text, (size_t)(equals - text)), err);
	if (!status)
		status = value_set(arena, &set, equals + 1, err);
	if (!status)
		*ret = set;
	return status;
}

int template_read_set(
	struct arena *arena, const char *text, struct template_set *ret, struct err *err)
{
	struct set set;
	struct template_set read;
	int status = set_read(arena, text, &set, err);

	if (status)
		return status;
	if (set.key || set.value->kind != NODE_SCALAR)
		return err_input(
			err, &set.at, "a field and its value are wanted: LAYER.FIELD=VALUE");
	read = (struct template_set){
		.protocol = set.target.protocol,
		.nth = set.target.nth,
		.field = &set.target.protocol->header.fields[set.target.row],
		.at = set.at,
	};
	if (read.field->kind == WIRE_LIST)
		return err_input(err, &set.at, "%s is a list: only single values are changed",
			read.field->name);
	status = wire_value_parse(arena, read.field, set.value->text, &read.value, err);
	if (status)
		return err_locate(err, &set.at, NULL);
	*ret = read;
	return 0;
}

int sets_read(struct reader *reader, struct err *err)
{
	const struct template_options *options = reader->options;

	reader->sets = arena_alloc(reader->arena, options->set_count * sizeof(*reader->sets));
	for (size_t i = 0; i < options->set_count; i++) {
		int status = set_read(reader->arena, options->sets[i], &reader->sets[i], err);

		if (status)
			return status;
	}
	return 0;
}

void sets_apply(struct reader *reader, const struct wire_protocol *protocol, unsigned int nth,
	const struct node **members)
{
	for (size_t i = 0; i < reader->options->set_count; i++) {
		struct set *set = &reader->sets[i];

		if (set->key || set->target.protocol != protocol || set->target.nth != nth)
			continue;
		members[set->target.row] = set->value;
		set->used = true;
	}
}

const struct node *sets_of_frame(
	const struct reader *reader, const char *key, const struct node *node)
{
	for (size_t i = 0; i < reader->options->set_count; i++)
		if (reader->sets[i].key && !strcmp(reader->sets[i].key, key))
			node = reader->sets[i].value;
	return node;
}

int sets_check_used(const struct reader *reader, struct err *err)
{
	for (size_t i = 0; i < reader->options->set_count; i++) {
		const struct set *set = &reader->sets[i];

		if (set->key || set->used)
			continue;
		if (set->target.nth == 1)
			return err_input(err, &set->at, "no frame of %s has a layer %s",
				reader->file, set->target.protocol->header.name);
		return err_input(err, &set->at, "no frame of %s has %u layers %s", reader->file,
			set->target.nth, set->target.protocol->header.name);
	}
	return 0;
}
