/* What the numbers change in a frame, as eBPF instructions: writes, checksums, FCS. */
#include "patch/ebpf_code.h"

#include "wire/crc32.h"

#include <string.h>

static uint64_t ones(unsigned int width)
{
	return width < 64 ? (1ULL << width) - 1 : UINT64_MAX;
}

/* ---- numbers ---- */

/* The largest number that comes out; where that is not plain, any is. */
static uint64_t largest(const struct patch_generator *g)
{
	uint64_t step = g->source == PATCH_COUNT ? g->step : 1;
	uint64_t way, most = 0;

	if (g->source == PATCH_TABLE) {
		for (uint64_t i = 0; i < g->count; i++)
			if (g->table[i] > most)
				most = g->table[i];
		return most;
	}
	if (!g->count || __builtin_mul_overflow(g->count - 1, step, &way) ||
		__builtin_add_overflow(g->first, way, &most))
		return UINT64_MAX;
	return most;
}

/* Register 0 or another becomes the number of a write; returns the most that it can be. */
static uint64_t fetch(struct buffer *code, const struct ebpf_shape *shape,
	const struct patch_write *write, int dst)
{
	uint64_t most = largest(&shape->varying->generators[write->generator]) >> write->shift;
	uint64_t mask = ones(write->width);

	ebpf_load(code, 8, dst, EBPF_STATE, EBPF_NUMBER(write->generator, value));
	if (write->shift)
		ebpf_alu_value(code, BPF_RSH, dst, write->shift, R2);
	if (most <= mask)
		return most;
	ebpf_alu_value(code, BPF_AND, dst, mask, R2);
	return mask;
}

/* ---- writes ---- */

/* The `count` octets at `at` become those of register 0 above its lowest `below` bits. */
static void put_whole(struct buffer *code, uint32_t at, unsigned int count, unsigned int below)
{
	while (count) {
		unsigned int size = count >= 8 ? 8 : count >= 4 ? 4 : count >= 2 ? 2 : 1;
		unsigned int shift = below + 8 * (count - size);

		ebpf_move(code, R1, R0);
		if (shift)
			ebpf_alu_value(code, BPF_RSH, R1, shift, R2);
		ebpf_to_wire(code, size, R1);
		ebpf_store(code, size, EBPF_OCTETS, (int16_t)at, R1);
		at += size;
		count -= size;
	}
}

/* `width` bits at `bit` of the octet at `at` become those of register 0 above its lowest `below`
 * bits. What is around them stays. */
static void put_part(
	struct buffer *code, uint32_t at, unsigned int bit, unsigned int width, unsigned int below)
{
	unsigned int left = 8 - bit - width;
	uint64_t mask = ones(width) << left;

	ebpf_move(code, R1, R0);
	if (below)
		ebpf_alu_value(code, BPF_RSH, R1, below, R2);
	if (left)
		ebpf_alu_value(code, BPF_LSH, R1, left, R2);
	ebpf_alu_value(code, BPF_AND, R1, mask, R2);
	ebpf_load(code, 1, R2, EBPF_OCTETS, (int16_t)at);
	ebpf_alu_value(code, BPF_AND, R2, 0xff & ~mask, R3);
	ebpf_alu(code, BPF_OR, R1, R2);
	ebpf_store(code, 1, EBPF_OCTETS, (int16_t)at, R1);
}

static void put_write(
	struct buffer *code, const struct ebpf_shape *shape, const struct patch_write *write)
{
	uint32_t at = write->bit / 8;
	unsigned int bit = write->bit % 8;
	unsigned int left = write->width;

	fetch(code, shape, write, R0);
	if (bit) {
		unsigned int width = left < 8 - bit ? left : 8 - bit;

		left -= width;
		put_part(code, at++, bit, width, left);
	}
	put_whole(code, at, left / 8, left % 8);
	at += left / 8;
	if (left % 8)
		put_part(code, at, 0, left % 8, 0);
}

/* ---- sums ---- */

/* Register 0 is at most `most`: brought to 16 bits, as checksum_fold does. */
static void fold(struct buffer *code, uint64_t most)
{
	while (most > 0xffff) {
		unsigned int width = most > UINT32_MAX ? 32 : 16;

		ebpf_move(code, R1, R0);
		ebpf_alu_value(code, BPF_RSH, R1, width, R2);
		if (width == 32)
			ebpf_low(code, R0, R0);
		else
			ebpf_alu_value(code, BPF_AND, R0, 0xffff, R2);
		ebpf_alu(code, BPF_ADD, R0, R1);
		/* The most of the high part, with all ones below it where there is less. */
		if ((most >> width) + (most & ones(width)) > (most >> width) - 1 + ones(width))
			most = (most >> width) + (most & ones(width));
		else
			most = (most >> width) - 1 + ones(width);
	}
}

/* Adds a number in register 1, shifted left, to register 0; see touch of runner.c. */
static uint64_t add(struct buffer *code, uint64_t most, unsigned int left)
{
	if (most > UINT32_MAX) {
		ebpf_move(code, R2, R1);
		ebpf_alu_value(code, BPF_RSH, R2, 32, R3);
		ebpf_low(code, R1, R1);
		ebpf_alu(code, BPF_ADD, R1, R2);
		most = 2ULL * UINT32_MAX;
	}
	if (left)
		ebpf_alu_value(code, BPF_LSH, R1, left, R3);
	ebpf_alu(code, BPF_ADD, R0, R1);
	return most << left;
}

/* Register 0 becomes the sum's base. */
static void put_base(struct buffer *code, const struct ebpf_shape *shape, unsigned int index)
{
	if (shape->bases)
		ebpf_set(code, R0, shape->bases[index]);
	else
		ebpf_load(code, 4, R0, EBPF_ROW, (int16_t)(EBPF_ROW_BASES + 4 * index));
}

/* Register 0 becomes the sum of all that touches it; returns the most that it can be. */
static uint64_t gather(struct buffer *code, const struct ebpf_shape *shape, unsigned int index)
{
	const struct patch_image *image = shape->image;
	uint64_t most = UINT16_MAX;

	put_base(code, shape, index);
	for (unsigned int i = 0; i < image->write_count; i++) {
		const struct patch_write *write = &image->writes[i];
		const struct patch_touch *touch = image->touches + write->touches.first;

		for (uint32_t j = 0; j < write->touches.count; j++)
			if (touch[j].sum == index)
				most += add(code, fetch(code, shape, write, R1), touch[j].left);
	}
	for (unsigned int i = 0; i < index; i++) {
		const struct patch_sum *sum = &image->sums[i];
		const struct patch_touch *touch = image->touches + sum->touches.first;

		if (sum->kind == PATCH_SUM_PSEUDO)
			continue;
		for (uint32_t j = 0; j < sum->touches.count; j++) {
			if (touch[j].sum != index)
				continue;
			ebpf_load(code, 8, R1, EBPF_STATE, (int16_t)(shape->results + 8 * (int)i));
			most += add(code, sum->kind == PATCH_SUM_CRC32C ? UINT32_MAX : UINT16_MAX,
				touch[j].left);
		}
	}
	return most;
}

/* Register 0 becomes checksum_bad of it; where there is a pseudo header, its sum is in register 3.
 */
static void spoil(struct buffer *code, bool has_pseudo)
{
	static const uint16_t changes[] = { 0x5555, 0x3333, 0x0f0f, 0x00ff };
	const unsigned int last = sizeof(changes) / sizeof(*changes) - 1;
	ebpf_at done[3];

	for (unsigned int i = 0; i <= last; i++) {
		ebpf_at zero, ffff, pseudo = 0;

		ebpf_move(code, R1, R0);
		ebpf_alu_value(code, BPF_XOR, R1, changes[i], R2);
		if (i == last)
			break;
		zero = ebpf_jump_value(code, BPF_JEQ, R1, 0, R2);
		ffff = ebpf_jump_value(code, BPF_JEQ, R1, 0xffff, R2);
		if (has_pseudo)
			pseudo = ebpf_jump(code, BPF_JEQ, R1, R3);
		done[i] = ebpf_jump_always(code);
		ebpf_land(code, zero);
		ebpf_land(code, ffff);
		if (has_pseudo)
			ebpf_land(code, pseudo);
	}
	for (unsigned int i = 0; i < last; i++)
		ebpf_land(code, done[i]);
	ebpf_move(code, R0, R1);
}

static int16_t result_of(const struct ebpf_shape *shape, unsigned int index)
{
	return (int16_t)(shape->results + 8 * (int)index);
}

/* Whether something later asks for what the sum came to. */
static bool is_wanted(const struct patch_image *image, unsigned int index)
{
	const struct patch_sum *sum = &image->sums[index];

	if (sum->kind != PATCH_SUM_PSEUDO)
		return sum->touches.count;
	return index + 1 < image->sum_count && sum[1].bad && sum[1].has_pseudo;
}

static void put_internet(struct buffer *code, const struct ebpf_shape *shape, unsigned int index)
{
	const struct patch_sum *sum = &shape->image->sums[index];

	fold(code, gather(code, shape, index));
	if (sum->kind == PATCH_SUM_PSEUDO) {
		ebpf_store(code, 8, EBPF_STATE, result_of(shape, index), R0);
		return;
	}
	ebpf_alu_value(code, BPF_XOR, R0, 0xffff, R2);
	if (sum->kind == PATCH_SUM_UDP) {
		ebpf_at some = ebpf_jump_value(code, BPF_JNE, R0, 0, R2);

		ebpf_set(code, R0, 0xffff);
		ebpf_land(code, some);
	}
	if (sum->bad) {
		if (sum->has_pseudo)
			ebpf_load(code, 8, R3, EBPF_STATE, result_of(shape, index - 1));
		spoil(code, sum->has_pseudo);
	}
	if (is_wanted(shape->image, index))
		ebpf_store(code, 8, EBPF_STATE, result_of(shape, index), R0);
	ebpf_to_wire(code, 2, R0);
	ebpf_store(code, 2, EBPF_OCTETS, (int16_t)sum->offset, R0);
}

static struct ebpf_cover cover_of(const struct ebpf_shape *shape, const struct patch_sum *sum)
{
	return (struct ebpf_cover){ sum->start, sum->end, sum->offset, shape->written };
}

static struct ebpf_cover cover_of_frame(
	const struct ebpf_shape *shape, const struct patch_image *image)
{
	uint32_t end = image->length - FCS_LENGTH;

	return (struct ebpf_cover){ 0, end, end, shape->written };
}

static void put_crc32c(struct buffer *code, const struct ebpf_shape *shape, unsigned int index)
{
	const struct patch_sum *sum = &shape->image->sums[index];
	const struct ebpf_cover cover = cover_of(shape, sum);

	put_base(code, shape, index);
	ebpf_crc(code, shape->crc32c, &cover);
	ebpf_swap32(code, R0); /* to the number that the field is, crc32c_field */
	if (sum->bad)
		spoil(code, false);
	if (is_wanted(shape->image, index))
		ebpf_store(code, 8, EBPF_STATE, result_of(shape, index), R0);
	ebpf_to_wire(code, 4, R0);
	ebpf_store(code, 4, EBPF_OCTETS, (int16_t)sum->offset, R0);
}

static void put_fcs(struct buffer *code, const struct ebpf_shape *shape)
{
	const struct ebpf_cover cover = cover_of_frame(shape, shape->image);

	put_base(code, shape, shape->image->sum_count);
	ebpf_crc(code, shape->crc32, &cover);
	if (shape->varying->fcs == PATCH_FCS_BAD)
		ebpf_alu_value(code, BPF_XOR, R0, UINT64_MAX, R2);
	ebpf_swap32(code, R0);
	ebpf_to_wire(code, 4, R0);
	ebpf_store(code, 4, EBPF_OCTETS, (int16_t)cover.end, R0);
}

void ebpf_image(struct buffer *code, const struct ebpf_shape *shape)
{
	const struct patch_image *image = shape->image;

	for (unsigned int i = 0; i < image->write_count; i++)
		put_write(code, shape, &image->writes[i]);
	for (unsigned int i = 0; i < image->sum_count; i++) {
		if (image->sums[i].kind == PATCH_SUM_CRC32C)
			put_crc32c(code, shape, i);
		else if (image->sums[i].kind != PATCH_SUM_PSEUDO || is_wanted(image, i))
			put_internet(code, shape, i);
	}
	if (shape->varying->fcs != PATCH_FCS_FIXED)
		put_fcs(code, shape);
}

/* ---- beforehand ---- */

static uint32_t mark(bool *written, uint32_t first, uint32_t count)
{
	memset(written + first, true, count * sizeof(*written));
	return first + count;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

uint32_t ebpf_image_written(
	const struct patch_varying *varying, const struct patch_image *image, bool *ret)
{
	uint32_t reach = 0;

	for (unsigned int i = 0; i < image->write_count; i++) {
		const struct patch_write *write = &image->writes[i];
		uint32_t first = write->bit / 8;
		uint32_t last = (write->bit + write->width - 1) / 8;

		reach = larger(reach, mark(ret, first, last - first + 1));
	}
	for (unsigned int i = 0; i < image->sum_count; i++) {
		const struct patch_sum *sum = &image->sums[i];

		if (sum->kind != PATCH_SUM_PSEUDO)
			reach = larger(reach,
				mark(ret, sum->offset, sum->kind == PATCH_SUM_CRC32C ? 4 : 2));
	}
	if (varying->fcs != PATCH_FCS_FIXED)
		reach = larger(reach, mark(ret, image->length - FCS_LENGTH, FCS_LENGTH));
	return reach;
}

void ebpf_image_bases(
	const struct ebpf_shape *shape, const struct patch_image *image, uint32_t *ret)
{
	for (unsigned int i = 0; i < image->sum_count; i++) {
		const struct patch_sum *sum = &image->sums[i];
		const struct ebpf_cover cover = cover_of(shape, sum);

		ret[i] = sum->kind == PATCH_SUM_CRC32C
				 ? ebpf_crc_base(shape->crc32c, &cover, image->octets)
				 : sum->base;
	}
	if (shape->varying->fcs != PATCH_FCS_FIXED) {
		const struct ebpf_cover cover = cover_of_frame(shape, image);

		ret[image->sum_count] = ebpf_crc_base(shape->crc32, &cover, image->octets);
	}
}
