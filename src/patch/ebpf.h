/*
 * ebpf.h: a patch program as instructions of an XDP program, of which each run makes the next frame
 * of the run, the same octets as runner.h does. Made in memory: nothing here asks the system.
 */
#ifndef PATCH_EBPF_H
#define PATCH_EBPF_H

#include "base/arena.h"
#include "base/buffer.h"
#include "patch/program.h"

struct bpf_insn;
struct err;

/* Caller's storage. Borrows the patch program. */
struct patch_ebpf {
	const struct patch_program *program;
	struct buffer code;    /* struct bpf_insn, RFC 9669 */
	uint32_t functions[4]; /* which instruction each begins with, the program itself first */
	unsigned int function_count;
	/* The one value of the array map that the instructions work in, as it begins: where the run
	 * is, then images and tables, which stay. */
	struct buffer memory;
	size_t state_size; /* octets that a run of the program changes, from the memory's start */
	uint32_t *states;  /* for frame i of the program, where its numbers stand in memory */
	/* Each run is given a frame of this length; whatever it holds, all of it is written. */
	const uint8_t *octets;
	uint32_t length;
	bool several; /* images, over all frames */
	struct arena arena;
};

/* What the program does with a frame that it made, beside counting it. */
enum patch_ebpf_end {
	PATCH_EBPF_PASS,     /* ends with XDP_PASS, for who runs it to read */
	PATCH_EBPF_REDIRECT, /* to the device in the first place of a map of devices */
};

/*
 * ERR_SYSTEM where the kernel would not take what came out (-E2BIG) or what the frames want cannot
 * be done so: the reason stands in *err. An FCS is computed, as octets of the frame like others.
 */
int patch_ebpf_compile(struct patch_ebpf *ret, const struct patch_program *program,
	enum patch_ebpf_end end, struct err *err);
void patch_ebpf_fini(struct patch_ebpf *ebpf);

const struct bpf_insn *patch_ebpf_insns(const struct patch_ebpf *ebpf, unsigned int *ret_count);

/* Tells the instructions the maps' file descriptors: of the memory's, and of that of devices, which
 * is looked at where they redirect. */
void patch_ebpf_bind(struct patch_ebpf *ebpf, int memory, int devices);

/* Has the next run make the frame at index, and the count begin at 0. memory is the map's value, of
 * state_size octets at least. ahead: what CLOCK_REALTIME is of CLOCK_MONOTONIC, clock_wall_ahead.
 */
void patch_ebpf_seek(const struct patch_ebpf *ebpf, void *memory, uint64_t index, uint64_t ahead);

/* Frames made since, and their octets. */
uint64_t patch_ebpf_made(const void *memory);
uint64_t patch_ebpf_octets(const struct patch_ebpf *ebpf, const void *memory);

/* Appends the instructions as text, in the kernel's notation, one a line. */
void patch_ebpf_describe(const struct patch_ebpf *ebpf, struct buffer *out);

#endif
