/* wrap.h: outer layers around each packet of a stack: what they are, a template says. */
#ifndef STACK_WRAP_H
#define STACK_WRAP_H

#include "stack/ip.h"
#include "stack/socket.h"

struct err;
struct frame_spec;
struct stack_wrap;

struct stack_wrap_ops {
	/*
	 * Writes the frame up to the end of the innermost IP header, which is the template's with
	 * these fields in it, for a payload of fields->length octets. Returns how many octets;
	 * 0: there is no room for them.
	 */
	size_t (*put)(struct stack_wrap *wrap, const struct ip_fields *fields,
		const uint8_t hop_mac[6], const uint8_t own_mac[6], uint8_t *ret, size_t room);
	/* Where in a frame that has these layers the innermost IP header begins; 0: it has not. */
	size_t (*strip)(struct stack_wrap *wrap, const uint8_t *frame, size_t length);
};

/* Its own struct begins with this. */
struct stack_wrap {
	const struct stack_wrap_ops *ops;
	size_t ip_header; /* octets of the innermost IP header, options counted */
	size_t overhead;  /* octets between the Ethernet header and that one */
	bool gso;	  /* the kernel can segment frames with these layers */
	/* The innermost source address, from which the stack speaks; all frames leave by the
	 * interface that it was opened for, whatever the routes say, and to the MAC that stands in
	 * them. */
	uint8_t address_length;
	uint8_t source[16];
	/* An UDP port of the outer layers, at outer_source, to which the peer's frames come: where
	 * nobody has it the kernel would refuse them by ICMP. 0: none. */
	uint16_t outer_port;
	uint8_t outer_length;
	uint8_t outer_source[16];
};

/*
 * Outer layers as the frame has them, which ends in tcp or udp, as kind says, over ipv4 or ipv6 (a
 * payload is passed over; of what varies the first values count). What it gives stays as it is on
 * every packet, wrong values too; lengths and IPv4's checksums follow, an outer UDP checksum is 0
 * unless given. -EINVAL with *err at the place of what cannot be kept. The spec is not needed
 * afterwards.
 */
int stack_wrap_new(struct stack_wrap **ret, const struct frame_spec *spec, enum socket_kind kind,
	struct err *err);
void stack_wrap_free(struct stack_wrap *wrap); /* NULL is harmless */

/* Puts the window, urgent pointer and reserved bits that the frame gives into a TCP header. */
void stack_wrap_tcp(const struct stack_wrap *wrap, uint8_t *header);

#endif
