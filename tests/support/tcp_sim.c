/* Runs two engines against each other over a link made of random numbers. */
#include "tcp_sim.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"

#define MILLISECOND 1000000ULL
#define SECOND	    1000000000ULL

enum { FLIGHT_MOST = 65536 };

struct flying {
	uint64_t arrives, order;
	uint8_t *octets;
	size_t length;
	unsigned int to;
};

struct end {
	struct tcp *tcp;
	uint64_t next_read;
	size_t written, read;
	bool ended, freed;
	uint8_t *lent;
};

struct run {
	const struct support_tcp_sim *sim;
	struct support_tcp_result *result;
	uint64_t now, drawn, order;
	struct end end[2];
	struct flying *flying; /* a heap by arrives, then order */
	size_t flights;
	uint64_t busy_until[2];
};

static uint64_t draw(struct run *run, uint64_t count)
{
	return random_scale(random_at(run->sim->seed, run->drawn++), count);
}

static bool chance(struct run *run, double probability)
{
	return probability > 0 && (double)draw(run, 1 << 30) < probability * (1 << 30);
}

/* Octet number at of what an end sends. */
static uint8_t octet(const struct run *run, unsigned int from, size_t at)
{
	if (run->sim->user[from].lent)
		at %= run->sim->user[from].lent;
	return (uint8_t)(random_at(run->sim->seed ^ (from + 1), at >> 3) >> (8 * (at & 7)));
}

static bool before(const struct flying *a, const struct flying *b)
{
	return a->arrives < b->arrives || (a->arrives == b->arrives && a->order < b->order);
}

static void push(struct run *run, struct flying flying)
{
	size_t at = run->flights++;

	while (at && before(&flying, &run->flying[(at - 1) / 2])) {
		run->flying[at] = run->flying[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	run->flying[at] = flying;
}

static struct flying pop(struct run *run)
{
	struct flying first = run->flying[0], last = run->flying[--run->flights];
	size_t at = 0, child;

	while ((child = 2 * at + 1) < run->flights) {
		if (child + 1 < run->flights &&
			before(&run->flying[child + 1], &run->flying[child]))
			child++;
		if (!before(&run->flying[child], &last))
			break;
		run->flying[at] = run->flying[child];
		at = child;
	}
	run->flying[at] = last;
	return first;
}

/* When what is sent now has left at the link's rate; 0: the queue is full. */
static uint64_t departs(struct run *run, unsigned int from, size_t octets)
{
	const struct support_tcp_link *link = &run->sim->link[from];
	uint64_t *busy = &run->busy_until[from], start;

	if (!link->bits_per_second)
		return run->now;
	start = *busy > run->now ? *busy : run->now;
	if (link->queue && (start - run->now) * link->bits_per_second / (8 * SECOND) > link->queue)
		return 0;
	*busy = start + octets * 8 * SECOND / link->bits_per_second;
	return *busy;
}

static void carry(struct run *run, unsigned int from, const uint8_t *octets, size_t length)
{
	const struct support_tcp_link *link = &run->sim->link[from];
	uint64_t leaves = departs(run, from, length + 40);

	if (!leaves || chance(run, link->loss))
		return;
	for (unsigned int copies = 1 + chance(run, link->repeat); copies; copies--) {
		struct flying flying = { .to = !from, .length = length, .order = run->order++ };

		if (run->flights == FLIGHT_MOST)
			return;
		flying.arrives = leaves + link->delay_ns;
		if (chance(run, link->reorder))
			flying.arrives += draw(run, link->reorder_ns + 1);
		flying.octets = malloc(length);
		memcpy(flying.octets, octets, length);
		push(run, flying);
	}
}

/* As the device does: parts a long one into segments, each with its own number and flags. */
static void emit(struct run *run, unsigned int from, const struct tcp_segment *segment)
{
	uint8_t octets[TCP_HEADER_MAX + 131072], *data = octets + TCP_HEADER_MAX;
	size_t step = segment->segment_size, at = 0, part;

	if (run->sim->link[from].whole || !step)
		step = segment->length ? segment->length : 1;
	for (unsigned int i = 0; i < 2; i++) {
		if (segment->data[i].length)
			memcpy(data + at, segment->data[i].octets, segment->data[i].length);
		at += segment->data[i].length;
	}
	at = 0;
	do {
		struct tcp_segment one = *segment;
		uint8_t header[TCP_HEADER_MAX];
		size_t length;

		part = segment->length - at < step ? segment->length - at : step;
		one.seq += (uint32_t)at;
		if (at + part < segment->length)
			one.flags &= (uint8_t) ~(TCP_FIN | TCP_PSH);
		length = tcp_segment_write(&one, 1, 2, header);
		/* The header right before its data: what was there has been sent. */
		memcpy(data + at - length, header, length);
		carry(run, from, data + at - length, length + part);
		at += part;
	} while (at < segment->length);
}

static void check(struct run *run, const char *broken)
{
	if (broken && !run->result->broken)
		run->result->broken = broken;
}

static bool lends(struct run *run, unsigned int i)
{
	size_t room = run->sim->user[i].lent, length = run->sim->user[i].to_send;
	struct end *end = &run->end[i];

	if (!room || end->written == length)
		return true;
	if (!end->lent) {
		end->lent = malloc(room);
		for (size_t k = 0; k < room; k++)
			end->lent[k] = octet(run, i, k);
	}
	if (tcp_send_lent(end->tcp, end->lent, room, length))
		end->written = length;
	return end->written == length;
}

static void writes(struct run *run, unsigned int i)
{
	const struct support_tcp_user *user = &run->sim->user[i];
	struct end *end = &run->end[i];

	if (end->ended || (user->waits && !tcp_receive_ended(end->tcp)) || !lends(run, i))
		return;
	while (end->written < user->to_send) {
		uint8_t chunk[16384];
		size_t most = user->write_most < sizeof(chunk) ? user->write_most : sizeof(chunk);
		size_t length = 1 + draw(run, most), taken;

		if (length > user->to_send - end->written)
			length = user->to_send - end->written;
		for (size_t k = 0; k < length; k++)
			chunk[k] = octet(run, i, end->written + k);
		taken = tcp_send(end->tcp, chunk, length);
		end->written += taken;
		if (taken < length)
			return;
	}
	tcp_shutdown(end->tcp, run->now);
	end->ended = true;
}

static void reads(struct run *run, unsigned int i)
{
	const struct support_tcp_user *user = &run->sim->user[i];
	struct end *end = &run->end[i];
	uint8_t chunk[16384];
	size_t got, most;

	while (run->now >= end->next_read && tcp_receive_ready(end->tcp)) {
		most = user->read_most < sizeof(chunk) ? user->read_most : sizeof(chunk);
		got = tcp_receive(end->tcp, chunk, 1 + draw(run, most));
		for (size_t k = 0; k < got; k++)
			if (chunk[k] != octet(run, !i, end->read + k))
				check(run, "an octet that was not sent there");
		end->read += got;
		run->result->data_ns = run->now - SECOND;
		if (user->read_pause_ns)
			end->next_read = run->now + 1 + draw(run, user->read_pause_ns);
	}
}

static void service(struct run *run, unsigned int i)
{
	struct end *end = &run->end[i];
	struct tcp_segment segment;
	unsigned int segments = 0;

	if (!end->tcp)
		return;
	reads(run, i);
	writes(run, i);
	while (tcp_output(end->tcp, &segment, run->now)) {
		emit(run, i, &segment);
		check(run, support_tcp_invariant(end->tcp));
		if (++segments == 100000) {
			check(run, "it sends without end");
			return;
		}
	}
	if (tcp_next_timer(end->tcp) <= run->now)
		check(run, "a timer is still due after tcp_output");
	check(run, support_tcp_invariant(end->tcp));
}

static void arrives(struct run *run)
{
	struct flying flying = pop(run);
	struct end *end = &run->end[flying.to];
	struct tcp_segment segment;

	if (tcp_segment_read(flying.octets, flying.length, &segment)) {
		check(run, "a header that cannot be read");
	} else if (end->tcp) {
		tcp_input(end->tcp, &segment, run->now);
	} else if (tcp_listen(&segment) == TCP_ACCEPT) {
		uint32_t isn = (uint32_t)draw(run, 1ULL << 32);

		tcp_accept(&end->tcp, &run->sim->config[flying.to], &segment, isn, run->now);
	}
	free(flying.octets);
	service(run, flying.to);
}

static bool over(const struct run *run)
{
	for (unsigned int i = 0; i < 2; i++) {
		const struct tcp *tcp = run->end[i].tcp;

		if (!tcp || (tcp_state(tcp) != TCP_CLOSED && tcp_state(tcp) != TCP_TIME_WAIT) ||
			tcp_receive_ready(tcp))
			return false;
	}
	return true;
}

static bool gave_up(const struct run *run, unsigned int i)
{
	return run->end[i].tcp && tcp_error(run->end[i].tcp);
}

static uint64_t next_event(const struct run *run)
{
	uint64_t next = run->flights ? run->flying[0].arrives : UINT64_MAX;

	for (unsigned int i = 0; i < 2; i++) {
		const struct end *end = &run->end[i];

		if (!end->tcp)
			continue;
		if (tcp_next_timer(end->tcp) < next)
			next = tcp_next_timer(end->tcp);
		if (tcp_receive_ready(end->tcp) && end->next_read < next)
			next = end->next_read;
	}
	return next;
}

static void judge(struct run *run)
{
	for (unsigned int i = 0; i < 2; i++) {
		struct tcp *tcp = run->end[i].tcp;

		run->result->received[i] = run->end[i].read;
		if (!tcp)
			continue;
		tcp_stats(tcp, &run->result->stats[i]);
		run->result->error[i] = tcp_error(tcp);
	}
	for (unsigned int i = 0; i < 2; i++)
		if (!run->result->error[0] && !run->result->error[1] &&
			run->end[i].read != run->sim->user[!i].to_send)
			check(run, "a clean end, but not all data");
}

void support_tcp_sim_run(const struct support_tcp_sim *sim, struct support_tcp_result *ret)
{
	struct run run = { .sim = sim, .result = ret, .now = SECOND };
	uint64_t next;

	memset(ret, 0, sizeof(*ret));
	run.flying = malloc(FLIGHT_MOST * sizeof(*run.flying));
	for (unsigned int i = 0; i < 1 + (unsigned int)sim->both_open; i++)
		tcp_connect(&run.end[i].tcp, &sim->config[i], (uint32_t)draw(&run, 1ULL << 32),
			run.now);
	service(&run, 0);
	service(&run, 1);
	while (!ret->broken && !over(&run)) {
		next = next_event(&run);
		if (next == UINT64_MAX) {
			/* One end has given up; the other has nothing to say and will not hear of
			 * it. */
			if (gave_up(&run, 0) || gave_up(&run, 1))
				break;
			check(&run, "nothing will ever happen again");
			break;
		}
		if (next > run.now)
			run.now = next;
		if (run.now - SECOND > sim->bound_ns)
			check(&run, "the bound of virtual time");
		if (run.flights && run.flying[0].arrives <= run.now) {
			arrives(&run);
			continue;
		}
		service(&run, 0);
		service(&run, 1);
	}
	ret->elapsed_ns = run.now - SECOND;
	judge(&run);
	while (run.flights)
		free(pop(&run).octets);
	free(run.flying);
	for (unsigned int i = 0; i < 2; i++) {
		tcp_free(run.end[i].tcp);
		free(run.end[i].lent);
	}
}
