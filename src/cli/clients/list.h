/* list.h: the list of clients, as one JSON text that all answers share. */
#ifndef CLI_CLIENTS_LIST_H
#define CLI_CLIENTS_LIST_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

struct stack_address;

#define CLIENTS_MAX	   65536U     /* clients in the list: beyond, the oldest go */
#define CLIENTS_OCTETS_MAX (1U << 30) /* octets of all texts that are still being sent */

/* One state of the text, alive while the list or an answer needs it. It only ever grows, so that
 * an answer is the beginning of a text that goes on. */
struct clients_text;

/* What a client gets: octets[length], then a '}'. */
struct clients_answer {
	struct clients_text *text;
	const uint8_t *octets;
	size_t length;
};

struct clients_row;

/* Caller's storage; any thread may add. */
struct clients_list {
	pthread_mutex_t mutex;
	struct clients_text *text;
	struct clients_row *rows; /* in order of coming */
	size_t count;
	uint32_t *places; /* a hash: index into rows + 1, 0 for none */
	uint64_t seed;	  /* of the hash, so that no choice of names makes it slow */
	size_t octets;	  /* of all texts alive */
};

void clients_list_init(struct clients_list *list, uint64_t seed);
void clients_list_fini(struct clients_list *list);

/*
 * Enters a client under its name, which may be any octets, instead of the one that had it, and
 * gives the list as it then is. -ENOMEM: too much is still being sent to others.
 */
int clients_list_add(struct clients_list *list, const uint8_t *name, size_t length,
	const struct stack_address *address, struct clients_answer *ret);
void clients_answer_put(struct clients_list *list, struct clients_answer *answer);

#endif
