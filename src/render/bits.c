/* The octets that a field stands in, as hex or as bits. */
#include "render/value.h"

#include "base/buffer.h"
#include "base/bytes.h"

/* Octets in RENDER_BITS_WIDTH characters: all of them, or these and "..". */
#define OCTETS	    8
#define OCTETS_MORE 7

/* Octets whose bits fit in as many characters: 8, a gap in their middle, and one between them. */
#define OCTETS_BITS 2

/* In units of step bits: those of the field as digits, those of others as dots. */
static void put_digits(const struct frame_view *view, uint32_t bit, uint32_t width,
	unsigned int step, struct buffer *out)
{
	uint32_t start = bit / 8 * 8;
	uint32_t end = (bit + width + 7) / 8 * 8;
	uint32_t at;

	for (at = start; at < end; at += step) {
		if (at > start && at % (step == 1 ? 4 : 8) == 0)
			buffer_put(out, " ", 1);
		if (at < bit || at >= bit + width)
			buffer_put(out, ".", 1);
		else
			buffer_printf(
				out, "%x", (unsigned int)bytes_get_bits(view->octets, at, step));
	}
}

void render_bits(const struct frame_view *view, uint32_t bit, uint32_t width, struct buffer *out)
{
	uint32_t octets = (bit + width + 7) / 8 - bit / 8;

	if (!width)
		return;
	if (bit % 4 == 0 && width % 4 == 0 && octets <= OCTETS) {
		put_digits(view, bit, width, 4, out);
	} else if (octets <= OCTETS_BITS) {
		put_digits(view, bit, width, 1, out);
	} else if (octets <= OCTETS) {
		put_digits(view, bit / 8 * 8, octets * 8, 4, out);
	} else {
		put_digits(view, bit / 8 * 8, OCTETS_MORE * 8, 4, out);
		buffer_printf(out, " ..");
	}
}
