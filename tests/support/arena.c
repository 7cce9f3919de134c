/* A test's arena. */
#include "arena.h"

#include "base/arena.h"

#include <stdlib.h>

int support_arena_setup(void **state)
{
	struct arena *arena = malloc(sizeof(*arena));

	if (!arena)
		return -1;
	arena_init(arena);
	*state = arena;
	return 0;
}

int support_arena_teardown(void **state)
{
	arena_fini(*state);
	free(*state);
	return 0;
}
