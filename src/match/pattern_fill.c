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

		if (value->state == SPEC_TAKEN)
			return true;
		for (unsigned int j = 0; value->items && j < value->count; j++)
			if (has_names(&value->items[j]))
				return true;
	}
	return false;
}

/* What stands for a name while no frame came. */
static struct wire_value nothing(const struct filler *f, const struct wire_field *field)
{
	struct wire_value value = { 0 };

	if (wire_is_number(field))
		return value;
	value.length = field->width / 8U;
	value.octets = arena_alloc(f->arena, value.length);
	return value;
}

static uint64_t hash_value(
	uint64_t hash, const struct wire_field *field, const struct pattern_value *value)
{
	const uint8_t *octets = value->octets.data;
	size_t length = value->octets.length;

	if (wire_is_number(field))
		return spec_hash_add(hash, value->number);
	for (size_t at = 0; at < length; at += 8) {
		uint64_t piece = 0;

		for (size_t i = at; i < length && i < at + 8; i++)
			piece = piece << 8 | octets[i];
		hash = spec_hash_add(hash, piece);
	}
	return hash;
}

static int hash_fill(const struct filler *f, const struct wire_field *field,
	const struct spec_value *value, struct wire_value *ret)
{
	const struct spec_hash *hash = value->capture->hash;
	uint64_t number = hash->key;

	for (unsigned int i = 0; i < hash->count; i++) {
		const struct pattern_value *named = &f->values[hash->rows[i].index];

		if (!named->known)
			return err_input(f->err, &value->at,
				"%s: a name in the hash has no value yet", field->name);
		number = hash_value(number, hash->rows[i].field, named);
	}
	*ret = (struct wire_value){ .number = number & mask_of(field->width) };
	return 0;
}

static int table_fill(const struct filler *f, const struct wire_field *field,
	const struct spec_value *value, struct wire_value *ret)
{
	const struct spec_table *table = value->capture->table;
	struct wire_value key = pattern_value_of(&f->values[value->capture->index]);
	int row = table_row(table, &key);

	if (row < 0)
		return err_input(
			f->err, &value->at, "%s: the table has no row of the key", field->name);
	*ret = table->values[row];
	return 0;
}

static int value_fill(const struct filler *f, const struct wire_record *type,
	const struct wire_field *field, struct spec_value *value)
{
	const struct spec_capture *capture = value->capture;
	struct wire_value base;
	struct wire_value filled;
	int status = 0;

	if (!f->values) {
		filled = nothing(f, field);
	} else if (capture->hash) {
		status = hash_fill(f, field, value, &filled);
	} else if (!f->values[capture->index].known) {
		return err_input(f->err, &value->at, "%s.%s: no frame has given $%s a value yet",
			type->name, field->name, capture->name);
	} else if (capture->table) {
		status = table_fill(f, field, value, &filled);
	} else {
		base = pattern_value_of(&f->values[capture->index]);
		if (!capture_value(
			    field, field->width ? field->width : 64, capture, &base, &filled))
			return err_input(f->err, &value->at,
				"%s.%s: the value of $%s does not fit into %u bits", type->name,
				field->name, capture->name, field->width);
		if (!wire_is_number(field))
			filled.octets = arena_copy(f->arena, filled.octets, filled.length);
	}
	if (status)
		return status;
	value->state = SPEC_GIVEN;
	value->placeholder = !f->values;
	value->value = filled;
	value->capture = NULL;
	return 0;
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

		if (value->state == SPEC_TAKEN)
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
