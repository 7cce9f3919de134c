/* A patch program as one of eBPF: which frame's instructions run, and what they come to. */
#include "patch/ebpf.h"

#include "base/err.h"
#include "patch/ebpf_emission.h"

#include <string.h>

/* ---- instructions ---- */

/* Of consecutive runs of register 1's numbers, the instructions of the one that it is in. */
static void branch(struct emission *e, unsigned int first, unsigned int end,
	uint64_t (*begins)(const struct emission *e, unsigned int index),
	void (*leaf)(struct emission *e, unsigned int index))
{
	unsigned int middle = first + (end - first) / 2;
	ebpf_at below, above;

	if (ebpf_too_long(e))
		return;
	if (end - first == 1) {
		leaf(e, first);
		return;
	}
	below = ebpf_jump_value(&e->ebpf->code, BPF_JLT, R1, begins(e, middle), R2);
	above = ebpf_jump_always(&e->ebpf->code);
	ebpf_land(&e->ebpf->code, below);
	branch(e, first, middle, begins, leaf);
	ebpf_land(&e->ebpf->code, above);
	branch(e, middle, end, begins, leaf);
}

/* The frame is made: counts it, and lets it go. */
static void put_end(struct emission *e)
{
	struct buffer *code = &e->ebpf->code;

	ebpf_address(code, R3, 0);
	if (e->program->count > 1) {
		ebpf_at within;

		ebpf_load(code, 8, R1, R3, offsetof(struct ebpf_head, place));
		ebpf_alu_value(code, BPF_ADD, R1, 1, R2);
		within = ebpf_jump_value(code, BPF_JNE, R1, e->program->pass, R2);
		ebpf_set(code, R1, 0);
		ebpf_land(code, within);
		ebpf_store(code, 8, R3, offsetof(struct ebpf_head, place), R1);
	}
	if (e->ebpf->several) {
		ebpf_load(code, 8, R1, R3, offsetof(struct ebpf_head, octets));
		ebpf_load(code, 4, R2, EBPF_ROW, EBPF_ROW_LENGTH);
		ebpf_alu(code, BPF_ADD, R1, R2);
		ebpf_store(code, 8, R3, offsetof(struct ebpf_head, octets), R1);
	}
	ebpf_load(code, 8, R1, R3, offsetof(struct ebpf_head, made));
	ebpf_alu_value(code, BPF_ADD, R1, 1, R2);
	ebpf_store(code, 8, R3, offsetof(struct ebpf_head, made), R1);
	if (e->end == PATCH_EBPF_REDIRECT) {
		/* By a map: bpf_redirect has the kernel look the interface up by its index, frame
		 * by frame. Without a device, which may go, a frame is dropped. */
		ebpf_map(code, R1);
		ebpf_set(code, R2, 0);
		ebpf_set(code, R3, XDP_DROP);
		ebpf_call(code, BPF_FUNC_redirect_map);
	} else {
		ebpf_set(code, R0, XDP_PASS);
	}
	ebpf_exit(code);
}

static void put_numbers(struct emission *e)
{
	const struct patch_varying *varying = e->frame->varying;

	if (!varying)
		return;
	ebpf_address(&e->ebpf->code, EBPF_STATE, e->ebpf->states[e->frame - e->program->frames]);
	for (unsigned int i = 0; i < varying->generator_count; i++)
		ebpf_number(
			&e->ebpf->code, &varying->generators[i], i, e->place->tables[i], &e->calls);
}

/* EBPF_ROW becomes the address of the image's row. */
static void put_choice(struct emission *e)
{
	const struct patch_varying *varying = e->frame->varying;
	struct buffer *code = &e->ebpf->code;

	ebpf_address(code, EBPF_ROW, e->place->rows);
	if (ebpf_image_count(e->frame) == 1)
		return;
	ebpf_set(code, R0, 0);
	for (unsigned int i = 0; i < varying->choice_count; i++) {
		const struct patch_choice *choice = &varying->choices[i];

		ebpf_load(code, 8, R1, EBPF_STATE, EBPF_NUMBER(choice->generator, value));
		ebpf_alu_value(code, BPF_MUL, R1, choice->stride, R2);
		ebpf_alu(code, BPF_ADD, R0, R1);
	}
	ebpf_insist(code, BPF_JLT, R0, varying->image_count, R2);
	ebpf_alu_value(code, BPF_MUL, R0, e->place->row_size, R2);
	ebpf_alu(code, BPF_ADD, EBPF_ROW, R0);
}

/* Register 4 becomes the image's length, in bounds that the verifier sees. */
static void put_length(struct emission *e)
{
	struct buffer *code = &e->ebpf->code;

	if (ebpf_image_count(e->frame) == 1) {
		ebpf_set(code, R4, patch_frame_longest(e->frame));
		return;
	}
	ebpf_load(code, 4, R4, EBPF_ROW, EBPF_ROW_LENGTH);
	ebpf_insist(code, BPF_JLE, R4, patch_frame_longest(e->frame), R2);
	ebpf_insist(code, BPF_JGT, R4, 0, R2);
}

/* The page takes the image's octets and length: it holds another's. */
static void put_octets(struct emission *e)
{
	struct buffer *code = &e->ebpf->code;

	put_length(e);
	ebpf_move(code, R2, R4);
	ebpf_alu_value(code, BPF_SUB, R2, e->ebpf->length, R1);
	ebpf_move(code, R1, EBPF_CONTEXT);
	ebpf_call(code, BPF_FUNC_xdp_adjust_tail);
	ebpf_insist(code, BPF_JEQ, R0, 0, R2);
	put_length(e);
	ebpf_move(code, R1, EBPF_CONTEXT);
	ebpf_set(code, R2, 0);
	ebpf_move(code, R3, EBPF_ROW);
	ebpf_alu_value(code, BPF_ADD, R3, EBPF_ROW_BASES + e->place->bases, R0);
	ebpf_call(code, BPF_FUNC_xdp_store_bytes);
	ebpf_insist(code, BPF_JEQ, R0, 0, R2);
}

/* EBPF_OCTETS becomes the packet's address, of which so many octets may be written. */
static void put_pointer(struct buffer *code, uint32_t reach)
{
	ebpf_load(code, 4, EBPF_OCTETS, EBPF_CONTEXT, offsetof(struct xdp_md, data));
	ebpf_load(code, 4, R2, EBPF_CONTEXT, offsetof(struct xdp_md, data_end));
	ebpf_move(code, R1, EBPF_OCTETS);
	ebpf_alu_value(code, BPF_ADD, R1, reach, R3);
	ebpf_insist_register(code, BPF_JLE, R1, R2);
}

/* The one image's octets, out of the instructions: whoever had the page before may have left
 * anything in it, as a receiver does that takes a tag off in place. */
static void put_constants(struct buffer *code, const uint8_t *octets, uint32_t length)
{
	for (uint32_t at = 0; at < length;) {
		uint32_t left = length - at;
		uint32_t size = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
		union {
			uint64_t eight;
			uint32_t four;
			uint16_t two;
			uint8_t one;
		} word;
		uint64_t value;

		memcpy(&word, octets + at, size);
		value = size == 8   ? word.eight
			: size == 4 ? word.four
			: size == 2 ? word.two
				    : word.one;
		ebpf_set(code, R1, value);
		ebpf_store(code, size, EBPF_OCTETS, (int16_t)at, R1);
		at += size;
	}
}

static void put_shape(struct emission *e, unsigned int index)
{
	const struct patch_varying *varying = e->frame->varying;
	const struct patch_image *image = &varying->images[e->place->firsts[index]];
	struct ebpf_shape shape = ebpf_shape_of(e, image);
	struct buffer *code = &e->ebpf->code;
	uint32_t reach = ebpf_find_written(e, image);

	if (!e->ebpf->several) {
		ebpf_image_bases(&shape, image, e->bases);
		shape.bases = e->bases;
	}
	/* Without a write nothing else changes. */
	if (image->write_count || !e->ebpf->several) {
		put_pointer(code, e->ebpf->several ? reach : image->length);
		if (!e->ebpf->several)
			put_constants(code, image->octets, image->length);
	}
	if (image->write_count)
		ebpf_image(code, &shape);
	put_end(e);
}

static uint64_t shape_begins(const struct emission *e, unsigned int index)
{
	(void)e;
	return index;
}

static void put_frame(struct emission *e, unsigned int index)
{
	e->frame = &e->program->frames[index];
	e->place = &e->places[index];
	put_numbers(e);
	if (e->ebpf->several) {
		put_choice(e);
		put_octets(e);
	}
	if (!e->frame->varying) {
		if (!e->ebpf->several) {
			put_pointer(&e->ebpf->code, e->frame->length);
			put_constants(&e->ebpf->code, e->frame->octets, e->frame->length);
		}
		put_end(e);
		return;
	}
	if (e->place->shape_count > 1)
		ebpf_load(&e->ebpf->code, 4, R1, EBPF_ROW, EBPF_ROW_SHAPE);
	branch(e, 0, e->place->shape_count, shape_begins, put_shape);
}

static uint64_t frame_begins(const struct emission *e, unsigned int index)
{
	return e->places[index].begins;
}

static void put_program(struct emission *e)
{
	struct buffer *code = &e->ebpf->code;

	ebpf_move(code, EBPF_CONTEXT, R1);
	if (e->program->count > 1) {
		ebpf_address(code, R3, 0);
		ebpf_load(code, 8, R1, R3, offsetof(struct ebpf_head, place));
	}
	branch(e, 0, e->program->count, frame_begins, put_frame);
	e->ebpf->function_count = 1 + ebpf_functions(code, &e->calls, e->ebpf->functions + 1);
}

/* ---- the whole ---- */

/* Room for the work on any image; the longest, which pages begin as. */
static void emission_init(struct emission *e)
{
	const struct patch_program *program = e->program;
	struct arena *arena = &e->ebpf->arena;
	unsigned int images = 0, sums = 0;

	for (unsigned int i = 0; i < program->count; i++) {
		const struct patch_frame *frame = &program->frames[i];
		const struct patch_varying *varying = frame->varying;

		images += ebpf_image_count(frame);
		if (varying && ebpf_most_sums(varying) > sums)
			sums = ebpf_most_sums(varying);
		if (!varying && frame->length == program->length_max)
			e->ebpf->octets = frame->octets;
		for (unsigned int j = 0; varying && j < varying->image_count; j++)
			if (varying->images[j].length == program->length_max)
				e->ebpf->octets = varying->images[j].octets;
	}
	e->ebpf->several = images > 1;
	e->ebpf->length = program->length_max;
	e->places = arena_alloc(arena, program->count * sizeof(*e->places));
	e->written = arena_alloc(arena, program->length_max * sizeof(*e->written));
	e->bases = arena_alloc(arena, (sums + 1) * sizeof(*e->bases));
	ebpf_crc_init(&e->crc32, EBPF_CRC32, program->length_max, &e->ebpf->memory);
	ebpf_crc_init(&e->crc32c, EBPF_CRC32C, program->length_max, &e->ebpf->memory);
}

static void emission_fini(struct emission *e)
{
	ebpf_crc_fini(&e->crc32);
	ebpf_crc_fini(&e->crc32c);
	buffer_fini(&e->calls.places);
}

int patch_ebpf_compile(struct patch_ebpf *ret, const struct patch_program *program,
	enum patch_ebpf_end end, struct err *err)
{
	struct patch_ebpf made = { .program = program };
	struct emission e = { .ebpf = &made, .program = program, .end = end };
	int r;

	if (program->length_max > EBPF_OFFSET_MAX)
		return err_system(err, EMSGSIZE, "a frame of %u octets; eBPF reaches %zu",
			program->length_max, EBPF_OFFSET_MAX);
	arena_init(&made.arena);
	emission_init(&e);
	r = ebpf_place(&e, err);
	if (!r)
		put_program(&e);
	if (!r && ebpf_too_long(&e))
		r = err_system(err, E2BIG,
			"the frames take a program of over %u instructions or %u MiB of tables, "
			"for what they vary in or for how many shapes they have",
			EBPF_INSNS_MAX, EBPF_MEMORY_MAX >> 20);
	emission_fini(&e);
	if (r)
		patch_ebpf_fini(&made);
	else
		*ret = made;
	return r;
}

void patch_ebpf_fini(struct patch_ebpf *ebpf)
{
	buffer_fini(&ebpf->code);
	buffer_fini(&ebpf->memory);
	arena_fini(&ebpf->arena);
	*ebpf = (struct patch_ebpf){ 0 };
}

const struct bpf_insn *patch_ebpf_insns(const struct patch_ebpf *ebpf, unsigned int *ret_count)
{
	*ret_count = (unsigned int)ebpf_here(&ebpf->code);
	return (const struct bpf_insn *)(const void *)ebpf->code.data;
}

void patch_ebpf_bind(struct patch_ebpf *ebpf, int memory, int devices)
{
	struct bpf_insn *insns = (struct bpf_insn *)(void *)ebpf->code.data;
	size_t count = ebpf_here(&ebpf->code);

	for (size_t i = 0; i < count; i++) {
		if (insns[i].code != (BPF_LD | BPF_DW | BPF_IMM))
			continue;
		if (insns[i].src_reg == BPF_PSEUDO_MAP_VALUE)
			insns[i].imm = memory;
		else if (insns[i].src_reg == BPF_PSEUDO_MAP_FD)
			insns[i].imm = devices;
	}
}

/* ---- where the run is ---- */

void patch_ebpf_seek(const struct patch_ebpf *ebpf, void *memory, uint64_t index, uint64_t ahead)
{
	const struct patch_program *program = ebpf->program;
	struct ebpf_head head = { .place = index % program->pass, .ahead = ahead };
	uint64_t pass = index / program->pass;
	uint64_t begins = 0;

	memcpy(memory, &head, sizeof(head));
	for (unsigned int i = 0; i < program->count; i++) {
		const struct patch_frame *frame = &program->frames[i];
		const struct patch_varying *varying = frame->varying;
		uint64_t before = head.place > begins ? head.place - begins : 0;
		uint64_t turn =
			pass * frame->weight + (before < frame->weight ? before : frame->weight);
		uint8_t *numbers = (uint8_t *)memory + ebpf->states[i];

		for (unsigned int j = 0; varying && j < varying->generator_count; j++) {
			struct ebpf_number number;

			ebpf_number_seek(&varying->generators[j], turn, &number);
			memcpy(numbers + j * sizeof(number), &number, sizeof(number));
		}
		begins += frame->weight;
	}
}

uint64_t patch_ebpf_made(const void *memory)
{
	/* Others write it. */
	return ((const volatile struct ebpf_head *)memory)->made;
}

uint64_t patch_ebpf_octets(const struct patch_ebpf *ebpf, const void *memory)
{
	const volatile struct ebpf_head *head = memory;

	return ebpf->several ? head->octets : head->made * ebpf->length;
}
