/* link.h: lwIP on a network interface, by a packet socket. */
#ifndef TESTS_LWIP_LINK_H
#define TESTS_LWIP_LINK_H

#include <lwip/netif.h>

struct lwip_link {
	struct netif netif;
	int socket;	   /* readable: link_receive has something to do */
	unsigned int lose; /* of a hundred frames, each way: which, rand(3) says */
	u32_t last;	   /* sys_now() of the last frame that came */
};

/* With the interface's MAC address, a /24 and a /64; ends the program on failure. */
void link_open(struct lwip_link *link, const char *interface, const char *ipv4, const char *ipv6);
/* Gives lwIP all the frames that wait. */
void link_receive(struct lwip_link *link);

#endif
