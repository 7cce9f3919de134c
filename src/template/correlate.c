/* What varying fields have to do with each other: same-as, and each: cycle. */
#include "template/frame_reader.h"
#include "template/value_reader.h"

#include "base/arena.h"

#include <errno.h>
#include <string.h>

/* A value of the frame that varies. */
struct varying {
	struct varying *next;
	const struct wire_field *field;
	const char *path;
	const struct node *node; /* of its generator */
	struct spec_vary *vary;
	const struct spec_value *value;
};

int varying_note(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_vary *vary, const struct spec_value *value,
	struct err *err)
{
	struct varying *varying = arena_alloc(reader->arena, sizeof(*varying));

	if (vary->kind == VARY_SAME_AS && !field->width)
		return path_error(err, &node->key_at, path,
			"only a field of fixed width can be same-as another");
	*varying = (struct varying){
		.field = field,
		.path = path_text(reader->arena, path),
		.node = node,
		.vary = vary,
		.value = value,
	};
	if (reader->varying_last)
		reader->varying_last->next = varying;
	else
		reader->varying = varying;
	reader->varying_last = varying;
	return 0;
}

/* ---- same-as ---- */

static int layer_find(const struct frame_spec *spec, const struct target *target)
{
	unsigned int nth = 0;

	for (unsigned int i = 0; i < spec->count; i++)
		if (spec->layers[i].protocol == target->protocol && ++nth == target->nth)
			return (int)i;
	return -1;
}

/* Of rows of one name the one that is there; -1 where none is. */
static int row_find(const struct frame_spec *spec, unsigned int layer, const char *name)
{
	const struct spec_record *header = &spec->layers[layer].header;
	const struct rows_of of = {
		.next = layer + 1 < spec->count ? spec->layers[layer + 1].protocol : NULL
	};

	for (unsigned int i = 0; i < header->type->count; i++)
		if (!strcmp(header->type->fields[i].name, name) && rows_present(header, &of, i))
			return (int)i;
	return -1;
}

static unsigned int place_width(const struct varying *varying)
{
	const struct spec_vary *vary = varying->vary;

	return vary->part ? vary->high - vary->low + 1 : varying->field->width;
}

/* Whether the other field is one that can be followed. */
static int other_check(const struct varying *varying, const char *text,
	const struct spec_value *other, const struct wire_field *field, struct err *err)
{
	const struct path path = { .name = varying->path };
	const struct position *at = &varying->node->at;

	if (other == varying->value)
		return path_error(err, at, &path, "same-as %s is the field itself", text);
	if (field->kind == WIRE_LIST || !field->width)
		return path_error(err, at, &path,
			"%s has no fixed width: a field of bits, a MAC or an address is wanted",
			text);
	if (field->width > place_width(varying))
		return path_error(err, at, &path, "%s has %u bits, which do not fit in %u", text,
			field->width, place_width(varying));
	if ((field->rule == WIRE_LENGTH || field->rule == WIRE_CHECKSUM) &&
		(other->state == SPEC_AUTO || other->state == SPEC_BAD))
		return path_error(err, at, &path,
			"%s is computed: same-as takes a field that is given", text);
	return 0;
}

static int same_as_read(struct reader *reader, const struct frame_spec *spec,
	const struct varying *varying, struct err *err)
{
	const struct path path = { .name = varying->path };
	const struct position *at = &varying->node->at;
	const struct wire_record *type;
	struct target target = { 0 };
	const char *text;
	int layer, row;
	int status = scalar_read_line(reader, &path, varying->node, &text, err);

	if (!status)
		status = target_read(reader->arena, at, text, &target, err);
	if (status)
		return status;
	layer = layer_find(spec, &target);
	if (layer < 0)
		return path_error(err, at, &path, "%s is not in this frame", text);
	type = &target.protocol->header;
	row = row_find(spec, (unsigned int)layer, type->fields[target.row].name);
	if (row < 0)
		return path_error(err, at, &path, "%s is not there in this frame", text);
	varying->vary->same_layer = (unsigned int)layer;
	varying->vary->same_field = (unsigned int)row;
	return other_check(
		varying, text, &spec->layers[layer].header.values[row], &type->fields[row], err);
}

/* Where same-as leads; NULL where the other field follows none. */
static const struct spec_vary *followed(const struct frame_spec *spec, const struct spec_vary *vary)
{
	const struct spec_value *other =
		&spec->layers[vary->same_layer].header.values[vary->same_field];

	if (other->state != SPEC_VARIES || other->vary->kind != VARY_SAME_AS)
		return NULL;
	return other->vary;
}

static int circle_check(const struct reader *reader, const struct frame_spec *spec,
	const struct varying *varying, struct err *err)
{
	const struct path path = { .name = varying->path };
	const struct spec_vary *vary = varying->vary;

	/* A way that is longer than there are fields that vary passes one of them twice. */
	for (const struct varying *v = reader->varying; v && vary; v = v->next)
		vary = followed(spec, vary);
	if (!vary)
		return 0;
	return path_error(err, &varying->node->at, &path,
		"same-as goes in a circle: one of its fields has to have a value of its own");
}

/* ---- each: cycle ---- */

static bool wraps(enum vary_kind kind)
{
	return kind != VARY_RANDOM && kind != VARY_SAME_AS;
}

static int cycles_check(const struct reader *reader, struct err *err)
{
	bool wrapping = false;

	for (const struct varying *v = reader->varying; v; v = v->next) {
		const struct path path = { .name = v->path };

		if (v->vary->cycle && !wrapping)
			return path_error(err, &v->vary->at, &path,
				"each: cycle steps when the varying field before it wraps: here "
				"none before it is an inc, dec, shuffle or list");
		wrapping |= wraps(v->vary->kind);
	}
	return 0;
}

/* ---- sizes ---- */

/* Only the payload is stretched. */
static int size_check(const struct reader *reader, const struct frame_spec *spec, struct err *err)
{
	const struct spec_layer *last = &spec->layers[spec->count - 1];

	if (!reader->sized ||
		(last->protocol == &wire_payload && reader->sized == &last->header.values[0]))
		return 0;
	return err_input(
		err, &reader->size.at, "only the size of the payload, the last layer, can vary");
}

int varying_check(struct reader *reader, struct frame_spec *spec, struct err *err)
{
	int status = 0;

	for (const struct varying *v = reader->varying; v && !status; v = v->next)
		if (v->vary->kind == VARY_SAME_AS)
			status = same_as_read(reader, spec, v, err);
	for (const struct varying *v = reader->varying; v && !status; v = v->next)
		if (v->vary->kind == VARY_SAME_AS)
			status = circle_check(reader, spec, v, err);
	if (!status)
		status = cycles_check(reader, err);
	if (!status)
		status = size_check(reader, spec, err);
	if (!status && reader->sized)
		spec->size = (struct spec_size){ .mode = SPEC_SIZE_PAYLOAD, .vary = reader->size };
	return status;
}

void varying_begin(struct reader *reader)
{
	reader->varying = reader->varying_last = NULL;
	reader->sized = NULL;
}
