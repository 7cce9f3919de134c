/*
 * A path with known faults, between two interfaces, in XDP: what a measurement has to find.
 *
 *   fault FROM TO LOOP BACK LENGTH DROP COPY HOLD CORRUPT
 *       Signed frames (wire/signature.h) of LENGTH octets that come in on FROM leave on TO. Of
 * 65536 frames so many are dropped, sent twice, held back until others have overtaken them, or have
 * a bit turned over before the signature; no frame has two of these. LOOP and BACK are the ends of
 * a veth pair, by which what was held is made a frame again: XDP has no other way to make one more
 * than came in. Says "ready" once; prints its counters as JSON on SIGTERM or SIGINT, and goes.
 */
#include "base/err.h"
#include "link/bpfsys.h"
#include "patch/ebpf_code.h"
#include "wire/signature.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define STATE BPF_REG_7 /* struct fault */
#define FRAME BPF_REG_8 /* the packet's octets */

#define LENGTH_MAX 1514U
#define CORRUPT_AT 42 /* eight octets behind the headers of Ethernet, IPv4 and UDP */
#define LENGTH_MIN (CORRUPT_AT + 8U + SIGNATURE_LENGTH)

/* Frames that overtake a held one before it is let go. */
#define AGE 3

enum { SLOT_EMPTY, SLOT_HELD, SLOT_LEAVING };

struct fault {
	uint64_t seen, passed, dropped, copied, held, released, corrupted, stray;
	uint64_t slot, age;
	uint8_t octets[LENGTH_MAX];
};

#define AT(member) ((int16_t)offsetof(struct fault, member))

enum { DROP, COPY, HOLD, CORRUPT, SHARES };

struct path {
	unsigned int from, to, loop, back;
	uint32_t length;
	uint32_t shares[SHARES]; /* of 65536 */
	struct bpfsys_memory memory;
	int forward, twice, release; /* maps of devices */
};

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
	(void)number;
	stop = 1;
}

static void die(const char *what)
{
	fprintf(stderr, "fault: %s\n", what);
	exit(3);
}

/* ---- maps of devices ---- */

static int devices(unsigned int first, unsigned int second)
{
	union bpf_attr attributes = {
		.map_type = BPF_MAP_TYPE_DEVMAP,
		.key_size = sizeof(uint32_t),
		.value_size = sizeof(uint32_t),
		.max_entries = second ? 2 : 1,
	};
	uint32_t values[] = { first, second };
	int map = (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes));

	if (map < 0)
		die("cannot create a map of devices");
	for (uint32_t key = 0; key < (second ? 2 : 1); key++) {
		union bpf_attr update = { .map_fd = (uint32_t)map };

		update.key = (uint64_t)(uintptr_t)&key;
		update.value = (uint64_t)(uintptr_t)&values[key];
		if (syscall(SYS_bpf, BPF_MAP_UPDATE_ELEM, &update, sizeof(update)))
			die("a device cannot be sent to");
	}
	return map;
}

/* ---- instructions ---- */

static void count(struct buffer *code, int16_t at)
{
	ebpf_load(code, 8, R1, STATE, at);
	ebpf_alu_value(code, BPF_ADD, R1, 1, R2);
	ebpf_store(code, 8, STATE, at, R1);
}

static void set(struct buffer *code, int16_t at, uint64_t value)
{
	ebpf_set(code, R1, value);
	ebpf_store(code, 8, STATE, at, R1);
}

static void leave(struct buffer *code, int map, bool all)
{
	ebpf_put(code, BPF_LD | BPF_DW | BPF_IMM, R1, BPF_PSEUDO_MAP_FD, 0, map);
	ebpf_put(code, 0, 0, 0, 0, 0);
	ebpf_set(code, R2, 0);
	ebpf_set(code, R3, all ? BPF_F_BROADCAST : 0);
	ebpf_call(code, BPF_FUNC_redirect_map);
	ebpf_exit(code);
}

static void end(struct buffer *code, int verdict)
{
	ebpf_set(code, R0, (uint64_t)verdict);
	ebpf_exit(code);
}

/* STATE, and FRAME of LENGTH octets. What is not of that length and signed goes to the stack. */
static void begin(struct buffer *code, const struct path *path)
{
	uint32_t magic = __builtin_bswap32(SIGNATURE_MAGIC);
	ebpf_at shorter, longer, unsigned_, ours;

	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		magic = SIGNATURE_MAGIC;
	ebpf_move(code, EBPF_CONTEXT, R1);
	ebpf_address(code, STATE, 0);
	ebpf_load(code, 4, FRAME, EBPF_CONTEXT, offsetof(struct xdp_md, data));
	ebpf_load(code, 4, R2, EBPF_CONTEXT, offsetof(struct xdp_md, data_end));
	ebpf_move(code, R1, FRAME);
	ebpf_alu_value(code, BPF_ADD, R1, path->length, R3);
	shorter = ebpf_jump(code, BPF_JGT, R1, R2);
	longer = ebpf_jump(code, BPF_JLT, R1, R2);
	ebpf_load(code, 4, R1, FRAME, (int16_t)(path->length - SIGNATURE_LENGTH));
	ebpf_set(code, R2, magic);
	unsigned_ = ebpf_jump(code, BPF_JNE, R1, R2);
	ours = ebpf_jump_always(code);
	ebpf_land(code, shorter);
	ebpf_land(code, longer);
	ebpf_land(code, unsigned_);
	count(code, AT(passed));
	end(code, XDP_PASS);
	ebpf_land(code, ours);
}

static void copy_octets(struct buffer *code, uint32_t length, bool to_slot)
{
	for (uint32_t at = 0; at < length;) {
		uint32_t left = length - at;
		unsigned int size = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
		int16_t slot = (int16_t)(AT(octets) + (int)at);

		ebpf_load(code, size, R1, to_slot ? FRAME : STATE, to_slot ? (int16_t)at : slot);
		ebpf_store(code, size, to_slot ? STATE : FRAME, to_slot ? slot : (int16_t)at, R1);
		at += size;
	}
}

/* A held frame that has waited for long enough leaves behind this one. */
static void put_release(struct buffer *code, const struct path *path)
{
	ebpf_at none, young;

	ebpf_load(code, 8, R1, STATE, AT(slot));
	none = ebpf_jump_value(code, BPF_JNE, R1, SLOT_HELD, R2);
	count(code, AT(age));
	young = ebpf_jump_value(code, BPF_JLT, R1, AGE, R2);
	set(code, AT(slot), SLOT_LEAVING);
	leave(code, path->release, true);
	ebpf_land(code, young);
	ebpf_land(code, none);
}

static void put_hold(struct buffer *code, const struct path *path)
{
	ebpf_at taken;

	ebpf_load(code, 8, R1, STATE, AT(slot));
	taken = ebpf_jump_value(code, BPF_JNE, R1, SLOT_EMPTY, R2);
	copy_octets(code, path->length, true);
	set(code, AT(age), 0);
	set(code, AT(slot), SLOT_HELD);
	count(code, AT(held));
	end(code, XDP_DROP);
	ebpf_land(code, taken);
	leave(code, path->forward, false);
}

/* Register 0 is random. */
static void put_corrupt(struct buffer *code, const struct path *path)
{
	ebpf_call(code, BPF_FUNC_get_prandom_u32);
	ebpf_alu_value(code, BPF_AND, R0, 63, R2);
	ebpf_set(code, R1, 1);
	ebpf_alu(code, BPF_LSH, R1, R0);
	ebpf_load(code, 8, R0, FRAME, CORRUPT_AT);
	ebpf_alu(code, BPF_XOR, R0, R1);
	ebpf_store(code, 8, FRAME, CORRUPT_AT, R0);
	count(code, AT(corrupted));
	leave(code, path->forward, false);
}

static void put_fault(struct buffer *code, const struct path *path, unsigned int kind)
{
	switch (kind) {
	case DROP:
		count(code, AT(dropped));
		end(code, XDP_DROP);
		break;
	case COPY:
		count(code, AT(copied));
		leave(code, path->twice, true);
		break;
	case HOLD:
		put_hold(code, path);
		break;
	default:
		put_corrupt(code, path);
		break;
	}
}

static void way(struct buffer *code, const struct path *path)
{
	uint32_t below = 0;

	begin(code, path);
	count(code, AT(seen));
	put_release(code, path);
	ebpf_call(code, BPF_FUNC_get_prandom_u32);
	ebpf_alu_value(code, BPF_AND, R0, 0xffff, R2);
	for (unsigned int kind = 0; kind < SHARES; kind++) {
		ebpf_at other;

		below += path->shares[kind];
		other = ebpf_jump_value(code, BPF_JGE, R0, below, R2);
		put_fault(code, path, kind);
		ebpf_land(code, other);
	}
	leave(code, path->forward, false);
}

/* At the loop's end: the copy of a frame becomes the one that was held. */
static void way_back(struct buffer *code, const struct path *path)
{
	ebpf_at leaving;

	begin(code, path);
	ebpf_load(code, 8, R1, STATE, AT(slot));
	leaving = ebpf_jump_value(code, BPF_JEQ, R1, SLOT_LEAVING, R2);
	count(code, AT(stray));
	end(code, XDP_DROP);
	ebpf_land(code, leaving);
	copy_octets(code, path->length, false);
	set(code, AT(slot), SLOT_EMPTY);
	count(code, AT(released));
	leave(code, path->forward, false);
}

/* ---- at work ---- */

static void attach(const struct path *path, unsigned int interface,
	void (*make)(struct buffer *code, const struct path *path))
{
	struct buffer code = { 0 };
	struct bpf_insn *insns;
	struct err err;
	int program, link;

	make(&code, path);
	insns = (struct bpf_insn *)(void *)code.data;
	for (size_t i = 0; i < ebpf_here(&code); i++)
		if (insns[i].code == (BPF_LD | BPF_DW | BPF_IMM) &&
			insns[i].src_reg == BPF_PSEUDO_MAP_VALUE)
			insns[i].imm = path->memory.map;
	if (bpfsys_load_insns(insns, (unsigned int)ebpf_here(&code), &program, &err))
		die(err.text);
	if (bpfsys_attach(program, (int)interface, XDP_FLAGS_DRV_MODE, &link))
		die("cannot attach a program to an interface");
	buffer_fini(&code);
}

static unsigned int interface_of(const char *name)
{
	unsigned int index = if_nametoindex(name);

	if (!index)
		die(name);
	return index;
}

static void report(const struct fault *fault)
{
	printf("{\"seen\":%" PRIu64 ",\"passed\":%" PRIu64 ",\"dropped\":%" PRIu64
	       ",\"copied\":%" PRIu64 ",\"held\":%" PRIu64 ",\"released\":%" PRIu64
	       ",\"corrupted\":%" PRIu64 ",\"stray\":%" PRIu64 "}\n",
		fault->seen, fault->passed, fault->dropped, fault->copied, fault->held,
		fault->released, fault->corrupted, fault->stray);
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct path path = { 0 };
	sigset_t both, before;
	struct err err;

	if (argc != 6 + SHARES)
		die("wants FROM TO LOOP BACK LENGTH DROP COPY HOLD CORRUPT");
	path.from = interface_of(argv[1]);
	path.to = interface_of(argv[2]);
	path.loop = interface_of(argv[3]);
	path.back = interface_of(argv[4]);
	path.length = (uint32_t)strtoul(argv[5], NULL, 10);
	if (path.length < LENGTH_MIN || path.length > LENGTH_MAX)
		die("wants another LENGTH");
	for (unsigned int i = 0; i < SHARES; i++)
		path.shares[i] = (uint32_t)strtoul(argv[6 + i], NULL, 10);
	if (bpfsys_memory_init(&path.memory, sizeof(struct fault), &err))
		die(err.text);
	path.forward = devices(path.to, 0);
	path.twice = devices(path.to, path.to);
	path.release = devices(path.to, path.loop);
	sigemptyset(&both);
	sigaddset(&both, SIGTERM);
	sigaddset(&both, SIGINT);
	sigprocmask(SIG_BLOCK, &both, &before);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	attach(&path, path.back, way_back);
	attach(&path, path.from, way);
	printf("ready\n");
	fflush(stdout);
	while (!stop)
		sigsuspend(&before);
	report(path.memory.octets);
	return 0;
}
