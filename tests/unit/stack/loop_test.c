/* loop: a stack in memory, whose interface may go. */
#include "stack/user.h"
#include "../../support/world.h"

#include "base/err.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define SECOND_NS 1000000000ULL

static const uint8_t own_mac[6] = { 2, 0, 0, 0, 0, 77 };

struct memory {
	struct support_world world;
	unsigned int checks;
	bool removed;
};

static int memory_receive(struct outside *outside, struct outside_frame *ret, struct err *err)
{
	(void)outside;
	(void)ret;
	(void)err;
	return 0;
}

static int memory_send(struct outside *outside, const struct outside_message *messages,
	unsigned int count, struct outside_failures *failures, struct err *err)
{
	(void)outside;
	(void)messages;
	(void)count;
	(void)failures;
	(void)err;
	return 0;
}

static int memory_check(const struct outside *outside, struct err *err)
{
	struct memory *memory = (struct memory *)(uintptr_t)outside;

	memory->checks++;
	return memory->removed ? err_result(err, "memory was removed") : 0;
}

static const struct outside_ops memory_ops = {
	.receive = memory_receive, .send = memory_send, .check = memory_check
};

struct scene {
	struct memory memory;
	struct stack *stack;
};

static int scene_setup(void **state)
{
	static const struct stack_address source = { .length = 4, .octets = { 10, 9, 0, 77 } };
	struct scene *scene = calloc(1, sizeof(*scene));

	scene->stack = support_world_stack(&scene->memory.world, &memory_ops, &source, own_mac);
	assert_non_null(scene->stack);
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

static void the_removal_of_the_interface_ends_a_wait_in_which_nothing_comes(void **state)
{
	struct scene *scene = *state;
	struct err err = { 0 };

	assert_int_equal(stack_wait(scene->stack, 0, &err), 0);
	scene->memory.removed = true;
	assert_true(stack_wait(scene->stack, -1, &err) < 0);
	assert_string_equal(err.text, "memory was removed");
	assert_int_equal(err.kind, ERR_RESULT);
}

static void the_interface_is_looked_for_once_a_second(void **state)
{
	struct scene *scene = *state;
	uint64_t begun = scene->memory.world.now;
	struct err err = { 0 };

	while (scene->memory.world.now < begun + 10 * SECOND_NS)
		assert_int_equal(stack_wait(scene->stack, 0, &err), 0);
	assert_in_range(scene->memory.checks, 5, 11);
}

static void who_polls_by_himself_is_told_when_to_look(void **state)
{
	struct scene *scene = *state;
	struct pollfd fds[2];
	struct err err = { 0 };
	int timeout_ms;

	assert_int_equal(stack_wait(scene->stack, 0, &err), 0);
	assert_int_equal(stack_descriptors(scene->stack, fds, 2, &timeout_ms), 2);
	assert_in_range(timeout_ms, 1, 1000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_removal_of_the_interface_ends_a_wait_in_which_nothing_comes),
		TEST(the_interface_is_looked_for_once_a_second),
		TEST(who_polls_by_himself_is_told_when_to_look),
	};

	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
