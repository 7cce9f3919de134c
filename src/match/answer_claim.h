/*
 * answer_claim.h: what a packet asks for, or gives, in a form in which the two are alike. Internal
 * to src/match.
 */
#ifndef MATCH_ANSWER_CLAIM_H
#define MATCH_ANSWER_CLAIM_H

#include "match/answer_packet.h"

#define ANSWER_CLAIMS  3
#define ANSWER_NUMBERS 3

enum answer_topic {
	ANSWER_TOPIC_NONE,
	ANSWER_TOPIC_LINK,	    /* the same EtherType, MACs swapped, */
	ANSWER_TOPIC_LINK_NUMBERED, /* and a number */
	ANSWER_TOPIC_ARP,
	ANSWER_TOPIC_IP,     /* the same protocol, addresses swapped */
	ANSWER_TOPIC_ECHO,   /* ICMP messages that come in pairs with id and sequence */
	ANSWER_TOPIC_ROUTER, /* solicitation, advertisement */
	ANSWER_TOPIC_NEIGHBOUR,
	ANSWER_TOPIC_MEMBERSHIP, /* IGMP and MLD: query, report */
	ANSWER_TOPIC_PORTS,	 /* UDP and its like: addresses and ports swapped, */
	ANSWER_TOPIC_NUMBERED,	 /* and a number; */
	ANSWER_TOPIC_OTHER_PORT, /* a number, from whatever port, */
	ANSWER_TOPIC_ANYBODY,	 /* whatever address too, */
	ANSWER_TOPIC_FREE,	 /* to whatever address */
	ANSWER_TOPIC_TCP,
	ANSWER_TOPIC_SCTP,
	ANSWER_TOPICS,
};

struct answer_claim {
	uint8_t topic; /* enum answer_topic */
	bool open;     /* of a request: it went to many, and any of them may answer */
	uint8_t numbers;
	uint64_t number[ANSWER_NUMBERS]; /* one in common is needed; of a request the first is the
					    narrowest */
	uint64_t shown;			 /* the number that people know it by, */
	uint8_t shown_octets;		 /* and its width in hexadecimal */
};

/* Two frames that are held against each other. */
struct answer_pair {
	const struct answer_frame *request, *received;
	const struct answer_packet *asked, *given; /* innermost */
	const struct answer_claim *claim;	   /* of the request */
	struct answer_verdict *verdict;
	unsigned int wrong; /* things */
};

enum answer_part {
	ANSWER_LOCAL = 1,
	ANSWER_REMOTE = 2,
	ANSWER_LOCAL_PORT = 4,
	ANSWER_REMOTE_PORT = 8
};

/* What the two of a topic have in common. */
struct answer_topic_row {
	uint8_t parts;	    /* enum answer_part: swapped, */
	uint8_t open_parts; /* and those of an open request */
	bool loose;	    /* the number may be another one in an answer */
	const char *what;   /* an answer is called so */
	/* Holds what is the topic's own against each other, and says what it is. */
	void (*check)(struct answer_pair *pair);
};

extern const struct answer_topic_row answer_topics[ANSWER_TOPICS];

/* The request's claim; topic NONE where nothing answers it. */
void answer_claim_asked(const struct answer_frame *request, const struct answer_packet *packet,
	struct answer_claim *ret);

/* What a received packet may be the answer to: up to ANSWER_CLAIMS, the narrowest first. */
unsigned int answer_claims_given(const struct answer_frame *received,
	const struct answer_packet *packet, struct answer_claim ret[ANSWER_CLAIMS]);

/* Of each protocol, for the two above. What has nothing to say leaves the topic NONE. */
typedef void answer_claim_read(const struct answer_frame *frame, const struct answer_packet *packet,
	struct answer_claim *ret);
answer_claim_read answer_icmp_asked, answer_icmp_given, answer_tcp_asked, answer_tcp_given,
	answer_sctp_asked, answer_sctp_given, answer_igmp_asked, answer_igmp_given,
	answer_service_asked, answer_arp_asked;

/* Appends a claim for each service that the packet may be an answer of; returns how many there are
 * then. */
unsigned int answer_services_given(const struct answer_frame *frame,
	const struct answer_packet *packet, struct answer_claim *ret);

/* The checks of the rows. */
void answer_check_arp(struct answer_pair *pair);
void answer_check_echo(struct answer_pair *pair);
void answer_check_router(struct answer_pair *pair);
void answer_check_neighbour(struct answer_pair *pair);
void answer_check_numbered(struct answer_pair *pair);
void answer_check_link(struct answer_pair *pair);
void answer_check_sctp(struct answer_pair *pair);
void answer_check_membership(struct answer_pair *pair);
void answer_check_tcp(struct answer_pair *pair);

/* Notes one thing that differs; the first is the verdict's reason. */
void answer_wrong(struct answer_pair *pair, enum answer_reason reason, struct answer_value got,
	struct answer_value wanted);

/* The pair have nothing to do with each other. */
void answer_unrelated(struct answer_pair *pair);

/* Notes numbers that differ; octets is the width of those people write in hexadecimal, else 0. */
void answer_want(struct answer_pair *pair, enum answer_reason reason, unsigned int octets,
	uint64_t got, uint64_t wanted);

/* Notes addresses (4, 6 or 16 octets) that differ. */
void answer_want_address(struct answer_pair *pair, enum answer_reason reason, const uint8_t *got,
	const uint8_t *wanted, unsigned int octets);

struct answer_value answer_number(uint64_t number, unsigned int hex_octets);
struct answer_value answer_address(const uint8_t *octets, unsigned int length);

/* "port unreachable"; "error" of a type without a name. */
const char *answer_error_name(bool is_ipv6, uint8_t type, uint8_t code);

/* Two numbers into one, no two pairs of which are likely to be alike. */
static inline uint64_t answer_mix(uint64_t a, uint64_t b)
{
	unsigned __int128 product =
		(unsigned __int128)(a ^ 0x9e3779b97f4a7c15) * (b ^ 0xd6e8feb86659fd93);

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t answer_mix_octets(uint64_t seed, const uint8_t *octets, size_t length);

/* Transport header of the pair's packets. */
static inline const uint8_t *answer_asked(const struct answer_pair *pair)
{
	return pair->request->octets + pair->asked->upper;
}

static inline const uint8_t *answer_given(const struct answer_pair *pair)
{
	return pair->received->octets + pair->given->upper;
}

/* Whether the checksums of a received packet's headers are right: IP's and the transport's. */
void answer_check_sums(struct answer_pair *pair, const struct answer_packet *packet);

#endif
