/* echo.h: for tests of probes: programs of echo requests, and the replies to them. */
#ifndef TEST_PROBE_ECHO_H
#define TEST_PROBE_ECHO_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "frame/compile.h"
#include "template/template.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ECHO_LINK "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)/"
#define ECHO_ASK  ECHO_LINK "ipv4(src=10.0.0.1,dst=10.0.0.2)/icmp(type=echo-request,id=7,"
/* Each with a number of its own. */
#define ECHO_EACH ECHO_ASK "seq=inc(0..65535))/\"are you there?\""
/* All the same. */
#define ECHO_SAME ECHO_ASK "seq=1)/\"are you there?\""

#define ECHO_MAX 128U

/* The program of an expression; all of it is the arena's. */
static inline const struct patch_program *echo_program(struct arena *arena, const char *expression)
{
	const struct template_options options = { .resolver = &resolver_placeholder };
	struct frame_compiled *compiled = arena_alloc(arena, sizeof(*compiled));
	struct template template;
	struct err err;

	if (template_read_expressions(arena, &expression, 1, &options, &template, &err) ||
		frame_compile(arena, template.frames, template.count, NULL, 0, compiled, &err))
		fail_msg("%s", err.text);
	return &compiled->program;
}

static inline void echo_swap(uint8_t *octets, uint32_t a, uint32_t b, uint32_t count)
{
	uint8_t kept[16];

	memcpy(kept, octets + a, count);
	memcpy(octets + a, octets + b, count);
	memcpy(octets + b, kept, count);
}

/* The reply to a request, of as many octets. */
static inline void echo_reply(const uint8_t *request, uint32_t length, uint8_t *ret)
{
	uint32_t sum;

	assert_true(length <= ECHO_MAX);
	memcpy(ret, request, length);
	echo_swap(ret, 0, 6, 6);
	echo_swap(ret, 26, 30, 4);
	ret[34] = 0;
	sum = bytes_get_be16(ret + 36) + 0x0800U;
	bytes_put_be16(ret + 36, (uint16_t)(sum + (sum >> 16)));
}

#endif
