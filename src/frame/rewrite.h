/* rewrite.h: changes fields of a frame where they stand, and the checksums that cover them. */
#ifndef FRAME_REWRITE_H
#define FRAME_REWRITE_H

#include "frame/view.h"

enum rewrite_kind {
	REWRITE_FIELD, /* of one layer; one that has not the value's width stays as it is */
	REWRITE_MAC,   /* wherever a field is such an address, in options too */
	REWRITE_IPV4,
	REWRITE_IPV6,
	REWRITE_PORT, /* wherever it is a source or destination port */
};

struct rewrite_rule {
	enum rewrite_kind kind;
	/* FIELD */
	const struct wire_protocol *protocol;
	unsigned int nth;  /* of the layers of this protocol, from 1 */
	const char *field; /* its name; rows of one name stand for each other */
	struct wire_value value;
	/* the others: addresses whose first bits are from's get to's; ports are octets, too */
	uint8_t from[16], to[16];
	unsigned int prefix; /* bits */
};

/*
 * Writes the view's frame, changed by the rules in turn, to octets[view->length]: of those that map
 * addresses or ports, the first that fits a field does. Then the checksums that were right, or
 * unfinished for a device to complete, are right again; of a fragment, they change by the
 * difference (RFC 1624); with repair, all of them that can be told are right, but those that a rule
 * gave. The view becomes that of octets, and is checked anew. Returns how many fields changed,
 * checksums aside.
 */
unsigned int frame_rewrite(struct frame_view *view, uint8_t *octets,
	const struct rewrite_rule *rules, unsigned int count, bool repair);

#endif
