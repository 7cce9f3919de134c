/* wrap.h: outer layers around each packet of a stack, and what stands in its last header: what they
 * are, a template says. */
#ifndef STACK_WRAP_H
#define STACK_WRAP_H

#include "base/err.h"
#include "flow/ip.h"
#include "stack/socket.h"
#include "tcp/tcp.h"

struct frame_spec;
struct stack_wrap;

/* What a frame has within the layers. */
enum wrap_content { WRAP_NOTHING, WRAP_IP, WRAP_ARP };

struct stack_wrap_ops {
	/*
	 * Writes the frame up to the end of the innermost IP header, which is the template's with
	 * these fields in it, for a payload of fields->length octets. hop_mac goes in where the
	 * wrap asks for it. Returns how many octets; 0: there is no room for them.
	 */
	size_t (*put)(struct stack_wrap *wrap, const struct ip_fields *fields,
		const uint8_t hop_mac[6], uint8_t *ret, size_t room);
	/* Writes a whole frame of the innermost link, ARP or neighbour discovery, with what stands
	 * around and in its Ethernet header. As put; for a wrap that resolves. */
	size_t (*put_link)(struct stack_wrap *wrap, const uint8_t *frame, size_t length,
		uint8_t *ret, size_t room);
	/* What a frame has within these layers, and where: its innermost IP header, or ARP. */
	enum wrap_content (*strip)(
		struct stack_wrap *wrap, const uint8_t *frame, size_t length, size_t *ret_offset);
};

/* Who speaks within the layers: in which of the two ports of a frame PORT stands, and which of a
 * connection's first segments it is. */
enum wrap_role { WRAP_OPENS, WRAP_LISTENS };

struct wrap_port {
	bool given;
	uint16_t port, last; /* one of these: of an inc by 1; else they are the same */
	struct position at;
};

/* Of what the frame gives and no conversation can keep. */
struct wrap_note {
	struct position at;
	const char *layer, *field;
	const char *why;
	struct wrap_note *next; /* in the order in which they were found; NULL: none */
};

/*
 * What the frame gives of its last header. The ports are for who binds and connects to keep; of
 * notes and ports the places are as long as the spec's file names.
 */
struct wrap_given {
	struct wrap_port source, target; /* sport, dport */
	bool has_isn;
	uint32_t isn; /* of each connection */
	struct tcp_given tcp;
	/* UDP */
	bool has_length;
	uint16_t length;
	/* Both: as it stands in the header, or a wrong one. */
	bool has_checksum, bad_checksum;
	uint16_t checksum;
	struct wrap_note *notes;
};

/* Its own struct begins with this. */
struct stack_wrap {
	const struct stack_wrap_ops *ops;
	size_t ip_header; /* octets of the innermost IP header, options counted */
	size_t overhead;  /* octets between the Ethernet header and that one */
	bool gso;	  /* the kernel can segment frames with these layers */
	/* The innermost source address, from which the stack speaks; all frames leave by the
	 * interface that it was opened for, whatever the routes say. */
	uint8_t address_length;
	uint8_t source[16];
	/*
	 * The innermost IP header stands behind Ethernet and tags alone: on this link, which may be
	 * a tunnel's, ARP and neighbour discovery are spoken, from mac. asks: for the MAC of the
	 * other end too, which the frame leaves out; else it is the frame's.
	 */
	bool resolves, asks;
	size_t ethernet;      /* resolves: where the innermost Ethernet header begins */
	uint8_t mac[6];	      /* resolves: its source */
	uint8_t outer_mac[6]; /* the outermost one's: to it the peer's frames come */
	/* An UDP port of the outer layers, at outer_source, to which the peer's frames come: where
	 * nobody has it the kernel would refuse them by ICMP. 0: none. */
	uint16_t outer_port;
	uint8_t outer_length;
	uint8_t outer_source[16];
	struct wrap_given given;
};

/*
 * Outer layers as the frame has them, which ends in tcp or udp, as kind says, over ipv4 or ipv6 (a
 * payload is passed over; of what varies the first values count). What it gives stays as it is on
 * every packet, wrong values too; lengths and IPv4's checksums follow, an outer UDP checksum is 0
 * unless given. Where the innermost Ethernet header has no dst its hosts are asked for theirs.
 *
 * The last header is that of a packet that we send. Of TCP it is the first, unless its flags are
 * given without syn: then the first behind the handshake. -EINVAL with *err at the place of what
 * cannot be kept, and contradicts a conversation; what is only passed over is in the notes. The
 * spec is not needed afterwards.
 */
int stack_wrap_new(struct stack_wrap **ret, const struct frame_spec *spec, enum socket_kind kind,
	enum wrap_role role, struct err *err);
void stack_wrap_free(struct stack_wrap *wrap); /* NULL is harmless */

/* Puts what the frame gives of each TCP header, and of a SYN's, into one: checksum, urgent pointer,
 * reserved bits, flags that are not the engine's, the number that a SYN does not acknowledge. */
void stack_wrap_tcp(const struct stack_wrap *wrap, uint8_t *header);

#endif
