/* value.h: a field's value as people read it; for render's own files. */
#ifndef RENDER_VALUE_H
#define RENDER_VALUE_H

#include "frame/view.h"

struct buffer;

/*
 * "64", "0x1c46", "udp (17)", "syn|ack (0x12)", an address, the first octets of a long run and how
 * many there are. Never '\n'.
 */
void render_value(
	const struct frame_view *view, const struct view_field *field, struct buffer *out);

/* The number alone, as the field prints numbers: for what would be right. */
void render_number(const struct wire_field *field, uint64_t number, struct buffer *out);

/*
 * What an item of a list says, in one line: "1460", "val 1, ecr 2", "" for a NOP. Its id and length
 * go without saying where they are what the item's type says.
 */
void render_item(const struct frame_view *view, const struct wire_list *list,
	const struct view_record *item, struct buffer *out);

/*
 * The octets that hold the bits, in hex; of more than 8 the first 7 and "..". Bits of others are
 * dots, a hex digit's four by one dot: ".5", ".... ..01".
 */
#define RENDER_BITS_WIDTH 23 /* characters at most */
void render_bits(const struct frame_view *view, uint32_t bit, uint32_t width, struct buffer *out);

/* render_hexdump of the frame, in the colours of its layers. */
struct render_style;
void render_hexdump_layers(
	const struct frame_view *view, const struct render_style *style, struct buffer *out);

/* Text from outside, with what a terminal would obey taken out. */
void render_clean(const char *text, struct buffer *out);

#endif
