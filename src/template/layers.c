/* The layers of a frame before their fields are read. */
#include "template/frame_reader.h"

#include "base/arena.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

int layers_unknown(const char *name, const struct position *at, bool quoted, struct err *err)
{
	const char *const names[] = { include_key };
	const char *near = wire_protocol_near(name);

	if (!near)
		near = text_nearest(name, names, 1);
	err_input(err, at, "no protocol \"%s\"", name);
	if (near)
		err_hint(err, "; did you mean \"%s\"?", near);
	if (!near && quoted)
		err_hint(err, "; text is a layer of its own: `- payload: \"...\"`");
	else
		err_hint(err, " (`pktsmith protocols` lists them)");
	return -EINVAL;
}

int layers_put(struct reader *reader, struct layers *layers, unsigned int index,
	const struct layer *layer, struct err *err)
{
	if (layers->count == LAYERS_MAX)
		return err_input(err, &layer->at, "too many layers (at most %d)", LAYERS_MAX);
	if (layers->count == layers->capacity) {
		unsigned int capacity = layers->capacity ? 2 * layers->capacity : 16;
		struct layer *rows = arena_alloc(reader->arena, capacity * sizeof(*rows));

		if (layers->count)
			memcpy(rows, layers->rows, layers->count * sizeof(*rows));
		layers->rows = rows;
		layers->capacity = capacity;
	}
	memmove(&layers->rows[index + 1], &layers->rows[index],
		(layers->count - index) * sizeof(*layer));
	layers->rows[index] = *layer;
	layers->count++;
	return 0;
}
