/* wrap_template.h: the outer layers of a template's frame: made in one file, put around packets and
 * taken off in the other. */
#ifndef STACK_WRAP_TEMPLATE_H
#define STACK_WRAP_TEMPLATE_H

#include "base/arena.h"
#include "frame/view.h"
#include "stack/wrap.h"

#define WRAP_FIXES_MAX	32
#define WRAP_LAYERS_MAX 16

/* What is to be worked out for each packet, in this order. */
struct wrap_fix {
	enum { FIX_LENGTH, FIX_SUM } kind;
	size_t offset;	/* of the field; FIX_SUM: of the IPv4 header */
	size_t length;	/* FIX_SUM: of the header */
	uint16_t value; /* FIX_LENGTH: less the octets behind the innermost IP header */
	bool bad;
};

/* A layer of which a received frame must be. */
struct wrap_layer {
	const struct wire_protocol *protocol;
	const char *name; /* the field that names its network; NULL: none */
	uint64_t value;
};

struct template_wrap {
	struct stack_wrap base;
	uint8_t *octets; /* up to the end of the innermost IP header */
	size_t ip, end;	 /* of the innermost IP header */
	bool four;
	struct wrap_fix fixes[WRAP_FIXES_MAX];
	unsigned int fix_count;
	struct wrap_layer layers[WRAP_LAYERS_MAX]; /* outermost first, up to the innermost IP */
	unsigned int layer_count;
	/* What the frame says of fields that packets have values of their own for. */
	bool has_hops, has_dscp, has_ecn, has_id, has_flags, has_offset;
	bool has_window, has_urgent, has_reserved;
	uint16_t window, urgent;
	uint8_t reserved;
	struct arena arena; /* of the frame that is looked at */
};

/* ---- wrap.c */
extern const struct stack_wrap_ops wrap_template_ops;

#endif
