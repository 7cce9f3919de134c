/* An XDP program that takes the frames of a measurement in. */
#include "measure/xdp_program.h"

#include "measure/engine.h"
#include "measure/xdp_code.h"
#include "wire/signature.h"

#define R0 BPF_REG_0
#define R1 BPF_REG_1
#define R2 BPF_REG_2
#define R3 BPF_REG_3
#define R4 BPF_REG_4
#define R5 BPF_REG_5

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

/* ---- time ---- */

/* Whether the sequence is one whose latency is taken: jumps where it is not. */
static ebpf_at put_sampled(const struct xdp_emission *e)
{
	uint32_t sample = e->plan->sample;

	ebpf_low(e->code, R0, XDP_SEQUENCE);
	if (sample & (sample - 1))
		ebpf_put(e->code, BPF_ALU | BPF_MOD | BPF_K, R0, 0, 0, (int32_t)sample);
	else
		ebpf_alu_value(e->code, BPF_AND, R0, sample - 1, R1);
	return ebpf_jump_value(e->code, BPF_JNE, R0, 0, R1);
}

/* XDP_NOW: of a sample, and of the frame after it, for the gap between them. */
static void put_now(const struct xdp_emission *e)
{
	struct buffer *code = e->code;
	bool all = e->plan->sample == 1;
	ebpf_at noted = 0, not_sampled = 0;

	if (!all) {
		ebpf_set(code, XDP_NOW, 0);
		ebpf_load(code, 8, R0, XDP_TALLY, XDP_TALLY_AT(noted));
		noted = ebpf_jump_value(code, BPF_JNE, R0, 0, R1);
		not_sampled = put_sampled(e);
		ebpf_land(code, noted);
	}
	ebpf_call(code, BPF_FUNC_ktime_get_ns);
	ebpf_move(code, XDP_NOW, R0);
	ebpf_alu_value(code, BPF_ADD, XDP_NOW, e->plan->clock, R1);
	if (!all)
		ebpf_land(code, not_sampled);
}

/* RFC 3550 A.8: register 0 is the latency, and stays. */
static void put_jitter(const struct xdp_emission *e)
{
	struct buffer *code = e->code;
	ebpf_at first, up;

	ebpf_load(code, 8, R1, XDP_TALLY, XDP_TALLY_AT(latency));
	ebpf_store(code, 8, XDP_TALLY, XDP_TALLY_AT(latency), R0);
	first = ebpf_jump_value(code, BPF_JEQ, R1, UINT64_MAX, R2);
	ebpf_alu(code, BPF_SUB, R1, R0);
	up = ebpf_jump_value(code, BPF_JSGE, R1, 0, R2);
	ebpf_put(code, BPF_ALU64 | BPF_NEG, R1, 0, 0, 0);
	ebpf_land(code, up);
	ebpf_load(code, 8, R2, XDP_TALLY, XDP_TALLY_AT(jitter));
	ebpf_alu(code, BPF_ADD, R1, R2);
	ebpf_alu_value(code, BPF_ADD, R2, 8, R3);
	ebpf_alu_value(code, BPF_RSH, R2, 4, R3);
	ebpf_alu(code, BPF_SUB, R1, R2);
	ebpf_store(code, 8, XDP_TALLY, XDP_TALLY_AT(jitter), R1);
	ebpf_land(code, first);
}

/* Adds to the age in register 0 what the first one says has to be. */
static void put_shift(const struct xdp_emission *e)
{
	struct buffer *code = e->code;
	ebpf_at settled, wild;

	ebpf_address(code, R2, 0);
	ebpf_load(code, 8, R1, R2, offsetof(struct xdp_head, shifted));
	settled = ebpf_jump_value(code, BPF_JNE, R1, 0, R3);
	ebpf_set(code, R1, 1);
	ebpf_store(code, 8, R2, offsetof(struct xdp_head, shifted), R1);
	ebpf_set(code, R1, 0);
	wild = ebpf_jump_value(code, BPF_JLE, R0, MEASURE_BELIEVED_NS, R3);
	ebpf_set(code, R1, MEASURE_SHIFT_NS);
	ebpf_alu(code, BPF_SUB, R1, R0);
	ebpf_land(code, wild);
	ebpf_store(code, 8, R2, offsetof(struct xdp_head, shift), R1);
	ebpf_land(code, settled);
	ebpf_load(code, 8, R1, R2, offsetof(struct xdp_head, shift));
	ebpf_alu(code, BPF_ADD, R0, R1);
}

static void put_latency(const struct xdp_emission *e)
{
	struct buffer *code = e->code;
	ebpf_at fine;

	ebpf_move(code, R0, XDP_NOW);
	ebpf_load(code, 8, R1, BPF_REG_10, XDP_TIME);
	ebpf_alu(code, BPF_SUB, R0, R1);
	ebpf_alu_value(code, BPF_LSH, R0, 64 - SIGNATURE_TIME_BITS, R1);
	ebpf_alu_value(code, BPF_ARSH, R0, 64 - SIGNATURE_TIME_BITS, R1);
	if (!e->plan->same_clock)
		put_shift(e);
	/* A sender's clock that is ahead: told as 0. */
	fine = ebpf_jump_value(code, BPF_JSGE, R0, 0, R1);
	ebpf_set(code, R0, 0);
	ebpf_land(code, fine);
	put_jitter(e);
	XDP_SERIES(e, latency, latency_cells, SIGNATURE_TIME_BITS);
}

static void put_gap(const struct xdp_emission *e)
{
	struct buffer *code = e->code;
	ebpf_at none;

	ebpf_load(code, 8, R1, XDP_TALLY, XDP_TALLY_AT(noted));
	none = ebpf_jump_value(code, BPF_JEQ, R1, 0, R2);
	ebpf_move(code, R0, XDP_NOW);
	ebpf_alu(code, BPF_SUB, R0, R1);
	if (e->plan->shared) {
		/* The times of several processors may cross. */
		ebpf_at later = ebpf_jump_value(code, BPF_JSGE, R0, 0, R1);

		ebpf_set(code, R0, 0);
		ebpf_land(code, later);
	}
	XDP_SERIES(e, gaps, gap_cells, SIGNATURE_TIME_BITS);
	ebpf_land(code, none);
}

static void put_times(const struct xdp_emission *e)
{
	struct buffer *code = e->code;
	bool all = e->plan->sample == 1;
	ebpf_at unasked = 0, later, not_sampled = 0;

	if (!all)
		unasked = ebpf_jump_value(code, BPF_JEQ, XDP_NOW, 0, R1);
	put_gap(e);
	ebpf_load(code, 8, R1, XDP_TALLY, XDP_TALLY_AT(first_ns));
	later = ebpf_jump_value(code, BPF_JNE, R1, 0, R2);
	ebpf_store(code, 8, XDP_TALLY, XDP_TALLY_AT(first_ns), XDP_NOW);
	ebpf_land(code, later);
	ebpf_store(code, 8, XDP_TALLY, XDP_TALLY_AT(last_ns), XDP_NOW);
	if (!all) {
		ebpf_set(code, R1, 0);
		ebpf_store(code, 8, XDP_TALLY, XDP_TALLY_AT(noted), R1);
		not_sampled = put_sampled(e);
	}
	ebpf_store(code, 8, XDP_TALLY, XDP_TALLY_AT(noted), XDP_NOW);
	put_latency(e);
	if (all)
		return;
	ebpf_land(code, not_sampled);
	ebpf_land(code, unasked);
}

/* ---- the whole ---- */

/* What came with the time of the one before it, as in a burst that was made at once. */
static void put_batched(const struct xdp_emission *e)
{
	struct buffer *code = e->code;
	ebpf_at other;

	ebpf_load(code, 8, R2, BPF_REG_10, XDP_TIME);
	ebpf_load(code, 8, R1, XDP_TALLY, XDP_TALLY_AT(time));
	ebpf_store(code, 8, XDP_TALLY, XDP_TALLY_AT(time), R2);
	other = ebpf_jump(code, BPF_JNE, R1, R2);
	xdp_count(e, XDP_TALLY_AT(batched));
	ebpf_land(code, other);
}

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
	put_now(e);
	if (e->plan->verify)
		xdp_verify(e);
	xdp_track(e);
	ebpf_load(code, 8, R1, BPF_REG_10, XDP_LENGTH);
	xdp_add(e, XDP_TALLY, XDP_TALLY_AT(octets), R1, R0);
	if (e->plan->verify)
		put_checked(e);
	if (e->plan->sample == 1)
		put_batched(e);
	put_times(e);
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
