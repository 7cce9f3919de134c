/* What a template's frame gives of its last header: what each packet has, what the first has, and
 * what no conversation can keep. */
#include "stack/wrap_template.h"

#include "base/bytes.h"
#include "frame/build.h"

#include <string.h>

#define TCP_FIXED 20 /* octets before the options */

/* The header as it is looked at. */
struct taking {
	struct template_wrap *wrap;
	struct wrap_given *given;
	struct wrap_note **last; /* where the next goes */
	const struct frame_view *view;
	const struct spec_layer *spec;
	const struct view_record *header;
	enum wrap_role role;
	struct err *err;
};

/* NULL: it is the conversation's own. */
static const struct spec_value *number_of(const struct taking *t, const char *name, uint64_t *ret)
{
	const struct spec_value *value = wrap_value(t->spec, name);
	const struct view_field *field = value ? view_field_find(t->header, name) : NULL;

	if (!field)
		return NULL;
	/* As it was built: of one that varies the first. */
	*ret = view_value(t->view, field).number;
	return value;
}

static void note_at(struct taking *t, const char *layer, const char *field,
	const struct position *at, const char *why)
{
	struct wrap_note *new = arena_alloc(&t->wrap->arena, sizeof(*new));

	*new = (struct wrap_note){ *at, layer, field, why, NULL };
	*t->last = new;
	t->last = &new->next;
}

static void note(
	struct taking *t, const char *field, const struct spec_value *value, const char *why)
{
	note_at(t, t->spec->protocol->header.name, field, &value->at, why);
}

static int refuse(
	struct taking *t, const char *field, const struct spec_value *value, const char *why)
{
	err_input(t->err, NULL, "%s.%s: %s", t->spec->protocol->header.name, field, why);
	return err_locate(t->err, &value->at, NULL);
}

static bool counts_up(const struct spec_value *value)
{
	return value->state == SPEC_VARIES && value->vary->kind == VARY_INC &&
	       value->vary->step == 1 && !value->vary->part;
}

static void take_port(const struct taking *t, const char *name, struct wrap_port *ret)
{
	uint64_t port;
	const struct spec_value *value = number_of(t, name, &port);

	if (!value)
		return;
	*ret = (struct wrap_port){ true, (uint16_t)port, (uint16_t)port, value->at };
	if (counts_up(value))
		ret->last = (uint16_t)value->vary->last.number;
}

static void take_checksum(const struct taking *t)
{
	uint64_t sum;
	const struct spec_value *value = number_of(t, "checksum", &sum);

	if (!value)
		return;
	t->given->bad_checksum = value->state == SPEC_BAD;
	t->given->has_checksum = !t->given->bad_checksum;
	t->given->checksum = (uint16_t)sum;
}

/* ---- TCP ---- */

/* *ret: the frame is the first segment of its side. */
static int take_flags(struct taking *t, bool *ret)
{
	struct wrap_header *kept = &t->wrap->header;
	uint64_t flags;
	const struct spec_value *value = number_of(t, "flags", &flags);

	*ret = !value || flags & TCP_SYN;
	if (!value)
		return 0;
	if (flags & (TCP_FIN | TCP_RST))
		return refuse(t, "flags", value,
			"fin and rst end a conversation: it sends them when it ends");
	if (!(flags & (TCP_SYN | TCP_ACK)))
		return refuse(
			t, "flags", value, "each segment of a conversation has syn, ack, or both");
	if (flags & TCP_SYN) {
		kept->has_syn_flags = true;
		kept->syn_flags = (uint16_t)(flags & WRAP_FLAGS);
		if (t->role == WRAP_OPENS && flags & TCP_ACK)
			note(t, "flags", value, "has ack, which what opens a connection has not");
		if (t->role == WRAP_LISTENS && !(flags & TCP_ACK))
			note(t, "flags", value, "has no ack, which what answers a syn has");
		return 0;
	}
	kept->has_flags = true;
	kept->flags = (uint16_t)(flags & WRAP_FLAGS);
	return 0;
}

static void take_numbers(struct taking *t, bool is_first)
{
	struct wrap_header *kept = &t->wrap->header;
	uint64_t number, flags = 0;
	const struct spec_value *value = number_of(t, "seq", &number);

	if (value) {
		t->given->has_isn = true;
		/* SYN has a number of its own: RFC 9293 3.4. */
		t->given->isn = (uint32_t)number - !is_first;
	}
	value = number_of(t, "ack", &number);
	if (!value)
		return;
	number_of(t, "flags", &flags);
	kept->has_ack = is_first && t->role == WRAP_OPENS && !(flags & TCP_ACK);
	kept->ack = (uint32_t)number;
	if (!kept->has_ack)
		note(t, "ack", value,
			"is not kept: a conversation acknowledges what it has received");
}

static int take_offset(struct taking *t)
{
	uint64_t words;
	const struct spec_value *value = number_of(t, "data-offset", &words);

	if (!value || words * 4 == t->header->length)
		return 0;
	return refuse(t, "data-offset", value,
		"is each segment's own: a wrong one would be of no use to a conversation");
}

/* Ours, or the clock's. */
static void take_timestamps(struct taking *t, const struct spec_record *option)
{
	const int val = wire_field_find(option->type, "val");
	const int ecr = wire_field_find(option->type, "ecr");
	struct tcp_given *tcp = &t->given->tcp;
	struct tcp_segment read = { 0 };

	tcp_options_read(tcp->options, tcp->options_length, &read);
	if (option->values[val].state != SPEC_AUTO) {
		tcp->has_tsval = true;
		tcp->tsval = read.tsval;
	}
	tcp->tsecr = read.tsecr;
	if (t->role == WRAP_LISTENS && option->values[ecr].state != SPEC_AUTO)
		note(t, "options", &option->values[ecr],
			"has an ecr, which is not kept: what answers a syn has its val");
}

static void take_options(struct taking *t)
{
	const struct spec_value *value = wrap_value(t->spec, "options");
	struct tcp_given *tcp = &t->given->tcp;

	if (!value)
		return;
	tcp->has_options = true;
	tcp->options_length = (uint8_t)(t->header->length - TCP_FIXED);
	memcpy(tcp->options, t->view->octets + t->header->offset + TCP_FIXED, tcp->options_length);
	for (unsigned int i = 0; i < value->count; i++)
		if (!strcmp(value->items[i].type->name, "timestamps"))
			take_timestamps(t, &value->items[i]);
}

static int take_tcp(struct taking *t)
{
	struct wrap_header *kept = &t->wrap->header;
	struct tcp_given *tcp = &t->given->tcp;
	bool is_first;
	uint64_t number;
	int r = take_flags(t, &is_first);

	if (!r)
		r = take_offset(t);
	if (r)
		return r;
	take_numbers(t, is_first);
	if (number_of(t, "window", &number)) {
		tcp->has_window = true;
		tcp->window = (uint16_t)number;
	}
	if (number_of(t, "urgent", &number)) {
		kept->has_urgent = true;
		kept->urgent = (uint16_t)number;
	}
	if (number_of(t, "reserved", &number)) {
		kept->has_reserved = true;
		kept->reserved = (uint8_t)number;
	}
	take_options(t);
	return 0;
}

/* ---- all of it ---- */

static bool is_port(const char *name)
{
	return !strcmp(name, "sport") || !strcmp(name, "dport");
}

static void note_varying(struct taking *t, const struct spec_layer *layer, bool is_last)
{
	for (unsigned int i = 0; i < layer->header.type->count; i++) {
		const struct spec_value *value = &layer->header.values[i];
		const char *name = layer->header.type->fields[i].name;

		if (value->state != SPEC_VARIES)
			continue;
		if (is_last && is_port(name) && counts_up(value))
			continue; /* one of them is taken */
		note_at(t, layer->protocol->header.name, name, &value->at,
			"varies: its first value is on every packet");
	}
}

/* How long the frame is. */
static void note_shape(struct taking *t, const struct frame_spec *spec)
{
	static const char own[] = "is not kept: a packet is as long as its data makes it";

	if (spec->pad.mode == SPEC_PAD_COUNT || spec->pad.mode == SPEC_PAD_OCTETS)
		note_at(t, "pad", NULL, &spec->at, own);
	if (spec->size.mode == SPEC_SIZE_FRAME)
		note_at(t, "frame-size", NULL, &spec->at, own);
}

static void note_rest(struct taking *t, const struct frame_spec *spec, unsigned int upper)
{
	for (unsigned int i = 0; i <= upper; i++)
		note_varying(t, &spec->layers[i], i == upper);
	if (upper + 1 < spec->count)
		note_at(t, "payload", NULL, &spec->layers[upper + 1].header.at,
			"is not kept: a conversation has data of its own");
	note_shape(t, spec);
	if (spec->fcs.mode == SPEC_FCS_BAD || spec->fcs.mode == SPEC_FCS_GIVEN)
		note_at(t, "fcs", NULL, &spec->fcs.at, "is not kept: the device sends its own");
}

int wrap_take_given(struct template_wrap *wrap, const struct frame_spec *spec,
	const struct frame_view *view, unsigned int upper, enum wrap_role role, struct err *err)
{
	struct taking t = {
		.wrap = wrap,
		.given = &wrap->base.given,
		.last = &wrap->base.given.notes,
		.view = view,
		.spec = &spec->layers[upper],
		.header = &view->layers[upper].header,
		.role = role,
		.err = err,
	};
	uint64_t length;

	take_port(&t, "sport", &t.given->source);
	take_port(&t, "dport", &t.given->target);
	take_checksum(&t);
	if (role == WRAP_LISTENS && t.given->target.given)
		note(&t, "dport", wrap_value(t.spec, "dport"),
			"is not kept: each peer is answered at its own port");
	note_rest(&t, spec, upper);
	if (!strcmp(t.spec->protocol->header.name, "tcp"))
		return take_tcp(&t);
	t.given->has_length = number_of(&t, "length", &length);
	t.given->length = (uint16_t)(t.given->has_length ? length : 0);
	return 0;
}
