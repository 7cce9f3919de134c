/* text.h: numbers, units and hex as people write them, and the nearest name to a misspelt one. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;

/*
 * All parse the whole of text and refuse what is left over. They set err->text without a place (see
 * err_locate) and return 0 or -EINVAL; *ret is untouched then. text_number returns -ERANGE for a
 * number of more than 64 bits.
 *
 * text_number: decimal (010 is ten), 0x hexadecimal or 0b binary, of at most 64 bits.
 * text_duration: "10s", "1.5ms", "20us", "100ns", "2m", "1h", a bare number in seconds; in
 * nanoseconds. text_size: "100", "64k", "100MB", "1GiB": k or K is 1000, Ki is 1024, the B is
 * optional; in octets. text_hex: an even number of hex digits; blanks, ':' and '-' between octets
 * and one leading 0x are passed over. At most max octets, else an error that states the limit. The
 * octets are the arena's.
 */
int text_number(const char *text, uint64_t *ret, struct err *err);
int text_duration(const char *text, uint64_t *ret_ns, struct err *err);
int text_size(const char *text, uint64_t *ret, struct err *err);
int text_hex(struct arena *arena, const char *text, size_t max, const uint8_t **ret,
	size_t *ret_length, struct err *err);

enum text_rate_unit {
	TEXT_RATE_MAX,	     /* "max": as fast as it goes */
	TEXT_RATE_FRAMES,    /* "10kpps", "1000/s": frames a second */
	TEXT_RATE_BITS,	     /* "100Mbps": bits a second of the frame's octets without FCS */
	TEXT_RATE_WIRE_BITS, /* "1Gbps-wire": with 24 octets more a frame: preamble, FCS, gap */
};

struct text_rate {
	enum text_rate_unit unit;
	double value; /* a second; more than 0, unless MAX */
};

int text_rate(const char *text, struct text_rate *ret, struct err *err);

/* "1kpps..100kpps/10s": from one rate to another, both of one unit, evenly in that time, and on at
 * the last. A rate alone is a ramp that takes no time. */
struct text_ramp {
	struct text_rate from, to;
	uint64_t ns; /* 0: no ramp, and to is from */
};

int text_ramp(const char *text, struct text_ramp *ret, struct err *err);

/*
 * The candidate nearest to word by edits (insert, delete, change, swap of neighbours), NULL where
 * none is near enough to suggest: at most a third of its length, at least one edit. names[count];
 * the result is one of them.
 */
const char *text_nearest(const char *word, const char *const *names, size_t count);

#endif
