/* neighbour.h: asks the link who has an address: the only sender of ARP requests and neighbour
 * solicitations. */
#ifndef FLOW_NEIGHBOUR_H
#define FLOW_NEIGHBOUR_H

#include "link/interface.h"

struct err;

/*
 * The MAC of hop (length 4 or 16) on the interface: from the neighbour table, else by up to three
 * ARP requests (RFC 826) or neighbour solicitations (RFC 4861) a timeout apart. -EHOSTUNREACH with
 * *err, ERR_RESULT, where nobody answers.
 */
int neighbour_resolve(const struct interface *interface, const uint8_t *hop, size_t length,
	unsigned int timeout_ms, uint8_t ret_mac[6], struct err *err);

#endif
