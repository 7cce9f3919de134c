/*
 * Answers every echo request that arrives on an interface, in XDP: addresses swapped, the type that
 * of a reply, the checksum brought along; whoever the request was for. What is no echo request goes
 * on to the stack. For tests of probes: faster than any stack answers, and never late.
 *
 *   turnaround IF     says "ready" on standard output, and stays until its standard input ends
 */
#include <errno.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define INSN(operation, to, from, offset, value) \
	((struct bpf_insn){ .code = (operation), \
		.dst_reg = (to),                 \
		.src_reg = (from),               \
		.off = (offset),                 \
		.imm = (value) })
#define LOAD(size, to, from, offset)  INSN(BPF_LDX | BPF_MEM | (size), to, from, offset, 0)
#define STORE(size, to, offset, from) INSN(BPF_STX | BPF_MEM | (size), to, from, offset, 0)
#define MOVE(to, from)		      INSN(BPF_ALU64 | BPF_MOV | BPF_X, to, from, 0, 0)
#define ADD(to, value)		      INSN(BPF_ALU64 | BPF_ADD | BPF_K, to, 0, 0, value)
/* Unless the register holds value, on by so many instructions. */
#define UNLESS(register_, value, on) INSN(BPF_JMP | BPF_JNE | BPF_K, register_, 0, on, value)

/* Exchanges size octets at a with those at b of the frame, which register 6 points to. */
#define SWAP(size, a, b) \
	LOAD(size, 2, 6, a), LOAD(size, 3, 6, b), STORE(size, 6, a, 3), STORE(size, 6, b, 2)

/* Places in the frame: Ethernet, IPv4 without options, ICMP. */
#define ETH_DST	     0
#define ETH_SRC	     6
#define ETH_TYPE     12
#define IP_VERSION   14
#define IP_PROTOCOL  23
#define IP_SRC	     26
#define IP_DST	     30
#define ICMP_TYPE    34
#define ICMP_SUM     36
#define LENGTH_LEAST 42

/* Redirected to where it came from, and not XDP_TX: that wants an XDP program at a veth's other
 * end, this no more than GRO. */
#define OUT 40

static struct bpf_insn program[] = {
	LOAD(BPF_W, 6, 1, offsetof(struct xdp_md, data)),
	LOAD(BPF_W, 2, 1, offsetof(struct xdp_md, data_end)),
	MOVE(3, 6),
	ADD(3, LENGTH_LEAST),
	INSN(BPF_JMP | BPF_JGT | BPF_X, 3, 2, 39, 0), /* shorter */
	LOAD(BPF_B, 2, 6, ETH_TYPE),
	UNLESS(2, 0x08, 37),
	LOAD(BPF_B, 2, 6, ETH_TYPE + 1),
	UNLESS(2, 0x00, 35),
	LOAD(BPF_B, 2, 6, IP_VERSION),
	UNLESS(2, 0x45, 33),
	LOAD(BPF_B, 2, 6, IP_PROTOCOL),
	UNLESS(2, 1, 31),
	LOAD(BPF_B, 2, 6, ICMP_TYPE),
	UNLESS(2, 8, 29),
	SWAP(BPF_H, ETH_DST, ETH_SRC),
	SWAP(BPF_H, ETH_DST + 2, ETH_SRC + 2),
	SWAP(BPF_H, ETH_DST + 4, ETH_SRC + 4),
	SWAP(BPF_W, IP_SRC, IP_DST),
	INSN(BPF_ST | BPF_MEM | BPF_B, 6, 0, ICMP_TYPE, 0),
	/* RFC 1624: the sum grows by what the first word of the message lost, 0x0800. */
	LOAD(BPF_H, 2, 6, ICMP_SUM),
	INSN(BPF_ALU | BPF_END | BPF_TO_BE, 2, 0, 0, 16),
	ADD(2, 0x0800),
	MOVE(3, 2),
	INSN(BPF_ALU64 | BPF_RSH | BPF_K, 3, 0, 0, 16),
	INSN(BPF_ALU64 | BPF_ADD | BPF_X, 2, 3, 0, 0),
	INSN(BPF_ALU | BPF_END | BPF_TO_BE, 2, 0, 0, 16),
	STORE(BPF_H, 6, ICMP_SUM, 2),
	INSN(BPF_ALU64 | BPF_MOV | BPF_K, 1, 0, 0, 0),
	INSN(BPF_ALU64 | BPF_MOV | BPF_K, 2, 0, 0, 0),
	INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_redirect),
	INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
	INSN(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, XDP_PASS),
	INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
};

static int call(int command, union bpf_attr *attributes)
{
	return (int)syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

static int load(void)
{
	static char log[65536];
	union bpf_attr attributes = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (uint64_t)(uintptr_t)program,
		.insn_cnt = sizeof(program) / sizeof(program[0]),
		.license = (uint64_t)(uintptr_t) "Dual BSD/GPL",
		.log_buf = (uint64_t)(uintptr_t)log,
		.log_size = sizeof(log),
		.log_level = 1,
	};
	int fd = call(BPF_PROG_LOAD, &attributes);

	if (fd < 0)
		fprintf(stderr, "turnaround: %s\n%s", strerror(errno), log);
	return fd;
}

/* While the link is open. */
static int attach(int fd, unsigned int interface)
{
	union bpf_attr attributes = { .link_create = {
					      .prog_fd = (uint32_t)fd,
					      .target_ifindex = interface,
					      .attach_type = BPF_XDP,
				      } };

	return call(BPF_LINK_CREATE, &attributes);
}

int main(int argc, char **argv)
{
	unsigned int interface = argc == 2 ? if_nametoindex(argv[1]) : 0;
	char octet;
	int fd;

	if (!interface) {
		fprintf(stderr, "usage: turnaround IF\n");
		return 2;
	}
	program[OUT].imm = (int)interface;
	fd = load();
	if (fd < 0)
		return 3;
	if (attach(fd, interface) < 0) {
		fprintf(stderr, "turnaround: %s: %s\n", argv[1], strerror(errno));
		return 3;
	}
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &octet, 1) > 0)
		;
	return 0;
}
