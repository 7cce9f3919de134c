/* What only the sender's interface knows. */
#include "measure/unknown.h"

#include "base/arena.h"

#include <string.h>

struct finding {
	struct arena *arena;
	const char *layer;
	struct unknown *ret; /* NULL: fields are counted */
	unsigned int count, placeholders;
};

static bool is_sum(const struct view_field *field)
{
	return field->field->rule == WIRE_CHECKSUM && field->automatic;
}

/* What is not of whole octets is none of an interface's facts. */
static void take_field(struct finding *finding, const struct view_field *field)
{
	if ((!field->placeholder && !is_sum(field)) || field->bit % 8 || field->width % 8)
		return;
	finding->placeholders += field->placeholder;
	if (finding->ret)
		finding->ret->fields[finding->count] = (struct unknown_field){
			.name = arena_printf(
				finding->arena, "%s.%s", finding->layer, field->field->name),
			.offset = field->bit / 8,
			.length = field->width / 8,
			.sum = !field->placeholder,
		};
	finding->count++;
}

static void take_record(struct finding *finding, const struct view_record *record)
{
	for (unsigned int i = 0; i < record->count; i++) {
		const struct view_field *field = &record->fields[i];

		if (!field->items)
			take_field(finding, field);
		for (unsigned int j = 0; field->items && j < field->count; j++)
			take_record(finding, &field->items[j]);
	}
}

static void take_all(struct finding *finding, const struct frame_view *view)
{
	finding->count = finding->placeholders = 0;
	for (unsigned int i = 0; i < view->count; i++) {
		finding->layer = view->layers[i].protocol->header.name;
		take_record(finding, &view->layers[i].header);
	}
}

void unknown_find(struct arena *arena, const struct frame_view *view, struct unknown *ret)
{
	struct finding finding = { .arena = arena };

	*ret = (struct unknown){ 0 };
	take_all(&finding, view);
	if (!finding.placeholders)
		return;
	ret->fields = arena_alloc(arena, finding.count * sizeof(*ret->fields));
	finding.ret = ret;
	take_all(&finding, view);
	ret->count = finding.count;
}

bool unknown_lay(const struct unknown *unknown, uint8_t *made, const uint8_t *came, uint32_t length,
	uint32_t from, int64_t shift)
{
	for (unsigned int i = 0; i < unknown->count; i++) {
		const struct unknown_field *field = &unknown->fields[i];
		int64_t at = field->offset + shift;

		if (shift && field->offset < from)
			continue;
		if (at < 0 || at + field->length > length)
			return false;
		memcpy(made + field->offset, came + at, field->length);
	}
	return true;
}

static bool is_laid_sum(const struct unknown *unknown, int64_t offset)
{
	for (unsigned int i = 0; i < unknown->count; i++)
		if (unknown->fields[i].sum && unknown->fields[i].offset == offset)
			return true;
	return false;
}

bool unknown_sums_hold(const struct unknown *unknown, const struct frame_view *came, int64_t shift)
{
	for (unsigned int i = 0; i < came->count; i++) {
		const struct view_record *header = &came->layers[i].header;

		for (unsigned int j = 0; j < header->count; j++) {
			const struct view_field *field = &header->fields[j];

			if (field->field->rule == WIRE_CHECKSUM && field->check == VIEW_WRONG &&
				is_laid_sum(unknown, field->bit / 8 - shift))
				return false;
		}
	}
	return true;
}
