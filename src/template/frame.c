/* A frame: its layers, and what stands beside them. */
#include "template/frame_reader.h"
#include "template/value_reader.h"

#include "base/text.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static int fcs_read(
	struct reader *reader, const struct node *node, struct spec_fcs *ret, struct err *err)
{
	static const struct {
		const char *name;
		enum spec_fcs_mode mode;
	} modes[] = {
		{ "auto", SPEC_FCS_AUTO },
		{ "bad", SPEC_FCS_BAD },
		{ "none", SPEC_FCS_NONE },
	};
	const struct path path = { .name = "fcs" };
	const uint8_t *octets;
	const char *text;
	size_t length;
	int status = scalar_read_line(reader, &path, node, &text, err);

	if (status)
		return status;
	ret->at = node->at;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (!strcmp(text, modes[i].name)) {
			ret->mode = modes[i].mode;
			return 0;
		}
	}
	if (text_hex(reader->arena, text, FCS_LENGTH, &octets, &length, NULL) ||
		length != FCS_LENGTH)
		return path_error(err, &node->at, &path,
			"\"%s\" is neither auto, bad nor none, nor four octets in wire order such "
			"as 0x1a2b3c4d",
			text);
	ret->mode = SPEC_FCS_GIVEN;
	memcpy(ret->octets, octets, FCS_LENGTH);
	return 0;
}

static int pad_scalar_read(
	struct reader *reader, const struct node *node, struct spec_pad *ret, struct err *err)
{
	const struct path path = { .name = "pad" };
	uint64_t count = 0;
	const char *text;
	int status = scalar_read_line(reader, &path, node, &text, err);

	if (status)
		return status;
	ret->mode = SPEC_PAD_AUTO;
	if (!strcmp(text, "auto"))
		return 0;
	ret->mode = SPEC_PAD_NONE;
	if (!strcmp(text, "none"))
		return 0;
	status = scalar_read_number(reader, &path, node, FRAME_LENGTH_MAX, " octets", &count, err);
	if (status) {
		err_hint(err, "; or auto, none, {hex: ...}");
		return status;
	}
	*ret = (struct spec_pad){ .mode = SPEC_PAD_COUNT, .length = (size_t)count };
	return 0;
}

static int pad_read(
	struct reader *reader, const struct node *node, struct spec_pad *ret, struct err *err)
{
	const struct path path = { .name = "pad" };
	struct spec_pad pad = { .mode = SPEC_PAD_OCTETS };
	struct octets octets = { 0 };
	int status;

	if (node->kind == NODE_MAPPING) {
		status = octets_read(reader, &path, node, &octets, err);
		if (!status && (octets.random || octets.varies))
			return path_error(err, &node->at, &path, "padding cannot vary");
		pad.octets = octets.value.octets;
		pad.length = octets.value.length;
	} else {
		status = pad_scalar_read(reader, node, &pad, err);
	}
	if (!status)
		status = scalar_charge(reader, &node->at, pad.length, err);
	if (!status)
		*ret = pad;
	return status;
}

static int weight_read(
	struct reader *reader, const struct node *node, unsigned int *ret, struct err *err)
{
	const struct path path = { .name = "weight" };
	uint64_t weight = 0;
	int status = scalar_read_number(reader, &path, node, UINT_MAX, " times", &weight, err);

	if (status)
		return status;
	if (!weight)
		return path_error(err, &node->at, &path,
			"0 never sends the frame: at least 1, or leave the frame out");
	*ret = (unsigned int)weight;
	return 0;
}

static int gap_read(
	struct reader *reader, const struct node *node, uint64_t *ret_ns, struct err *err)
{
	const struct path path = { .name = "gap" };
	const char *text;
	int status = scalar_read_line(reader, &path, node, &text, err);

	if (status)
		return status;
	return text_duration(text, ret_ns, err) ? path_locate(err, &node->at, &path) : 0;
}

int frame_read(struct reader *reader, const struct frame_nodes *nodes, const char *name,
	struct frames *frames, struct err *err)
{
	const struct node *fcs = sets_of_frame(reader, "fcs", nodes->fcs);
	const struct node *pad = sets_of_frame(reader, "pad", nodes->pad);
	const struct node *size = sets_of_frame(reader, "frame-size", nodes->size);
	const struct node *fragment = sets_of_frame(reader, "fragment", nodes->fragment);
	struct frame_spec spec = { .name = name, .at = nodes->layers->at };
	const struct path path = { .name = "name" };
	int status = 0;

	if (nodes->name)
		status = scalar_read_line(reader, &path, nodes->name, &spec.name, err);
	if (!status)
		status = layers_read(reader, nodes->layers, &spec, err);
	if (!status && size)
		status = frame_size_read(reader, size, &spec.size, err);
	if (!status && fcs)
		status = fcs_read(reader, fcs, &spec.fcs, err);
	if (!status && pad)
		status = pad_read(reader, pad, &spec.pad, err);
	if (!status && nodes->weight)
		status = weight_read(reader, nodes->weight, &spec.weight, err);
	if (!status && nodes->gap)
		status = gap_read(reader, nodes->gap, &spec.gap_ns, err);
	if (!status)
		status = fragments_put(reader, fragment, &spec, frames, err);
	return status;
}
