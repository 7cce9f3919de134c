/* An XDP program that takes the frames of a measurement in. */
#include "measure/xdp_program.h"

#include "measure/xdp_code.h"
#include "wire/signature.h"

/* A frame has an Ethernet header before the signature, and no more than the verifier lets an
 * offset into a packet be. */
#define BEFORE_MIN 14U
#define BEFORE_MAX 0xf000U

/* ---- what the parts share ---- */

void xdp_jump_to(struct xdp_jumps *jumps, ebpf_at from)
{
	jumps->from[jumps->count++] = from;
}

void xdp_land(struct buffer *code, struct xdp_jumps *jumps)
{
	for (unsigned int i = 0; i < jumps->count; i++)
		ebpf_land(code, jumps->from[i]);
	jumps->count = 0;
}

void xdp_add(
	const struct xdp_emission *e, int base, int16_t offset, int amount_register, int scratch)
{
	if (e->plan->shared) {
		ebpf_put(e->code, BPF_STX | BPF_ATOMIC | BPF_DW, base, amount_register, offset,
			BPF_ADD);
		return;
	}
	ebpf_load(e->code, 8, scratch, base, offset);
	ebpf_alu(e->code, BPF_ADD, scratch, amount_register);
	ebpf_store(e->code, 8, base, offset, scratch);
}

/* The same of one, with registers 0 and 1. */
static void count_at(const struct xdp_emission *e, int base, int16_t offset)
{
	if (e->plan->shared) {
		ebpf_set(e->code, R1, 1);
		xdp_add(e, base, offset, R1, R0);
		return;
	}
	ebpf_load(e->code, 8, R0, base, offset);
	ebpf_alu_value(e->code, BPF_ADD, R0, 1, R1);
	ebpf_store(e->code, 8, base, offset, R0);
}

void xdp_count(const struct xdp_emission *e, int16_t offset)
{
	count_at(e, XDP_TALLY, offset);
}

/* ---- distributions ---- */

/* Register 1 becomes the cell of the number in it, as histogram.c has it. */
static void put_cell(struct buffer *code)
{
	ebpf_set(code, R2, 0);
	for (unsigned int shift = 32; shift; shift /= 2) {
		uint64_t least = 1ULL << (HISTOGRAM_EXACT_BITS - 1 + shift);
		ebpf_at less = ebpf_jump_value(code, BPF_JLT, R1, least, R3);

		ebpf_alu_value(code, BPF_RSH, R1, shift, R3);
		ebpf_alu_value(code, BPF_ADD, R2, shift, R3);
		ebpf_land(code, less);
	}
	ebpf_alu_value(code, BPF_LSH, R2, HISTOGRAM_EXACT_BITS - 1, R3);
	ebpf_alu(code, BPF_ADD, R1, R2);
}

void xdp_series(const struct xdp_emission *e, size_t series, size_t cells, unsigned int bits)
{
	struct buffer *code = e->code;
	int16_t min = (int16_t)(series + offsetof(struct xdp_series, min));
	int16_t max = (int16_t)(series + offsetof(struct xdp_series, max));
	ebpf_at skip;

	ebpf_load(code, 8, R5, BPF_REG_10, XDP_DETAIL);
	ebpf_load(code, 8, R1, R5, min);
	skip = ebpf_jump(code, BPF_JLE, R1, R0);
	ebpf_store(code, 8, R5, min, R0);
	ebpf_land(code, skip);
	ebpf_load(code, 8, R1, R5, max);
	skip = ebpf_jump(code, BPF_JGE, R1, R0);
	ebpf_store(code, 8, R5, max, R0);
	ebpf_land(code, skip);
	xdp_add(e, R5, (int16_t)(series + offsetof(struct xdp_series, sum)), R0, R1);
	ebpf_move(code, R1, R0);
	skip = ebpf_jump_value(code, BPF_JLT, R1, 1ULL << bits, R2);
	ebpf_set(code, R1, (1ULL << bits) - 1);
	ebpf_land(code, skip);
	put_cell(code);
	/* Which cannot be, but the verifier wants to see it. */
	skip = ebpf_jump_value(code, BPF_JGE, R1, XDP_CELLS(bits), R3);
	ebpf_alu_value(code, BPF_LSH, R1, 3, R3);
	ebpf_alu_value(code, BPF_ADD, R5, cells, R3);
	ebpf_alu(code, BPF_ADD, R5, R1);
	count_at(e, R5, 0);
	ebpf_land(code, skip);
}

/* ---- the signature ---- */

/*
 * Register 1 becomes the address of the signature. It ends the frame, but for padding and an FCS:
 * the one nearest to the end counts, as in signature_find.
 */
static void put_find(struct xdp_emission *e)
{
	struct buffer *code = e->code;
	uint32_t magic = __builtin_bswap32(SIGNATURE_MAGIC);
	ebpf_at top, found, found_first;

	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		magic = SIGNATURE_MAGIC;
	ebpf_load(code, 4, R2, EBPF_CONTEXT, offsetof(struct xdp_md, data));
	ebpf_load(code, 4, R3, EBPF_CONTEXT, offsetof(struct xdp_md, data_end));
	ebpf_move(code, R0, R3);
	ebpf_alu(code, BPF_SUB, R0, R2);
	ebpf_store(code, 8, BPF_REG_10, XDP_LENGTH, R0);
	ebpf_alu_value(code, BPF_SUB, R0, SIGNATURE_LENGTH, R4);
	ebpf_set(code, R5, magic);
	ebpf_set(code, R4, 0);
	top = ebpf_here(code);
	xdp_jump_to(&e->foreign, ebpf_jump_value(code, BPF_JSLT, R0, BEFORE_MIN, R1));
	xdp_jump_to(&e->foreign, ebpf_jump_value(code, BPF_JSGT, R0, BEFORE_MAX, R1));
	ebpf_move(code, R1, R2);
	ebpf_alu(code, BPF_ADD, R1, R0);
	ebpf_move(code, XDP_SEQUENCE, R1);
	ebpf_alu_value(code, BPF_ADD, XDP_SEQUENCE, SIGNATURE_LENGTH, R0);
	xdp_jump_to(&e->foreign, ebpf_jump(code, BPF_JGT, XDP_SEQUENCE, R3));
	ebpf_load(code, 4, XDP_SEQUENCE, R1, 0);
	found_first = ebpf_jump(code, BPF_JEQ, XDP_SEQUENCE, R5);
	ebpf_alu_value(code, BPF_SUB, R0, 1, R1);
	ebpf_alu_value(code, BPF_ADD, R4, 1, R1);
	found = ebpf_jump_value(code, BPF_JGT, R4, SIGNATURE_BEHIND_MAX, R1);
	ebpf_put(code, BPF_JMP | BPF_JA, 0, 0,
		(int16_t)((int64_t)top - (int64_t)ebpf_here(code) - 1), 0);
	ebpf_land(code, found);
	xdp_jump_to(&e->foreign, ebpf_jump_always(code));
	ebpf_land(code, found_first);
}

/* That a frame of the stream in register 0 came. Of two processors at once the higher one may miss:
 * its next frame says it again. */
static void put_seen(struct buffer *code)
{
	ebpf_at known;

	ebpf_address(code, R2, 0);
	ebpf_load(code, 8, R3, R2, offsetof(struct xdp_head, streams));
	known = ebpf_jump(code, BPF_JGT, R3, R0);
	ebpf_move(code, R3, R0);
	ebpf_alu_value(code, BPF_ADD, R3, 1, R4);
	ebpf_store(code, 8, R2, offsetof(struct xdp_head, streams), R3);
	ebpf_land(code, known);
}

/* From its address in register 1: the tally, the detail, the sequence and the time. */
static void put_signature(struct xdp_emission *e)
{
	const struct xdp_plan *plan = e->plan;
	struct buffer *code = e->code;
	ebpf_at own;

	ebpf_load(code, 2, R0, R1, SIGNATURE_STREAM_AT);
	ebpf_to_wire(code, 2, R0);
	ebpf_load(code, 4, XDP_SEQUENCE, R1, SIGNATURE_SEQUENCE_AT);
	ebpf_to_wire(code, 4, XDP_SEQUENCE);
	/* 64 bits that end in the 48. */
	ebpf_load(code, 8, R2, R1, SIGNATURE_TIME_AT - 2);
	ebpf_to_wire(code, 8, R2);
	ebpf_alu_value(code, BPF_LSH, R2, 64 - SIGNATURE_TIME_BITS, R3);
	ebpf_alu_value(code, BPF_RSH, R2, 64 - SIGNATURE_TIME_BITS, R3);
	ebpf_store(code, 8, BPF_REG_10, XDP_TIME, R2);
	xdp_jump_to(&e->damaged, ebpf_jump_value(code, BPF_JGE, R0, plan->streams, R3));
	if (plan->streams > XDP_FEW)
		put_seen(code);
	ebpf_move(code, R1, R0);
	ebpf_alu_value(code, BPF_MUL, R0, xdp_tally_size(plan), R3);
	ebpf_address(code, XDP_TALLY, sizeof(struct xdp_head));
	ebpf_alu(code, BPF_ADD, XDP_TALLY, R0);
	own = ebpf_jump_value(code, BPF_JLT, R1, plan->details, R3);
	ebpf_set(code, R1, plan->details - 1);
	ebpf_land(code, own);
	ebpf_alu_value(code, BPF_MUL, R1, sizeof(struct xdp_detail), R3);
	ebpf_address(code, R2, xdp_details_at(plan));
	ebpf_alu(code, BPF_ADD, R2, R1);
	ebpf_store(code, 8, BPF_REG_10, XDP_DETAIL, R2);
}

/* ---- the whole ---- */

static void put_checked(const struct xdp_emission *e)
{
	struct buffer *code = e->code;
	ebpf_at sound, unchecked, ill, done;

	ebpf_load(code, 8, R1, BPF_REG_10, XDP_CHECK);
	sound = ebpf_jump_value(code, BPF_JEQ, R1, XDP_SOUND, R0);
	unchecked = ebpf_jump_value(code, BPF_JEQ, R1, XDP_UNCHECKED, R0);
	ebpf_load(code, 8, R1, XDP_TALLY, XDP_TALLY_AT(ill));
	ill = ebpf_jump_value(code, BPF_JNE, R1, 0, R0);
	xdp_count(e, XDP_TALLY_AT(corrupted));
	done = ebpf_jump_always(code);
	ebpf_land(code, unchecked);
	ebpf_land(code, ill);
	xdp_count(e, XDP_TALLY_AT(unchecked));
	ebpf_land(code, done);
	ebpf_land(code, sound);
}

static void put_ours(struct xdp_emission *e)
{
	struct buffer *code = e->code;
	put_signature(e);
	xdp_now(e);
	if (e->plan->verify)
		xdp_verify(e);
	xdp_track(e);
	ebpf_load(code, 8, R1, BPF_REG_10, XDP_LENGTH);
	xdp_add(e, XDP_TALLY, XDP_TALLY_AT(octets), R1, R0);
	if (e->plan->verify)
		put_checked(e);
	xdp_times(e);
	ebpf_set(code, R0, XDP_DROP);
	ebpf_exit(code);
}

static void put_other(const struct xdp_emission *e, int16_t counter, int verdict)
{
	ebpf_address(e->code, R2, 0);
	count_at(e, R2, counter);
	ebpf_set(e->code, R0, (uint64_t)verdict);
	ebpf_exit(e->code);
}

void xdp_program(const struct xdp_plan *plan, struct buffer *code)
{
	struct xdp_emission e = { .code = code, .plan = plan };

	ebpf_move(code, EBPF_CONTEXT, R1);
	put_find(&e);
	put_ours(&e);
	xdp_land(code, &e.damaged);
	put_other(&e, offsetof(struct xdp_head, damaged), XDP_DROP);
	xdp_land(code, &e.foreign);
	put_other(&e, offsetof(struct xdp_head, foreign), XDP_PASS);
}
