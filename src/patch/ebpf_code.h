/* ebpf_code.h: instructions, one at a time; what the parts of the emitter share. */
#ifndef PATCH_EBPF_CODE_H
#define PATCH_EBPF_CODE_H

#include "base/buffer.h"
#include "patch/program.h"

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Registers 0 to 5 are anybody's, between one function of an emitter and the next. */
#define R0 BPF_REG_0
#define R1 BPF_REG_1
#define R2 BPF_REG_2
#define R3 BPF_REG_3
#define R4 BPF_REG_4
#define R5 BPF_REG_5

/* 6 to 9 hold throughout a program of patch/ebpf.h: */
#define EBPF_CONTEXT BPF_REG_6
#define EBPF_STATE   BPF_REG_7 /* the frame's numbers, see struct ebpf_number */
#define EBPF_OCTETS  BPF_REG_8 /* the frame's, in the packet */
#define EBPF_ROW     BPF_REG_9 /* the image's, in memory, where there are several */

/* The memory begins with these, of 64 bits each in the host's order. */
struct ebpf_head {
	uint64_t made;	 /* frames */
	uint64_t octets; /* of these frames, where they are not all as long */
	uint64_t place;	 /* of the next frame in the pass */
	uint64_t ahead;	 /* what CLOCK_REALTIME is of CLOCK_MONOTONIC */
	/* A permutation that has to walk on: see ebpf_number.c. Here and not on the stack, where
	 * the verifier would tell each step's numbers from the last's, without an end. */
	struct {
		uint64_t index, key, root, count;
	} walk;
};

/* A generator: where it is for the frame's next turn. */
struct ebpf_number {
	uint64_t value; /* this frame's */
	uint64_t place; /* RANDOM: key + (turn + 1) * RANDOM_STEP */
	uint64_t round;
	uint64_t key; /* SHUFFLE: of the round */
	uint64_t still;
};

#define EBPF_NUMBER(index, member) \
	((int16_t)((index) * sizeof(struct ebpf_number) + offsetof(struct ebpf_number, member)))

/* ---- ebpf_code.c: instructions ---- */

/* Where an instruction stands, from the program's start. */
typedef size_t ebpf_at;

ebpf_at ebpf_here(const struct buffer *code);
void ebpf_put(struct buffer *code, int opcode, int dst, int src, int16_t offset, int32_t imm);
void ebpf_set(struct buffer *code, int dst, uint64_t value);
void ebpf_move(struct buffer *code, int dst, int src);
void ebpf_low(struct buffer *code, int dst, int src); /* the low 32 bits */
void ebpf_alu(struct buffer *code, int operation, int dst, int src);
/* Uses scratch where the value is too wide for an instruction. */
void ebpf_alu_value(struct buffer *code, int operation, int dst, uint64_t value, int scratch);
/* octets is 1, 2, 4 or 8. */
void ebpf_load(struct buffer *code, unsigned int octets, int dst, int base, int16_t offset);
void ebpf_store(struct buffer *code, unsigned int octets, int base, int16_t offset, int src);
/* A number to the order of the wire, in as many low octets, the others zero. */
void ebpf_to_wire(struct buffer *code, unsigned int octets, int dst);
void ebpf_swap32(struct buffer *code, int dst);
/* The address of the memory at offset. */
void ebpf_address(struct buffer *code, int dst, size_t offset);
/* A map that is no memory: of devices. */
void ebpf_map(struct buffer *code, int dst);
void ebpf_call(struct buffer *code, int helper);
void ebpf_exit(struct buffer *code);

/* Jumps forward to where ebpf_land is called; a jump without a condition reaches anywhere. */
ebpf_at ebpf_jump(struct buffer *code, int condition, int dst, int src);
ebpf_at ebpf_jump_value(struct buffer *code, int condition, int dst, uint64_t value, int scratch);
ebpf_at ebpf_jump_always(struct buffer *code);
void ebpf_land(struct buffer *code, ebpf_at jump);

/* What cannot be is held against, since the verifier wants to see it: unless dst CONDITION value,
 * the run ends with XDP_ABORTED and counts nothing. */
void ebpf_insist(struct buffer *code, int condition, int dst, uint64_t value, int scratch);
void ebpf_insist_register(struct buffer *code, int condition, int dst, int src);

/* ---- ebpf_number.c: generators ---- */

/* Calls of the function that permutes, to be told where it stands. */
struct ebpf_calls {
	struct buffer places; /* ebpf_at */
};

/* Works out a generator's number for this frame, and goes on to the next. table is where its table
 * stands in the memory. */
void ebpf_number(struct buffer *code, const struct patch_generator *generator, unsigned int index,
	size_t table, struct ebpf_calls *calls);

/* The functions that were called, after the program's end. Returns how many there are, and where.
 */
#define EBPF_FUNCTIONS 3U
unsigned int ebpf_functions(
	struct buffer *code, const struct ebpf_calls *calls, uint32_t ret[EBPF_FUNCTIONS]);

void ebpf_number_seek(
	const struct patch_generator *generator, uint64_t turn, struct ebpf_number *ret);

/* ---- ebpf_crc.c: CRCs by their linearity ---- */

struct ebpf_crc {
	uint32_t octet[256]; /* what an octet that nothing follows makes of a CRC */
	uint32_t later[256]; /* and one that `follow` octets follow */
	uint32_t follow;
	struct buffer *memory;
	struct buffer places; /* uint32_t for each number of octets that follow: where its table
				 stands in memory; 0: nowhere yet */
};

#define EBPF_CRC32  0xedb88320U /* IEEE 802.3, bits reversed */
#define EBPF_CRC32C 0x82f63b78U /* RFC 9260 appendix A, likewise */

/* Caller's storage. longest: octets of the longest frame. */
void ebpf_crc_init(
	struct ebpf_crc *crc, uint32_t polynomial, uint32_t longest, struct buffer *memory);
void ebpf_crc_fini(struct ebpf_crc *crc);

/* What a CRC is of: octets first to end - 1, with zeros for the four at `zeros`. */
struct ebpf_cover {
	uint32_t first, end, zeros;
	const bool *written; /* octets of the frame that a run writes */
};

/* The CRC with zeros for what is written, too. */
uint32_t ebpf_crc_base(
	const struct ebpf_crc *crc, const struct ebpf_cover *cover, const uint8_t *octets);

/* From that in register 0 to the CRC of the frame. */
void ebpf_crc(struct buffer *code, struct ebpf_crc *crc, const struct ebpf_cover *cover);

/* ---- ebpf_image.c: writes and checksums ---- */

/*
 * What stands before the octets of an image in memory, where the program has several: its length,
 * which instructions it is made by, and the bases of its sums, its FCS last.
 */
#define EBPF_ROW_LENGTH 0
#define EBPF_ROW_SHAPE	4
#define EBPF_ROW_BASES	8

/* How images are made that differ in no more than octets, length and bases. */
struct ebpf_shape {
	const struct patch_varying *varying;
	const struct patch_image *image; /* one of them */
	const bool *written;		 /* octets */
	const uint32_t *bases;		 /* of this image alone; NULL: of the one in EBPF_ROW */
	int16_t results; /* where in the frame's state the sums leave what others want, 64 bits each
			  */
	struct ebpf_crc *crc32, *crc32c;
};

/* Marks the octets that a run writes, and returns how many hold them all. */
uint32_t ebpf_image_written(
	const struct patch_varying *varying, const struct patch_image *image, bool *ret);

/* The bases: one a sum, then the FCS. */
void ebpf_image_bases(
	const struct ebpf_shape *shape, const struct patch_image *image, uint32_t *ret);

void ebpf_image(struct buffer *code, const struct ebpf_shape *shape);

#endif
