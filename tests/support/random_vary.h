/* random_vary.h: makes values of a spec vary at random, for tests of properties. */
#ifndef SUPPORT_RANDOM_VARY_H
#define SUPPORT_RANDOM_VARY_H

#include "frame/spec.h"

/* At least one and at most count values of the spec vary then, any of any layer or list item, all
 * of the value or a part. Ranges may be ones that frame_compile refuses. */
void support_random_vary(
	struct arena *arena, uint64_t *state, unsigned int count, struct frame_spec *spec);

#endif
