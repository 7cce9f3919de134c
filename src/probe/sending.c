/* What is due leaves: probes, and datagrams in fragments, each of which is one. */
#include "probe/probe_internal.h"

static int told_sent(struct probing *p, const struct probe_sent *sent, struct err *err)
{
	const struct probe_events *events = p->config->events;

	p->report->frames++;
	return events->sent ? events->sent(events->context, sent, err) : 0;
}

static struct probe_part part_at(const struct probing *p, uint64_t index)
{
	return probe_part_at(p->parts, p->config->program, index);
}

bool probing_goes_on(const struct probing *p, uint64_t index)
{
	return part_at(p, index).before;
}

bool probing_all_sent(const struct probing *p)
{
	return p->ends || (p->config->count && p->pace.index >= p->config->count &&
				  !probing_goes_on(p, p->pace.index));
}

/* How many frames may go now. */
static unsigned int allowed(const struct probing *p)
{
	const struct probe_config *config = p->config;
	struct pace pace = p->pace;
	uint64_t waiting = p->outstanding.waiting;
	unsigned int count = 0;

	while (count < PROBE_BURST && outstanding_has_room(&p->outstanding, pace.index) &&
		(probing_goes_on(p, pace.index) ||
			((!config->count || pace.index < config->count) &&
				(!config->at_once || waiting + count < config->at_once) &&
				p->start + pace_due(&pace) <= p->now))) {
		pace_advance(&pace);
		count++;
	}
	return count;
}

/* One that is waited for. */
static void note_probe(struct probing *p, const struct probe_sent *sent)
{
	struct probe_record *record = outstanding_add(
		&p->outstanding, sent->number, sent->octets, sent->length, p->now + p->timeout_ns);

	record->sent_ns = sent->time_ns;
	record->hardware = sent->hardware;
	p->report->probes++;
}

/* A datagram is there once the last of its fragments is. */
static void note_part(struct probing *p, const struct probe_sent *sent, int probe)
{
	struct probe_record *record = NULL;

	if (probe < 0)
		record = outstanding_find(&p->outstanding, sent->number - (uint64_t)-probe);
	if (record && record->state == PROBE_WAITING) {
		record->sent_ns = sent->time_ns;
		record->hardware = sent->hardware;
	}
	p->report->parts++;
}

static int note_sent(struct probing *p, const struct probe_sent *sent, struct err *err)
{
	int probe = part_at(p, sent->number).probe;

	if (probe)
		note_part(p, sent, probe);
	else
		note_probe(p, sent);
	return told_sent(p, sent, err);
}

int probing_send_due(struct probing *p, struct err *err)
{
	const struct probe_wire *wire = p->config->wire;
	uint64_t first = p->pace.index;
	struct probe_sent sent[PROBE_BURST];
	unsigned int count = 0, tried = 0, most = p->ends ? 0 : allowed(p);
	int rc;

	if (!most)
		return 0;
	rc = wire->send(wire->context, first, most, sent, &count, &tried, err);
	for (unsigned int i = 0; i < count; i++) {
		int told = note_sent(p, &sent[i], rc ? NULL : err);

		rc = rc ? rc : told;
	}
	p->report->refused += tried - count;
	for (unsigned int i = 0; i < tried; i++)
		pace_advance(&p->pace);
	return rc < 0 ? rc : 1;
}

int probing_send_again(
	struct probing *p, struct probe_record *record, uint64_t number, struct err *err)
{
	const struct probe_wire *wire = p->config->wire;
	struct probe_part part = part_at(p, number);
	uint64_t end = number + part.after + 1;
	int rc = 0;

	outstanding_wait(&p->outstanding, record, p->now + p->timeout_ns);
	record->sendings++;
	for (uint64_t i = number - part.before; i < end && rc >= 0; i++) {
		struct probe_sent sent[PROBE_BURST];
		unsigned int count = 0, tried = 0;

		rc = wire->send(wire->context, i, 1, sent, &count, &tried, err);
		if (!count)
			continue;
		record->sent_ns = sent[0].time_ns;
		record->hardware = sent[0].hardware;
		p->report->again++;
		rc = rc < 0 ? rc : told_sent(p, &sent[0], err);
	}
	return rc;
}
