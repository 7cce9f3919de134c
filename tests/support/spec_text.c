/* Reads frame specs in one line. */
#include "spec_text.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct text {
	struct arena *arena;
	const char *at;
};

static char *word(struct text *t, const char *end)
{
	size_t length = strcspn(t->at, end);
	char *copy = arena_strndup(t->arena, t->at, length);

	t->at += length;
	return copy;
}

static bool take(struct text *t, char c)
{
	if (*t->at != c)
		return false;
	t->at++;
	return true;
}

static void read_fields(struct text *t, struct spec_record *record);

static const struct wire_record *find_item(const struct wire_list *list, const char *name)
{
	for (const struct wire_record *const *item = list->items; *item; item++)
		if (!strcmp((*item)->name, name))
			return *item;
	if (list->other && !strcmp(list->other->name, name))
		return list->other;
	if (!strcmp(wire_raw_item.name, name))
		return &wire_raw_item;
	fail_msg("no item \"%s\"", name);
	return NULL;
}

#define ITEMS_MAX 32

static void read_list(struct text *t, const struct wire_list *list, struct spec_value *ret)
{
	ret->state = SPEC_GIVEN;
	ret->items = arena_alloc(t->arena, ITEMS_MAX * sizeof(*ret->items));
	while (!take(t, ']')) {
		struct spec_record *item = &ret->items[ret->count++];

		assert_true(ret->count <= ITEMS_MAX);
		spec_record_init(item, t->arena, find_item(list, word(t, "( ]")));
		read_fields(t, item);
		take(t, ' ');
	}
}

static void read_value(struct text *t, const struct wire_field *field, struct spec_value *ret)
{
	struct err err = { 0 };
	const char *text;

	if (take(t, '[')) {
		read_list(t, field->list, ret);
		return;
	}
	text = word(t, ",)");
	if (!strcmp(text, "auto"))
		return;
	ret->state = !strcmp(text, "bad") ? SPEC_BAD : SPEC_GIVEN;
	if (ret->state == SPEC_GIVEN && wire_value_parse(t->arena, field, text, &ret->value, &err))
		fail_msg("%s: %s", field->name, err.text);
}

static void read_fields(struct text *t, struct spec_record *record)
{
	if (!take(t, '('))
		return;
	while (!take(t, ')')) {
		const char *name = word(t, "=");
		int row = wire_field_find(record->type, name);

		if (row < 0 || !take(t, '='))
			fail_msg("no field \"%s\" in %s", name, record->type->name);
		read_value(t, &record->type->fields[row], &record->values[row]);
		take(t, ',');
	}
}

void support_spec(struct arena *arena, const char *text, struct frame_spec *ret)
{
	struct text t = { arena, text };

	*ret = (struct frame_spec){ .name = "test" };
	do {
		const char *name = word(&t, "(/");
		const struct wire_protocol *protocol = wire_protocol_find(name);

		if (!protocol)
			fail_msg("no protocol \"%s\"", name);
		else
			read_fields(&t, &spec_layer_add(ret, arena, protocol)->header);
	} while (take(&t, '/'));
	assert_int_equal(*t.at, '\0');
}

void support_build(
	struct arena *arena, const char *text, enum spec_pad_mode pad, struct frame_view *ret)
{
	struct frame_spec spec;
	struct err err = { 0 };

	support_spec(arena, text, &spec);
	spec.pad.mode = pad;
	if (frame_build(arena, &spec, ret, &err))
		fail_msg("%s: %s", text, err.text);
}
