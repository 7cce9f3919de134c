/* random_request.h: requests for tests of responders. */
#ifndef SUPPORT_RANDOM_REQUEST_H
#define SUPPORT_RANDOM_REQUEST_H

#include "respond/respond.h"

/*
 * A request that the rule answers, to octets[FRAME_LENGTH_MAX]: with a payload of any length up to
 * 1400 octets, then a few octets changed, cut or padded; lengths and checksums are as they should
 * be most of the time.
 */
void support_random_request(uint64_t *random, struct arena *arena, const struct respond_rule *rule,
	uint8_t *octets, uint32_t *length);

#endif
