/* Sums: of words in the host's order, which makes no difference until they are stored. */
#include "respond/ebpf_emitter.h"

#include <arpa/inet.h>
#include <endian.h>

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

void emit_fold(struct emitter *e)
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

void emit_pseudo(struct emitter *e, const struct respond_sum *sum)
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

void emit_add_covered(struct emitter *e, const struct respond_sum *sum, uint32_t fixed)
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
	jumps_add(&e->pass, ebpf_jump(e->code, BPF_JGT, R1, LIMIT));
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

void emit_payload_sum(struct emitter *e)
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
	emit_pointers(e, e->program->need, &e->pass);
}

void emit_verified(struct emitter *e, const struct respond_sum *sum)
{
	ebpf_at absent = 0, offloaded = 0, right;

	emit_pseudo(e, sum);
	ebpf_store(e->code, 8, STACK, SLOT_PSEUDO, R0);
	ebpf_load(e->code, 2, R3, DATA, (int16_t)sum->offset);
	if (sum->udp)
		absent = ebpf_jump_value(e->code, BPF_JEQ, R3, 0, R4);
	if (sum->pseudo) {
		emit_fold(e);
		offloaded = ebpf_jump(e->code, BPF_JEQ, R0, R3);
		ebpf_load(e->code, 8, R0, STACK, SLOT_PSEUDO);
	}
	emit_add_covered(e, sum, e->program->need);
	emit_fold(e);
	right = ebpf_jump_value(e->code, BPF_JEQ, R0, 0xffff, R4);
	jumps_add(&e->pass, ebpf_jump_always(e->code));
	ebpf_land(e->code, right);
	if (sum->udp)
		ebpf_land(e->code, absent);
	if (sum->pseudo)
		ebpf_land(e->code, offloaded);
}
