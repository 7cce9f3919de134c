/* Generators as eBPF instructions: the same functions of a turn as in generator.h and random.h. */
#include "patch/ebpf_code.h"

#include "base/random.h"

#include <string.h>

/* random.h and random.c. */
#define MIX_FIRST  0xbf58476d1ce4e5b9ULL
#define MIX_SECOND 0x94d049bb133111ebULL
#define ROUNDS	   6

/*
 * The most that bpf_loop goes round. The network permutes root squared numbers, of which at most
 * 2 * root are outside the count: no walk is longer than that, and where the root is so large that
 * it might be, a step has a chance below 1 in 2^20 to stay outside.
 */
#define LOOPS (1U << 23)

/* ---- random.h ---- */

/* Register 0 becomes random_mix of it. */
static void mix(struct buffer *code)
{
	static const struct {
		unsigned int right;
		uint64_t factor;
	} steps[] = { { 30, MIX_FIRST }, { 27, MIX_SECOND }, { 31, 0 } };

	for (unsigned int i = 0; i < 3; i++) {
		ebpf_move(code, R1, R0);
		ebpf_alu_value(code, BPF_RSH, R1, steps[i].right, R2);
		ebpf_alu(code, BPF_XOR, R0, R1);
		if (steps[i].factor)
			ebpf_alu_value(code, BPF_MUL, R0, steps[i].factor, R2);
	}
}

/* Register 0 becomes random_high of it and the value. */
static void multiply_high(struct buffer *code, uint64_t value)
{
	ebpf_low(code, R1, R0);
	ebpf_alu_value(code, BPF_RSH, R0, 32, R2);
	ebpf_set(code, R2, value & UINT32_MAX);
	ebpf_set(code, R3, value >> 32);
	/* low >> 32 */
	ebpf_move(code, R4, R1);
	ebpf_alu(code, BPF_MUL, R4, R2);
	ebpf_alu_value(code, BPF_RSH, R4, 32, R5);
	/* middle */
	ebpf_move(code, R5, R0);
	ebpf_alu(code, BPF_MUL, R5, R2);
	ebpf_alu(code, BPF_ADD, R5, R4);
	/* other */
	ebpf_alu(code, BPF_MUL, R1, R3);
	ebpf_low(code, R4, R5);
	ebpf_alu(code, BPF_ADD, R1, R4);
	ebpf_alu(code, BPF_MUL, R0, R3);
	ebpf_alu_value(code, BPF_RSH, R5, 32, R2);
	ebpf_alu(code, BPF_ADD, R0, R5);
	ebpf_alu_value(code, BPF_RSH, R1, 32, R2);
	ebpf_alu(code, BPF_ADD, R0, R1);
}

/* Register 0 becomes random_scale of it to the count. */
static void scale(struct buffer *code, uint64_t count)
{
	if (!count)
		return;
	if (count >> 32) {
		multiply_high(code, count);
		return;
	}
	ebpf_alu_value(code, BPF_RSH, R0, 32, R2);
	ebpf_alu_value(code, BPF_MUL, R0, count, R2);
	ebpf_alu_value(code, BPF_RSH, R0, 32, R2);
}

/* Register 0 becomes random_derive of the key and register 0. */
static void derive(struct buffer *code, uint64_t key)
{
	ebpf_alu_value(code, BPF_ADD, R0, 1, R2);
	ebpf_alu_value(code, BPF_MUL, R0, RANDOM_STEP, R2);
	ebpf_alu_value(code, BPF_ADD, R0, key, R2);
	mix(code);
	ebpf_alu_value(code, BPF_XOR, R0, key, R2);
	mix(code);
}

/* ---- one generator ---- */

struct part {
	struct buffer *code;
	const struct patch_generator *generator;
	unsigned int index;
	size_t table;
	struct ebpf_calls *calls;
};

static void call_permute(const struct part *part)
{
	ebpf_at here;

	ebpf_move(part->code, R4, R1);
	ebpf_load(part->code, 8, R1, EBPF_STATE, EBPF_NUMBER(part->index, key));
	ebpf_set(part->code, R2, part->generator->root);
	ebpf_set(part->code, R3, part->generator->count);
	here = ebpf_here(part->code);
	buffer_put(&part->calls->places, &here, sizeof(here));
	ebpf_put(part->code, BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, 0);
}

static void look_up(const struct part *part)
{
	ebpf_insist(part->code, BPF_JLT, R1, part->generator->count, R2);
	ebpf_alu_value(part->code, BPF_LSH, R1, 3, R2);
	ebpf_address(part->code, R2, part->table);
	ebpf_alu(part->code, BPF_ADD, R2, R1);
	ebpf_load(part->code, 8, R0, R2, 0);
}

/* From the place in register 1 to the number in register 0. */
static void evaluate(const struct part *part)
{
	const struct patch_generator *g = part->generator;

	switch (g->source) {
	case PATCH_COUNT:
		ebpf_move(part->code, R0, R1);
		if (g->step != 1)
			ebpf_alu_value(part->code, BPF_MUL, R0, g->step, R2);
		break;
	case PATCH_RANDOM:
		ebpf_move(part->code, R0, R1);
		mix(part->code);
		scale(part->code, g->count);
		break;
	case PATCH_SHUFFLE:
		call_permute(part);
		break;
	case PATCH_TABLE:
		look_up(part);
		return;
	case PATCH_CLOCK: /* has no place: see put_clock */
		return;
	}
	if (g->first)
		ebpf_alu_value(part->code, BPF_ADD, R0, g->first, R2);
}

/* Back to place 0, and on to the next round; register 1 is the place. */
static void wrap(const struct part *part)
{
	struct buffer *code = part->code;

	if (part->generator->source == PATCH_SHUFFLE) {
		ebpf_load(code, 8, R0, EBPF_STATE, EBPF_NUMBER(part->index, round));
		ebpf_alu_value(code, BPF_ADD, R0, 1, R2);
		ebpf_store(code, 8, EBPF_STATE, EBPF_NUMBER(part->index, round), R0);
		derive(code, part->generator->key);
		ebpf_store(code, 8, EBPF_STATE, EBPF_NUMBER(part->index, key), R0);
	}
	ebpf_set(code, R1, 0);
}

static void step(const struct part *part)
{
	const struct patch_generator *g = part->generator;
	struct buffer *code = part->code;
	int16_t place = EBPF_NUMBER(part->index, place);

	ebpf_load(code, 8, R1, EBPF_STATE, place);
	if (g->source == PATCH_RANDOM) {
		ebpf_alu_value(code, BPF_ADD, R1, RANDOM_STEP, R2);
	} else {
		ebpf_alu_value(code, BPF_ADD, R1, 1, R2);
		if (g->count) {
			ebpf_at within = ebpf_jump_value(code, BPF_JNE, R1, g->count, R2);

			wrap(part);
			ebpf_land(code, within);
		}
	}
	ebpf_store(code, 8, EBPF_STATE, place, R1);
}

/* The time, or of frames that share one the first's. */
static void put_clock(const struct part *part)
{
	struct buffer *code = part->code;
	int16_t still = EBPF_NUMBER(part->index, still);
	bool shares = part->generator->divisor > 1;
	ebpf_at stays = 0, within;

	if (shares) {
		ebpf_load(code, 8, R0, EBPF_STATE, still);
		stays = ebpf_jump_value(code, BPF_JNE, R0, 0, R2);
	}
	ebpf_call(code, BPF_FUNC_ktime_get_ns);
	ebpf_address(code, R1, 0);
	ebpf_load(code, 8, R1, R1, offsetof(struct ebpf_head, ahead));
	ebpf_alu(code, BPF_ADD, R0, R1);
	ebpf_store(code, 8, EBPF_STATE, EBPF_NUMBER(part->index, value), R0);
	if (!shares)
		return;
	ebpf_set(code, R0, 0);
	ebpf_land(code, stays);
	ebpf_alu_value(code, BPF_ADD, R0, 1, R2);
	within = ebpf_jump_value(code, BPF_JLT, R0, part->generator->divisor, R2);
	ebpf_set(code, R0, 0);
	ebpf_land(code, within);
	ebpf_store(code, 8, EBPF_STATE, still, R0);
}

void ebpf_number(struct buffer *code, const struct patch_generator *generator, unsigned int index,
	size_t table, struct ebpf_calls *calls)
{
	const struct part part = { code, generator, index, table, calls };
	int16_t still = EBPF_NUMBER(index, still);
	ebpf_at stays;

	if (generator->source == PATCH_CLOCK) {
		put_clock(&part);
		return;
	}
	ebpf_load(code, 8, R1, EBPF_STATE, EBPF_NUMBER(index, place));
	evaluate(&part);
	ebpf_store(code, 8, EBPF_STATE, EBPF_NUMBER(index, value), R0);
	if (generator->divisor <= 1) {
		step(&part);
		return;
	}
	ebpf_load(code, 8, R0, EBPF_STATE, still);
	ebpf_alu_value(code, BPF_ADD, R0, 1, R2);
	stays = ebpf_jump_value(code, BPF_JLT, R0, generator->divisor, R2);
	step(&part);
	ebpf_set(code, R0, 0);
	ebpf_land(code, stays);
	ebpf_store(code, 8, EBPF_STATE, still, R0);
}

void ebpf_number_seek(
	const struct patch_generator *generator, uint64_t turn, struct ebpf_number *ret)
{
	struct patch_cursor cursor;

	patch_generator_seek(generator, turn, &cursor);
	*ret = (struct ebpf_number){ .value = cursor.value,
		.place = cursor.place,
		.round = cursor.round,
		.still = cursor.still };
	if (generator->source == PATCH_RANDOM)
		ret->place = generator->key + (cursor.turn + 1) * RANDOM_STEP;
	if (generator->source == PATCH_SHUFFLE)
		ret->key = random_derive(generator->key, cursor.round);
}

/* ---- the permutation: functions of their own, as it is long ---- */

static ebpf_at put_call(struct buffer *code)
{
	ebpf_put(code, BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, 0);
	return ebpf_here(code) - 1;
}

/* Where a call leads, or the address of a function. */
static void lead(struct buffer *code, ebpf_at from, ebpf_at to)
{
	struct bpf_insn *insn = (struct bpf_insn *)(void *)code->data + from;

	insn->imm = (int32_t)((int64_t)to - (int64_t)from - 1);
}

/* network(key, root, index) of random.c. */
static void put_network(struct buffer *code)
{
	const int key = BPF_REG_6, root = BPF_REG_7, left = BPF_REG_8, right = BPF_REG_9;

	ebpf_move(code, key, R1);
	ebpf_move(code, root, R2);
	ebpf_move(code, left, R3);
	ebpf_alu(code, BPF_DIV, left, root);
	ebpf_move(code, right, R3);
	ebpf_alu(code, BPF_MOD, right, root);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		ebpf_move(code, R0, right);
		ebpf_alu_value(code, BPF_ADD, R0, 1, R2);
		ebpf_alu_value(code, BPF_MUL, R0, RANDOM_STEP, R2);
		ebpf_alu(code, BPF_ADD, R0, key);
		if (round)
			ebpf_alu_value(code, BPF_ADD, R0, round, R2);
		mix(code);
		/* The root is 2^32 at most, where both forms of random_scale come to this. */
		ebpf_alu_value(code, BPF_RSH, R0, 32, R2);
		ebpf_alu(code, BPF_MUL, R0, root);
		ebpf_alu_value(code, BPF_RSH, R0, 32, R2);
		ebpf_alu(code, BPF_ADD, R0, left);
		ebpf_move(code, left, right);
		/* Less the root, unless it is smaller: without a branch, of which the verifier
		 * would follow each way. */
		ebpf_alu(code, BPF_SUB, R0, root);
		ebpf_move(code, R1, R0);
		ebpf_alu_value(code, BPF_ARSH, R1, 63, R2);
		ebpf_alu(code, BPF_AND, R1, root);
		ebpf_move(code, right, R0);
		ebpf_alu(code, BPF_ADD, right, R1);
	}
	ebpf_move(code, R0, left);
	ebpf_alu(code, BPF_MUL, R0, root);
	ebpf_alu(code, BPF_ADD, R0, right);
	ebpf_exit(code);
}

#define WALK(member) ((int16_t)offsetof(struct ebpf_head, walk.member))

/* A step of bpf_loop: walk(number, NULL). Returns 1 where the index is below the count. */
static ebpf_at put_walk(struct buffer *code)
{
	ebpf_at call, within;

	ebpf_address(code, BPF_REG_6, 0);
	ebpf_load(code, 8, R1, BPF_REG_6, WALK(key));
	ebpf_load(code, 8, R2, BPF_REG_6, WALK(root));
	ebpf_load(code, 8, R3, BPF_REG_6, WALK(index));
	call = put_call(code);
	ebpf_store(code, 8, BPF_REG_6, WALK(index), R0);
	ebpf_load(code, 8, R1, BPF_REG_6, WALK(count));
	ebpf_move(code, R2, R0);
	ebpf_set(code, R0, 1);
	within = ebpf_jump(code, BPF_JLT, R2, R1);
	ebpf_set(code, R0, 0);
	ebpf_land(code, within);
	ebpf_exit(code);
	return call;
}

/* permute(key, root, count, index) of random.c. Returns where it takes the address of walk. */
static ebpf_at put_permute(struct buffer *code, ebpf_at *ret_call)
{
	ebpf_at all, within, walk;

	ebpf_address(code, BPF_REG_7, 0);
	ebpf_store(code, 8, BPF_REG_7, WALK(key), R1);
	ebpf_store(code, 8, BPF_REG_7, WALK(root), R2);
	ebpf_store(code, 8, BPF_REG_7, WALK(count), R3);
	ebpf_move(code, BPF_REG_6, R3);
	ebpf_move(code, R3, R4);
	*ret_call = put_call(code);
	all = ebpf_jump_value(code, BPF_JEQ, BPF_REG_6, 0, R1); /* 2^64: none is outside */
	within = ebpf_jump(code, BPF_JLT, R0, BPF_REG_6);
	ebpf_store(code, 8, BPF_REG_7, WALK(index), R0);
	ebpf_set(code, R1, LOOPS);
	walk = ebpf_here(code);
	ebpf_put(code, BPF_LD | BPF_DW | BPF_IMM, R2, BPF_PSEUDO_FUNC, 0, 0);
	ebpf_put(code, 0, 0, 0, 0, 0);
	ebpf_set(code, R3, 0);
	ebpf_set(code, R4, 0);
	ebpf_call(code, BPF_FUNC_loop);
	ebpf_load(code, 8, R0, BPF_REG_7, WALK(index));
	ebpf_land(code, all);
	ebpf_land(code, within);
	ebpf_exit(code);
	return walk;
}

unsigned int ebpf_functions(
	struct buffer *code, const struct ebpf_calls *calls, uint32_t ret[EBPF_FUNCTIONS])
{
	size_t count = calls->places.length / sizeof(ebpf_at);
	ebpf_at network, walk, walk_calls, permute, permute_calls, takes;

	if (!count)
		return 0;
	network = ebpf_here(code);
	put_network(code);
	walk = ebpf_here(code);
	walk_calls = put_walk(code);
	permute = ebpf_here(code);
	takes = put_permute(code, &permute_calls);
	lead(code, walk_calls, network);
	lead(code, permute_calls, network);
	lead(code, takes, walk);
	for (size_t i = 0; i < count; i++) {
		ebpf_at from;

		memcpy(&from, calls->places.data + i * sizeof(from), sizeof(from));
		lead(code, from, permute);
	}
	ret[0] = (uint32_t)network;
	ret[1] = (uint32_t)walk;
	ret[2] = (uint32_t)permute;
	return EBPF_FUNCTIONS;
}
