/* ebpf_emission.h: what the making of an eBPF program holds; where things stand in its memory. */
#ifndef PATCH_EBPF_EMISSION_H
#define PATCH_EBPF_EMISSION_H

#include "patch/ebpf.h"
#include "patch/ebpf_code.h"

struct err;

/* That the kernel's verifier follows; that a map's value may well be; that an instruction reaches
 * from the address in a register. */
#define EBPF_INSNS_MAX	1000000U
#define EBPF_MEMORY_MAX (256U << 20)
#define EBPF_OFFSET_MAX ((size_t)INT16_MAX)

/* A frame of the program, while it is compiled. */
struct frame_place {
	uint64_t begins; /* place in the pass */
	size_t *tables;	 /* of each generator, in memory */
	size_t rows;	 /* its images, in memory, where the program has several */
	size_t row_size;
	size_t bases;	      /* octets of them in a row */
	unsigned int *shapes; /* of each image: the number of its shape, */
	unsigned int *firsts; /* and of each shape, the first image */
	unsigned int shape_count;
};

struct emission {
	struct patch_ebpf *ebpf;
	const struct patch_program *program;
	enum patch_ebpf_end end;
	struct frame_place *places;
	bool *written;	 /* room for one image's, */
	uint32_t *bases; /* and for its bases */
	struct ebpf_crc crc32, crc32c;
	struct ebpf_calls calls;
	const struct patch_frame *frame; /* at hand */
	struct frame_place *place;
};

/* The images of one frame, whether it varies or not; the most sums that one of them has. */
unsigned int ebpf_image_count(const struct patch_frame *frame);
unsigned int ebpf_most_sums(const struct patch_varying *varying);

/* It has come to more than the kernel takes. */
bool ebpf_too_long(const struct emission *e);

/* The shape of an image of the frame at hand, without bases. */
struct ebpf_shape ebpf_shape_of(struct emission *e, const struct patch_image *image);

/* Fills e->written for the image of the frame at hand; returns how many octets hold it all. */
uint32_t ebpf_find_written(struct emission *e, const struct patch_image *image);

/* Finds the shapes of each frame's images: those that the same instructions make. */
void ebpf_find_shapes(
	struct arena *arena, struct frame_place *place, const struct patch_varying *varying);

/* Lays out the memory: state, tables, images. */
int ebpf_place(struct emission *e, struct err *err);

#endif
