/* check.h: whether a frame came as it was sent. */
#ifndef MEASURE_CHECK_H
#define MEASURE_CHECK_H

#include "frame/view.h"
#include "patch/program.h"
#include "wire/signature.h"

#include <stdbool.h>

struct measure_check;

enum check_verdict {
	CHECK_SAME,
	CHECK_REWRITTEN, /* but for what a router or switch changes: addresses and tags of the link,
			    TTL or hop limit with the IPv4 checksum, which is right */
	CHECK_CORRUPTED,
};

/*
 * program: each frame is made again and compared octet by octet; borrowed, and of the same values
 * as the sender's. NULL: the checksums of a frame say whether it is sound. views[i] is the
 * program's frame i at its first turn, whose placeholders are taken as they come, if the checksums
 * that cover them are right; NULL: there are none. One thread at a time. -ENOMEM.
 */
int measure_check_new(struct measure_check **ret, const struct patch_program *program,
	const struct frame_view *views);
void measure_check_free(struct measure_check *check); /* NULL is harmless */

/* The first frame of a stream as it is sent, valid until the next call; false without the sender's
 * frames. */
bool measure_check_example(struct measure_check *check, unsigned int stream,
	const uint8_t **ret_octets, uint32_t *ret_length);

/* "eth.src, ipv4.src": what is taken as it comes; "" where nothing is. Borrowed. */
const char *measure_check_unknown(const struct measure_check *check);

/* "ipv4.ttl: sent 64, arrived 63", of the first frame that was corrupted against the sender's;
 * "" where none was. Borrowed; not while frames are looked at. */
const char *measure_check_difference(const struct measure_check *check);

/* sequence is the signature's, with the bits above 32. Without an FCS, or with one behind. */
enum check_verdict measure_check_frame(struct measure_check *check, const uint8_t *octets,
	uint32_t length, const struct signature *signature, uint64_t sequence);

#endif
