/* A frame in one line, after tcpdump. */
#include "render/line.h"
#include "render/value.h"

#include "base/buffer.h"

#include <string.h>

/* Says one layer. The row's name is a protocol's; the last row, without one, is of all others. */
struct summary {
	const char *protocol;
	void (*put)(const struct line *line, const struct view_layer *layer);
	bool ports; /* it names no layer, and a length of 0 is worth saying */
};

/* ---- pieces ---- */

void line_name(const struct line *line, const struct view_layer *layer)
{
	buffer_printf(line->out, "%s%s%s", line->style->layer, layer->header.type->name,
		line->style->reset);
}

void line_value(const struct line *line, const struct view_field *field)
{
	struct wire_value value = view_value(line->view, field);

	wire_value_format(field->field, &value, line->out);
}

/* "before VALUE"; nothing where the layer has no such field. */
static void put_field(const struct line *line, const struct view_layer *layer, const char *before,
	const char *name)
{
	const struct view_field *field = view_field_find(&layer->header, name);

	if (!field)
		return;
	buffer_printf(line->out, "%s", before);
	line_value(line, field);
}

/* The same with the number as it is, without a name for it. */
static void put_number(const struct line *line, const struct view_layer *layer, const char *before,
	const char *name)
{
	const struct view_field *field = view_field_find(&layer->header, name);

	if (!field)
		return;
	buffer_printf(line->out, "%s", before);
	render_number(field->field, view_value(line->view, field).number, line->out);
}

static uint64_t number_of(const struct line *line, const struct view_layer *layer, const char *name)
{
	const struct view_field *field = view_field_find(&layer->header, name);

	return field ? view_value(line->view, field).number : 0;
}

/* ---- layers ---- */

static void put_addresses(const struct line *line, const struct view_layer *layer)
{
	line_name(line, layer);
	put_field(line, layer, " ", "src");
	put_field(line, layer, " > ", "dst");
}

static void put_vlan(const struct line *line, const struct view_layer *layer)
{
	line_name(line, layer);
	put_number(line, layer, " ", "id");
	if (number_of(line, layer, "pcp"))
		put_number(line, layer, " pcp ", "pcp");
	if (number_of(line, layer, "dei"))
		buffer_printf(line->out, " dei");
}

static void put_arp(const struct line *line, const struct view_layer *layer)
{
	line_name(line, layer);
	switch (number_of(line, layer, "op")) {
	case 1:
		put_field(line, layer, " who has ", "tpa");
		put_field(line, layer, "? tell ", "spa");
		break;
	case 2:
		put_field(line, layer, " ", "spa");
		put_field(line, layer, " is at ", "sha");
		break;
	default:
		put_field(line, layer, " op ", "op");
		put_field(line, layer, " ", "spa");
		put_field(line, layer, " > ", "tpa");
	}
}

static void put_ipv4(const struct line *line, const struct view_layer *layer)
{
	uint64_t offset = number_of(line, layer, "frag-offset");

	put_addresses(line, layer);
	if (offset || number_of(line, layer, "flags") & 1) /* RFC 791 3.1: more fragments */
		buffer_printf(line->out, " fragment at %u", (unsigned int)offset * 8);
}

static void put_ports(const struct line *line, const struct view_layer *layer)
{
	line_name(line, layer);
	put_number(line, layer, " ", "sport");
	put_number(line, layer, " > ", "dport");
}

static void put_tcp(const struct line *line, const struct view_layer *layer)
{
	put_ports(line, layer);
	put_field(line, layer, " [", "flags");
	put_number(line, layer, "] seq ", "seq");
	if (number_of(line, layer, "flags") & 0x10) /* RFC 9293 3.1: ack is significant */
		put_number(line, layer, " ack ", "ack");
	put_number(line, layer, " window ", "window");
}

/* What an ICMP type brings: not what all have, nor zeros that are not numbers of a message. */
static bool is_said_of_icmp(const struct line *line, const struct view_field *field)
{
	static const char *const all[] = { "type", "code", "checksum" };
	const char *name = field->field->name;
	unsigned int i;

	if (field->field->kind == WIRE_LIST)
		return false;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (!strcmp(name, all[i]))
			return false;
	return !wire_is_number(field->field) || !strcmp(name, "id") || !strcmp(name, "seq") ||
	       view_value(line->view, field).number;
}

static void put_icmp(const struct line *line, const struct view_layer *layer)
{
	const struct view_record *header = &layer->header;
	unsigned int i;

	line_name(line, layer);
	put_field(line, layer, " ", "type");
	if (number_of(line, layer, "code"))
		put_field(line, layer, " code ", "code");
	for (i = 0; i < header->count; i++) {
		if (!is_said_of_icmp(line, &header->fields[i]))
			continue;
		buffer_printf(line->out, " %s ", header->fields[i].field->name);
		line_value(line, &header->fields[i]);
	}
}

#define TEXT_MAX 80 /* characters of it in a line */

/* The first line of a text, as far as it is one: a piece of a message may hold anything. */
static void put_text(const struct line *line, const struct view_layer *layer)
{
	const struct wire_value value = view_value(line->view, &layer->header.fields[0]);
	size_t length = 0;

	while (length < value.length && length < TEXT_MAX && value.octets[length] >= ' ' &&
		value.octets[length] <= '~')
		length++;
	line_name(line, layer);
	if (length)
		buffer_printf(line->out, " %.*s", (int)length, (const char *)value.octets);
	else
		buffer_printf(line->out, " %zu octets", value.length);
}

/* clang-format off */
static const struct summary summaries[] = {
	{ "eth",     put_addresses, false },
	{ "vlan",    put_vlan, false },
	{ "svlan",   put_vlan, false },
	{ "arp",     put_arp, false },
	{ "ipv4",    put_ipv4, false },
	{ "ipv6",    put_addresses, false },
	{ "icmp",    put_icmp, false },
	{ "icmpv6",  put_icmp, false },
	{ "udp",     put_ports, true },
	{ "udplite", put_ports, true },
	{ "sctp",    put_ports, false },
	{ "dccp",    put_ports, false },
	{ "tcp",     put_tcp, true },
	{ "http",    put_text, false },
	{ "sip",     put_text, false },
	{ "ssdp",    put_text, false },
	{ "syslog",  put_text, false },
	{ NULL,      line_words, false },
};
/* clang-format on */

static const struct summary *summary_of(const struct view_layer *layer)
{
	const struct summary *row = summaries;

	while (row->protocol && strcmp(row->protocol, layer->header.type->name) != 0)
		row++;
	return row;
}

/* ---- the whole ---- */

static bool is_payload(const struct view_layer *layer)
{
	return layer->protocol == &wire_payload;
}

/* MAC addresses go without saying where higher ones follow. */
static bool is_said(const struct frame_view *view, unsigned int index)
{
	unsigned int i;

	if (index || view->layers[0].protocol != &wire_eth)
		return true;
	for (i = 1; i < view->count; i++)
		if (view->layers[i].protocol->ip ||
			!strcmp(view->layers[i].header.type->name, "arp"))
			return false;
	return true;
}

/* What names the next layer, where no table of ours has it; and how much of it there is. */
static void put_rest(const struct line *line, const struct view_layer *last)
{
	const struct view_record *header = &last->header;
	uint32_t length = last->end - header->offset - header->length;
	bool ports = summary_of(last)->ports;
	unsigned int i;

	for (i = 0; length && !ports && i < header->count; i++)
		if (header->fields[i].field->rule == WIRE_NEXT) {
			buffer_printf(line->out, ", %s ", header->fields[i].field->name);
			line_value(line, &header->fields[i]);
		}
	if (length || ports)
		buffer_printf(line->out, ", length %u", length);
}

static void put_wrong(const struct line *line, const char *layer, const char *field)
{
	buffer_printf(line->out, ", %swrong %s%s%s%s", line->style->bad, layer, *layer ? "." : "",
		field, line->style->reset);
}

static void put_wrongs(const struct line *line)
{
	const struct frame_view *view = line->view;
	unsigned int i, j;

	for (i = 0; i < view->count; i++) {
		const struct view_record *header = &view->layers[i].header;

		for (j = 0; j < header->count; j++)
			if (header->fields[j].check == VIEW_WRONG)
				put_wrong(line, header->type->name, header->fields[j].field->name);
	}
	if (view->fcs == VIEW_FCS_WRONG)
		put_wrong(line, "", "FCS");
	if (view->fault)
		buffer_printf(
			line->out, ", %s%s%s", line->style->bad, view->fault, line->style->reset);
}

void render_line(
	const struct frame_view *view, const struct render_style *style, struct buffer *out)
{
	const struct line line = { view, style, out };
	const struct view_layer *last = NULL;
	unsigned int i;

	for (i = 0; i < view->count; i++) {
		const struct view_layer *layer = &view->layers[i];

		if (is_payload(layer) || !is_said(view, i))
			continue;
		if (last)
			buffer_printf(out, "%s", last->protocol->ip ? ": " : ", ");
		summary_of(layer)->put(&line, layer);
		last = layer;
	}
	if (last)
		put_rest(&line, last);
	else
		buffer_printf(out, "%u octets", view->length);
	put_wrongs(&line);
}
