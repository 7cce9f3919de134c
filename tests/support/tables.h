/* tables.h: walks all rows of the wire tables. */
#ifndef SUPPORT_TABLES_H
#define SUPPORT_TABLES_H

#include "wire/wire.h"

/* list is NULL for a header; place is "ipv4" or "ipv4.options.rr", for messages. */
typedef void support_record_visit(void *context, const char *place,
	const struct wire_record *record, const struct wire_list *list);

/* Every record of every protocol: headers, the items of their lists, the items of these. */
void support_tables_each(support_record_visit *visit, void *context);

#endif
