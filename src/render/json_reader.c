/* Reads JSON that comes in pieces, over json-c's tokener. */
#include "render/json_reader.h"

#include "base/err.h"

#include <limits.h>
#include <stdlib.h>

#include <json-c/json_object.h>
#include <json-c/json_tokener.h>

#define DEPTH_MAX 32

struct json_reader {
	struct json_tokener *tokener;
};

struct json_reader *json_reader_new(void)
{
	struct json_reader *reader = calloc(1, sizeof(*reader));

	if (reader)
		reader->tokener = json_tokener_new_ex(DEPTH_MAX);
	if (!reader || !reader->tokener)
		abort(); /* out of memory, as arena.h has it */
	/* Its check of UTF-8 cannot bear a sequence that comes in two pieces. */
	json_tokener_set_flags(
		reader->tokener, JSON_TOKENER_STRICT | JSON_TOKENER_ALLOW_TRAILING_CHARS);
	return reader;
}

void json_reader_free(struct json_reader *reader)
{
	if (!reader)
		return;
	json_tokener_free(reader->tokener);
	free(reader);
}

int json_reader_feed(struct json_reader *reader, const void *text, size_t length, struct json **ret,
	struct err *err)
{
	struct json_object *value;
	enum json_tokener_error error;

	if (length > INT_MAX)
		return err_input(err, NULL, "more JSON at once than can be read");
	value = json_tokener_parse_ex(reader->tokener, text, (int)length);
	error = json_tokener_get_error(reader->tokener);
	if (error == json_tokener_continue)
		return 0;
	if (error != json_tokener_success)
		return err_input(err, NULL, "it is no JSON: %s", json_tokener_error_desc(error));
	*ret = (struct json *)value;
	return 1;
}
