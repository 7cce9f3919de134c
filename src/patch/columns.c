/*
 * Makes many turns of one image at once: one field in all of them, then the next field. What hangs
 * on the field is decided once for all, and what is left are plain loops over arrays.
 */
#include "patch/columns.h"

#include "patch/finish.h"

#include <string.h>

/* Numbers of one generator, write or sum, one a turn. */
struct column {
	uint64_t at[PATCH_COLUMN];
};

struct work {
	const struct patch_image *image;
	struct patch_slot *slots;
	unsigned int count;
	struct column *generated; /* one a generator */
	struct column *sums;	  /* one a sum */
};

bool patch_columns_suit(const struct patch_program *program)
{
	const struct patch_varying *varying = program->frames[0].varying;

	return program->count == 1 && varying && varying->image_count == 1 &&
	       varying->images[0].write_count;
}

size_t patch_columns_size(const struct patch_program *program)
{
	const struct patch_varying *varying = program->frames[0].varying;

	return sizeof(struct column) * (varying->generator_count + varying->images[0].sum_count);
}

static void generate(
	const struct patch_generator *g, uint64_t turn, unsigned int count, struct column *column)
{
	struct patch_cursor cursor;
	uint64_t *at = column->at;

	patch_generator_seek(g, turn, &cursor);
	if (g->source == PATCH_CLOCK) {
		/* They leave together, later than each of them is made: one time for all. */
		for (unsigned int i = 0; i < count; i++)
			at[i] = cursor.value;
	} else if (g->divisor == 1 && g->source == PATCH_RANDOM) {
		for (unsigned int i = 0; i < count; i++)
			at[i] = g->first + random_scale(random_at(g->key, turn + i), g->count);
	} else if (g->divisor == 1 && g->source == PATCH_COUNT &&
		   cursor.place + count - 1 < (g->count ? g->count : UINT64_MAX)) {
		for (unsigned int i = 0; i < count; i++)
			at[i] = cursor.value + g->step * i;
	} else {
		for (unsigned int i = 0; i < count; i++) {
			at[i] = cursor.value;
			patch_generator_next(g, &cursor);
		}
	}
}

/* See touch() in runner.c: 64 bits are brought to 33. */
static void touch(
	const struct work *work, const struct patch_touches *touches, const struct column *numbers)
{
	const struct patch_touch *t = work->image->touches + touches->first;

	for (uint32_t i = 0; i < touches->count; i++) {
		uint64_t *restrict sum = work->sums[t[i].sum].at;

		for (unsigned int j = 0; j < work->count; j++) {
			uint64_t number = numbers->at[j];

			sum[j] += ((number & 0xffffffff) + (number >> 32)) << t[i].left;
		}
	}
}

static void put(
	const struct work *work, const struct patch_write *write, const struct column *numbers)
{
	uint32_t octet = write->bit / 8;
	unsigned int width = write->bit % 8 ? 0 : write->width;

	for (unsigned int i = 0; i < work->count; i++) {
		uint8_t *octets = work->slots[i].buffer;

		if (width == 16)
			bytes_put_be16(octets + octet, (uint16_t)numbers->at[i]);
		else if (width == 32)
			bytes_put_be32(octets + octet, (uint32_t)numbers->at[i]);
		else
			bytes_put_bits(octets, write->bit, write->width, numbers->at[i]);
	}
}

static void write_all(const struct work *work)
{
	for (unsigned int i = 0; i < work->image->write_count; i++) {
		const struct patch_write *write = &work->image->writes[i];
		const uint64_t *generated = work->generated[write->generator].at;
		uint64_t mask = write->width < 64 ? (1ULL << write->width) - 1 : UINT64_MAX;
		struct column numbers;

		for (unsigned int j = 0; j < work->count; j++)
			numbers.at[j] = generated[j] >> write->shift & mask;
		put(work, write, &numbers);
		touch(work, &write->touches, &numbers);
	}
}

static void sum_all(const struct work *work)
{
	for (unsigned int i = 0; i < work->image->sum_count; i++) {
		const struct patch_sum *sum = &work->image->sums[i];
		const uint64_t *totals = work->sums[i].at;
		const uint64_t *pseudos = sum->has_pseudo ? work->sums[i - 1].at : totals;
		struct column numbers;

		if (sum->kind == PATCH_SUM_PSEUDO)
			continue;
		for (unsigned int j = 0; j < work->count; j++) {
			uint8_t *octets = work->slots[j].buffer;

			if (sum->kind == PATCH_SUM_CRC32C) {
				uint32_t crc = patch_finish_crc(sum, octets);

				bytes_put_be32(octets + sum->offset, crc);
				numbers.at[j] = crc;
			} else {
				uint16_t checksum =
					patch_finish_internet(sum, totals[j], pseudos[j]);

				bytes_put_be16(octets + sum->offset, checksum);
				numbers.at[j] = checksum;
			}
		}
		touch(work, &sum->touches, &numbers);
	}
}

static void start(const struct work *work, const struct patch_frame *frame)
{
	for (unsigned int i = 0; i < work->count; i++) {
		struct patch_slot *slot = &work->slots[i];

		slot->frame = frame;
		slot->octets = slot->buffer;
		slot->length = work->image->length;
		if (slot->holds == work->image)
			continue;
		memcpy(slot->buffer, work->image->octets, work->image->length);
		slot->holds = work->image;
	}
}

void patch_columns_make(const struct patch_program *program, uint64_t *memory, uint64_t first,
	struct patch_slot *slots, unsigned int count)
{
	const struct patch_varying *varying = program->frames[0].varying;
	struct column *columns = (struct column *)memory;
	const struct work work = {
		.image = varying->images,
		.slots = slots,
		.count = count,
		.generated = columns,
		.sums = columns + varying->generator_count,
	};

	start(&work, &program->frames[0]);
	for (unsigned int i = 0; i < varying->generator_count; i++)
		generate(&varying->generators[i], first, count, &work.generated[i]);
	for (unsigned int i = 0; i < work.image->sum_count; i++)
		for (unsigned int j = 0; j < count; j++)
			work.sums[i].at[j] = work.image->sums[i].base;
	write_all(&work);
	sum_all(&work);
	for (unsigned int i = 0; varying->fcs != PATCH_FCS_FIXED && i < count; i++)
		patch_finish_fcs(varying->fcs, slots[i].buffer, slots[i].length);
}
