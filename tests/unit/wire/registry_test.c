/* The registry, and what must hold for every row of every table. */
#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "wire/wire.h"

#include "../../support/tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

/* ---- lookups ---- */

static void every_protocol_is_found_by_its_name(void **state)
{
	(void)state;
	for (const struct wire_protocol *const *p = wire_protocols; *p; p++)
		assert_ptr_equal(wire_protocol_find((*p)->header.name), *p);
	assert_null(wire_protocol_find("no-such"));
	assert_null(wire_protocol_find(""));
	assert_ptr_equal(wire_protocol_find("eth"), &wire_eth);
	assert_ptr_equal(wire_protocol_find("payload"), &wire_payload);
}

static void a_number_names_one_protocol_and_back(void **state)
{
	(void)state;
	for (const struct wire_protocol *const *p = wire_protocols; *p; p++) {
		const struct wire_bind *bind = (*p)->binds;

		for (; bind && bind->space != WIRE_SPACE_NONE; bind++) {
			uint64_t number;

			assert_ptr_equal(wire_protocol_next(bind->space, bind->number), *p);
			assert_true(wire_protocol_number(*p, bind->space, &number));
			assert_ptr_equal(wire_protocol_next(bind->space, number), *p);
		}
	}
	assert_null(wire_protocol_next(WIRE_ETHERTYPE, 0xffff));
	assert_null(wire_protocol_next(WIRE_SPACE_NONE, 0));
}

/* As IANA and IEEE assign them, typed from their lists. */
static void protocols_stand_at_their_assigned_numbers(void **state)
{
	static const struct {
		const char *name;
		enum wire_space space;
		uint64_t number;
	} rows[] = {
		{ "ipv4", WIRE_ETHERTYPE, 0x0800 },
		{ "arp", WIRE_ETHERTYPE, 0x0806 },
		{ "vlan", WIRE_ETHERTYPE, 0x8100 },
		{ "ipv6", WIRE_ETHERTYPE, 0x86dd },
		{ "svlan", WIRE_ETHERTYPE, 0x88a8 },
		{ "hopopts", WIRE_IP_PROTOCOL, 0 },
		{ "icmp", WIRE_IP_PROTOCOL, 1 },
		{ "ipv4", WIRE_IP_PROTOCOL, 4 },
		{ "tcp", WIRE_IP_PROTOCOL, 6 },
		{ "udp", WIRE_IP_PROTOCOL, 17 },
		{ "ipv6", WIRE_IP_PROTOCOL, 41 },
		{ "routing", WIRE_IP_PROTOCOL, 43 },
		{ "fragment", WIRE_IP_PROTOCOL, 44 },
		{ "icmpv6", WIRE_IP_PROTOCOL, 58 },
		{ "dstopts", WIRE_IP_PROTOCOL, 60 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_ptr_equal(wire_protocol_next(rows[i].space, rows[i].number),
			wire_protocol_find(rows[i].name));
	assert_false(wire_protocol_number(
		wire_protocol_find("arp"), WIRE_IP_PROTOCOL, &(uint64_t){ 0 }));
}

/* ---- what holds for every row ---- */

#define CHECK(condition, place, name)                                   \
	do {                                                            \
		if (!(condition))                                       \
			fail_msg("%s.%s: %s", place, name, #condition); \
	} while (0)

static bool is_name(const char *name)
{
	return name && *name &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name) &&
	       name[0] != '-' && name[strlen(name) - 1] != '-';
}

static bool is_help(const char *help)
{
	return help && *help && !strchr(help, '\n') && help[strlen(help) - 1] != '.' &&
	       strlen(help) < 90;
}

static bool when_holds(const struct wire_when *when, const char *field, uint64_t value)
{
	if (!when || strcmp(when->field, field) != 0)
		return true;
	return wire_when_holds(when, value);
}

static uint64_t value_max(const struct wire_field *field)
{
	return field->width == 64 ? UINT64_MAX : (1ULL << field->width) - 1;
}

static void check_protocol(const struct wire_protocol *protocol)
{
	const char *name = protocol->header.name;

	CHECK(is_name(name), name, "");
	CHECK(protocol->title && *protocol->title, name, "title");
	CHECK(protocol->rfc || protocol == &wire_payload, name, "rfc");
	CHECK(!protocol->ip || wire_field_find(&protocol->header, "src") >= 0, name, "src");
	CHECK(!protocol->ip || wire_field_find(&protocol->header, "dst") >= 0, name, "dst");
}

static void every_protocol_has_a_title_and_a_unique_name(void **state)
{
	(void)state;
	for (const struct wire_protocol *const *p = wire_protocols; *p; p++) {
		check_protocol(*p);
		for (const struct wire_protocol *const *q = wire_protocols; q < p; q++)
			assert_string_not_equal((*p)->header.name, (*q)->header.name);
	}
}

static void check_help_of(void *context, const char *place, const struct wire_record *record,
	const struct wire_list *list)
{
	(void)context;
	(void)list;
	CHECK(is_name(record->name), place, "");
	CHECK(is_help(record->help), place, "");
	CHECK(record->count > 0, place, "");
	for (unsigned int i = 0; i < record->count; i++) {
		CHECK(is_name(record->fields[i].name), place, record->fields[i].name);
		CHECK(is_help(record->fields[i].help), place, record->fields[i].name);
	}
}

static void every_row_has_a_name_and_help(void **state)
{
	(void)state;
	support_tables_each(check_help_of, NULL);
}

static void check_width(const char *place, const struct wire_field *field)
{
	unsigned int width = field->width;

	switch (field->kind) {
	case WIRE_UINT:
	case WIRE_FLAGS:
		CHECK(width >= 1 && width <= 64, place, field->name);
		break;
	case WIRE_MAC:
		CHECK(width == 48, place, field->name);
		break;
	case WIRE_IPV4:
		CHECK(width == 32, place, field->name);
		break;
	case WIRE_IPV6:
		CHECK(width == 128, place, field->name);
		break;
	case WIRE_BYTES:
		CHECK(width % 8 == 0, place, field->name);
		break;
	case WIRE_LIST:
		CHECK(width == 0 && field->list, place, field->name);
		break;
	}
	CHECK((field->kind == WIRE_LIST) == (field->list != NULL), place, field->name);
	CHECK(!field->text || field->kind == WIRE_BYTES, place, field->name);
	CHECK(!field->hex || field->kind == WIRE_UINT, place, field->name);
}

static void check_rule(const char *place, const struct wire_field *field)
{
	const char *name = field->name;

	CHECK(!field->required || !field->preset, place, name);
	CHECK(field->rule == WIRE_FIXED || field->kind == WIRE_UINT, place, name);
	CHECK(field->rule == WIRE_FIXED || !field->required, place, name);
	CHECK(field->rule != WIRE_NEXT || field->space != WIRE_SPACE_NONE, place, name);
	CHECK((field->rule == WIRE_LENGTH) == (field->length.unit > 0), place, name);
	CHECK(field->rule != WIRE_CHECKSUM || (field->width == 16 && field->hex), place, name);
	CHECK(field->rule == WIRE_CHECKSUM || field->sum == WIRE_SUM_RECORD, place, name);
	CHECK((field->rule != WIRE_LENGTH && field->rule != WIRE_CHECKSUM) || !field->preset, place,
		name);
}

static void check_widths_of(void *context, const char *place, const struct wire_record *record,
	const struct wire_list *list)
{
	(void)context;
	(void)list;
	for (unsigned int i = 0; i < record->count; i++) {
		check_width(place, &record->fields[i]);
		check_rule(place, &record->fields[i]);
	}
}

static void widths_and_rules_suit_the_kinds(void **state)
{
	(void)state;
	support_tables_each(check_widths_of, NULL);
}

/* With the choosing field at value: octets start on octets, what has no width of its own is last.
 */
static void check_shape(
	const char *place, const struct wire_record *record, const char *choice, uint64_t value)
{
	bool open = false;
	size_t bit = 0;

	for (unsigned int i = 0; i < record->count; i++) {
		const struct wire_field *field = &record->fields[i];

		if (choice && !when_holds(field->when, choice, value))
			continue;
		CHECK(!open, place, field->name);
		CHECK(wire_is_number(field) || bit % 8 == 0, place, field->name);
		CHECK(field->rule != WIRE_CHECKSUM || bit % 16 == 0, place, field->name);
		open = field->width == 0;
		bit += field->width;
	}
	CHECK(bit % 8 == 0, place, "(length)");
}

/* A name stands twice only under conditions that exclude each other. */
static void check_names(
	const char *place, const struct wire_record *record, const char *choice, uint64_t value)
{
	for (unsigned int i = 0; i < record->count; i++) {
		const struct wire_field *a = &record->fields[i];

		if (choice && !when_holds(a->when, choice, value))
			continue;
		for (unsigned int k = 0; k < i; k++) {
			const struct wire_field *b = &record->fields[k];

			if (!choice || when_holds(b->when, choice, value))
				CHECK(strcmp(a->name, b->name) != 0, place, a->name);
		}
	}
}

/* The field that all conditions of the record look at, NULL where there are none. */
static const struct wire_field *choice_of(const char *place, const struct wire_record *record)
{
	const struct wire_field *choice = NULL;

	for (unsigned int i = 0; i < record->count; i++) {
		const struct wire_when *when = record->fields[i].when;
		int at;

		if (!when)
			continue;
		at = wire_field_find(record, when->field);
		CHECK(at >= 0 && (unsigned int)at < i, place, record->fields[i].name);
		CHECK(!choice || choice == &record->fields[at], place, record->fields[i].name);
		choice = &record->fields[at];
		CHECK(wire_is_number(choice) && !choice->when, place, record->fields[i].name);
		CHECK(when->count > 0, place, record->fields[i].name);
		for (unsigned int k = 0; k < when->count; k++)
			CHECK(when->values[k] <= value_max(choice), place, record->fields[i].name);
	}
	return choice;
}

static void check_shapes_of(void *context, const char *place, const struct wire_record *record,
	const struct wire_list *list)
{
	const struct wire_field *choice = choice_of(place, record);

	(void)context;
	(void)list;
	CHECK(!choice || choice->width <= 16, place, "");
	for (uint64_t value = 0; value <= (choice ? value_max(choice) : 0); value++) {
		check_shape(place, record, choice ? choice->name : NULL, value);
		check_names(place, record, choice ? choice->name : NULL, value);
	}
}

static void fields_fill_whole_octets_under_every_condition(void **state)
{
	(void)state;
	support_tables_each(check_shapes_of, NULL);
}

static bool is_interface_fact(const struct wire_field *field)
{
	return (field->kind == WIRE_MAC && !strcmp(field->preset, "$if.mac")) ||
	       (field->kind == WIRE_IPV4 && !strcmp(field->preset, "$if.ipv4")) ||
	       (field->kind == WIRE_IPV6 && !strcmp(field->preset, "$if.ipv6"));
}

static void check_presets_of(void *context, const char *place, const struct wire_record *record,
	const struct wire_list *list)
{
	(void)list;
	for (unsigned int i = 0; i < record->count; i++) {
		const struct wire_field *field = &record->fields[i];
		struct wire_value value;
		struct err err = { 0 };

		if (!field->preset)
			continue;
		if (field->preset[0] == '$')
			CHECK(is_interface_fact(field), place, field->name);
		else if (wire_value_parse(context, field, field->preset, &value, &err))
			fail_msg("%s.%s: %s", place, field->name, err.text);
	}
}

static void presets_are_values_or_facts_of_the_interface(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	support_tables_each(check_presets_of, &arena);
	arena_fini(&arena);
}

static void check_names_of(void *context, const char *place, const struct wire_record *record,
	const struct wire_list *list)
{
	uint64_t number;

	(void)context;
	(void)list;
	for (unsigned int i = 0; i < record->count; i++) {
		const struct wire_field *field = &record->fields[i];

		for (const struct wire_name *n = field->names; n && n->name; n++) {
			CHECK(is_name(n->name), place, n->name);
			CHECK(text_number(n->name, &number, NULL) != 0, place, n->name);
			CHECK(n->value <= value_max(field), place, n->name);
			CHECK(field->kind != WIRE_FLAGS ||
					(n->value && !(n->value & (n->value - 1))),
				place, n->name);
			for (const struct wire_name *m = field->names; m < n; m++)
				CHECK(strcmp(m->name, n->name) != 0, place, n->name);
		}
		CHECK(field->kind != WIRE_FLAGS || field->names, place, field->name);
	}
}

static void names_of_values_are_unique_and_no_numbers(void **state)
{
	(void)state;
	support_tables_each(check_names_of, NULL);
}

/* A protocol's own number has the protocol's name, not another one of .names. */
static void check_spaces_of(void *context, const char *place, const struct wire_record *record,
	const struct wire_list *list)
{
	(void)context;
	(void)list;
	for (unsigned int i = 0; i < record->count; i++) {
		const struct wire_field *field = &record->fields[i];

		if (field->rule != WIRE_NEXT)
			continue;
		for (const struct wire_protocol *const *p = wire_protocols; *p; p++) {
			uint64_t number;

			if (!wire_protocol_number(*p, field->space, &number))
				continue;
			CHECK(number <= value_max(field), place, (*p)->header.name);
			assert_string_equal(wire_value_name(field, number), (*p)->header.name);
		}
	}
}

static void what_follows_is_named_by_its_protocol(void **state)
{
	(void)state;
	support_tables_each(check_spaces_of, NULL);
}

static void check_item_id(
	const char *place, const struct wire_record *record, const struct wire_list *list)
{
	const struct wire_field *first = &record->fields[0];

	CHECK(first->kind == WIRE_UINT && !first->when, place, first->name);
	CHECK(first->width == list->id_width, place, first->name);
	CHECK(first->rule == WIRE_FIXED && !first->preset, place, first->name);
	CHECK(record->id <= value_max(first), place, first->name);
}

static void check_item_of(void *context, const char *place, const struct wire_record *record,
	const struct wire_list *list)
{
	bool ends = false;

	(void)context;
	if (!list)
		return;
	if (!list->id_width) {
		CHECK(!list->other && list->items[0] && !list->items[1], place, "");
		return;
	}
	check_item_id(place, record, list);
	CHECK(list->other, place, "");
	for (const struct wire_record *const *item = list->items; *item; item++) {
		CHECK(*item == record || (*item)->id != record->id || record == list->other, place,
			(*item)->name);
		CHECK(*item == record || strcmp((*item)->name, record->name) != 0, place,
			(*item)->name);
		CHECK(strcmp((*item)->name, wire_raw_item.name) != 0, place, (*item)->name);
		ends |= (*item)->id == 0;
	}
	CHECK(ends || !list->has_end, place, "(end)");
}

static void items_of_a_list_are_told_apart_by_their_first_field(void **state)
{
	(void)state;
	support_tables_each(check_item_of, NULL);
}

/* Else neither build nor dissect could know where it ends. */
static void check_ends_of(void *context, const char *place, const struct wire_record *record,
	const struct wire_list *list)
{
	bool open = false;
	bool counted = false;

	(void)context;
	for (unsigned int i = 0; i < record->count; i++) {
		const struct wire_field *field = &record->fields[i];

		open |= field->width == 0;
		counted |= field->rule == WIRE_LENGTH && field->length.span == WIRE_SPAN_RECORD;
	}
	CHECK(!list || !open || counted, place, "(end)");
}

static void an_item_of_variable_length_says_its_length(void **state)
{
	(void)state;
	support_tables_each(check_ends_of, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_protocol_is_found_by_its_name),
		cmocka_unit_test(a_number_names_one_protocol_and_back),
		cmocka_unit_test(protocols_stand_at_their_assigned_numbers),
		cmocka_unit_test(every_protocol_has_a_title_and_a_unique_name),
		cmocka_unit_test(every_row_has_a_name_and_help),
		cmocka_unit_test(widths_and_rules_suit_the_kinds),
		cmocka_unit_test(fields_fill_whole_octets_under_every_condition),
		cmocka_unit_test(presets_are_values_or_facts_of_the_interface),
		cmocka_unit_test(names_of_values_are_unique_and_no_numbers),
		cmocka_unit_test(what_follows_is_named_by_its_protocol),
		cmocka_unit_test(items_of_a_list_are_told_apart_by_their_first_field),
		cmocka_unit_test(an_item_of_variable_length_says_its_length),
	};

	return cmocka_run_group_tests_name("wire/registry", tests, NULL, NULL);
}
