/* Runs a patch program: generators, writes, checksums, FCS. The hot loop of every sender. */
#include "patch/runner.h"

#include "patch/columns.h"
#include "patch/finish.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- memory ---- */

static size_t count_cursors(const struct patch_program *program)
{
	size_t count = 0;

	for (unsigned int i = 0; i < program->count; i++)
		if (program->frames[i].varying)
			count += program->frames[i].varying->generator_count;
	return count;
}

static size_t most_sums(const struct patch_program *program)
{
	size_t most = 0;

	for (unsigned int i = 0; i < program->count; i++) {
		const struct patch_varying *varying = program->frames[i].varying;

		for (unsigned int j = 0; varying && j < varying->image_count; j++)
			if (varying->images[j].sum_count > most)
				most = varying->images[j].sum_count;
	}
	return most;
}

/* Room for what varies; each slot's buffer begins on a cache line of its own. */
static int allocate(struct patch_runner *runner)
{
	const struct patch_program *program = runner->program;
	size_t stride = ((size_t)program->length_max + 63) / 64 * 64;
	struct patch_cursor *cursors;
	uint8_t *buffers;

	runner->states = calloc(program->count, sizeof(*runner->states));
	runner->sums = calloc(most_sums(program) + 1, sizeof(*runner->sums));
	cursors = calloc(count_cursors(program) + 1, sizeof(*cursors));
	buffers = aligned_alloc(64, stride * runner->slot_count);
	if (patch_columns_suit(program))
		runner->columns = aligned_alloc(64, patch_columns_size(program));
	if (!runner->states || !runner->sums || !cursors || !buffers ||
		(patch_columns_suit(program) && !runner->columns)) {
		free(cursors);
		free(buffers);
		return -ENOMEM;
	}
	runner->states[0].cursors = cursors;
	for (unsigned int i = 1; i < program->count; i++) {
		const struct patch_varying *before = program->frames[i - 1].varying;

		cursors += before ? before->generator_count : 0;
		runner->states[i].cursors = cursors;
	}
	for (unsigned int i = 0; i < runner->slot_count; i++)
		runner->slots[i].buffer = buffers + stride * i;
	return 0;
}

int patch_runner_init(
	struct patch_runner *runner, const struct patch_program *program, unsigned int slots)
{
	struct patch_runner made = { .program = program, .slot_count = slots };

	made.slots = calloc(slots, sizeof(*made.slots));
	if (!made.slots)
		return -ENOMEM;
	if (program->varies && allocate(&made)) {
		patch_runner_fini(&made);
		return -ENOMEM;
	}
	*runner = made;
	return 0;
}

void patch_runner_fini(struct patch_runner *runner)
{
	if (runner->states)
		free(runner->states[0].cursors);
	if (runner->slots)
		free(runner->slots[0].buffer);
	free(runner->states);
	free(runner->sums);
	free(runner->columns);
	free(runner->slots);
	*runner = (struct patch_runner){ 0 };
}

/* ---- the place in the run ---- */

static void seek(struct patch_runner *runner, uint64_t index)
{
	const struct patch_program *program = runner->program;
	uint64_t left = index % program->pass;

	runner->pass = index / program->pass;
	runner->frame = patch_program_place(program, &left);
	runner->place = (unsigned int)left;
	runner->next = index;
}

void patch_runner_restart(struct patch_runner *runner)
{
	seek(runner, 0);
}

static void advance(struct patch_runner *runner)
{
	runner->next++;
	if (++runner->place < runner->program->frames[runner->frame].weight)
		return;
	runner->place = 0;
	if (++runner->frame < runner->program->count)
		return;
	runner->frame = 0;
	runner->pass++;
}

/* ---- one frame ---- */

static void generate(const struct patch_varying *varying, struct patch_state *state, uint64_t turn)
{
	const struct patch_generator *generators = varying->generators;
	struct patch_cursor *cursors = state->cursors;
	unsigned int count = varying->generator_count;

	if (state->started && turn == state->turn + 1)
		for (unsigned int i = 0; i < count; i++)
			patch_generator_next(&generators[i], &cursors[i]);
	else
		for (unsigned int i = 0; i < count; i++)
			patch_generator_seek(&generators[i], turn, &cursors[i]);
	state->turn = turn;
	state->started = true;
}

static void set_clock(const struct patch_varying *varying, struct patch_state *state, uint64_t time)
{
	for (unsigned int i = 0; i < varying->generator_count; i++)
		if (varying->generators[i].source == PATCH_CLOCK)
			state->cursors[i].value = time;
}

static const struct patch_image *choose(
	const struct patch_varying *varying, const struct patch_cursor *cursors)
{
	const struct patch_image *image = varying->images;

	for (unsigned int i = 0; i < varying->choice_count; i++)
		image += varying->choices[i].stride * cursors[varying->choices[i].generator].value;
	return image;
}

/*
 * Each 16-bit word counts 2^16 times as much as the one after it, and 2^16 is 1 modulo 2^16 - 1: so
 * a number of any width is added as it is. 64 bits are brought to 33, which leaves room in a sum
 * for as many writes as a frame can have.
 */
static inline void touch(const struct patch_image *image, const struct patch_touches *touches,
	uint64_t number, uint64_t *sums)
{
	const struct patch_touch *t = image->touches + touches->first;

	number = (number & 0xffffffff) + (number >> 32);
	for (uint32_t i = 0; i < touches->count; i++)
		sums[t[i].sum] += number << t[i].left;
}

static inline void put(uint8_t *octets, const struct patch_write *write, uint64_t number)
{
	uint8_t *at = octets + write->bit / 8;

	if (write->bit % 8 == 0 && write->width == 16)
		bytes_put_be16(at, (uint16_t)number);
	else if (write->bit % 8 == 0 && write->width == 32)
		bytes_put_be32(at, (uint32_t)number);
	else
		bytes_put_bits(octets, write->bit, write->width, number);
}

static void write_all(const struct patch_image *image, const struct patch_cursor *cursors,
	uint64_t *sums, uint8_t *octets)
{
	for (unsigned int i = 0; i < image->write_count; i++) {
		const struct patch_write *write = &image->writes[i];
		uint64_t number = cursors[write->generator].value >> write->shift;

		if (write->width < 64)
			number &= (1ULL << write->width) - 1;
		put(octets, write, number);
		touch(image, &write->touches, number, sums);
	}
}

static void sum_all(const struct patch_image *image, uint64_t *sums, uint8_t *octets)
{
	for (unsigned int i = 0; i < image->sum_count; i++) {
		const struct patch_sum *sum = &image->sums[i];
		uint64_t checksum;

		if (sum->kind == PATCH_SUM_PSEUDO)
			continue;
		if (sum->kind == PATCH_SUM_CRC32C) {
			checksum = patch_finish_crc(sum, octets);
			bytes_put_be32(octets + sum->offset, (uint32_t)checksum);
		} else {
			checksum = patch_finish_internet(
				sum, sums[i], sum->has_pseudo ? sums[i - 1] : 0);
			bytes_put_be16(octets + sum->offset, (uint16_t)checksum);
		}
		touch(image, &sum->touches, checksum, sums);
	}
}

static void make(struct patch_runner *runner, const struct patch_varying *varying,
	struct patch_state *state, struct patch_slot *slot)
{
	const struct patch_image *image = choose(varying, state->cursors);

	slot->length = image->length;
	if (!image->write_count) {
		slot->octets = image->octets;
		return;
	}
	if (slot->holds != image) {
		memcpy(slot->buffer, image->octets, image->length);
		slot->holds = image;
	}
	for (unsigned int i = 0; i < image->sum_count; i++)
		runner->sums[i] = image->sums[i].base;
	write_all(image, state->cursors, runner->sums, slot->buffer);
	sum_all(image, runner->sums, slot->buffer);
	patch_finish_fcs(varying->fcs, slot->buffer, image->length);
	slot->octets = slot->buffer;
}

void patch_runner_make(struct patch_runner *runner, uint64_t index, struct patch_slot *slot)
{
	const struct patch_frame *frame;
	unsigned int at;
	uint64_t turn;

	if (index != runner->next)
		seek(runner, index);
	at = runner->frame;
	frame = &runner->program->frames[at];
	turn = runner->pass * frame->weight + runner->place;
	slot->frame = frame;
	if (frame->varying) {
		generate(frame->varying, &runner->states[at], turn);
		if (runner->time)
			set_clock(frame->varying, &runner->states[at], runner->time);
		make(runner, frame->varying, &runner->states[at], slot);
	} else {
		slot->octets = frame->octets;
		slot->length = frame->length;
	}
	advance(runner);
}

void patch_runner_make_again(
	struct patch_runner *runner, uint64_t index, uint64_t time, struct patch_slot *slot)
{
	runner->time = time;
	patch_runner_make(runner, index, slot);
	runner->time = 0;
}

/* One frame that does not vary, in each slot. */
static void fill_fixed(
	const struct patch_frame *frame, struct patch_slot *slots, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		slots[i].frame = frame;
		slots[i].octets = frame->octets;
		slots[i].length = frame->length;
	}
}

void patch_runner_fill(
	struct patch_runner *runner, uint64_t index, struct patch_slot *slots, unsigned int count)
{
	const struct patch_program *program = runner->program;

	if (program->count == 1 && !program->varies) {
		fill_fixed(program->frames, slots, count);
		return;
	}
	/* Of a program of one frame, the index is its turn. A few are cheaper one by one. */
	while (runner->columns && count >= PATCH_COLUMN / 8) {
		unsigned int some = count < PATCH_COLUMN ? count : PATCH_COLUMN;

		patch_columns_make(program, runner->columns, index, slots, some);
		index += some;
		slots += some;
		count -= some;
	}
	for (unsigned int i = 0; i < count; i++)
		patch_runner_make(runner, index + i, &slots[i]);
}
