/* cover.h: what the checksums of a frame are of, and which layers are parts of a datagram; for
 * those who compute them where the frame is not at hand. */
#ifndef FRAME_COVER_H
#define FRAME_COVER_H

#include "frame/view.h"

/* The octets that a checksum covers: offset to end, without a field from skip to skip_end (0, 0:
 * all), and those of a pseudo header, which says that the layer has so many octets, where
 * address_length is not 0. */
struct coverage {
	uint32_t offset, end;
	uint32_t skip, skip_end;
	uint32_t src, dst, address_length;
	uint32_t length;
	uint8_t protocol;
	bool cisco_last; /* the last octet is added as checksum_cisco_last() has it */
};

/* That of the checksum of layer index; false where it needs a pseudo header, and no IP layer gives
 * one. */
bool checksum_coverage(const struct frame_view *view, unsigned int index,
	const struct view_field *row, struct coverage *ret);
uint64_t coverage_pseudo_sum(const struct coverage *coverage, const uint8_t *octets);

/* Whether the layer is an IPv4 header or IPv6 fragment header of a part of a datagram; *ret_first
 * when it is the part that holds what follows the IP header. */
bool layer_is_fragment(const uint8_t *octets, const struct view_layer *layer, bool *ret_first);

#endif
