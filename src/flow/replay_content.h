/* replay_content.h: what of a captured frame is sent again. Internal to src/flow. */
#ifndef FLOW_REPLAY_CONTENT_H
#define FLOW_REPLAY_CONTENT_H

#include "frame/build.h"
#include "link/capture.h"

/* The octets without FCS, and the FCS that goes with them, as they are to be sent. */
struct replay_content {
	const uint8_t *octets;
	size_t length;
	uint8_t fcs[FCS_LENGTH];
};

/* has_fcs: the capture's frames end in theirs. Borrows the octets. */
struct replay_content replay_content_of(const struct capture_frame *frame, bool has_fcs);

#endif
