/* The checksums of a frame, as eBPF instructions. */
#include "measure/xdp_code.h"

#include "base/bytes.h"

#include <netinet/in.h>

/* The registers, throughout: */
#define AT   R1 /* in the packet */
#define END  R2 /* of the packet */
#define SUM  R3
#define LEFT R4 /* octets of the transport layer, as the network layer says */
/* Another sum. Nobody asks for the context after this. */
#define SECOND EBPF_CONTEXT

/* A transport layer that is longer is not looked at: the verifier follows each step of the loop
 * over it. More than any frame in a page. */
#define LEFT_MAX 4032U

#define ETH_LENGTH  14
#define TAG_LENGTH  4
#define IPV4_LENGTH 20
#define IPV6_LENGTH 40
#define UDP_LENGTH  8

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

/* Of many words, every second goes into a sum of its own: a processor loads several at once, but
 * each addition waits for the one before it. */
static void put_many(struct buffer *code, unsigned int words)
{
	for (unsigned int i = 0; i < words; i++) {
		ebpf_load(code, 4, R0, AT, (int16_t)(4 * i));
		ebpf_alu(code, BPF_ADD, i % 2 ? SECOND : SUM, R0);
	}
}

/* One or two octets. */
static void put_part(struct buffer *code, int16_t from, unsigned int octets)
{
	ebpf_load(code, octets, R0, AT, from);
	if (octets == 1 && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		ebpf_alu_value(code, BPF_LSH, R0, 8, R0);
	ebpf_alu(code, BPF_ADD, SUM, R0);
}

/*
 * Goes to `wrong` unless SUM is a multiple of ffff, as the sum of what is right is; 0 it never is,
 * as the protocol or the first octet of IPv4 is in it. By the inverse of ffff modulo 2^64, which
 * takes each multiple to its quotient, and so anything else above the highest of these: four
 * instructions, where bringing the sum to 16 bits takes sixteen.
 */
static void put_multiple(struct buffer *code, struct xdp_jumps *wrong)
{
	const uint64_t highest = UINT64_MAX / 0xffff;

	ebpf_set(code, R0, highest);
	ebpf_alu(code, BPF_MUL, SUM, R0);
	ebpf_put(code, BPF_ALU64 | BPF_NEG, SUM, 0, 0, 0);
	xdp_jump_to(wrong, ebpf_jump(code, BPF_JGT, SUM, R0));
}

/* ---- layers ---- */

/* AT: behind the addresses of Ethernet and up to two tags, by the type in register 5. */
static void put_ethernet(struct buffer *code, struct xdp_jumps *out)
{
	ebpf_load(code, 2, R5, AT, ETH_LENGTH - 2);
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
	ebpf_alu_value(code, BPF_ADD, AT, ETH_LENGTH, R0);
}

/* Jumps where it is an IPv4 header without options that follows Ethernet, which is most of what
 * comes: the type and the header's first octet at one look. */
static ebpf_at put_plain(struct buffer *code)
{
	bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

	ebpf_load(code, 4, R0, AT, ETH_LENGTH - 2);
	ebpf_alu_value(code, BPF_AND, R0, little ? 0xffffff : -(uint64_t)0x100, R5);
	return ebpf_jump_value(code, BPF_JEQ, R0, little ? 0x450008 : 0x08004500, R5);
}

/* A number of 8 bits in register 0 goes into the sum, as it stands in a pseudo header. */
static void put_protocol(struct buffer *code)
{
	if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
		ebpf_alu_value(code, BPF_LSH, R0, 8, R5);
	ebpf_alu(code, BPF_ADD, SUM, R0);
}

/*
 * RFC 791. Without options, whole: others are not looked at. The sums of a right header and of a
 * right datagram are both zero modulo ffff, and so is seven times the one and the other: one look
 * at both. Neither seven nor eight, by which addresses count, has a divisor in common with ffff: a
 * word that changed is never made up for. The pseudo header's length is the header's less
 * 20, modulo ffff.
 */
static void put_ipv4(struct buffer *code, struct xdp_jumps *out)
{
	bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
	int32_t fragment = (int32_t)((uint32_t)wire16(0x3fff) << (little ? 16 : 0));
	ebpf_at icmp;

	ebpf_load(code, 4, SUM, AT, 4);
	xdp_jump_to(out, ebpf_jump_value(code, BPF_JSET, SUM, (uint64_t)(int64_t)fragment, R0));
	put_words(code, 0, 1);
	put_words(code, 8, 1);
	ebpf_load(code, 4, R5, AT, 12);
	ebpf_load(code, 4, R0, AT, 16);
	ebpf_alu(code, BPF_ADD, R5, R0);
	ebpf_alu(code, BPF_ADD, SUM, R5);
	ebpf_alu_value(code, BPF_MUL, SUM, 7, R0);
	ebpf_load(code, 2, LEFT, AT, 2);
	ebpf_load(code, 1, R0, AT, 9);
	icmp = ebpf_jump_value(code, BPF_JEQ, R0, IPPROTO_ICMP, R0); /* RFC 792: has none */
	ebpf_alu(code, BPF_ADD, SUM, R5);
	put_protocol(code);
	ebpf_alu(code, BPF_ADD, SUM, LEFT);
	ebpf_alu_value(code, BPF_ADD, SUM, 0xffffU - wire16(IPV4_LENGTH), R0);
	ebpf_land(code, icmp);
	ebpf_to_wire(code, 2, LEFT);
	xdp_jump_to(out, ebpf_jump_value(code, BPF_JLT, LEFT, IPV4_LENGTH, R0));
	ebpf_alu_value(code, BPF_SUB, LEFT, IPV4_LENGTH, R0);
	ebpf_load(code, 1, R5, AT, 9);
	ebpf_alu_value(code, BPF_ADD, AT, IPV4_LENGTH, R0);
}

/* RFC 8200. Extension headers are no protocol that is looked at. */
static void put_ipv6(struct buffer *code, struct xdp_jumps *out)
{
	put_reach(code, IPV6_LENGTH + UDP_LENGTH, out);
	ebpf_load(code, 2, LEFT, AT, 4);
	ebpf_move(code, SUM, LEFT);
	ebpf_to_wire(code, 2, LEFT);
	ebpf_load(code, 1, R0, AT, 6);
	put_protocol(code);
	put_words(code, 8, 8);
	ebpf_load(code, 1, R5, AT, 6);
	ebpf_alu_value(code, BPF_ADD, AT, IPV6_LENGTH, R0);
}

/* AT becomes the transport layer, of the protocol in register 5. */
static void put_network(struct buffer *code, struct xdp_jumps *out)
{
	ebpf_at plain, four, tagged, six;

	/* What is shorter than these has no room for a signature. */
	put_reach(code, ETH_LENGTH + IPV4_LENGTH + UDP_LENGTH, out);
	plain = put_plain(code);
	put_ethernet(code, out);
	four = ebpf_jump_value(code, BPF_JEQ, R5, wire16(0x0800), R0);
	xdp_jump_to(out, ebpf_jump_value(code, BPF_JNE, R5, wire16(0x86dd), R0));
	put_ipv6(code, out);
	six = ebpf_jump_always(code);
	ebpf_land(code, four);
	put_reach(code, IPV4_LENGTH + UDP_LENGTH, out);
	ebpf_load(code, 1, R0, AT, 0);
	xdp_jump_to(out, ebpf_jump_value(code, BPF_JNE, R0, 0x45, R0));
	tagged = ebpf_jump_always(code);
	ebpf_land(code, plain);
	ebpf_alu_value(code, BPF_ADD, AT, ETH_LENGTH, R0);
	ebpf_land(code, tagged);
	put_ipv4(code, out);
	ebpf_land(code, six);
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
	if (octets >= 4)
		put_many(code, octets / 4);
	else
		put_part(code, 0, octets);
	ebpf_alu_value(code, BPF_ADD, AT, octets, R0);
	ebpf_alu_value(code, BPF_SUB, LEFT, octets, R0);
	if (again)
		ebpf_put(code, BPF_JMP | BPF_JA, 0, 0,
			(int16_t)((int64_t)top - (int64_t)ebpf_here(code) - 1), 0);
	ebpf_land(code, none);
}

/* All of a transport layer that is as long as foreseen, without a loop: goes on at the end. */
static ebpf_at put_foreseen(struct buffer *code, uint32_t octets, struct xdp_jumps *out)
{
	ebpf_at other = ebpf_jump_value(code, BPF_JNE, LEFT, octets, R0);
	uint32_t at = octets / 4 * 4;
	ebpf_at done;

	put_reach(code, octets, out);
	put_many(code, octets / 4);
	if (octets & 2)
		put_part(code, (int16_t)at, 2);
	if (octets & 1)
		put_part(code, (int16_t)(at + (octets & 2)), 1);
	done = ebpf_jump_always(code);
	ebpf_land(code, other);
	return done;
}

static void put_sum(struct xdp_emission *e, struct xdp_jumps *out, struct xdp_jumps *wrong)
{
	struct buffer *code = e->code;
	uint32_t foreseen = e->plan->transport;
	ebpf_at few, done = 0;

	ebpf_set(code, SECOND, 0);
	if (foreseen && foreseen <= LEFT_MAX)
		done = put_foreseen(code, foreseen, out);
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
	if (done)
		ebpf_land(code, done);
	ebpf_alu(code, BPF_ADD, SUM, SECOND);
	put_multiple(code, wrong);
}

/* A number of 16 bits in a frame, or 0 where that ends before. */
static uint16_t number_at(const uint8_t *octets, uint32_t length, uint32_t at)
{
	return at + 2 <= length ? bytes_get_be16(octets + at) : 0;
}

uint32_t xdp_transport_length(const uint8_t *octets, uint32_t length)
{
	uint32_t at = ETH_LENGTH;
	uint16_t type = number_at(octets, length, at - 2);
	uint16_t told;

	for (unsigned int i = 0; i < 2 && (type == 0x8100 || type == 0x88a8); i++) {
		at += TAG_LENGTH;
		type = number_at(octets, length, at - 2);
	}
	told = number_at(octets, length, at + (type == 0x0800 ? 2 : 4));
	if (type == 0x0800)
		return told > IPV4_LENGTH ? told - IPV4_LENGTH : 0;
	return type == 0x86dd ? told : 0;
}

void xdp_verify(struct xdp_emission *e)
{
	struct buffer *code = e->code;
	struct xdp_jumps out = { .count = 0 }, wrong = { .count = 0 };
	ebpf_at done, told;

	ebpf_load(code, 4, AT, EBPF_CONTEXT, offsetof(struct xdp_md, data));
	ebpf_load(code, 4, END, EBPF_CONTEXT, offsetof(struct xdp_md, data_end));
	put_network(code, &out);
	put_transport(code, &out);
	put_sum(e, &out, &wrong);
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
