/* split.h: a link over two, for both sides of a conversation: frames keep their order. */
#ifndef LINK_SPLIT_H
#define LINK_SPLIT_H

#include "link/link.h"

/*
 * Frames of the program whose number has sides[number] set leave by second, the others by first; a
 * frame is handed to one side only when those before it were to the other. The counters are the
 * sums of both. sides is borrowed, one a frame of the program. Owns both links from here on; on
 * failure they stay the caller's. -ENOMEM.
 */
int link_split_open(
	struct link **ret, struct link *first, struct link *second, const uint8_t *sides);

#endif
