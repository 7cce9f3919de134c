/* arena.h: memory that lives and dies together, such as all of one template or one dissected frame.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks;
};

/* Caller's storage. arena_reset keeps the first chunk for the next round; arena_fini frees all. */
void arena_init(struct arena *arena);
void arena_reset(struct arena *arena);
void arena_fini(struct arena *arena);

/*
 * Zeroed memory aligned for any type, alive until reset or fini. Never NULL: a system out of memory
 * aborts the program, here and in buffer.h and nowhere else; every size that comes from input is
 * bounded before it is asked for.
 */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, returns_nonnull));
void *arena_copy(struct arena *arena, const void *data, size_t size)
	__attribute__((returns_nonnull));
char *arena_strndup(struct arena *arena, const char *text, size_t length)
	__attribute__((returns_nonnull));
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull));

#endif
