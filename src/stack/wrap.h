/* wrap.h: outer layers around each packet of a stack: what they are, a template says. */
#ifndef STACK_WRAP_H
#define STACK_WRAP_H

#include "stack/ip.h"

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
};

#endif
