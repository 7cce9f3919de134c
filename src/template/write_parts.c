/* Writes what a frame has beside its layers. */
#include "template/writer.h"

#include "base/buffer.h"

#include <inttypes.h>

static bool has_size(const struct writer *w)
{
	return w->frame->size.mode == SPEC_SIZE_FRAME;
}

static void put_frame_size(const struct writer *w)
{
	write_size(w, &w->frame->size.vary);
}

static bool has_pad(const struct writer *w)
{
	return w->frame->pad.mode != SPEC_PAD_AUTO;
}

static void put_pad(const struct writer *w)
{
	const struct spec_pad *pad = &w->frame->pad;

	if (pad->mode == SPEC_PAD_NONE || !pad->length)
		buffer_printf(w->out, "none");
	else if (pad->mode == SPEC_PAD_COUNT)
		buffer_printf(w->out, "%zu", pad->length);
	else
		write_hex_form(w, pad->octets, pad->length);
}

static bool has_fcs(const struct writer *w)
{
	return w->frame->fcs.mode != SPEC_FCS_AUTO;
}

static void put_fcs(const struct writer *w)
{
	static const char *const names[] = {
		[SPEC_FCS_BAD] = "bad",
		[SPEC_FCS_NONE] = "none",
		[SPEC_FCS_GIVEN] = "0x",
	};
	const struct spec_fcs *fcs = &w->frame->fcs;

	buffer_printf(w->out, "%s", names[fcs->mode]);
	for (unsigned int i = 0; fcs->mode == SPEC_FCS_GIVEN && i < FCS_LENGTH; i++)
		buffer_printf(w->out, "%02x", fcs->octets[i]);
}

static bool has_weight(const struct writer *w)
{
	return w->frame->weight > 1;
}

static void put_weight(const struct writer *w)
{
	buffer_printf(w->out, "%u", w->frame->weight);
}

static bool has_gap(const struct writer *w)
{
	return w->frame->gap_ns;
}

static void put_gap(const struct writer *w)
{
	static const struct {
		uint64_t ns;
		const char *name;
	} units[] = { { 1000000000, "s" }, { 1000000, "ms" }, { 1000, "us" }, { 1, "ns" } };
	unsigned int i = 0;

	while (w->frame->gap_ns % units[i].ns)
		i++;
	buffer_printf(w->out, "%" PRIu64 "%s", w->frame->gap_ns / units[i].ns, units[i].name);
}

static bool has_fragment(const struct writer *w)
{
	return w->how;
}

static void put_number(const struct writer *w, const char *key, uint64_t number)
{
	if (number)
		buffer_printf(w->out, ", %s%s%" PRIu64, key, w->notation->equals, number);
}

static void put_fragment(const struct writer *w)
{
	static const char *const orders[] = {
		[FRAGMENT_REVERSE] = "reverse",
		[FRAGMENT_SHUFFLE] = "shuffle",
	};
	const struct fragmentation *how = w->how;

	buffer_printf(
		w->out, "%smtu%s%" PRIu64, w->notation->fields_open, w->notation->equals, how->mtu);
	put_number(w, "overlap", how->overlap);
	put_number(w, "gap", how->gap);
	if (how->order != FRAGMENT_FORWARD)
		buffer_printf(w->out, ", order%s%s", w->notation->equals, orders[how->order]);
	if (how->keep_df)
		buffer_printf(w->out, ", df%skeep", w->notation->equals);
	put_number(w, "id", how->id);
	buffer_printf(w->out, "%s", w->notation->fields_close);
}

const struct write_part write_parts[] = {
	{ "fragment", has_fragment, put_fragment },
	{ "frame-size", has_size, put_frame_size },
	{ "pad", has_pad, put_pad },
	{ "fcs", has_fcs, put_fcs },
	{ "weight", has_weight, put_weight },
	{ "gap", has_gap, put_gap },
	{ NULL, NULL, NULL },
};
