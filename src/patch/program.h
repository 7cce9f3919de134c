/*
 * program.h: what a sender runs: the frames of a run in turn, and what changes in each from one
 * sending to the next. Frame N is a function of the program and N alone (and of the clock, where a
 * generator reads it), so that any thread or backend can make it without the N-1 before it. All of
 * it is const once it is made; what running it takes is in runner.h.
 */
#ifndef PATCH_PROGRAM_H
#define PATCH_PROGRAM_H

#include "patch/generator.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;

/* A write or a checksum changes a sum: by its number, folded to 16 bits, shifted to where its
 * lowest bit stands in the words that are summed. */
struct patch_touch {
	uint16_t sum;  /* index into the image's sums */
	uint16_t left; /* bits, below 16 */
};

/* A run of patch_image.touches. */
struct patch_touches {
	uint32_t first;
	uint32_t count;
};

/* width bits at bit, from the frame's start, take the generator's number shifted right. */
struct patch_write {
	uint32_t bit;
	uint16_t width; /* 1 to 64 */
	uint16_t shift;
	uint32_t generator; /* index into the frame's generators */
	struct patch_touches touches;
};

enum patch_sum_kind {
	PATCH_SUM_INTERNET, /* RFC 1071 */
	PATCH_SUM_UDP,	    /* RFC 768: a computed zero is sent as all ones */
	PATCH_SUM_PSEUDO,   /* not stored: of the pseudo header alone, for the next */
	PATCH_SUM_CRC32C,   /* no sum: computed anew over all that it covers, in 32 bits */
};

/*
 * A checksum that varies with what it covers. RFC 1624 equation 3, HC' = ~(~HC + ~m + m'), with
 * everything that does not vary worked out beforehand: base is ~HC + ~m, the folded sum of the
 * frame with zeros for all that is written; the m' are the touches of the writes. So nothing is
 * read back from a slot, and no error can add up.
 */
struct patch_sum {
	enum patch_sum_kind kind;
	uint32_t offset; /* octets from the frame's start */
	uint16_t base;
	uint32_t start, end;	      /* CRC32C: octets that it covers, itself as zeros */
	bool bad;		      /* sent wrong, see checksum_bad */
	bool has_pseudo;	      /* bad: the sum before this one is of its pseudo header */
	struct patch_touches touches; /* the outer sums that cover this one; they come after it */
	const char *name;	      /* "ipv4.checksum" */
};

/* One shape of a frame: its octets, and what is written over them. */
struct patch_image {
	const uint8_t *octets; /* an FCS of ours counted */
	uint32_t length;
	const struct patch_write *writes;
	unsigned int write_count;
	const struct patch_sum *sums; /* inner ones first */
	unsigned int sum_count;
	const struct patch_touch *touches;
};

/* A generator that chooses among images: they are numbered by mixed radix. */
struct patch_choice {
	uint32_t generator;
	uint32_t stride; /* images */
	const char *name;
};

/* The last four octets of each image. */
enum patch_fcs {
	PATCH_FCS_FIXED, /* as they stand, or no FCS at all */
	PATCH_FCS_RIGHT, /* computed anew */
	PATCH_FCS_BAD,	 /* the right one, every bit turned over */
};

struct patch_varying {
	const struct patch_generator *generators;
	unsigned int generator_count;
	const struct patch_choice *choices;
	unsigned int choice_count;
	const struct patch_image *images;
	unsigned int image_count; /* at least 1 */
	enum patch_fcs fcs;
};

/* One frame, complete as the link is to take it. */
struct patch_frame {
	const char *name;
	const uint8_t *octets; /* borrowed; of a frame that varies, an example: its first image */
	uint32_t length;       /* octets, an FCS of ours counted */
	bool own_fcs;	     /* the last four octets are the FCS: the device must not append its own
				(SO_NOFCS) */
	unsigned int weight; /* times in a row in each pass; at least 1 */
	uint64_t gap_ns;     /* pause after it */
	const struct patch_varying *varying; /* NULL: the same octets each time */
};

/* Caller's storage; the frames are borrowed. */
struct patch_program {
	const struct patch_frame *frames;
	unsigned int count; /* at least 1 */
	uint64_t pass;	    /* frames in one pass: the sum of the weights */
	uint32_t length_max;
	bool varies; /* some frame does */
};

void patch_program_init(
	struct patch_program *program, const struct patch_frame *frames, unsigned int count);

/* The frame at *place of a pass, below its length; *place becomes the place within its weight. */
unsigned int patch_program_place(const struct patch_program *program, uint64_t *place);

/* Frame index of the run, index from 0; passes repeat without end. */
const struct patch_frame *patch_program_frame(const struct patch_program *program, uint64_t index);

/* The same, and the frame's own turn: how often it stood before that. */
const struct patch_frame *patch_program_turn(
	const struct patch_program *program, uint64_t index, uint64_t *ret_turn);

/* The image that the frame takes at its turn, by the numbers of its choices. */
const struct patch_image *patch_varying_image(const struct patch_varying *varying, uint64_t turn);

/* Where the run's frame number `frame` of the program stands first. */
uint64_t patch_program_first(const struct patch_program *program, unsigned int frame);

/* The longest and the shortest that the frame becomes, an FCS of ours counted. */
uint32_t patch_frame_longest(const struct patch_frame *frame);
uint32_t patch_frame_shortest(const struct patch_frame *frame);

/* How long the frame at index of the run is, an FCS of ours counted. */
uint32_t patch_program_length(const struct patch_program *program, uint64_t index);

/* Appends the program as text for people: what is generated, written, summed. */
void patch_program_describe(const struct patch_program *program, struct buffer *out);

#endif
