/* kernel: the stack's calls over the kernel's own sockets, in a namespace of the test's. */
#include "stack/socket.h"

#include "base/err.h"

#include "../../support/lab.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "../../support/skip.h"

#define WAIT_MS 5000
#define SEGMENT 1200
#define COUNT	10

struct scene {
	struct stack *stack;
	struct socket *from, *to;
	struct stack_address address; /* of to */
};

static const struct stack_address loopback = { .length = 4, .octets = { 127, 0, 0, 1 } };

static void scene_up(struct scene *scene)
{
	const struct stack_config config = { 0 };
	struct err err = { 0 };

	assert_int_equal(stack_kernel_open(&scene->stack, &config, &err), 0);
	assert_int_equal(socket_open(&scene->from, scene->stack, SOCKET_UDP, &err), 0);
	assert_int_equal(socket_open(&scene->to, scene->stack, SOCKET_UDP, &err), 0);
	assert_int_equal(socket_bind(scene->to, &loopback, &err), 0);
	socket_local(scene->to, &scene->address);
}

static void scene_down(struct scene *scene)
{
	assert_int_equal(stack_close(scene->stack, NULL), 0);
	assert_true(support_run("ip link set lo mtu 65536"));
}

static ssize_t receive(struct scene *scene, void *data, size_t size)
{
	ssize_t got;

	while ((got = socket_receive(scene->to, data, size)) == -EAGAIN) {
		assert_true(stack_wait(scene->stack, WAIT_MS, NULL) > 0);
		while (stack_next_event(scene->stack))
			;
	}
	return got;
}

static void fill(uint8_t *data, size_t length)
{
	for (size_t i = 0; i < length; i++)
		data[i] = (uint8_t)(i / SEGMENT * 7 + i);
}

/* All arrive as the datagrams that they are, the last one shorter. */
static void exchange(struct scene *scene)
{
	uint8_t data[COUNT * SEGMENT - 100], got[SEGMENT + 1];

	fill(data, sizeof(data));
	assert_int_equal(
		socket_send_segments(scene->from, data, sizeof(data), SEGMENT, &scene->address),
		sizeof(data));
	for (size_t i = 0; i < COUNT; i++) {
		size_t length = i + 1 < COUNT ? SEGMENT : SEGMENT - 100;

		assert_int_equal(receive(scene, got, sizeof(got)), length);
		assert_memory_equal(got, data + i * SEGMENT, length);
	}
}

static void segments_are_datagrams(void **state)
{
	struct scene scene;

	(void)state;
	scene_up(&scene);
	exchange(&scene);
	scene_down(&scene);
}

static void segments_that_the_kernel_refuses_to_cut_leave_all_the_same(void **state)
{
	struct scene scene;

	(void)state;
	assert_true(support_run("ip link set lo mtu 1000")); /* a segment is over it */
	scene_up(&scene);
	exchange(&scene);
	exchange(&scene); /* it is known now */
	scene_down(&scene);
}

static void data_that_is_no_datagrams_is_refused(void **state)
{
	static const uint8_t data[70000];
	struct scene scene;

	(void)state;
	scene_up(&scene);
	assert_int_equal(socket_send_to(scene.from, data, sizeof(data), &scene.address), -EMSGSIZE);
	scene_down(&scene);
}

static void a_bind_that_failed_may_be_tried_again(void **state)
{
	struct stack_address local;
	struct scene scene;
	struct err err = { 0 };
	char got;

	(void)state;
	scene_up(&scene);
	assert_int_equal(socket_bind(scene.from, &scene.address, &err), -EADDRINUSE);
	assert_int_equal(socket_bind(scene.from, &loopback, &err), 0);
	socket_local(scene.from, &local);
	assert_int_equal(socket_send_to(scene.to, "x", 1, &local), 1);
	assert_int_equal(stack_wait(scene.stack, WAIT_MS, &err), 1);
	while (socket_receive(scene.from, &got, 1) == -EAGAIN)
		assert_true(stack_wait(scene.stack, WAIT_MS, &err) >= 0);
	assert_int_equal(got, 'x');
	scene_down(&scene);
}

int main(void)
{
	struct CMUnitTest tests[] = {
		cmocka_unit_test(segments_are_datagrams),
		cmocka_unit_test(segments_that_the_kernel_refuses_to_cut_leave_all_the_same),
		cmocka_unit_test(data_that_is_no_datagrams_is_refused),
		cmocka_unit_test(a_bind_that_failed_may_be_tried_again),
	};

	if (!support_lab_enter() || !support_run("ip link set lo up"))
		support_skip_all(tests, sizeof(tests) / sizeof(tests[0]));
	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
