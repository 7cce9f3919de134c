/* The keys: requests that an answer can tell apart have different ones, so that a table finds one
 * among many at once. */
#include "../../support/answer.h"
#include "../../support/arena.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ASK  "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)/"
#define GIVE "eth(dst=02:00:00:00:00:01,src=02:00:00:00:00:02)/"
#define EACH 200

/* A request of which %1$u varies, and its answer. */
struct sweep {
	const char *request, *received;
};

static const struct sweep sweeps[] = {
	{ ASK "vlan(id=%1$u)/ipv4(src=10.0.0.1,dst=10.0.0.2)/icmp(id=1)",
		GIVE "vlan(id=%1$u)/ipv4(src=10.0.0.2,dst=10.0.0.1)/icmp(type=0,id=1)" },
	{ ASK "ipv4(src=10.0.0.1,dst=10.0.1.%1$u)/icmp(id=1)",
		GIVE "ipv4(src=10.0.1.%1$u,dst=10.0.0.1)/icmp(type=0,id=1)" },
	{ ASK "ipv4(src=10.0.1.%1$u,dst=10.0.0.2)/icmp(id=1)",
		GIVE "ipv4(src=10.0.0.2,dst=10.0.1.%1$u)/icmp(type=0,id=1)" },
	{ ASK "ipv4(src=10.0.0.1,dst=10.0.0.2)/icmp(id=%1$u)",
		GIVE "ipv4(src=10.0.0.2,dst=10.0.0.1)/icmp(type=0,id=%1$u)" },
	{ ASK "ipv4(src=10.0.0.1,dst=10.0.0.2)/icmp(id=1,seq=%1$u)",
		GIVE "ipv4(src=10.0.0.2,dst=10.0.0.1)/icmp(type=0,id=1,seq=%1$u)" },
	{ ASK "ipv6(src=fd00::1,dst=fd00::%1$x)/icmpv6(id=1)",
		GIVE "ipv6(src=fd00::%1$x,dst=fd00::1)/icmpv6(type=129,id=1)" },
	{ ASK "ipv6(src=fd00::1,dst=ff02::1:ff00:%1$x)/icmpv6(type=135,target=fd00::%1$x)",
		GIVE "ipv6(src=fd00::%1$x,dst=fd00::1)/icmpv6(type=136,target=fd00::%1$x)" },
	{ ASK "arp(op=request,sha=02:00:00:00:00:01,spa=10.0.0.1,tpa=10.0.1.%1$u)",
		GIVE "arp(op=reply,sha=02:00:00:00:00:02,spa=10.0.1.%1$u,tpa=10.0.0.1)" },
	{ ASK "ipv4(src=10.0.0.1,dst=10.0.0.2)/udp(sport=%1$u,dport=9)/payload(data=01)",
		GIVE "ipv4(src=10.0.0.2,dst=10.0.0.1)/udp(sport=9,dport=%1$u)/payload(data=01)" },
	{ ASK "ipv4(src=10.0.0.1,dst=10.0.0.2)/udp(sport=9,dport=%1$u)/payload(data=01)",
		GIVE "ipv4(src=10.0.0.2,dst=10.0.0.1)/udp(sport=%1$u,dport=9)/payload(data=01)" },
	{ ASK "ipv4(src=10.0.0.1,dst=10.0.0.2)/udp(sport=9,dport=%1$u)/payload(data=01)",
		GIVE "ipv4(src=10.0.9.9,dst=10.0.0.1)/icmp(type=11)/"
		     "ipv4(src=10.0.0.1,dst=10.0.0.2)/udp(sport=9,dport=%1$u)/payload(data=01)" },
	{ ASK "ipv4(src=10.0.0.1,dst=10.0.0.2)/tcp(sport=9,dport=80,seq=%1$u,flags=syn)",
		GIVE "ipv4(src=10.0.0.2,dst=10.0.0.1)/"
		     "tcp(sport=80,dport=9,seq=5,ack=1%1$03u,flags=syn|ack)" },
	{ ASK "ipv4(src=10.0.0.1,dst=10.0.0.2)/udp(sport=9,dport=53)/dns(id=%1$u)",
		GIVE "ipv4(src=10.0.0.2,dst=10.0.0.1)/udp(sport=53,dport=9)/dns(id=%1$u,qr=1)" },
	{ ASK "ipv4(src=10.0.0.1,dst=10.0.0.2)/udp(sport=9,dport=53)/"
	      "dns(id=1,questions=[question(name=host%1$u.example.org)])",
		GIVE "ipv4(src=10.0.0.2,dst=10.0.0.1)/udp(sport=53,dport=9)/"
		     "dns(id=1,qr=1,questions=[question(name=host%1$u.example.org)])" },
	{ ASK "ipv4(src=0.0.0.0,dst=255.255.255.255)/udp(sport=68,dport=67)/"
	      "dhcp(xid=%1$u,chaddr=02:00:00:00:00:01)",
		GIVE "ipv4(src=10.0.0.2,dst=255.255.255.255)/udp(sport=67,dport=68)/"
		     "dhcp(op=reply,xid=%1$u,chaddr=02:00:00:00:00:01)" },
	{ ASK "ipv4(src=10.0.0.1,dst=10.0.0.2)/udp(sport=9,dport=4789)/vxlan(vni=%1$u)/" ASK
	      "ipv4(src=10.1.0.1,dst=10.1.0.2)/icmp(id=1)",
		GIVE "ipv4(src=10.0.0.2,dst=10.0.0.1)/udp(sport=9,dport=4789)/vxlan(vni=%1$u)/" GIVE
		     "ipv4(src=10.1.0.2,dst=10.1.0.1)/icmp(type=0,id=1)" },
};

/* The TCP row's acknowledgement is 1000 and the number: its seq, from 999 on. */
static unsigned int varied(const struct sweep *sweep, unsigned int i)
{
	return strstr(sweep->request, "flags=syn") ? 999 + i : i;
}

static int compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a;
	uint64_t right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

static void requests_that_an_answer_tells_apart_have_different_first_keys(void **state)
{
	for (size_t row = 0; row < sizeof(sweeps) / sizeof(sweeps[0]); row++) {
		uint64_t keys[EACH];

		for (unsigned int i = 0; i < EACH; i++) {
			struct answer_keys asked;
			struct answer_frame request;

			support_answer_read(*state,
				arena_printf(
					*state, sweeps[row].request, varied(&sweeps[row], i + 1)),
				&request);
			answer_keys_asked(&request, &asked);
			assert_true(asked.answers > 0);
			keys[i] = asked.answer[0];
			/* The error's row: by the first of those of quotes. */
			if (strstr(sweeps[row].received, "icmp(type=11)"))
				keys[i] = asked.answer[1];
		}
		qsort(keys, EACH, sizeof(keys[0]), compare);
		for (unsigned int i = 1; i < EACH; i++)
			if (keys[i] == keys[i - 1])
				fail_msg("%s: not told apart", sweeps[row].request);
	}
}

static void the_first_key_of_an_answer_is_its_request_s_alone(void **state)
{
	for (size_t row = 0; row < sizeof(sweeps) / sizeof(sweeps[0]); row++)
		for (unsigned int i = 1; i < 20; i++) {
			struct answer_frame requests[2];
			struct answer_frame received;
			struct answer_keys got;

			support_answer_read(
				*state, arena_printf(*state, sweeps[row].received, i), &received);
			answer_keys_got(&received, &got);
			for (unsigned int other = 0; other < 2; other++) {
				struct answer_keys asked;
				bool found = false;

				support_answer_read(*state,
					arena_printf(*state, sweeps[row].request,
						varied(&sweeps[row], i + other)),
					&requests[other]);
				answer_keys_asked(&requests[other], &asked);
				for (unsigned int key = 0; key < asked.answers; key++)
					found |= asked.answer[key] == got.answer[0];
				if (found == (other == 1))
					fail_msg("%s: %u, %u", sweeps[row].received, i, other);
			}
		}
}

int main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, support_arena_setup, support_arena_teardown)
	static const struct CMUnitTest tests[] = {
		TEST(requests_that_an_answer_tells_apart_have_different_first_keys),
		TEST(the_first_key_of_an_answer_is_its_request_s_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
