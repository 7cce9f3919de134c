/*
 * answer.h: which received frame answers which request, by what the layers of both say. Octets in,
 * verdict out: nothing is sent, allocated or remembered here, and no length is believed.
 *
 * A table of outstanding requests works so: each request is read, and entered under its
 * answer_keys_asked. What arrives is read, and looked up under its answer_keys_got; answer_check
 * then holds it against each request found, and decides. Whatever answer_check takes for an answer
 * or an error shares one of keys->answer[] with its request. Only what answers nothing is looked up
 * under keys->near[]; there it is enough to keep the last request of each key.
 */
#ifndef MATCH_ANSWER_H
#define MATCH_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;

#define ANSWER_DEPTH	  3		     /* packets within packets that are looked into, */
#define ANSWER_PACKETS	  (2 * ANSWER_DEPTH) /* and as many of those that an ICMP error quotes */
#define ANSWER_KEYS	  16
#define ANSWER_NEAR_KEYS  8
#define ANSWER_VALUE_MAX  16	     /* octets: an IPv6 address */
#define ANSWER_LENGTH_MAX (1U << 17) /* octets of a frame that are looked at */

enum answer_net { ANSWER_NET_LINK, ANSWER_NET_ARP, ANSWER_NET_IPV4, ANSWER_NET_IPV6 };

enum answer_tunnel {
	ANSWER_TUNNEL_NONE,
	ANSWER_TUNNEL_IP, /* IPv4 or IPv6 in IPv4 or IPv6, MPLS or not */
	ANSWER_TUNNEL_GRE,
	ANSWER_TUNNEL_VXLAN,
	ANSWER_TUNNEL_GENEVE,
	ANSWER_TUNNEL_GTPU,
	ANSWER_TUNNEL_PPPOE,
};

/* One packet: the whole frame's, or one that a tunnel carries. Places are octets from the frame's
 * start. */
struct answer_packet {
	uint8_t net;		/* enum answer_net */
	uint8_t tunnel;		/* enum answer_tunnel: what carries it */
	uint8_t protocol;	/* of IP: the transport's number, after extension headers */
	uint8_t address_octets; /* 4, 6 or 16 */
	bool has_upper;		/* the transport header begins at upper: no later fragment */
	bool fragment;		/* more fragments belong to it */
	bool cut;		/* octets that its length promises are not there */
	uint16_t type;		/* EtherType; 0 is LLC */
	uint32_t tunnel_id;	/* VNI, GRE key, PPPoE session */
	uint64_t vlans;		/* 1, then 13 bits a tag from the outside: service tag or not, id */
	uint32_t mac;		/* the Ethernet header right under it, where has_mac */
	bool has_mac;
	uint32_t at;	   /* where its header begins */
	uint32_t src, dst; /* addresses; dst is the last one of a source route */
	uint32_t upper;	   /* what follows its header */
	uint32_t end;	   /* where it ends: its length says so, or the frame does */
};

/* A frame as far as answers go. Borrows the octets. */
struct answer_frame {
	const uint8_t *octets;
	uint32_t length;
	uint8_t count;	/* packets, of which those from */
	uint8_t quoted; /* on are quoted by an ICMP error, that of the one before; count: none is */
	struct answer_packet packets[ANSWER_PACKETS];
};

/* octets[length] begin with an Ethernet header, and end without FCS. What cannot be read leaves
 * fewer packets, down to none. */
void answer_read(const uint8_t *octets, size_t length, struct answer_frame *ret);

struct answer_keys {
	uint8_t answers;
	uint8_t nears;
	uint64_t answer[ANSWER_KEYS];	 /* the narrowest first */
	uint64_t near[ANSWER_NEAR_KEYS]; /* the same without the peer's port and the number, and
					    without the peer's address */
};

/*
 * A request's keys: its answers, and the ICMP errors that quote it, are found under them. Requests
 * that an answer can tell apart have different first keys. None: nothing can answer it (a frame of
 * which not even MACs are there, an ICMP error).
 */
void answer_keys_asked(const struct answer_frame *request, struct answer_keys *ret);

/* A received frame's keys in answer[]: the narrowest first, so that the first request found under
 * any of them that answer_check takes is the right one. */
void answer_keys_got(const struct answer_frame *received, struct answer_keys *ret);

/* Those in near[], of a frame that answered nothing: of many another only answer[] is needed. */
void answer_keys_missed(const struct answer_frame *received, struct answer_keys *ret);

enum answer_kind {
	ANSWER_NONE,  /* nothing to do with the request, or two or more things differ */
	ANSWER_NEAR,  /* an answer but for one thing: `reason` */
	ANSWER_ERROR, /* an ICMP error that quotes the request: type and code */
	ANSWER_REPLY,
};

enum answer_reason {
	ANSWER_RIGHT,
	ANSWER_OTHER_ADDRESS,  /* it came from another address */
	ANSWER_OTHER_RECEIVER, /* it went to another address */
	ANSWER_OTHER_PORT,     /* it came from another port */
	ANSWER_OTHER_TARGET,   /* ARP, ND: it speaks of another address */
	ANSWER_OTHER_VLAN,
	ANSWER_OTHER_TUNNEL, /* another VNI, key or session */
	ANSWER_OTHER_ID,
	ANSWER_OTHER_SEQ,
	ANSWER_OTHER_QUESTION, /* DNS: the answer is to another question */
	ANSWER_OTHER_CLIENT,   /* DHCP, PTP, PPPoE: the answer is to another client */
	ANSWER_OTHER_TIME,     /* NTP, ICMP timestamp: it gives back another time */
	ANSWER_OTHER_TAG,      /* SCTP's verification tag */
	ANSWER_OTHER_TYPE,     /* TFTP: acknowledges where data was due, or the other way */
	ANSWER_ACK_SHORT,      /* acknowledges less than was sent */
	ANSWER_ACK_BEYOND,     /* and more */
	ANSWER_NO_ACK,	       /* TCP: acknowledges nothing, */
	ANSWER_NO_SYN,	       /* or neither takes nor refuses the connection */
	ANSWER_RESET_SEQ, /* a RST outside of the connection: not the seq that was acknowledged */
	ANSWER_OTHER_LENGTH,  /* the payload that was to be given back is longer or shorter */
	ANSWER_OTHER_PAYLOAD, /* or differs; got is the place */
	ANSWER_BAD_CHECKSUM,
	ANSWER_REDIRECT, /* a router knows a better way: no answer, one may yet come */
	ANSWER_QUENCH,	 /* a router wants less: no answer either */
	ANSWER_REASONS,
};

/* "port", "ack-short", ...: for scripts. */
extern const char *const answer_reason_names[ANSWER_REASONS];

enum answer_value_kind {
	ANSWER_VALUE_NONE,
	ANSWER_VALUE_DECIMAL,
	ANSWER_VALUE_HEX,
	ANSWER_VALUE_ADDRESS,
	ANSWER_VALUE_VLANS, /* ids as in struct answer_packet */
};

struct answer_value {
	uint8_t kind;	/* enum answer_value_kind */
	uint8_t length; /* of the address (4, 6 or 16), or of the hexadecimal number, in octets */
	union {
		uint64_t number;
		uint8_t address[ANSWER_VALUE_MAX];
	};
};

struct answer_verdict {
	enum answer_kind kind;
	enum answer_reason reason;    /* of NEAR */
	struct answer_value got;      /* what was found, */
	struct answer_value wanted;   /* and what an answer would have */
	struct answer_value from;     /* who sent it: the innermost packet's source */
	struct answer_value hardware; /* its MAC as ARP says, else as the frame does */
	const char *what;	      /* "echo reply", "SYN-ACK", "port unreachable"; static */
	uint8_t type, code;	      /* of an ICMP error */
	bool is_error;		      /* it is an ICMP error, also where that is a near miss, */
	bool is_ipv6;		      /* and ICMPv6's */
	uint8_t ttl; /* or hop limit, that it arrived with; 0 where there is none */
};

/* Holds a received frame against a request. A checksum that is wrong makes a near miss; one that
 * the sender left to its device (only the pseudo header is summed) is right. */
void answer_check(const struct answer_frame *request, const struct answer_frame *received,
	struct answer_verdict *ret);

/* Appends the verdict in words: "echo reply", "port unreachable from 10.0.0.1", "a reply came from
 * port 9999, not 53". */
void answer_tell(const struct answer_verdict *verdict, struct buffer *out);

/* Appends an address or number as people write it. */
void answer_tell_value(const struct answer_value *value, struct buffer *out);

#endif
