/* The run of probes, on a clock that only moves when it is asked or slept on, over a network that
 * is late, lossy, or floods. */
#include "echo.h"

#include "base/random.h"
#include "link/link.h"
#include "probe/probe.h"

#include <errno.h>

#define MS	     1000000U
#define SECOND_NS    1000000000U
#define TICK_NS	     100U /* what looking at the clock costs */
#define WALL	     1700000000000000000U
#define ARRIVALS_MAX 4096U
#define PROBES_MAX   2048U

struct arrival {
	uint64_t at;
	uint8_t octets[ECHO_MAX];
	uint32_t length;
};

struct world {
	struct arena arena;
	struct link *link; /* keeps what was sent */
	const struct patch_program *program;
	uint64_t now;
	struct arrival arrivals[ARRIVALS_MAX];
	unsigned int count;

	/* What the network does. */
	uint64_t delay;	      /* ns */
	uint64_t flood_every; /* ns between frames of garbage that arrive; 0: none */
	uint64_t flood_at, flooded;
	unsigned int lose_first; /* so many frames */
	uint64_t lose_number;	 /* the probe, with all its sendings */
	uint64_t refuse_number;
	uint64_t break_at;   /* the frame with which the link breaks; 0: none */
	unsigned int copies; /* of each answer */
	uint8_t hops;	     /* frames of a lower TTL are answered by a router */
	uint64_t sent_at[PROBES_MAX];

	/* What was told. */
	uint64_t rtt[PROBES_MAX];
	unsigned int answered[PROBES_MAX], lost[PROBES_MAX];
	unsigned int nears;
	sig_atomic_t stop;
	uint64_t stop_at; /* answers */

	struct clock clock;
	struct probe_wire wire;
	struct probe_events events;
	struct probe_config config;
	struct probe_report report;
	struct err err;
};

static uint64_t now_of(void *context)
{
	return ((struct world *)context)->now += TICK_NS;
}

static uint64_t wall_of(void *context)
{
	return ((struct world *)context)->now + WALL;
}

static void arrive(struct world *w, uint64_t at, const uint8_t *octets, uint32_t length)
{
	struct arrival *arrival;
	unsigned int i = w->count;

	assert_true(w->count < ARRIVALS_MAX);
	for (; i && w->arrivals[i - 1].at > at; i--)
		w->arrivals[i] = w->arrivals[i - 1];
	arrival = &w->arrivals[i];
	arrival->at = at;
	arrival->length = length;
	memcpy(arrival->octets, octets, length);
	w->count++;
}

/* RFC 792: the header and eight octets come back in "time exceeded". */
static void router_answers(struct world *w, const uint8_t *request, uint64_t at)
{
	uint8_t error[ECHO_MAX] = { 0 };
	uint32_t sum = 0;

	memcpy(error, request, 34);
	echo_swap(error, 0, 6, 6);
	memcpy(error + 30, request + 26, 4);
	memcpy(error + 26, (const uint8_t[]){ 10, 9, 9, request[22] }, 4);
	bytes_put_be16(error + 16, 20 + 8 + 28);
	error[22] = 64;
	bytes_put_be16(error + 24, 0);
	for (unsigned int i = 14; i < 34; i += 2)
		sum += bytes_get_be16(error + i);
	sum = (sum & 0xffff) + (sum >> 16);
	bytes_put_be16(error + 24, (uint16_t) ~(sum + (sum >> 16)));
	error[34] = 11;
	memcpy(error + 42, request + 14, 28);
	sum = 0;
	for (unsigned int i = 34; i < 70; i += 2)
		sum += bytes_get_be16(error + i);
	sum = (sum & 0xffff) + (sum >> 16);
	bytes_put_be16(error + 36, (uint16_t) ~(sum + (sum >> 16)));
	arrive(w, at, error, 70);
}

static void answer(struct world *w, uint64_t number, const uint8_t *octets, uint32_t length)
{
	uint8_t reply[ECHO_MAX];

	if (w->lose_first) {
		w->lose_first--;
		return;
	}
	if (number == w->lose_number)
		return;
	if (octets[22] < w->hops) {
		router_answers(w, octets, w->now + w->delay);
		return;
	}
	echo_reply(octets, length, reply);
	for (unsigned int i = 0; i < w->copies; i++)
		arrive(w, w->now + w->delay + i * MS, reply, length);
}

static int fake_send(void *context, uint64_t first, unsigned int count, struct probe_sent *ret,
	unsigned int *ret_count, unsigned int *ret_tried, struct err *err)
{
	struct world *w = context;

	*ret_count = 0;
	*ret_tried = 0;
	for (uint64_t i = first; i < first + count; i++) {
		size_t length;
		const uint8_t *octets;

		if (w->break_at && link_memory_count(w->link) == w->break_at)
			return err_system(err, ENETDOWN, "broken");
		++*ret_tried;
		if (i == w->refuse_number)
			continue;
		assert_int_equal(link_run(w->link, w->program, i, 1, err), 0);
		octets = link_memory_frame(w->link, link_memory_count(w->link) - 1, &length);
		if (i < PROBES_MAX && !w->sent_at[i])
			w->sent_at[i] = w->now;
		ret[(*ret_count)++] = (struct probe_sent){ .number = i,
			.octets = octets,
			.length = (uint32_t)length,
			.time_ns = w->now + WALL };
		answer(w, i, octets, (uint32_t)length);
	}
	return 0;
}

/* A frame that nobody asked for, every now and then. */
static bool flood(struct world *w, struct receiver_frame *ret)
{
	static uint8_t octets[ECHO_MAX];

	if (!w->flood_every || w->flood_at > w->now)
		return false;
	for (unsigned int i = 0; i < sizeof(octets); i += 4)
		bytes_put_be32(octets + i, (uint32_t)random_at(w->flooded, i));
	bytes_put_be16(octets + 12, 0x0800);
	octets[14] = 0x45;
	*ret = (struct receiver_frame){ .octets = octets,
		.captured = (uint32_t)(random_at(7, w->flooded) % sizeof(octets)),
		.time_ns = w->flood_at + WALL };
	ret->length = ret->captured;
	w->flood_at += w->flood_every;
	w->flooded++;
	w->now += TICK_NS;
	return true;
}

static int fake_receive(void *context, struct receiver_frame *ret)
{
	static struct arrival first;
	struct world *w = context;

	if (!w->count || w->arrivals[0].at > w->now ||
		(w->flood_every && w->flood_at < w->arrivals[0].at))
		return flood(w, ret);
	first = w->arrivals[0];
	w->count--;
	memmove(w->arrivals, w->arrivals + 1, w->count * sizeof(*w->arrivals));
	*ret = (struct receiver_frame){ .octets = first.octets,
		.captured = first.length,
		.length = first.length,
		.time_ns = first.at + WALL };
	return 1;
}

static int fake_wait(void *context, uint64_t ns, struct err *err)
{
	struct world *w = context;
	uint64_t until = w->now + ns;

	(void)err;
	if (w->count && w->arrivals[0].at < until)
		until = w->arrivals[0].at;
	if (until > w->now)
		w->now = until;
	return 0;
}

static int on_answer(void *context, const struct probe_answer *answered, struct err *err)
{
	struct world *w = context;

	(void)err;
	if (!answered->duplicate && !answered->late) {
		w->answered[answered->number]++;
		w->rtt[answered->number] = answered->timed ? answered->rtt_ns : 0;
		if (w->stop_at && --w->stop_at == 0)
			w->stop = 1;
	}
	return 0;
}

static int on_near(void *context, const struct probe_answer *near, struct err *err)
{
	(void)near;
	(void)err;
	((struct world *)context)->nears++;
	return 0;
}

static int on_lost(void *context, uint64_t number, struct err *err)
{
	(void)err;
	((struct world *)context)->lost[number]++;
	return 0;
}

static int setup(void **state)
{
	struct world *w = test_calloc(1, sizeof(*w));

	arena_init(&w->arena);
	assert_int_equal(link_memory_open(&w->link), 0);
	w->program = echo_program(&w->arena, ECHO_EACH);
	w->now = 5 * (uint64_t)SECOND_NS;
	w->delay = 2 * MS;
	w->copies = 1;
	w->lose_number = w->refuse_number = UINT64_MAX;
	w->clock = (struct clock){ .now = now_of, .context = w };
	w->wire = (struct probe_wire){ fake_send, fake_receive, fake_wait, wall_of, w };
	w->events = (struct probe_events){
		.answer = on_answer, .near = on_near, .lost = on_lost, .context = w
	};
	w->config = (struct probe_config){
		.program = w->program,
		.wire = &w->wire,
		.count = 10,
		.timeout_ns = SECOND_NS,
		.stop = &w->stop,
		.clock = &w->clock,
		.events = &w->events,
	};
	w->config.pace.interval_ns = 100 * MS;
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	link_close(w->link, NULL);
	arena_fini(&w->arena);
	test_free(w);
	return 0;
}

static void run(struct world *w)
{
	if (probe_run(&w->config, &w->report, &w->err))
		fail_msg("%s", w->err.text);
	assert_int_equal(w->report.probes, w->report.answers + w->report.lost + w->report.waiting);
}

static void each_probe_has_its_own_round_trip_time(void **state)
{
	struct world *w = *state;

	run(w);
	assert_int_equal(w->report.probes, 10);
	assert_int_equal(w->report.answers, 10);
	assert_int_equal(w->report.rtt.count, 10);
	for (unsigned int i = 0; i < 10; i++) {
		assert_int_equal(w->answered[i], 1);
		assert_int_equal(w->rtt[i], 2 * MS);
	}
}

static void an_answer_may_take_longer_than_the_next_probe_does(void **state)
{
	struct world *w = *state;

	w->delay = 350 * MS;
	run(w);
	assert_int_equal(w->report.answers, 10);
	assert_int_equal(w->report.lost, 0);
	for (unsigned int i = 0; i < 10; i++)
		assert_int_equal(w->rtt[i], 350 * MS);
}

static void probes_go_at_their_pace(void **state)
{
	struct world *w = *state;

	run(w);
	for (unsigned int i = 1; i < 10; i++) {
		uint64_t gap = w->sent_at[i] - w->sent_at[0];

		assert_in_range(gap, (i * 100ULL - 1) * MS, (i * 100ULL + 1) * MS);
	}
}

static void nobody_s_answer_is_waited_for_as_long_as_the_timeout(void **state)
{
	struct world *w = *state;

	w->lose_number = 9;
	run(w);
	assert_int_equal(w->report.answers, 9);
	assert_int_equal(w->lost[9], 1);
	assert_true(w->report.elapsed_ns >= 1900ULL * MS);
	assert_true(w->report.elapsed_ns < 1920ULL * MS);
}

static void a_probe_is_sent_again_as_the_very_same_frame(void **state)
{
	struct world *w = *state;
	const uint8_t *first, *again;
	size_t length, length_again;

	w->config.count = 1;
	w->config.retries = 3;
	w->lose_first = 2;
	run(w);
	assert_int_equal(w->report.answers, 1);
	assert_int_equal(w->report.probes, 1);
	assert_int_equal(w->report.frames, 3);
	assert_int_equal(link_memory_count(w->link), 3);
	first = link_memory_frame(w->link, 0, &length);
	again = link_memory_frame(w->link, 2, &length_again);
	assert_int_equal(length, length_again);
	assert_memory_equal(first, again, length);
	/* Nobody knows which of the three was answered. */
	assert_int_equal(w->report.untimed, 1);
	assert_int_equal(w->report.rtt.count, 0);
}

static void after_its_retries_a_probe_is_lost(void **state)
{
	struct world *w = *state;

	w->config.retries = 2;
	w->lose_number = 4;
	run(w);
	assert_int_equal(w->report.lost, 1);
	assert_int_equal(w->lost[4], 1);
	assert_int_equal(w->report.frames, 12);
	assert_int_equal(w->report.answers, 9);
}

static void what_comes_after_the_timeout_is_late(void **state)
{
	struct world *w = *state;

	w->config.timeout_ns = 250 * MS;
	w->delay = 400 * MS;
	run(w);
	assert_int_equal(w->report.answers, 0);
	assert_int_equal(w->report.lost, 10);
	assert_true(w->report.late >= 8);
}

/* Between the timeout and the moment at which the program looks. */
static void what_comes_a_little_after_the_timeout_is_late_as_well(void **state)
{
	struct world *w = *state;

	w->config.timeout_ns = 250 * MS;
	w->delay = 252 * MS;
	run(w);
	assert_int_equal(w->report.answers, 0);
	assert_int_equal(w->report.lost, 10);
	assert_int_equal(w->report.late, 10);
	for (unsigned int i = 0; i < 10; i++)
		assert_int_equal(w->lost[i], 1);
}

static void a_timeout_may_be_as_long_as_it_likes(void **state)
{
	struct world *w = *state;

	w->config.timeout_ns = UINT64_MAX;
	w->delay = 50 * MS;
	run(w);
	assert_int_equal(w->report.answers, 10);
	assert_int_equal(w->report.lost, 0);
}

static void a_second_answer_is_a_duplicate(void **state)
{
	struct world *w = *state;

	w->copies = 3;
	run(w);
	assert_int_equal(w->report.answers, 10);
	/* The run ends with the last probe's first answer. */
	assert_int_equal(w->report.duplicates, 18);
}

static void a_frame_that_is_refused_is_no_probe(void **state)
{
	struct world *w = *state;

	w->refuse_number = 3;
	run(w);
	assert_int_equal(w->report.probes, 9);
	assert_int_equal(w->report.refused, 1);
	assert_int_equal(w->report.answers, 9);
	assert_int_equal(w->answered[3], 0);
}

static void a_link_that_breaks_ends_the_run_with_what_was_sent_before(void **state)
{
	struct world *w = *state;

	w->break_at = 4;
	assert_int_equal(probe_run(&w->config, &w->report, &w->err), -ENETDOWN);
	assert_string_equal(w->err.text, "broken: Network is down");
	assert_int_equal(w->report.probes, 4);
	assert_int_equal(w->report.answers, 4);
}

static void only_so_many_are_waited_for_at_once(void **state)
{
	struct world *w = *state;

	w->config.at_once = 2;
	w->config.pace.interval_ns = 1;
	w->delay = 100 * MS;
	run(w);
	assert_int_equal(w->report.answers, 10);
	for (unsigned int i = 2; i < 10; i++)
		assert_true(w->sent_at[i] >= w->sent_at[i - 2] + 100 * MS);
}

static void a_trace_ends_at_the_host_that_it_asks_for(void **state)
{
	struct world *w = *state;

	w->program =
		echo_program(&w->arena, ECHO_LINK "ipv4(src=10.0.0.1,dst=10.0.0.2,ttl=inc(1..30))/"
						  "icmp(type=echo-request,id=7,seq=inc(1..30))");
	w->config.program = w->program;
	w->config.count = 30;
	w->config.at_once = 1;
	w->config.until = PROBE_UNTIL_REACHED;
	w->config.pace.interval_ns = 1;
	w->hops = 5;
	w->lose_number = 1;
	run(w);
	assert_true(w->report.reached);
	assert_int_equal(w->report.probes, 5);
	assert_int_equal(w->report.errors, 3);
	assert_int_equal(w->report.answers, 4);
	assert_int_equal(w->report.lost, 1);
}

static void one_answer_may_be_enough(void **state)
{
	struct world *w = *state;

	w->config.count = 0;
	w->config.at_once = 1;
	w->config.pace.interval_ns = 1;
	w->config.until = PROBE_UNTIL_ANSWERED;
	w->lose_first = 3;
	run(w);
	assert_int_equal(w->report.answers, 1);
	assert_int_equal(w->report.lost, 3);
	assert_int_equal(w->answered[3], 1);
}

static void a_signal_ends_it_and_what_waits_is_said(void **state)
{
	struct world *w = *state;

	w->config.count = 0;
	w->delay = 250 * MS;
	w->stop_at = 5;
	run(w);
	assert_true(w->report.stopped);
	assert_int_equal(w->report.answers, 5);
	assert_int_equal(w->report.lost, 0);
	assert_true(w->report.waiting >= 2);
}

/* A frame every 150 ns, which is more than there is time for: behind them answers wait in the ring
 * until long after their timeout, and are in time by their stamps. */
static void a_flood_loses_no_answer_and_holds_nothing_up(void **state)
{
	struct world *w = *state;

	w->flood_every = 150;
	w->flood_at = w->now;
	w->config.timeout_ns = 50 * MS;
	w->config.count = 20;
	w->config.pace.interval_ns = 10 * MS;
	run(w);
	assert_true(w->flooded > 100000);
	assert_int_equal(w->report.answers, 20);
	assert_int_equal(w->report.lost, 0);
	for (unsigned int i = 0; i < 20; i++)
		assert_int_equal(w->rtt[i], 2 * MS);
}

static void many_at_once_are_all_matched(void **state)
{
	struct world *w = *state;

	w->config.count = PROBES_MAX;
	w->config.pace.interval_ns = 2000;
	w->delay = 5 * MS;
	run(w);
	assert_int_equal(w->report.answers, PROBES_MAX);
	for (unsigned int i = 0; i < PROBES_MAX; i++) {
		assert_int_equal(w->answered[i], 1);
		assert_int_equal(w->rtt[i], 5 * MS);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(each_probe_has_its_own_round_trip_time),
		TEST(an_answer_may_take_longer_than_the_next_probe_does),
		TEST(probes_go_at_their_pace),
		TEST(nobody_s_answer_is_waited_for_as_long_as_the_timeout),
		TEST(a_probe_is_sent_again_as_the_very_same_frame),
		TEST(after_its_retries_a_probe_is_lost),
		TEST(what_comes_after_the_timeout_is_late),
		TEST(what_comes_a_little_after_the_timeout_is_late_as_well),
		TEST(a_timeout_may_be_as_long_as_it_likes),
		TEST(a_second_answer_is_a_duplicate),
		TEST(a_frame_that_is_refused_is_no_probe),
		TEST(a_link_that_breaks_ends_the_run_with_what_was_sent_before),
		TEST(only_so_many_are_waited_for_at_once),
		TEST(a_trace_ends_at_the_host_that_it_asks_for),
		TEST(one_answer_may_be_enough),
		TEST(a_signal_ends_it_and_what_waits_is_said),
		TEST(a_flood_loses_no_answer_and_holds_nothing_up),
		TEST(many_at_once_are_all_matched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
