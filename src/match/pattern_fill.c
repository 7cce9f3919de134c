/* Puts the values of names into a spec. */
#include "match/pattern_internal.h"

#include "base/arena.h"

#include <inttypes.h>
#include <string.h>

struct filler {
	struct arena *arena;
	const struct pattern_value *values;
	struct err *err;
};

static bool has_names(const struct spec_record *record)
{
	for (unsigned int i = 0; i < record->type->count; i++) {
		const struct spec_value *value = &record->values[i];

		if (value->named)
			return true;
		for (unsigned int j = 0; value->items && j < value->count; j++)
			if (has_names(&value->items[j]))
				return true;
	}
	return false;
}

static int value_fill(const struct filler *f, const struct wire_record *type,
	const struct wire_field *field, struct spec_value *value)
{
	const struct spec_named *named = value->named;
	const struct wire_value base = pattern_value_of(&f->values[named->name]);
	struct buffer scratch = { 0 };
	struct wire_value filled;
	int status = 0;

	if (!f->values[named->name].known)
		return err_input(f->err, &value->at, "%s.%s: no frame has given $%s a value yet",
			type->name, field->name, named->text);
	if (named_value(field, field->width, named, &base, &scratch, &filled)) {
		value->value = filled;
		if (!wire_is_number(field))
			value->value.octets = arena_copy(f->arena, filled.octets, filled.length);
		value->named = NULL;
		value->placeholder = false;
	} else {
		status = err_input(f->err, &value->at,
			"%s.%s: the value of $%s does not fit: it has %s bits than this field",
			type->name, field->name, named->text,
			wire_is_number(field) ? "more" : "more or fewer");
	}
	buffer_fini(&scratch);
	return status;
}

static int record_fill(const struct filler *f, struct spec_record *record)
{
	const struct wire_record *type = record->type;
	int status = 0;

	if (!has_names(record))
		return 0;
	record->values =
		arena_copy(f->arena, record->values, type->count * sizeof(*record->values));
	for (unsigned int i = 0; i < type->count && !status; i++) {
		struct spec_value *value = &record->values[i];

		if (value->named)
			status = value_fill(f, type, &type->fields[i], value);
		if (!value->items)
			continue;
		value->items =
			arena_copy(f->arena, value->items, value->count * sizeof(*value->items));
		for (unsigned int j = 0; j < value->count && !status; j++)
			status = record_fill(f, &value->items[j]);
	}
	return status;
}

int pattern_fill(struct arena *arena, const struct frame_spec *spec,
	const struct pattern_value *values, struct frame_spec *ret, struct err *err)
{
	const struct filler f = { arena, values, err };
	struct frame_spec filled = *spec;
	int status = 0;

	if (!spec->count) {
		*ret = filled;
		return 0;
	}
	filled.layers = arena_copy(arena, spec->layers, spec->count * sizeof(*spec->layers));
	for (unsigned int i = 0; i < filled.count && !status; i++)
		status = record_fill(&f, &filled.layers[i].header);
	if (!status)
		*ret = filled;
	return status;
}
