/* Turns a spec in which nothing varies into octets. */
#include "frame/internal.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <errno.h>
#include <string.h>

#define LENGTH_MIN 60 /* octets without FCS, IEEE 802.3 */

/* ---- values over libnet's octets ---- */

/*
 * Writes what libnet may have got wrong, or has no parameter for: values that were given, and those
 * that are computed. The rest of libnet's octets stands.
 */
static void overlay(const struct frame_view *view, uint8_t *octets)
{
	for (unsigned int i = 0; i < view->count; i++) {
		const struct view_record *header = &view->layers[i].header;

		for (unsigned int j = 0; j < header->count; j++) {
			const struct view_field *row = &header->fields[j];
			struct wire_value value;

			if (row->field->kind == WIRE_LIST ||
				(row->automatic && row->field->rule == WIRE_FIXED))
				continue;
			value = view_value(view, row);
			wire_value_put(row->field, octets, row->bit, row->width, &value);
		}
	}
}

/* ---- checksums ---- */

static int put_checksum(const struct frame_spec *spec, const struct frame_view *view,
	unsigned int index, const struct view_field *row, uint8_t *octets, struct err *err)
{
	const struct spec_record *header = &spec->layers[index].header;
	const struct spec_value *given =
		spec_value_of(header, (unsigned int)(row->field - header->type->fields));
	struct wire_value value = { 0 };
	uint64_t right;

	if (given->state == SPEC_GIVEN)
		return 0;
	if (expected_checksum(view, index, row, &right)) {
		value.number =
			given->state == SPEC_BAD ? bad_checksum(view, index, row, right) : right;
	} else if (given->state == SPEC_BAD) {
		err_input(err, &given->at,
			"%s.%s: no IP layer is before it, so that no checksum is wrong; give a "
			"number",
			header->type->name, row->field->name);
		return -EINVAL;
	}
	/* Without an IP layer there is no pseudo header, and the checksum stays zero. */
	wire_value_put(row->field, octets, row->bit, row->width, &value);
	return 0;
}

/* Innermost first: an outer checksum covers the inner ones. */
static int put_checksums(
	const struct frame_spec *spec, struct frame_view *view, uint8_t *octets, struct err *err)
{
	view_bound(view);
	for (unsigned int i = view->count; i-- > 0;) {
		const struct view_record *header = &view->layers[i].header;

		for (unsigned int j = 0; j < header->count; j++) {
			int status;

			if (header->fields[j].field->rule != WIRE_CHECKSUM)
				continue;
			status = put_checksum(spec, view, i, &header->fields[j], octets, err);
			if (status)
				return status;
		}
	}
	return 0;
}

/* ---- padding and FCS ---- */

static size_t pad_length(const struct spec_pad *pad, size_t length)
{
	switch (pad->mode) {
	case SPEC_PAD_AUTO:
		return length < LENGTH_MIN ? LENGTH_MIN - length : 0;
	case SPEC_PAD_COUNT:
	case SPEC_PAD_OCTETS:
		return pad->length;
	case SPEC_PAD_NONE:
	default:
		return 0;
	}
}

static int put_padding(const struct frame_spec *spec, struct buffer *octets, struct err *err)
{
	size_t length = pad_length(&spec->pad, octets->length);

	if (length > FRAME_LENGTH_MAX - octets->length)
		return err_input(err, &spec->at,
			"pad: %zu octets make the frame longer than %d octets", length,
			FRAME_LENGTH_MAX);
	if (spec->pad.mode == SPEC_PAD_OCTETS)
		buffer_put(octets, spec->pad.octets, length);
	else
		buffer_put_zeros(octets, length);
	return 0;
}

void frame_put_fcs(const struct spec_fcs *spec, struct frame_view *view)
{
	view->fcs = spec->mode == SPEC_FCS_NONE ? VIEW_FCS_NONE : VIEW_FCS_RIGHT;
	view->fcs_automatic = spec->mode == SPEC_FCS_AUTO;
	crc32_fcs(view->octets, view->length, view->fcs_octets);
	if (spec->mode == SPEC_FCS_GIVEN)
		memcpy(view->fcs_octets, spec->octets, FCS_LENGTH);
	for (unsigned int i = 0; spec->mode == SPEC_FCS_BAD && i < FCS_LENGTH; i++)
		view->fcs_octets[i] ^= 0xff;
}

/* ---- all ---- */

/* Checksums, padding and FCS over the assembled octets. */
static int finish(struct arena *arena, const struct frame_spec *spec, struct frame_view *view,
	struct buffer *octets, struct err *err)
{
	int status;

	view->octets = octets->data;
	status = put_checksums(spec, view, octets->data, err);
	if (!status)
		status = put_padding(spec, octets, err);
	if (status)
		return status;
	view->octets = arena_copy(arena, octets->data, octets->length);
	view->length = (uint32_t)octets->length;
	view->pad_length = view->length - view->pad_offset;
	frame_put_fcs(&spec->fcs, view);
	view_check(view);
	return 0;
}

int frame_build_settled(
	struct arena *arena, const struct frame_spec *spec, struct frame_view *ret, struct err *err)
{
	struct buffer laid_out = { 0 };
	struct buffer assembled = { 0 };
	struct frame_view view;
	int status;

	status = frame_encode(arena, spec, &laid_out, &view, err);
	if (status)
		goto done;
	status = frame_assemble(&view, &assembled, err);
	if (status)
		goto done;
	overlay(&view, assembled.data);
	status = finish(arena, spec, &view, &assembled, err);
	if (!status)
		*ret = view;
done:
	buffer_fini(&assembled);
	buffer_fini(&laid_out);
	return status;
}
