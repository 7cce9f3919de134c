/* json_reader.h: reads one JSON value that comes in pieces. */
#ifndef RENDER_JSON_READER_H
#define RENDER_JSON_READER_H

#include <stddef.h>

struct err;
struct json;
struct json_reader;

struct json_reader *json_reader_new(void);
void json_reader_free(struct json_reader *reader);

/*
 * 1: the value is whole, *ret is the caller's to json_free; what follows it is not looked at. 0:
 * more is to come. -EINVAL with *err: it is no JSON, RFC 8259, or is nested deeper than 32.
 */
int json_reader_feed(struct json_reader *reader, const void *text, size_t length, struct json **ret,
	struct err *err);

#endif
