/* Compiles a rule: the request, then the answer. */
#include "respond/compile.h"

#include "base/arena.h"
#include "frame/cover.h"
#include "wire/wire.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void *respond_row_add(struct arena *arena, const void *rows, unsigned int *count, size_t size)
{
	/* Rows are few, and an arena has no realloc: they are copied each time. */
	uint8_t *grown = arena_alloc(arena, (*count + 1) * size);

	if (*count)
		memcpy(grown, rows, *count * size);
	++*count;
	return grown;
}

bool respond_word_make(uint32_t bit, uint32_t width, uint32_t room, struct respond_word *ret)
{
	uint32_t first = bit / 8, end = (bit + width + 7) / 8;
	uint32_t octets = 1;

	while (octets < end - first)
		octets *= 2;
	if (!width || width > 64 || octets > 8 || octets > room || end > room)
		return false;
	if (first + octets > room)
		first = room - octets;
	*ret = (struct respond_word){
		.offset = (uint16_t)first,
		.octets = (uint8_t)octets,
		.shift = (uint8_t)((first + octets) * 8 - (bit + width)),
		.mask = width < 64 ? (1ULL << width) - 1 : UINT64_MAX,
	};
	return true;
}

bool respond_cannot(struct compiler *c, const char *format, ...)
{
	char text[160];
	va_list args;

	if (c->why)
		return false;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	c->why = arena_strndup(c->arena, text, strlen(text));
	return false;
}

bool respond_sum_make(struct compiler *c, const struct frame_view *view, unsigned int index,
	const struct view_field *row, struct respond_sum *ret)
{
	const char *layer = view->layers[index].protocol->header.name;
	enum wire_sum kind = row->field->sum;
	struct coverage coverage;

	if (kind == WIRE_SUM_CRC32C || kind == WIRE_SUM_CISCO || row->field->of ||
		row->field->over || row->bit % 16)
		return respond_cannot(c, "the checksum of %s", layer);
	if (!checksum_coverage(view, index, row, &coverage))
		return respond_cannot(c, "the checksum of %s has no IP layer before it", layer);
	*ret = (struct respond_sum){
		.offset = row->bit / 8,
		.start = coverage.offset,
		.end = coverage.end,
		.open = kind != WIRE_SUM_RECORD && kind != WIRE_SUM_RECORD_IPV6,
		.udp = kind == WIRE_SUM_UDP,
		.pseudo = coverage.address_length,
		.src = coverage.src,
		.dst = coverage.dst,
		.address_length = coverage.address_length,
		.protocol = coverage.protocol,
	};
	return true;
}

bool respond_decides(const struct wire_record *type, const char *name)
{
	for (unsigned int i = 0; i < type->count; i++)
		if (type->fields[i].when && !strcmp(type->fields[i].when->field, name))
			return true;
	return false;
}

void respond_strip(const struct frame_spec *spec, struct frame_spec *ret,
	const struct spec_value **ret_payload)
{
	const struct spec_layer *last = &spec->layers[spec->count - 1];

	*ret = *spec;
	*ret_payload = NULL;
	if (last->protocol != &wire_payload)
		return;
	*ret_payload = &last->header.values[0];
	ret->count--;
}

bool respond_compile(struct arena *arena, const struct respond_rule *rule,
	struct respond_program *ret, const char **ret_why)
{
	struct compiler *c = arena_alloc(arena, sizeof(*c));
	bool done;

	*ret = (struct respond_program){ 0 };
	c->arena = arena;
	c->rule = rule;
	c->values = arena_alloc(arena, SPEC_CAPTURES_MAX * sizeof(*c->values));
	c->program = ret;
	done = respond_compile_request(c) && respond_compile_answer(c);
	pattern_values_fini(c->values, SPEC_CAPTURES_MAX);
	*ret_why = c->why;
	return done;
}
