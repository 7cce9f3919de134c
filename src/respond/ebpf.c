/* Compiled rules as eBPF instructions. */
#include "respond/ebpf_emitter.h"

#include <string.h>

/* The answer, once the request is known to be for it. */
static void put_answer(struct emitter *e, unsigned int rule)
{
	const struct respond_program *program = e->program;
	struct jumps passed;

	emit_saved(e);
	emit_take(e);
	passed = e->pass;
	e->pass.count = 0;
	emit_length(e);
	emit_constants(e);
	emit_values(e);
	emit_padding(e);
	for (unsigned int i = 0; i < program->answer_sum_count; i++)
		emit_sum(e, &program->sums[i]);
	emit_end(e, rule);
	/* What goes on from here was no answer. */
	if (e->pass.count) {
		jumps_land(e->code, &e->pass);
		emit_give_back(e);
		jumps_add(&passed, ebpf_jump_always(e->code));
	}
	e->pass = passed;
}

static void put_rule(struct emitter *e, unsigned int rule)
{
	const struct respond_program *program = e->program;

	emit_pointers(e, program->need, &e->next);
	emit_checks(e);
	emit_bounds(e);
	emit_payload_sum(e);
	for (unsigned int i = 0; i < program->sum_count; i++)
		emit_verified(e, &program->verified[i]);
	put_answer(e, rule);
	jumps_land(e->code, &e->next);
}

/* Frames from a group's MAC, or from those that answers come from, go on. */
static void put_refusals(struct emitter *e, const struct responder *responder)
{
	unsigned int count;
	const uint8_t *macs = responder_macs(responder, &count);

	emit_pointers(e, ETH_LENGTH, &e->pass);
	ebpf_load(e->code, 4, R0, DATA, 6);
	ebpf_load(e->code, 2, R1, DATA, 10);
	ebpf_move(e->code, R2, R0);
	ebpf_to_wire(e->code, 4, R2);
	ebpf_alu_value(e->code, BPF_AND, R2, 1U << 24, R3);
	jumps_add(&e->pass, ebpf_jump_value(e->code, BPF_JNE, R2, 0, R3));
	for (unsigned int i = 0; i < count; i++) {
		uint32_t first;
		uint16_t last;
		ebpf_at other;

		memcpy(&first, macs + 6 * (size_t)i, sizeof(first));
		memcpy(&last, macs + 6 * (size_t)i + 4, sizeof(last));
		other = ebpf_jump_value(e->code, BPF_JNE, R0, first, R3);
		jumps_add(&e->pass, ebpf_jump_value(e->code, BPF_JEQ, R1, last, R3));
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
	unsigned int redirect, bool limited, struct buffer *code, const char **ret_why)
{
	struct emitter e = {
		.code = code, .redirect = redirect, .left = limited ? rules * sizeof(uint64_t) : 0
	};
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
	jumps_land(code, &e.pass);
	ebpf_set(code, R0, XDP_PASS);
	ebpf_exit(code);
	return count;
}
