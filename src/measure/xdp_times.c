/* When frames came, as eBPF instructions: latencies, jitter, gaps, bursts. */
#include "measure/engine.h"
#include "measure/xdp_code.h"
#include "wire/signature.h"

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

void xdp_now(const struct xdp_emission *e)
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

void xdp_times(const struct xdp_emission *e)
{
	struct buffer *code = e->code;
	bool all = e->plan->sample == 1;
	ebpf_at unasked = 0, later, not_sampled = 0;

	if (all)
		put_batched(e);
	else
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
