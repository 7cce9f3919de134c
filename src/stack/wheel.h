/*
 * wheel.h: many timers, most of which are moved before they are due: a hashed, hierarchical timing
 * wheel (Varghese and Lauck, SOSP 1987). Pure.
 */
#ifndef STACK_WHEEL_H
#define STACK_WHEEL_H

#include <stdint.h>

#define WHEEL_LEVELS 4
#define WHEEL_SLOTS  64
#define WHEEL_SHIFT  20 /* a tick is 2^20 ns, a millisecond or so: timers are never early by it */

/* Caller's storage, all zeros at first; part of what the timer is for. */
struct wheel_entry {
	struct wheel_entry *next, **link; /* link NULL: not set */
	uint64_t at;			  /* ns */
};

/* Caller's storage. */
struct wheel {
	uint64_t tick; /* how far it has turned */
	struct wheel_entry *slots[WHEEL_LEVELS][WHEEL_SLOTS];
	uint64_t used[WHEEL_LEVELS]; /* a bit a slot that may hold some */
	struct wheel_entry *due;
};

void wheel_init(struct wheel *wheel, uint64_t now);

/* Sets or moves it. UINT64_MAX: as wheel_cancel. */
void wheel_set(struct wheel *wheel, struct wheel_entry *entry, uint64_t at);
void wheel_cancel(struct wheel_entry *entry);

/* One that is due by now, which is not set any more; NULL: there is none. */
struct wheel_entry *wheel_take(struct wheel *wheel, uint64_t now);

/* When wheel_take may have one, at the earliest (it may turn out to have none yet); UINT64_MAX. */
uint64_t wheel_next(const struct wheel *wheel);

#endif
