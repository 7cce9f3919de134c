/*
 * records.h: what was sent and is not yet acknowledged, in order and without gaps: each record a
 * stretch of sequence numbers with the time it was sent last and what is known of it. It is the
 * scoreboard of RFC 6675 and the segment list of RFC 8985.
 */
#ifndef TCP_RECORDS_H
#define TCP_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* At 1460 octets each these are 23 MB in flight. */
enum { RECORDS_MAX = 16384 };

enum record_flag {
	RECORD_SACKED = 1, /* the peer has it */
	RECORD_LOST = 2,   /* thought lost, and not sent again since */
	RECORD_RESENT = 4, /* sent more than once */
};

struct record {
	uint64_t sent;
	uint32_t left, right; /* right is the first one not in it */
	uint8_t flags;	      /* never both SACKED and LOST */
};

/* {0} is an empty list. */
struct records {
	struct record *at;
	size_t first, count, capacity; /* at[first] is the oldest */
	size_t sacked, lost;	       /* sequence numbers with these flags */
};

void records_fini(struct records *records);

static inline struct record *records_get(const struct records *records, size_t index)
{
	return &records->at[records->first + index];
}

/* Room for one more, or records_append and records_split fail, leaving all as it was. */
bool records_reserve(struct records *records);
bool records_append(struct records *records, uint32_t left, uint32_t right, uint64_t sent);

/* Makes number the beginning of a record, if it is within one. False: no room. */
bool records_split(struct records *records, uint32_t number);

/* The first record that ends after number; count if none does. */
size_t records_search(const struct records *records, uint32_t number);

/* Sets the flags of a record, and counts. */
void records_mark(struct records *records, size_t index, uint8_t flags);

/* Joins the record with the one before it where both were SACKED; returns its index then. */
size_t records_join(struct records *records, size_t index);

/* Takes the first record away, or its numbers before the given one. */
void records_pop(struct records *records);
void records_trim(struct records *records, uint32_t number);

#endif
