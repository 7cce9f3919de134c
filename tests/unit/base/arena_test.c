/* Arenas: memory that lives and dies together. */
#include "base/arena.h"

#include "../../support/random.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
	struct arena arena;
	unsigned char *piece[500];
	size_t size[500];
	uint64_t seed = 3;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < 500; i++) {
		size[i] = support_random_below(&seed, i % 50 ? 300 : 40000);
		piece[i] = arena_alloc(&arena, size[i]);
		assert_int_equal((uintptr_t)piece[i] % alignof(max_align_t), 0);
		for (size_t k = 0; k < size[i]; k++)
			assert_int_equal(piece[i][k], 0);
		memset(piece[i], (int)i, size[i]);
	}
	for (size_t i = 0; i < 500; i++)
		for (size_t k = 0; k < size[i]; k++)
			assert_int_equal(piece[i][k], (unsigned char)i);
	arena_fini(&arena);
}

static void memory_is_zero_again_after_a_reset(void **state)
{
	struct arena arena;
	unsigned char *first;
	unsigned char *second;

	(void)state;
	arena_init(&arena);
	arena_reset(&arena);
	first = arena_alloc(&arena, 100);
	memset(first, 0xff, 100);
	arena_reset(&arena);
	second = arena_alloc(&arena, 100);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(second[i], 0);
	arena_fini(&arena);
	assert_null(arena.chunks);
}

static void copies_and_texts_are_their_own(void **state)
{
	struct arena arena;
	char source[] = "0123456789";
	const char *copy;
	const char *part;

	(void)state;
	arena_init(&arena);
	copy = arena_copy(&arena, source, sizeof(source));
	part = arena_strndup(&arena, source + 2, 3);
	source[2] = 'x';
	assert_string_equal(copy, "0123456789");
	assert_string_equal(part, "234");
	assert_string_equal(arena_printf(&arena, "%s-%d", part, 7), "234-7");
	assert_string_equal(arena_strndup(&arena, source, 0), "");
	arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
		cmocka_unit_test(memory_is_zero_again_after_a_reset),
		cmocka_unit_test(copies_and_texts_are_their_own),
	};

	return cmocka_run_group_tests_name("base/arena", tests, NULL, NULL);
}
