/* Whose an answer is, among the probes that are outstanding. */
#include "probe/outstanding_place.h"

#include "base/random.h"

/* Requests that are held against one frame, at most: whoever floods us with frames that fit many
 * keys costs no more. */
#define CHECKS_MAX 64U

/* Of those alike the oldest that waits; where none does, the last whose turn it was. */
static uint32_t whose_turn(struct outstanding *o, uint32_t first)
{
	uint32_t turn = o->records[first].turn;

	while (o->records[turn].state != PROBE_WAITING && o->records[turn].alike != PLACE_NONE)
		turn = o->records[turn].alike;
	o->records[first].turn = turn;
	return turn;
}

struct matching {
	struct outstanding *o;
	const struct answer_frame *received;
	uint32_t tried[CHECKS_MAX];
	unsigned int count;
	bool near;
	uint32_t near_place;
	struct answer_verdict verdict; /* the last one, */
	struct answer_verdict missed;  /* and that of near_place */
};

static bool is_tried(const struct matching *m, uint32_t place)
{
	for (unsigned int i = 0; i < m->count; i++)
		if (m->tried[i] == place)
			return true;
	return false;
}

/* Whether the frame answers the probe at place; notes a near miss. */
static bool answers(struct matching *m, uint32_t place)
{
	struct answer_frame request;

	if (m->count == CHECKS_MAX || is_tried(m, place))
		return false;
	m->tried[m->count++] = place;
	outstanding_read(m->o, outstanding_number(m->o, place), &request);
	answer_check(&request, m->received, &m->verdict);
	if (m->verdict.kind == ANSWER_NEAR && !m->near) {
		m->near = true;
		m->near_place = place;
		m->missed = m->verdict;
	}
	return m->verdict.kind == ANSWER_REPLY || m->verdict.kind == ANSWER_ERROR;
}

/* The same of those that errors do not tell from the one at place. */
static uint32_t whose_error(struct outstanding *o, uint32_t place)
{
	struct probe_record *records = o->records;
	uint32_t turn = records[place].errors_turn;
	unsigned int others = 0;

	/* Those that it was moved past are not looked at again, and of others no more than a flood
	 * may cost. */
	for (uint32_t at = turn;
		records[turn].state != PROBE_WAITING && at != PLACE_NONE && others < CHECKS_MAX;
		at = records[at].alike) {
		if (records[at].whole == records[place].whole)
			turn = at;
		else
			others++;
	}
	records[place].errors_turn = turn;
	return turn;
}

/* Whose the answer is that the probe at place may have. */
static uint32_t whose(struct matching *m, uint32_t place)
{
	return m->verdict.kind == ANSWER_ERROR ? whose_error(m->o, place) : whose_turn(m->o, place);
}

static bool look_up(struct matching *m, const struct answer_keys *keys, uint32_t *ret)
{
	for (unsigned int i = 0; i < keys->answers; i++) {
		uint32_t cursor = 0, place;

		while (probe_table_next(&m->o->table, keys->answer[i], &cursor, &place)) {
			if (!answers(m, place))
				continue;
			*ret = whose(m, place);
			return true;
		}
	}
	return false;
}

static void look_near(struct matching *m, const struct answer_keys *keys)
{
	struct outstanding *o = m->o;

	for (unsigned int i = 0; i < keys->nears && !m->near; i++) {
		uint64_t mixed = random_mix(keys->near[i]);
		const struct probe_cell *cell = &o->near[mixed % OUTSTANDING_NEAR];

		if (!cell->place || cell->tag != (uint32_t)(mixed >> 32) ||
			o->records[cell->place - 1].state == PROBE_UNSENT)
			continue;
		answers(m, cell->place - 1);
	}
}

enum answer_kind outstanding_match(struct outstanding *o, const struct answer_frame *received,
	uint64_t *ret_number, struct answer_verdict *ret)
{
	struct matching m = { .o = o, .received = received };
	struct answer_keys keys;
	uint32_t place;

	answer_keys_got(received, &keys);
	if (look_up(&m, &keys, &place)) {
		*ret_number = outstanding_number(o, place);
		*ret = m.verdict;
		return ret->kind;
	}
	answer_keys_missed(received, &keys);
	look_near(&m, &keys);
	if (!m.near)
		return ANSWER_NONE;
	*ret_number = outstanding_number(o, m.near_place);
	*ret = m.missed;
	return ANSWER_NEAR;
}
