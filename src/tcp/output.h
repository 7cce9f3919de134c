/* output.h: between output.c, which chooses what is sent next, and transmit.c, which sends data. */
#ifndef TCP_OUTPUT_H
#define TCP_OUTPUT_H

#include "tcp/connection.h"

/* A segment without data: with an ACK all that it acknowledges counts as acknowledged. */
void output_begin(
	struct tcp *tcp, struct tcp_segment *ret, uint32_t seq, uint8_t flags, uint64_t now);

/* Data or FIN: what was lost first, then new. False: there is nothing that may be sent now. */
bool transmit_next(struct tcp *tcp, struct tcp_segment *ret, uint64_t now);

#endif
