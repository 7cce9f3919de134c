/* Finds layers and fields in a view. */
#include "frame/view.h"

#include <string.h>

const struct view_field *view_field_find(const struct view_record *record, const char *name)
{
	for (unsigned int i = 0; i < record->count; i++)
		if (!strcmp(record->fields[i].field->name, name))
			return &record->fields[i];
	return NULL;
}

const struct view_layer *view_layer_find(
	const struct frame_view *view, const struct wire_protocol *protocol, unsigned int nth)
{
	for (unsigned int i = 0; i < view->count; i++)
		if (view->layers[i].protocol == protocol && --nth == 0)
			return &view->layers[i];
	return NULL;
}
