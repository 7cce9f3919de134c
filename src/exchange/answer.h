/* answer.h: what a host says to who asks for its address. */
#ifndef EXCHANGE_ANSWER_H
#define EXCHANGE_ANSWER_H

#include "frame/view.h"

struct arena;

/*
 * The ARP reply (RFC 826) or neighbour advertisement (RFC 4861 7.2.4) that gives mac for the
 * address that the frame asks for; octets are the arena's. false: it asks for none. Who asks for an
 * address to see that nobody has it (RFC 5227, RFC 4862) is not answered.
 */
bool answer_make(struct arena *arena, const struct frame_view *asked, const uint8_t mac[6],
	const uint8_t **ret, uint32_t *ret_length);

/* Whether the frame is one that every host and router sends by itself: ARP, ND, MLD, IGMP. */
bool answer_is_background(const struct frame_view *view);

#endif
