/* A record's fields: given, automatic, or answered by the interface. */
#include "template/value_reader.h"

#include "base/arena.h"

#include <errno.h>
#include <string.h>

/* Bounds the memory of a template that holds little more than the names of layers. */
#define VALUES_MAX (1U << 22)

/* A field that waits for $hop.mac. */
struct pending {
	struct pending *next;
	const struct wire_field *field;
	const char *path;
	const struct node *node;
	struct spec_value *value;
};

int record_new(struct reader *reader, const struct wire_record *type, const struct position *at,
	struct spec_record *ret, struct err *err)
{
	reader->values += type->count;
	if (reader->values > VALUES_MAX)
		return err_input(err, at, "too many fields (at most %u in a template)", VALUES_MAX);
	spec_record_init(ret, reader->arena, type);
	ret->at = *at;
	return 0;
}

int record_pick(const struct reader *reader, const struct wire_record *type,
	const struct node *mapping, const struct node **members, struct err *err)
{
	const char **names = arena_alloc(reader->arena, type->count * sizeof(*names));
	const struct keys keys = { .names = names,
		.count = type->count,
		.what = "field",
		.where = type->name,
		.record = type };

	for (unsigned int i = 0; i < type->count; i++)
		names[i] = type->fields[i].name;
	return keys_pick(&keys, mapping, members, err);
}

static int octets_store(struct reader *reader, const struct path *path,
	const struct wire_field *field, const struct node *node, const struct wire_value *value,
	struct spec_value *ret, struct err *err)
{
	size_t want = field->width / 8U;

	if (want && value->length != want)
		return path_error(err, &node->at, path, "%zu octet%s where this field has %zu",
			value->length, value->length == 1 ? "" : "s", want);
	if (value->length > FRAME_LENGTH_MAX)
		return path_error(err, &node->at, path,
			"%zu octets are more than a frame holds (at most %d)", value->length,
			FRAME_LENGTH_MAX);
	if (scalar_charge(reader, &node->at, value->length, err))
		return -EINVAL;
	ret->state = SPEC_GIVEN;
	ret->value = *value;
	return 0;
}

/* A scalar that is a value, not a state. */
static int scalar_store(struct reader *reader, const struct path *path,
	const struct wire_field *field, const struct node *node, const struct scalar *scalar,
	struct spec_value *ret, struct err *err)
{
	struct wire_value value = { .octets = (const uint8_t *)scalar->text,
		.length = scalar->length };
	const char *text;
	int status;

	if (wire_is_text(field))
		return octets_store(reader, path, field, node, &value, ret, err);
	status = scalar_line(reader, path, node, scalar, &text, err);
	if (status)
		return status;
	if (wire_value_parse(reader->arena, field, text, &value, err)) {
		if (!strcmp(text, "bad"))
			err_hint(err, "; only a checksum can be bad");
		if (scalar->text != node->text)
			err_hint(err, "; it is the value of %s", node->text);
		return path_locate(err, &node->at, path);
	}
	ret->state = SPEC_GIVEN;
	ret->placeholder = scalar->placeholder;
	ret->value = value;
	return 0;
}

/* The frame's destination is known only when all its layers are read. */
static int pending_add(struct reader *reader, const struct path *path,
	const struct wire_field *field, const struct node *node, struct spec_value *value)
{
	struct pending *pending = arena_alloc(reader->arena, sizeof(*pending));

	*pending = (struct pending){
		.next = reader->pending,
		.field = field,
		.path = path_text(reader->arena, path),
		.node = node,
		.value = value,
	};
	reader->pending = pending;
	return 0;
}

/* "auto", and "bad" for a checksum, are no values. In a field of text, quotes make them text. */
static bool state_read(
	const struct wire_field *field, const struct scalar *scalar, enum spec_state *ret)
{
	if (wire_is_text(field) && !scalar->plain)
		return false;
	if (!strcmp(scalar->text, "auto")) {
		*ret = SPEC_AUTO;
		return true;
	}
	if (field->rule != WIRE_CHECKSUM || strcmp(scalar->text, "bad") != 0)
		return false;
	*ret = SPEC_BAD;
	return true;
}

static int scalar_field_read(struct reader *reader, const struct path *path,
	const struct wire_field *field, const struct node *node, struct spec_value *ret,
	struct err *err)
{
	struct scalar scalar;
	int status;

	if (sum_is(reader, node))
		return sum_read(reader, path, field, node, ret, err);
	status = scalar_read(reader, path, node, &scalar, err);
	if (status)
		return status;
	if (scalar.hop)
		return pending_add(reader, path, field, node, ret);
	if (state_read(field, &scalar, &ret->state))
		return 0;
	return scalar_store(reader, path, field, node, &scalar, ret, err);
}

/* Octets, drawn anew for each frame. */
static void random_store(struct reader *reader, size_t length, struct spec_value *ret)
{
	struct spec_vary *vary = arena_alloc(reader->arena, sizeof(*vary));
	uint8_t *last = arena_alloc(reader->arena, length);

	memset(last, 0xff, length);
	*vary = (struct spec_vary){
		.kind = VARY_RANDOM,
		.first = { .octets = arena_alloc(reader->arena, length), .length = length },
		.last = { .octets = last, .length = length },
		.step = 1,
		.at = ret->at,
	};
	ret->state = SPEC_VARIES;
	ret->value = vary->first;
	ret->vary = vary;
}

static int octets_field_read(struct reader *reader, const struct path *path,
	const struct wire_field *field, const struct node *node, struct spec_value *ret,
	struct err *err)
{
	struct octets octets = { 0 };
	int status = octets_read(reader, path, node, &octets, err);

	if (!status)
		status = octets_store(reader, path, field, node, &octets.value, ret, err);
	if (status)
		return status;
	if (octets.random && field->kind == WIRE_STRING)
		return path_error(err, &node->at, path,
			"a string ends at the first zero: it cannot be random octets");
	if (reader->pattern && (octets.random || octets.varies))
		return path_error(err, &node->at, path,
			"what is waited for does not vary: leave it out, or give a prefix");
	if (octets.random)
		random_store(reader, octets.value.length, ret);
	if (!octets.varies)
		return 0;
	if (!field->text || reader->sized)
		return path_error(err, &octets.size.at, path,
			"only the size of the payload, the last layer, can vary");
	reader->sized = ret;
	reader->size = octets.size;
	return 0;
}

int field_value_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_value *ret, struct err *err)
{
	struct octets octets = { 0 };
	struct scalar scalar;
	int status;

	if ((field->kind == WIRE_BYTES || field->kind == WIRE_STRING) &&
		node->kind == NODE_MAPPING) {
		status = octets_read(reader, path, node, &octets, err);
		if (!status && (octets.random || octets.varies))
			return path_error(
				err, &node->at, path, "a value of a list cannot vary itself");
		if (status)
			return status;
		return octets_store(reader, path, field, node, &octets.value, ret, err);
	}
	status = scalar_read(reader, path, node, &scalar, err);
	if (status)
		return status;
	if (scalar.hop)
		return path_error(err, &node->at, path, "$hop.mac can only be a field's value");
	return scalar_store(reader, path, field, node, &scalar, ret, err);
}

static int field_read(struct reader *reader, const struct path *path,
	const struct wire_field *field, const struct node *node, struct spec_value *ret,
	struct err *err)
{
	ret->at = node->at;
	if (reader->pattern && want_is(field, node))
		return want_read(reader, path, field, node, ret, err);
	if (field->kind == WIRE_LIST)
		return list_read(reader, path, field, node, ret, err);
	if (reader->captures && (capture_is_form(node) || capture_is_name(reader, node)))
		return capture_read(reader, path, field, node, ret, err);
	if (node->kind != NODE_MAPPING)
		return scalar_field_read(reader, path, field, node, ret, err);
	if ((field->kind != WIRE_BYTES && field->kind != WIRE_STRING) || varying_is_form(node))
		return varying_read(reader, path, field, node, ret, err);
	return octets_field_read(reader, path, field, node, ret, err);
}

/* What a field left out is, where its preset is a fact of the interface. */
static int preset_read(struct reader *reader, const struct path *path,
	const struct wire_field *field, const struct position *at, struct spec_value *ret,
	struct err *err)
{
	if (ret->state != SPEC_AUTO || reader->pattern || !field->preset || field->preset[0] != '$')
		return 0;
	return scalar_field_read(
		reader, path, field, node_plain(reader->arena, at, field->preset), ret, err);
}

int record_read(struct reader *reader, const struct path *path, const struct rows_of *of,
	const struct node **members, struct spec_record *record, struct err *err)
{
	const struct wire_record *type = record->type;

	for (unsigned int i = 0; i < type->count; i++) {
		const struct wire_field *field = &type->fields[i];
		struct path inner = { path, type->count == 1 && field->text ? NULL : field->name };
		int first = wire_field_find(type, field->name);
		struct spec_value *value = &record->values[i];
		const struct node *member = members[first];
		int status = 0;

		if (!rows_present(record, of, i))
			continue;
		members[first] = NULL;
		if (member)
			status = field_read(reader, &inner, field, member, value, err);
		if (!status)
			status = preset_read(reader, &inner, field, &record->at, value, err);
		if (status)
			return status;
	}
	for (unsigned int i = 0; i < type->count; i++)
		if (members[i])
			return rows_absent_error(record, of, i,
				members[i]->key ? &members[i]->key_at : &members[i]->at, err);
	return 0;
}

int record_read_pending(struct reader *reader, struct err *err)
{
	int status = 0;

	for (struct pending *p = reader->pending; p && !status; p = p->next) {
		const struct path path = { .name = p->path };
		struct scalar scalar;

		status = scalar_read(reader, &path, p->node, &scalar, err);
		if (!status)
			status = scalar_store(
				reader, &path, p->field, p->node, &scalar, p->value, err);
	}
	reader->pending = NULL;
	return status;
}
