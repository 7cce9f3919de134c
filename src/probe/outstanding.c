/* The probes that were sent: their places, keys and deadlines. */
#include "probe/outstanding_place.h"

#include "base/err.h"
#include "base/random.h"
#include "wire/crc32.h"

#include <errno.h>
#include <stdlib.h>

#define PLACES_MIN 64U

static uint32_t place_of(const struct outstanding *o, uint64_t number)
{
	return (uint32_t)(number & o->mask);
}

/* ---- frames, made again ---- */

void outstanding_request(
	struct outstanding *o, uint64_t number, const uint8_t **ret_octets, uint32_t *ret_length)
{
	patch_runner_make(&o->runner, number, o->slot);
	*ret_octets = o->slot->octets;
	*ret_length = o->slot->length;
	if (o->slot->frame->own_fcs && *ret_length >= FCS_LENGTH)
		*ret_length -= FCS_LENGTH;
}

void outstanding_read(struct outstanding *o, uint64_t number, struct answer_frame *ret)
{
	const uint8_t *octets;
	uint32_t length;

	outstanding_request(o, number, &octets, &length);
	answer_read(octets, length, ret);
}

static void read_keys(struct outstanding *o, uint64_t number, struct answer_keys *ret)
{
	struct answer_frame request;

	outstanding_read(o, number, &request);
	answer_keys_asked(&request, ret);
}

/* ---- the whole ---- */

/* How many keys a probe has: those of the program's frames as they are at first. */
static size_t keys_each(struct outstanding *o)
{
	const struct patch_program *program = o->runner.program;
	size_t most = 1;

	for (unsigned int i = 0; i < program->count; i++) {
		struct answer_keys keys;

		read_keys(o, patch_program_first(program, i), &keys);
		if (keys.answers > most)
			most = keys.answers;
	}
	return most;
}

int outstanding_init(struct outstanding *o, const struct patch_program *program, uint64_t places,
	struct err *err)
{
	uint32_t count = PLACES_MIN;

	*o = (struct outstanding){ .due_first = PLACE_NONE, .due_last = PLACE_NONE };
	while (count < places && count < OUTSTANDING_MAX)
		count *= 2;
	o->mask = count - 1;
	if (patch_runner_init(&o->runner, program, 1))
		return err_system(err, ENOMEM, "cannot make the frames");
	o->slot = &o->runner.slots[0];
	o->records = calloc(count, sizeof(*o->records));
	o->near = calloc(OUTSTANDING_NEAR, sizeof(*o->near));
	if (!o->records || !o->near || probe_table_init(&o->table, count * keys_each(o))) {
		outstanding_fini(o);
		return err_system(err, ENOMEM, "no room for %u probes", count);
	}
	return 0;
}

void outstanding_fini(struct outstanding *o)
{
	patch_runner_fini(&o->runner);
	probe_table_fini(&o->table);
	free(o->records);
	free(o->near);
	*o = (struct outstanding){ 0 };
}

double outstanding_cost(const struct outstanding *o)
{
	double cells = (double)o->table.mask + 1;

	return (double)sizeof(*o->records) +
	       cells * (double)sizeof(*o->table.cells) / ((double)o->mask + 1);
}

/* ---- keys ---- */

static uint32_t whole_of(const struct answer_keys *keys)
{
	uint64_t whole = 0;

	for (unsigned int i = 0; i < keys->answers; i++)
		whole = random_mix(whole ^ keys->answer[i]);
	return (uint32_t)whole;
}

/* Under all its keys. */
static void enter(struct outstanding *o, uint32_t place, const struct answer_keys *keys)
{
	for (unsigned int i = 0; i < keys->answers; i++)
		probe_table_add(&o->table, keys->answer[i], place);
	o->records[place].first = true;
}

/* Under those keys that the first of those alike does not have: an error that quotes an id tells
 * apart what a reply does not. */
static void enter_besides(
	struct outstanding *o, uint32_t place, const struct answer_keys *keys, uint32_t first)
{
	struct answer_keys others;

	read_keys(o, outstanding_number(o, first), &others);
	for (unsigned int i = 0; i < keys->answers; i++) {
		unsigned int j = 0;

		while (j < others.answers && others.answer[j] != keys->answer[i])
			j++;
		if (j == others.answers && probe_table_add(&o->table, keys->answer[i], place))
			o->records[place].besides = true;
	}
}

static void remove_keys(struct outstanding *o, uint32_t place, const struct answer_keys *keys)
{
	for (unsigned int i = 0; i < keys->answers; i++)
		probe_table_remove(&o->table, keys->answer[i], place);
}

/* The first of those with the same key, or PLACE_NONE. */
static uint32_t find_alike(const struct outstanding *o, uint64_t key)
{
	uint32_t cursor = 0, place;

	while (probe_table_next(&o->table, key, &cursor, &place))
		if (o->records[place].key == key)
			return place;
	return PLACE_NONE;
}

static void enter_near(struct outstanding *o, uint32_t place, const struct answer_keys *keys)
{
	for (unsigned int i = 0; i < keys->nears; i++) {
		uint64_t mixed = random_mix(keys->near[i]);

		o->near[mixed % OUTSTANDING_NEAR] =
			(struct probe_cell){ .tag = (uint32_t)(mixed >> 32), .place = place + 1 };
	}
}

/* Those alike go on with the next of them in the table. */
static void leave(struct outstanding *o, uint32_t place)
{
	struct probe_record *record = &o->records[place];
	struct answer_keys keys;

	if (!record->first && !record->besides)
		return;
	read_keys(o, outstanding_number(o, place), &keys);
	remove_keys(o, place, &keys);
	if (!record->first || record->alike == PLACE_NONE)
		return;
	o->records[record->alike].last = record->last;
	o->records[record->alike].turn = record->turn == place ? record->alike : record->turn;
	read_keys(o, outstanding_number(o, record->alike), &keys);
	if (o->records[record->alike].besides)
		remove_keys(o, record->alike, &keys);
	enter(o, record->alike, &keys);
}

/* ---- deadlines: all wait for as long, so that who comes last is due last ---- */

void outstanding_wait(struct outstanding *o, struct probe_record *record, uint64_t deadline)
{
	uint32_t place = (uint32_t)(record - o->records);

	record->deadline = deadline;
	record->next_due = PLACE_NONE;
	record->queued = true;
	if (o->due_first == PLACE_NONE)
		o->due_first = place;
	else
		o->records[o->due_last].next_due = place;
	o->due_last = place;
}

static void drop_first_due(struct outstanding *o)
{
	struct probe_record *record = &o->records[o->due_first];

	record->queued = false;
	o->due_first = record->next_due;
}

uint64_t outstanding_deadline(struct outstanding *o)
{
	while (o->due_first != PLACE_NONE && o->records[o->due_first].state != PROBE_WAITING)
		drop_first_due(o);
	return o->due_first == PLACE_NONE ? UINT64_MAX : o->records[o->due_first].deadline;
}

bool outstanding_take_due(struct outstanding *o, uint64_t now, uint64_t *ret_number)
{
	if (outstanding_deadline(o) > now)
		return false;
	*ret_number = outstanding_number(o, o->due_first);
	drop_first_due(o);
	return true;
}

/* ---- probes ---- */

bool outstanding_has_room(const struct outstanding *o, uint64_t number)
{
	const struct probe_record *record = &o->records[place_of(o, number)];

	return record->state != PROBE_WAITING && !record->queued;
}

struct probe_record *outstanding_find(const struct outstanding *o, uint64_t number)
{
	if (number >= o->next || o->next - number > (uint64_t)o->mask + 1)
		return NULL;
	return &o->records[place_of(o, number)];
}

/* Empties the places up to that of number. */
static void make_place(struct outstanding *o, uint64_t number)
{
	while (o->next <= number) {
		uint32_t place = place_of(o, o->next);

		if (o->records[place].state != PROBE_UNSENT)
			leave(o, place);
		o->records[place] = (struct probe_record){ .alike = PLACE_NONE };
		o->next++;
	}
}

struct probe_record *outstanding_add(struct outstanding *o, uint64_t number, const uint8_t *octets,
	uint32_t length, uint64_t deadline)
{
	uint32_t place = place_of(o, number);
	struct probe_record *record = &o->records[place];
	struct answer_frame request;
	struct answer_keys keys;
	uint32_t before;

	/* First, as the octets may be those of a frame made again. */
	answer_read(octets, length, &request);
	answer_keys_asked(&request, &keys);
	for (unsigned int i = 0; i < keys.answers; i++)
		probe_table_expect(&o->table, keys.answer[i]);
	make_place(o, number);
	record->state = PROBE_WAITING;
	record->sendings = 1;
	record->last = record->turn = record->errors_turn = place;
	record->whole = whole_of(&keys);
	o->waiting++;
	outstanding_wait(o, record, deadline);
	if (!keys.answers) {
		o->unanswerable++;
		return record;
	}
	record->key = keys.answer[0];
	before = find_alike(o, record->key);
	if (before == PLACE_NONE) {
		enter(o, place, &keys);
	} else {
		o->alike++;
		o->records[o->records[before].last].alike = place;
		o->records[before].last = place;
		enter_besides(o, place, &keys, before);
	}
	enter_near(o, place, &keys);
	return record;
}

void outstanding_settle(struct outstanding *o, struct probe_record *record, enum probe_state state)
{
	record->state = (uint8_t)state;
	o->waiting--;
}
