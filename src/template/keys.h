/* keys.h: takes a mapping apart by the keys that it may have. */
#ifndef TEMPLATE_KEYS_H
#define TEMPLATE_KEYS_H

#include "template/node.h"
#include "wire/wire.h"

struct arena;

struct keys {
	const char *const *names;
	unsigned int count;
	const char *what;		  /* "field", "key" */
	const char *where;		  /* whose: "udp", "a frame" */
	const struct wire_record *record; /* where the names are its fields, else NULL: for hints */
};

#define KEYS(array, what_, where_)                                                              \
	{                                                                                       \
		.names = (array), .count = sizeof(array) / sizeof((array)[0]), .what = (what_), \
		.where = (where_)                                                               \
	}

/* Whether the node is a mapping that has one of these keys. */
bool keys_any(const char *const *names, unsigned int count, const struct node *node);

/* -EINVAL with *err at the member: its key stands at first, too. */
int keys_twice(const struct node *member, const struct position *first, struct err *err);

/*
 * members[keys->count]: by name, the value or NULL. An unknown key, one that stands twice and one
 * without a value are -EINVAL with *err at the key; did you mean.
 */
int keys_pick(const struct keys *keys, const struct node *mapping, const struct node **members,
	struct err *err);

/* -EINVAL with *err for a key without a value: says what was meant, if that can be told. before is
 * the member before it, NULL where it is the first. */
int keys_no_value(const struct keys *keys, const struct node *before, const struct node *member,
	struct err *err);

/* "; did you mean "NEAR"?", or "; known: ..." when none is near. */
void keys_suggest(const char *const *names, unsigned int count, const char *word, struct err *err);

#endif
