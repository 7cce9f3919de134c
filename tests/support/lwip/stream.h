/* stream.h: TCP connections of lwIP, towards standard input and output, or as an echo. */
#ifndef TESTS_LWIP_STREAM_H
#define TESTS_LWIP_STREAM_H

#include <lwip/tcp.h>

#include <stdbool.h>
#include <stddef.h>

struct stream_options {
	bool echo;	    /* what comes goes back, on any number of connections */
	u32_t pause_ms;	    /* after the first octets, before they are taken from lwIP */
	u32_t narrow;	    /* octets by which the window is less than lwIP's */
	size_t reset_after; /* octets taken, then a RST; 0: none */
};

struct streams {
	struct stream_options options;
	struct stream *first;
	bool opened;  /* there was one */
	err_t failed; /* why the last that failed did */
};

/* Both end the program where lwIP refuses. */
void streams_listen(struct streams *streams, u16_t port);
void streams_connect(struct streams *streams, const ip_addr_t *address, u16_t port);

/* Moves what can be moved; input: standard input has something, or its end. */
void streams_move(struct streams *streams, bool input);
/* There is a connection that has room for standard input. */
bool streams_want_input(const struct streams *streams);

#endif
