/* Where things stand in the memory of an eBPF program. */
#include "patch/ebpf_emission.h"

#include "base/err.h"

#include <string.h>

bool ebpf_too_long(const struct emission *e)
{
	return ebpf_here(&e->ebpf->code) > EBPF_INSNS_MAX ||
	       e->ebpf->memory.length > EBPF_MEMORY_MAX;
}

unsigned int ebpf_image_count(const struct patch_frame *frame)
{
	return frame->varying ? frame->varying->image_count : 1;
}

unsigned int ebpf_most_sums(const struct patch_varying *varying)
{
	unsigned int most = 0;

	for (unsigned int i = 0; i < varying->image_count; i++)
		if (varying->images[i].sum_count > most)
			most = varying->images[i].sum_count;
	return most;
}

static void align(struct buffer *memory)
{
	buffer_put_zeros(memory, -memory->length % 8);
}

/* The numbers of a frame that varies, and what its sums come to. */
static int place_state(struct emission *e, unsigned int index, uint32_t *ret, struct err *err)
{
	const struct patch_varying *varying = e->program->frames[index].varying;
	struct buffer *memory = &e->ebpf->memory;
	size_t size;

	*ret = (uint32_t)memory->length;
	if (!varying)
		return 0;
	size = varying->generator_count * sizeof(struct ebpf_number) + ebpf_most_sums(varying) * 8;
	if (size > EBPF_OFFSET_MAX)
		return err_system(err, E2BIG,
			"frame \"%s\" has %u values that vary, more than an eBPF program keeps at "
			"hand (about %zu)",
			e->program->frames[index].name, varying->generator_count,
			EBPF_OFFSET_MAX / sizeof(struct ebpf_number));
	buffer_put_zeros(memory, size);
	return 0;
}

static void place_tables(struct emission *e, unsigned int index)
{
	const struct patch_varying *varying = e->program->frames[index].varying;
	struct frame_place *place = &e->places[index];
	struct buffer *memory = &e->ebpf->memory;

	if (!varying)
		return;
	place->tables =
		arena_alloc(&e->ebpf->arena, varying->generator_count * sizeof(*place->tables));
	for (unsigned int i = 0; i < varying->generator_count; i++) {
		const struct patch_generator *g = &varying->generators[i];

		place->tables[i] = memory->length;
		if (g->source == PATCH_TABLE)
			buffer_put(memory, g->table, g->count * sizeof(*g->table));
	}
	ebpf_find_shapes(&e->ebpf->arena, place, varying);
}

struct ebpf_shape ebpf_shape_of(struct emission *e, const struct patch_image *image)
{
	const struct patch_varying *varying = e->frame->varying;
	struct ebpf_shape shape = { .varying = varying,
		.image = image,
		.written = e->written,
		.results = (int16_t)(varying->generator_count * sizeof(struct ebpf_number)),
		.crc32 = &e->crc32,
		.crc32c = &e->crc32c };

	return shape;
}

/* What of the image a run writes; returns how many octets hold it all. */
uint32_t ebpf_find_written(struct emission *e, const struct patch_image *image)
{
	memset(e->written, 0, e->program->length_max * sizeof(*e->written));
	return ebpf_image_written(e->frame->varying, image, e->written);
}

static void place_row(struct emission *e, const struct patch_image *image, uint32_t number)
{
	struct buffer *memory = &e->ebpf->memory;
	size_t end = memory->length + e->place->row_size;

	buffer_put(memory, &image->length, sizeof(uint32_t));
	buffer_put(memory, &number, sizeof(uint32_t));
	if (e->frame->varying) {
		const struct ebpf_shape shape = ebpf_shape_of(e, image);

		ebpf_find_written(e, image);
		memset(e->bases, 0, e->place->bases);
		ebpf_image_bases(&shape, image, e->bases);
		buffer_put(memory, e->bases, e->place->bases);
	}
	buffer_put(memory, image->octets, image->length);
	buffer_put_zeros(memory, end - memory->length);
}

/* The images of a frame, a row each. */
static void place_rows(struct emission *e)
{
	const struct patch_varying *varying = e->frame->varying;
	const struct patch_image fixed = { .octets = e->frame->octets, .length = e->frame->length };
	struct frame_place *place = e->place;

	align(&e->ebpf->memory);
	place->rows = e->ebpf->memory.length;
	place->bases = varying ? 4 * (ebpf_most_sums(varying) + 1) : 0;
	place->row_size = EBPF_ROW_BASES + place->bases + patch_frame_longest(e->frame);
	place->row_size += -place->row_size % 8;
	if (!varying)
		place_row(e, &fixed, 0);
	for (unsigned int i = 0; varying && !ebpf_too_long(e) && i < varying->image_count; i++)
		place_row(e, &varying->images[i], place->shapes[i]);
}

int ebpf_place(struct emission *e, struct err *err)
{
	const struct patch_program *program = e->program;
	uint64_t begins = 0;
	int r = 0;

	e->ebpf->states = arena_alloc(&e->ebpf->arena, program->count * sizeof(*e->ebpf->states));
	buffer_put_zeros(&e->ebpf->memory, sizeof(struct ebpf_head));
	for (unsigned int i = 0; !r && i < program->count; i++) {
		e->places[i].begins = begins;
		begins += program->frames[i].weight;
		r = place_state(e, i, &e->ebpf->states[i], err);
	}
	if (r)
		return r;
	e->ebpf->state_size = e->ebpf->memory.length;
	for (unsigned int i = 0; i < program->count; i++)
		place_tables(e, i);
	for (unsigned int i = 0; e->ebpf->several && i < program->count; i++) {
		e->frame = &program->frames[i];
		e->place = &e->places[i];
		place_rows(e);
	}
	return 0;
}
