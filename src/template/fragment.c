/* fragment: how the IP datagram of a frame is split, and the frames that come of it. */
#include "template/frame_reader.h"

#include "base/arena.h"
#include "frame/fragment.h"

#include <errno.h>
#include <string.h>

#define FRAMES_MAX 65536 /* of a template, when datagrams are split */

enum key { KEY_MTU, KEY_OVERLAP, KEY_GAP, KEY_ORDER, KEY_DF, KEY_ID, KEY_COUNT };

static const char *const names[KEY_COUNT] = { "mtu", "overlap", "gap", "order", "df", "id" };

static const struct keys keys = KEYS(names, "key", "fragment");

static const char *const orders[] = {
	[FRAGMENT_FORWARD] = "forward",
	[FRAGMENT_REVERSE] = "reverse",
	[FRAGMENT_SHUFFLE] = "shuffle",
};

/* A number of octets in eights. NULL is 0. */
static int eights_read(struct reader *reader, enum key key, const struct node *node, uint64_t *ret,
	struct err *err)
{
	const struct path outer = { .name = "fragment" };
	const struct path path = { &outer, names[key] };
	int status;

	if (!node)
		return 0;
	status = scalar_read_number(reader, &path, node, FRAME_LENGTH_MAX, " octets", ret, err);
	if (!status && *ret % 8)
		return path_error(err, &node->at, &path,
			"fragments begin at multiples of 8 octets, and %u is none",
			(unsigned int)*ret);
	return status;
}

/* One of the words; *ret is its index. */
static int word_read(struct reader *reader, enum key key, const struct node *node,
	const char *const *words, unsigned int count, unsigned int *ret, struct err *err)
{
	const struct path outer = { .name = "fragment" };
	const struct path path = { &outer, names[key] };
	const char *text;
	int status = scalar_read_line(reader, &path, node, &text, err);

	if (status)
		return status;
	for (unsigned int i = 0; i < count; i++) {
		if (!strcmp(words[i], text)) {
			*ret = i;
			return 0;
		}
	}
	path_error(err, &node->at, &path, "\"%s\" is not known here", text);
	keys_suggest(words, count, text, err);
	return -EINVAL;
}

static int number_read(struct reader *reader, enum key key, const struct node *node, uint64_t max,
	const char *unit, uint64_t *ret, struct err *err)
{
	const struct path outer = { .name = "fragment" };
	const struct path path = { &outer, names[key] };

	return node ? scalar_read_number(reader, &path, node, max, unit, ret, err) : 0;
}

static int fragmentation_read(
	struct reader *reader, const struct node *node, struct fragmentation *ret, struct err *err)
{
	static const char *const keep[] = { "keep" };
	const struct node *members[KEY_COUNT];
	unsigned int word = 0;
	int status;

	if (node->kind != NODE_MAPPING)
		return err_input(err, &node->at, "fragment: {mtu: N, ...} is wanted, not %s",
			node_kind_name(node->kind));
	status = keys_pick(&keys, node, members, err);
	if (status)
		return status;
	if (!members[KEY_MTU])
		return err_input(err, &node->at, "fragment: mtu is wanted: fragment: {mtu: 576}");
	if (members[KEY_OVERLAP] && members[KEY_GAP])
		return err_input(err, &members[KEY_GAP]->key_at,
			"fragment: overlap and gap exclude each other");
	*ret = (struct fragmentation){ .seed = reader->options->seed, .at = node->at };
	status = number_read(
		reader, KEY_MTU, members[KEY_MTU], FRAME_LENGTH_MAX, " octets", &ret->mtu, err);
	if (!status)
		status = eights_read(reader, KEY_OVERLAP, members[KEY_OVERLAP], &ret->overlap, err);
	if (!status)
		status = eights_read(reader, KEY_GAP, members[KEY_GAP], &ret->gap, err);
	if (!status)
		status =
			number_read(reader, KEY_ID, members[KEY_ID], UINT32_MAX, "", &ret->id, err);
	if (!status && members[KEY_ORDER])
		status = word_read(reader, KEY_ORDER, members[KEY_ORDER], orders,
			sizeof(orders) / sizeof(orders[0]), &word, err);
	ret->order = (enum fragment_order)word;
	if (!status && members[KEY_DF])
		status = word_read(reader, KEY_DF, members[KEY_DF], keep, 1, &word, err);
	ret->keep_df = members[KEY_DF];
	return status;
}

static void frames_put(struct reader *reader, const struct frame_spec *spec, struct frames *frames)
{
	if (frames->count == frames->capacity) {
		unsigned int capacity = 2 * frames->capacity + 1;
		struct frame_spec *specs = arena_alloc(reader->arena, capacity * sizeof(*specs));

		if (frames->count)
			memcpy(specs, frames->specs, frames->count * sizeof(*specs));
		frames->specs = specs;
		frames->capacity = capacity;
	}
	frames->specs[frames->count++] = *spec;
}

int fragments_put(struct reader *reader, const struct node *node, const struct frame_spec *spec,
	struct frames *frames, struct err *err)
{
	struct fragmentation how;
	struct frame_spec *specs;
	unsigned int count = 0;
	int status;

	if (!node) {
		frames_put(reader, spec, frames);
		return 0;
	}
	status = fragmentation_read(reader, node, &how, err);
	if (!status)
		status = frame_fragment(reader->arena, spec, &how, &specs, &count, err);
	if (status)
		return status;
	if (count > FRAMES_MAX || frames->count > FRAMES_MAX - count)
		return err_input(
			err, &node->at, "fragment: too many frames (at most %d)", FRAMES_MAX);
	for (unsigned int i = 0; i < count; i++)
		frames_put(reader, &specs[i], frames);
	return 0;
}
