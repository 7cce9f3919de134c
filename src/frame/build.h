/* build.h: turns a frame spec into octets, and octets back into a view and a spec. */
#ifndef FRAME_BUILD_H
#define FRAME_BUILD_H

#include "frame/spec.h"
#include "frame/view.h"

struct arena;
struct err;

/*
 * Builds the frame: libnet assembles the layers, the tables write the values, then lengths,
 * next-layer numbers, checksums (innermost first), padding and FCS follow. A value given stays as
 * given; of one that varies it is the first (of a random one the lower end), see compile.h. *ret
 * and its octets are the arena's. A preset that begins with '$' and was not resolved, a
 * required field left out, a value that does not fit or a frame over FRAME_LENGTH_MAX is -EINVAL
 * with *err at the value's or layer's place; *ret is untouched then.
 */
int frame_build(struct arena *arena, const struct frame_spec *spec, struct frame_view *ret,
	struct err *err);

enum dissect_fcs {
	DISSECT_FCS_GUESS,   /* an FCS where the last four octets are the right CRC */
	DISSECT_FCS_PRESENT, /* the last four octets are an FCS, right or wrong */
	DISSECT_FCS_ABSENT,
};

/*
 * Reads octets[length] as first (&wire_eth) and what follows. Of two ports that both name a
 * protocol the lower one does, as in Wireshark (RFC 6335 gives the low ones to services); what
 * cannot be read as that is the other's, where it can be read so. Never fails: what cannot be read
 * is a payload layer, and view->fault says why. Never reads outside the octets, which the view
 * borrows; its rows are the arena's.
 */
void frame_dissect(struct arena *arena, const struct wire_protocol *first, const uint8_t *octets,
	size_t length, enum dissect_fcs fcs, struct frame_view *ret);

/*
 * The spec that builds the view's octets again, always: it is built and compared before it is
 * returned. Fields that come out right by themselves are left SPEC_AUTO, so that it reads as a
 * person would have written it; presets that depend on an interface are always given. Where that
 * does not build the same octets every value is given; where that does not either it is the
 * Ethernet header and a payload; fewer than 14 octets are a payload alone. A view without an FCS
 * leaves it automatic. Octets are borrowed from the view.
 */
void frame_respec(struct arena *arena, const struct frame_view *view, struct frame_spec *ret);

#endif
