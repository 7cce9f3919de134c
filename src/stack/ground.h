/* ground.h: the parts of user.h's ground, among themselves. */
#ifndef STACK_GROUND_H
#define STACK_GROUND_H

#include "base/clock.h"
#include "base/err.h"
#include "stack/icmp.h"
#include "flow/ip.h"
#include "stack/outside.h"
#include "stack/path_mtu.h"
#include "flow/reassembly.h"
#include "stack/resolution.h"
#include "stack/tuple.h"
#include "stack/user.h"
#include "stack/wrap.h"

#define ETH_HEADER	 14
#define GROUND_PROTOCOLS 2
#define GROUND_PORTS	 OUTSIDE_PORTS
#define GROUND_SCRATCH	 (128U * 1024U)
#define HEADERS_MAX	 512 /* of a frame: Ethernet or outer layers, IP, upper layer */
#define UPPER_MAX	 64
#define HOP_BUCKETS	 256
#define HOP_PENDING_MAX	 (256U * 1024U)	      /* octets that wait for a next hop's MAC */
#define HOPS_PENDING_MAX (8U * 1024U * 1024U) /* and for all of them */
#define HOPS_ASKING_MAX	 1024 /* asked for at once; beyond, the one of the oldest question goes */
#define KNOWN_ADDRESSES	 256  /* the ends of each packet are: a whole /24 has a place each */

/* A next hop, and what waits for it. */
#define OWN_MAX 256U /* addresses of our own: of one /24, or /120 */

struct hop {
	struct hop *next; /* in its bucket */
	unsigned int references;
	uint8_t address_length;
	uint8_t address[16];
	int interface;
	enum hop_state { HOP_ASKING, HOP_KNOWN, HOP_SILENT } state;
	uint8_t mac[6];
	uint8_t self[16];		 /* who asks */
	uint8_t introduced[OWN_MAX / 8]; /* addresses of our own that it was told of, a bit each */
	unsigned int tries;
	uint64_t at; /* ASKING: the next try; KNOWN: to be confirmed; SILENT: to be asked anew */
	struct hop *asking_next, **asking_link; /* in the order of the questions */
	struct pending *pending, **pending_end;
	size_t pending_octets;
};

struct hops {
	struct hop *buckets[HOP_BUCKETS];
	struct hop *asking, **asking_end; /* whose try is due next comes first */
	unsigned int asking_count;
	size_t pending, pending_octets; /* of frames that wait for one of them */
};

/* A route, and what user.h does not tell. */
struct route {
	struct stack_route public;
	struct tuple_entry entry; /* by what was asked: destination and source, scope as port */
	struct user_stack *stack;
	unsigned int references;
	const struct interface *interface;
	struct hop *hop; /* NULL on loopback */
};

/* Frames that wait for user_flush. */
struct batch {
	unsigned int count;
	struct outside_message messages[OUTSIDE_SEND_MAX];
	uint8_t headers[OUTSIDE_SEND_MAX][HEADERS_MAX];
};

struct interface_entry {
	struct interface_entry *next;
	struct interface interface;
};

/* An address that was looked up: of this host, or not. */
struct known_address {
	uint8_t address_length; /* 0: free */
	uint8_t address[16];
	bool local, broadcast;
	int owner; /* as struct interface_route has it */
	uint64_t until;
};

/* A protocol of the stack's. */
struct spoken {
	const struct stack_protocol *protocol;
	void *state;
};

/* Interfaces whose frames come again on another. */
struct lower {
	int *indexes;
	size_t count;
	uint64_t until; /* then it is to be read anew */
};

/* How many ICMP errors may be sent: RFC 4443 2.4 (f). */
struct allowance {
	uint64_t left; /* in ns of waiting */
	uint64_t at;
};

struct user_stack {
	struct stack base;
	struct stack_config config;
	struct outside *outside;
	const struct clock *clock;
	uint64_t now;
	uint64_t key, drawn; /* the seed's stream, and how many numbers of it were taken */
	int wake;	     /* an eventfd */
	int only;	     /* the interface asked for, 0: any */
	struct {
		bool on;	/* no kernel has it: --source-ip, or a template's */
		bool resolves;	/* ARP and neighbour discovery are answered for it */
		bool probing;	/* it is not ours yet */
		bool duplicate; /* somebody else answered for it */
		uint8_t length;
		unsigned int count;    /* of addresses: they differ in the last octet alone */
		uint8_t address[16];   /* the first */
		uint8_t contested[16]; /* the one that is somebody else's, where duplicate */
		uint8_t mac[6];
		bool has_link_mac;
		uint8_t link_mac[6]; /* to which frames come: mac, but for a tunnel's */
	} own;			     /* addresses that we answer for ourselves */
	struct spoken spoken[GROUND_PROTOCOLS];
	unsigned int spoken_count;
	struct interface_entry *interfaces;
	struct lower lower;
	uint64_t check_at; /* whether the interface is there still, and what it takes */
	struct allowance errors;
	struct hops hops;
	struct stack_address silent; /* the next hop that last did not answer; length 0: none */
	struct tuple_table routes;
	struct {
		struct route route;
		struct hop hop;
	} back;			     /* stack_route_back's */
	struct stack_guard **guards; /* by port */
	unsigned int guard_count;
	uint8_t *ports; /* the outside's, once there are many guards; NULL: not known */
	struct reassembly *reassembly;
	struct path_mtu path_mtu;
	struct known_address known[KNOWN_ADDRESSES];
	struct batch batch;
	uint32_t ip_id;
	struct pcapfile *record;
	struct err failure; /* the first that ends the stack: kind is ERR_NONE before */
	struct outside_failures failures;
	struct stack_counters counters;
	uint8_t *scratch; /* GROUND_SCRATCH: a whole frame, for the record and the trace */
};

/* The MAC that our frames leave with. */
static inline const uint8_t *ground_mac(
	const struct user_stack *stack, const struct interface *interface)
{
	return stack->own.on || stack->own.resolves ? stack->own.mac : interface->mac;
}

/* ---- user.c */
void ground_look_at_clock(struct user_stack *stack);
const struct interface *ground_interface(struct user_stack *stack, int index, struct err *err);
/* Their MTUs as they are now; routes follow where one takes less. */
void ground_look_at_interfaces(struct user_stack *stack);
/* Keeps the first error that ends the stack, for the next stack_wait. */
void ground_fail(struct user_stack *stack, const struct err *err);
const struct spoken *ground_protocol(const struct user_stack *stack, uint8_t number); /* NULL */
/* Tells the protocol of its packet's error; true: it was one of its flows. */
bool ground_tell(struct user_stack *stack, uint8_t protocol, const struct stack_error *error);

/* ---- loop.c: as struct stack_ops has them. */
int ground_wait(struct stack *base, int timeout_ms, struct err *err);
size_t ground_descriptors(
	const struct stack *base, struct pollfd *ret, size_t max, int *ret_timeout_ms);
void ground_wake(struct stack *base);
/* Takes input until the clock is there. */
void ground_listen(struct user_stack *stack, uint64_t deadline);

/* ---- watch.c: records and traces a frame that goes, or that came; packet: of TCP or UDP, the
 * whole that it holds, else NULL. */
void ground_seen(struct user_stack *stack, const struct outside_message *message);
void ground_heard(struct user_stack *stack, const struct outside_frame *frame,
	const struct stack_packet *packet);

/* ---- input.c: one frame in. */
void ground_input(struct user_stack *stack, const struct outside_frame *frame);

/* ---- input_icmp.c */
/* An ICMP or ICMPv6 message, its checksum right. */
void ground_icmp(struct user_stack *stack, const struct outside_frame *frame,
	const struct stack_packet *packet);
void ground_resolution(struct user_stack *stack, const struct outside_frame *frame,
	const struct resolution *heard);
/* An own address answers for its closed ports. */
void ground_refuse_datagram(struct user_stack *stack, const struct stack_packet *packet);

/* ---- output.c */
/* A whole Ethernet frame of ARP or neighbour discovery, sent at once, within the outer layers. */
void ground_send_resolution(
	struct user_stack *stack, int interface, const uint8_t *octets, size_t length);

/* ---- pending.c */
/* The packet in a frame. */
struct held_packet {
	uint8_t protocol;
	size_t network, transport; /* where the IP and the upper header begin */
};
/* Keeps a frame, copied, until the MAC is known with which its (innermost) Ethernet header begins.
 * -ENOBUFS: too many wait; -ENOMEM. */
int ground_hold(struct user_stack *stack, struct hop *hop, const struct outside_message *message,
	const struct held_packet *packet);
/* The packets that waited for the hop leave; or fail, and their protocols are told unless quiet. */
void ground_release(struct user_stack *stack, struct hop *hop);
void ground_discard(struct user_stack *stack, struct hop *hop, bool quiet);

/* ---- hop.c */
void hops_init(struct hops *hops);
struct hop *hop_get(struct user_stack *stack, const struct interface *interface,
	const uint8_t *address, size_t length, const uint8_t *self);
/* It is about to be used: one that was silent, or is long known, is asked again. */
void hop_use(struct user_stack *stack, struct hop *hop);
/* It is told of the address of our own that it will hear from, once: who has to ask for it may keep
 * too few of many answers until then. */
void hop_introduce(struct user_stack *stack, struct hop *hop, const uint8_t *address);
/* Its MAC stands in the outer layers: nobody is asked. */
void hop_settle(struct user_stack *stack, struct hop *hop);
void hop_put(struct user_stack *stack, struct hop *hop);
/* A message tells of who asked or answered. Is it somebody we send to? And what it tells, after
 * which leaves what waited for it. */
bool hop_is_told(struct user_stack *stack, int interface, const struct resolution *told);
void hop_learn(struct user_stack *stack, int interface, const struct resolution *told);
/* Asks again where it is time; and when that is next. */
void hops_run(struct user_stack *stack);
uint64_t hops_deadline(const struct user_stack *stack);
void hops_free(struct user_stack *stack);

/* ---- route.c */
/* No longer packets than the interface takes now. */
void routes_fit(struct user_stack *stack, const struct interface *interface);
/* Routes to the destination get no wider than mtu. */
void routes_lower(
	struct user_stack *stack, const uint8_t *destination, size_t length, uint32_t mtu);
/* An address of the host's, or a broadcast address; looked up and remembered for a while. */
const struct known_address *address_look_up(
	struct user_stack *stack, const uint8_t *address, size_t length);

/* ---- port.c */
/* Some socket of ours holds the protocol's port at this address. */
bool port_is_ours(const struct user_stack *stack, uint8_t protocol, const uint8_t *address,
	size_t length, uint16_t port);
/* The same at any address of our own. */
bool port_is_own(const struct user_stack *stack, uint8_t protocol, uint16_t port);

/* ---- own.c: addresses of our own. */
bool own_has(const struct user_stack *stack, const uint8_t *address, size_t length);
void own_address(const struct user_stack *stack, unsigned int index, uint8_t ret[16]);
unsigned int own_index(const struct user_stack *stack, const uint8_t *address); /* of one of them */
/* Takes config's, and what frames come to them by; probes for them and announces them. ERR_INPUT;
 * -EADDRINUSE. */
int own_open(struct user_stack *stack, struct err *err);
/* While they are probed for: somebody else's claim to one is noted; true: there is one. */
bool own_hear_claim(struct user_stack *stack, int interface, const struct resolution *heard);
/* A question about one; and the answer to it. */
bool own_is_asked(const struct user_stack *stack, int interface, const struct resolution *heard);
void own_answer(struct user_stack *stack, int interface, const struct resolution *heard);

#endif
