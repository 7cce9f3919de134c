/* The protocols' tables as a section of a manual page, in roff -man. */
#include "render/render.h"
#include "render/table.h"

#include "base/buffer.h"

#include <inttypes.h>
#include <string.h>

/* Text as roff shows it: its own characters escaped. A line may not begin with '.' or '\''. */
static void put_text(const char *text, struct buffer *out)
{
	if (*text == '.' || *text == '\'')
		buffer_printf(out, "\\&");
	for (; *text; text++) {
		if (*text == '\\')
			buffer_printf(out, "\\e");
		else if (*text == '-')
			buffer_printf(out, "\\-");
		else
			buffer_put(out, text, 1);
	}
}

static void put_names(const struct wire_field *field, struct buffer *out)
{
	struct wire_name name;
	unsigned int i;

	for (i = 0; table_name(field, i, &name); i++) {
		buffer_printf(out, "%s", i ? ", " : "Names: ");
		put_text(name.name, out);
		if (field->hex || field->kind == WIRE_FLAGS)
			buffer_printf(out, " (0x%" PRIx64 ")", name.value);
		else
			buffer_printf(out, " (%" PRIu64 ")", name.value);
	}
	if (i)
		buffer_printf(out, ".\n");
}

/* "type, 16 bits, left out: the next layer's" as the tag, then the help. */
static void put_field(const struct wire_list *list, const struct wire_record *record,
	unsigned int index, struct buffer *out)
{
	const struct wire_field *field = &record->fields[index];
	struct buffer text = { 0 };

	buffer_printf(out, ".TP\n\\fB");
	put_text(field->name, out);
	buffer_printf(out, "\\fR (%s", table_kind(field));
	if (field->width)
		buffer_printf(out, ", %u bit%s", field->width, field->width == 1 ? "" : "s");
	buffer_printf(out, ")\n");
	put_text(field->help ? field->help : "", out);
	table_when(record, field, &text);
	if (text.length) {
		buffer_printf(out, "; only when ");
		put_text(buffer_text(&text), out);
	}
	buffer_clear(&text);
	table_item_default(list, record, index, &text);
	buffer_printf(out, ".\n%s", field->required ? "" : "Default: ");
	put_text(field->required ? "Required" : buffer_text(&text), out);
	buffer_printf(out, ".\n");
	put_names(field, out);
	buffer_fini(&text);
}

static void put_fields(
	const struct wire_list *list, const struct wire_record *record, struct buffer *out);

static void put_item(
	const struct wire_list *list, const struct wire_record *item, struct buffer *out)
{
	buffer_printf(out, ".PP\n\\fI");
	put_text(item->name, out);
	buffer_printf(out, "\\fR");
	if (item->help) {
		buffer_printf(out, ": ");
		put_text(item->help, out);
	}
	buffer_printf(out, "\n.RS 2\n");
	put_fields(list, item, out);
	buffer_printf(out, ".RE\n");
}

static void put_items(const struct wire_field *field, struct buffer *out)
{
	const struct wire_record *const *item;

	buffer_printf(out, ".PP\nItems of ");
	put_text(field->name, out);
	buffer_printf(out, ":\n.RS 2\n");
	for (item = field->list->items; *item; item++)
		put_item(field->list, *item, out);
	if (field->list->other)
		put_item(field->list, field->list->other, out);
	buffer_printf(out, ".RE\n");
}

static void put_fields(
	const struct wire_list *list, const struct wire_record *record, struct buffer *out)
{
	unsigned int i;

	for (i = 0; i < record->count; i++)
		put_field(list, record, i, out);
	for (i = 0; i < record->count; i++)
		if (record->fields[i].list)
			put_items(&record->fields[i], out);
}

void render_protocols_man(struct buffer *out)
{
	unsigned int i;

	/* Items in items in items stand in columns too narrow to be filled. */
	buffer_printf(out, ".SH PROTOCOLS\n.ad l\n");
	buffer_printf(out,
		"In a frame that is read numbers such as the EtherType say what follows.\n"
		"Where both ports of udp, udplite or tcp name a protocol,\n"
		"the lower one does, as in Wireshark;\n"
		"what cannot be read as that is the other's, if it can be read so.\n");
	for (i = 0; wire_protocols[i]; i++) {
		const struct wire_protocol *protocol = wire_protocols[i];

		buffer_printf(out, ".SS ");
		put_text(protocol->header.name, out);
		buffer_printf(out, "\n");
		put_text(protocol->title, out);
		if (protocol->rfc) {
			buffer_printf(out, ", ");
			put_text(protocol->rfc, out);
		}
		buffer_printf(out, ".\n");
		put_fields(NULL, &protocol->header, out);
	}
}
