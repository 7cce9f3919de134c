/* frame_reader.h: reads layers, frames and responders, and what --set lays over them. */
#ifndef TEMPLATE_FRAME_READER_H
#define TEMPLATE_FRAME_READER_H

#include "template/reader.h"

/* ---- frames (layers.c, layer.c, frame.c) ---- */

#define LAYERS_MAX 1024 /* of a frame */

/* -EINVAL with *err: no such protocol. quoted: as if it were text. */
int layers_unknown(const char *name, const struct position *at, bool quoted, struct err *err);

/* A layer as it is written. */
struct layer {
	const struct wire_protocol *protocol;
	const struct node *body; /* its fields; NULL where it has none */
	struct position at;
};

/* The layers of a frame, before their fields are read. */
struct layers {
	struct layer *rows;
	unsigned int count;
	unsigned int capacity;
	unsigned int added; /* the first ones, by layers_complete */
};

/* Puts a layer before the one at index. */
int layers_put(struct reader *reader, struct layers *layers, unsigned int index,
	const struct layer *layer, struct err *err);

/* Puts what is missing before the first layer, down to Ethernet (complete.c). */
int layers_complete(struct reader *reader, struct layers *layers, struct err *err);

/* -EINVAL with *err where an IP layer that was added so has no destination: the one that a layer of
 * IP has by default means the host itself, and no way leads there. */
int layers_added_check(const struct layers *layers, const struct frame_spec *spec, struct err *err);

int layers_read(
	struct reader *reader, const struct node *node, struct frame_spec *ret, struct err *err);

/* What stands beside layers:, of one frame or of all. */
struct frame_nodes {
	const struct node *name, *layers, *pad, *fcs, *size, *fragment, *weight, *gap;
};

/* The frames of a template so far: a datagram that is split makes several. */
struct frames {
	struct frame_spec *specs;
	unsigned int count;
	unsigned int capacity;
};

int frame_read(struct reader *reader, const struct frame_nodes *nodes, const char *name,
	struct frames *frames, struct err *err);

/* Appends the frame, or with fragment: its fragments (fragment.c). */
int fragments_put(struct reader *reader, const struct node *node, const struct frame_spec *spec,
	struct frames *frames, struct err *err);

/* ---- responders (respond.c) ---- */

/* Whether the text is one: has request and answer, or rules. */
bool responder_is(const struct node *const *top);

/* The rules, one in template->rules each; name is the responder's. */
int responder_rules_read(struct reader *reader, const struct node *const *top, const char *name,
	struct template *ret, struct err *err);

/* ---- --set and same-as (set.c) ---- */

/* A field of a frame: "udp.dport", "vlan[2].id". */
struct target {
	const struct wire_protocol *protocol;
	unsigned int nth; /* from 1, of the layers of this protocol in a frame */
	int row;
};

int target_read(struct arena *arena, const struct position *at, const char *text,
	struct target *ret, struct err *err);

int sets_read(struct reader *reader, struct err *err);

/* Lays what is set for the nth layer of this protocol (from 1) over its members. */
void sets_apply(struct reader *reader, const struct wire_protocol *protocol, unsigned int nth,
	const struct node **members);

/* The last --set KEY= of what stands beside layers:, else node. */
const struct node *sets_of_frame(
	const struct reader *reader, const char *key, const struct node *node);

/* -EINVAL where a --set fits no frame. */
int sets_check_used(const struct reader *reader, struct err *err);

#endif
