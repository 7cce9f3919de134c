/* Reads octets as layers. What cannot be read is a payload; nothing outside the octets is touched.
 */
#include "frame/internal.h"

#include "base/arena.h"
#include "base/bytes.h"

#include <string.h>

#define ETH_LENGTH 14

/* Tunnels in tunnels and stacks of labels end somewhere: what is deeper is payload. */
#define LAYERS_MAX 64

/* What follows a layer. */
struct follower {
	const struct wire_protocol *protocol; /* NULL: none that we know */
	const struct wire_protocol *other;    /* by the higher port, where it cannot be read as the
						 lower one's; NULL: there is none */
};

struct dissector {
	struct reader reader;
	struct frame_view *view;
	unsigned int room;    /* for layers */
	unsigned int bounded; /* layers up to the first that says where its payload ends, or is an
				 IP layer, that one included; 0: none does */
};

/* ---- layers ---- */

static struct view_layer *layer_add(struct dissector *d)
{
	struct frame_view *view = d->view;

	if (view->count == d->room) {
		struct view_layer *layers;

		d->room = d->room ? d->room * 2 : 8;
		layers = arena_alloc(d->reader.arena, d->room * sizeof(*layers));
		if (view->count)
			memcpy(layers, view->layers, view->count * sizeof(*layers));
		view->layers = layers;
	}
	return &view->layers[view->count++];
}

static void add_payload(struct dissector *d, uint32_t start, uint32_t end)
{
	struct view_layer *layer = layer_add(d);

	layer->protocol = &wire_payload;
	layer->end = end;
	read_record(&d->reader, &wire_payload.header, NULL, start, end, &layer->header);
}

/* Of two rows that name a protocol the one with the lower rank does: the lower port, as in
 * Wireshark; else a row that is there for it. */
static uint64_t rank_of(const struct wire_field *field, uint64_t number)
{
	return wire_is_port(field) ? number : field->rule != WIRE_NEXT;
}

/* The protocols that the layer's rows name. */
static struct follower named_by(const struct dissector *d, const struct view_layer *layer)
{
	unsigned int ip = ip_below(d->view, d->view->count - 1);
	struct follower ret = { 0 };
	uint64_t lowest = 0;

	for (unsigned int i = 0; i < layer->header.count; i++) {
		const struct view_field *row = &layer->header.fields[i];
		const struct wire_protocol *protocol;
		uint64_t number, rank;

		if (!leads_on(row->field))
			continue;
		number = view_value(d->view, row).number;
		rank = rank_of(row->field, number);
		protocol = protocol_named(row->field, number, ip);
		if (!protocol)
			continue;
		if (!ret.protocol || rank < lowest) {
			ret.other = wire_is_port(row->field) ? ret.protocol : NULL;
			ret.protocol = protocol;
			lowest = rank;
		} else if (wire_is_port(row->field)) {
			ret.other = protocol;
		}
	}
	return ret;
}

static const struct wire_protocol *guess_ip(const struct dissector *d, uint32_t start, uint32_t end)
{
	unsigned int version = start < end ? d->view->octets[start] >> 4 : 0;

	if (version == 4)
		return wire_protocol_find("ipv4");
	return version == 6 ? wire_protocol_find("ipv6") : NULL;
}

/* Passes over a protocol that its first octets say is not there. */
static const struct wire_protocol *if_begun(const struct dissector *d,
	const struct wire_protocol *protocol, uint32_t start, uint32_t end)
{
	const uint8_t *octets = d->view->octets + start;

	if (!protocol || !protocol->begins ||
		(end - start >= 2 && bytes_get_be16(octets) == protocol->begins))
		return protocol;
	return protocol->next;
}

/* What the layer says follows; nothing where the layer cannot be. */
static struct follower next_of(const struct dissector *d, const struct view_layer *layer)
{
	uint32_t start = layer->header.offset + layer->header.length;
	struct follower next = { 0 };
	bool first;

	if (d->view->fault)
		return next;
	/* Only the first fragment holds the header of what follows. */
	if (layer_is_fragment(d->view->octets, layer, &first) && !first)
		return next;
	next = named_by(d, layer);
	if (!next.protocol)
		next.protocol = layer->protocol->next;
	if (!next.protocol && layer->protocol->guess_ip)
		next.protocol = guess_ip(d, start, layer->end);
	next.protocol = if_begun(d, next.protocol, start, layer->end);
	return next;
}

/* Whether octets may follow the layer as its payload. */
static bool has_payload(const struct view_layer *layer)
{
	if (layer->protocol->next || layer->protocol->guess_ip)
		return true;
	for (unsigned int i = 0; i < layer->header.count; i++)
		if (leads_on(layer->header.fields[i].field))
			return true;
	return false;
}

/* One layer from start on; false where it cannot be read. One whose length cannot be is read, and
 * d->view->fault says that nothing known follows. */
static bool read_layer(
	struct dissector *d, const struct wire_protocol *protocol, uint32_t start, uint32_t limit)
{
	struct view_layer layer = { .protocol = protocol };
	struct bound bound;

	if (!read_record(&d->reader, &protocol->header, NULL, start, limit, &layer.header)) {
		d->view->fault = d->reader.failure;
		return false;
	}
	bound = layer_bound(d->view->octets, &layer, limit);
	if (bound.claim == CLAIM_BELOW)
		d->view->fault = arena_printf(d->reader.arena,
			"%s: %s of %u is below its header's %u octets", protocol->header.name,
			bound.field->field->name,
			(unsigned int)view_value(d->view, bound.field).number, layer.header.length);
	layer.end = bound.end;
	*layer_add(d) = layer;
	if (!d->bounded && (protocol->ip || bound.claim != CLAIM_NONE))
		d->bounded = d->view->count;
	return true;
}

/* A port is but a hint: what cannot be read as the lower one's protocol may be the other's. Where
 * it is neither's, the fault is the first one's. */
static bool read_follower(
	struct dissector *d, const struct follower *next, uint32_t start, uint32_t limit)
{
	const char *fault;

	if (read_layer(d, next->protocol, start, limit))
		return true;
	if (!next->other)
		return false;
	fault = d->view->fault;
	d->view->fault = NULL;
	if (read_layer(d, next->other, start, limit))
		return true;
	d->view->fault = fault;
	return false;
}

/*
 * Reads layers from the outside in, each within the end of the one around it. Returns where the
 * last header ends; *ret_payload says whether octets behind it are a payload, not padding.
 */
static uint32_t read_layers(
	struct dissector *d, const struct wire_protocol *first, uint32_t length, bool *ret_payload)
{
	struct follower next = { .protocol = first };
	const struct view_layer *layer = NULL;
	uint32_t start = 0;
	uint32_t limit = length;

	while (next.protocol && start < limit && d->view->count < LAYERS_MAX &&
		read_follower(d, &next, start, limit)) {
		layer = &d->view->layers[d->view->count - 1];
		start = layer->header.offset + layer->header.length;
		limit = layer->end;
		next = next_of(d, layer);
	}
	*ret_payload = next.protocol || d->bounded || (layer && has_payload(layer));
	return start;
}

/*
 * Octets that a layer holds behind what it carries are a payload too. What is behind the outermost
 * layer that says where it ends, or a layer that carries nothing, is padding.
 */
static uint32_t read_trailers(struct dissector *d, uint32_t start)
{
	unsigned int outermost = d->bounded ? d->bounded - 1 : d->view->count;

	for (unsigned int i = d->view->count; i-- > outermost;) {
		uint32_t end = d->view->layers[i].end;

		if (end <= start)
			continue;
		add_payload(d, start, end);
		start = end;
	}
	return start;
}

/* ---- FCS ---- */

static bool has_fcs(const struct wire_protocol *first, const uint8_t *octets, size_t length,
	enum dissect_fcs fcs)
{
	uint8_t right[FCS_LENGTH];

	if (fcs == DISSECT_FCS_ABSENT || length < FCS_LENGTH)
		return false;
	if (fcs == DISSECT_FCS_PRESENT)
		return true;
	if (first != &wire_eth || length < ETH_LENGTH + FCS_LENGTH)
		return false;
	crc32_fcs(octets, length - FCS_LENGTH, right);
	return !memcmp(octets + length - FCS_LENGTH, right, FCS_LENGTH);
}

void frame_dissect(struct arena *arena, const struct wire_protocol *first, const uint8_t *octets,
	size_t length, enum dissect_fcs fcs, struct frame_view *ret)
{
	struct dissector d = { .reader = { .arena = arena, .octets = octets }, .view = ret };
	bool payload;
	uint32_t end;

	*ret = (struct frame_view){ .octets = octets, .length = (uint32_t)length };
	if (has_fcs(first, octets, length, fcs)) {
		ret->length -= FCS_LENGTH;
		ret->fcs = VIEW_FCS_RIGHT; /* view_check tells */
		memcpy(ret->fcs_octets, octets + ret->length, FCS_LENGTH);
	}
	end = read_layers(&d, first, ret->length, &payload);
	if (payload) {
		uint32_t limit = ret->count ? ret->layers[ret->count - 1].end : ret->length;

		if (end < limit)
			add_payload(&d, end, limit);
		end = limit;
	}
	end = read_trailers(&d, end);
	ret->pad_offset = end;
	ret->pad_length = ret->length - end;
	view_check(ret);
}
