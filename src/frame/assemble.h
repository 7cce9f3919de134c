/*
 * assemble.h: what the files of libnet's builders share: assemble.c, assemble_*.c. Nobody else
 * includes it, or libnet.
 *
 * A builder makes libnet's block of one layer from the layer's values. What libnet cannot make of
 * them it leaves: settled.c writes the values that were given over libnet's octets, but not items
 * of lists, nor presets.
 */
#ifndef FRAME_ASSEMBLE_H
#define FRAME_ASSEMBLE_H

#include "base/bytes.h"
#include "frame/internal.h"

#include <libnet.h>
#include <string.h>

struct assembly {
	libnet_t *libnet;
	const struct frame_view *view;
	unsigned int index; /* of the layer in hand */
	unsigned int
		used; /* layers that the builder took: an 802.1Q block is the Ethernet header too */
};

/* A builder's result. */
enum {
	BUILT_FAILED = -1,
	BUILT_NOT = 0, /* libnet cannot express it: the octets stand as they are */
		       /* else libnet's tag of the block */
};

struct builder {
	const char *protocol;
	int (*build)(struct assembly *a);
};

/* Each ends with a row of NULL. */
extern const struct builder assemble_link[];
extern const struct builder assemble_network[];
extern const struct builder assemble_control[];
extern const struct builder assemble_upper[];

/* ---- the layer in hand ---- */

static inline const struct view_layer *layer_of(const struct assembly *a)
{
	return &a->view->layers[a->index];
}

static inline const uint8_t *octets_of(const struct assembly *a)
{
	return a->view->octets + layer_of(a)->header.offset;
}

static inline uint32_t length_of(const struct assembly *a)
{
	return layer_of(a)->header.length;
}

/* A field's number; 0 where the layer does not have the field. */
static inline uint64_t number_in(
	const struct frame_view *view, const struct view_layer *layer, const char *name)
{
	const struct view_field *field = view_field_find(&layer->header, name);

	return field ? view_value(view, field).number : 0;
}

static inline uint64_t number(const struct assembly *a, const char *name)
{
	return number_in(a->view, layer_of(a), name);
}

static inline uint8_t number8(const struct assembly *a, const char *name)
{
	return (uint8_t)number(a, name);
}

static inline uint16_t number16(const struct assembly *a, const char *name)
{
	return (uint16_t)number(a, name);
}

static inline uint32_t number32(const struct assembly *a, const char *name)
{
	return (uint32_t)number(a, name);
}

/* A field's octets: the layer must have it. */
static inline const uint8_t *address(const struct assembly *a, const char *name)
{
	return view_value(a->view, view_field_find(&layer_of(a)->header, name)).octets;
}

/* libnet takes IPv4 addresses as they stand in memory. */
static inline uint32_t address4(const struct assembly *a, const char *name)
{
	uint32_t value;

	memcpy(&value, address(a, name), sizeof(value));
	return value;
}

static inline struct libnet_in6_addr address6(const struct assembly *a, const char *name)
{
	struct libnet_in6_addr value;

	memcpy(&value, address(a, name), sizeof(value));
	return value;
}

/* The octets from start on to the header's end, as a block of their own; below 0 on failure. */
static inline int rest(const struct assembly *a, uint32_t start)
{
	if (start == length_of(a))
		return 1;
	return libnet_build_data(octets_of(a) + start, length_of(a) - start, a->libnet, 0);
}

/* Whether what follows the fixed octets is options to libnet: whole words, no more than the
 * header's length can say. */
static inline bool options_fit(const struct assembly *a, uint32_t fixed)
{
	uint32_t length = length_of(a) - fixed;

	return length % 4 == 0 && length <= LIBNET_MAXOPTION_SIZE;
}

#endif
