/* exchange_run: scripts in a world made up, whose clock moves only when somebody waits. */
#include "../../support/arena.h"
#include "../../support/spec_text.h"

#include "base/arena.h"
#include "exchange/facts.h"
#include "exchange/run.h"
#include "frame/build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define MS	     1000000U
#define ARRIVALS_MAX 16
#define SENT_MAX     64

#define ETH   "eth(dst=02:00:00:00:00:01,src=02:00:00:00:00:02)/"
#define IPV4  ETH "ipv4(src=192.0.2.2,dst=192.0.2.1)/"
#define REPLY IPV4 "icmp(type=echo-reply,id=7,seq=1)"
#define OTHER IPV4 "icmp(type=echo-reply,id=7,seq=2)"

struct arrival {
	uint64_t time_ns;
	unsigned int port;
	struct frame_view view;
	uint64_t read_ns; /* not before: as on a machine that has much else to do */
};

struct world {
	struct arena *arena;
	uint64_t now;
	struct arrival arrivals[ARRIVALS_MAX];
	unsigned int count, next;
	struct frame_view sent[SENT_MAX];
	unsigned int sent_count;
	bool answers, stops;
	uint8_t mac[6];
};

static uint64_t world_now(void *context)
{
	return ((struct world *)context)->now;
}

static int world_send(void *context, unsigned int port, const uint8_t *octets, uint32_t length,
	bool own_fcs, struct err *err)
{
	struct world *world = context;

	(void)port, (void)own_fcs, (void)err;
	assert_true(world->sent_count < SENT_MAX);
	frame_dissect(world->arena, &wire_eth, arena_copy(world->arena, octets, length), length,
		DISSECT_FCS_ABSENT, &world->sent[world->sent_count++]);
	return 0;
}

static int world_receive(
	void *context, uint64_t deadline, struct exchange_frame *ret, struct err *err)
{
	struct world *world = context;
	const struct arrival *arrival = &world->arrivals[world->next];
	uint64_t readable;

	(void)err;
	readable = arrival->read_ns ? arrival->read_ns : arrival->time_ns;
	if (world->next == world->count || (readable > deadline && readable > world->now)) {
		if (deadline > world->now)
			world->now = deadline;
		return 0;
	}
	if (readable > world->now)
		world->now = readable;
	world->next++;
	*ret = (struct exchange_frame){ arrival->view.octets, arrival->view.length, arrival->port,
		arrival->time_ns };
	return 1;
}

static bool world_stopped(void *context)
{
	const struct world *world = context;

	return world->stops && world->now >= 5 * (uint64_t)MS;
}

static const uint8_t *world_mac(void *context, unsigned int port)
{
	struct world *world = context;

	(void)port;
	return world->answers ? world->mac : NULL;
}

static struct arrival *arrive(
	struct world *world, unsigned int ms, unsigned int port, const char *text)
{
	struct arrival *arrival = &world->arrivals[world->count++];

	arrival->time_ns = (uint64_t)ms * MS;
	arrival->port = port;
	support_build(world->arena, text, SPEC_PAD_AUTO, &arrival->view);
	return arrival;
}

static int resolver(
	void *context, const struct script_port *port, struct resolver *ret, struct err *err)
{
	(void)err;
	facts_resolver(context, port, ret);
	return 0;
}

static void script_of(struct arena *arena, const char *steps, struct script *ret)
{
	const struct script_options options = { .resolver = resolver, .context = arena };
	struct err err = { 0 };

	if (script_read(
		    arena, "x.yaml", (const uint8_t *)steps, strlen(steps), &options, ret, &err))
		fail_msg("%s", err.text);
}

static enum exchange_verdict play(
	struct world *world, const char *text, struct exchange_result *ret)
{
	const struct exchange_world outside = { world, world_now, world_send, world_receive,
		world_stopped, world_mac };
	struct script *script = arena_alloc(world->arena, sizeof(*script));
	struct err err = { 0 };

	script_of(world->arena, text, script);
	assert_int_equal(exchange_check(script, 0, &err), 0);
	if (exchange_run(world->arena, script, &outside, 0, ret, &err))
		fail_msg("%s", err.text);
	exchange_result_fini(ret);
	return ret->verdict;
}

#define PING	    "  - send: {layers: [eth: {dst: $peer.mac}, ipv4: {dst: $peer.ipv4}, icmp: {id: 7}]}\n"
#define EXPECT(seq) "  - expect: {layers: [icmp: {type: echo-reply, seq: " seq "}]}\n"
#define LAB	    "interface: lab\nsteps:\n"

static void an_answer_in_time_passes(void **state)
{
	struct world world = { .arena = *state };
	struct exchange_result result;

	arrive(&world, 3, 0, REPLY);
	assert_int_equal(play(&world, LAB PING EXPECT("1"), &result), EXCHANGE_PASS);
	assert_int_equal(world.sent_count, 1);
	assert_int_equal(result.event_count, 2);
	assert_int_equal(result.events[1].fate, EXCHANGE_TAKEN);
	assert_int_equal(result.ns, 3 * MS);
}

static void an_answer_after_its_time_is_missed(void **state)
{
	struct world world = { .arena = *state };
	struct exchange_result result;

	arrive(&world, 11, 0, REPLY);
	assert_int_equal(
		play(&world, LAB PING EXPECT("1") "    within: 10ms\n", &result), EXCHANGE_MISSED);
	assert_int_equal(result.failed->number, 2);
	assert_int_equal(result.nearest, -1);
	assert_int_equal(world.now, 10 * MS);
}

static void a_frame_that_came_in_time_and_is_read_late_is_in_time(void **state)
{
	struct world world = { .arena = *state };
	struct exchange_result result;

	arrive(&world, 9, 0, REPLY)->read_ns = 10 * MS;
	assert_int_equal(
		play(&world, LAB PING EXPECT("1") "    within: 10ms\n", &result), EXCHANGE_PASS);
}

static void a_frame_that_came_late_and_is_read_with_others_is_late(void **state)
{
	struct world world = { .arena = *state };
	struct exchange_result result;

	arrive(&world, 9, 0, OTHER)->read_ns = 10 * MS;
	arrive(&world, 11, 0, REPLY)->read_ns = 10 * MS;
	assert_int_equal(
		play(&world, LAB PING EXPECT("1") "    within: 10ms\n", &result), EXCHANGE_MISSED);
}

static void there_is_no_time_that_is_too_long(void **state)
{
	struct world world = { .arena = *state };
	struct exchange_result result;

	arrive(&world, 1500, 0, REPLY);
	assert_int_equal(play(&world, LAB "  - wait: 1s\n" EXPECT("1") "    within: 18446744073s\n",
				 &result),
		EXCHANGE_PASS);
	assert_int_equal(result.ns, 1500 * MS);
}

static void a_frame_that_comes_between_steps_waits_for_the_next(void **state)
{
	struct world world = { .arena = *state };
	struct exchange_result result;

	arrive(&world, 1, 0, REPLY);
	arrive(&world, 2, 0, OTHER);
	assert_int_equal(play(&world, LAB "  - wait: 10ms\n" EXPECT("1") EXPECT("2"), &result),
		EXCHANGE_PASS);
	assert_int_equal(result.ns, 10 * MS);
}

static void a_frame_that_was_passed_over_does_not_come_back(void **state)
{
	struct world world = { .arena = *state };
	struct exchange_result result;

	arrive(&world, 1, 0, OTHER);
	arrive(&world, 2, 0, REPLY);
	assert_int_equal(play(&world, LAB EXPECT("1") EXPECT("2"), &result), EXCHANGE_MISSED);
	assert_int_equal(result.failed->number, 2);
	assert_int_equal(result.events[0].fate, EXCHANGE_PASSED);
}

static void the_nearest_is_the_frame_with_the_fewest_differences(void **state)
{
	struct world world = { .arena = *state };
	struct exchange_result result;

	arrive(&world, 1, 0, ETH "arp(op=reply,sha=02:00:00:00:00:02,spa=192.0.2.2)");
	arrive(&world, 2, 0, OTHER);
	arrive(&world, 3, 0, IPV4 "udp(sport=1,dport=2)");
	assert_int_equal(play(&world, LAB EXPECT("1"), &result), EXCHANGE_MISSED);
	assert_int_equal(result.nearest, 1);
	assert_int_equal(result.comparison.differing, 1);
}

#define NONE "  - expect-none: {layers: [icmp: {type: echo-reply, seq: 1}]}\n    within: 10ms\n"

static void what_is_forbidden_fails_also_when_it_came_before_the_step(void **state)
{
	struct world world = { .arena = *state };
	struct exchange_result result;

	arrive(&world, 1, 0, REPLY);
	assert_int_equal(play(&world, LAB "  - wait: 5ms\n" NONE, &result), EXCHANGE_FORBIDDEN);
	assert_int_equal(result.nearest, 0);
}

static void what_is_forbidden_may_come_when_the_time_is_over(void **state)
{
	struct world world = { .arena = *state };
	struct exchange_result result;

	arrive(&world, 11, 0, REPLY);
	assert_int_equal(play(&world, LAB NONE EXPECT("1"), &result), EXCHANGE_PASS);
}

static void expect_none_takes_no_frame_from_who_comes_after_it(void **state)
{
	struct world world = { .arena = *state };
	struct exchange_result result;

	arrive(&world, 2, 0, OTHER);
	assert_int_equal(play(&world, LAB NONE EXPECT("2"), &result), EXCHANGE_PASS);
}

static void each_interface_has_a_queue_of_its_own(void **state)
{
	static const char script[] = "interfaces: {left: lab, right: lab}\nsteps:\n"
				     "  - expect: {layers: [icmp: {seq: 2}]}\n    on: right\n"
				     "  - expect: {layers: [icmp: {seq: 1}]}\n    on: left\n";
	struct world world = { .arena = *state };
	struct exchange_result result;

	arrive(&world, 1, 0, REPLY);
	arrive(&world, 2, 1, OTHER);
	assert_int_equal(play(&world, script, &result), EXCHANGE_PASS);
}

static void a_frame_before_its_time_is_early(void **state)
{
	struct world world = { .arena = *state };
	struct exchange_result result;

	arrive(&world, 4, 0, REPLY);
	assert_int_equal(
		play(&world, LAB EXPECT("1") "    not-before: 5ms\n", &result), EXCHANGE_EARLY);
}

static void strict_fails_over_what_nothing_expects(void **state)
{
	struct world world = { .arena = *state };
	struct exchange_result result;

	arrive(&world, 1, 0, OTHER);
	arrive(&world, 2, 0, REPLY);
	assert_int_equal(
		play(&world, "strict: yes\n" LAB EXPECT("1"), &result), EXCHANGE_UNEXPECTED);
	assert_int_equal(result.failed->number, 1);
}

static void strict_fails_over_what_comes_after_the_last_step(void **state)
{
	struct world world = { .arena = *state };
	struct exchange_result result;

	arrive(&world, 1, 0, REPLY);
	arrive(&world, 2, 0, OTHER);
	assert_int_equal(play(&world, "strict: yes\n" LAB EXPECT("1") "  - wait: 5ms\n", &result),
		EXCHANGE_UNEXPECTED);
	assert_null(result.failed);
	assert_int_equal(result.nearest, 1);
}

static void strict_lets_pass_what_every_host_sends(void **state)
{
	struct world world = { .arena = *state };
	struct exchange_result result;

	arrive(&world, 1, 0, ETH "arp(op=reply,sha=02:00:00:00:00:02,spa=192.0.2.2)");
	arrive(&world, 2, 0, REPLY);
	assert_int_equal(play(&world, "strict: yes\n" LAB EXPECT("1"), &result), EXCHANGE_PASS);
}

static void a_name_is_taken_sent_and_forgotten_by_the_next_turn(void **state)
{
	static const char script[] =
		LAB "  - repeat: 2\n    steps:\n"
		    "      - expect: {layers: [icmp: {type: echo-reply, seq: $seq}]}\n"
		    "      - send: {layers: [eth: {dst: $peer.mac}, ipv4: {dst: $peer.ipv4}, "
		    "icmp: {id: 7, seq: $seq+10}]}\n";
	struct world world = { .arena = *state };
	struct exchange_result result;

	arrive(&world, 1, 0, REPLY);
	arrive(&world, 2, 0, OTHER);
	assert_int_equal(play(&world, script, &result), EXCHANGE_PASS);
	assert_int_equal(world.sent_count, 2);
	for (unsigned int i = 0; i < 2; i++)
		assert_int_equal(view_value(&world.sent[i],
					 view_field_find(&world.sent[i].layers[2].header, "seq"))
					 .number,
			11 + i);
}

static void the_turn_that_failed_is_told(void **state)
{
	struct world world = { .arena = *state };
	struct exchange_result result;

	arrive(&world, 1, 0, REPLY);
	assert_int_equal(play(&world,
				 LAB "  - repeat: 3\n    steps:\n"
				     "      - expect: {layers: [icmp: {type: echo-reply}]}\n",
				 &result),
		EXCHANGE_MISSED);
	assert_int_equal(result.turn, 2);
}

static void what_varies_goes_on_from_turn_to_turn(void **state)
{
	struct world world = { .arena = *state };
	struct exchange_result result;

	assert_int_equal(play(&world,
				 LAB "  - repeat: 3\n    steps:\n"
				     "      - send: {layers: [eth: {dst: $peer.mac}, ipv4: {dst: "
				     "$peer.ipv4}, icmp: {seq: {inc: 5..9}}]}\n",
				 &result),
		EXCHANGE_PASS);
	assert_int_equal(world.sent_count, 3);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(view_value(&world.sent[i],
					 view_field_find(&world.sent[i].layers[2].header, "seq"))
					 .number,
			5 + i);
}

static void who_asks_for_an_address_is_answered(void **state)
{
	static const char request[] = "eth(dst=ff:ff:ff:ff:ff:ff,src=02:00:00:00:00:02)/"
				      "arp(op=request,sha=02:00:00:00:00:02,spa=192.0.2.2,"
				      "tpa=192.0.2.77)";
	struct world world = { .arena = *state, .answers = true, .mac = { 2, 0, 0, 0, 0, 1 } };
	struct exchange_result result;
	const struct view_layer *arp;

	arrive(&world, 1, 0, request);
	assert_int_equal(play(&world, LAB "  - wait: 2ms\n", &result), EXCHANGE_PASS);
	assert_int_equal(world.sent_count, 1);
	assert_int_equal(result.events[1].fate, EXCHANGE_ANSWER);
	arp = &world.sent[0].layers[1];
	assert_int_equal(view_value(&world.sent[0], view_field_find(&arp->header, "op")).number, 2);
	assert_memory_equal(view_value(&world.sent[0], view_field_find(&arp->header, "sha")).octets,
		world.mac, 6);
}

static void with_arp_off_nobody_is_answered_nor_who_only_looks_whether_it_is_free(void **state)
{
	struct world world = { .arena = *state, .answers = true };
	struct exchange_result result;

	arrive(&world, 1, 0,
		"eth(dst=ff:ff:ff:ff:ff:ff,src=02:00:00:00:00:02)/"
		"arp(op=request,sha=02:00:00:00:00:02,spa=0.0.0.0,tpa=192.0.2.77)");
	assert_int_equal(play(&world, LAB "  - wait: 2ms\n", &result), EXCHANGE_PASS);
	arrive(&world, 3, 0,
		"eth(dst=ff:ff:ff:ff:ff:ff,src=02:00:00:00:00:02)/"
		"arp(op=request,sha=02:00:00:00:00:02,spa=192.0.2.2,tpa=192.0.2.77)");
	assert_int_equal(play(&world, "arp: off\n" LAB "  - wait: 2ms\n", &result), EXCHANGE_PASS);
	assert_int_equal(world.sent_count, 0);
}

static void the_user_ends_it(void **state)
{
	struct world world = { .arena = *state, .stops = true };
	struct exchange_result result;

	for (unsigned int i = 1; i < 9; i++)
		arrive(&world, i, 0, OTHER);
	assert_int_equal(play(&world, LAB EXPECT("1"), &result), EXCHANGE_STOPPED);
	assert_int_equal(world.now, 5 * MS);
}

static void a_value_that_does_not_fit_ends_the_script_with_its_place(void **state)
{
	static const char script[] =
		LAB "  - send: {layers: [eth: {dst: $peer.mac}, ipv4: {dst: $peer.ipv4}, "
		    "tcp: {seq: {hash: [$none]}}]}\n";
	const struct script_options options = { .resolver = resolver, .context = *state };
	struct script read;
	struct err err = { 0 };

	assert_int_equal(script_read(*state, "x.yaml", (const uint8_t *)script, strlen(script),
				 &options, &read, &err),
		-EINVAL);
	assert_non_null(strstr(err.text, "x.yaml:3:"));
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, support_arena_setup, support_arena_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_answer_in_time_passes),
		TEST(an_answer_after_its_time_is_missed),
		TEST(a_frame_that_came_in_time_and_is_read_late_is_in_time),
		TEST(a_frame_that_came_late_and_is_read_with_others_is_late),
		TEST(there_is_no_time_that_is_too_long),
		TEST(a_frame_that_comes_between_steps_waits_for_the_next),
		TEST(a_frame_that_was_passed_over_does_not_come_back),
		TEST(the_nearest_is_the_frame_with_the_fewest_differences),
		TEST(what_is_forbidden_fails_also_when_it_came_before_the_step),
		TEST(what_is_forbidden_may_come_when_the_time_is_over),
		TEST(expect_none_takes_no_frame_from_who_comes_after_it),
		TEST(each_interface_has_a_queue_of_its_own),
		TEST(a_frame_before_its_time_is_early),
		TEST(strict_fails_over_what_nothing_expects),
		TEST(strict_fails_over_what_comes_after_the_last_step),
		TEST(strict_lets_pass_what_every_host_sends),
		TEST(a_name_is_taken_sent_and_forgotten_by_the_next_turn),
		TEST(the_turn_that_failed_is_told),
		TEST(what_varies_goes_on_from_turn_to_turn),
		TEST(who_asks_for_an_address_is_answered),
		TEST(with_arp_off_nobody_is_answered_nor_who_only_looks_whether_it_is_free),
		TEST(the_user_ends_it),
		TEST(a_value_that_does_not_fit_ends_the_script_with_its_place),
	};

	return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
