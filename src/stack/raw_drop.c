/*
 * Drops what is for a port of ours where it comes in: the guard drops it too, but only after the
 * kernel's IP and TCP have looked at it, which costs whoever sends fast on the same host as much as
 * all that we do with it. Packet sockets see frames before. An eBPF program at the interface's
 * ingress (TCX, Linux 6.6) does it, which goes with its descriptor; without it, and for whatever it
 * does not know (options of IPv4, fragments, IPv6's extension headers), there is the guard.
 */
#include "stack/raw.h"

#include "base/err.h"
#include "link/bpfsys.h"
#include "patch/ebpf.h"
#include "patch/ebpf_code.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define NOBODY UINT32_MAX /* a port that no packet has */

/* What the program reads. All but nobody is as it stands in a packet. */
struct rule {
	uint32_t address[4]; /* of IPv4 the first */
	uint32_t port;	     /* the lower two octets */
};

struct rules {
	struct rule rule[2][RAW_DROP_RULES]; /* of IPv4, of IPv6 */
};

/* Where things are in a frame. */
enum {
	TYPE = 12,
	V4 = ETH_HLEN,
	V4_FRAGMENT = V4 + 6,
	V4_PROTOCOL = V4 + 9,
	V4_DESTINATION = V4 + 16,
	V4_PORT = V4 + 20 + 2,
	V6 = ETH_HLEN,
	V6_PROTOCOL = V6 + 6,
	V6_DESTINATION = V6 + 24,
	V6_PORT = V6 + 40 + 2,
};

#define NO_OPTIONS	 0x45	/* IPv4's first octet */
#define FRAGMENT_OR_MORE 0x3fff /* IPv4's offset, and that more follow */

enum { DROP = 2, GO_ON = -1 }; /* TCX_DROP, TCX_NEXT */

/* Registers; R0 and R5 are scratch. */
#define DATA  R2
#define END   R3
#define PORT  R4
#define RULES BPF_REG_6

#define JUMPS_MAX 16U

/* Jumps that lead to one place. */
struct jumps {
	ebpf_at from[JUMPS_MAX];
	unsigned int count;
};

static void add(struct jumps *jumps, ebpf_at jump)
{
	jumps->from[jumps->count++] = jump;
}

static void land(struct buffer *code, const struct jumps *jumps)
{
	for (unsigned int i = 0; i < jumps->count; i++)
		ebpf_land(code, jumps->from[i]);
}

/* A number of the packet's; where it is not this one, the packet is passed. */
static void insist(struct buffer *code, unsigned int octets, int16_t at, unsigned int value,
	struct jumps *pass)
{
	ebpf_load(code, octets, R5, DATA, at);
	ebpf_to_wire(code, octets, R5);
	add(pass, ebpf_jump_value(code, BPF_JNE, R5, value, R0));
}

static void insist_on_length(struct buffer *code, unsigned int octets, struct jumps *pass)
{
	ebpf_move(code, R5, DATA);
	ebpf_alu_value(code, BPF_ADD, R5, octets, R0);
	add(pass, ebpf_jump(code, BPF_JGT, R5, END));
}

/* Dropped where a rule has its port, and its destination: words of four octets. */
static void match(struct buffer *code, unsigned int version, int16_t destination, int16_t words)
{
	for (unsigned int i = 0; i < RAW_DROP_RULES; i++) {
		int16_t rule = (int16_t)offsetof(struct rules, rule[version][i]);
		struct jumps next = { 0 };

		ebpf_load(code, 4, R5, RULES, (int16_t)(rule + (int)offsetof(struct rule, port)));
		add(&next, ebpf_jump(code, BPF_JNE, R5, PORT));
		for (int16_t word = 0; word < words; word++) {
			ebpf_load(code, 4, R5, RULES, (int16_t)(rule + 4 * word));
			ebpf_load(code, 4, R0, DATA, (int16_t)(destination + 4 * word));
			add(&next, ebpf_jump(code, BPF_JNE, R5, R0));
		}
		ebpf_set(code, R0, DROP);
		ebpf_exit(code);
		land(code, &next);
	}
}

static void put_program(struct buffer *code)
{
	struct jumps pass = { 0 };
	ebpf_at other;

	ebpf_load(code, 4, DATA, R1, (int16_t)offsetof(struct __sk_buff, data));
	ebpf_load(code, 4, END, R1, (int16_t)offsetof(struct __sk_buff, data_end));
	ebpf_address(code, RULES, 0);
	insist_on_length(code, V4_PORT + 2, &pass);
	ebpf_load(code, 2, R5, DATA, TYPE);
	ebpf_to_wire(code, 2, R5);
	other = ebpf_jump_value(code, BPF_JNE, R5, ETH_P_IP, R0);
	insist(code, 1, V4, NO_OPTIONS, &pass);
	insist(code, 1, V4_PROTOCOL, IPPROTO_TCP, &pass);
	ebpf_load(code, 2, R5, DATA, V4_FRAGMENT);
	ebpf_to_wire(code, 2, R5);
	add(&pass, ebpf_jump_value(code, BPF_JSET, R5, FRAGMENT_OR_MORE, R0));
	ebpf_load(code, 2, PORT, DATA, V4_PORT);
	match(code, 0, V4_DESTINATION, 1);
	add(&pass, ebpf_jump_always(code));
	ebpf_land(code, other);
	insist(code, 2, TYPE, ETH_P_IPV6, &pass);
	insist_on_length(code, V6_PORT + 2, &pass);
	insist(code, 1, V6_PROTOCOL, IPPROTO_TCP, &pass);
	ebpf_load(code, 2, PORT, DATA, V6_PORT);
	match(code, 1, V6_DESTINATION, 4);
	land(code, &pass);
	ebpf_set(code, R0, (uint64_t)GO_ON);
	ebpf_exit(code);
}

void raw_drop_prepare(struct raw *raw)
{
	struct patch_ebpf ebpf = { 0 };
	struct rules *rules;
	struct err ignored;

	if (bpfsys_memory_init(&raw->drop.memory, sizeof(struct rules), &ignored))
		return;
	rules = raw->drop.memory.octets;
	for (unsigned int i = 0; i < RAW_DROP_RULES; i++)
		rules->rule[0][i].port = rules->rule[1][i].port = NOBODY;
	put_program(&ebpf.code);
	patch_ebpf_bind(&ebpf, raw->drop.memory.map, -1);
	if (bpfsys_load_ingress(&ebpf, &raw->drop.program, &ignored))
		raw_drop_close(raw);
	patch_ebpf_fini(&ebpf);
}

/* The program is at the interface. */
static int attach(struct raw *raw, int interface)
{
	unsigned int i = 0;
	int r;

	while (i < raw->drop.link_count && raw->drop.links[i].interface != interface)
		i++;
	if (i < raw->drop.link_count)
		return 0;
	if (i == RAW_DROP_RULES)
		return -ENOSPC;
	r = bpfsys_attach_ingress(raw->drop.program, interface, &raw->drop.links[i].fd);
	if (r)
		return r;
	raw->drop.links[i].interface = interface;
	raw->drop.link_count++;
	return 0;
}

int raw_drop(struct outside *outside, int interface, const uint8_t *address, size_t length,
	uint16_t port)
{
	struct raw *raw = (struct raw *)outside;
	unsigned int version = length == 16, i = 0;
	struct rule *rules;
	int r;

	if (raw->drop.program < 0)
		return -EOPNOTSUPP;
	rules = ((struct rules *)raw->drop.memory.octets)->rule[version];
	while (i < RAW_DROP_RULES && rules[i].port != NOBODY)
		i++;
	if (i == RAW_DROP_RULES)
		return -ENOSPC;
	r = attach(raw, interface);
	if (r)
		return r;
	memcpy(rules[i].address, address, length);
	__atomic_store_n(&rules[i].port, htons(port), __ATOMIC_RELEASE);
	return (int)(version * RAW_DROP_RULES + i);
}

void raw_drop_end(struct outside *outside, int rule)
{
	struct raw *raw = (struct raw *)outside;
	struct rules *rules = raw->drop.memory.octets;

	__atomic_store_n(&rules->rule[(unsigned int)rule / RAW_DROP_RULES]
				     [(unsigned int)rule % RAW_DROP_RULES]
					     .port,
		NOBODY, __ATOMIC_RELEASE);
}

void raw_drop_close(struct raw *raw)
{
	while (raw->drop.link_count)
		close(raw->drop.links[--raw->drop.link_count].fd);
	if (raw->drop.program >= 0)
		close(raw->drop.program);
	raw->drop.program = -1;
	bpfsys_memory_fini(&raw->drop.memory);
}
