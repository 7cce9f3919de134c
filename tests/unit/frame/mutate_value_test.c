/* mutate_value: wrong values of every kind, within what a frame can hold. */
#include "base/arena.h"
#include "frame/mutate_value.h"

#include "../../support/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define DRAWS 2000
#define ROOM  24 /* octets that a value may grow by */

struct drawn {
	enum mutate_kind kind;
	struct wire_value value;
};

/* The values that a field gets in place of this one. */
static struct drawn *draws_of(struct arena *arena, const struct wire_field *field, uint32_t width,
	const struct wire_value *right)
{
	struct drawn *drawn = arena_alloc(arena, DRAWS * sizeof(*drawn));
	struct mutate_draw draw = { .key = 5 };

	for (unsigned int i = 0; i < DRAWS; i++)
		drawn[i].kind =
			mutate_value(arena, &draw, field, width, right, ROOM, &drawn[i].value);
	return drawn;
}

static unsigned int count_of(const struct drawn *drawn, enum mutate_kind kind)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < DRAWS; i++)
		count += drawn[i].kind == kind;
	return count;
}

static void a_number_s_boundaries_are_its_least_its_most_and_its_highest_bit(void **state)
{
	static const struct wire_field field = { .name = "id", .kind = WIRE_UINT, .width = 13 };
	static const uint64_t wanted[] = { 0, 1, 0x1fff, 0x1ffe, 0x1000, 0x0fff };
	const struct wire_value right = { .number = 100 };
	const struct drawn *drawn = draws_of(*state, &field, 13, &right);
	unsigned int seen = 0;

	for (unsigned int i = 0; i < DRAWS; i++) {
		unsigned int j = 0;

		assert_true(drawn[i].value.number <= 0x1fff);
		if (drawn[i].kind == MUTATE_NEAR)
			assert_true(drawn[i].value.number == 99 || drawn[i].value.number == 101);
		if (drawn[i].kind != MUTATE_BOUNDARY)
			continue;
		while (j < 6 && wanted[j] != drawn[i].value.number)
			j++;
		assert_true(j < 6);
		seen |= 1U << j;
	}
	assert_int_equal(seen, 0x3f);
	assert_true(count_of(drawn, MUTATE_NEAR) > DRAWS / 5);
	assert_true(count_of(drawn, MUTATE_RANDOM) > DRAWS / 5);
}

static void lengths_counts_and_checksums_are_called_wrong_ones(void **state)
{
	static const struct {
		enum wire_rule rule;
		enum mutate_kind kind;
		uint64_t some; /* one of what it becomes: half, half, the same turned over */
	} rows[] = {
		{ WIRE_LENGTH, MUTATE_LENGTH, 0x17 },
		{ WIRE_COUNT, MUTATE_COUNT, 0x17 },
		{ WIRE_CHECKSUM, MUTATE_CHECKSUM, 0xffd1 },
	};
	const struct wire_value right = { .number = 0x2e };

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct wire_field field = {
			.name = "x", .kind = WIRE_UINT, .width = 16, .rule = rows[i].rule
		};
		const struct drawn *drawn = draws_of(*state, &field, 16, &right);
		unsigned int found = 0;

		assert_int_equal(count_of(drawn, rows[i].kind), DRAWS);
		for (unsigned int j = 0; j < DRAWS; j++)
			found += drawn[j].value.number == rows[i].some;
		assert_true(found > DRAWS / 10);
	}
}

static void one_flag_is_turned_at_a_time(void **state)
{
	static const struct wire_field field = { .name = "flags", .kind = WIRE_FLAGS, .width = 9 };
	const struct wire_value right = { .number = 0x012 };
	const struct drawn *drawn = draws_of(*state, &field, 9, &right);
	uint64_t turned = 0;

	for (unsigned int i = 0; i < DRAWS; i++) {
		uint64_t change = drawn[i].value.number ^ 0x012;

		if (drawn[i].kind != MUTATE_FLAG)
			continue;
		assert_int_equal(__builtin_popcountll(change), 1);
		turned |= change;
	}
	assert_int_equal(turned, 0x1ff);
}

static void octets_grow_into_their_room_shrink_or_have_zeros(void **state)
{
	static const struct wire_field field = { .name = "data", .kind = WIRE_BYTES };
	static const uint8_t octets[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	const struct wire_value right = { .octets = octets, .length = 8 };
	const struct drawn *drawn = draws_of(*state, &field, 64, &right);
	size_t longest = 0;

	for (unsigned int i = 0; i < DRAWS; i++) {
		const struct wire_value *value = &drawn[i].value;

		longest = value->length > longest ? value->length : longest;
		switch (drawn[i].kind) {
		case MUTATE_OVERLONG:
			assert_in_range(value->length, 9, 8 + ROOM);
			assert_memory_equal(value->octets, octets, 8);
			break;
		case MUTATE_TRUNCATED:
			assert_in_range(value->length, 0, 7);
			assert_memory_equal(value->octets, octets, value->length);
			break;
		case MUTATE_ZEROS:
			assert_int_equal(value->length, 8);
			assert_non_null(memchr(value->octets, 0, 8));
			break;
		default:
			assert_int_equal(drawn[i].kind, MUTATE_RANDOM);
			assert_int_equal(value->length, 8);
		}
	}
	assert_int_equal(longest, 8 + ROOM);
	assert_true(count_of(drawn, MUTATE_TRUNCATED) > DRAWS / 10);
	assert_true(count_of(drawn, MUTATE_ZEROS) > DRAWS / 10);
	assert_true(count_of(drawn, MUTATE_RANDOM) > DRAWS / 10);
}

static void what_has_a_width_keeps_it(void **state)
{
	static const struct wire_field bytes = { .name = "data", .kind = WIRE_BYTES, .width = 64 };
	static const struct wire_field mac = { .name = "dst", .kind = WIRE_MAC, .width = 48 };
	static const uint8_t octets[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	const struct wire_value eight = { .octets = octets, .length = 8 };
	const struct wire_value six = { .octets = octets, .length = 6 };
	const struct drawn *drawn = draws_of(*state, &bytes, 64, &eight);

	for (unsigned int i = 0; i < DRAWS; i++)
		assert_int_equal(drawn[i].value.length, 8);
	drawn = draws_of(*state, &mac, 48, &six);
	for (unsigned int i = 0; i < DRAWS; i++)
		assert_int_equal(drawn[i].value.length, 6);
	assert_in_range(count_of(drawn, MUTATE_SPECIAL), DRAWS / 2, DRAWS - 1);
	assert_int_equal(count_of(drawn, MUTATE_SPECIAL) + count_of(drawn, MUTATE_RANDOM), DRAWS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_s_boundaries_are_its_least_its_most_and_its_highest_bit),
		cmocka_unit_test(lengths_counts_and_checksums_are_called_wrong_ones),
		cmocka_unit_test(one_flag_is_turned_at_a_time),
		cmocka_unit_test(octets_grow_into_their_room_shrink_or_have_zeros),
		cmocka_unit_test(what_has_a_width_keeps_it),
	};

	return cmocka_run_group_tests_name(
		"frame/mutate-value", tests, support_arena_setup, support_arena_teardown);
}
