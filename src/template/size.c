/* The size of a whole frame: fixed, varying, or a mix of sizes. */
#include "template/value_reader.h"

#include "base/arena.h"

#include <errno.h>
#include <string.h>

#define SIZE_MAX_OCTETS (FRAME_LENGTH_MAX + FCS_LENGTH)
#define PARTS_MAX	64
#define WEIGHTS_MAX	65536 /* of all parts together */

const struct imix imix_usual[IMIX_COUNT] = { { 7, 64 }, { 4, 594 }, { 1, 1518 } };

const struct wire_value *imix_spread(
	struct arena *arena, const struct imix *parts, unsigned int count, unsigned int *ret_count)
{
	int64_t *due = arena_alloc(arena, count * sizeof(*due));
	struct wire_value *values;
	uint64_t sum = 0;

	for (unsigned int i = 0; i < count; i++) {
		if (parts[i].weight > WEIGHTS_MAX)
			return NULL;
		sum += parts[i].weight;
	}
	if (sum > WEIGHTS_MAX)
		return NULL;
	values = arena_alloc(arena, sum * sizeof(*values));
	/* Each turn all are due by their weight more, and the one that is due most is taken. */
	for (uint64_t turn = 0; turn < sum; turn++) {
		unsigned int most = 0;

		for (unsigned int i = 0; i < count; i++) {
			due[i] += (int64_t)parts[i].weight;
			if (due[i] > due[most])
				most = i;
		}
		due[most] -= (int64_t)sum;
		values[turn].number = parts[most].size;
	}
	*ret_count = (unsigned int)sum;
	return values;
}

static int mix_store(struct reader *reader, const struct path *path, const struct node *node,
	const struct imix *parts, unsigned int count, struct spec_vary *ret, struct err *err)
{
	struct spec_vary vary = { .kind = VARY_LIST, .step = 1, .at = node->at };

	vary.values = imix_spread(reader->arena, parts, count, &vary.count);
	if (!vary.values)
		return path_error(err, &node->at, path,
			"the weights are too much (at most %d together)", WEIGHTS_MAX);
	*ret = vary;
	return 0;
}

static int part_read(struct reader *reader, const struct path *path, const struct node *node,
	struct imix *ret, struct err *err)
{
	int status;

	if (node->kind != NODE_SEQUENCE || node->count != 2)
		return path_error(err, &node->at, path, "a part is [WEIGHT, SIZE]");
	status =
		scalar_read_number(reader, path, node->children, UINT64_MAX, "", &ret->weight, err);
	if (!status && !ret->weight)
		return path_error(err, &node->children->at, path, "a weight of 0 is never sent");
	if (!status)
		status = scalar_read_number(reader, path, node->children->next, SIZE_MAX_OCTETS,
			" octets", &ret->size, err);
	return status;
}

/* [[7, 64], [4, 594], [1, 1518]] */
static int parts_read(struct reader *reader, const struct path *path, const struct node *node,
	struct spec_vary *ret, struct err *err)
{
	const struct node *child = node->children;
	struct imix *parts;
	int status = 0;

	if (node->kind != NODE_SEQUENCE || !node->count)
		return path_error(err, &node->at, path, "[[WEIGHT, SIZE], ...] is wanted");
	if (node->count > PARTS_MAX)
		return path_error(err, &node->at, path, "%u parts are too many (at most %d)",
			node->count, PARTS_MAX);
	parts = arena_alloc(reader->arena, node->count * sizeof(*parts));
	for (unsigned int i = 0; i < node->count && !status; i++, child = child->next)
		status = part_read(reader, path, child, &parts[i], err);
	if (status)
		return status;
	return mix_store(reader, path, node, parts, node->count, ret, err);
}

/* {imix: [...]} */
static bool is_mix(const struct node *node)
{
	return node->kind == NODE_MAPPING && node->count == 1 &&
	       !strcmp(node->children->key, "imix") && !node_is_empty(node->children);
}

static int vary_read(
	struct reader *reader, const struct node *node, struct spec_vary *ret, struct err *err)
{
	const struct path path = { .name = "frame-size" };
	const struct path mix = { &path, "imix" };
	const char *text;
	int status;

	if (is_mix(node))
		return parts_read(reader, &mix, node->children, ret, err);
	if (node->kind == NODE_SCALAR) {
		status = scalar_read_line(reader, &path, node, &text, err);
		if (status)
			return status;
		if (!strcmp(text, "imix"))
			return mix_store(reader, &path, node, imix_usual, IMIX_COUNT, ret, err);
	}
	return varying_size_read(reader, &path, node, SIZE_MAX_OCTETS, ret, err);
}

int frame_size_read(
	struct reader *reader, const struct node *node, struct spec_size *ret, struct err *err)
{
	struct spec_size size = { .mode = SPEC_SIZE_FRAME };
	int status;

	if (ret->mode == SPEC_SIZE_PAYLOAD)
		return err_input(err, &node->at,
			"frame-size: the payload has a size that varies already: one or the other");
	status = vary_read(reader, node, &size.vary, err);
	if (!status)
		*ret = size;
	return status;
}
