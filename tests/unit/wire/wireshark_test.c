/* Wireshark's names of our fields, held against the fields that tshark itself lists. */
#include "wire/wire.h"

#include "../../support/tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct known {
	const char *name;
	const char *type; /* FT_UINT16, ... */
};

struct catalogue {
	struct known *rows;
	size_t count;
	char *text;
};

static int known_compare(const void *a, const void *b)
{
	return strcmp(((const struct known *)a)->name, ((const struct known *)b)->name);
}

/* "F <tab> long name <tab> name <tab> type <tab> ..." */
static void catalogue_add(struct catalogue *catalogue, char *line)
{
	char *save = NULL;
	const char *kind = strtok_r(line, "\t", &save);
	const char *title = strtok_r(NULL, "\t", &save);
	const char *name = strtok_r(NULL, "\t", &save);
	const char *type = strtok_r(NULL, "\t", &save);

	if (kind && title && name && type && !strcmp(kind, "F"))
		catalogue->rows[catalogue->count++] = (struct known){ name, type };
}

static void catalogue_read(struct catalogue *catalogue, FILE *file)
{
	size_t room = 64 << 20;
	size_t length;
	size_t lines = 0;
	char *save = NULL;

	catalogue->text = malloc(room);
	assert_non_null(catalogue->text);
	length = fread(catalogue->text, 1, room - 1, file);
	catalogue->text[length] = '\0';
	for (size_t i = 0; i < length; i++)
		lines += catalogue->text[i] == '\n';
	catalogue->rows = calloc(lines + 1, sizeof(*catalogue->rows));
	assert_non_null(catalogue->rows);
	for (char *line = strtok_r(catalogue->text, "\n", &save); line;
		line = strtok_r(NULL, "\n", &save))
		catalogue_add(catalogue, line);
	qsort(catalogue->rows, catalogue->count, sizeof(*catalogue->rows), known_compare);
}

static int setup(void **state)
{
	struct catalogue *catalogue = calloc(1, sizeof(*catalogue));
	FILE *file = popen("tshark -G fields 2>/dev/null", "r");

	assert_non_null(catalogue);
	assert_non_null(file);
	catalogue_read(catalogue, file);
	*state = catalogue;
	return pclose(file);
}

static int teardown(void **state)
{
	struct catalogue *catalogue = *state;

	free(catalogue->rows);
	free(catalogue->text);
	free(catalogue);
	return 0;
}

static const struct known *known_find(const struct catalogue *catalogue, const char *name)
{
	const struct known key = { name, NULL };

	return bsearch(&key, catalogue->rows, catalogue->count, sizeof(key), known_compare);
}

/* Whether Wireshark's type can say what our kind says. */
static bool is_like(enum wire_kind kind, const char *type)
{
	switch (kind) {
	case WIRE_UINT:
	case WIRE_FLAGS:
		return !strncmp(type, "FT_UINT", 7) || !strncmp(type, "FT_INT", 6) ||
		       !strcmp(type, "FT_BOOLEAN") || !strcmp(type, "FT_BYTES") ||
		       !strcmp(type, "FT_ABSOLUTE_TIME") || !strcmp(type, "FT_STRING") ||
		       !strcmp(type, "FT_DOUBLE"); /* 1/256 s, said in seconds */
	case WIRE_MAC:
		return !strcmp(type, "FT_ETHER") || !strcmp(type, "FT_BYTES") ||
		       !strcmp(type, "FT_STRING");
	case WIRE_IPV4:
		return !strcmp(type, "FT_IPv4");
	case WIRE_IPV6:
		return !strcmp(type, "FT_IPv6");
	case WIRE_NAME:
	case WIRE_STRING:
		return !strncmp(type, "FT_STRING", 9);
	case WIRE_BYTES:
	case WIRE_LIST:
		return !strcmp(type, "FT_BYTES") || !strncmp(type, "FT_STRING", 9) ||
		       !strcmp(type, "FT_OID");
	}
	return false;
}

static void check_fields_of(void *context, const char *place, const struct wire_record *record,
	const struct wire_list *list)
{
	(void)list;
	for (unsigned int i = 0; i < record->count; i++) {
		const struct wire_field *field = &record->fields[i];
		const struct known *known;

		if (!field->wireshark)
			continue;
		known = known_find(context, field->wireshark);
		if (!known)
			fail_msg("%s.%s: tshark knows no %s", place, field->name, field->wireshark);
		else if (!is_like(field->kind, known->type))
			fail_msg("%s.%s: %s is %s", place, field->name, field->wireshark,
				known->type);
	}
}

static void every_wireshark_name_is_one_and_of_the_fields_kind(void **state)
{
	support_tables_each(check_fields_of, *state);
}

static void a_name_that_wireshark_lacks_would_be_noticed(void **state)
{
	assert_non_null(known_find(*state, "udp.srcport"));
	assert_null(known_find(*state, "udp.sport"));
}

/* What carries meaning has a name there; reserved and unused octets and lists may have none. */
static void check_header_of(void *context, const char *place, const struct wire_record *record,
	const struct wire_list *list)
{
	(void)context;
	for (unsigned int i = 0; i < record->count && !list; i++) {
		const struct wire_field *field = &record->fields[i];

		/* tshark has BER's tags and lengths only where it is asked to, without names of
		 * their own. */
		if (!strcmp(place, "snmp") && !field->wireshark)
			continue;
		if (!field->wireshark && wire_is_number(field) && strcmp(field->help, "zero") != 0)
			fail_msg("%s.%s has no wireshark name", place, field->name);
	}
}

static void header_fields_have_a_wireshark_name(void **state)
{
	(void)state;
	support_tables_each(check_header_of, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_wireshark_name_is_one_and_of_the_fields_kind),
		cmocka_unit_test(a_name_that_wireshark_lacks_would_be_noticed),
		cmocka_unit_test(header_fields_have_a_wireshark_name),
	};

	return cmocka_run_group_tests_name("wire/wireshark", tests, setup, teardown);
}
