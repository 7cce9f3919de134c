/* eBPF instructions, one at a time. */
#include "patch/ebpf_code.h"

/* Of instruction sets newer than the headers may be: a jump whose distance is its imm (Linux 6.6).
 */
#define JUMP_FAR (BPF_JMP32 | BPF_JA)

ebpf_at ebpf_here(const struct buffer *code)
{
	return code->length / sizeof(struct bpf_insn);
}

static struct bpf_insn *insn_at(struct buffer *code, ebpf_at at)
{
	return (struct bpf_insn *)(void *)code->data + at;
}

void ebpf_put(struct buffer *code, int opcode, int dst, int src, int16_t offset, int32_t imm)
{
	struct bpf_insn insn = { .code = (uint8_t)opcode, .off = offset, .imm = imm };

	/* Fields of four bits. */
	insn.dst_reg = (unsigned int)dst & 0xf;
	insn.src_reg = (unsigned int)src & 0xf;
	buffer_put(code, &insn, sizeof(insn));
}

/* Whether an instruction's 32 bits hold the value, as it extends their sign. */
static bool is_short(uint64_t value)
{
	return value + 0x80000000U <= 0xffffffffU;
}

static void put_wide(struct buffer *code, int dst, int src, uint32_t low, uint32_t high)
{
	ebpf_put(code, BPF_LD | BPF_DW | BPF_IMM, dst, src, 0, (int32_t)low);
	ebpf_put(code, 0, 0, 0, 0, (int32_t)high);
}

void ebpf_set(struct buffer *code, int dst, uint64_t value)
{
	if (is_short(value))
		ebpf_put(code, BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, (int32_t)value);
	else if (value <= UINT32_MAX)
		ebpf_put(code, BPF_ALU | BPF_MOV | BPF_K, dst, 0, 0, (int32_t)value);
	else
		put_wide(code, dst, 0, (uint32_t)value, (uint32_t)(value >> 32));
}

void ebpf_move(struct buffer *code, int dst, int src)
{
	ebpf_put(code, BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0);
}

void ebpf_low(struct buffer *code, int dst, int src)
{
	ebpf_put(code, BPF_ALU | BPF_MOV | BPF_X, dst, src, 0, 0);
}

void ebpf_alu(struct buffer *code, int operation, int dst, int src)
{
	ebpf_put(code, BPF_ALU64 | operation | BPF_X, dst, src, 0, 0);
}

void ebpf_alu_value(struct buffer *code, int operation, int dst, uint64_t value, int scratch)
{
	if (is_short(value)) {
		ebpf_put(code, BPF_ALU64 | operation | BPF_K, dst, 0, 0, (int32_t)value);
		return;
	}
	ebpf_set(code, scratch, value);
	ebpf_alu(code, operation, dst, scratch);
}

static int size_code(unsigned int octets)
{
	switch (octets) {
	case 1:
		return BPF_B;
	case 2:
		return BPF_H;
	case 4:
		return BPF_W;
	default:
		return BPF_DW;
	}
}

void ebpf_load(struct buffer *code, unsigned int octets, int dst, int base, int16_t offset)
{
	ebpf_put(code, BPF_LDX | BPF_MEM | size_code(octets), dst, base, offset, 0);
}

void ebpf_store(struct buffer *code, unsigned int octets, int base, int16_t offset, int src)
{
	ebpf_put(code, BPF_STX | BPF_MEM | size_code(octets), base, src, offset, 0);
}

void ebpf_to_wire(struct buffer *code, unsigned int octets, int dst)
{
	if (octets > 1)
		ebpf_put(code, BPF_ALU | BPF_END | BPF_TO_BE, dst, 0, 0, (int32_t)octets * 8);
}

void ebpf_swap32(struct buffer *code, int dst)
{
	/* The instruction knows an order to be brought to, and does nothing on a host of it. */
	int other = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? BPF_TO_BE : BPF_TO_LE;

	ebpf_put(code, BPF_ALU | BPF_END | other, dst, 0, 0, 32);
}

void ebpf_address(struct buffer *code, int dst, size_t offset)
{
	put_wide(code, dst, BPF_PSEUDO_MAP_VALUE, 0, (uint32_t)offset);
}

void ebpf_map(struct buffer *code, int dst)
{
	put_wide(code, dst, BPF_PSEUDO_MAP_FD, 0, 0);
}

void ebpf_call(struct buffer *code, int helper)
{
	ebpf_put(code, BPF_JMP | BPF_CALL, 0, 0, 0, helper);
}

void ebpf_exit(struct buffer *code)
{
	ebpf_put(code, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

/* ---- jumps ---- */

ebpf_at ebpf_jump(struct buffer *code, int condition, int dst, int src)
{
	ebpf_put(code, BPF_JMP | condition | BPF_X, dst, src, 0, 0);
	return ebpf_here(code) - 1;
}

ebpf_at ebpf_jump_value(struct buffer *code, int condition, int dst, uint64_t value, int scratch)
{
	if (is_short(value)) {
		ebpf_put(code, BPF_JMP | condition | BPF_K, dst, 0, 0, (int32_t)value);
		return ebpf_here(code) - 1;
	}
	ebpf_set(code, scratch, value);
	return ebpf_jump(code, condition, dst, scratch);
}

ebpf_at ebpf_jump_always(struct buffer *code)
{
	ebpf_put(code, BPF_JMP | BPF_JA, 0, 0, 0, 0);
	return ebpf_here(code) - 1;
}

void ebpf_land(struct buffer *code, ebpf_at jump)
{
	struct bpf_insn *insn = insn_at(code, jump);
	size_t distance = ebpf_here(code) - jump - 1;

	if (insn->code == (BPF_JMP | BPF_JA) && distance > INT16_MAX) {
		insn->code = JUMP_FAR;
		insn->imm = (int32_t)distance;
	} else {
		insn->off = (int16_t)distance;
	}
}

static void abort_run(struct buffer *code)
{
	ebpf_set(code, BPF_REG_0, XDP_ABORTED);
	ebpf_exit(code);
}

void ebpf_insist(struct buffer *code, int condition, int dst, uint64_t value, int scratch)
{
	ebpf_at fine = ebpf_jump_value(code, condition, dst, value, scratch);

	abort_run(code);
	ebpf_land(code, fine);
}

void ebpf_insist_register(struct buffer *code, int condition, int dst, int src)
{
	ebpf_at fine = ebpf_jump(code, condition, dst, src);

	abort_run(code);
	ebpf_land(code, fine);
}
