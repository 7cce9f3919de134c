/* What a line says of a layer without more ado. */
#include "render/line.h"
#include "render/value.h"

#include "base/buffer.h"

#include <string.h>

#define WORDS_MAX 4

/* What is said of a layer without more ado: these fields; "/name" is the last row of the first item
 * of that name in its list. */
struct words {
	const char *protocol;
	const char *fields[WORDS_MAX];
};

/* clang-format off */
static const struct words words[] = {
	{ "ah",            { "spi", "seq" } },
	{ "esp",           { "spi", "seq" } },
	{ "ipcomp",        { "cpi" } },
	{ "gtp-u",         { "type", "teid", "seq" } },
	{ "gtp-u-session", { "type", "qfi" } },
	{ "l2tp",          { "flags", "tunnel", "session" } },
	{ "l2tp3",         { "session" } },
	{ "ospf",          { "type", "router", "area" } },
	{ "ospf3",         { "type", "router", "area" } },
	{ "rip",           { "command", "version" } },
	{ "ripng",         { "command" } },
	{ "eigrp",         { "op", "flags", "as" } },
	{ "vrrp",          { "type", "vrid", "priority" } },
	{ "vrrp6",         { "type", "vrid", "priority" } },
	{ "pim",           { "type" } },
	{ "igmp",          { "type", "group" } },
	{ "hsrp",          { "op", "state", "group", "priority" } },
	{ "bfd",           { "state", "flags" } },
	{ "mac-control",   { "opcode", "quanta", "classes" } },
	{ "macsec",        { "an", "pn" } },
	{ "stp",           { "version", "type", "root-mac", "root-cost" } },
	{ "lldp",          { "/chassis-id", "/port-id", "/ttl", "/system-name" } },
	{ "cdp",           { "/device-id", "/port-id", "ttl" } },
	{ "lacp",          { "actor-system", "actor-port", "actor-state", "partner-system" } },
	{ "eapol",         { "type" } },
	{ "eap",           { "code", "type", "id" } },
	{ "pppoe-discovery", { "code", "/service-name", "/ac-name" } },
	{ "pppoe",         { "session-id" } },
	{ "lcp",           { "code", "id" } },
	{ "ipcp",          { "code", "id", "/address" } },
	{ "ipv6cp",        { "code", "id", "/interface-id" } },
	{ "pap",           { "code", "id" } },
	{ "chap",          { "code", "id" } },
	{ "cfm",           { "opcode", "level", "mep-id", "seq" } },
	{ "ptp",           { "type", "domain", "clock", "seq" } },
	{ "wake-on-lan",   { "/target" } },
	{ "erspan",        { "session", "vlan" } },
	{ "erspan3",       { "session", "vlan" } },
	{ "ntp",           { "mode", "stratum" } },
	{ "dhcpv6",        { "type", "xid" } },
	{ "dhcp",          { "/message-type", "xid" } },
	{ "tftp",          { "opcode", "file", "block" } },
	{ "radius",        { "code", "id" } },
	{ "rtp",           { "payload-type", "seq", "ssrc" } },
	{ "modbus",        { "unit", "function" } },
};
/* clang-format on */

/* A value that has a name speaks for itself; flags, where none is set, say nothing. */
static void put_word(const struct line *line, const struct view_field *field)
{
	uint64_t number = view_value(line->view, field).number;
	const char *name = field->field->names ? wire_value_name(field->field, number) : NULL;

	if (field->field->kind == WIRE_FLAGS) {
		if (!number)
			return;
		buffer_printf(line->out, " [");
		line_value(line, field);
		buffer_printf(line->out, "]");
		return;
	}
	if (!wire_is_number(field->field) || !name)
		buffer_printf(line->out, " %s", field->field->name);
	buffer_printf(line->out, " ");
	line_value(line, field);
}

/* " item VALUE" of the layer's first item of that name; nothing where it has none. */
static void put_item(const struct line *line, const struct view_layer *layer, const char *name)
{
	unsigned int i, j;

	for (i = 0; i < layer->header.count; i++) {
		const struct view_field *list = &layer->header.fields[i];

		for (j = 0; j < list->count; j++) {
			const struct view_record *item = &list->items[j];

			if (strcmp(item->type->name, name) != 0 || !item->count)
				continue;
			buffer_printf(line->out, " %s ", name);
			render_value(line->view, &item->fields[item->count - 1], line->out);
			return;
		}
	}
}

static void put_word_named(
	const struct line *line, const struct view_layer *layer, const char *name)
{
	const struct view_field *field;

	if (name[0] == '/') {
		put_item(line, layer, name + 1);
		return;
	}
	field = view_field_find(&layer->header, name);
	if (field)
		put_word(line, field);
}

void line_words(const struct line *line, const struct view_layer *layer)
{
	unsigned int i, j;

	line_name(line, layer);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].protocol, layer->header.type->name) != 0)
			continue;
		for (j = 0; j < WORDS_MAX && words[i].fields[j]; j++)
			put_word_named(line, layer, words[i].fields[j]);
	}
}
