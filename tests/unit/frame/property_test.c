/* What holds for any frame: it is read as it was built, and any octets can be said as a spec. */
#include "../../support/random.h"
#include "../../support/random_frame.h"

#include "base/arena.h"
#include "frame/build.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_DEFAULT 100000
#define OCTETS_MAX    4096

/* PROPERTY_SEED repeats the one frame that failed, PROPERTY_COUNT makes more of them. */
struct trial {
	struct arena arena;
	uint64_t seed;
	uint64_t state;
};

/* Frame index of the run; its seed alone makes it again. */
static void trial_begin(struct trial *trial, uint64_t seed, uint64_t index)
{
	arena_reset(&trial->arena);
	trial->seed = seed + index;
	trial->state = trial->seed * 0x2545f4914f6cdd1dULL;
}

static void trial_fail(const struct trial *trial, const char *what)
{
	fail_msg("%s; again with PROPERTY_SEED=%" PRIu64 " PROPERTY_COUNT=1", what, trial->seed);
}

static void hold(const struct trial *trial, bool holds, const char *what)
{
	if (!holds)
		trial_fail(trial, what);
}

/* ---- comparing ---- */

static bool same_record(const struct view_record *a, const struct view_record *b)
{
	if (a->type != b->type || a->offset != b->offset || a->length != b->length ||
		a->count != b->count)
		return false;
	for (unsigned int i = 0; i < a->count; i++) {
		const struct view_field *x = &a->fields[i];
		const struct view_field *y = &b->fields[i];

		if (x->field != y->field || x->bit != y->bit || x->width != y->width ||
			x->check != y->check || x->expected != y->expected || x->count != y->count)
			return false;
		for (unsigned int j = 0; j < x->count; j++)
			if (!same_record(&x->items[j], &y->items[j]))
				return false;
	}
	return true;
}

static void same_view(
	const struct trial *trial, const struct frame_view *built, const struct frame_view *read)
{
	hold(trial, !read->fault, "a frame of ours is read without a fault");
	hold(trial, built->count == read->count, "as many layers are read as were built");
	hold(trial, built->length == read->length, "the length is read as built");
	hold(trial, built->pad_offset == read->pad_offset, "padding begins where it was put");
	hold(trial, built->pad_length == read->pad_length, "as much padding is read as was put");
	for (unsigned int i = 0; i < built->count; i++) {
		const struct view_layer *a = &built->layers[i];
		const struct view_layer *b = &read->layers[i];

		hold(trial, a->protocol == b->protocol, "each layer is of the protocol built");
		hold(trial, a->end == b->end && a->cut == b->cut, "each layer ends where built");
		hold(trial, same_record(&a->header, &b->header), "each field is read as built");
	}
}

/* Whether the row is what it is said to be when left out: of a port that of what follows, its
 * preset, or zero. */
static bool is_preset(struct arena *arena, const struct wire_field *field,
	const struct wire_protocol *next, const struct wire_value *value)
{
	struct wire_value preset = { 0 };
	uint64_t port;

	if (wire_is_port(field) && next && wire_protocol_number(next, field->space, &port))
		return value->number == port;
	if (field->preset) {
		assert_int_equal(wire_value_preset(arena, field, &preset), 0);
		return wire_value_equal(field, value, &preset);
	}
	for (size_t i = 0; i < value->length; i++)
		if (value->octets[i])
			return false;
	return wire_is_number(field) ? !value->number : true;
}

static bool stands(struct arena *arena, const struct view_field *row,
	const struct wire_value *value, const struct spec_value *spec,
	const struct wire_protocol *next, bool is_id)
{
	if (row->field->kind == WIRE_LIST)
		return true;
	if (spec->state == SPEC_GIVEN)
		return wire_value_equal(row->field, value, &spec->value);
	return is_id || row->field->rule != WIRE_FIXED || is_preset(arena, row->field, next, value);
}

/* Every value that was given stands in the frame, and presets where none was; items too. */
static bool holds_values(struct arena *arena, const struct frame_view *view,
	const struct view_record *record, const struct spec_record *spec,
	const struct wire_protocol *next, const struct wire_list *list)
{
	int id = list ? wire_item_id(list, spec->type) : -1;

	for (unsigned int i = 0; i < record->count; i++) {
		const struct view_field *row = &record->fields[i];
		const struct spec_value *given = &spec->values[row->field - spec->type->fields];
		struct wire_value value = view_value(view, row);

		if (!stands(arena, row, &value, given, next, row->field - spec->type->fields == id))
			return false;
		for (unsigned int j = 0; j < given->count; j++)
			if (!holds_values(arena, view, &row->items[j], &given->items[j], next,
				    row->field->list))
				return false;
	}
	return true;
}

static bool same_fcs(const struct frame_view *a, const struct frame_view *b)
{
	return !memcmp(a->fcs_octets, b->fcs_octets, FCS_LENGTH);
}

/* ---- properties ---- */

/* Whether a length or number that is right by itself was given all the same. */
static bool gives_too_much(const struct view_record *record, const struct spec_record *spec)
{
	for (unsigned int i = 0; i < record->count; i++) {
		const struct view_field *row = &record->fields[i];
		const struct spec_value *value = &spec->values[row->field - spec->type->fields];

		if (row->field->rule != WIRE_FIXED && row->check == VIEW_RIGHT &&
			value->state != SPEC_AUTO)
			return true;
	}
	return false;
}

/* Layers are layers again, not octets, and what comes right by itself is left out. */
static void said_short(struct trial *trial, const struct frame_view *read)
{
	struct frame_spec spec;

	frame_respec(&trial->arena, read, &spec);
	hold(trial, spec.count == read->count, "as many layers are said as were read");
	for (unsigned int i = 0; i < spec.count; i++)
		hold(trial, !gives_too_much(&read->layers[i].header, &spec.layers[i].header),
			"what is right by itself is left out");
}

static const uint8_t *with_fcs(struct arena *arena, const struct frame_view *view)
{
	uint8_t *octets = arena_alloc(arena, view->length + FCS_LENGTH);

	memcpy(octets, view->octets, view->length);
	memcpy(octets + view->length, view->fcs_octets, FCS_LENGTH);
	return octets;
}

static void read_as_built(struct trial *trial)
{
	struct frame_spec spec;
	struct frame_view built;
	struct frame_view read;
	struct err err = { 0 };

	support_random_frame(&trial->arena, &trial->state, SUPPORT_FRAME_CONSISTENT, &spec);
	if (frame_build(&trial->arena, &spec, &built, &err))
		trial_fail(trial, err.text);
	for (unsigned int i = 0; i < spec.count; i++)
		hold(trial,
			holds_values(&trial->arena, &built, &built.layers[i].header,
				&spec.layers[i].header,
				i + 1 < spec.count ? spec.layers[i + 1].protocol : NULL, NULL),
			"every value given, and every preset, stands in the frame");
	frame_dissect(
		&trial->arena, &wire_eth, built.octets, built.length, DISSECT_FCS_ABSENT, &read);
	same_view(trial, &built, &read);
	said_short(trial, &read);
	if (built.fcs == VIEW_FCS_NONE)
		return;
	frame_dissect(&trial->arena, &wire_eth, with_fcs(&trial->arena, &built),
		built.length + FCS_LENGTH,
		built.fcs == VIEW_FCS_RIGHT ? DISSECT_FCS_GUESS : DISSECT_FCS_PRESENT, &read);
	hold(trial, read.fcs == built.fcs && same_fcs(&built, &read), "the FCS is read as built");
	same_view(trial, &built, &read);
}

/* Every octet is in one layer, or in the padding. */
static void covered_once(const struct trial *trial, const struct frame_view *view)
{
	uint32_t at = 0;

	for (unsigned int i = 0; i < view->count; i++) {
		hold(trial, view->layers[i].header.offset == at, "a layer begins where one ended");
		at += view->layers[i].header.length;
	}
	hold(trial, at == view->pad_offset, "padding begins where the last layer ended");
	hold(trial, at + view->pad_length == view->length, "padding goes to the end");
}

static void built_again(
	struct trial *trial, const uint8_t *octets, size_t length, enum dissect_fcs fcs)
{
	struct frame_view read;
	struct frame_view built;
	struct frame_spec spec;
	struct err err = { 0 };

	frame_dissect(&trial->arena, &wire_eth, octets, length, fcs, &read);
	covered_once(trial, &read);
	frame_respec(&trial->arena, &read, &spec);
	if (frame_build(&trial->arena, &spec, &built, &err))
		trial_fail(trial, err.text);
	hold(trial, built.length == read.length, "a frame read and built again is as long");
	hold(trial, !read.length || !memcmp(built.octets, octets, read.length),
		"a frame read and built again has the same octets");
	hold(trial, read.fcs == VIEW_FCS_NONE || same_fcs(&built, &read),
		"a frame read and built again has the same FCS");
}

/* A frame with some octets changed, cut or put at its end. */
static size_t mutate(struct trial *trial, const struct frame_view *view, uint8_t *octets)
{
	size_t length = view->length < OCTETS_MAX ? view->length : OCTETS_MAX;
	unsigned int changes = (unsigned int)support_random_below(&trial->state, 4);

	memcpy(octets, view->octets, length);
	for (unsigned int i = 0; i < changes; i++)
		octets[support_random_below(&trial->state, length)] =
			(uint8_t)support_random(&trial->state);
	if (!support_random_below(&trial->state, 4))
		return support_random_below(&trial->state, length + 1);
	if (length < OCTETS_MAX - 8 && !support_random_below(&trial->state, 4)) {
		support_random_octets(&trial->state, octets + length, 8);
		return length + support_random_below(&trial->state, 9);
	}
	return length;
}

static void any_frame_is_built_again(struct trial *trial)
{
	struct frame_spec spec;
	struct frame_view view;
	uint8_t octets[OCTETS_MAX];
	size_t length;

	support_random_frame(&trial->arena, &trial->state,
		support_random_below(&trial->state, 2) ? SUPPORT_FRAME_WILD
						       : SUPPORT_FRAME_CONSISTENT,
		&spec);
	/* A wild frame may be refused: a value that is given for a field that is not there. */
	if (frame_build(&trial->arena, &spec, &view, NULL))
		return;
	length = mutate(trial, &view, octets);
	built_again(trial, octets, length,
		(enum dissect_fcs)support_random_below(&trial->state, DISSECT_FCS_ABSENT + 1));
}

static void any_octets_are_built_again(struct trial *trial)
{
	uint8_t octets[200];
	size_t length = support_random_below(&trial->state, sizeof(octets) + 1);

	support_random_octets(&trial->state, octets, length);
	/* Some known ethertype, that not all are a bare payload. */
	if (length >= 14 && support_random_below(&trial->state, 4)) {
		octets[12] = support_random_below(&trial->state, 2) ? 0x86 : 0x08;
		octets[13] = octets[12] == 0x86 ? 0xdd : 0x00;
	}
	built_again(trial, octets, length,
		(enum dissect_fcs)support_random_below(&trial->state, DISSECT_FCS_ABSENT + 1));
}

static void for_all(void (*property)(struct trial *trial), uint64_t count)
{
	struct trial trial;
	uint64_t seed = support_asked("PROPERTY_SEED", 1);

	count = support_asked("PROPERTY_COUNT", count);
	arena_init(&trial.arena);
	for (uint64_t i = 0; i < count; i++) {
		trial_begin(&trial, seed, i);
		property(&trial);
	}
	arena_fini(&trial.arena);
}

static void every_field_is_read_as_it_was_built(void **state)
{
	(void)state;
	for_all(read_as_built, COUNT_DEFAULT);
}

static void frames_changed_at_random_build_the_same_octets_again(void **state)
{
	(void)state;
	for_all(any_frame_is_built_again, COUNT_DEFAULT);
}

static void random_octets_build_the_same_octets_again(void **state)
{
	(void)state;
	for_all(any_octets_are_built_again, COUNT_DEFAULT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_read_as_it_was_built),
		cmocka_unit_test(frames_changed_at_random_build_the_same_octets_again),
		cmocka_unit_test(random_octets_build_the_same_octets_again),
	};

	return cmocka_run_group_tests_name("frame/property", tests, NULL, NULL);
}
