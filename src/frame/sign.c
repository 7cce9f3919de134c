/* Ends the payload of frames with a signature. */
#include "frame/sign.h"

#include "base/arena.h"
#include "frame/plan.h"
#include "wire/checksum.h"
#include "wire/signature.h"

#include <errno.h>
#include <string.h>

struct signer {
	struct arena *arena;
	struct frame_spec *spec;
	unsigned int every;		      /* turns that share a time */
	const struct wire_protocol *protocol; /* of the signature */
	uint32_t length;		      /* its octets */
	uint32_t grown;
	uint16_t sum; /* of the octets that gave way, as a fragment's datagram adds them */
	struct err *err;
};

/* ---- the payload that gives way ---- */

/* A payload at the end, with nothing in it where the frame had none; its value may be changed. */
static struct spec_value *own_payload(struct signer *s)
{
	struct frame_spec *spec = s->spec;
	struct spec_layer *last;
	struct spec_value *data;

	spec->layers = arena_copy(s->arena, spec->layers, spec->count * sizeof(*spec->layers));
	if (!spec->count || spec->layers[spec->count - 1].protocol != &wire_payload)
		spec_layer_add(spec, s->arena, &wire_payload);
	last = &spec->layers[spec->count - 1];
	data = arena_copy(s->arena, last->header.values,
		wire_payload.header.count * sizeof(*last->header.values));
	last->header.values = data;
	if (data->state == SPEC_AUTO) {
		data->state = SPEC_GIVEN;
		data->value = (struct wire_value){ 0 };
	}
	return data;
}

/* The value without its last octets; one that has fewer grows. */
static void cut(struct signer *s, struct wire_value *value)
{
	uint32_t lack = value->length < s->length ? s->length - (uint32_t)value->length : 0;

	if (lack > s->grown)
		s->grown = lack;
	value->length = lack ? 0 : value->length - s->length;
}

static int refuse_payload(struct signer *s, const struct spec_value *data)
{
	const struct position *at = data->vary->at.file ? &data->vary->at : &data->at;

	return err_input(s->err, at->file ? at : &s->spec->at,
		"payload: what varies stands in the last %u octets, where the signature goes; have "
		"%u octets more behind it",
		s->length, s->length);
}

/* Bits are counted from the last octet on. */
static int cut_part(struct signer *s, struct spec_value *data, struct spec_vary *vary)
{
	if (vary->low < 8 * s->length)
		return refuse_payload(s, data);
	vary->low -= 8 * s->length;
	vary->high -= 8 * s->length;
	cut(s, &data->value);
	return 0;
}

static int cut_varying(struct signer *s, struct spec_value *data)
{
	struct spec_vary *vary = arena_copy(s->arena, data->vary, sizeof(*data->vary));

	data->vary = vary;
	if (vary->part)
		return cut_part(s, data, vary);
	if (vary->kind == VARY_LIST) {
		struct wire_value *values =
			arena_copy(s->arena, vary->values, vary->count * sizeof(*vary->values));

		for (unsigned int i = 0; i < vary->count; i++)
			cut(s, &values[i]);
		vary->values = values;
		return 0;
	}
	/* Of numbers the last octets are those that change. */
	if (vary->kind != VARY_RANDOM || vary->first.length < s->length)
		return refuse_payload(s, data);
	cut(s, &vary->first);
	cut(s, &vary->last);
	return 0;
}

/* ---- sizes ---- */

static int refuse_size(struct signer *s, uint64_t size)
{
	const struct position *at = &s->spec->size.vary.at;

	return err_input(s->err, at->file ? at : &s->spec->at,
		"payload.size: %llu octets are too few for the signature (at least %u); give more, "
		"or leave the size out",
		(unsigned long long)size, s->length);
}

/* What is left of the sizes for the payload before the signature. */
static int cut_sizes(struct signer *s)
{
	struct spec_vary *vary = &s->spec->size.vary;
	struct wire_value *values;

	if (vary->kind != VARY_LIST) {
		uint64_t least = vary->first.number < vary->last.number ? vary->first.number
									: vary->last.number;

		if (least < s->length)
			return refuse_size(s, least);
		vary->first.number -= s->length;
		vary->last.number -= s->length;
		return 0;
	}
	values = arena_copy(s->arena, vary->values, vary->count * sizeof(*values));
	for (unsigned int i = 0; i < vary->count; i++) {
		if (values[i].number < s->length)
			return refuse_size(s, values[i].number);
		values[i].number -= s->length;
	}
	vary->values = values;
	return 0;
}

/* ---- fragments ---- */

/* Where the datagram's checksum stands, and what else it covers, is not known here: the octets may
 * change, but not their sum. */
static int cut_fragment(struct signer *s, struct spec_value *data)
{
	struct wire_value *value = &data->value;

	if (value->length < s->length)
		return err_input(s->err, &s->spec->at,
			"fragment: a part of %zu octets is too short for its signature (at least "
			"%u); give another mtu, or a longer payload",
			value->length, s->length);
	value->length -= s->length;
	s->sum = checksum_fold(checksum_add(0, value->octets + value->length, s->length));
	return 0;
}

/* ---- the signature ---- */

static uint32_t octets_of(const struct wire_protocol *protocol)
{
	uint32_t bits = 0;

	for (unsigned int i = 0; i < protocol->header.count; i++)
		bits += protocol->header.fields[i].width;
	return bits / 8;
}

static struct spec_value *value_of(struct spec_layer *layer, const char *name)
{
	return &layer->header.values[wire_field_find(layer->header.type, name)];
}

static void give(struct spec_layer *layer, const char *name, uint64_t number)
{
	*value_of(layer, name) = (struct spec_value){ .state = SPEC_GIVEN, .value.number = number };
}

static void add_varying(struct signer *s, struct spec_layer *layer, const char *name,
	enum vary_kind kind, uint64_t last, uint64_t step)
{
	struct spec_vary *varies = arena_alloc(s->arena, sizeof(*varies));

	*varies = (struct spec_vary){ .kind = kind, .last.number = last, .step = step };
	*value_of(layer, name) = (struct spec_value){ .state = SPEC_VARIES, .vary = varies };
}

static void add_signature(struct signer *s, unsigned int stream)
{
	struct spec_layer *layer = spec_layer_add(s->spec, s->arena, s->protocol);

	if (s->protocol == &wire_signature_balanced)
		give(layer, "word", s->sum);
	give(layer, "magic", SIGNATURE_MAGIC);
	give(layer, "stream", stream);
	add_varying(s, layer, "sequence", VARY_INC, UINT32_MAX, 1);
	add_varying(s, layer, "time", VARY_CLOCK, SIGNATURE_TIME_MASK, s->every);
}

/* ---- all ---- */

static int sign(struct signer *s, unsigned int stream)
{
	struct spec_value *data = own_payload(s);
	int status = 0;

	s->protocol = s->spec->split ? &wire_signature_balanced : &wire_signature;
	s->length = octets_of(s->protocol);
	if (s->spec->split)
		status = cut_fragment(s, data);
	else if (s->spec->size.mode == SPEC_SIZE_PAYLOAD)
		status = cut_sizes(s);
	else if (s->spec->size.mode == SPEC_SIZE_OWN && data->state == SPEC_VARIES)
		status = cut_varying(s, data);
	else if (s->spec->size.mode == SPEC_SIZE_OWN)
		cut(s, &data->value);
	if (!status)
		add_signature(s, stream);
	return status;
}

int frame_sign(struct arena *arena, const struct frame_spec *specs, unsigned int count,
	unsigned int every, struct frame_spec **ret, uint32_t *grown, struct err *err)
{
	struct frame_spec *made;

	if (count > SIGN_STREAMS_MAX)
		return err_input(err, &specs[SIGN_STREAMS_MAX].at,
			"%u frames are more than a signature can tell apart (at most %u)", count,
			SIGN_STREAMS_MAX);
	made = arena_copy(arena, specs, count * sizeof(*specs));
	for (unsigned int i = 0; i < count; i++) {
		struct signer s = { .arena = arena, .spec = &made[i], .every = every, .err = err };
		int status = sign(&s, i);

		if (status)
			return status;
		if (grown)
			grown[i] = s.grown;
	}
	*ret = made;
	return 0;
}
