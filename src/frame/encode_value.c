/* What a spec gives for a row, what it is when nothing is given, and why it cannot be had. */
#include "frame/encoder.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <errno.h>
#include <inttypes.h>

/* ---- errors ---- */

static void path_put(const struct path *path, struct buffer *out)
{
	if (path->outer)
		path_put(path->outer, out);
	if (path->index)
		buffer_printf(out, "[%u]", path->index);
	else
		buffer_printf(out, "%s%s", path->outer ? "." : "", path->name);
}

int encoder_fail(const struct encoder *e, const struct site *site, const char *field,
	const struct position *at)
{
	struct path path = { &site->path, field, 0 };
	struct buffer subject = { 0 };

	path_put(&path, &subject);
	if (!at || !at->file)
		at = site->spec->at.file ? &site->spec->at : &e->spec->at;
	err_locate(e->err, at, buffer_text(&subject));
	buffer_fini(&subject);
	return -EINVAL;
}

static int fail_automatic(const struct encoder *e, const struct site *site,
	const struct wire_field *field, enum automatic why, const struct position *at)
{
	const char *type = field->space == WIRE_ETHERTYPE ? "0x0801" : "253";

	if (field_max(field) < 253)
		type = "1";
	if (why == AUTOMATIC_UNRESOLVED)
		err_input(e->err, NULL, "%s is not known here; give the value", field->preset);
	else if (why == AUTOMATIC_UNNAMED && site->next)
		err_input(e->err, NULL, "%s has no number here; give %s, such as %s",
			site->next->header.name, field->name, type);
	else if (field->rule == WIRE_NEXT)
		err_input(e->err, NULL, "what follows has no number here; give %s, such as %s",
			field->name, type);
	else
		err_input(e->err, NULL, "has to be given");
	return encoder_fail(e, site, field->name, at);
}

/* ---- values ---- */

/* Whether the octets end where the value does, and not before. */
static bool ends_right(
	struct encoder *e, const struct wire_field *field, const struct wire_value *value)
{
	size_t width = wire_value_width(field, value) / 8;
	uint8_t *octets;

	if (field->kind != WIRE_NAME && field->kind != WIRE_STRING)
		return true;
	octets = arena_alloc(e->arena, width);
	wire_value_put(field, octets, 0, width * 8, value);
	return wire_value_extent(field, octets, width) == width;
}

static int check_given(struct encoder *e, const struct site *site, const struct wire_field *field,
	const struct spec_value *value)
{
	if (wire_is_number(field)) {
		if (value->value.number <= field_max(field))
			return 0;
		err_input(e->err, NULL, "%" PRIu64 " does not fit in %u bits (at most %" PRIu64 ")",
			value->value.number, field->width, field_max(field));
	} else if (field->width && value->value.length != field->width / 8) {
		err_input(e->err, NULL, "%zu octets where this field has %u", value->value.length,
			field->width / 8);
	} else if (!ends_right(e, field, &value->value)) {
		err_input(e->err, NULL,
			field->kind == WIRE_NAME ? "the octets are no domain name"
						 : "a zero octet would end the text");
	} else {
		return 0;
	}
	return encoder_fail(e, site, field->name, &value->at);
}

int encoder_value(struct encoder *e, const struct site *site, const struct wire_field *field,
	const struct spec_value *given, struct wire_value *ret)
{
	const struct automatic_of of = { site->record->type, site->list, site->protocol,
		site->next };
	enum automatic why;

	if (given->state == SPEC_GIVEN) {
		*ret = given->value;
		return check_given(e, site, field, given);
	}
	*ret = (struct wire_value){ 0 };
	if (field->rule == WIRE_CHECKSUM)
		return 0;
	if (given->state == SPEC_BAD) {
		err_input(e->err, NULL, "only a checksum can be bad");
		return encoder_fail(e, site, field->name, &given->at);
	}
	if (field->rule == WIRE_LENGTH || field->rule == WIRE_COUNT)
		return 0;
	why = field_automatic(e->arena, field, &of, ret);
	return why == AUTOMATIC_OK ? 0 : fail_automatic(e, site, field, why, &given->at);
}
