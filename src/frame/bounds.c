/* Where each layer's payload ends, by the lengths that stand in the frame. */
#include "frame/internal.h"

/*
 * A length of 0 says nothing where something follows all the same: IPv6 before a jumbo payload
 * option (RFC 2675), IPv4 and IPv6 of a segment that a device is yet to cut (Linux, BIG TCP). It
 * does count octets where a length is of the payload and nothing that we know follows: an IPv6
 * header alone.
 */
static bool says_nothing(const uint8_t *octets, const struct view_layer *layer)
{
	for (unsigned int i = 0; i < layer->header.count; i++) {
		const struct view_field *row = &layer->header.fields[i];
		struct wire_value value;

		if (row->field->rule != WIRE_NEXT)
			continue;
		wire_value_get(row->field, octets, row->bit, row->width, &value);
		if (protocol_named(row->field, value.number, 0))
			return true;
	}
	return false;
}

/* Whether the row says how long the payload is; *ret_end is then where it ends, from the frame's
 * start. */
static bool row_claims(const uint8_t *octets, const struct view_layer *layer,
	const struct view_field *row, int64_t *ret_end)
{
	const struct wire_field *field = row->field;
	const struct wire_length *length = &field->length;
	uint32_t start = layer->header.offset;
	struct wire_value value;

	if ((field->rule != WIRE_LENGTH && field->rule != WIRE_NEXT) || !length->unit ||
		!wire_spans_payload(length))
		return false;
	wire_value_get(field, octets, row->bit, row->width, &value);
	if (field->rule == WIRE_NEXT && !number_is_length(field, value.number))
		return false;
	*ret_end = length_decode(length, value.number);
	if (!*ret_end && (length->span == WIRE_SPAN_WHOLE || says_nothing(octets, layer)))
		return false;
	if (length->span == WIRE_SPAN_PAYLOAD)
		start += layer->header.length;
	*ret_end += start;
	return true;
}

struct bound layer_bound(const uint8_t *octets, const struct view_layer *layer, uint32_t limit)
{
	const struct view_record *header = &layer->header;
	uint32_t header_end = header->offset + header->length;
	struct bound bound = { CLAIM_NONE, limit, NULL };

	for (unsigned int i = 0; i < header->count; i++) {
		const struct view_field *row = &header->fields[i];
		int64_t end;

		if (!row_claims(octets, layer, row, &end))
			continue;
		bound.field = row;
		if (end < header_end) {
			bound.claim = CLAIM_BELOW;
		} else if (end > limit) {
			bound.claim = CLAIM_CUT;
		} else {
			bound.claim = CLAIM_FITS;
			bound.end = (uint32_t)end;
		}
	}
	return bound;
}

void view_bound(struct frame_view *view)
{
	for (unsigned int i = 0; i < view->count; i++) {
		struct view_layer *layer = &view->layers[i];
		uint32_t header_end = layer->header.offset + layer->header.length;
		unsigned int outer = i;
		uint32_t limit;
		struct bound bound;

		/* The nearest layer around it that reaches so far: a payload layer may stand behind
		 * the end of the one before it. */
		while (outer && view->layers[outer - 1].end < header_end)
			outer--;
		limit = outer ? view->layers[outer - 1].end : view->pad_offset;
		bound = layer_bound(view->octets, layer, limit);
		layer->end = layer->protocol == &wire_payload ? header_end : bound.end;
		layer->cut = bound.claim == CLAIM_CUT ||
			     (bound.claim != CLAIM_FITS && outer && view->layers[outer - 1].cut);
	}
}
