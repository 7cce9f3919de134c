/* xdp_code.h: what the parts of xdp_program.h's emitter share. */
#ifndef MEASURE_XDP_CODE_H
#define MEASURE_XDP_CODE_H

#include "measure/xdp_program.h"

#include "patch/ebpf_code.h"

/* Registers that hold throughout, the context beside them; 0 to 5 are anybody's. */
#define XDP_TALLY    BPF_REG_7 /* the stream's */
#define XDP_SEQUENCE BPF_REG_8 /* the frame's, 32 bits */
#define XDP_NOW	     BPF_REG_9 /* CLOCK_REALTIME; 0: not asked for */

/* What stands on the stack, from BPF_REG_10. */
#define XDP_TIME   (-8)	 /* the signature's */
#define XDP_LENGTH (-16) /* the frame's */
#define XDP_DETAIL (-24) /* the stream's: its address */
#define XDP_CHECK  (-32) /* enum xdp_check */
#define XDP_AHEAD  (-40) /* by how much a sequence is ahead */
#define XDP_TRIES  (-48) /* that are left */

/* Jumps that lead to one place. */
struct xdp_jumps {
	ebpf_at from[32];
	unsigned int count;
};

struct xdp_emission {
	struct buffer *code;
	const struct xdp_plan *plan;
	struct xdp_jumps foreign, damaged, again;
};

void xdp_jump_to(struct xdp_jumps *jumps, ebpf_at from);
void xdp_land(struct buffer *code, struct xdp_jumps *jumps);

/* Adds what the register holds, or a number, to 64 bits of memory. Uses scratch. */
void xdp_add(
	const struct xdp_emission *e, int base, int16_t offset, int amount_register, int scratch);
void xdp_count(const struct xdp_emission *e, int16_t offset); /* the tally's; register 0 and 1 */

/* What its checksums say of the frame. */
enum xdp_check {
	XDP_SOUND,
	XDP_UNCHECKED, /* it has none that is looked at */
	XDP_CORRUPTED,
};

/* Stack slot XDP_CHECK becomes one of these. Registers 0 to 5. */
void xdp_verify(struct xdp_emission *e);

/* Follows the sequence. Goes on where it is one of the stream's, else at `damaged`.
 * Registers 0 to 5. */
void xdp_track(struct xdp_emission *e);

/* XDP_NOW becomes when the frame came: of a sample, and of the frame after it, for the gap between
 * them. Registers 0 to 5. */
void xdp_now(const struct xdp_emission *e);

/* Takes down what XDP_NOW and XDP_TIME tell. Registers 0 to 5. */
void xdp_times(const struct xdp_emission *e);

/* Adds register 0 to a series and its cells: offsets in the detail. Registers 0 to 5. */
void xdp_series(const struct xdp_emission *e, size_t series, size_t cells, unsigned int bits);

#define XDP_SERIES(e, name, cells, bits) \
	xdp_series(e, offsetof(struct xdp_detail, name), offsetof(struct xdp_detail, cells), bits)

#define XDP_TALLY_AT(member) ((int16_t)offsetof(struct xdp_tally, member))

/* Where things stand behind a tally, and how long one is with them. */
#define XDP_WINDOW_AT sizeof(struct xdp_tally)
size_t xdp_log_at(const struct xdp_plan *plan);
size_t xdp_tally_size(const struct xdp_plan *plan);
size_t xdp_details_at(const struct xdp_plan *plan);

#endif
