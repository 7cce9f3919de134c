/* fresh.h: the arena and the text that each test of render has for itself, and TEST(name), which
 * gives them to it. */
#ifndef TESTS_RENDER_FRESH_H
#define TESTS_RENDER_FRESH_H

#include "frames.h"

static struct arena arena;
static struct buffer out;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_fini(&arena);
	buffer_fini(&out);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
