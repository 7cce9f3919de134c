/* mutate.h: frames made wrong on purpose, by the tables: each a function of the frame, a seed and
 * its index in the run. */
#ifndef FRAME_MUTATE_H
#define FRAME_MUTATE_H

#include "frame/spec.h"
#include "frame/view.h"

struct arena;
struct err;

/* clang-format off */
#define MUTATE_KINDS_LIST(X) \
	X(MUTATE_BOUNDARY,         "boundary")         /* 0, 1, the most, one less, the highest bit alone */ \
	X(MUTATE_NEAR,             "off by one") \
	X(MUTATE_RANDOM,           "random") \
	X(MUTATE_FLAG,             "flag flipped") \
	X(MUTATE_LENGTH,           "length wrong") \
	X(MUTATE_COUNT,            "count wrong") \
	X(MUTATE_CHECKSUM,         "checksum wrong") \
	X(MUTATE_SPECIAL,          "special address") \
	X(MUTATE_TRUNCATED,        "truncated")        /* octets or text */ \
	X(MUTATE_OVERLONG,         "overlong") \
	X(MUTATE_ZEROS,            "zero octets") \
	X(MUTATE_ITEM_DUPLICATED,  "item duplicated") \
	X(MUTATE_ITEM_SWAPPED,     "items swapped") \
	X(MUTATE_ITEM_REMOVED,     "item removed") \
	X(MUTATE_LAYER_DUPLICATED, "layer duplicated") \
	X(MUTATE_LAYER_SWAPPED,    "layers swapped") \
	X(MUTATE_CUT,              "frame cut")
/* clang-format on */

#define MUTATE_KIND_ITEM(kind, name) kind,
enum mutate_kind { MUTATE_KINDS_LIST(MUTATE_KIND_ITEM) MUTATE_KINDS };

extern const char *const mutate_kind_names[MUTATE_KINDS];

/* The shortest that a frame becomes: a sender takes no part of an Ethernet header. */
#define MUTATE_LENGTH_MIN 14

/* What no frame grows beyond, unless it was longer before: longer ones would be refused on most
 * interfaces. Without FCS. */
#define MUTATE_LENGTH_MAX 1514

/* A layer, or one of its fields and what stands in it. */
struct mutate_target {
	const struct wire_protocol *protocol;
	const char *field; /* NULL: the whole layer */
};

struct mutate_config {
	uint64_t seed;
	unsigned int count;		     /* mutations a frame */
	const struct mutate_target *targets; /* what may be mutated */
	unsigned int target_count;	     /* 0: everything */
};

struct mutation {
	enum mutate_kind kind;
	const char *text; /* "tcp.data-offset: 5 -> 3 (length wrong)" */
};

struct mutated {
	struct frame_view view; /* what differs is marked changed where rows can be compared */
	struct mutation *mutations;
	unsigned int count; /* fewer than asked where nothing in the frame can be mutated */
};

/* Reads "ipv4,tcp.options". -EINVAL with *err for a name that no table has. */
int mutate_targets_parse(
	struct arena *arena, const char *text, struct mutate_config *ret, struct err *err);

/*
 * Mutates the frame at index of a run. Lengths, checksums and next-layer numbers that were right
 * follow each mutation, unless it is one of them that is mutated. fcs is how its FCS was asked for.
 * Never fails; all of *ret is the arena's.
 */
void frame_mutate(struct arena *arena, const struct mutate_config *config,
	const struct frame_view *base, const struct spec_fcs *fcs, uint64_t index,
	struct mutated *ret);

#endif
