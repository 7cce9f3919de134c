/* interface.h: facts about a network interface and the way to a destination, read by netlink;
 * nothing is sent or changed. */
#ifndef LINK_INTERFACE_H
#define LINK_INTERFACE_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

struct interface {
	char name[IFNAMSIZ];
	int index;
	unsigned int flags; /* IFF_UP, IFF_RUNNING, ... of netdevice(7) */
	unsigned int mtu;
	unsigned int rx_queues; /* at work; 0: the kernel does not tell */
	unsigned int arp_type;	/* ARPHRD_ETHER, ARPHRD_LOOPBACK, ... */
	char driver[32];	/* "veth", "e1000e"; "" where it says none */
	bool has_device;	/* hardware, or what passes for it, is behind it (Linux 5.14) */
	bool has_mac, has_ipv4, has_ipv6;
	uint8_t mac[6];
	uint8_t ipv4[4]; /* the first address of the widest scope, a link-local only where there is
			    no other */
	uint8_t ipv6[16];
};

/* No such interface is ERR_SYSTEM -ENODEV, and names the ones there are when one is near in
 * spelling. */
int interface_read(const char *name, struct interface *ret, struct err *err);

/* IFF_UP, IFF_LOWER_UP (it has a carrier), ... as they are now. -ENODEV where it is gone. */
int interface_flags_read(int index, unsigned int *ret, struct err *err);

/* The interface's own counters, IFLA_STATS64. */
struct interface_counters {
	uint64_t tx_packets, tx_bytes, tx_errors, tx_dropped;
	uint64_t rx_packets, rx_bytes, rx_errors, rx_dropped;
};

int interface_counters_read(int index, struct interface_counters *ret, struct err *err);

/*
 * The address that the frame has to be given to, on this interface, for destination (length 4 or
 * 16): itself when it is on the link, else the gateway. -ENETUNREACH with *err where no route leads
 * out of the interface, -EAFNOSUPPORT where the gateway of an IPv4 route is an IPv6 one. Multicast,
 * broadcast and the interface's own addresses are themselves.
 */
int interface_next_hop(const struct interface *interface, const uint8_t *destination, size_t length,
	uint8_t *ret_hop, struct err *err);

/* What the kernel would do with a packet of its own. */
struct interface_route {
	int index;	  /* of the interface that it leaves by */
	bool local;	  /* an address of this host: index is lo's */
	bool broadcast;	  /* of a network on the link */
	bool has_gateway; /* else the destination is on the link */
	bool has_source;  /* the address that it would leave from */
	uint8_t gateway[16], source[16];
	int owner;    /* of a local link-local IPv6 address, the interface that has it; else 0 */
	uint32_t mtu; /* what the route, or the path, is known to take; 0: as the interface */
};

/*
 * The way to destination (length 4 or 16), out of the interface of this index, 0 for any. As
 * interface_next_hop: -ENETUNREACH with *err where there is none; a gateway of the other IP version
 * is -EAFNOSUPPORT. Without a route of its own, IPv4 takes everybody to be on a link that was
 * named.
 */
int interface_route_read(int index, const uint8_t *destination, size_t length,
	struct interface_route *ret, struct err *err);

/*
 * The neighbour table's MAC for hop; -ENOENT with *err where it has none that is valid. Multicast
 * by RFC 1112 6.4 and RFC 2464 7, the broadcast addresses of the interface's networks all ones,
 * anybody on a loopback all zeros, on a device without ARP the device's own.
 */
int interface_neighbour(const struct interface *interface, const uint8_t *hop, size_t length,
	uint8_t ret_mac[6], struct err *err);

/* One offload by its ethtool name, "tx-checksum-ip-generic", "rx-vlan-hw-parse". */
struct interface_feature {
	char name[48];
	bool active;
	bool changeable;
};

/* *ret is the caller's to free(). */
int interface_features_read(const struct interface *interface, struct interface_feature **ret,
	size_t *ret_count, struct err *err);

#endif
