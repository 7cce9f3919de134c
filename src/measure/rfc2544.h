/* rfc2544.h: which trials the benchmarks of RFC 2544 make, one after the other. Pure: trials in,
 * rates out. */
#ifndef MEASURE_RFC2544_H
#define MEASURE_RFC2544_H

#include <stdbool.h>
#include <stdint.h>

/* 9.1: frame sizes on Ethernet, FCS counted. */
#define RFC2544_SIZES 7U
extern const uint32_t rfc2544_sizes[RFC2544_SIZES];

/* 26.1, 26.4: the highest rate, or longest burst, that comes through whole. */
struct rfc2544_search {
	double most;	   /* the first that is tried */
	double resolution; /* a share of most: the search is over when it is so near */
	double low;	   /* the highest that passed; 0: none did */
	double high;	   /* the lowest that failed; 0: none did */
	bool limited;	   /* the sender could do no more than low */
	bool over;
	unsigned int trials;
};

void rfc2544_search_begin(struct rfc2544_search *search, double most, double resolution);

/* What to try next; false where the search is over, and low is what was found. */
bool rfc2544_search_next(const struct rfc2544_search *search, double *ret);

/* What came of the trial at `asked`: whether all came through, and how much was offered in truth.
 */
void rfc2544_search_tell(struct rfc2544_search *search, double asked, double offered, bool passed);

/* 26.3: from the whole of the rate down by tenths, until two in a row lose nothing. */
struct rfc2544_steps {
	unsigned int tenths; /* of the next trial; 0: it is over */
	bool clean;	     /* the one before lost nothing */
};

void rfc2544_steps_begin(struct rfc2544_steps *steps);
void rfc2544_steps_tell(struct rfc2544_steps *steps, bool clean);

/* Frames of this size a second at so many bits a second of the medium: with preamble and gap. */
double rfc2544_frames(double bits_per_second, uint32_t size);

#endif
