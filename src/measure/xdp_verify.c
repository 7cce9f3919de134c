/* The checksums of a frame, as eBPF instructions. */
#include "measure/xdp_code.h"

#include <netinet/in.h>

/* The registers, throughout: */
#define AT   R1 /* in the packet */
#define END  R2 /* of the packet */
#define SUM  R3
#define LEFT R4 /* octets of the transport layer, as the network layer says */

/* A transport layer that is longer is not looked at: the verifier follows each step of the loop
 * over it. More than any frame in a page. */
#define LEFT_MAX 4032U

#define ETH_LENGTH  14
#define TAG_LENGTH  4
#define IPV4_LENGTH 20
#define IPV6_LENGTH 40

/* A 16-bit number as it stands in a packet, and is loaded from there. */
static uint16_t wire16(uint16_t number)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap16(number) : number;
}

/* So many octets at AT are in the packet; else goes there. */
static void put_reach(struct buffer *code, uint32_t octets, struct xdp_jumps *out)
{
	ebpf_move(code, R0, AT);
	ebpf_alu_value(code, BPF_ADD, R0, octets, R0);
	xdp_jump_to(out, ebpf_jump(code, BPF_JGT, R0, END));
}

static void put_words(struct buffer *code, int16_t from, unsigned int words)
{
	for (unsigned int i = 0; i < words; i++) {
		ebpf_load(code, 4, R0, AT, (int16_t)(from + 4 * (int)i));
		ebpf_alu(code, BPF_ADD, SUM, R0);
	}
}

/* SUM is brought to 16 bits. */
static void put_fold(struct buffer *code)
{
	static const unsigned int widths[] = { 32, 32, 16, 16 };

	for (unsigned int i = 0; i < 4; i++) {
		ebpf_move(code, R0, SUM);
		ebpf_alu_value(code, BPF_RSH, R0, widths[i], R0);
		if (widths[i] == 32)
			ebpf_low(code, SUM, SUM);
		else
			ebpf_alu_value(code, BPF_AND, SUM, 0xffff, R0);
		ebpf_alu(code, BPF_ADD, SUM, R0);
	}
}

/* ---- layers ---- */

/* AT: behind the addresses of Ethernet and up to two tags, by the type in register 5. */
static void put_ethernet(struct buffer *code, struct xdp_jumps *out)
{
	ebpf_at untagged;

	ebpf_load(code, 2, R5, AT, ETH_LENGTH - 2);
	untagged = ebpf_jump_value(code, BPF_JEQ, R5, wire16(0x0800), R0);
	for (unsigned int i = 0; i < 2; i++) {
		ebpf_at ctag = ebpf_jump_value(code, BPF_JEQ, R5, wire16(0x8100), R0);
		ebpf_at stag = ebpf_jump_value(code, BPF_JEQ, R5, wire16(0x88a8), R0);
		ebpf_at none = ebpf_jump_always(code);

		ebpf_land(code, ctag);
		ebpf_land(code, stag);
		put_reach(code, ETH_LENGTH + TAG_LENGTH, out);
		ebpf_alu_value(code, BPF_ADD, AT, TAG_LENGTH, R0);
		ebpf_load(code, 2, R5, AT, ETH_LENGTH - 2);
		ebpf_land(code, none);
	}
	ebpf_land(code, untagged);
	ebpf_alu_value(code, BPF_ADD, AT, ETH_LENGTH, R0);
}

/* LEFT, big-endian, and the protocol in register 5 go into the sum, as a pseudo header's. */
static void put_pseudo(struct buffer *code)
{
	ebpf_move(code, R0, LEFT);
	ebpf_to_wire(code, 2, R0);
	ebpf_alu(code, BPF_ADD, SUM, R0);
	ebpf_move(code, R0, R5);
	ebpf_to_wire(code, 2, R0);
	ebpf_alu(code, BPF_ADD, SUM, R0);
}

/*
 * RFC 791. Without options, whole: others are not looked at. The sums of a right header and of a
 * right datagram are both zero modulo ffff, and so is seven times the one and the other: one look
 * at both. Neither seven nor eight, by which addresses count, has a divisor in common with ffff: a
 * word that changed is never made up for.
 */
static void put_ipv4(struct buffer *code, struct xdp_jumps *out)
{
	ebpf_at icmp;

	put_reach(code, IPV4_LENGTH, out);
	ebpf_load(code, 1, R0, AT, 0);
	xdp_jump_to(out, ebpf_jump_value(code, BPF_JNE, R0, 0x45, R0));
	ebpf_load(code, 2, R0, AT, 6);
	ebpf_alu_value(code, BPF_AND, R0, wire16(0x3fff), R0);
	xdp_jump_to(out, ebpf_jump_value(code, BPF_JNE, R0, 0, R0));
	ebpf_set(code, SUM, 0);
	put_words(code, 0, IPV4_LENGTH / 4);
	ebpf_alu_value(code, BPF_MUL, SUM, 7, R0);
	ebpf_load(code, 2, LEFT, AT, 2);
	ebpf_to_wire(code, 2, LEFT);
	xdp_jump_to(out, ebpf_jump_value(code, BPF_JLT, LEFT, IPV4_LENGTH, R0));
	ebpf_alu_value(code, BPF_SUB, LEFT, IPV4_LENGTH, R0);
	ebpf_load(code, 1, R5, AT, 9);
	icmp = ebpf_jump_value(code, BPF_JEQ, R5, IPPROTO_ICMP, R0); /* RFC 792: has none */
	put_words(code, 12, 2);
	put_pseudo(code);
	ebpf_land(code, icmp);
	ebpf_alu_value(code, BPF_ADD, AT, IPV4_LENGTH, R0);
}

/* RFC 8200. Extension headers are no protocol that is looked at. */
static void put_ipv6(struct buffer *code, struct xdp_jumps *out)
{
	put_reach(code, IPV6_LENGTH, out);
	ebpf_load(code, 2, LEFT, AT, 4);
	ebpf_to_wire(code, 2, LEFT);
	ebpf_load(code, 1, R5, AT, 6);
	ebpf_set(code, SUM, 0);
	put_words(code, 8, 8);
	put_pseudo(code);
	ebpf_alu_value(code, BPF_ADD, AT, IPV6_LENGTH, R0);
}

/* By the protocol in register 5: that there is a checksum, over what. */
static void put_transport(struct buffer *code, struct xdp_jumps *out)
{
	ebpf_at udp = ebpf_jump_value(code, BPF_JEQ, R5, IPPROTO_UDP, R0);
	ebpf_at tcp = ebpf_jump_value(code, BPF_JEQ, R5, IPPROTO_TCP, R0);
	ebpf_at icmpv6 = ebpf_jump_value(code, BPF_JEQ, R5, IPPROTO_ICMPV6, R0);
	ebpf_at icmp = ebpf_jump_value(code, BPF_JEQ, R5, IPPROTO_ICMP, R0);

	xdp_jump_to(out, ebpf_jump_always(code));

	ebpf_land(code, udp);
	put_reach(code, 8, out);
	ebpf_load(code, 2, R0, AT, 6);
	xdp_jump_to(out, ebpf_jump_value(code, BPF_JEQ, R0, 0, R0)); /* RFC 768: there is none */
	/* A length of its own making is not looked at. */
	ebpf_load(code, 2, R0, AT, 4);
	ebpf_to_wire(code, 2, R0);
	xdp_jump_to(out, ebpf_jump(code, BPF_JNE, R0, LEFT));
	ebpf_land(code, tcp);
	ebpf_land(code, icmpv6);
	ebpf_land(code, icmp);
}

/* ---- the sum ---- */

/* Blocks of so many octets while there are; once, or again and again. */
static void put_blocks(struct buffer *code, uint32_t octets, bool again, struct xdp_jumps *out)
{
	ebpf_at top = ebpf_here(code);
	ebpf_at none = ebpf_jump_value(code, BPF_JLT, LEFT, octets, R0);

	put_reach(code, octets, out);
	if (octets >= 4) {
		put_words(code, 0, octets / 4);
	} else {
		ebpf_load(code, octets, R0, AT, 0);
		if (octets == 1 && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
			ebpf_alu_value(code, BPF_LSH, R0, 8, R0);
		ebpf_alu(code, BPF_ADD, SUM, R0);
	}
	ebpf_alu_value(code, BPF_ADD, AT, octets, R0);
	ebpf_alu_value(code, BPF_SUB, LEFT, octets, R0);
	if (again)
		ebpf_put(code, BPF_JMP | BPF_JA, 0, 0,
			(int16_t)((int64_t)top - (int64_t)ebpf_here(code) - 1), 0);
	ebpf_land(code, none);
}

static void put_sum(struct buffer *code, struct xdp_jumps *out, struct xdp_jumps *wrong)
{
	ebpf_at few;

	xdp_jump_to(out, ebpf_jump_value(code, BPF_JGT, LEFT, LEFT_MAX, R0));
	few = ebpf_jump_value(code, BPF_JLT, LEFT, 64, R0);
	ebpf_move(code, R5, AT);
	ebpf_store(code, 8, BPF_REG_10, XDP_AHEAD, LEFT);
	put_blocks(code, 64, true, out);
	/* The same again by the octets that were summed: so the verifier sees one number in a
	 * range, and not a way of its own for each of the loop's ends. */
	ebpf_load(code, 8, R0, BPF_REG_10, XDP_AHEAD);
	ebpf_alu(code, BPF_SUB, R0, LEFT);
	ebpf_alu_value(code, BPF_AND, R0, 0xfff, R0);
	ebpf_move(code, AT, R5);
	ebpf_alu(code, BPF_ADD, AT, R0);
	ebpf_land(code, few);
	for (uint32_t octets = 32; octets; octets /= 2)
		put_blocks(code, octets, false, out);
	put_fold(code);
	xdp_jump_to(wrong, ebpf_jump_value(code, BPF_JNE, SUM, 0xffff, R0));
}

void xdp_verify(struct xdp_emission *e)
{
	struct buffer *code = e->code;
	struct xdp_jumps out = { .count = 0 }, wrong = { .count = 0 };
	ebpf_at ipv4, transport, done, told;

	ebpf_load(code, 4, AT, EBPF_CONTEXT, offsetof(struct xdp_md, data));
	ebpf_load(code, 4, END, EBPF_CONTEXT, offsetof(struct xdp_md, data_end));
	put_reach(code, ETH_LENGTH, &out);
	put_ethernet(code, &out);
	ipv4 = ebpf_jump_value(code, BPF_JEQ, R5, wire16(0x0800), R0);
	xdp_jump_to(&out, ebpf_jump_value(code, BPF_JNE, R5, wire16(0x86dd), R0));
	put_ipv6(code, &out);
	transport = ebpf_jump_always(code);
	ebpf_land(code, ipv4);
	put_ipv4(code, &out);
	ebpf_land(code, transport);
	put_transport(code, &out);
	put_sum(code, &out, &wrong);
	ebpf_set(code, R0, XDP_SOUND);
	done = ebpf_jump_always(code);
	xdp_land(code, &wrong);
	ebpf_set(code, R0, XDP_CORRUPTED);
	told = ebpf_jump_always(code);
	xdp_land(code, &out);
	ebpf_set(code, R0, XDP_UNCHECKED);
	ebpf_land(code, told);
	ebpf_land(code, done);
	ebpf_store(code, 8, BPF_REG_10, XDP_CHECK, R0);
}
