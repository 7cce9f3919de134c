/*
 * Reads any octets as a template, builds its frames, writes them as a template, reads that and
 * builds again: the octets have to be the same.
 */
#include "base/buffer.h"
#include "template/template.h"

#include "again.h"
#include "no_file.h"

#include <string.h>

static int read_text(struct arena *arena, const uint8_t *text, size_t length, struct template *ret,
	struct err *err)
{
	const struct template_options options = { .resolver = &resolver_placeholder };

	return template_read(arena, "fuzz.yaml", text, length, &options, ret, err);
}

static void try_frame(struct arena *arena, const struct frame_spec *first,
	const struct frame_spec *again, const char *text)
{
	if ((first->weight > 1 || again->weight > 1) && first->weight != again->weight)
		broken("weight", "not the same", text);
	if (first->gap_ns != again->gap_ns)
		broken("gap", "not the same", text);
	again_is_the_same(arena, first, again, text);
}

static void try_template(
	struct arena *arena, const struct template *first, const struct buffer *written)
{
	struct template again;
	struct err err = { 0 };

	if (read_text(arena, written->data, written->length, &again, &err))
		broken("not read again", err.text, buffer_text(written));
	if (first->count != again.count)
		broken("count of frames", "not the same", buffer_text(written));
	for (unsigned int i = 0; i < first->count; i++)
		try_frame(arena, &first->frames[i], &again.frames[i], buffer_text(written));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer written = { 0 };
	struct template template;
	struct arena arena;
	struct err err = { 0 };

	arena_init(&arena);
	if (read_text(&arena, data, size, &template, &err) == 0) {
		template_write(&template, &written);
		try_template(&arena, &template, &written);
	} else if (!err.text[0] || strchr(err.text, '\n')) {
		broken("an error", "is not one line", err.text);
	}
	buffer_fini(&written);
	arena_fini(&arena);
	return 0;
}
