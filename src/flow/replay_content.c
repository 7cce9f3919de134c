/* What of a captured frame is sent again. */
#include "flow/replay_content.h"

#include <string.h>

/* Of a frame that was cut, the FCS was cut first. */
struct replay_content replay_content_of(const struct capture_frame *frame, bool has_fcs)
{
	struct replay_content content = { .octets = frame->octets, .length = frame->captured };
	bool whole = frame->captured == frame->length;

	if (has_fcs && whole && content.length >= FCS_LENGTH) {
		content.length -= FCS_LENGTH;
		memcpy(content.fcs, frame->octets + content.length, FCS_LENGTH);
		return content;
	}
	if (has_fcs && !whole && frame->length - frame->captured < FCS_LENGTH) {
		size_t part = FCS_LENGTH - (frame->length - frame->captured);

		content.length -= part < content.length ? part : content.length;
	}
	crc32_fcs(content.octets, content.length, content.fcs);
	return content;
}
