/* eBPF instructions as text, in the notation of the kernel's verifier. */
#include "patch/ebpf.h"

#include <inttypes.h>
#include <linux/bpf.h>

static const char *const operators[] = {
	[BPF_ADD >> 4] = "+=",
	[BPF_SUB >> 4] = "-=",
	[BPF_MUL >> 4] = "*=",
	[BPF_DIV >> 4] = "/=",
	[BPF_OR >> 4] = "|=",
	[BPF_AND >> 4] = "&=",
	[BPF_LSH >> 4] = "<<=",
	[BPF_RSH >> 4] = ">>=",
	[BPF_MOD >> 4] = "%=",
	[BPF_XOR >> 4] = "^=",
	[BPF_MOV >> 4] = "=",
	[BPF_ARSH >> 4] = "s>>=",
};

static const char *const conditions[] = {
	[BPF_JEQ >> 4] = "==",
	[BPF_JGT >> 4] = ">",
	[BPF_JNE >> 4] = "!=",
	[BPF_JLT >> 4] = "<",
	[BPF_JLE >> 4] = "<=",
};

static const char *word_of(const char *const *words, size_t count, uint8_t code)
{
	size_t index = BPF_OP(code) >> 4;

	return index < count && words[index] ? words[index] : "?";
}

#define WORD_OF(words, code) word_of(words, sizeof(words) / sizeof(*(words)), code)

static const char *size_of(uint8_t code)
{
	switch (BPF_SIZE(code)) {
	case BPF_B:
		return "u8";
	case BPF_H:
		return "u16";
	case BPF_W:
		return "u32";
	default:
		return "u64";
	}
}

/* The 32 bits of an instruction, as numbers of 64. */
static void put_value(const struct bpf_insn *insn, struct buffer *out)
{
	buffer_printf(out, insn->imm < 0 || insn->imm > 9 ? "0x%" PRIx64 : "%" PRIu64,
		(uint64_t)insn->imm);
}

static void put_alu(const struct bpf_insn *insn, struct buffer *out)
{
	char letter = BPF_CLASS(insn->code) == BPF_ALU64 ? 'r' : 'w';

	if (BPF_OP(insn->code) == BPF_END) {
		buffer_printf(out, "r%u = %s%d r%u", insn->dst_reg,
			BPF_SRC(insn->code) == BPF_TO_BE ? "be" : "le", insn->imm, insn->dst_reg);
		return;
	}
	buffer_printf(out, "%c%u %s ", letter, insn->dst_reg, WORD_OF(operators, insn->code));
	if (BPF_SRC(insn->code) == BPF_X)
		buffer_printf(out, "%c%u", letter, insn->src_reg);
	else
		put_value(insn, out);
}

static void put_jump(const struct bpf_insn *insn, size_t index, struct buffer *out)
{
	int64_t next = (int64_t)index + 1;

	if (insn->code == (BPF_JMP | BPF_EXIT)) {
		buffer_printf(out, "exit");
	} else if (insn->code == (BPF_JMP | BPF_CALL) && insn->src_reg == BPF_PSEUDO_CALL) {
		buffer_printf(out, "call %" PRId64, next + insn->imm);
	} else if (insn->code == (BPF_JMP | BPF_CALL)) {
		buffer_printf(out, "call helper#%d", insn->imm);
	} else if (insn->code == (BPF_JMP | BPF_JA)) {
		buffer_printf(out, "goto %" PRId64, next + insn->off);
	} else if (insn->code == (BPF_JMP32 | BPF_JA)) {
		buffer_printf(out, "gotol %" PRId64, next + insn->imm);
	} else {
		buffer_printf(out, "if r%u %s ", insn->dst_reg, WORD_OF(conditions, insn->code));
		if (BPF_SRC(insn->code) == BPF_X)
			buffer_printf(out, "r%u", insn->src_reg);
		else
			put_value(insn, out);
		buffer_printf(out, " goto %" PRId64, next + insn->off);
	}
}

/* Of two instructions' room. */
static void put_wide(const struct bpf_insn *insn, size_t index, struct buffer *out)
{
	buffer_printf(out, "r%u = ", insn->dst_reg);
	if (insn->src_reg == BPF_PSEUDO_MAP_VALUE)
		buffer_printf(out, "memory + %u", (uint32_t)insn[1].imm);
	else if (insn->src_reg == BPF_PSEUDO_MAP_FD)
		buffer_printf(out, "devices");
	else if (insn->src_reg == BPF_PSEUDO_FUNC)
		buffer_printf(out, "function %" PRId64, (int64_t)index + 1 + insn->imm);
	else
		buffer_printf(out, "0x%" PRIx64 " ll",
			(uint64_t)(uint32_t)insn[1].imm << 32 | (uint32_t)insn->imm);
}

static void put_insn(const struct bpf_insn *insn, size_t index, struct buffer *out)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
		put_wide(insn, index, out);
		break;
	case BPF_LDX:
		buffer_printf(out, "r%u = *(%s *)(r%u %+d)", insn->dst_reg, size_of(insn->code),
			insn->src_reg, insn->off);
		break;
	case BPF_STX:
		buffer_printf(out, "*(%s *)(r%u %+d) = r%u", size_of(insn->code), insn->dst_reg,
			insn->off, insn->src_reg);
		break;
	case BPF_ALU:
	case BPF_ALU64:
		put_alu(insn, out);
		break;
	default:
		put_jump(insn, index, out);
		break;
	}
}

void patch_ebpf_describe(const struct patch_ebpf *ebpf, struct buffer *out)
{
	unsigned int count;
	const struct bpf_insn *insns = patch_ebpf_insns(ebpf, &count);

	for (size_t i = 0; i < count; i++) {
		buffer_printf(out, "%zu: ", i);
		put_insn(&insns[i], i, out);
		buffer_printf(out, "\n");
		if (insns[i].code == (BPF_LD | BPF_DW | BPF_IMM))
			i++;
	}
}
