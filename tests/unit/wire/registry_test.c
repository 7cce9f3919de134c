/* The registry, and what must hold for every row of every table. */
#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "wire/wire.h"

#include "../../support/random.h"
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
		{ "mac-control", WIRE_ETHERTYPE, 0x8808 },
		{ "slow", WIRE_ETHERTYPE, 0x8809 },
		{ "pppoe-discovery", WIRE_ETHERTYPE, 0x8863 },
		{ "pppoe", WIRE_ETHERTYPE, 0x8864 },
		{ "eapol", WIRE_ETHERTYPE, 0x888e },
		{ "svlan", WIRE_ETHERTYPE, 0x88a8 },
		{ "lldp", WIRE_ETHERTYPE, 0x88cc },
		{ "macsec", WIRE_ETHERTYPE, 0x88e5 },
		{ "ptp", WIRE_ETHERTYPE, 0x88f7 },
		{ "cfm", WIRE_ETHERTYPE, 0x8902 },
		{ "ptp", WIRE_UDP_PORT, 319 },
		{ "ptp", WIRE_UDP_PORT, 320 },
		{ "ipv4", WIRE_PPP_PROTOCOL, 0x0021 },
		{ "ipv6", WIRE_PPP_PROTOCOL, 0x0057 },
		{ "ipcp", WIRE_PPP_PROTOCOL, 0x8021 },
		{ "lcp", WIRE_PPP_PROTOCOL, 0xc021 },
		{ "ipv6cp", WIRE_PPP_PROTOCOL, 0x8057 },
		{ "pap", WIRE_PPP_PROTOCOL, 0xc023 },
		{ "chap", WIRE_PPP_PROTOCOL, 0xc223 },
		{ "loopback", WIRE_ETHERTYPE, 0x9000 },
		{ "dns", WIRE_UDP_PORT, 53 },
		{ "dns", WIRE_UDP_PORT, 5353 },
		{ "dns", WIRE_UDP_PORT, 5355 },
		{ "lacp", WIRE_SLOW_PROTOCOL, 1 },
		{ "eap", WIRE_EAPOL_TYPE, 0 },
		{ "stp", WIRE_LLC_SAP, 0x42 },
		{ "cdp", WIRE_SNAP_CISCO, 0x2000 },
		{ "erspan", WIRE_ETHERTYPE, 0x88be },
		{ "erspan3", WIRE_ETHERTYPE, 0x22eb },
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
		{ "esp", WIRE_IP_PROTOCOL, 50 },
		{ "ah", WIRE_IP_PROTOCOL, 51 },
		{ "eigrp", WIRE_IP_PROTOCOL, 88 },
		{ "ospf", WIRE_IP_PROTOCOL, 89 },
		{ "ipcomp", WIRE_IP_PROTOCOL, 108 },
		{ "vrrp", WIRE_IP_PROTOCOL, 112 },
		{ "dccp", WIRE_IP_PROTOCOL, 33 },
		{ "pim", WIRE_IP_PROTOCOL, 103 },
		{ "udplite", WIRE_IP_PROTOCOL, 136 },
		{ "ospf3", WIRE_IPV6_PROTOCOL, 89 },
		{ "vrrp6", WIRE_IPV6_PROTOCOL, 112 },
		{ "rip", WIRE_UDP_PORT, 520 },
		{ "ripng", WIRE_UDP_PORT, 521 },
		{ "l2tp", WIRE_UDP_PORT, 1701 },
		{ "hsrp", WIRE_UDP_PORT, 1985 },
		{ "gtp-u", WIRE_UDP_PORT, 2152 },
		{ "bfd", WIRE_UDP_PORT, 3784 },
		{ "igmp", WIRE_IP_PROTOCOL, 2 },
		{ "gre", WIRE_IP_PROTOCOL, 47 },
		{ "sctp", WIRE_IP_PROTOCOL, 132 },
		{ "mpls", WIRE_ETHERTYPE, 0x8847 },
		{ "wake-on-lan", WIRE_ETHERTYPE, 0x0842 },
		{ "llc", WIRE_ETHERTYPE, WIRE_NUMBER_LENGTH },
		{ "snap", WIRE_LLC_SAP, 0xaa },
		{ "dhcp", WIRE_UDP_PORT, 67 },
		{ "dhcp", WIRE_UDP_PORT, 68 },
		{ "tftp", WIRE_UDP_PORT, 69 },
		{ "vxlan", WIRE_UDP_PORT, 4789 },
		{ "geneve", WIRE_UDP_PORT, 6081 },
		{ "http", WIRE_TCP_PORT, 80 },
		{ "nbns", WIRE_UDP_PORT, 137 },
		{ "snmp", WIRE_UDP_PORT, 161 },
		{ "snmp", WIRE_UDP_PORT, 162 },
		{ "ntp", WIRE_UDP_PORT, 123 },
		{ "modbus", WIRE_TCP_PORT, 502 },
		{ "syslog", WIRE_UDP_PORT, 514 },
		{ "dhcpv6", WIRE_UDP_PORT, 546 },
		{ "dhcpv6", WIRE_UDP_PORT, 547 },
		{ "radius", WIRE_UDP_PORT, 1812 },
		{ "radius", WIRE_UDP_PORT, 1813 },
		{ "ssdp", WIRE_UDP_PORT, 1900 },
		{ "rtp", WIRE_UDP_PORT, 5004 },
		{ "rtcp", WIRE_UDP_PORT, 5005 },
		{ "sip", WIRE_UDP_PORT, 5060 },
		{ "sip", WIRE_TCP_PORT, 5060 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_ptr_equal(wire_protocol_next(rows[i].space, rows[i].number),
			wire_protocol_find(rows[i].name));
	assert_false(wire_protocol_number(
		wire_protocol_find("arp"), WIRE_IP_PROTOCOL, &(uint64_t){ 0 }));
}

static void over_ipv6_a_number_may_name_another_protocol(void **state)
{
	const struct wire_protocol *ospf3 = wire_protocol_find("ospf3");
	uint64_t number = 0;

	(void)state;
	assert_ptr_equal(wire_protocol_over(WIRE_IP_PROTOCOL, 89, 6), ospf3);
	assert_ptr_equal(wire_protocol_over(WIRE_IP_PROTOCOL, 89, 4), wire_protocol_find("ospf"));
	assert_ptr_equal(wire_protocol_over(WIRE_IP_PROTOCOL, 17, 6), wire_protocol_find("udp"));
	assert_null(wire_protocol_over(WIRE_ETHERTYPE, 89, 6));
	assert_true(wire_protocol_number(ospf3, WIRE_IP_PROTOCOL, &number));
	assert_int_equal(number, 89);
	assert_int_equal(wire_ip_version(wire_protocol_find("ipv4")), 4);
	assert_int_equal(wire_ip_version(wire_protocol_find("ipv6")), 6);
	assert_int_equal(wire_ip_version(ospf3), 0);
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
	case WIRE_NAME:
	case WIRE_STRING:
		CHECK(width == 0, place, field->name);
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
	CHECK(field->rule == WIRE_NEXT || field->rule == WIRE_FIXED ||
			(field->rule == WIRE_LENGTH) == (field->length.unit > 0),
		place, name);
	CHECK(field->rule != WIRE_CHECKSUM ||
			(field->width == (field->sum == WIRE_SUM_CRC32C ? 32 : 16) && field->hex),
		place, name);
	CHECK(field->rule == WIRE_CHECKSUM || field->sum == WIRE_SUM_RECORD, place, name);
	CHECK(field->rule == WIRE_FIXED || field->rule == WIRE_NEXT || !field->preset, place, name);
	CHECK(!field->optional || !field->preset || field->preset[0] != '$', place, name);
}

/* A length in a fixed row is how much a checksum of the record covers, and nothing else is. */
static void check_over(const char *place, const struct wire_record *record, unsigned int index)
{
	const struct wire_field *field = &record->fields[index];
	int over = field->over ? wire_field_find(record, field->over) : -1;
	bool found = false;

	CHECK(!field->over || field->rule == WIRE_CHECKSUM, place, field->name);
	CHECK(!field->over || (over >= 0 && record->fields[over].rule == WIRE_FIXED &&
				      wire_spans_payload(&record->fields[over].length)),
		place, field->name);
	for (unsigned int i = 0; i < record->count; i++)
		found |= record->fields[i].over && !strcmp(record->fields[i].over, field->name);
	CHECK(field->rule != WIRE_FIXED || found == (field->length.unit > 0), place, field->name);
}

/* What counts a field of its record, or leaves it out of a sum, names one. */
static void check_of(const char *place, const struct wire_record *record, unsigned int index)
{
	const struct wire_field *field = &record->fields[index];
	bool counts = field->rule == WIRE_COUNT ||
		      (field->rule == WIRE_LENGTH && field->length.span == WIRE_SPAN_FIELD);
	int other = field->of ? wire_field_find(record, field->of) : -1;

	CHECK(!field->of || counts || field->rule == WIRE_CHECKSUM, place, field->name);
	CHECK(!field->of || other >= 0, place, field->name);
	CHECK(!counts || (field->of && other > (int)index), place, field->name);
	CHECK(!counts || !record->fields[other].width, place, field->name);
	CHECK(field->rule != WIRE_COUNT || record->fields[other].kind == WIRE_LIST, place,
		field->name);
}

static void check_widths_of(void *context, const char *place, const struct wire_record *record,
	const struct wire_list *list)
{
	(void)context;
	(void)list;
	for (unsigned int i = 0; i < record->count; i++) {
		check_width(place, &record->fields[i]);
		check_rule(place, &record->fields[i]);
		check_of(place, record, i);
		check_over(place, record, i);
	}
}

static void widths_and_rules_suit_the_kinds(void **state)
{
	(void)state;
	support_tables_each(check_widths_of, NULL);
}

#define CHOICES_MAX	   16
#define COMBINATIONS_MAX   1000000
#define COMBINATIONS_DRAWN 100000
#define VALUES_MAX	   128

/* A field that conditions of its record look at, and the values of it that make a difference. */
struct choice {
	const char *name;
	uint64_t values[VALUES_MAX];
	unsigned int count;
	unsigned int now; /* the value in hand */
};

struct choices {
	struct choice rows[CHOICES_MAX];
	unsigned int count;
};

static struct choice *choice_find(struct choices *choices, const char *name)
{
	for (unsigned int i = 0; i < choices->count; i++)
		if (!strcmp(choices->rows[i].name, name))
			return &choices->rows[i];
	return NULL;
}

static void choice_add(struct choice *choice, uint64_t value)
{
	for (unsigned int i = 0; i < choice->count; i++)
		if (choice->values[i] == value)
			return;
	assert_true(choice->count < VALUES_MAX);
	choice->values[choice->count++] = value;
}

/* Each value that a condition names, each beside it, and the ends of the range. */
static void choice_add_all(
	struct choice *choice, const struct wire_when *when, const struct wire_field *field)
{
	uint64_t max = value_max(field);

	choice_add(choice, 0);
	choice_add(choice, max);
	for (unsigned int k = 0; k < when->count; k++) {
		choice_add(choice, when->values[k]);
		choice_add(choice, (when->values[k] + 1) & max);
		choice_add(choice, (when->values[k] | ~when->mask) & max);
	}
}

static void choices_of(const char *place, const struct wire_record *record, struct choices *choices)
{
	for (unsigned int i = 0; i < record->count; i++) {
		const struct wire_when *when = record->fields[i].when;
		const char *name = record->fields[i].name;
		const struct wire_field *field;
		struct choice *choice;
		int at;

		if (!when)
			continue;
		at = wire_field_find(record, when->field);
		CHECK(at >= 0 && (unsigned int)at < i, place, name);
		field = &record->fields[at];
		/* What is computed is not known yet when the frame is laid out. */
		CHECK(wire_is_number(field) && field->rule == WIRE_FIXED, place, name);
		CHECK(when->count > 0, place, name);
		for (unsigned int k = 0; k < when->count; k++)
			CHECK(when->values[k] <= (when->mask ? when->mask : value_max(field)),
				place, name);
		choice = choice_find(choices, when->field);
		if (!choice) {
			assert_true(choices->count < CHOICES_MAX);
			choice = &choices->rows[choices->count++];
			choice->name = when->field;
		}
		choice_add_all(choice, when, field);
	}
}

/* The next combination of values; false after the last. */
static bool choices_step(struct choices *choices)
{
	for (unsigned int i = 0; i < choices->count; i++) {
		if (++choices->rows[i].now < choices->rows[i].count)
			return true;
		choices->rows[i].now = 0;
	}
	return false;
}

/* How many there are, at most the limit. */
static uint64_t choices_count(const struct choices *choices, uint64_t limit)
{
	uint64_t count = 1;

	for (unsigned int i = 0; i < choices->count && count < limit; i++)
		count *= choices->rows[i].count;
	return count < limit ? count : limit;
}

static void choices_draw(struct choices *choices, uint64_t *state)
{
	for (unsigned int i = 0; i < choices->count; i++)
		choices->rows[i].now =
			(unsigned int)support_random_below(state, choices->rows[i].count);
}

static bool is_there(const struct wire_record *record, unsigned int row, struct choices *choices)
{
	const struct wire_when *when = record->fields[row].when;
	const struct choice *choice;

	if (!when)
		return true;
	if (!is_there(record, (unsigned int)wire_field_find(record, when->field), choices))
		return when->unless;
	choice = choice_find(choices, when->field);
	return wire_when_holds(when, choice->values[choice->now]);
}

/* Whether a row without a width says itself where it ends, or another row does. */
static bool ends_itself(const struct wire_record *record, const struct wire_field *field)
{
	if (field->width || field->kind == WIRE_NAME || field->kind == WIRE_STRING)
		return true;
	for (unsigned int i = 0; i < record->count; i++)
		if (record->fields[i].rule != WIRE_CHECKSUM && record->fields[i].of &&
			!strcmp(record->fields[i].of, field->name))
			return true;
	return false;
}

/* With the choices as they are: octets start on octets, what goes on to the end is last, and no
 * name stands twice. */
static void check_shape(
	const char *place, const struct wire_record *record, struct choices *choices)
{
	bool open = false;
	size_t bit = 0;

	for (unsigned int i = 0; i < record->count; i++) {
		const struct wire_field *field = &record->fields[i];

		if (!is_there(record, i, choices))
			continue;
		CHECK(!open, place, field->name);
		CHECK(wire_is_number(field) || bit % 8 == 0, place, field->name);
		CHECK(!field->optional || bit % 8 == 0, place, field->name);
		CHECK(field->rule != WIRE_CHECKSUM || bit % 16 == 0, place, field->name);
		open = !ends_itself(record, field);
		bit += field->width;
		for (unsigned int k = 0; k < i; k++)
			CHECK(!is_there(record, k, choices) ||
					strcmp(record->fields[k].name, field->name) != 0,
				place, field->name);
	}
	CHECK(bit % 8 == 0, place, "(length)");
}

static void check_shapes_of(void *context, const char *place, const struct wire_record *record,
	const struct wire_list *list)
{
	struct choices choices = { 0 };
	uint64_t random = 1;

	(void)context;
	(void)list;
	choices_of(place, record, &choices);
	/* Too many to have them all: of what BER's lengths may be. */
	if (choices_count(&choices, COMBINATIONS_MAX) == COMBINATIONS_MAX) {
		for (unsigned int i = 0; i < COMBINATIONS_DRAWN; i++) {
			choices_draw(&choices, &random);
			check_shape(place, record, &choices);
		}
		return;
	}
	do
		check_shape(place, record, &choices);
	while (choices_step(&choices));
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

		if (!field->preset || wire_is_text(field))
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

			if (!wire_protocol_number(*p, field->space, &number) ||
				number == WIRE_NUMBER_LENGTH)
				continue;
			/* One that has its number over one IP alone leaves the name to the other.
			 */
			if (wire_protocol_next(field->space, number) != *p)
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
	int row = wire_item_id(list, record);
	const struct wire_field *id = &record->fields[row < 0 ? 0 : row];

	CHECK(row >= 0, place, "(id)");
	for (int i = 0; i <= row; i++)
		CHECK(!record->fields[i].when && record->fields[i].width, place,
			record->fields[i].name);
	CHECK(id->kind == WIRE_UINT, place, id->name);
	CHECK(id->rule == WIRE_FIXED && !id->preset, place, id->name);
	CHECK(record->id <= value_max(id), place, id->name);
}

static void check_item_of(void *context, const char *place, const struct wire_record *record,
	const struct wire_list *list)
{
	bool ends = false;

	(void)context;
	if (!list)
		return;
	CHECK(!list->padn == !list->pad1, place, "(padding)");
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
		ends |= *item == list->end;
	}
	CHECK(ends || !list->end, place, "(end)");
}

static void items_of_a_list_are_told_apart_by_their_id(void **state)
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

		open |= !ends_itself(record, field);
		counted |=
			field->rule == WIRE_LENGTH && (field->length.span == WIRE_SPAN_RECORD ||
							      field->length.span == WIRE_SPAN_REST);
		CHECK(!list || field->rule != WIRE_CHECKSUM, place, field->name);
	}
	CHECK(!list || !open || counted, place, "(end)");
}

static void an_item_of_variable_length_says_its_length(void **state)
{
	(void)state;
	support_tables_each(check_ends_of, NULL);
}

static void a_name_that_scapy_has_leads_to_ours(void **state)
{
	static const char *const pairs[][2] = { { "Ether", "eth" }, { "IP", "ipv4" },
		{ "Dot1Q", "vlan" }, { "Raw", "payload" }, { "TCP", "tcp" }, { "ip6", "ipv6" },
		{ "icmp6", "icmpv6" }, { "vxlen", "vxlan" } };

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		assert_string_equal(wire_protocol_near(pairs[i][0]), pairs[i][1]);
		assert_non_null(wire_protocol_find(pairs[i][1]));
	}
	assert_null(wire_protocol_near("quic-transport"));
	assert_string_equal(wire_field_near(&wire_protocol_find("udp")->header, "dprt"), "dport");
	assert_null(wire_field_near(&wire_protocol_find("udp")->header, "window"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_protocol_is_found_by_its_name),
		cmocka_unit_test(a_number_names_one_protocol_and_back),
		cmocka_unit_test(protocols_stand_at_their_assigned_numbers),
		cmocka_unit_test(over_ipv6_a_number_may_name_another_protocol),
		cmocka_unit_test(every_protocol_has_a_title_and_a_unique_name),
		cmocka_unit_test(every_row_has_a_name_and_help),
		cmocka_unit_test(widths_and_rules_suit_the_kinds),
		cmocka_unit_test(fields_fill_whole_octets_under_every_condition),
		cmocka_unit_test(presets_are_values_or_facts_of_the_interface),
		cmocka_unit_test(names_of_values_are_unique_and_no_numbers),
		cmocka_unit_test(what_follows_is_named_by_its_protocol),
		cmocka_unit_test(items_of_a_list_are_told_apart_by_their_id),
		cmocka_unit_test(an_item_of_variable_length_says_its_length),
		cmocka_unit_test(a_name_that_scapy_has_leads_to_ours),
	};

	return cmocka_run_group_tests_name("wire/registry", tests, NULL, NULL);
}
