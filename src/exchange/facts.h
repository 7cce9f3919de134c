/* facts.h: the addresses of a lab, which are the same everywhere: those for documentation. */
#ifndef EXCHANGE_FACTS_H
#define EXCHANGE_FACTS_H

#include "link/lab.h"
#include "template/script.h"

struct arena;

struct facts {
	const char *mac, *ipv4, *ipv6; /* ours */
	const char *peer_mac, *peer_ipv4, *peer_ipv6;
};

#define FACTS_IPV4_PREFIX 24
#define FACTS_IPV6_PREFIX 64
#define FACTS_MTU	  1500

extern const struct facts facts_of_labs[SCRIPT_PORTS_MAX]; /* by script_port.lab */

/* What answers $if.*, $hop.mac and $peer.* of a lab's port; its context is the arena's. */
void facts_resolver(struct arena *arena, const struct script_port *port, struct resolver *ret);

/* What answers for an interface that is there: base's answers, and that nobody knows a peer. base's
 * context is borrowed, the rest the arena's. */
void facts_resolver_plain(struct arena *arena, const struct resolver *base, struct resolver *ret);

/* The wires of the script's labs; false: it has none. */
bool facts_lab(const struct script *script, struct lab_config *ret);

/* Of six octets. */
void facts_mac(const char *text, uint8_t ret[6]);

#endif
