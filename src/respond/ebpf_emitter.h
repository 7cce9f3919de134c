/* ebpf_emitter.h: the parts of respond_ebpf, among themselves: rules as eBPF instructions. */
#ifndef RESPOND_EBPF_EMITTER_H
#define RESPOND_EBPF_EMITTER_H

#include "patch/ebpf_code.h"
#include "respond/ebpf.h"

/* Registers that hold throughout; 0 to 5 are anybody's. */
#define CONTEXT BPF_REG_6
#define END	BPF_REG_7 /* where the frame ends but for padding */
#define DATA	BPF_REG_8 /* the frame's octets, */
#define LIMIT	BPF_REG_9 /* and their end */
#define STACK	BPF_REG_10

/* What stands on the stack, below register 10. */
#define SLOT_LENGTH  (-8)  /* the frame's */
#define SLOT_PAYLOAD (-16) /* the sum of its payload */
#define SLOT_PSEUDO  (-24)
#define SLOT_SAVED   (-32) /* what is copied, downwards */
#define SAVED_MAX    56U

#define ETH_LENGTH 14
#define JUMPS_MAX  512U

/* Jumps that lead to one place. */
struct jumps {
	ebpf_at from[JUMPS_MAX];
	unsigned int count;
};

struct emitter {
	struct buffer *code;
	const struct respond_program *program;
	unsigned int redirect;
	size_t left;	   /* where the map says how many answers may be given; 0: any number */
	struct jumps next; /* the next rule */
	struct jumps pass; /* the frame goes on */
};

/* ---- ebpf_word.c: jumps, and numbers ---- */

void jumps_add(struct jumps *jumps, ebpf_at from);
void jumps_land(struct buffer *code, struct jumps *jumps);

/* Where on the stack piece index of what is copied stands. */
int16_t emit_slot(unsigned int index);

/* dst becomes the number. Uses register 5. */
void emit_word_get(struct emitter *e, const struct respond_word *word, int dst);

/* The number in register 0 goes into the word; what is around it stays. Registers 0 to 5. */
void emit_word_put(struct emitter *e, const struct respond_word *word);

/* ---- ebpf_request.c ---- */

/* END, as bounds_hold of run.c. */
void emit_bounds(struct emitter *e);
void emit_checks(struct emitter *e);
/* DATA and LIMIT, of which so many octets may be touched; else at `jumps`. */
void emit_pointers(struct emitter *e, uint32_t reach, struct jumps *jumps);

/* ---- ebpf_sum.c ---- */

/* Adds what the sum covers to register 0; what is not fixed of it stands on the stack. */
void emit_add_covered(struct emitter *e, const struct respond_sum *sum, uint32_t fixed);
/* Register 0 to 16 bits. Register 1. */
void emit_fold(struct emitter *e);
/* The sum of the octets from `need` to END, to the stack. */
void emit_payload_sum(struct emitter *e);
/* Register 0 becomes the sum of the pseudo header: of so many octets as are fixed, or to END. */
void emit_pseudo(struct emitter *e, const struct respond_sum *sum);
/* As sum_is_right of run.c. */
void emit_verified(struct emitter *e, const struct respond_sum *sum);

/* ---- ebpf_answer.c ---- */

void emit_constants(struct emitter *e);
/* Counts the answer, and sends it. */
void emit_end(struct emitter *e, unsigned int rule);
/* Takes one of the answers that may be given, where they are counted, or gives it back. */
void emit_take(struct emitter *e);
void emit_give_back(struct emitter *e);
/* The page becomes as long as the answer. */
void emit_length(struct emitter *e);
/* Octets of padding, in place of what padded the request. */
void emit_padding(struct emitter *e);
unsigned int emit_saved(struct emitter *e);
void emit_sum(struct emitter *e, const struct respond_sum *sum);
void emit_values(struct emitter *e);

#endif
