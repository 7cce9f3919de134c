/* Writes octets and other single values, as a template or an expression says them. */
#include "template/writer.h"

#include "base/buffer.h"
#include "template/quote.h"

#include <string.h>

#define RUN_MIN 16 /* octets that are worth a {fill: .., size: ..} */

void write_open(struct buffer *out, const char *open, const char *name)
{
	const char *mark = strstr(open, "%s");

	buffer_put(out, open, (size_t)(mark - open));
	buffer_printf(out, "%s%s", name, mark + 2);
}

void write_key(const struct writer *w, const char *key)
{
	buffer_printf(w->out, ", %s%s", key, w->notation->equals);
}

void write_hex(struct buffer *out, const uint8_t *octets, size_t length)
{
	for (size_t i = 0; i < length; i++)
		buffer_printf(out, "%02x", octets[i]);
}

bool write_is_run(const struct wire_value *value, uint8_t first, uint8_t step)
{
	for (size_t i = 0; i < value->length; i++)
		if (value->octets[i] != (uint8_t)(first + i * step))
			return false;
	return value->length;
}

void write_hex_form(const struct writer *w, const uint8_t *octets, size_t length)
{
	write_open(w->out, w->notation->form_open, "hex");
	write_hex(w->out, octets, length);
	buffer_printf(w->out, "%s", w->notation->form_close);
}

void write_octets(const struct writer *w, const struct wire_value *value)
{
	if (quote_is_text(value->octets, value->length))
		quote_put_text(w->out, value->octets, value->length);
	else
		write_hex_form(w, value->octets, value->length);
}

/* A run of one octet, or of a pattern, that is worth its name; KEY or NULL. */
static const char *run_name(const struct wire_value *value)
{
	if (value->length < RUN_MIN)
		return NULL;
	if (write_is_run(value, value->octets[0], 0))
		return "fill";
	return write_is_run(value, 0, 1) ? "pattern" : NULL;
}

bool write_is_hex(const struct wire_value *value)
{
	return !run_name(value) && !quote_is_text(value->octets, value->length);
}

/* As many octets as they are. */
void write_own(const struct writer *w, const struct wire_value *value)
{
	const char *name = run_name(value);

	if (!name) {
		write_octets(w, value);
		return;
	}
	write_open(w->out, w->notation->form_open, name);
	if (write_is_run(value, value->octets[0], 0))
		buffer_printf(w->out, "0x%02x", value->octets[0]);
	else
		buffer_printf(w->out, "inc");
	write_key(w, "size");
	buffer_printf(w->out, "%zu%s", value->length, w->notation->form_close);
}

void write_one(
	const struct writer *w, const struct wire_field *field, const struct wire_value *value)
{
	struct buffer word = { 0 };

	if (wire_is_text(field)) {
		write_octets(w, value);
		return;
	}
	wire_value_format(field, value, &word);
	w->notation->put_word(w->out, buffer_text(&word));
	buffer_fini(&word);
}
