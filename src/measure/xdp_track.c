/* The sequence of a stream, as eBPF instructions: what is new, a copy, overtaken. */
#include "measure/xdp_code.h"

/* How often a processor tries to be the one that goes on: each time it fails, another one did. */
#define TRIES 64U

static void atomic(
	struct buffer *code, int size, int base, int16_t offset, int operand, int operation)
{
	ebpf_put(code, BPF_STX | BPF_ATOMIC | size, base, operand, offset, operation);
}

/* A sequence in the register becomes the address of its place in the window, less XDP_WINDOW_AT. */
static void put_place_of(const struct xdp_emission *e, int sequence)
{
	ebpf_alu_value(e->code, BPF_AND, sequence, e->plan->window - 1, R0);
	ebpf_alu_value(e->code, BPF_LSH, sequence, 2, R0);
	ebpf_alu(e->code, BPF_ADD, sequence, XDP_TALLY);
}

/* The sequence takes its place in the window. Jumps where it was there: a copy. */
static ebpf_at put_take(const struct xdp_emission *e)
{
	ebpf_move(e->code, R3, XDP_SEQUENCE);
	put_place_of(e, R3);
	if (e->plan->shared) {
		ebpf_move(e->code, R0, XDP_SEQUENCE);
		atomic(e->code, BPF_W, R3, XDP_WINDOW_AT, R0, BPF_XCHG);
		return ebpf_jump(e->code, BPF_JEQ, R0, XDP_SEQUENCE);
	}
	ebpf_load(e->code, 4, R0, R3, XDP_WINDOW_AT);
	ebpf_store(e->code, 4, R3, XDP_WINDOW_AT, XDP_SEQUENCE);
	return ebpf_jump(e->code, BPF_JEQ, R0, XDP_SEQUENCE);
}

/* Register 5 becomes how many came first of their sequence before this one, which does. */
static void put_arrival(const struct xdp_emission *e)
{
	if (e->plan->shared) {
		ebpf_set(e->code, R5, 1);
		atomic(e->code, BPF_DW, XDP_TALLY, XDP_TALLY_AT(unique), R5, BPF_ADD | BPF_FETCH);
		return;
	}
	ebpf_load(e->code, 8, R5, XDP_TALLY, XDP_TALLY_AT(unique));
	ebpf_move(e->code, R0, R5);
	ebpf_alu_value(e->code, BPF_ADD, R0, 1, R1);
	ebpf_store(e->code, 8, XDP_TALLY, XDP_TALLY_AT(unique), R0);
}

/* ---- what was overtaken ---- */

/* Register 0 becomes the address, less that of the log in the tally, of the leap that was so many
 * (register 3) before the newest; register 4 is how many there were. */
static void put_leap(const struct xdp_emission *e)
{
	ebpf_move(e->code, R0, R4);
	ebpf_alu(e->code, BPF_SUB, R0, R3);
	ebpf_alu_value(e->code, BPF_SUB, R0, 1, R1);
	ebpf_alu_value(e->code, BPF_AND, R0, e->plan->window / 2 - 1, R1);
	ebpf_alu_value(e->code, BPF_LSH, R0, 3, R1);
	ebpf_alu_value(e->code, BPF_ADD, R0, xdp_log_at(e->plan), R1);
	ebpf_alu(e->code, BPF_ADD, R0, XDP_TALLY);
}

/*
 * RFC 4737 4.2.1: of all with a higher sequence the earliest is the one that leapt over this, since
 * nothing before it was as high. Leaps go up, so it is found by halves: the oldest whose end is
 * above. Without a branch, of which the verifier would follow each way. Register 2 becomes how many
 * came first of their sequence before it.
 */
static void put_overtaker(const struct xdp_emission *e)
{
	struct buffer *code = e->code;

	ebpf_load(code, 8, R4, XDP_TALLY, XDP_TALLY_AT(leaps));
	ebpf_set(code, R3, 0);
	for (unsigned int step = e->plan->window / 4; step; step /= 2) {
		ebpf_alu_value(code, BPF_ADD, R3, step, R1);
		put_leap(e);
		ebpf_load(code, 4, R1, R0, 0);
		/* All ones where the leap's end is above, and there are as many. */
		ebpf_move(code, R0, XDP_SEQUENCE);
		ebpf_alu(code, BPF_SUB, R0, R1);
		ebpf_alu_value(code, BPF_LSH, R0, 32, R1);
		ebpf_alu_value(code, BPF_ARSH, R0, 63, R1);
		ebpf_move(code, R1, R3);
		ebpf_alu(code, BPF_SUB, R1, R4);
		ebpf_alu_value(code, BPF_ARSH, R1, 63, R2);
		ebpf_alu(code, BPF_AND, R0, R1);
		/* Else back. */
		ebpf_alu_value(code, BPF_XOR, R0, UINT64_MAX, R1);
		ebpf_alu_value(code, BPF_AND, R0, step, R1);
		ebpf_alu(code, BPF_SUB, R3, R0);
	}
	put_leap(e);
	ebpf_load(code, 4, R2, R0, offsetof(struct xdp_leap, arrival));
}

/* Register 5 is the arrival. */
static void put_reordered(struct xdp_emission *e)
{
	struct buffer *code = e->code;
	ebpf_at less;

	xdp_count(e, XDP_TALLY_AT(reordered));
	put_overtaker(e);
	ebpf_low(code, R0, R5);
	ebpf_put(code, BPF_ALU | BPF_SUB | BPF_X, R0, R2, 0, 0);
	ebpf_load(code, 8, R1, XDP_TALLY, XDP_TALLY_AT(extent_max));
	less = ebpf_jump(code, BPF_JGE, R1, R0);
	ebpf_store(code, 8, XDP_TALLY, XDP_TALLY_AT(extent_max), R0);
	ebpf_land(code, less);
	XDP_SERIES(e, extents, extent_cells, 17);
}

/* ---- where the sequence stands ---- */

/* Register 1: what was expected; 2: by how much the sequence is above that, over 0. Register 1
 * becomes the sequence, all of it. */
static void put_ahead(struct xdp_emission *e)
{
	struct buffer *code = e->code;
	ebpf_at near, follows;

	ebpf_store(code, 8, BPF_REG_10, XDP_AHEAD, R2);
	near = ebpf_jump_value(code, BPF_JLT, R2, XDP_LEAP, R3);
	/* All ones, where none strayed yet, are far from any: 64 bits. */
	ebpf_load(code, 8, R5, XDP_TALLY, XDP_TALLY_AT(strayed));
	ebpf_move(code, R3, XDP_SEQUENCE);
	ebpf_alu(code, BPF_SUB, R3, R5);
	ebpf_alu_value(code, BPF_SUB, R3, 1, R0);
	follows = ebpf_jump_value(code, BPF_JLT, R3, e->plan->window - 1, R0);
	ebpf_store(code, 8, XDP_TALLY, XDP_TALLY_AT(strayed), XDP_SEQUENCE);
	xdp_jump_to(&e->damaged, ebpf_jump_always(code));
	ebpf_land(code, follows);
	ebpf_land(code, near);
	ebpf_alu(code, BPF_ADD, R1, R2);
}

/* Register 1 is the sequence. */
static void put_limit(struct xdp_emission *e)
{
	ebpf_load(e->code, 8, R0, XDP_TALLY, XDP_TALLY_AT(limit));
	xdp_jump_to(&e->damaged, ebpf_jump(e->code, BPF_JGE, R1, R0));
}

/* What is expected becomes the sequence after register 1; where another processor was faster, from
 * the top again. */
static void put_advance(struct xdp_emission *e)
{
	struct buffer *code = e->code;

	ebpf_alu_value(code, BPF_ADD, R1, 1, R0);
	if (!e->plan->shared) {
		ebpf_store(code, 8, XDP_TALLY, XDP_TALLY_AT(next), R1);
		return;
	}
	ebpf_move(code, R0, R4);
	atomic(code, BPF_DW, XDP_TALLY, XDP_TALLY_AT(next), R1, BPF_CMPXCHG);
	xdp_jump_to(&e->again, ebpf_jump(code, BPF_JNE, R0, R4));
}

/* A leap goes into the log; how many arrived before is in register 5. */
static void put_log(const struct xdp_emission *e)
{
	struct buffer *code = e->code;

	if (e->plan->shared) {
		ebpf_set(code, R4, 1);
		atomic(code, BPF_DW, XDP_TALLY, XDP_TALLY_AT(leaps), R4, BPF_ADD | BPF_FETCH);
	} else {
		ebpf_load(code, 8, R4, XDP_TALLY, XDP_TALLY_AT(leaps));
		ebpf_move(code, R0, R4);
		ebpf_alu_value(code, BPF_ADD, R0, 1, R1);
		ebpf_store(code, 8, XDP_TALLY, XDP_TALLY_AT(leaps), R0);
	}
	ebpf_alu_value(code, BPF_AND, R4, e->plan->window / 2 - 1, R0);
	ebpf_alu_value(code, BPF_LSH, R4, 3, R0);
	ebpf_alu_value(code, BPF_ADD, R4, xdp_log_at(e->plan), R0);
	ebpf_alu(code, BPF_ADD, R4, XDP_TALLY);
	ebpf_store(code, 4, R4, offsetof(struct xdp_leap, to), XDP_SEQUENCE);
	ebpf_store(code, 4, R4, offsetof(struct xdp_leap, arrival), R5);
}

/* It followed one that was taken for a fault: that one was none. */
static void put_acquittal(const struct xdp_emission *e)
{
	struct buffer *code = e->code;
	ebpf_at near;

	ebpf_load(code, 8, R2, BPF_REG_10, XDP_AHEAD);
	near = ebpf_jump_value(code, BPF_JLT, R2, XDP_LEAP, R3);
	ebpf_address(code, R3, 0);
	ebpf_set(code, R1, UINT64_MAX);
	xdp_add(e, R3, offsetof(struct xdp_head, damaged), R1, R0);
	put_arrival(e);
	ebpf_load(code, 8, R2, XDP_TALLY, XDP_TALLY_AT(strayed));
	ebpf_set(code, R3, UINT64_MAX);
	ebpf_store(code, 8, XDP_TALLY, XDP_TALLY_AT(strayed), R3);
	ebpf_move(code, R3, R2);
	put_place_of(e, R3);
	ebpf_store(code, 4, R3, XDP_WINDOW_AT, R2);
	ebpf_land(code, near);
}

/* Register 1: what was expected; 2: how far the sequence is from that, below 0. */
static void put_behind(struct xdp_emission *e, struct xdp_jumps *copy, ebpf_at *ret_stale)
{
	struct buffer *code = e->code;

	ebpf_alu(code, BPF_ADD, R1, R2);
	xdp_jump_to(&e->damaged, ebpf_jump_value(code, BPF_JSLT, R1, 0, R0));
	*ret_stale = ebpf_jump_value(code, BPF_JSLT, R2, -(uint64_t)e->plan->window, R0);
	xdp_jump_to(copy, put_take(e));
	put_arrival(e);
	put_reordered(e);
}

/* Where another processor went on in between. */
static void put_again(struct xdp_emission *e, ebpf_at top)
{
	struct buffer *code = e->code;

	xdp_land(code, &e->again);
	ebpf_load(code, 8, R1, BPF_REG_10, XDP_TRIES);
	ebpf_alu_value(code, BPF_SUB, R1, 1, R0);
	ebpf_store(code, 8, BPF_REG_10, XDP_TRIES, R1);
	xdp_jump_to(&e->damaged, ebpf_jump_value(code, BPF_JEQ, R1, 0, R0));
	ebpf_put(code, BPF_JMP | BPF_JA, 0, 0,
		(int16_t)((int64_t)top - (int64_t)ebpf_here(code) - 1), 0);
}

void xdp_track(struct xdp_emission *e)
{
	struct buffer *code = e->code;
	struct xdp_jumps copy = { .count = 0 }, done = { .count = 0 };
	ebpf_at top, other, behind, stale;

	if (e->plan->shared) {
		ebpf_set(code, R1, TRIES);
		ebpf_store(code, 8, BPF_REG_10, XDP_TRIES, R1);
	}
	top = ebpf_here(code);
	ebpf_load(code, 8, R1, XDP_TALLY, XDP_TALLY_AT(next));
	if (e->plan->shared)
		ebpf_move(code, R4, R1);
	ebpf_move(code, R2, XDP_SEQUENCE);
	ebpf_put(code, BPF_ALU | BPF_SUB | BPF_X, R2, R1, 0, 0);
	other = ebpf_jump_value(code, BPF_JNE, R2, 0, R0);
	put_limit(e);
	put_advance(e);
	xdp_jump_to(&copy, put_take(e));
	put_arrival(e);
	xdp_jump_to(&done, ebpf_jump_always(code));

	ebpf_land(code, other);
	ebpf_alu_value(code, BPF_LSH, R2, 32, R0);
	ebpf_alu_value(code, BPF_ARSH, R2, 32, R0);
	behind = ebpf_jump_value(code, BPF_JSLT, R2, 0, R0);
	put_ahead(e);
	put_limit(e);
	put_advance(e);
	xdp_jump_to(&copy, put_take(e));
	put_arrival(e);
	put_log(e);
	put_acquittal(e);
	xdp_jump_to(&done, ebpf_jump_always(code));

	ebpf_land(code, behind);
	put_behind(e, &copy, &stale);
	xdp_jump_to(&done, ebpf_jump_always(code));
	ebpf_land(code, stale);
	xdp_count(e, XDP_TALLY_AT(stale));
	xdp_jump_to(&done, ebpf_jump_always(code));
	if (e->plan->shared)
		put_again(e, top);
	xdp_land(code, &copy);
	xdp_count(e, XDP_TALLY_AT(duplicates));
	xdp_land(code, &done);
}
