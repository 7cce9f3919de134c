/* Datagrams that arrive in fragments are looked at once they are whole. */
#include "base/arena.h"
#include "base/err.h"
#include "frame/compile.h"
#include "patch/runner.h"
#include "probe/whole.h"
#include "template/template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PARTS_MAX 8
#define WALL	  1700000000000000000ULL

#define LINK  "layers: [{eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}}, "
#define DATA  "{payload: {pattern: inc, size: 3000}}]\n"
#define IPV4  LINK "{vlan: {id: 5}}, {ipv4: {src: 10.0.0.1, dst: 10.0.0.2, id: 7, ttl: 9}}, "
#define IPV6  LINK "{ipv6: {src: 2001:db8::1, dst: 2001:db8::2, hop-limit: 9}}, "
#define PING4 IPV4 "{icmp: {type: echo-reply, id: 3, seq: 4}}, " DATA
#define PING6 IPV6 "{icmpv6: {type: echo-reply, id: 3, seq: 4}}, " DATA
#define SPLIT "fragment: {mtu: 1280}\n"

struct bench {
	struct arena arena;
	struct whole *whole;
	struct {
		const uint8_t *octets;
		uint32_t length;
	} parts[PARTS_MAX];
	unsigned int count;
	uint64_t now;
};

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	arena_init(&bench->arena);
	*state = bench;
	return whole_new(&bench->whole);
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	whole_free(bench->whole);
	arena_fini(&bench->arena);
	free(bench);
	return 0;
}

/* The frames of a template, none of which varies. */
static void make(struct bench *bench, const char *text)
{
	struct template_options options = { .resolver = &resolver_placeholder };
	struct frame_compiled compiled = { 0 };
	struct template template;
	struct err err;

	if (template_read(&bench->arena, "t", (const uint8_t *)text, strlen(text), &options,
		    &template, &err) ||
		frame_compile(
			&bench->arena, template.frames, template.count, NULL, 0, &compiled, &err))
		fail_msg("%s", err.text);
	bench->count = compiled.program.count;
	assert_true(bench->count <= PARTS_MAX);
	for (unsigned int i = 0; i < bench->count; i++) {
		bench->parts[i].octets = compiled.program.frames[i].octets;
		bench->parts[i].length = compiled.program.frames[i].length;
	}
}

static bool take(struct bench *bench, unsigned int part, struct receiver_frame *frame,
	struct answer_frame *ret)
{
	bench->now += 1000;
	*frame = (struct receiver_frame){
		.octets = bench->parts[part].octets,
		.captured = bench->parts[part].length,
		.length = bench->parts[part].length,
		.time_ns = WALL + bench->now,
	};
	return whole_take(bench->whole, frame, bench->now, ret);
}

/* In this order they make what the template is without fragments: but for the identification and
 * the header's checksum. */
static void become_whole(
	struct bench *bench, const char *text, const char *split, const unsigned int *order)
{
	struct receiver_frame frame;
	struct answer_frame answer;
	const struct answer_packet *packet = &answer.packets[0];
	const uint8_t *octets;
	uint32_t length;

	make(bench, text);
	assert_int_equal(bench->count, 1);
	octets = bench->parts[0].octets;
	length = bench->parts[0].length;
	make(bench, split);
	assert_int_equal(bench->count, 3);
	assert_false(take(bench, order[0], &frame, &answer));
	assert_false(take(bench, order[1], &frame, &answer));
	assert_true(take(bench, order[2], &frame, &answer));
	assert_int_equal(frame.time_ns, WALL + bench->now);
	assert_int_equal(frame.captured, length);
	assert_int_equal(frame.length, length);
	assert_int_equal(answer.count, 1);
	assert_false(packet->fragment);
	assert_false(packet->cut);
	assert_int_equal(packet->end, length);
	assert_memory_equal(frame.octets, octets, packet->at);
	assert_memory_equal(
		frame.octets + packet->src, octets + packet->src, 2U * packet->address_octets);
	assert_memory_equal(
		frame.octets + packet->upper, octets + packet->upper, length - packet->upper);
	assert_int_equal(whole_lacking(bench->whole), 0);
}

static void fragments_become_the_datagram_in_any_order(void **state)
{
	static const unsigned int orders[][3] = { { 0, 1, 2 }, { 2, 1, 0 }, { 1, 2, 0 } };

	for (unsigned int i = 0; i < 3; i++) {
		become_whole(*state, PING4, PING4 SPLIT, orders[i]);
		become_whole(*state, PING6, PING6 SPLIT, orders[i]);
	}
}

static void what_is_no_fragment_is_looked_at_as_it_is(void **state)
{
	struct bench *bench = *state;
	struct receiver_frame frame;
	struct answer_frame answer;

	make(bench, PING4);
	assert_true(take(bench, 0, &frame, &answer));
	assert_ptr_equal(frame.octets, bench->parts[0].octets);
	assert_int_equal(answer.count, 1);
}

static void what_lacks_a_fragment_is_counted(void **state)
{
	struct bench *bench = *state;
	struct receiver_frame frame;
	struct answer_frame answer;

	make(bench, PING4 SPLIT);
	assert_false(take(bench, 0, &frame, &answer));
	assert_false(take(bench, 2, &frame, &answer));
	assert_false(take(bench, 2, &frame, &answer));
	assert_int_equal(whole_lacking(bench->whole), 1);
}

static void a_fragment_that_contradicts_another_gives_the_datagram_up(void **state)
{
	struct bench *bench = *state;
	struct receiver_frame frame;
	struct answer_frame answer;
	uint8_t other[2000];

	make(bench, PING4 SPLIT);
	assert_true(bench->parts[1].length <= sizeof(other));
	memcpy(other, bench->parts[1].octets, bench->parts[1].length);
	other[bench->parts[1].length - 1] ^= 1;
	bench->parts[3].octets = other;
	bench->parts[3].length = bench->parts[1].length;
	assert_false(take(bench, 1, &frame, &answer));
	assert_false(take(bench, 3, &frame, &answer));
	assert_false(take(bench, 0, &frame, &answer));
	assert_false(take(bench, 2, &frame, &answer));
	assert_int_equal(whole_lacking(bench->whole), 1);
}

/* As a super-frame is, of which no more is kept than an interface's frames have. */
static void one_that_is_cut_short_is_looked_at_as_it_is(void **state)
{
	struct bench *bench = *state;
	struct receiver_frame frame;
	struct answer_frame answer;

	make(bench, PING4 SPLIT);
	bench->parts[0].length -= 100;
	assert_true(take(bench, 0, &frame, &answer));
	assert_true(answer.packets[0].cut);
	assert_int_equal(whole_lacking(bench->whole), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fragments_become_the_datagram_in_any_order),
		TEST(what_is_no_fragment_is_looked_at_as_it_is),
		TEST(what_lacks_a_fragment_is_counted),
		TEST(a_fragment_that_contradicts_another_gives_the_datagram_up),
		TEST(one_that_is_cut_short_is_looked_at_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
