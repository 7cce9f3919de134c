/* frame_compile: fields that vary, one frame after the other. */
#include "../../support/spec_text.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "frame/compile.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define UDP                                                                                 \
	"eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)/ipv4(src=10.0.0.1,dst=10.0.0.2)/" \
	"udp(sport=1,dport=9)/payload(data=00000000)"

struct single {
	struct arena arena;
	struct frame_spec spec;
	struct frame_compiled compiled;
	struct patch_runner runner;
	struct err err;
};

static void single_begin(struct single *single, const char *text)
{
	*single = (struct single){ .spec = { 0 } };
	arena_init(&single->arena);
	support_spec(&single->arena, text, &single->spec);
}

static struct spec_vary *single_vary(struct single *single, unsigned int layer, const char *field,
	enum vary_kind kind, uint64_t first, uint64_t last)
{
	struct spec_record *record = &single->spec.layers[layer].header;
	struct spec_value *value = &record->values[wire_field_find(record->type, field)];
	struct spec_vary *vary = arena_alloc(&single->arena, sizeof(*vary));

	vary->kind = kind;
	vary->step = 1;
	vary->first.number = first;
	vary->last.number = last;
	value->state = SPEC_VARIES;
	value->vary = vary;
	return vary;
}

static void single_compile(struct single *single, enum fcs_way way)
{
	assert_return_code(frame_compile(&single->arena, &single->spec, 1, &way, 1,
				   &single->compiled, &single->err),
		0);
	assert_return_code(patch_runner_init(&single->runner, &single->compiled.program, 2), 0);
}

static const struct patch_slot *single_frame(struct single *single, uint64_t index)
{
	struct patch_slot *slot = &single->runner.slots[index % 2];

	patch_runner_make(&single->runner, index, slot);
	return slot;
}

static void single_end(struct single *single)
{
	patch_runner_fini(&single->runner);
	arena_fini(&single->arena);
}

static unsigned int port(const struct patch_slot *slot, unsigned int offset)
{
	return (unsigned int)(slot->octets[offset] << 8 | slot->octets[offset + 1]);
}

static void each_cycle_steps_when_the_field_before_has_had_all_its_values(void **state)
{
	static const unsigned int wanted[][2] = { { 1, 8 }, { 2, 8 }, { 3, 8 }, { 1, 9 }, { 2, 9 },
		{ 3, 9 }, { 1, 8 } };
	struct single single;

	(void)state;
	single_begin(&single, UDP);
	single_vary(&single, 2, "sport", VARY_INC, 1, 3);
	single_vary(&single, 2, "dport", VARY_INC, 8, 9)->cycle = true;
	single_compile(&single, FCS_NIC);
	for (unsigned int i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		const struct patch_slot *slot = single_frame(&single, i);

		assert_int_equal(port(slot, 34), wanted[i][0]);
		assert_int_equal(port(slot, 36), wanted[i][1]);
	}
	single_end(&single);
}

/* It has no generator, and all its values each turn. */
static void a_field_of_one_value_lets_the_next_step_each_turn(void **state)
{
	struct single single;

	(void)state;
	single_begin(&single, UDP);
	single_vary(&single, 2, "sport", VARY_INC, 5, 5);
	single_vary(&single, 2, "dport", VARY_INC, 1, 3)->cycle = true;
	single_compile(&single, FCS_NIC);
	for (unsigned int i = 0; i < 20; i++) {
		const struct patch_slot *slot = single_frame(&single, i);

		assert_int_equal(port(slot, 34), 5);
		assert_int_equal(port(slot, 36), 1 + i % 3);
	}
	single_end(&single);
}

/* Words of 64 bits are drawn apart: no octets come again within the frame. */
static void every_word_of_random_octets_is_another(void **state)
{
	static const uint8_t zeros[24];
	uint8_t ones[24];
	struct single single;
	struct spec_vary *all;

	(void)state;
	memset(ones, 0xff, sizeof(ones));
	single_begin(&single, UDP);
	all = single_vary(&single, 3, "data", VARY_RANDOM, 0, 0);
	all->first = (struct wire_value){ .octets = zeros, .length = sizeof(zeros) };
	all->last = (struct wire_value){ .octets = ones, .length = sizeof(ones) };
	single_compile(&single, FCS_NIC);
	for (unsigned int i = 0; i < 100; i++) {
		const uint8_t *octets = single_frame(&single, i)->octets + 42;

		assert_memory_not_equal(octets, octets + 8, 8);
		assert_memory_not_equal(octets, octets + 16, 8);
		assert_memory_not_equal(octets + 8, octets + 16, 8);
	}
	single_end(&single);
}

static void a_field_is_the_same_as_another_from_frame_to_frame(void **state)
{
	struct single single;
	struct spec_vary *same;

	(void)state;
	single_begin(&single, UDP);
	single_vary(&single, 2, "sport", VARY_SHUFFLE, 1000, 2000);
	same = single_vary(&single, 1, "id", VARY_SAME_AS, 0, 0);
	same->same_layer = 2;
	same->same_field = 0;
	single_compile(&single, FCS_NIC);
	for (unsigned int i = 0; i < 100; i++) {
		const struct patch_slot *slot = single_frame(&single, i);

		assert_int_equal(port(slot, 18), port(slot, 34));
		assert_in_range(port(slot, 34), 1000, 2000);
	}
	single_end(&single);
}

/* IEEE 802.3 3.2.6: up to 1500 it is a length, which ends the payload; from 1536 on it is written
 * over one frame. */
static void a_type_that_may_be_a_length_has_an_image_for_each_value(void **state)
{
	static const struct {
		enum vary_kind kind;
		uint64_t first, last;
		unsigned int images;
	} rows[] = {
		{ VARY_INC, 1500, 1502, 3 },
		{ VARY_DEC, 1502, 1500, 3 },
		{ VARY_INC, 1501, 1600, 1 },
		{ VARY_DEC, 1600, 1501, 1 },
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct single single;

		single_begin(&single,
			"eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)/payload(data=00000000)");
		single_vary(&single, 0, "type", rows[i].kind, rows[i].first, rows[i].last);
		single_compile(&single, FCS_NIC);
		assert_int_equal(
			single.compiled.program.frames[0].varying->image_count, rows[i].images);
		assert_int_equal(port(single_frame(&single, 1), 12),
			rows[i].first + (rows[i].kind == VARY_INC ? 1 : -1ULL));
		single_end(&single);
	}
}

static void an_imix_takes_three_images_for_twelve_turns(void **state)
{
	static const uint64_t sizes[] = { 64, 594, 64, 64, 594, 64, 1518, 64, 594, 64, 64, 594 };
	struct wire_value values[12] = { { 0 } };
	struct single single;

	(void)state;
	single_begin(&single, UDP);
	for (unsigned int i = 0; i < 12; i++)
		values[i].number = sizes[i];
	single.spec.size.mode = SPEC_SIZE_FRAME;
	single.spec.size.vary =
		(struct spec_vary){ .kind = VARY_LIST, .values = values, .count = 12 };
	single_compile(&single, FCS_REPLACE);
	assert_int_equal(single.compiled.program.frames[0].varying->image_count, 3);
	for (unsigned int i = 0; i < 24; i++) {
		assert_int_equal(single_frame(&single, i)->length, sizes[i % 12]);
		assert_int_equal(patch_program_length(&single.compiled.program, i), sizes[i % 12]);
	}
	single_end(&single);
}

static void a_udp_checksum_of_none_stays_none(void **state)
{
	struct single single;

	(void)state;
	single_begin(&single,
		"eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)/ipv4(src=10.0.0.1,dst=10.0.0.2)/"
		"udp(sport=1,dport=9,checksum=0)/payload(data=00000000)");
	single_vary(&single, 2, "sport", VARY_INC, 0, 65535);
	single_compile(&single, FCS_NIC);
	for (unsigned int i = 0; i < 65536; i++)
		assert_int_equal(port(single_frame(&single, i), 40), 0);
	single_end(&single);
}

static void a_computed_udp_checksum_of_zero_is_sent_as_all_ones(void **state)
{
	struct single single;
	unsigned int ones = 0;

	(void)state;
	single_begin(&single, UDP);
	single_vary(&single, 2, "sport", VARY_INC, 0, 65535);
	single_compile(&single, FCS_NIC);
	for (unsigned int i = 0; i < 65536; i++) {
		unsigned int checksum = port(single_frame(&single, i), 40);

		assert_int_not_equal(checksum, 0);
		ones += checksum == 0xffff;
	}
	/* One port of 65,535 brings the sum to all ones; 0 and ffff are the same to it. */
	assert_in_range(ones, 1, 2);
	single_end(&single);
}

static void an_fcs_of_ours_follows_and_a_bad_one_stays_bad(void **state)
{
	static const enum spec_fcs_mode modes[] = { SPEC_FCS_AUTO, SPEC_FCS_BAD };

	(void)state;
	for (unsigned int m = 0; m < 2; m++) {
		struct single single;

		single_begin(&single, UDP);
		single.spec.fcs.mode = modes[m];
		single_vary(&single, 2, "sport", VARY_RANDOM, 0, 65535);
		single_compile(&single, FCS_REPLACE);
		for (unsigned int i = 0; i < 100; i++) {
			const struct patch_slot *slot = single_frame(&single, i);
			uint8_t fcs[FCS_LENGTH];

			assert_int_equal(slot->length, 64);
			crc32_fcs(slot->octets, 60, fcs);
			assert_int_equal(!memcmp(slot->octets + 60, fcs, 4), m == 0);
		}
		single_end(&single);
	}
}

static void assert_refused(struct single *single, const char *text)
{
	assert_int_equal(frame_compile(&single->arena, &single->spec, 1, NULL, 1, &single->compiled,
				 &single->err),
		-EINVAL);
	assert_non_null(strstr(single->err.text, text));
	arena_fini(&single->arena);
}

static void what_cannot_vary_is_refused_at_its_place(void **state)
{
	static const struct position at = { "x.yaml", 3, 7 };
	struct spec_vary *part;
	struct single single;

	(void)state;
	single_begin(&single, UDP);
	single_vary(&single, 2, "sport", VARY_INC, 0, 65536)->at = at;
	assert_refused(&single, "x.yaml:3:7: udp.sport: 65536 does not fit in 16 bits");
	single_begin(&single, UDP);
	single_vary(&single, 2, "sport", VARY_INC, 2, 1)->at = at;
	assert_refused(&single, "x.yaml:3:7: udp.sport: the range runs backwards");
	single_begin(&single, UDP);
	single_vary(&single, 2, "sport", VARY_INC, 1, 2)->cycle = true;
	assert_refused(&single, "udp.sport: each: cycle waits");
	single_begin(&single, UDP);
	single_vary(&single, 2, "length", VARY_INC, 0, 65535);
	single_vary(&single, 1, "length", VARY_INC, 0, 1)->at = at;
	assert_refused(&single, "makes 131072 shapes (at most 65536)");
	single_begin(&single, UDP);
	part = single_vary(&single, 2, "sport", VARY_INC, 0, 1);
	part->part = true;
	part->high = 16;
	assert_refused(
		&single, "udp.sport: bits 0..16 are not in this field: at most 64 of bits 0 to 15");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_cycle_steps_when_the_field_before_has_had_all_its_values),
		cmocka_unit_test(a_field_of_one_value_lets_the_next_step_each_turn),
		cmocka_unit_test(every_word_of_random_octets_is_another),
		cmocka_unit_test(a_field_is_the_same_as_another_from_frame_to_frame),
		cmocka_unit_test(a_type_that_may_be_a_length_has_an_image_for_each_value),
		cmocka_unit_test(an_imix_takes_three_images_for_twelve_turns),
		cmocka_unit_test(a_udp_checksum_of_none_stays_none),
		cmocka_unit_test(a_computed_udp_checksum_of_zero_is_sent_as_all_ones),
		cmocka_unit_test(an_fcs_of_ours_follows_and_a_bad_one_stays_bad),
		cmocka_unit_test(what_cannot_vary_is_refused_at_its_place),
	};

	return cmocka_run_group_tests_name("frame/compile", tests, NULL, NULL);
}
