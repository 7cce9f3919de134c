/*
 * program.h: a rule compiled: what is compared in a request whose fields stand at fixed places, and
 * what of it is copied into the answer. The runner takes it here, ebpf.h has the kernel do it.
 */
#ifndef RESPOND_PROGRAM_H
#define RESPOND_PROGRAM_H

#include "respond/respond.h"

/* A number in octets: those of `octets` (1, 2, 4 or 8) at offset, big-endian, shifted right, under
 * the mask. */
struct respond_word {
	uint16_t offset;
	uint8_t octets;
	uint8_t shift;
	uint64_t mask;
};

/* A number between two others, both included. */
struct respond_check {
	struct respond_word word;
	uint64_t low, high;
	bool unsure; /* where it is not, the frame may be answered all the same, otherwise */
	enum respond_verdict verdict; /* else */
};

/* Two numbers of the request, the second `plus` more than the first, modulo what it may be. */
struct respond_same {
	struct respond_word first, second;
	uint64_t plus;
};

/* A length that is said in the request: base octets and that many end the frame but for padding. */
struct respond_bound {
	struct respond_word word;
	uint32_t base;
};

/* A header's own length, where nothing that is looked at follows it: it ends within the frame. */
struct respond_tail {
	struct respond_word word; /* in units */
	uint32_t base, unit;
	uint32_t least; /* octets from the frame's start where it ends at least */
};

/* A checksum, of the request or of the answer. */
struct respond_sum {
	uint32_t offset; /* where it stands */
	uint32_t start, end;
	bool open;   /* to where the frame ends, but for padding; then end is where the fixed part
			does */
	bool udp;    /* RFC 768: zero is none, and a computed zero is sent as all ones */
	bool pseudo; /* and a pseudo header */
	uint32_t src, dst, address_length;
	uint8_t protocol;
};

/* Octets of the request to the answer. */
struct respond_copy {
	uint16_t from, to, count;
};

/* A number of the request, and so much more, to the answer. */
struct respond_number {
	struct respond_word from, to;
	uint64_t plus;
};

/* See struct spec_hash; `to` takes as many bits as it has. */
struct respond_hash {
	struct respond_word to;
	uint64_t key;
	const struct respond_word *pieces;
	unsigned int count;
};

/* A length in the answer: what it is without the payload, which is added. */
struct respond_length {
	struct respond_word word;
	uint64_t base;
};

/* Rows, then how many there are of each. */
struct respond_program {
	/* Of the request. */
	const struct respond_check *checks;
	const struct respond_same *sames;
	const struct respond_bound
		*bounds; /* the first says where the frame ends, the others agree */
	const struct respond_tail *tails;
	const struct respond_sum *verified;
	/* Of the answer. */
	const uint8_t *image; /* but for a payload that is the request's */
	const struct respond_copy *copies;
	const struct respond_number *numbers;
	const struct respond_hash *hashes;
	const struct respond_length *lengths;
	const struct respond_sum *sums; /* innermost first */
	unsigned int check_count, same_count, bound_count, tail_count, sum_count;
	unsigned int copy_count, number_count, hash_count, length_count, answer_sum_count;
	uint32_t need;	  /* octets that a request has at least */
	uint32_t length;  /* of the image */
	uint32_t payload; /* where the request's begins */
	bool echo;	  /* which follows the image, to its end */
	bool pad;	  /* to 60 octets */
};

#define RESPOND_FRAME_MIN 60U /* octets without FCS, IEEE 802.3 */

/*
 * Compiles the rule; everything in *ret is the arena's. false where it cannot be: *ret_why says
 * why, a few words.
 */
bool respond_compile(struct arena *arena, const struct respond_rule *rule,
	struct respond_program *ret, const char **ret_why);

/* false: the program cannot tell, and the frame has to be dissected. */
bool respond_program_run(const struct respond_program *program, const uint8_t *octets,
	uint32_t length, uint8_t *answer, uint32_t *ret_length, enum respond_verdict *ret);

/* Appends the program as text for people. */
struct buffer;
void respond_program_describe(const struct respond_program *program, struct buffer *out);

#endif
