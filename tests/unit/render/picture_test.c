/* picture.h: values and names broken into the room there is. */
#include "render/picture.h"

#include "frames.h"
#include "../../support/arena.h"

/* The lines that the values make in this room, joined by '|'. */
static void breaks(struct arena *arena, const char *const values[PICTURE_VALUES], size_t limit,
	unsigned int max, const char *wanted)
{
	struct cell cell = { .values = { values[0], values[1], values[2] } };
	const char *lines[8];
	unsigned int count = picture_value(&cell, arena, limit, max, "...", lines);
	const char *text = "";

	assert_true(count <= max);
	for (unsigned int i = 0; i < count; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? "|" : "", lines[i]);
	assert_string_equal(text, wanted);
}

static void the_longest_value_that_fits_is_shown(void **state)
{
	static const char *const values[] = { "udp (17)", "udp", "17" };

	breaks(*state, values, 8, 1, "udp (17)");
	breaks(*state, values, 7, 1, "udp");
	breaks(*state, values, 2, 1, "17");
	breaks(*state, values, 8, 0, "");
}

static void a_value_is_broken_at_blanks_else_where_the_room_ends(void **state)
{
	static const char *const words[] = { "mss 1460, nop, nop", "mss 1460, nop, nop",
		"mss 1460, nop, nop" };
	static const char *const digits[] = { "0123456789abcdef", "0123456789abcdef",
		"0123456789abcdef" };

	breaks(*state, words, 10, 3, "mss 1460,|nop, nop");
	breaks(*state, words, 4, 4, "mss|1460|,|n...");
	breaks(*state, digits, 6, 3, "012345|6789ab|cdef");
	breaks(*state, digits, 6, 2, "012345|678...");
	breaks(*state, digits, 2, 1, "...");
}

static void a_name_that_is_cut_is_spelt_out_below(void **state)
{
	struct cell cells[2] = { { .name = "solicited", .wrong = "1" }, { .name = "id" } };
	const struct block block = { .cells = cells, .count = 2 };

	assert_string_equal(picture_name(&cells[0], *state, 3), "sol");
	assert_string_equal(picture_name(&cells[1], *state, 3), "id");
	assert_string_equal(picture_notes(&block, *state, 80)[0],
		"sol: solicited, solicited is wrong: 1 would be right");
	assert_string_equal(picture_notes(&block, *state, 40)[0], "sol: solicited,");
	assert_string_equal(
		picture_notes(&block, *state, 40)[1], "solicited is wrong: 1 would be right");
	assert_null(picture_notes(&block, *state, 40)[2]);
}

static void thousands_are_parted(void **state)
{
	assert_string_equal(picture_octets(*state, 1), "1 octet");
	assert_string_equal(picture_octets(*state, 999), "999 octets");
	assert_string_equal(picture_octets(*state, 1005), "1,005 octets");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_value_that_fits_is_shown),
		cmocka_unit_test(a_value_is_broken_at_blanks_else_where_the_room_ends),
		cmocka_unit_test(a_name_that_is_cut_is_spelt_out_below),
		cmocka_unit_test(thousands_are_parted),
	};

	return cmocka_run_group_tests_name(
		"render/picture", tests, support_arena_setup, support_arena_teardown);
}
