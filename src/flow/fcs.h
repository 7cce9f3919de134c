/* fcs.h: who puts the FCS on each frame: the device, we in its place, or we after the payload. */
#ifndef FLOW_FCS_H
#define FLOW_FCS_H

#include "frame/compile.h"

struct buffer;
struct err;

/* What the user asked for: send --fcs. */
enum fcs_request { FCS_REQUEST_DEFAULT, FCS_REQUEST_NIC, FCS_REQUEST_REPLACE, FCS_REQUEST_APPEND };

extern const char *const fcs_way_names[FCS_WAYS]; /* "nic", "replace", "append" */

/* A link as far as an FCS goes. */
struct fcs_device {
	const char *name;   /* "eth1" */
	const char *driver; /* "veth"; "" where it says none */
	bool is_file;	    /* a capture file: takes any FCS */
	bool replaces;	    /* sends frames with an FCS of ours; see link_packet_probe_fcs */
};

/* What the frames of a run came to: for the report. */
struct fcs_summary {
	uint64_t frames[FCS_WAYS]; /* frames of the program a way */
	bool fallback;		   /* a given value is appended because the device cannot replace */
	bool left_out;		   /* a given value or `bad` is not sent: --fcs nic */
};

/* Whether the choice for such a frame depends on what the device can: else it need not be probed.
 */
bool fcs_depends_on_device(enum spec_fcs_mode mode, enum fcs_request request);

/*
 * The way of one frame. `auto` and `none` are left to the device; a given value replaces where the
 * device can, else is appended; `bad` needs a device that can. A request goes before that, and a
 * frame with `none` has nothing to replace or append. ERR_SYSTEM, -EPROTONOSUPPORT, where the
 * device cannot do what was asked; name is the frame's.
 */
int fcs_choose(const char *name, enum spec_fcs_mode mode, enum fcs_request request,
	const struct fcs_device *device, enum fcs_way *ret, struct err *err);

/* Counts a frame's choice into the summary. */
void fcs_summarize(struct fcs_summary *summary, enum spec_fcs_mode mode, enum fcs_request request,
	enum fcs_way way);

/* Whether frames have an FCS at all on the way out of this device: not on a veth, nor in a file. */
bool fcs_has_wire(const struct fcs_device *device);

/* Appends the sentence for the report, without a full stop: "the device appends its own FCS". */
void fcs_tell(
	const struct fcs_summary *summary, const struct fcs_device *device, struct buffer *out);

#endif
