/* answer.h: what answer_check says of two frames in words, for rows of tests. */
#ifndef SUPPORT_ANSWER_H
#define SUPPORT_ANSWER_H

#include "match/answer.h"

#include <stddef.h>

struct arena;

struct support_answer_row {
	const char *request, *received; /* as support_spec reads them */
	const char *words;
};

/* "reply: WORDS", "error: WORDS", "near: WORDS", "no answer". What a table of requests that goes by
 * the keys could not find ends the test. The arena's. */
const char *support_answer_words(struct arena *arena, const struct answer_frame *request,
	const struct answer_frame *received);

/* Reads the frame of the text, padded to 60 octets. Borrows the arena's octets. */
void support_answer_read(struct arena *arena, const char *text, struct answer_frame *ret);

/* A row whose words are others ends the test. */
void support_answer_rows(struct arena *arena, const struct support_answer_row *rows, size_t count);

#define SUPPORT_ANSWER_ROWS(arena, rows) \
	support_answer_rows(arena, rows, sizeof(rows) / sizeof((rows)[0]))

#endif
