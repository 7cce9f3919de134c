/* Walks all rows of the wire tables. */
#include "tables.h"

#include <stdio.h>

static void record_walk(const char *place, const struct wire_record *record,
	const struct wire_list *list, support_record_visit *visit, void *context);

static void list_walk(const char *place, const struct wire_field *field,
	support_record_visit *visit, void *context)
{
	const struct wire_list *list = field->list;
	char name[256];

	for (const struct wire_record *const *item = list->items; *item; item++) {
		snprintf(name, sizeof(name), "%s.%s.%s", place, field->name, (*item)->name);
		record_walk(name, *item, list, visit, context);
	}
	if (list->other) {
		snprintf(name, sizeof(name), "%s.%s.%s", place, field->name, list->other->name);
		record_walk(name, list->other, list, visit, context);
	}
}

static void record_walk(const char *place, const struct wire_record *record,
	const struct wire_list *list, support_record_visit *visit, void *context)
{
	visit(context, place, record, list);
	for (unsigned int i = 0; i < record->count; i++)
		if (record->fields[i].kind == WIRE_LIST && record->fields[i].list)
			list_walk(place, &record->fields[i], visit, context);
}

void support_tables_each(support_record_visit *visit, void *context)
{
	for (const struct wire_protocol *const *p = wire_protocols; *p; p++)
		record_walk((*p)->header.name, &(*p)->header, NULL, visit, context);
}
