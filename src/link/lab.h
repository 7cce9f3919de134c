/*
 * lab.h: network namespaces of our own with veth pairs between them: a wire with the kernel's stack
 * at its other end. They have no names and only this process holds them, so that they are gone with
 * it, whatever ends it.
 */
#ifndef LINK_LAB_H
#define LINK_LAB_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

struct err;
struct lab;

#define LAB_WIRES_MAX 8

/* A veth pair. Our end has no addresses of the kernel's, which answers nothing there. */
struct lab_wire {
	char name[IFNAMSIZ]; /* our end, in the near namespace */
	uint8_t mac[6];
	uint8_t peer_mac[6];
	uint8_t peer_ipv4[4];
	uint8_t peer_ipv6[16];
	unsigned int ipv4_prefix, ipv6_prefix; /* bits */
	unsigned int mtu;		       /* octets; 0 as it comes. Both ends */
};

/* All ends at the other side are in one namespace, the peer's, which has a loopback interface, does
 * no duplicate address detection and limits no rate of ICMP errors. */
struct lab_config {
	struct lab_wire wires[LAB_WIRES_MAX];
	unsigned int count;
	bool forwarding; /* the peer is a router */
};

/*
 * Makes them, up and with a carrier, and puts the calling thread into the near namespace. Needs
 * CAP_SYS_ADMIN and CAP_NET_ADMIN, or a kernel that lets everybody have a user namespace, which the
 * process then stays in. On failure nothing is left.
 */
int lab_open(struct lab **ret, const struct lab_config *config, struct err *err);

/* Puts the calling thread into the one or the other: what it opens then is there. */
int lab_enter_near(const struct lab *lab, struct err *err);
int lab_enter_peer(const struct lab *lab, struct err *err);

/* Puts the calling thread back where lab_open was called (not out of a user namespace), and lets go
 * of the namespaces. NULL is harmless. */
void lab_close(struct lab *lab);

#endif
