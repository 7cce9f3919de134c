/*
 * outstanding.h: the probes that were sent and what became of them, found by what answers them. No
 * frame is kept: that of a number is made again from the program when it is asked for.
 *
 * Probes are numbered from 0 as the program's frames are, and take a place for as long as there is
 * room behind them: one that is answered or lost keeps its place until a newer one takes it, so
 * that duplicates and late answers are known for what they are.
 */
#ifndef PROBE_OUTSTANDING_H
#define PROBE_OUTSTANDING_H

#include "match/answer.h"
#include "patch/runner.h"
#include "probe/table.h"

struct err;

#define OUTSTANDING_MAX (1U << 20) /* places */

enum probe_state {
	PROBE_UNSENT, /* or its place is another's by now */
	PROBE_WAITING,
	PROBE_ANSWERED,
	PROBE_LOST, /* not answered in time */
};

struct probe_record {
	uint64_t key; /* the narrowest: of two probes of one key no answer tells which it is for */
	uint64_t sent_ns;  /* its last sending's stamp */
	uint64_t deadline; /* by the clock */
	uint32_t next_due; /* place of the next one in the queue of deadlines, */
	uint32_t alike;	   /* of the next one of the same key, */
	uint32_t last;	   /* of the last one, and */
	uint32_t turn; /* of the one whose turn it is: of those alike only the first has these, */
	uint32_t errors_turn; /* likewise, of those alike of which errors do not tell more */
	uint32_t whole;	      /* of all keys: those of one are not even told apart by errors */
	bool first;	      /* and stands in the table under all its keys; */
	bool besides;	      /* others under those that it has alone */
	bool queued;
	bool hardware; /* the stamp is the device's */
	uint8_t state;
	uint32_t sendings;
};

/* Of requests whose answers may miss them by a little: the last one for each key. */
#define OUTSTANDING_NEAR 65536U

struct outstanding {
	struct patch_runner runner;
	struct patch_slot *slot;
	struct probe_table table;
	struct probe_record *records;
	struct probe_cell *near;
	uint32_t mask;
	uint64_t next;		      /* the number behind the last one */
	uint32_t due_first, due_last; /* the queue */
	uint64_t waiting;	      /* probes */
	uint64_t alike;		      /* that an answer cannot tell from one before them */
	uint64_t unanswerable;	      /* to which nothing can be an answer */
};

/* Room for so many probes at once, OUTSTANDING_MAX at most. Borrows the program. */
int outstanding_init(struct outstanding *o, const struct patch_program *program, uint64_t places,
	struct err *err);
void outstanding_fini(struct outstanding *o);

/* Octets that each of the places takes, with its share of the table. */
double outstanding_cost(const struct outstanding *o);

/* Whether there is a place for the probe of this number: that of one that is done with. */
bool outstanding_has_room(const struct outstanding *o, uint64_t number);

/*
 * The probe of this number was sent, octets its frame without FCS. Numbers only rise; those that
 * are left out stay PROBE_UNSENT. Nobody else has its place any more.
 */
struct probe_record *outstanding_add(struct outstanding *o, uint64_t number, const uint8_t *octets,
	uint32_t length, uint64_t deadline);

/* It waits until another deadline, no earlier than those of all others. */
void outstanding_wait(struct outstanding *o, struct probe_record *record, uint64_t deadline);

/* A waiting probe is answered or lost. */
void outstanding_settle(struct outstanding *o, struct probe_record *record, enum probe_state state);

/* NULL: its place is another's. */
struct probe_record *outstanding_find(const struct outstanding *o, uint64_t number);

/* The next deadline: UINT64_MAX where nobody waits. Of one that has passed the probe is taken from
 * the queue: it is to wait again, or to be lost. */
uint64_t outstanding_deadline(struct outstanding *o);
bool outstanding_take_due(struct outstanding *o, uint64_t now, uint64_t *ret_number);

/*
 * What the received frame is to whom: ANSWER_REPLY and ERROR with the number of the probe (of those
 * alike the oldest that waits), NEAR with that of the last one that it may have been meant for, or
 * NONE.
 */
enum answer_kind outstanding_match(struct outstanding *o, const struct answer_frame *received,
	uint64_t *ret_number, struct answer_verdict *ret);

/* The frame of a number, made again: valid until the next call. Without FCS. */
void outstanding_request(
	struct outstanding *o, uint64_t number, const uint8_t **ret_octets, uint32_t *ret_length);

#endif
