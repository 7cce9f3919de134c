/* Writes values that vary, and sizes. */
#include "template/writer.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "template/quote.h"

#include <inttypes.h>
#include <string.h>

#define PATTERN_MAX 256 /* octets of a whole pattern */

/* Whether all octets are drawn. */
static bool is_random_bytes(const struct wire_field *field, const struct spec_vary *vary)
{
	return field->kind == WIRE_BYTES && vary->kind == VARY_RANDOM && !vary->part &&
	       !vary->cycle && write_is_run(&vary->first, 0, 0) &&
	       write_is_run(&vary->last, 0xff, 0);
}

const char *write_first_key(const struct wire_field *field, const struct spec_value *value)
{
	if (is_random_bytes(field, value->vary))
		return "random-bytes";
	return value->vary->part ? "value" : varying_kind_name(value->vary->kind);
}

/* Ends of ranges are numbers and not names: 80..443. */
static void format_end(
	const struct wire_field *field, const struct wire_value *value, struct buffer *out)
{
	struct wire_field plain = *field;

	plain.names = NULL;
	plain.space = WIRE_SPACE_NONE;
	wire_value_format(&plain, value, out);
}

static void put_range(
	const struct writer *w, const struct wire_field *field, const struct spec_vary *vary)
{
	struct buffer word = { 0 };

	format_end(field, &vary->first, &word);
	buffer_printf(&word, "..");
	format_end(field, &vary->last, &word);
	w->notation->put_word(w->out, buffer_text(&word));
	buffer_fini(&word);
}

static void put_values(
	const struct writer *w, const struct wire_field *field, const struct spec_vary *vary)
{
	for (unsigned int i = 0; i < vary->count; i++) {
		buffer_printf(w->out, "%s", i ? ", " : "");
		write_one(w, field, &vary->values[i]);
	}
}

/* "vlan[2].id": nth is of the layers of its protocol. */
static void put_target(
	struct buffer *out, const struct frame_spec *frame, const struct spec_vary *vary)
{
	const struct spec_layer *layer = &frame->layers[vary->same_layer];
	const struct wire_record *type = layer->header.type;
	unsigned int nth = 1;

	for (unsigned int i = 0; i < vary->same_layer; i++)
		nth += frame->layers[i].protocol == layer->protocol;
	buffer_printf(out, "%s", type->name);
	if (nth > 1)
		buffer_printf(out, "[%u]", nth);
	buffer_printf(out, ".%s", type->fields[vary->same_field].name);
}

/* What the generator goes through, by itself: the brackets of a list of its own are open. */
static void put_through(
	const struct writer *w, const struct wire_field *field, const struct spec_vary *vary)
{
	struct buffer target = { 0 };

	if (vary->kind == VARY_LIST) {
		put_values(w, field, vary);
	} else if (vary->kind != VARY_SAME_AS) {
		put_range(w, field, vary);
	} else {
		put_target(&target, w->frame, vary);
		w->notation->put_word(w->out, buffer_text(&target));
		buffer_fini(&target);
	}
}

/* Behind value: and bits:, a list stands in brackets in both notations. */
static void put_part(
	const struct writer *w, const struct wire_field *field, const struct spec_value *value)
{
	const struct spec_vary *vary = value->vary;
	const struct wire_field bits = { .name = field->name,
		.kind = WIRE_UINT,
		.width = (uint16_t)(vary->high - vary->low + 1) };
	bool list = vary->kind == VARY_LIST;

	write_open(w->out, w->notation->form_open, "value");
	if (wire_is_text(field))
		write_own(w, &value->value);
	else
		write_one(w, field, &value->value);
	write_key(w, "bits");
	buffer_printf(w->out, "%u..%u", vary->low, vary->high);
	write_key(w, varying_kind_name(vary->kind));
	buffer_printf(w->out, "%s", list ? "[" : "");
	put_through(w, &bits, vary);
	buffer_printf(w->out, "%s", list ? "]" : "");
}

void write_varying(
	const struct writer *w, const struct wire_field *field, const struct spec_value *value)
{
	const struct spec_vary *vary = value->vary;
	bool list = vary->kind == VARY_LIST;

	if (is_random_bytes(field, vary)) {
		write_open(w->out, w->notation->form_open, "random-bytes");
		buffer_printf(w->out, "%zu%s", vary->first.length, w->notation->form_close);
		return;
	}
	if (vary->part) {
		put_part(w, field, value);
	} else {
		write_open(w->out, list ? w->notation->sequence_open : w->notation->form_open,
			varying_kind_name(vary->kind));
		put_through(w, field, vary);
		buffer_printf(w->out, "%s", list ? w->notation->sequence_close : "");
	}
	if (vary->step > 1 && (vary->kind == VARY_INC || vary->kind == VARY_DEC)) {
		write_key(w, "step");
		buffer_printf(w->out, "%" PRIu64, vary->step);
	}
	if (vary->cycle && vary->kind != VARY_SAME_AS) {
		write_key(w, "each");
		buffer_printf(w->out, "cycle");
	}
	buffer_printf(w->out, "%s", w->notation->form_close);
}

/* {KEY: ..., size: ...} of octets that repeat. */
static void put_repeated(
	const struct writer *w, const struct wire_value *value, const struct spec_vary *size)
{
	bool text = quote_is_text(value->octets, value->length);

	if (write_is_run(value, value->length ? value->octets[0] : 0, 0)) {
		write_open(w->out, w->notation->form_open, "fill");
		buffer_printf(w->out, "0x%02x", value->octets[0]);
	} else if (value->length == PATTERN_MAX && write_is_run(value, 0, 1)) {
		write_open(w->out, w->notation->form_open, "pattern");
		buffer_printf(w->out, "inc");
	} else {
		write_open(w->out, w->notation->form_open, text ? "text" : "hex");
		if (text)
			quote_put_text(w->out, value->octets, value->length);
		else
			write_hex(w->out, value->octets, value->length);
	}
	write_key(w, "size");
	write_size(w, size);
	buffer_printf(w->out, "%s", w->notation->form_close);
}

void write_payload(
	const struct writer *w, const struct spec_value *value, const struct spec_vary *size)
{
	static const struct wire_field text = { .kind = WIRE_BYTES, .text = true };

	if (value->state != SPEC_VARIES && !size) {
		write_own(w, &value->value);
	} else if (value->state != SPEC_VARIES) {
		put_repeated(w, &value->value, size);
	} else if (!size) {
		write_varying(w, &text, value);
	} else {
		write_open(w->out, w->notation->form_open, "random-bytes");
		write_size(w, size);
		buffer_printf(w->out, "%s", w->notation->form_close);
	}
}

/* ---- sizes ---- */

/* The sizes and weights that such a list is the spread of; 0 where it is none. */
static unsigned int mix_of(const struct spec_vary *size, struct imix *parts, unsigned int max)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < size->count; i++) {
		unsigned int j = 0;

		while (j < count && parts[j].size != size->values[i].number)
			j++;
		if (j == max)
			return 0;
		if (j == count)
			parts[count++] = (struct imix){ .size = size->values[i].number };
		parts[j].weight++;
	}
	return count;
}

#define MIX_MAX 16

static bool is_spread(const struct spec_vary *size, const struct imix *parts, unsigned int count)
{
	struct arena arena;
	unsigned int length = 0;
	const struct wire_value *values;
	bool same;

	if (!count || count == size->count)
		return false;
	arena_init(&arena);
	values = imix_spread(&arena, parts, count, &length);
	same = values && length == size->count;
	for (unsigned int i = 0; i < length && same; i++)
		same = values[i].number == size->values[i].number;
	arena_fini(&arena);
	return same;
}

static void put_mix(const struct writer *w, const struct imix *parts, unsigned int count)
{
	if (count == IMIX_COUNT && !memcmp(parts, imix_usual, sizeof(imix_usual))) {
		buffer_printf(w->out, "imix");
		return;
	}
	write_open(w->out, w->notation->sequence_open, "imix");
	for (unsigned int i = 0; i < count; i++)
		buffer_printf(w->out, "%s[%" PRIu64 ", %" PRIu64 "]", i ? ", " : "",
			parts[i].weight, parts[i].size);
	buffer_printf(w->out, "%s%s", w->notation->sequence_close, w->notation->form_close);
}

void write_size(const struct writer *w, const struct spec_vary *size)
{
	static const struct wire_field octets = { .kind = WIRE_UINT, .width = 64 };
	const struct spec_value value = { .state = SPEC_VARIES, .vary = size };
	struct imix parts[MIX_MAX];
	unsigned int count = size->kind == VARY_LIST ? mix_of(size, parts, MIX_MAX) : 0;

	if (size->kind == VARY_INC && size->first.number == size->last.number)
		buffer_printf(w->out, "%" PRIu64, size->first.number);
	else if (is_spread(size, parts, count))
		put_mix(w, parts, count);
	else
		write_varying(w, &octets, &value);
}
