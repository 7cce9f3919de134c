/* Compiled rules as eBPF instructions. */
#include "respond/ebpf.h"

#include "patch/ebpf_code.h"

#include <arpa/inet.h>
#include <endian.h>
#include <string.h>

#define R0 BPF_REG_0
#define R1 BPF_REG_1
#define R2 BPF_REG_2
#define R3 BPF_REG_3
#define R4 BPF_REG_4

/* Registers that hold throughout; 0 to 5 are anybody's. */
#define CONTEXT BPF_REG_6
#define END	BPF_REG_7 /* where the frame ends but for padding */
#define DATA	BPF_REG_8 /* the frame's octets, */
#define LIMIT	BPF_REG_9 /* and their end */
#define STACK	BPF_REG_10

/* What stands on the stack, below register 10. */
#define SLOT_LENGTH  (-8)  /* the frame's */
#define SLOT_PAYLOAD (-16) /* the sum of its payload */
#define SLOT_PSEUDO  (-24)
#define SLOT_SAVED   (-32) /* what is copied, downwards */
#define SAVED_MAX    56U

#define ETH_LENGTH 14
#define JUMPS_MAX  512U

/* Jumps that lead to one place. */
struct jumps {
	ebpf_at from[JUMPS_MAX];
	unsigned int count;
};

struct emitter {
	struct buffer *code;
	const struct respond_program *program;
	unsigned int redirect;
	struct jumps next; /* the next rule */
	struct jumps pass; /* the frame goes on */
};

static void jump_to(struct jumps *jumps, ebpf_at from)
{
	if (jumps->count < JUMPS_MAX)
		jumps->from[jumps->count] = from;
	jumps->count++;
}

static void land(struct buffer *code, struct jumps *jumps)
{
	for (unsigned int i = 0; i < jumps->count && i < JUMPS_MAX; i++)
		ebpf_land(code, jumps->from[i]);
	jumps->count = 0;
}

static int16_t slot_at(unsigned int index)
{
	return (int16_t)(SLOT_SAVED - 8 * (int)index);
}

/* ---- numbers ---- */

/* dst becomes the number. Uses register 5. */
static void get_word(struct emitter *e, const struct respond_word *word, int dst)
{
	ebpf_load(e->code, word->octets, dst, DATA, (int16_t)word->offset);
	ebpf_to_wire(e->code, word->octets, dst);
	if (word->shift)
		ebpf_alu_value(e->code, BPF_RSH, dst, word->shift, BPF_REG_5);
	if (word->mask != UINT64_MAX)
		ebpf_alu_value(e->code, BPF_AND, dst, word->mask, BPF_REG_5);
}

/* The number in register 0 goes into the word; what is around it stays. Registers 0 to 5. */
static void put_word(struct emitter *e, const struct respond_word *word)
{
	if (word->mask != UINT64_MAX)
		ebpf_alu_value(e->code, BPF_AND, R0, word->mask, BPF_REG_5);
	if (word->shift)
		ebpf_alu_value(e->code, BPF_LSH, R0, word->shift, BPF_REG_5);
	ebpf_load(e->code, word->octets, R1, DATA, (int16_t)word->offset);
	ebpf_to_wire(e->code, word->octets, R1);
	ebpf_alu_value(e->code, BPF_AND, R1, ~(word->mask << word->shift), BPF_REG_5);
	ebpf_alu(e->code, BPF_OR, R1, R0);
	ebpf_to_wire(e->code, word->octets, R1);
	ebpf_store(e->code, word->octets, DATA, (int16_t)word->offset, R1);
}

/* ---- the request ---- */

/* DATA and LIMIT, of which so many octets may be touched; else at `jumps`. */
static void put_pointers(struct emitter *e, uint32_t reach, struct jumps *jumps)
{
	ebpf_load(e->code, 4, DATA, CONTEXT, offsetof(struct xdp_md, data));
	ebpf_load(e->code, 4, LIMIT, CONTEXT, offsetof(struct xdp_md, data_end));
	ebpf_move(e->code, R1, DATA);
	ebpf_alu_value(e->code, BPF_ADD, R1, reach, R2);
	jump_to(jumps, ebpf_jump(e->code, BPF_JGT, R1, LIMIT));
}

static void put_checks(struct emitter *e)
{
	const struct respond_program *program = e->program;

	for (unsigned int i = 0; i < program->check_count; i++) {
		const struct respond_check *check = &program->checks[i];
		struct jumps *jumps = check->unsure ? &e->pass : &e->next;

		get_word(e, &check->word, R0);
		if (check->low == check->high) {
			jump_to(jumps,
				ebpf_jump_value(e->code, BPF_JNE, R0, check->low, BPF_REG_5));
			continue;
		}
		if (check->low)
			jump_to(jumps,
				ebpf_jump_value(e->code, BPF_JLT, R0, check->low, BPF_REG_5));
		if (check->high < check->word.mask)
			jump_to(jumps,
				ebpf_jump_value(e->code, BPF_JGT, R0, check->high, BPF_REG_5));
	}
	for (unsigned int i = 0; i < program->same_count; i++) {
		const struct respond_same *same = &program->sames[i];

		get_word(e, &same->first, R0);
		get_word(e, &same->second, R1);
		if (same->plus)
			ebpf_alu_value(e->code, BPF_ADD, R0, same->plus, BPF_REG_5);
		if (same->second.mask != UINT64_MAX)
			ebpf_alu_value(e->code, BPF_AND, R0, same->second.mask, BPF_REG_5);
		jump_to(&e->next, ebpf_jump(e->code, BPF_JNE, R0, R1));
	}
}

/* END, as bounds_hold of run.c. */
static void put_bounds(struct emitter *e)
{
	const struct respond_program *program = e->program;

	ebpf_load(e->code, 8, END, STACK, SLOT_LENGTH);
	for (unsigned int i = 0; i < program->bound_count; i++) {
		get_word(e, &program->bounds[i].word, R0);
		ebpf_alu_value(e->code, BPF_ADD, R0, program->bounds[i].base, BPF_REG_5);
		if (i) {
			jump_to(&e->pass, ebpf_jump(e->code, BPF_JNE, R0, END));
			continue;
		}
		jump_to(&e->pass, ebpf_jump(e->code, BPF_JGT, R0, END));
		ebpf_move(e->code, END, R0);
	}
	jump_to(&e->pass, ebpf_jump_value(e->code, BPF_JLT, END, program->need, BPF_REG_5));
	jump_to(&e->pass, ebpf_jump_value(e->code, BPF_JGT, END, RESPOND_EBPF_LONGEST, BPF_REG_5));
	for (unsigned int i = 0; i < program->tail_count; i++) {
		const struct respond_tail *tail = &program->tails[i];

		get_word(e, &tail->word, R0);
		ebpf_alu_value(e->code, BPF_MUL, R0, tail->unit, BPF_REG_5);
		ebpf_alu_value(e->code, BPF_ADD, R0, tail->base, BPF_REG_5);
		jump_to(&e->pass, ebpf_jump_value(e->code, BPF_JLT, R0, tail->least, BPF_REG_5));
		jump_to(&e->pass, ebpf_jump(e->code, BPF_JGT, R0, END));
	}
}

/* ---- sums: of words in the host's order, which makes no difference until they are stored ---- */

/* Adds octets that stand at fixed places to register 0. Register 1. */
static void add_octets(struct emitter *e, uint32_t start, uint32_t end)
{
	while (start < end) {
		uint32_t left = end - start;
		unsigned int size = left >= 4 ? 4 : left >= 2 ? 2 : 1;

		ebpf_load(e->code, size, R1, DATA, (int16_t)start);
		if (size == 1 && BYTE_ORDER == BIG_ENDIAN)
			ebpf_alu_value(e->code, BPF_LSH, R1, 8, R2);
		ebpf_alu(e->code, BPF_ADD, R0, R1);
		start += size;
	}
}

/* Register 0 to 16 bits. Register 1. */
static void fold(struct emitter *e)
{
	ebpf_move(e->code, R1, R0);
	ebpf_alu_value(e->code, BPF_RSH, R1, 32, R2);
	ebpf_low(e->code, R0, R0);
	ebpf_alu(e->code, BPF_ADD, R0, R1);
	for (int i = 0; i < 3; i++) {
		ebpf_move(e->code, R1, R0);
		ebpf_alu_value(e->code, BPF_RSH, R1, 16, R2);
		ebpf_alu_value(e->code, BPF_AND, R0, 0xffff, R2);
		ebpf_alu(e->code, BPF_ADD, R0, R1);
	}
}

/* Register 0 becomes the sum of the pseudo header: of so many octets as are fixed, or to END. */
static void put_pseudo(struct emitter *e, const struct respond_sum *sum)
{
	ebpf_set(e->code, R0, sum->pseudo ? htons(sum->protocol) : 0);
	if (!sum->pseudo)
		return;
	add_octets(e, sum->src, sum->src + sum->address_length);
	add_octets(e, sum->dst, sum->dst + sum->address_length);
	if (sum->open) {
		ebpf_move(e->code, R1, END);
		ebpf_alu_value(e->code, BPF_SUB, R1, sum->start, R2);
		ebpf_to_wire(e->code, 2, R1);
	} else {
		ebpf_set(e->code, R1, htons((uint16_t)(sum->end - sum->start)));
	}
	ebpf_alu(e->code, BPF_ADD, R0, R1);
}

/* Adds what the sum covers to register 0; what is not fixed of it stands on the stack. */
static void add_covered(struct emitter *e, const struct respond_sum *sum, uint32_t fixed)
{
	add_octets(e, sum->start, sum->open ? fixed : sum->end);
	if (!sum->open)
		return;
	ebpf_load(e->code, 8, R1, STACK, SLOT_PAYLOAD);
	ebpf_alu(e->code, BPF_ADD, R0, R1);
}

static bool has_open_sum(const struct respond_program *program)
{
	for (unsigned int i = 0; i < program->sum_count; i++)
		if (program->verified[i].open)
			return true;
	return program->echo && program->answer_sum_count;
}

/* The next `size` octets at register 2 to the sum in register 0; at `jumps` where there are none.
 */
static void add_next(struct emitter *e, unsigned int size)
{
	ebpf_move(e->code, R1, R2);
	ebpf_alu_value(e->code, BPF_ADD, R1, size, R4);
	jump_to(&e->pass, ebpf_jump(e->code, BPF_JGT, R1, LIMIT));
	if (size == 8) {
		ebpf_load(e->code, 4, R4, R2, 0);
		ebpf_alu(e->code, BPF_ADD, R0, R4);
		ebpf_load(e->code, 4, R4, R2, 4);
	} else {
		ebpf_load(e->code, size, R4, R2, 0);
		if (size == 1 && BYTE_ORDER == BIG_ENDIAN)
			ebpf_alu_value(e->code, BPF_LSH, R4, 8, BPF_REG_5);
	}
	ebpf_alu(e->code, BPF_ADD, R0, R4);
	ebpf_move(e->code, R2, R1);
}

/* The sum of the octets from `need` to END, to the stack. */
static void put_payload_sum(struct emitter *e)
{
	ebpf_at loop, done, back;

	if (!has_open_sum(e->program))
		return;
	ebpf_set(e->code, R0, 0);
	ebpf_move(e->code, R2, DATA);
	ebpf_alu_value(e->code, BPF_ADD, R2, e->program->need, R1);
	ebpf_move(e->code, R3, END);
	ebpf_alu_value(e->code, BPF_SUB, R3, e->program->need, R1);
	loop = ebpf_here(e->code);
	done = ebpf_jump_value(e->code, BPF_JLT, R3, 8, R1);
	add_next(e, 8);
	ebpf_alu_value(e->code, BPF_SUB, R3, 8, R1);
	back = ebpf_here(e->code);
	ebpf_put(e->code, BPF_JMP | BPF_JA, 0, 0, (int16_t)((int)loop - (int)back - 1), 0);
	ebpf_land(e->code, done);
	for (unsigned int size = 4; size; size /= 2) {
		ebpf_at less;

		ebpf_move(e->code, R1, R3);
		ebpf_alu_value(e->code, BPF_AND, R1, size, R4);
		less = ebpf_jump_value(e->code, BPF_JEQ, R1, 0, R4);
		add_next(e, size);
		ebpf_land(e->code, less);
	}
	ebpf_store(e->code, 8, STACK, SLOT_PAYLOAD, R0);
	/* Anew, as the verifier knows of these how far the loop looked: each length of a payload
	 * would be another case to it from here on. */
	put_pointers(e, e->program->need, &e->pass);
}

/* As sum_is_right of run.c. */
static void put_verified(struct emitter *e, const struct respond_sum *sum)
{
	ebpf_at absent = 0, offloaded = 0, right;

	put_pseudo(e, sum);
	ebpf_store(e->code, 8, STACK, SLOT_PSEUDO, R0);
	ebpf_load(e->code, 2, R3, DATA, (int16_t)sum->offset);
	if (sum->udp)
		absent = ebpf_jump_value(e->code, BPF_JEQ, R3, 0, R4);
	if (sum->pseudo) {
		fold(e);
		offloaded = ebpf_jump(e->code, BPF_JEQ, R0, R3);
		ebpf_load(e->code, 8, R0, STACK, SLOT_PSEUDO);
	}
	add_covered(e, sum, e->program->need);
	fold(e);
	right = ebpf_jump_value(e->code, BPF_JEQ, R0, 0xffff, R4);
	jump_to(&e->pass, ebpf_jump_always(e->code));
	ebpf_land(e->code, right);
	if (sum->udp)
		ebpf_land(e->code, absent);
	if (sum->pseudo)
		ebpf_land(e->code, offloaded);
}

/* ---- what is taken from the request, to the stack ---- */

static unsigned int piece_of(unsigned int left)
{
	return left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

static void put_hash(struct emitter *e, const struct respond_hash *hash)
{
	ebpf_set(e->code, R0, hash->key);
	for (unsigned int i = 0; i < hash->count; i++) {
		get_word(e, &hash->pieces[i], R1);
		ebpf_alu(e->code, BPF_XOR, R0, R1);
		ebpf_alu_value(e->code, BPF_MUL, R0, SPEC_HASH_FACTOR, R2);
		ebpf_move(e->code, R1, R0);
		ebpf_alu_value(e->code, BPF_RSH, R1, 32, R2);
		ebpf_alu(e->code, BPF_XOR, R0, R1);
	}
}

static unsigned int put_saved(struct emitter *e)
{
	const struct respond_program *program = e->program;
	unsigned int slot = 0;

	for (unsigned int i = 0; i < program->copy_count; i++) {
		const struct respond_copy *copy = &program->copies[i];

		for (unsigned int at = 0; at < copy->count;) {
			unsigned int size = piece_of(copy->count - at);

			ebpf_load(e->code, size, R0, DATA, (int16_t)(copy->from + at));
			ebpf_store(e->code, 8, STACK, slot_at(slot++), R0);
			at += size;
		}
	}
	for (unsigned int i = 0; i < program->number_count; i++) {
		get_word(e, &program->numbers[i].from, R0);
		if (program->numbers[i].plus)
			ebpf_alu_value(e->code, BPF_ADD, R0, program->numbers[i].plus, R1);
		ebpf_store(e->code, 8, STACK, slot_at(slot++), R0);
	}
	for (unsigned int i = 0; i < program->hash_count; i++) {
		put_hash(e, &program->hashes[i]);
		ebpf_store(e->code, 8, STACK, slot_at(slot++), R0);
	}
	return slot;
}

/* ---- the answer ---- */

/* The page becomes as long as the answer. */
static void put_length(struct emitter *e)
{
	const struct respond_program *program = e->program;
	uint32_t fixed = program->length;
	ebpf_at same, enough;

	if (program->pad && fixed < RESPOND_FRAME_MIN)
		fixed = RESPOND_FRAME_MIN;
	if (program->echo) {
		ebpf_move(e->code, R2, END);
		enough = ebpf_jump_value(e->code, BPF_JGE, R2, program->pad ? fixed : 0, R1);
		ebpf_set(e->code, R2, fixed);
		ebpf_land(e->code, enough);
	} else {
		ebpf_set(e->code, R2, fixed);
	}
	ebpf_load(e->code, 8, R1, STACK, SLOT_LENGTH);
	ebpf_alu(e->code, BPF_SUB, R2, R1);
	same = ebpf_jump_value(e->code, BPF_JEQ, R2, 0, R1);
	ebpf_move(e->code, R1, CONTEXT);
	ebpf_call(e->code, BPF_FUNC_xdp_adjust_tail);
	jump_to(&e->pass, ebpf_jump_value(e->code, BPF_JNE, R0, 0, R1));
	ebpf_land(e->code, same);
	put_pointers(e, program->echo ? program->length : fixed, &e->pass);
}

static void put_constants(struct emitter *e)
{
	const struct respond_program *program = e->program;

	for (uint32_t at = 0; at < program->length;) {
		unsigned int size = piece_of(program->length - at);
		uint64_t value = 0;

		/* The low octets of a register are what is stored. */
		if (BYTE_ORDER == LITTLE_ENDIAN)
			memcpy(&value, program->image + at, size);
		else
			memcpy((uint8_t *)&value + 8 - size, program->image + at, size);
		ebpf_set(e->code, R0, value);
		ebpf_store(e->code, size, DATA, (int16_t)at, R0);
		at += size;
	}
}

static void put_values(struct emitter *e)
{
	const struct respond_program *program = e->program;
	unsigned int slot = 0;

	for (unsigned int i = 0; i < program->copy_count; i++) {
		const struct respond_copy *copy = &program->copies[i];

		for (unsigned int at = 0; at < copy->count;) {
			unsigned int size = piece_of(copy->count - at);

			ebpf_load(e->code, 8, R0, STACK, slot_at(slot++));
			ebpf_store(e->code, size, DATA, (int16_t)(copy->to + at), R0);
			at += size;
		}
	}
	for (unsigned int i = 0; i < program->number_count; i++) {
		ebpf_load(e->code, 8, R0, STACK, slot_at(slot++));
		put_word(e, &program->numbers[i].to);
	}
	for (unsigned int i = 0; i < program->hash_count; i++) {
		ebpf_load(e->code, 8, R0, STACK, slot_at(slot++));
		put_word(e, &program->hashes[i].to);
	}
	for (unsigned int i = 0; i < program->length_count; i++) {
		ebpf_move(e->code, R0, END);
		ebpf_alu_value(e->code, BPF_SUB, R0, program->length, R1);
		ebpf_alu_value(e->code, BPF_ADD, R0, program->lengths[i].base, R1);
		put_word(e, &program->lengths[i].word);
	}
}

/* Octets of padding, in place of what padded the request. */
static void put_padding(struct emitter *e)
{
	const struct respond_program *program = e->program;
	ebpf_at whole;

	if (!program->pad || program->length >= RESPOND_FRAME_MIN)
		return;
	if (!program->echo) {
		ebpf_set(e->code, R0, 0);
		for (uint32_t at = program->length; at < RESPOND_FRAME_MIN; at++)
			ebpf_store(e->code, 1, DATA, (int16_t)at, R0);
		return;
	}
	whole = ebpf_jump_value(e->code, BPF_JGE, END, RESPOND_FRAME_MIN, R1);
	ebpf_move(e->code, R1, DATA);
	ebpf_alu_value(e->code, BPF_ADD, R1, RESPOND_FRAME_MIN, R2);
	jump_to(&e->pass, ebpf_jump(e->code, BPF_JGT, R1, LIMIT));
	ebpf_set(e->code, R0, 0);
	for (uint32_t at = program->length; at < RESPOND_FRAME_MIN; at++) {
		ebpf_at taken = ebpf_jump_value(e->code, BPF_JGT, END, at, R1);

		ebpf_store(e->code, 1, DATA, (int16_t)at, R0);
		ebpf_land(e->code, taken);
	}
	ebpf_land(e->code, whole);
}

static void put_sum(struct emitter *e, const struct respond_sum *sum)
{
	ebpf_at zero;

	ebpf_set(e->code, R0, 0);
	ebpf_store(e->code, 2, DATA, (int16_t)sum->offset, R0);
	put_pseudo(e, sum);
	add_covered(e, sum, e->program->length);
	fold(e);
	ebpf_alu_value(e->code, BPF_XOR, R0, 0xffff, R1);
	if (sum->udp) {
		zero = ebpf_jump_value(e->code, BPF_JNE, R0, 0, R1);
		ebpf_set(e->code, R0, 0xffff);
		ebpf_land(e->code, zero);
	}
	ebpf_store(e->code, 2, DATA, (int16_t)sum->offset, R0);
}

/* Counts the answer, and sends it. */
static void put_end(struct emitter *e, unsigned int rule)
{
	ebpf_address(e->code, R1, rule * sizeof(uint64_t));
	ebpf_set(e->code, R2, 1);
	ebpf_put(e->code, BPF_STX | BPF_DW | BPF_ATOMIC, R1, R2, 0, BPF_ADD);
	if (e->redirect) {
		ebpf_set(e->code, R1, e->redirect);
		ebpf_set(e->code, R2, 0);
		ebpf_call(e->code, BPF_FUNC_redirect);
	} else {
		ebpf_set(e->code, R0, XDP_TX);
	}
	ebpf_exit(e->code);
}

static void put_rule(struct emitter *e, unsigned int rule)
{
	const struct respond_program *program = e->program;

	put_pointers(e, program->need, &e->next);
	put_checks(e);
	put_bounds(e);
	put_payload_sum(e);
	for (unsigned int i = 0; i < program->sum_count; i++)
		put_verified(e, &program->verified[i]);
	put_saved(e);
	put_length(e);
	put_constants(e);
	put_values(e);
	put_padding(e);
	for (unsigned int i = 0; i < program->answer_sum_count; i++)
		put_sum(e, &program->sums[i]);
	put_end(e, rule);
	land(e->code, &e->next);
}

/* ---- all rules ---- */

/* Frames from a group's MAC, or from those that answers come from, go on. */
static void put_refusals(struct emitter *e, const struct responder *responder)
{
	unsigned int count;
	const uint8_t *macs = responder_macs(responder, &count);

	put_pointers(e, ETH_LENGTH, &e->pass);
	ebpf_load(e->code, 4, R0, DATA, 6);
	ebpf_load(e->code, 2, R1, DATA, 10);
	ebpf_move(e->code, R2, R0);
	ebpf_to_wire(e->code, 4, R2);
	ebpf_alu_value(e->code, BPF_AND, R2, 1U << 24, R3);
	jump_to(&e->pass, ebpf_jump_value(e->code, BPF_JNE, R2, 0, R3));
	for (unsigned int i = 0; i < count; i++) {
		uint32_t first;
		uint16_t last;
		ebpf_at other;

		memcpy(&first, macs + 6 * (size_t)i, sizeof(first));
		memcpy(&last, macs + 6 * (size_t)i + 4, sizeof(last));
		other = ebpf_jump_value(e->code, BPF_JNE, R0, first, R3);
		jump_to(&e->pass, ebpf_jump_value(e->code, BPF_JEQ, R1, last, R3));
		ebpf_land(e->code, other);
	}
}

static unsigned int slots_of(const struct respond_program *program)
{
	unsigned int slots = program->number_count + program->hash_count;

	for (unsigned int i = 0; i < program->copy_count; i++)
		slots += program->copies[i].count / 8U + 3U;
	return slots;
}

/* Why the rule cannot be done so; NULL where it can. */
static const char *why_not(const struct respond_program *program)
{
	if (program->echo && program->length != program->payload)
		return "the payload would have to move";
	if (program->length > RESPOND_EBPF_LONGEST || program->need > RESPOND_EBPF_LONGEST)
		return "it is too long";
	if (slots_of(program) > SAVED_MAX)
		return "it takes too many values";
	for (unsigned int i = 0; i < program->sum_count; i++)
		if (program->verified[i].open && (program->need - program->verified[i].start) % 2)
			return "its payload begins at an odd octet";
	return NULL;
}

unsigned int respond_ebpf(const struct responder *responder, unsigned int rules,
	unsigned int redirect, struct buffer *code, const char **ret_why)
{
	struct emitter e = { .code = code, .redirect = redirect };
	unsigned int count = 0;

	ebpf_move(code, CONTEXT, R1);
	ebpf_call(code, BPF_FUNC_xdp_get_buff_len);
	ebpf_store(code, 8, STACK, SLOT_LENGTH, R0);
	put_refusals(&e, responder);
	for (*ret_why = NULL; count < rules; count++) {
		e.program = responder_program(responder, count, ret_why);
		if (!e.program)
			break;
		*ret_why = why_not(e.program);
		if (*ret_why)
			break;
		put_rule(&e, count);
		if (e.pass.count > JUMPS_MAX - 64) {
			*ret_why = "the rules are too many";
			count++;
			break;
		}
	}
	land(code, &e.pass);
	ebpf_set(code, R0, XDP_PASS);
	ebpf_exit(code);
	return count;
}
