/* numbers.h: numbers as people read them, appended to a buffer. */
#ifndef CLI_NUMBERS_H
#define CLI_NUMBERS_H

#include <stdint.h>

struct buffer;

double numbers_seconds(uint64_t ns);
double numbers_per_second(uint64_t amount, uint64_t ns); /* 0 where no time went by */

void numbers_put(struct buffer *out, uint64_t value);			      /* "1,234,567" */
void numbers_put_count(struct buffer *out, uint64_t count, const char *noun); /* "1 frame" */
void numbers_put_time(struct buffer *out, double ns);			      /* "12.3 us" */
void numbers_put_scaled(struct buffer *out, double value, const char *unit);  /* "4.80 Mbit/s" */

/* How long a run took: "in 1.234 s"; a short one "in 56 us". */
void numbers_put_elapsed(struct buffer *out, uint64_t ns);

#endif
