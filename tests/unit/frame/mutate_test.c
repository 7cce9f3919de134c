/* frame_mutate: every shipped frame made wrong in every way, again the same from seed and index. */
#include "../../support/random.h"
#include "base/arena.h"
#include "frame/build.h"
#include "frame/mutate.h"
#include "template/template.h"

#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Frames made of each template's frame; PKTSMITH_MUTATIONS says another number. */
#define MUTATIONS_DEFAULT 200

struct shipped {
	struct arena arena;   /* of the templates */
	struct arena scratch; /* of one frame */
	struct arena again;
	struct frame_view *views;
	const struct frame_spec **specs;
	size_t count;
};

static void read_shipped(struct shipped *s)
{
	struct err err;
	glob_t paths;

	memset(s, 0, sizeof(*s));
	arena_init(&s->arena);
	arena_init(&s->scratch);
	arena_init(&s->again);
	assert_int_equal(glob("frames/*/*.yaml", 0, NULL, &paths), 0);
	s->views = arena_alloc(&s->arena, paths.gl_pathc * 16 * sizeof(*s->views));
	s->specs = arena_alloc(&s->arena, paths.gl_pathc * 16 * sizeof(*s->specs));
	for (size_t i = 0; i < paths.gl_pathc; i++) {
		struct template_options options = { .resolver = &resolver_placeholder };
		struct template template;

		if (template_read_file(&s->arena, arena_printf(&s->arena, "%s", paths.gl_pathv[i]),
			    &options, &template, &err))
			fail_msg("%s", err.text);
		for (unsigned int j = 0; j < template.count && j < 16; j++) {
			s->specs[s->count] = &template.frames[j];
			if (frame_build(&s->arena, &template.frames[j], &s->views[s->count], &err))
				fail_msg("%s: %s", paths.gl_pathv[i], err.text);
			s->count++;
		}
	}
	globfree(&paths);
	assert_true(s->count > 50);
}

static void forget_shipped(struct shipped *s)
{
	arena_fini(&s->again);
	arena_fini(&s->scratch);
	arena_fini(&s->arena);
}

static bool same_octets(const struct frame_view *a, const struct frame_view *b)
{
	return a->length == b->length && !memcmp(a->octets, b->octets, a->length) &&
	       !memcmp(a->fcs_octets, b->fcs_octets, FCS_LENGTH);
}

/* What holds of any mutated frame. */
static void hold(struct shipped *s, const struct mutate_config *config, size_t number,
	uint64_t index, uint64_t *kinds)
{
	const struct frame_view *base = &s->views[number];
	const struct spec_fcs *fcs = &s->specs[number]->fcs;
	uint32_t most = base->length > MUTATE_LENGTH_MAX ? base->length : MUTATE_LENGTH_MAX;
	struct mutated mutated;
	struct mutated again;
	struct frame_view read;

	arena_reset(&s->scratch);
	arena_reset(&s->again);
	frame_mutate(&s->scratch, config, base, fcs, index, &mutated);
	frame_mutate(&s->again, config, base, fcs, index, &again);
	assert_true(same_octets(&mutated.view, &again.view));
	assert_int_equal(mutated.count, again.count);
	for (unsigned int i = 0; i < mutated.count; i++) {
		assert_string_equal(mutated.mutations[i].text, again.mutations[i].text);
		kinds[mutated.mutations[i].kind]++;
	}
	if (mutated.count == 1)
		assert_false(same_octets(&mutated.view, base));
	if (base->length >= MUTATE_LENGTH_MIN)
		assert_in_range(mutated.view.length, MUTATE_LENGTH_MIN, most);
	/* The octets alone, at their very end: what is read beyond them is seen by ASan. */
	frame_dissect(&s->scratch, &wire_eth,
		arena_copy(&s->again, mutated.view.octets, mutated.view.length),
		mutated.view.length, DISSECT_FCS_GUESS, &read);
	view_check(&mutated.view);
}

static void every_frame_is_a_function_of_seed_and_index(void **state)
{
	struct shipped s;
	uint64_t kinds[MUTATE_KINDS] = { 0 };

	(void)state;
	read_shipped(&s);
	for (size_t i = 0; i < s.count; i++) {
		for (uint64_t index = 0;
			index < support_asked("PKTSMITH_MUTATIONS", MUTATIONS_DEFAULT); index++) {
			struct mutate_config config = { .seed = i,
				.count = 1 + (unsigned int)(index % 5 == 4) * 3 };

			hold(&s, &config, i, index, kinds);
		}
	}
	for (int kind = 0; kind < MUTATE_KINDS; kind++)
		if (!kinds[kind])
			fail_msg("no frame has: %s", mutate_kind_names[kind]);
	forget_shipped(&s);
}

static void another_seed_or_index_is_another_frame(void **state)
{
	struct shipped s;
	unsigned int same = 0;

	(void)state;
	read_shipped(&s);
	for (uint64_t index = 0; index < 100; index++) {
		struct mutate_config config = { .seed = 1, .count = 1 };
		struct mutate_config other = { .seed = 2, .count = 1 };
		struct mutated a, b, c;

		arena_reset(&s.scratch);
		frame_mutate(&s.scratch, &config, &s.views[0], &s.specs[0]->fcs, index, &a);
		frame_mutate(&s.scratch, &config, &s.views[0], &s.specs[0]->fcs, index + 1, &b);
		frame_mutate(&s.scratch, &other, &s.views[0], &s.specs[0]->fcs, index, &c);
		same += same_octets(&a.view, &b.view) + same_octets(&a.view, &c.view);
	}
	/* Of the few values of a flag, two draws may be the same. */
	assert_in_range(same, 0, 40);
	forget_shipped(&s);
}

/* The layers of a mutated frame that are there in the one that was meant, one by one. */
static void what_is_not_chosen_stays_as_it_is(void **state)
{
	struct shipped s;
	struct mutate_config config = { .seed = 3, .count = 2 };
	unsigned int met = 0;
	struct err err;

	(void)state;
	read_shipped(&s);
	assert_int_equal(mutate_targets_parse(&s.arena, "ipv4.ttl,udp.dport", &config, &err), 0);
	for (size_t i = 0; i < s.count; i++) {
		const struct frame_view *base = &s.views[i];

		for (uint64_t index = 0; index < 10; index++) {
			struct mutated mutated;

			arena_reset(&s.scratch);
			frame_mutate(&s.scratch, &config, base, &s.specs[i]->fcs, index, &mutated);
			if (!mutated.count)
				assert_true(same_octets(&mutated.view, base));
			met += mutated.count > 0;
			assert_int_equal(mutated.view.length, base->length);
			for (unsigned int j = 0; mutated.count && j < mutated.view.count; j++) {
				const struct view_record *header = &mutated.view.layers[j].header;

				for (unsigned int k = 0; k < header->count; k++) {
					const struct view_field *row = &header->fields[k];
					const char *name = row->field->name;

					if (row->changed && strcmp(name, "ttl") != 0 &&
						strcmp(name, "dport") != 0 &&
						row->field->rule != WIRE_CHECKSUM)
						fail_msg("%s.%s changed: %s", header->type->name,
							name, mutated.mutations[0].text);
				}
			}
		}
	}
	assert_true(met > 100);
	forget_shipped(&s);
}

static void read_frame(struct arena *arena, const char *text, struct frame_view *ret)
{
	struct template_options options = { .resolver = &resolver_placeholder };
	struct template template;
	struct err err;

	if (template_read_expressions(arena, &text, 1, &options, &template, &err) ||
		frame_build(arena, &template.frames[0], ret, &err))
		fail_msg("%s", err.text);
}

/* Other rows are there for another type: those that were given give way. */
static void a_row_that_others_hang_on_is_mutated_too(void **state)
{
	const struct spec_fcs fcs = { .mode = SPEC_FCS_AUTO };
	struct mutate_config config = { .seed = 1, .count = 1 };
	unsigned int without = 0;
	struct frame_view base;
	struct arena arena;
	struct err err;

	(void)state;
	arena_init(&arena);
	read_frame(&arena,
		"eth(dst=02:00:00:00:00:02)/ipv4(dst=10.0.0.2)/icmp(id=7,seq=9)/\"abcdefgh\"",
		&base);
	assert_int_equal(mutate_targets_parse(&arena, "icmp.type", &config, &err), 0);
	for (uint64_t index = 0; index < 100; index++) {
		struct mutated mutated;

		frame_mutate(&arena, &config, &base, &fcs, index, &mutated);
		assert_int_equal(mutated.count, 1);
		without += !view_field_find(&mutated.view.layers[2].header, "id");
	}
	assert_true(without > 50);
	arena_fini(&arena);
}

static const struct view_field *field_of(
	const struct frame_view *view, unsigned int layer, const char *name)
{
	return view_field_find(&view->layers[layer].header, name);
}

/* Of two layers that are there twice or change places, half are named by the numbers as they were.
 */
static void layers_that_move_are_named_rightly_or_as_before(void **state)
{
	const struct spec_fcs fcs = { .mode = SPEC_FCS_AUTO };
	struct mutate_config config = { .seed = 1, .count = 1 };
	unsigned int right = 0;
	unsigned int before = 0;
	struct frame_view base;
	struct arena arena;
	struct err err;

	(void)state;
	arena_init(&arena);
	read_frame(&arena,
		"eth(dst=02:00:00:00:00:02)/vlan(id=7)/ipv4(dst=10.0.0.2)/udp(dport=9)/"
		"\"abcdefgh\"",
		&base);
	assert_int_equal(mutate_targets_parse(&arena, "vlan", &config, &err), 0);
	for (uint64_t index = 0; index < 300; index++) {
		struct mutated mutated;
		uint64_t type;

		frame_mutate(&arena, &config, &base, &fcs, index, &mutated);
		assert_int_equal(mutated.count, 1);
		if (mutated.mutations[0].kind != MUTATE_LAYER_DUPLICATED)
			continue;
		type = view_value(&mutated.view, field_of(&mutated.view, 1, "type")).number;
		right += type == 0x8100;
		before += type == 0x0800;
	}
	assert_true(right > 5);
	assert_true(before > 5);
	arena_fini(&arena);
}

static void names_that_no_table_has_are_refused(void **state)
{
	static const char *const wrong[] = { "", "ipx", "ipv4,", "tcp.", "tcp.ports", ".ttl",
		"ipv4.ttl udp" };
	struct mutate_config config = { 0 };
	struct arena arena;
	struct err err;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(mutate_targets_parse(&arena, wrong[i], &config, &err), -EINVAL);
		assert_int_equal(config.target_count, 0);
	}
	assert_int_equal(mutate_targets_parse(&arena, "ipv4,tcp.options", &config, &err), 0);
	assert_int_equal(config.target_count, 2);
	assert_string_equal(config.targets[1].field, "options");
	arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_frame_is_a_function_of_seed_and_index),
		cmocka_unit_test(another_seed_or_index_is_another_frame),
		cmocka_unit_test(what_is_not_chosen_stays_as_it_is),
		cmocka_unit_test(a_row_that_others_hang_on_is_mutated_too),
		cmocka_unit_test(layers_that_move_are_named_rightly_or_as_before),
		cmocka_unit_test(names_that_no_table_has_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
