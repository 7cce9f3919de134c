/* Splits the IP datagram of a frame into frames of its fragments. */
#include "frame/fragment_make.h"

#include "base/arena.h"
#include "base/random.h"
#include "frame/build.h"
#include "frame/vary.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define DF_IPV4	     2U
#define FRAGMENT_MAX 8192 /* as many as 65,535 octets have offsets */

#define FRAGMENTS_MAX 65536U /* of a frame with a weight */

/* ---- what is split ---- */

static const struct wire_protocol *protocol_at(const struct split *split, unsigned int index)
{
	return index < split->spec->count ? split->spec->layers[index].protocol : NULL;
}

static int find_ip(struct split *split, unsigned int *ret, struct err *err)
{
	for (unsigned int i = 0; i < split->spec->count; i++) {
		if (!protocol_at(split, i)->ip)
			continue;
		*ret = i;
		return 0;
	}
	return err_input(err, &split->how->at, "fragment: the frame has no ipv4 or ipv6 layer");
}

/* RFC 8200 4.5: up to the routing header, else up to the hop-by-hop options, which come first. */
static unsigned int last_of_all(const struct split *split, unsigned int ip)
{
	unsigned int last = ip;

	for (unsigned int i = ip + 1; protocol_at(split, i) && protocol_at(split, i)->ip_extension;
		i++) {
		const char *name = protocol_at(split, i)->header.name;

		if (!strcmp(name, "hopopts") || !strcmp(name, "routing"))
			last = i;
	}
	return last;
}

/* Where the fragments' own headers are what says how the datagram is split. */
static int check_field(const struct split *split, const struct vary_field *field, struct err *err)
{
	static const char *const fixed[] = { "flags", "frag-offset", "protocol", "next-header" };
	const struct spec_vary *vary = field->value->vary;

	if (field->layer > split->last)
		return 0;
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]) && field->layer == split->last; i++)
		if (!strcmp(field->field->name, fixed[i]))
			return err_input(err, &field->value->at,
				"%s: says how the datagram is split, so it cannot vary",
				field->name);
	if (vary->kind == VARY_SAME_AS && vary->same_layer > split->last)
		return err_input(err, &field->value->at,
			"%s: is the same as a field that not every fragment has", field->name);
	return 0;
}

static int check_varying(struct split *split, struct err *err)
{
	const struct frame_spec *spec = split->spec;
	const struct spec_vary *size = &spec->size.vary;
	struct vary_fields fields;
	int status = vary_collect(split->arena, spec, &fields, err);

	for (unsigned int i = 0; i < fields.count && !status; i++)
		status = check_field(split, &fields.fields[i], err);
	if (status)
		return status;
	if (spec->size.mode != SPEC_SIZE_OWN &&
		(size->kind != VARY_INC || size->first.number != size->last.number))
		return err_input(
			err, &size->at, "the size of a frame that is fragmented cannot vary");
	split->varies = fields.count;
	if (split->varies && spec->weight > 1)
		return err_input(err, &split->how->at,
			"fragment: the fragments of a datagram that varies are sent in turn, so "
			"the frame's weight is 1");
	return 0;
}

static int check_ipv4(struct split *split, unsigned int ip, struct err *err)
{
	split->flags = fragment_number(split, ip, "flags");
	if ((split->flags & DF_IPV4) && !split->how->keep_df)
		return err_input(err, &split->how->at,
			"fragment: the datagram says df, do not fragment: leave that out of "
			"ipv4.flags, or say `df: keep`");
	return 0;
}

static int check_ipv6(struct split *split, unsigned int ip, struct err *err)
{
	for (unsigned int i = ip + 1; protocol_at(split, i) && protocol_at(split, i)->ip_extension;
		i++)
		if (!strcmp(protocol_at(split, i)->header.name, "fragment"))
			return err_input(err, &split->how->at,
				"fragment: the packet has a fragment header already");
	return 0;
}

static int split_find(struct split *split, struct err *err)
{
	const struct view_layer *layers;
	unsigned int ip = 0;
	int status = find_ip(split, &ip, err);

	if (status)
		return status;
	split->v4 = !strcmp(protocol_at(split, ip)->header.name, "ipv4");
	split->last = split->v4 ? ip : last_of_all(split, ip);
	status = check_varying(split, err);
	if (!status)
		status = frame_build(split->arena, split->spec, &split->view, err);
	if (status)
		return status;
	layers = split->view.layers;
	split->start = layers[split->last].header.offset + layers[split->last].header.length;
	/* Octets behind the frame's own last layer are padding, whatever a length given says. */
	split->end = split->view.pad_offset;
	split->headers = split->start - layers[ip].header.offset + (split->v4 ? 0 : FRAGMENT_UNIT);
	return split->v4 ? check_ipv4(split, ip, err) : check_ipv6(split, ip, err);
}

/* ---- all of them ---- */

/* Octets of a fragment but the last, and how far the next one is from it. */
static int find_steps(
	const struct split *split, uint64_t *ret_length, uint64_t *ret_step, struct err *err)
{
	const struct fragmentation *how = split->how;
	uint64_t length;

	if (how->mtu < split->headers + FRAGMENT_UNIT)
		return err_input(err, &how->at,
			"fragment: an mtu of %" PRIu64
			" has no room for headers of %u octets and 8 of "
			"the rest: at least %u",
			how->mtu, split->headers, split->headers + FRAGMENT_UNIT);
	length = (how->mtu - split->headers) / FRAGMENT_UNIT * FRAGMENT_UNIT;
	if (how->overlap >= length)
		return err_input(err, &how->at,
			"fragment: an overlap of %" PRIu64
			" is all of a fragment, which has %" PRIu64 " octets",
			how->overlap, length);
	*ret_length = length;
	*ret_step = length - how->overlap + how->gap;
	return 0;
}

static void swap(struct frame_spec *frames, unsigned int i, unsigned int j)
{
	const struct frame_spec frame = frames[i];

	frames[i] = frames[j];
	frames[j] = frame;
}

static void put_in_order(const struct split *split, struct frame_spec *frames, unsigned int count)
{
	const char *name = split->spec->name ? split->spec->name : "";
	uint64_t key = random_key(split->how->seed, name);

	if (split->how->order == FRAGMENT_REVERSE)
		for (unsigned int i = 0; i < count / 2; i++)
			swap(frames, i, count - 1 - i);
	if (split->how->order == FRAGMENT_SHUFFLE)
		for (unsigned int i = count; i > 1; i--)
			swap(frames, i - 1, (unsigned int)random_scale(random_at(key, i), i));
}

/* As often as the frame is sent in a pass. */
static int put_again(struct arena *arena, const struct split *split, struct frame_spec **frames,
	unsigned int *count, struct err *err)
{
	unsigned int weight = split->spec->weight ? split->spec->weight : 1;
	struct frame_spec *copies;

	if (weight == 1)
		return 0;
	if ((uint64_t)weight * *count > FRAGMENTS_MAX)
		return err_input(err, &split->how->at,
			"fragment: %u fragments %u times are too many frames (at most %u)", *count,
			weight, FRAGMENTS_MAX);
	copies = arena_alloc(arena, (size_t)weight * *count * sizeof(*copies));
	for (unsigned int i = 0; i < weight; i++)
		memcpy(copies + (size_t)i * *count, *frames, *count * sizeof(*copies));
	*frames = copies;
	*count *= weight;
	return 0;
}

/* All of them, in order. */
static unsigned int make_all(
	const struct split *split, uint64_t length, uint64_t step, struct frame_spec *frames)
{
	uint32_t total = split->end - split->start;
	const char *name = split->spec->name;
	unsigned int count = 0;

	for (uint64_t offset = 0; offset < total && count < FRAGMENT_MAX; offset += step) {
		uint64_t left = total - offset;

		fragment_make(split, (uint32_t)offset, (uint32_t)(left < length ? left : length),
			&frames[count]);
		frames[count].name =
			arena_printf(split->arena, "%s-%u", name ? name : "fragment", count + 1);
		count++;
		if (left <= length)
			break;
	}
	return count;
}

int frame_fragment(struct arena *arena, const struct frame_spec *spec,
	const struct fragmentation *how, struct frame_spec **ret, unsigned int *ret_count,
	struct err *err)
{
	struct split split = {
		.arena = arena,
		.spec = arena_copy(arena, spec, sizeof(*spec)),
		.how = arena_copy(arena, how, sizeof(*how)),
	};
	struct frame_spec *frames;
	unsigned int count = 0;
	uint64_t length = 0;
	uint64_t step = 0;
	uint32_t total;
	int status = split_find(&split, err);

	if (!status)
		status = find_steps(&split, &length, &step, err);
	if (status)
		return status;
	total = split.end - split.start;
	/* A packet that fits has no fragment header. */
	if (total + split.headers - (split.v4 ? 0 : FRAGMENT_UNIT) <= how->mtu) {
		*ret = arena_copy(arena, spec, sizeof(*spec));
		*ret_count = 1;
		return 0;
	}
	frames = arena_alloc(arena, (total / step + 1) * sizeof(*frames));
	count = make_all(&split, length, step, frames);
	put_in_order(&split, frames, count);
	status = put_again(arena, &split, &frames, &count, err);
	if (status)
		return status;
	*ret = frames;
	*ret_count = count;
	return 0;
}
