/* Jumps that lead to one place, and numbers as they stand in a frame. */
#include "respond/ebpf_emitter.h"

void jumps_add(struct jumps *jumps, ebpf_at from)
{
	if (jumps->count < JUMPS_MAX)
		jumps->from[jumps->count] = from;
	jumps->count++;
}

void jumps_land(struct buffer *code, struct jumps *jumps)
{
	for (unsigned int i = 0; i < jumps->count && i < JUMPS_MAX; i++)
		ebpf_land(code, jumps->from[i]);
	jumps->count = 0;
}

int16_t emit_slot(unsigned int index)
{
	return (int16_t)(SLOT_SAVED - 8 * (int)index);
}

void emit_word_get(struct emitter *e, const struct respond_word *word, int dst)
{
	ebpf_load(e->code, word->octets, dst, DATA, (int16_t)word->offset);
	ebpf_to_wire(e->code, word->octets, dst);
	if (word->shift)
		ebpf_alu_value(e->code, BPF_RSH, dst, word->shift, BPF_REG_5);
	if (word->mask != UINT64_MAX)
		ebpf_alu_value(e->code, BPF_AND, dst, word->mask, BPF_REG_5);
}

void emit_word_put(struct emitter *e, const struct respond_word *word)
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
