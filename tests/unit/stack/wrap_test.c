/* wrap: outer layers, taken from a frame of a template and put around packets. */
#include "stack/wrap.h"

#include "base/arena.h"
#include "base/err.h"

#include "../../support/spec_text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ETH "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)"
#define V4  "/ipv4(src=10.20.0.1,dst=10.20.0.2)"

static int try_wrap(
	struct stack_wrap **ret, const char *text, enum socket_kind kind, struct err *err)
{
	struct frame_spec spec;
	struct arena arena;
	int r;

	arena_init(&arena);
	support_spec(&arena, text, &spec);
	r = stack_wrap_new(ret, &spec, kind, err);
	arena_fini(&arena);
	return r;
}

static void refused(const char *text, enum socket_kind kind, const char *why)
{
	struct stack_wrap *wrap = NULL;
	struct err err = { 0 };

	assert_int_equal(try_wrap(&wrap, text, kind, &err), -EINVAL);
	assert_null(wrap);
	assert_string_equal(err.text, why);
}

static void a_frame_of_the_other_transport_is_refused(void **state)
{
	(void)state;
	refused(ETH V4 "/udp(dport=53)", SOCKET_TCP,
		"the frame ends in udp; a conversation of tcp wants one that ends in tcp");
	refused(ETH V4 "/tcp(dport=80)/payload(data=00)", SOCKET_UDP,
		"the frame ends in tcp; a conversation of udp wants one that ends in udp");
	refused(ETH V4 "/icmp()", SOCKET_UDP,
		"the frame ends in icmp; a conversation of udp wants one that ends in udp");
}

static void a_frame_without_ip_is_refused(void **state)
{
	(void)state;
	refused(ETH "/arp()", SOCKET_TCP,
		"a conversation wants a frame of eth that ends in tcp over ipv4 or ipv6");
	refused(ETH "/vlan(id=20)/tcp()", SOCKET_TCP,
		"a conversation wants a frame of eth that ends in tcp over ipv4 or ipv6");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_of_the_other_transport_is_refused),
		cmocka_unit_test(a_frame_without_ip_is_refused),
	};

	return cmocka_run_group_tests_name("wrap", tests, NULL, NULL);
}
