/*
 * Reads any octets as an expression, builds its frame, writes it as an expression, reads that and
 * builds again: the octets have to be the same.
 */
#include "base/buffer.h"
#include "template/template.h"

#include "again.h"
#include "no_file.h"

#include <string.h>

static int read_text(struct arena *arena, const char *text, struct template *ret, struct err *err)
{
	const struct template_options options = { .resolver = &resolver_placeholder };

	return template_read_expressions(arena, &text, 1, &options, ret, err);
}

/* The frames of the template from index on that one expression stands for; returns how many. */
static unsigned int try_frames(
	struct arena *arena, const struct template *first, unsigned int index)
{
	struct buffer written = { 0 };
	struct template again;
	struct err err = { 0 };
	unsigned int count = 1;

	while (index + count < first->count && template_is_rest(first, index + count))
		count++;
	expression_write(&first->frames[index], &written);
	if (read_text(arena, buffer_text(&written), &again, &err))
		broken("not read again", err.text, buffer_text(&written));
	if (again.count != count)
		broken("count of frames", "not the same", buffer_text(&written));
	for (unsigned int i = 0; i < count; i++)
		again_is_the_same(
			arena, &first->frames[index + i], &again.frames[i], buffer_text(&written));
	buffer_fini(&written);
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct template template;
	struct arena arena;
	struct err err = { 0 };

	arena_init(&arena);
	if (read_text(&arena, arena_strndup(&arena, (const char *)data, size), &template, &err)) {
		if (!err.text[0] || strchr(err.text, '\n'))
			broken("an error", "is not one line", err.text);
	} else {
		for (unsigned int i = 0; i < template.count;)
			i += try_frames(&arena, &template, i);
	}
	arena_fini(&arena);
	return 0;
}
