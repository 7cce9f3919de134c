/* verify.h: sends each frame of a program once and holds what arrives on a second interface against
 * it. */
#ifndef FLOW_VERIFY_H
#define FLOW_VERIFY_H

#include "frame/diff.h"
#include "link/capture.h"
#include "link/link.h"

struct arena;
struct err;

enum verify_outcome {
	VERIFY_EQUAL,	  /* the same octets */
	VERIFY_EXPLAINED, /* differs by what a link may do to any frame: padding, the FCS taken off
			   */
	VERIFY_CHANGED,
	VERIFY_DROPPED,	 /* nothing that could be it arrived */
	VERIFY_NOT_SENT, /* the link refused it */
	VERIFY_OUTCOMES,
};

extern const char *const verify_outcome_names[VERIFY_OUTCOMES]; /* "equal", "not-sent", ... */

struct verify_result {
	const char *name; /* the frame's */
	enum verify_outcome outcome;
	struct diff *diffs;
	unsigned int count;
	const struct frame_view *sent;
	const struct frame_view *arrived; /* NULL when dropped or not sent */
};

/*
 * Each frame of the program is sent once, one that varies as it is at its first turn. sent[i] is
 * the view of frame i so: of the octets that leave, an FCS that the device is to append aside.
 * capture was opened on the receiving interface before. Frames are matched by their octets, nearest
 * first, within timeout_ms of the last send. *ret has one row a frame, the arena's. An error of the
 * link or the capture that ends the run is returned, *ret untouched.
 */
int verify_run(struct arena *arena, struct link *link, const struct patch_program *program,
	const struct frame_view *const *sent, struct capture *capture, unsigned int timeout_ms,
	struct verify_result **ret, struct err *err);

/* How alike two frames are: octets that stand in the same place from the start or from the end, or
 * at both ends around what was put in or taken out. At most the shorter length. */
size_t verify_likeness(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length);

#endif
