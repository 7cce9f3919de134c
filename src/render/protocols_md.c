/* The protocols' tables as a reference manual in Markdown. */
#include "render/render.h"
#include "render/table.h"

#include "base/buffer.h"

#include <inttypes.h>
#include <string.h>

/* Text in a table's cell: what Markdown would take for its own marks is escaped. */
static void put_text(const char *text, struct buffer *out)
{
	for (; *text; text++)
		buffer_printf(out, "%s%c", strchr("|*_<>`[]\\", *text) ? "\\" : "", *text);
}

static void put_heading(const char *marks, const char *title, struct buffer *out)
{
	buffer_printf(out, "\n%s ", marks);
	put_text(title, out);
	buffer_printf(out, "\n\n");
}

static void put_names(const struct wire_field *field, struct buffer *out)
{
	struct wire_name name;

	for (unsigned int i = 0; table_name(field, i, &name); i++) {
		buffer_printf(out, "%s`%s` ", i ? ", " : "<br>", name.name);
		if (field->hex || field->kind == WIRE_FLAGS)
			buffer_printf(out, "0x%" PRIx64, name.value);
		else
			buffer_printf(out, "%" PRIu64, name.value);
	}
}

/* The last cell: what it is, when it is there, how it is computed, and the names of its values. */
static void put_about(
	const struct wire_record *record, const struct wire_field *field, struct buffer *out)
{
	struct buffer text = { 0 };

	put_text(field->help ? field->help : "", out);
	table_when(record, field, &text);
	if (text.length) {
		buffer_printf(out, "; only when ");
		put_text(buffer_text(&text), out);
	}
	buffer_clear(&text);
	table_automatic(field, &text);
	if (text.length) {
		buffer_printf(out, "; automatic: ");
		put_text(buffer_text(&text), out);
	}
	buffer_fini(&text);
	put_names(field, out);
}

static void put_row(const struct wire_list *list, const struct wire_record *record,
	unsigned int index, struct buffer *out)
{
	const struct wire_field *field = &record->fields[index];
	struct buffer text = { 0 };

	buffer_printf(out, "| `%s` | %s | ", field->name, table_kind(field));
	if (field->width)
		buffer_printf(out, "%u", field->width);
	table_item_default(list, record, index, &text);
	buffer_printf(out, " | ");
	put_text(buffer_text(&text), out);
	buffer_printf(out, " | ");
	put_about(record, field, out);
	buffer_printf(out, " |\n");
	buffer_fini(&text);
}

static void put_fields(
	const struct wire_list *list, const struct wire_record *record, struct buffer *out)
{
	if (!record->count)
		return;
	buffer_printf(out, "| field | kind | bits | default | |\n|---|---|---|---|---|\n");
	for (unsigned int i = 0; i < record->count; i++)
		put_row(list, record, i, out);
}

static void put_lists(const char *where, const struct wire_record *record, struct buffer *out);

static void put_item(const char *where, const struct wire_list *list,
	const struct wire_record *item, struct buffer *out)
{
	struct buffer path = { 0 };

	buffer_printf(&path, "%s: %s", where, item->name);
	put_heading("####", buffer_text(&path), out);
	if (item->help) {
		put_text(item->help, out);
		buffer_printf(out, "\n\n");
	}
	put_fields(list, item, out);
	put_lists(buffer_text(&path), item, out);
	buffer_fini(&path);
}

static void put_list(const char *where, const struct wire_field *field, struct buffer *out)
{
	struct buffer path = { 0 };

	buffer_printf(&path, "%s.%s", where, field->name);
	put_heading("###", buffer_text(&path), out);
	buffer_printf(out, "Items:\n");
	for (const struct wire_record *const *item = field->list->items; *item; item++)
		put_item(buffer_text(&path), field->list, *item, out);
	if (field->list->other)
		put_item(buffer_text(&path), field->list, field->list->other, out);
	buffer_fini(&path);
}

static void put_lists(const char *where, const struct wire_record *record, struct buffer *out)
{
	for (unsigned int i = 0; i < record->count; i++)
		if (record->fields[i].list)
			put_list(where, &record->fields[i], out);
}

/* "Named by ethertype 2048, IP protocol 4." */
static void put_binds(const struct wire_bind *bind, struct buffer *out)
{
	const char *between = "Named by";

	for (; bind && bind->space != WIRE_SPACE_NONE; bind++, between = ",") {
		buffer_printf(out, "%s %s ", between, table_space(bind->space));
		if (bind->number == WIRE_NUMBER_LENGTH)
			buffer_printf(out, "that is a length, up to %d", WIRE_NUMBER_LENGTH_MAX);
		else
			buffer_printf(out,
				bind->space == WIRE_ETHERTYPE ? "0x%04" PRIx64 : "%" PRIu64,
				bind->number);
	}
	if (*between == ',')
		buffer_printf(out, ".\n\n");
}

static void put_protocol(const struct wire_protocol *protocol, struct buffer *out)
{
	put_heading("##", protocol->header.name, out);
	put_text(protocol->title, out);
	if (protocol->rfc) {
		buffer_printf(out, ", ");
		put_text(protocol->rfc, out);
	}
	buffer_printf(out, ".\n\n");
	if (protocol->header.help) {
		put_text(protocol->header.help, out);
		buffer_printf(out, ".\n\n");
	}
	put_binds(protocol->binds, out);
	put_fields(NULL, &protocol->header, out);
	put_lists(protocol->header.name, &protocol->header, out);
}

void render_protocols_md(struct buffer *out)
{
	buffer_printf(out, "# Protocols of pktsmith\n\n");
	buffer_printf(out, "Layers that templates may have, and their fields.\n\n");
	buffer_printf(out,
		"In a frame that is read numbers such as the EtherType say what follows. "
		"Where both ports of udp, udplite or tcp\nname a protocol, the lower one "
		"does, as in Wireshark; what cannot be read as that is the other's, if it\n"
		"can be read so.\n\n");
	for (unsigned int i = 0; wire_protocols[i]; i++) {
		const char *name = wire_protocols[i]->header.name;

		buffer_printf(out, "- [%s](#%s): ", name, name);
		put_text(wire_protocols[i]->title, out);
		buffer_printf(out, "\n");
	}
	for (unsigned int i = 0; wire_protocols[i]; i++)
		put_protocol(wire_protocols[i], out);
}
