/* The fragments of a datagram that varies are at each turn those of the datagram of that turn. */
#include "base/arena.h"
#include "frame/compile.h"
#include "frame/fragment.h"

#include "../../support/random.h"
#include "../../support/random_frame.h"
#include "../../support/random_vary.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ROUNDS 3000
#define TURNS  12

struct trial {
	struct arena arena;
	uint64_t state; /* of the random numbers */
	uint64_t seed;	/* of the trial */
	struct frame_compiled whole, pieces;
	struct patch_runner whole_runner, piece_runner;
	uint64_t compared; /* octets, all in all */
	uint64_t changed;  /* of them, those that another turn has otherwise */
};

static void hold(const struct trial *trial, bool good, const char *what)
{
	if (!good)
		fail_msg("round %llu: %s", (unsigned long long)trial->seed, what);
}

/* A payload long enough to be split, of which some may vary. */
static void add_payload(struct trial *trial, struct frame_spec *spec)
{
	size_t length = 40 + (size_t)support_random_below(&trial->state, 400);
	uint8_t *octets = arena_alloc(&trial->arena, length);
	struct spec_value *value;

	support_random_octets(&trial->state, octets, length);
	value = &spec_layer_add(spec, &trial->arena, &wire_payload)->header.values[0];
	value->state = SPEC_GIVEN;
	value->value = (struct wire_value){ .octets = octets, .length = length };
}

static struct fragmentation any_way(struct trial *trial)
{
	uint64_t *state = &trial->state;
	struct fragmentation how = {
		.mtu = 28 + support_random_below(state, 300),
		.order = (enum fragment_order)support_random_below(state, 3),
		.seed = support_random(state),
		.keep_df = true,
	};

	if (!support_random_below(state, 3))
		how.overlap = 8 * support_random_below(state, 4);
	else if (!support_random_below(state, 3))
		how.gap = 8 * support_random_below(state, 4);
	return how;
}

/* Of the fragment's headers, all but what tells it from the others; those are right. */
static void check_headers(struct trial *trial, const struct frame_view *piece,
	const struct frame_view *whole, const struct patch_slot *slot)
{
	struct frame_view view = *whole;

	view.octets = slot->octets;
	for (unsigned int i = 0; i + 1 < piece->count; i++) {
		const struct view_record *header = &piece->layers[i].header;

		for (unsigned int j = 0; j < header->count; j++) {
			const struct view_field *row = &header->fields[j];
			const struct view_field *other =
				view_field_find(&view.layers[i].header, row->field->name);
			struct wire_value a, b;

			if (row->automatic && row->field->rule == WIRE_CHECKSUM)
				hold(trial, row->check == VIEW_RIGHT, "a header's checksum");
			if (!row->varies)
				continue;
			hold(trial, other, "a field that varies is in both");
			a = view_value(piece, row);
			b = view_value(&view, other);
			hold(trial, wire_value_equal(row->field, &a, &b), row->field->name);
		}
	}
}

static void check_piece(struct trial *trial, unsigned int index, uint64_t turn)
{
	const struct compiled_frame *piece = &trial->pieces.frames[index];
	const struct patch_slot *whole = &trial->whole_runner.slots[0];
	struct patch_slot *slot = &trial->piece_runner.slots[turn % 2];
	uint64_t at = turn * trial->pieces.program.count + index;
	struct frame_view view, whole_view;
	const struct view_record *payload;

	patch_runner_make(&trial->piece_runner, at, slot);
	assert_int_equal(
		frame_compiled_view(&trial->arena, &trial->pieces, at, slot, &view, NULL), 0);
	assert_int_equal(
		frame_compiled_view(&trial->arena, &trial->whole, turn, whole, &whole_view, NULL),
		0);
	payload = &view.layers[view.count - 1].header;
	if (!piece->spec->fragment) /* it fits */
		return;
	hold(trial,
		!memcmp(slot->octets + payload->offset,
			whole->octets + piece->spec->fragment->start, payload->length),
		"a fragment has the octets of the datagram");
	trial->compared += payload->length;
	for (uint32_t i = 0; i < payload->length; i++)
		trial->changed += slot->octets[payload->offset + i] !=
				  piece->view.octets[payload->offset + i];
	check_headers(trial, &view, &whole_view, slot);
}

/* False where it is refused. */
static bool try_datagram(struct trial *trial)
{
	enum support_frame_style style =
		trial->seed % 4 ? SUPPORT_FRAME_CONSISTENT : SUPPORT_FRAME_WILD;
	struct frame_spec spec = { 0 };
	struct fragmentation how;
	struct frame_spec *specs = NULL;
	unsigned int count = 0;
	uint64_t seed = support_random(&trial->state);
	struct err err = { 0 };

	support_random_frame(&trial->arena, &trial->state, style, &spec);
	add_payload(trial, &spec);
	support_random_vary(&trial->arena, &trial->state, 4, &spec);
	spec.name = "t";
	how = any_way(trial);
	if (frame_compile(&trial->arena, &spec, 1, NULL, seed, &trial->whole, &err))
		return false;
	if (frame_fragment(&trial->arena, &spec, &how, &specs, &count, &err) ||
		frame_compile(&trial->arena, specs, count, NULL, seed, &trial->pieces, &err)) {
		hold(trial, err.kind == ERR_INPUT && err.text[0], "what cannot be split is said");
		return false;
	}
	assert_int_equal(patch_runner_init(&trial->whole_runner, &trial->whole.program, 1), 0);
	assert_int_equal(patch_runner_init(&trial->piece_runner, &trial->pieces.program, 2), 0);
	for (unsigned int i = 0; i < TURNS; i++) {
		uint64_t turn = i < 3 ? i : support_random(&trial->state) >> 16;

		patch_runner_make(&trial->whole_runner, turn, &trial->whole_runner.slots[0]);
		for (unsigned int j = 0; j < count && j < 6; j++)
			check_piece(trial, j, turn);
	}
	patch_runner_fini(&trial->whole_runner);
	patch_runner_fini(&trial->piece_runner);
	return true;
}

static void fragments_vary_as_their_datagram(void **state)
{
	const char *first = getenv("PROPERTY_SEED");
	struct trial trial = { .seed = first ? strtoull(first, NULL, 0) : 1 };
	unsigned int split = 0;

	(void)state;
	arena_init(&trial.arena);
	for (unsigned int i = 0; i < (first ? 1 : ROUNDS); i++, trial.seed++) {
		trial.state = trial.seed;
		split += try_datagram(&trial);
		arena_reset(&trial.arena);
	}
	arena_fini(&trial.arena);
	print_message("%u datagrams, %llu octets, %llu of them changed\n", split,
		(unsigned long long)trial.compared, (unsigned long long)trial.changed);
	if (!first) {
		assert_true(split > ROUNDS / 20);
		assert_true(trial.changed > ROUNDS);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(fragments_vary_as_their_datagram),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
