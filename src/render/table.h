/* table.h: words for what stands in the protocols' tables; for render's own files. */
#ifndef RENDER_TABLE_H
#define RENDER_TABLE_H

#include "wire/wire.h"

struct buffer;

const char *table_kind(const struct wire_field *field); /* "number", "flags", "mac", ... */
const char *table_rule(const struct wire_field *field); /* "fixed", "length", ... */
const char *table_space(enum wire_space space);		/* "ethertype", "IP protocol", ... */

/* Bits from the record's start to its field, -1 where it depends on the frame. */
int table_offset(const struct wire_record *record, unsigned int index);

/* Whether what is sent when the field is left out depends on the rest of the frame. */
bool table_is_automatic(const struct wire_field *field);
/* What is sent when the field is left out: "64", "$if.mac", "automatic"; "required" where it may
 * not be. */
void table_default(const struct wire_field *field, struct buffer *out);

/* The same of a record's row; in an item of the list the field that chooses it is its id. list is
 * NULL for a header. */
void table_item_default(const struct wire_list *list, const struct wire_record *record,
	unsigned int index, struct buffer *out);

/* What automatic is: "the length of the header in units of 4 octets"; nothing for a fixed field. */
void table_automatic(const struct wire_field *field, struct buffer *out);

/* "type is echo or echo-reply": when the field is there; nothing where it always is. */
void table_when(
	const struct wire_record *record, const struct wire_field *field, struct buffer *out);

/* Both are there under the same condition. */
bool table_same_when(const struct wire_field *a, const struct wire_field *b);

/* The names of a field's values: those of the row, then those of its number space. index counts
 * from 0; false past the last. */
bool table_name(const struct wire_field *field, unsigned int index, struct wire_name *ret);

#endif
