/* Octets or text that grow at the end. */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buffer_fini(struct buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct buffer){ 0 };
}

void buffer_clear(struct buffer *buffer)
{
	buffer->length = 0;
	if (buffer->data)
		buffer->data[0] = '\0';
}

/* Makes room for length more octets and the closing zero. */
static void reserve(struct buffer *buffer, size_t length)
{
	size_t need;
	size_t capacity = buffer->capacity ? buffer->capacity : 64;

	if (length > SIZE_MAX / 4 - buffer->length)
		abort();
	need = buffer->length + length + 1;
	if (need <= buffer->capacity)
		return;
	while (capacity < need)
		capacity *= 2;
	buffer->data = realloc(buffer->data, capacity);
	if (!buffer->data)
		abort();
	buffer->capacity = capacity;
}

void buffer_put(struct buffer *buffer, const void *data, size_t length)
{
	reserve(buffer, length);
	if (length)
		memcpy(buffer->data + buffer->length, data, length);
	buffer->length += length;
	buffer->data[buffer->length] = '\0';
}

void buffer_put_zeros(struct buffer *buffer, size_t length)
{
	reserve(buffer, length);
	memset(buffer->data + buffer->length, 0, length + 1);
	buffer->length += length;
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0)
		abort();
	reserve(buffer, (size_t)length);
	va_start(args, format);
	vsnprintf((char *)buffer->data + buffer->length, (size_t)length + 1, format, args);
	va_end(args);
	buffer->length += (size_t)length;
}

const char *buffer_text(const struct buffer *buffer)
{
	return buffer->data ? (const char *)buffer->data : "";
}
