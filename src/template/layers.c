/* The layers of a frame before their fields are read. */
#include "template/reader.h"

#include "base/arena.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

#define PROTOCOLS_MAX 256 /* considered for "did you mean" */

int layers_unknown(const char *name, const struct position *at, bool quoted, struct err *err)
{
	const char *names[PROTOCOLS_MAX + 1];
	unsigned int count = 0;
	const char *near;

	for (; count < PROTOCOLS_MAX && wire_protocols[count]; count++)
		names[count] = wire_protocols[count]->header.name;
	names[count++] = include_key;
	near = text_nearest(name, names, count);
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
