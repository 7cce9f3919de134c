/* hop: many next hops at once, over a link in memory where nobody answers but who the test lets. */
#include "stack/user.h"

#include "base/bytes.h"
#include "base/err.h"
#include "stack/resolution.h"

#include "../../support/world.h"

#include <errno.h>
#include <net/ethernet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ETH	14
#define HOSTS	3000
#define LIMIT	1024		     /* asked for at once */
#define WAITING (8U * 1024U * 1024U) /* octets that wait for all of them */
#define LARGEST (256U * 1024U)	     /* and for one */

static const uint8_t own_mac[6] = { 2, 0, 0, 0, 0, 77 };

struct memory {
	struct support_world world;
	unsigned int questions, packets;
	uint8_t question[4], packet[4]; /* whom the last one was for */
	uint8_t frame[RESOLUTION_FRAME_MAX];
	size_t length; /* of frame: it arrives next; 0: none does */
};

static int memory_receive(struct outside *outside, struct outside_frame *ret, struct err *err)
{
	struct memory *memory = (struct memory *)outside;

	(void)err;
	if (!memory->length)
		return 0;
	*ret = (struct outside_frame){
		.octets = memory->frame, .length = memory->length, .interface = SUPPORT_INDEX
	};
	memory->length = 0;
	return 1;
}

static int memory_send(struct outside *outside, const struct outside_message *messages,
	unsigned int count, struct outside_failures *failures, struct err *err)
{
	struct memory *memory = (struct memory *)outside;

	(void)failures;
	(void)err;
	for (unsigned int i = 0; i < count; i++) {
		const uint8_t *frame = messages[i].parts[0].iov_base;

		if (bytes_get_be16(frame + 12) == ETHERTYPE_ARP) {
			memory->questions++;
			memcpy(memory->question, frame + ETH + 24, 4);
		} else {
			memory->packets++;
			memcpy(memory->packet, frame + ETH + 16, 4);
		}
	}
	return 0;
}

static const struct outside_ops memory_ops = { .receive = memory_receive, .send = memory_send };

struct scene {
	struct memory memory;
	struct stack *stack;
	struct socket *socket;
};

static int scene_setup(void **state)
{
	static const struct stack_address source = { .length = 4, .octets = { 10, 9, 255, 254 } };
	struct scene *scene = calloc(1, sizeof(*scene));
	struct err err = { 0 };

	scene->stack = support_world_stack(&scene->memory.world, &memory_ops, &source, own_mac);
	assert_non_null(scene->stack);
	assert_int_equal(socket_open(&scene->socket, scene->stack, SOCKET_UDP, &err), 0);
	scene->memory.questions = 0;
	*state = scene;
	return 0;
}

static int scene_teardown(void **state)
{
	struct scene *scene = *state;

	stack_close(scene->stack, NULL);
	free(scene);
	return 0;
}

static struct stack_address host(unsigned int number)
{
	struct stack_address address = { .length = 4, .port = 9, .octets = { 10, 9 } };

	bytes_put_be16(address.octets + 2, (uint16_t)number);
	return address;
}

static ssize_t send_to(struct scene *scene, unsigned int number, const void *data, size_t length)
{
	const struct stack_address to = host(number);

	return socket_send_to(scene->socket, data, length, &to);
}

static void run(struct scene *scene)
{
	assert_true(stack_wait(scene->stack, 0, NULL) >= 0);
	while (stack_next_event(scene->stack))
		;
}

static void answers(struct scene *scene, unsigned int number)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 9 };
	const struct stack_address address = host(number);
	const struct resolution_self self = { 4, mac, address.octets };
	struct resolution question = { .address_length = 4, .has_mac = true };

	memcpy(question.mac, own_mac, 6);
	memcpy(question.sender, "\x0a\x09\xff\xfe", 4);
	scene->memory.length = resolution_write_answer(&self, &question, scene->memory.frame);
	run(scene);
}

static void a_sweep_over_a_network_keeps_the_youngest_questions(void **state)
{
	struct scene *scene = *state;
	struct memory *memory = &scene->memory;

	for (unsigned int i = 1; i <= HOSTS; i++)
		assert_int_equal(send_to(scene, i, "x", 1), 1);
	assert_int_equal(memory->questions, HOSTS);
	assert_int_equal(stack_ending(scene->stack), LIMIT);
	answers(scene, HOSTS - LIMIT); /* given up */
	assert_int_equal(memory->packets, 0);
	answers(scene, HOSTS - LIMIT + 1);
	assert_int_equal(memory->packets, 1);
	assert_memory_equal(memory->packet, host(HOSTS - LIMIT + 1).octets, 4);
	assert_int_equal(stack_ending(scene->stack), LIMIT - 1);
}

static void who_was_given_up_is_asked_again(void **state)
{
	struct scene *scene = *state;
	struct memory *memory = &scene->memory;

	for (unsigned int i = 1; i <= LIMIT + 1; i++)
		assert_int_equal(send_to(scene, i, "x", 1), 1);
	assert_int_equal(send_to(scene, 1, "y", 1), 1);
	assert_int_equal(memory->questions, LIMIT + 2);
	assert_memory_equal(memory->question, host(1).octets, 4);
	answers(scene, 1);
	assert_int_equal(memory->packets, 1);
}

static void questions_are_repeated_and_end(void **state)
{
	struct scene *scene = *state;

	for (unsigned int i = 1; i <= LIMIT; i++)
		assert_int_equal(send_to(scene, i, "x", 1), 1);
	for (int i = 0; i < 100; i++) /* of 100 ms and more */
		run(scene);
	assert_int_equal(scene->memory.questions, 3 * LIMIT);
	assert_int_equal(stack_ending(scene->stack), 0);
}

static void what_waits_for_next_hops_is_bounded(void **state)
{
	static const uint8_t data[60000];
	struct scene *scene = *state;
	size_t waiting = 0;
	ssize_t sent = 0;

	for (unsigned int i = 1; i <= LIMIT && sent >= 0; i++) {
		sent = send_to(scene, i, data, sizeof(data));
		waiting += sent < 0 ? 0 : sizeof(data);
	}
	assert_int_equal(sent, -ENOBUFS);
	assert_in_range(waiting, WAITING - WAITING / 10, WAITING);
}

static void what_waits_for_one_of_them_is_bounded(void **state)
{
	static const uint8_t data[1400];
	struct scene *scene = *state;
	size_t waiting = 0;

	while (send_to(scene, 1, data, sizeof(data)) > 0)
		waiting += sizeof(data);
	assert_int_equal(send_to(scene, 1, data, sizeof(data)), -ENOBUFS);
	assert_in_range(waiting, LARGEST - LARGEST / 10, LARGEST);
	assert_int_equal(send_to(scene, 2, data, sizeof(data)), sizeof(data));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_sweep_over_a_network_keeps_the_youngest_questions,
			scene_setup, scene_teardown),
		cmocka_unit_test_setup_teardown(
			who_was_given_up_is_asked_again, scene_setup, scene_teardown),
		cmocka_unit_test_setup_teardown(
			questions_are_repeated_and_end, scene_setup, scene_teardown),
		cmocka_unit_test_setup_teardown(
			what_waits_for_next_hops_is_bounded, scene_setup, scene_teardown),
		cmocka_unit_test_setup_teardown(
			what_waits_for_one_of_them_is_bounded, scene_setup, scene_teardown),
	};

	return cmocka_run_group_tests_name("hop", tests, NULL, NULL);
}
