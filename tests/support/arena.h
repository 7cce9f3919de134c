/* arena.h: for cmocka, an arena of its own for each test (or group), as its state. */
#ifndef SUPPORT_ARENA_H
#define SUPPORT_ARENA_H

int support_arena_setup(void **state);
int support_arena_teardown(void **state);

#endif
