/* What a request must be to fit a rule, as instructions. */
#include "respond/ebpf_emitter.h"

void emit_pointers(struct emitter *e, uint32_t reach, struct jumps *jumps)
{
	ebpf_load(e->code, 4, DATA, CONTEXT, offsetof(struct xdp_md, data));
	ebpf_load(e->code, 4, LIMIT, CONTEXT, offsetof(struct xdp_md, data_end));
	ebpf_move(e->code, R1, DATA);
	ebpf_alu_value(e->code, BPF_ADD, R1, reach, R2);
	jumps_add(jumps, ebpf_jump(e->code, BPF_JGT, R1, LIMIT));
}

void emit_checks(struct emitter *e)
{
	const struct respond_program *program = e->program;

	for (unsigned int i = 0; i < program->check_count; i++) {
		const struct respond_check *check = &program->checks[i];
		struct jumps *jumps = check->unsure ? &e->pass : &e->next;

		emit_word_get(e, &check->word, R0);
		if (check->low == check->high) {
			jumps_add(jumps,
				ebpf_jump_value(e->code, BPF_JNE, R0, check->low, BPF_REG_5));
			continue;
		}
		if (check->low)
			jumps_add(jumps,
				ebpf_jump_value(e->code, BPF_JLT, R0, check->low, BPF_REG_5));
		if (check->high < check->word.mask)
			jumps_add(jumps,
				ebpf_jump_value(e->code, BPF_JGT, R0, check->high, BPF_REG_5));
	}
	for (unsigned int i = 0; i < program->same_count; i++) {
		const struct respond_same *same = &program->sames[i];

		emit_word_get(e, &same->first, R0);
		emit_word_get(e, &same->second, R1);
		if (same->plus)
			ebpf_alu_value(e->code, BPF_ADD, R0, same->plus, BPF_REG_5);
		if (same->second.mask != UINT64_MAX)
			ebpf_alu_value(e->code, BPF_AND, R0, same->second.mask, BPF_REG_5);
		jumps_add(&e->next, ebpf_jump(e->code, BPF_JNE, R0, R1));
	}
}

void emit_bounds(struct emitter *e)
{
	const struct respond_program *program = e->program;

	ebpf_load(e->code, 8, END, STACK, SLOT_LENGTH);
	for (unsigned int i = 0; i < program->bound_count; i++) {
		emit_word_get(e, &program->bounds[i].word, R0);
		ebpf_alu_value(e->code, BPF_ADD, R0, program->bounds[i].base, BPF_REG_5);
		if (i) {
			jumps_add(&e->pass, ebpf_jump(e->code, BPF_JNE, R0, END));
			continue;
		}
		jumps_add(&e->pass, ebpf_jump(e->code, BPF_JGT, R0, END));
		ebpf_move(e->code, END, R0);
	}
	jumps_add(&e->pass, ebpf_jump_value(e->code, BPF_JLT, END, program->need, BPF_REG_5));
	jumps_add(
		&e->pass, ebpf_jump_value(e->code, BPF_JGT, END, RESPOND_EBPF_LONGEST, BPF_REG_5));
	for (unsigned int i = 0; i < program->tail_count; i++) {
		const struct respond_tail *tail = &program->tails[i];

		emit_word_get(e, &tail->word, R0);
		ebpf_alu_value(e->code, BPF_MUL, R0, tail->unit, BPF_REG_5);
		ebpf_alu_value(e->code, BPF_ADD, R0, tail->base, BPF_REG_5);
		jumps_add(&e->pass, ebpf_jump_value(e->code, BPF_JLT, R0, tail->least, BPF_REG_5));
		jumps_add(&e->pass, ebpf_jump(e->code, BPF_JGT, R0, END));
	}
}
