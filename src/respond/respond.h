/*
 * respond.h: makes the answer to a frame that arrives, by rules: a pattern of the request
 * (match/pattern.h), and the answer as a template in which names of the pattern stand. Pure: octets
 * in, octets out.
 *
 * A rule whose fields all stand at fixed places is compiled to a list of compares and copies
 * (program.h), which is how it comes to less than a microsecond, and how it can run in the kernel;
 * what that list cannot decide, and other rules, go by dissecting the frame and building the
 * answer. Both make the same octets.
 */
#ifndef RESPOND_RESPOND_H
#define RESPOND_RESPOND_H

#include "frame/spec.h"

struct arena;
struct responder;
struct respond_program;

struct respond_rule {
	const char *name;
	const struct frame_spec *request; /* a pattern */
	const struct frame_spec *answer;
};

enum respond_verdict {
	RESPOND_ANSWERED,
	RESPOND_OTHER, /* no rule's pattern fits */
	RESPOND_OWN,   /* it comes from a MAC that answers have: our own, or another responder's */
	RESPOND_GROUP, /* it comes from a group's MAC: who answers may start a storm */
	RESPOND_FRAGMENT, /* of a datagram whose rest is elsewhere */
	RESPOND_DAMAGED,  /* it is cut, or a length or checksum in it is wrong */
	RESPOND_UNMADE,	  /* no answer can be made of what it holds: it would be too long */
	RESPOND_VERDICTS,
};

/* "answered", "not matched", "from our own MAC", ...; and as JSON has them. */
extern const char *const respond_verdict_texts[RESPOND_VERDICTS];
extern const char *const respond_verdict_keys[RESPOND_VERDICTS];

/* Every frame as it came, instead of rules. */
enum respond_echo { RESPOND_ECHO_NONE, RESPOND_ECHO_SAME, RESPOND_ECHO_SWAP };

struct respond_config {
	enum respond_echo echo;
	const uint8_t *mac; /* 6 octets, the interface's, whose frames are not answered; NULL: none
			       but those that the answers come from */
	bool dissect;	    /* compile nothing, for tests */
};

/* Borrows the rules and their specs. -EINVAL with *err at the place where an answer cannot be
 * built. */
int responder_new(struct responder **ret, const struct respond_rule *rules, unsigned int count,
	const struct respond_config *config, struct err *err);
void responder_free(struct responder *responder);

/* Answers to octets[length]: written to answer, of FRAME_LENGTH_MAX octets; *ret_rule is the rule's
 * index. Of RESPOND_ANSWERED alone both are set. One thread at a time. */
enum respond_verdict responder_answer(struct responder *responder, const uint8_t *octets,
	uint32_t length, uint8_t *answer, uint32_t *ret_length, unsigned int *ret_rule);

/* The rule's program; NULL where it has none, and *ret_why (which may be NULL) says why. */
const struct respond_program *responder_program(
	const struct responder *responder, unsigned int rule, const char **ret_why);

/* The MACs that answers come from and the interface's, of 6 octets each. */
const uint8_t *responder_macs(const struct responder *responder, unsigned int *ret_count);

/* A request that the rule answers, and its answer, as specs of the arena's: for people to see. */
int respond_example(struct arena *arena, const struct respond_rule *rule,
	struct frame_spec *ret_request, struct frame_spec *ret_answer, struct err *err);

#endif
