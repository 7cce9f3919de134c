/* What a frame's values are at first, which of them follow others, and how large its payload is. */
#include "frame/plan.h"

#include "base/arena.h"
#include "frame/internal.h"
#include "wire/signature.h"

#include <errno.h>
#include <string.h>

#define LENGTH_MIN 60 /* octets without FCS, IEEE 802.3 */

/* ---- values ---- */

unsigned int vary_bits(const struct vary_field *field, size_t width, unsigned int *ret_low)
{
	const struct spec_vary *vary = field->value->vary;

	*ret_low = vary->part ? vary->low : 0;
	return vary->part ? vary->high - vary->low + 1 : (unsigned int)width;
}

/* The words of the field when it is the value of `from` (NULL: zero): its part set, or all of it.
 */
static struct wire_value composed(struct arena *arena, const struct vary_field *field, size_t width,
	const struct wire_field *from_field, const struct wire_value *from)
{
	const struct spec_vary *vary = field->value->vary;
	unsigned int count = vary_word_count(width);
	uint64_t *words = arena_alloc(arena, (count + 1) * sizeof(*words));

	for (unsigned int i = 0; i < count; i++) {
		const struct wire_value *base = vary->part ? &field->value->value : from;
		const struct wire_field *base_field = vary->part ? field->field : from_field;

		words[i] = base ? vary_word(base_field, base, i) : 0;
	}
	if (vary->part)
		vary_set_bits(
			words, vary->low, vary->high, from ? vary_word(from_field, from, 0) : 0);
	if (wire_is_number(field->field))
		words[0] &= field_max(field->field);
	return vary_value(arena, field->field, width, words);
}

/* Of a part: as if from a field of numbers. */
static const struct wire_field part_field = { .name = "part", .kind = WIRE_UINT, .width = 64 };

static struct wire_value first_value(struct arena *arena, const struct vary_field *field)
{
	const struct spec_vary *vary = field->value->vary;
	const struct wire_value *first = vary->kind == VARY_LIST ? &vary->values[0] : &vary->first;

	if (!vary->part)
		return *first;
	return composed(arena, field, wire_value_width(field->field, &field->value->value),
		&part_field, first);
}

/* ---- fields that are the same as others ---- */

static const struct wire_field *source_row(
	const struct frame_spec *spec, const struct vary_field *field)
{
	const struct spec_vary *vary = field->value->vary;

	if (vary->same_layer >= spec->count ||
		vary->same_field >= spec->layers[vary->same_layer].header.type->count)
		return NULL;
	return &spec->layers[vary->same_layer].header.type->fields[vary->same_field];
}

static int find_source(const struct vary_plan *plan, const struct vary_field *field,
	struct vary_part *part, struct err *err)
{
	const struct spec_vary *vary = field->value->vary;
	const struct wire_field *row = source_row(plan->spec, field);

	if (!row || row->kind == WIRE_LIST || vary_is_whole(row)) {
		err_input(err, NULL, "there is no such value to be the same as");
		return vary_refuse(field, err);
	}
	for (unsigned int i = 0; i < plan->fields.count; i++) {
		const struct vary_field *other = &plan->fields.fields[i];

		if (other->layer == vary->same_layer && other->field == row && !other->list)
			part->follows = (int)i;
	}
	return 0;
}

/* To the end of the chain of fields that are the same. */
static int find_root(const struct vary_plan *plan, unsigned int index, int *ret, struct err *err)
{
	int at = (int)index;

	for (unsigned int i = 0; plan->parts[at].follows >= 0; i++) {
		at = plan->parts[at].follows;
		if (i == plan->fields.count) {
			err_input(err, NULL, "is the same as itself, in a circle");
			return vary_refuse(&plan->fields.fields[index], err);
		}
	}
	*ret = at;
	if (plan->fields.fields[at].value->vary->kind == VARY_SAME_AS)
		*ret = -1;
	return 0;
}

/* The field's width where its source is this one. */
static size_t follower_width(const struct vary_field *field, size_t source_width)
{
	if (field->value->vary->part)
		return wire_value_width(field->field, &field->value->value);
	return field->field->width ? field->field->width : (source_width + 7) / 8 * 8;
}

/* The value that the source has in a frame in which it does not vary. */
static int constant_source(struct arena *arena, struct vary_plan *plan, unsigned int index,
	const struct frame_view *view, struct err *err)
{
	const struct vary_field *field = &plan->fields.fields[index];
	const struct spec_vary *vary = field->value->vary;
	const struct wire_field *source = source_row(plan->spec, field);
	const struct view_field *row =
		view_field_find(&view->layers[vary->same_layer].header, source->name);
	struct wire_value value;

	if (!row || (row->automatic && (row->field->rule == WIRE_LENGTH ||
					       row->field->rule == WIRE_CHECKSUM))) {
		err_input(err, NULL,
			row ? "%s is computed; only what is given or varies can be followed"
			    : "there is no %s here to be the same as",
			source->name);
		return vary_refuse(field, err);
	}
	value = view_value(view, row);
	plan->first[index] =
		composed(arena, field, follower_width(field, row->width), row->field, &value);
	return 0;
}

/* Sets a value that follows another, and those that this one follows before it. */
static void follow_one(struct arena *arena, const struct vary_plan *plan, unsigned int index,
	struct wire_value *values)
{
	const struct vary_field *field = &plan->fields.fields[index];
	int source = plan->parts[index].follows;
	const struct wire_field *from;

	if (source < 0)
		return;
	follow_one(arena, plan, (unsigned int)source, values);
	from = plan->fields.fields[source].field;
	values[index] = composed(arena, field,
		follower_width(field, wire_value_width(from, &values[source])), from,
		&values[source]);
}

static void follow(struct arena *arena, const struct vary_plan *plan, struct wire_value *values)
{
	for (unsigned int i = 0; i < plan->fields.count; i++)
		follow_one(arena, plan, i, values);
}

void vary_plan_settle(struct arena *arena, const struct vary_plan *plan, struct wire_value *values,
	uint32_t size, struct frame_spec *ret)
{
	follow(arena, plan, values);
	vary_settle(arena, plan->spec, values, size, ret);
}

/* ---- sizes ---- */

bool vary_is_stretched(const struct vary_plan *plan, const struct vary_field *field)
{
	return plan->spec->size.mode != SPEC_SIZE_OWN &&
	       field->layer == vary_payload_layer(plan->spec) &&
	       field->record->type == &wire_payload.header;
}

static int refuse_size(const struct frame_spec *spec, struct err *err)
{
	const struct position *at = &spec->size.vary.at;

	return err_locate(err, at->file ? at : &spec->at,
		spec->size.mode == SPEC_SIZE_FRAME ? "frame-size" : "payload.size");
}

/* A size of the template as a length of the payload. */
static int payload_size(const struct vary_plan *plan, uint64_t size, uint32_t *ret, struct err *err)
{
	const struct frame_spec *spec = plan->spec;
	bool frame = spec->size.mode == SPEC_SIZE_FRAME;
	uint32_t least = frame ? plan->around + FCS_LENGTH : 0;
	uint32_t most = FRAME_LENGTH_MAX - plan->around + least;

	if (frame && spec->pad.mode == SPEC_PAD_AUTO && size < LENGTH_MIN + FCS_LENGTH)
		err_input(err, NULL,
			"%llu octets are below %d, up to which frames are padded; pad: none keeps "
			"them short",
			(unsigned long long)size, LENGTH_MIN + FCS_LENGTH);
	else if (size < least)
		err_input(err, NULL,
			"%llu octets are too few: without payload%s, and with FCS, the frame has "
			"%u",
			(unsigned long long)size,
			spec->count && wire_is_signature(spec->layers[spec->count - 1].protocol)
				? " but the signature"
				: "",
			least);
	else if (size > most)
		err_input(err, NULL, "%llu octets are too many (at most %u)",
			(unsigned long long)size, most);
	else {
		*ret = (uint32_t)size - least;
		return 0;
	}
	return refuse_size(spec, err);
}

/* The sizes of a range or list, each once a turn of it, checked. */
static int plan_sizes(struct arena *arena, struct vary_plan *plan, struct err *err)
{
	const struct spec_vary *vary = &plan->spec->size.vary;
	bool list = vary->kind == VARY_LIST;
	bool down = vary->kind == VARY_DEC;
	uint64_t low = down ? vary->last.number : vary->first.number;
	uint64_t high = down ? vary->first.number : vary->last.number;
	uint64_t step = vary->kind == VARY_INC || down ? vary->step : 1;
	uint64_t count = list ? vary->count : 0;

	if (vary->kind == VARY_SAME_AS || vary->part || (list ? !count : low > high || !step)) {
		err_input(err, NULL, "a size is a number, a range that is not empty, or a list");
		return refuse_size(plan->spec, err);
	}
	if (!list)
		count = high - low > FRAME_LENGTH_MAX + 2ULL * FCS_LENGTH ? 1
									  : (high - low) / step + 1;
	if (count > VARY_IMAGES_MAX) {
		err_input(err, NULL, "a list of %llu sizes (at most %u)", (unsigned long long)count,
			VARY_IMAGES_MAX);
		return refuse_size(plan->spec, err);
	}
	plan->sizes = arena_alloc(arena, count * sizeof(*plan->sizes));
	plan->size_count = (unsigned int)count;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t size = list   ? vary->values[i].number
				: down ? high - i * step
				       : low + i * step;
		int status = payload_size(plan, size, &plan->sizes[i], err);

		if (status)
			return status;
	}
	plan->size_first = plan->sizes[0];
	/* Of a range that is too long to have been walked, the end that is wrong. */
	return list ? 0 : payload_size(plan, high, &(uint32_t){ 0 }, err);
}

/* What stands around the payload, from a frame that has any. */
static void measure(const struct vary_plan *plan, const struct frame_view *view, uint32_t *ret)
{
	unsigned int payload = vary_payload_layer(plan->spec);
	const struct view_layer *last = payload < view->count ? &view->layers[payload] : NULL;
	bool pad =
		plan->spec->pad.mode == SPEC_PAD_COUNT || plan->spec->pad.mode == SPEC_PAD_OCTETS;

	*ret = view->pad_offset + (pad ? view->pad_length : 0);
	if (last && last->protocol == &wire_payload)
		*ret -= last->header.length;
}

/* ---- all ---- */

/* Followers of what does not vary, and sizes, are known from a frame that is built without them. */
static int plan_from_build(struct arena *arena, struct vary_plan *plan, struct err *err)
{
	bool sized = plan->spec->size.mode != SPEC_SIZE_OWN;
	struct frame_spec settled;
	struct frame_view view;
	int status;

	vary_settle(arena, plan->spec, plan->first, sized ? 0 : VARY_SIZE_OWN, &settled);
	status = frame_build_settled(arena, &settled, &view, err);
	for (unsigned int i = 0; !status && i < plan->fields.count; i++)
		if (plan->parts[i].source < 0 && plan->parts[i].follows < 0)
			status = constant_source(arena, plan, i, &view, err);
	if (status || !sized)
		return status;
	measure(plan, &view, &plan->around);
	return plan_sizes(arena, plan, err);
}

/* A follower before its source's value is known: zeros. */
static struct wire_value follower_blank(
	struct arena *arena, const struct vary_plan *plan, const struct vary_field *field)
{
	const struct wire_field *source = source_row(plan->spec, field);

	return composed(
		arena, field, follower_width(field, source ? source->width : 0), NULL, NULL);
}

static int plan_fields(
	struct arena *arena, struct vary_plan *plan, bool *ret_constants, struct err *err)
{
	int status = 0;

	for (unsigned int i = 0; !status && i < plan->fields.count; i++) {
		const struct vary_field *field = &plan->fields.fields[i];
		bool follows = field->value->vary->kind == VARY_SAME_AS;

		plan->parts[i] = (struct vary_part){ .of = field, .follows = -1 };
		plan->first[i] =
			follows ? follower_blank(arena, plan, field) : first_value(arena, field);
		if (follows)
			status = find_source(plan, field, &plan->parts[i], err);
	}
	for (unsigned int i = 0; !status && i < plan->fields.count; i++) {
		status = find_root(plan, i, &plan->parts[i].source, err);
		*ret_constants |= plan->parts[i].source < 0;
	}
	return status;
}

int vary_plan(
	struct arena *arena, const struct frame_spec *spec, struct vary_plan *ret, struct err *err)
{
	struct vary_plan plan = { .spec = spec, .size_first = VARY_SIZE_OWN };
	bool constants = false;
	int status = vary_collect(arena, spec, &plan.fields, err);

	if (status)
		return status;
	plan.parts = arena_alloc(arena, plan.fields.count * sizeof(*plan.parts));
	plan.first = arena_alloc(arena, plan.fields.count * sizeof(*plan.first));
	status = plan_fields(arena, &plan, &constants, err);
	if (!status && (constants || spec->size.mode != SPEC_SIZE_OWN))
		status = plan_from_build(arena, &plan, err);
	if (status)
		return status;
	follow(arena, &plan, plan.first);
	*ret = plan;
	return 0;
}
