/* The answer, made where the request stood: what is taken from it goes to the stack first. */
#include "respond/ebpf_emitter.h"

#include <endian.h>
#include <string.h>

/* ---- what is taken from the request, to the stack ---- */

static unsigned int piece_of(unsigned int left)
{
	return left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

static void put_hash(struct emitter *e, const struct respond_hash *hash)
{
	ebpf_set(e->code, R0, hash->key);
	for (unsigned int i = 0; i < hash->count; i++) {
		emit_word_get(e, &hash->pieces[i], R1);
		ebpf_alu(e->code, BPF_XOR, R0, R1);
		ebpf_alu_value(e->code, BPF_MUL, R0, SPEC_HASH_FACTOR, R2);
		ebpf_move(e->code, R1, R0);
		ebpf_alu_value(e->code, BPF_RSH, R1, 32, R2);
		ebpf_alu(e->code, BPF_XOR, R0, R1);
	}
}

unsigned int emit_saved(struct emitter *e)
{
	const struct respond_program *program = e->program;
	unsigned int slot = 0;

	for (unsigned int i = 0; i < program->copy_count; i++) {
		const struct respond_copy *copy = &program->copies[i];

		for (unsigned int at = 0; at < copy->count;) {
			unsigned int size = piece_of(copy->count - at);

			ebpf_load(e->code, size, R0, DATA, (int16_t)(copy->from + at));
			ebpf_store(e->code, 8, STACK, emit_slot(slot++), R0);
			at += size;
		}
	}
	for (unsigned int i = 0; i < program->number_count; i++) {
		emit_word_get(e, &program->numbers[i].from, R0);
		if (program->numbers[i].plus)
			ebpf_alu_value(e->code, BPF_ADD, R0, program->numbers[i].plus, R1);
		ebpf_store(e->code, 8, STACK, emit_slot(slot++), R0);
	}
	for (unsigned int i = 0; i < program->hash_count; i++) {
		put_hash(e, &program->hashes[i]);
		ebpf_store(e->code, 8, STACK, emit_slot(slot++), R0);
	}
	return slot;
}

/* ---- the answer ---- */

void emit_length(struct emitter *e)
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
	jumps_add(&e->pass, ebpf_jump_value(e->code, BPF_JNE, R0, 0, R1));
	ebpf_land(e->code, same);
	emit_pointers(e, program->echo ? program->length : fixed, &e->pass);
}

void emit_constants(struct emitter *e)
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

void emit_values(struct emitter *e)
{
	const struct respond_program *program = e->program;
	unsigned int slot = 0;

	for (unsigned int i = 0; i < program->copy_count; i++) {
		const struct respond_copy *copy = &program->copies[i];

		for (unsigned int at = 0; at < copy->count;) {
			unsigned int size = piece_of(copy->count - at);

			ebpf_load(e->code, 8, R0, STACK, emit_slot(slot++));
			ebpf_store(e->code, size, DATA, (int16_t)(copy->to + at), R0);
			at += size;
		}
	}
	for (unsigned int i = 0; i < program->number_count; i++) {
		ebpf_load(e->code, 8, R0, STACK, emit_slot(slot++));
		emit_word_put(e, &program->numbers[i].to);
	}
	for (unsigned int i = 0; i < program->hash_count; i++) {
		ebpf_load(e->code, 8, R0, STACK, emit_slot(slot++));
		emit_word_put(e, &program->hashes[i].to);
	}
	for (unsigned int i = 0; i < program->length_count; i++) {
		ebpf_move(e->code, R0, END);
		ebpf_alu_value(e->code, BPF_SUB, R0, program->length, R1);
		ebpf_alu_value(e->code, BPF_ADD, R0, program->lengths[i].base, R1);
		emit_word_put(e, &program->lengths[i].word);
	}
}

void emit_padding(struct emitter *e)
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
	jumps_add(&e->pass, ebpf_jump(e->code, BPF_JGT, R1, LIMIT));
	ebpf_set(e->code, R0, 0);
	for (uint32_t at = program->length; at < RESPOND_FRAME_MIN; at++) {
		ebpf_at taken = ebpf_jump_value(e->code, BPF_JGT, END, at, R1);

		ebpf_store(e->code, 1, DATA, (int16_t)at, R0);
		ebpf_land(e->code, taken);
	}
	ebpf_land(e->code, whole);
}

void emit_sum(struct emitter *e, const struct respond_sum *sum)
{
	ebpf_at zero;

	ebpf_set(e->code, R0, 0);
	ebpf_store(e->code, 2, DATA, (int16_t)sum->offset, R0);
	emit_pseudo(e, sum);
	emit_add_covered(e, sum, e->program->length);
	emit_fold(e);
	ebpf_alu_value(e->code, BPF_XOR, R0, 0xffff, R1);
	if (sum->udp) {
		zero = ebpf_jump_value(e->code, BPF_JNE, R0, 0, R1);
		ebpf_set(e->code, R0, 0xffff);
		ebpf_land(e->code, zero);
	}
	ebpf_store(e->code, 2, DATA, (int16_t)sum->offset, R0);
}

static void add_left(struct emitter *e, uint64_t number)
{
	ebpf_address(e->code, R1, e->left);
	ebpf_set(e->code, R2, number);
	ebpf_put(e->code, BPF_STX | BPF_DW | BPF_ATOMIC, R1, R2, 0, BPF_ADD | BPF_FETCH);
}

void emit_take(struct emitter *e)
{
	if (!e->left)
		return;
	add_left(e, UINT64_MAX);
	jumps_add(&e->pass, ebpf_jump_value(e->code, BPF_JSLE, R2, 0, R1));
}

void emit_give_back(struct emitter *e)
{
	if (e->left)
		add_left(e, 1);
}

void emit_end(struct emitter *e, unsigned int rule)
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
