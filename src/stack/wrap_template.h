/* wrap_template.h: the outer layers of a template's frame: made in one file, put around packets and
 * taken off in the other. */
#ifndef STACK_WRAP_TEMPLATE_H
#define STACK_WRAP_TEMPLATE_H

#include "base/arena.h"
#include "frame/spec.h"
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
	struct wrap_header {
		bool has_urgent, has_reserved, has_ack, has_syn_flags, has_flags;
		uint16_t urgent;
		uint8_t reserved;
		uint32_t ack;		   /* of a SYN without the flag */
		uint16_t syn_flags, flags; /* of WRAP_FLAGS: of a SYN, of the others */
	} header;
	struct arena arena; /* of the frame that is looked at */
};

/* The flags that a conversation does without. */
enum {
	WRAP_AE = 0x100, /* RFC 9768 */
	WRAP_FLAGS = TCP_PSH | TCP_URG | TCP_ECE | TCP_CWR | WRAP_AE
};

/* ---- wrap_given.c: takes what the frame gives of its last header, the layer upper of the spec,
 * and notes what it passes over. -EINVAL with *err at its place. */
int wrap_take_given(struct template_wrap *wrap, const struct frame_spec *spec,
	const struct frame_view *view, unsigned int upper, enum wrap_role role, struct err *err);

/* ---- wrap_make.c: NULL: the field is left out, or automatic. */
const struct spec_value *wrap_value(const struct spec_layer *layer, const char *name);

/* ---- wrap.c */
extern const struct stack_wrap_ops wrap_template_ops;

#endif
