/* buffer.h: octets or text that grow at the end. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stddef.h>
#include <stdint.h>

/* Caller's storage; {0} is an empty one. data[length] is always '\0' once something was put, so it
 * reads as a string too. */
struct buffer {
	uint8_t *data;
	size_t length;
	size_t capacity;
};

void buffer_fini(struct buffer *buffer);
void buffer_clear(struct buffer *buffer); /* length 0; the memory is kept */

/* Aborts when memory is out, as arena_alloc does. */
void buffer_put(struct buffer *buffer, const void *data, size_t length);
void buffer_put_zeros(struct buffer *buffer, size_t length);
void buffer_printf(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The text so far, "" when nothing was put. Borrowed; valid until the next put. */
const char *buffer_text(const struct buffer *buffer);

#endif
