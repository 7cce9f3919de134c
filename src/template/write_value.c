/* Writes values, lists and fields, as a template or an expression says them. */
#include "template/writer.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "template/quote.h"

#include <inttypes.h>
#include <string.h>

#define RUN_MIN	    16	/* octets that are worth a {fill: .., size: ..} */
#define PATTERN_MAX 256 /* octets of a whole pattern */

/* clang-format off */
const struct notation notation_yaml = {
	.equals = ": ",
	.form_open = "{%s: ", .form_close = "}",
	.sequence_open = "{%s: [", .sequence_close = "]",
	.item_open = "{%s: {", .item_close = "}}",
	.fields_open = "{", .fields_close = "}",
	.put_word = quote_put_word,
};

const struct notation notation_expression = {
	.equals = "=",
	.form_open = "%s(", .form_close = ")",
	.sequence_open = "%s(", .sequence_close = "",
	.item_open = "%s(", .item_close = ")",
	.fields_open = "(", .fields_close = ")",
	.put_word = quote_put_expression_word,
};
/* clang-format on */

static void put_open(struct buffer *out, const char *open, const char *name)
{
	const char *mark = strstr(open, "%s");

	buffer_put(out, open, (size_t)(mark - open));
	buffer_printf(out, "%s%s", name, mark + 2);
}

static void put_key(const struct writer *w, const char *key)
{
	buffer_printf(w->out, ", %s%s", key, w->notation->equals);
}

static void put_hex(struct buffer *out, const uint8_t *octets, size_t length)
{
	for (size_t i = 0; i < length; i++)
		buffer_printf(out, "%02x", octets[i]);
}

/* ---- octets ---- */

/* Whether octet i is first + i * step throughout. */
static bool is_run(const struct wire_value *value, uint8_t first, uint8_t step)
{
	for (size_t i = 0; i < value->length; i++)
		if (value->octets[i] != (uint8_t)(first + i * step))
			return false;
	return value->length;
}

void put_hex_form(const struct writer *w, const uint8_t *octets, size_t length)
{
	put_open(w->out, w->notation->form_open, "hex");
	put_hex(w->out, octets, length);
	buffer_printf(w->out, "%s", w->notation->form_close);
}

void put_octets(const struct writer *w, const struct wire_value *value)
{
	if (quote_is_text(value->octets, value->length))
		quote_put_text(w->out, value->octets, value->length);
	else
		put_hex_form(w, value->octets, value->length);
}

/* {KEY: ..., size: ...} of octets that repeat. */
static void put_repeated(
	const struct writer *w, const struct wire_value *value, const struct spec_vary *size)
{
	bool text = quote_is_text(value->octets, value->length);

	if (is_run(value, value->length ? value->octets[0] : 0, 0)) {
		put_open(w->out, w->notation->form_open, "fill");
		buffer_printf(w->out, "0x%02x", value->octets[0]);
	} else if (value->length == PATTERN_MAX && is_run(value, 0, 1)) {
		put_open(w->out, w->notation->form_open, "pattern");
		buffer_printf(w->out, "inc");
	} else {
		put_open(w->out, w->notation->form_open, text ? "text" : "hex");
		if (text)
			quote_put_text(w->out, value->octets, value->length);
		else
			put_hex(w->out, value->octets, value->length);
	}
	put_key(w, "size");
	put_size(w, size);
	buffer_printf(w->out, "%s", w->notation->form_close);
}

/* A run of one octet, or of a pattern, that is worth its name; KEY or NULL. */
static const char *run_name(const struct wire_value *value)
{
	if (value->length < RUN_MIN)
		return NULL;
	if (is_run(value, value->octets[0], 0))
		return "fill";
	return is_run(value, 0, 1) ? "pattern" : NULL;
}

bool is_hex(const struct wire_value *value)
{
	return !run_name(value) && !quote_is_text(value->octets, value->length);
}

/* As many octets as they are. */
static void put_own(const struct writer *w, const struct wire_value *value)
{
	const char *name = run_name(value);

	if (!name) {
		put_octets(w, value);
		return;
	}
	put_open(w->out, w->notation->form_open, name);
	if (is_run(value, value->octets[0], 0))
		buffer_printf(w->out, "0x%02x", value->octets[0]);
	else
		buffer_printf(w->out, "inc");
	put_key(w, "size");
	buffer_printf(w->out, "%zu%s", value->length, w->notation->form_close);
}

/* ---- values that vary ---- */

/* Whether all octets are drawn. */
static bool is_random_bytes(const struct wire_field *field, const struct spec_vary *vary)
{
	return field->kind == WIRE_BYTES && vary->kind == VARY_RANDOM && !vary->part &&
	       !vary->cycle && is_run(&vary->first, 0, 0) && is_run(&vary->last, 0xff, 0);
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

static void put_one(
	const struct writer *w, const struct wire_field *field, const struct wire_value *value)
{
	struct buffer word = { 0 };

	if (wire_is_text(field)) {
		put_octets(w, value);
		return;
	}
	wire_value_format(field, value, &word);
	w->notation->put_word(w->out, buffer_text(&word));
	buffer_fini(&word);
}

/* The key that such a value's mapping begins with. */
static const char *first_key(const struct wire_field *field, const struct spec_value *value)
{
	if (is_random_bytes(field, value->vary))
		return "random-bytes";
	return value->vary->part ? "value" : varying_kind_name(value->vary->kind);
}

static void put_values(
	const struct writer *w, const struct wire_field *field, const struct spec_vary *vary)
{
	for (unsigned int i = 0; i < vary->count; i++) {
		buffer_printf(w->out, "%s", i ? ", " : "");
		put_one(w, field, &vary->values[i]);
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

	put_open(w->out, w->notation->form_open, "value");
	if (wire_is_text(field))
		put_own(w, &value->value);
	else
		put_one(w, field, &value->value);
	put_key(w, "bits");
	buffer_printf(w->out, "%u..%u", vary->low, vary->high);
	put_key(w, varying_kind_name(vary->kind));
	buffer_printf(w->out, "%s", list ? "[" : "");
	put_through(w, &bits, vary);
	buffer_printf(w->out, "%s", list ? "]" : "");
}

static void put_varying(
	const struct writer *w, const struct wire_field *field, const struct spec_value *value)
{
	const struct spec_vary *vary = value->vary;
	bool list = vary->kind == VARY_LIST;

	if (is_random_bytes(field, vary)) {
		put_open(w->out, w->notation->form_open, "random-bytes");
		buffer_printf(w->out, "%zu%s", vary->first.length, w->notation->form_close);
		return;
	}
	if (vary->part) {
		put_part(w, field, value);
	} else {
		put_open(w->out, list ? w->notation->sequence_open : w->notation->form_open,
			varying_kind_name(vary->kind));
		put_through(w, field, vary);
		buffer_printf(w->out, "%s", list ? w->notation->sequence_close : "");
	}
	if (vary->step > 1 && (vary->kind == VARY_INC || vary->kind == VARY_DEC)) {
		put_key(w, "step");
		buffer_printf(w->out, "%" PRIu64, vary->step);
	}
	if (vary->cycle && vary->kind != VARY_SAME_AS) {
		put_key(w, "each");
		buffer_printf(w->out, "cycle");
	}
	buffer_printf(w->out, "%s", w->notation->form_close);
}

void put_payload(
	const struct writer *w, const struct spec_value *value, const struct spec_vary *size)
{
	static const struct wire_field text = { .kind = WIRE_BYTES, .text = true };

	if (value->state != SPEC_VARIES && !size) {
		put_own(w, &value->value);
	} else if (value->state != SPEC_VARIES) {
		put_repeated(w, &value->value, size);
	} else if (!size) {
		put_varying(w, &text, value);
	} else {
		put_open(w->out, w->notation->form_open, "random-bytes");
		put_size(w, size);
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
	put_open(w->out, w->notation->sequence_open, "imix");
	for (unsigned int i = 0; i < count; i++)
		buffer_printf(w->out, "%s[%" PRIu64 ", %" PRIu64 "]", i ? ", " : "",
			parts[i].weight, parts[i].size);
	buffer_printf(w->out, "%s%s", w->notation->sequence_close, w->notation->form_close);
}

void put_size(const struct writer *w, const struct spec_vary *size)
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
		put_varying(w, &octets, &value);
}

/* ---- fields and lists ---- */

bool is_written(const struct spec_record *record, const struct rows_of *of, unsigned int row)
{
	return spec_value_of(record, row)->state != SPEC_AUTO && rows_present(record, of, row);
}

unsigned int written_count(const struct spec_record *record, const struct rows_of *of)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < record->type->count; i++)
		count += is_written(record, of, i);
	return count;
}

static void put_list(
	const struct writer *w, const struct wire_list *list, const struct spec_value *value);

static void put_value(
	const struct writer *w, const struct wire_field *field, const struct spec_value *value)
{
	if (value->state == SPEC_BAD)
		buffer_printf(w->out, "bad");
	else if (value->state == SPEC_VARIES)
		put_varying(w, field, value);
	else if (field->kind == WIRE_LIST)
		put_list(w, field->list, value);
	else
		put_one(w, field, &value->value);
}

void put_fields(const struct writer *w, const struct spec_record *record, const struct rows_of *of,
	const char *between)
{
	const char *separator = "";

	for (unsigned int i = 0; i < record->type->count; i++) {
		const struct wire_field *field = &record->type->fields[i];

		if (!is_written(record, of, i))
			continue;
		buffer_printf(w->out, "%s%s%s", separator, field->name, w->notation->equals);
		put_value(w, field, spec_value_of(record, i));
		separator = between;
	}
}

/* The only row written, where `name: VALUE` says it; -1 else. */
static int short_row(const struct spec_record *item, const struct rows_of *of)
{
	const struct spec_value *value;
	unsigned int row = 0;
	int meant;

	if (written_count(item, of) != 1)
		return -1;
	while (!is_written(item, of, row))
		row++;
	meant = rows_meant(item->type, of->list, item->type->fields[row].kind == WIRE_LIST);
	if (meant < 0 || strcmp(item->type->fields[meant].name, item->type->fields[row].name) != 0)
		return -1;
	/* {value: ..., bits: ...} would be the item's fields, where it has one of that name. */
	value = spec_value_of(item, row);
	if (value->state == SPEC_VARIES &&
		wire_field_find(item->type, first_key(&item->type->fields[row], value)) >= 0)
		return -1;
	return (int)row;
}

/* `nop`, `mss: 1460`, `{timestamps: {val: 1, ecr: 2}}`; without names `10.0.0.1`, `{left: 1, right:
 * 2}`. */
static void put_item(
	const struct writer *w, const struct wire_list *list, const struct spec_record *item)
{
	const struct rows_of of = { .list = list };
	bool named = list->id_width || item->type == &wire_raw_item;
	const char *name = named ? item->type->name : NULL;
	int row = short_row(item, &of);

	if (list->id_width && !written_count(item, &of)) {
		buffer_printf(w->out, "%s", name);
	} else if (row >= 0) {
		buffer_printf(w->out, "%s%s", name ? name : "", name ? w->notation->equals : "");
		put_value(w, &item->type->fields[row], spec_value_of(item, (unsigned int)row));
	} else {
		if (name)
			put_open(w->out, w->notation->item_open, name);
		else
			buffer_printf(w->out, "%s", w->notation->fields_open);
		put_fields(w, item, &of, ", ");
		buffer_printf(
			w->out, "%s", name ? w->notation->item_close : w->notation->fields_close);
	}
}

static void put_list(
	const struct writer *w, const struct wire_list *list, const struct spec_value *value)
{
	buffer_printf(w->out, "[");
	for (unsigned int i = 0; i < value->count; i++) {
		buffer_printf(w->out, "%s", i ? ", " : "");
		put_item(w, list, &value->items[i]);
	}
	buffer_printf(w->out, "]");
}
