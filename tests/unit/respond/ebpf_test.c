/* Rules as XDP programs, run by the kernel on requests: the same answers as the runner's. */
#include "base/arena.h"
#include "base/err.h"
#include "link/xdp_receive.h"
#include "respond/ebpf.h"
#include "template/template.h"

#include "../../support/random.h"
#include "../../support/random_request.h"

#include <linux/bpf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define REQUESTS  2000
#define RULES_MAX 16

static const char *const files[] = {
	"frames/respond/arp-prefix.yaml",
	"frames/respond/ping-echo.yaml",
	"frames/respond/ping6-echo.yaml",
	"frames/respond/udp-echo.yaml",
	"frames/respond/tcp-open.yaml",
	"frames/respond/tcp-closed.yaml",
};

struct fixture {
	struct arena arena;
	struct respond_rule rules[RULES_MAX];
	unsigned int count;
	struct responder *responder;
	uint8_t *octets, *answer, *turned;
};

static void rules_read(struct fixture *f, const char *file)
{
	struct template_options options = { .resolver = &resolver_placeholder };
	struct template template;
	struct err err = { 0 };

	if (template_read_file(&f->arena, file, &options, &template, &err))
		fail_msg("%s", err.text);
	for (unsigned int i = 0; i < template.rule_count; i++) {
		assert_true(f->count < RULES_MAX);
		f->rules[f->count++] = (struct respond_rule){ template.rules[i].name,
			&template.rules[i].request, &template.rules[i].answer };
	}
}

static void fixture_init(struct fixture *f, const char *const *names, size_t count)
{
	struct respond_config config = { .echo = RESPOND_ECHO_NONE };
	struct err err = { 0 };

	memset(f, 0, sizeof(*f));
	arena_init(&f->arena);
	for (size_t i = 0; i < count; i++)
		rules_read(f, names[i]);
	if (responder_new(&f->responder, f->rules, f->count, &config, &err))
		fail_msg("%s", err.text);
	f->octets = arena_alloc(&f->arena, FRAME_LENGTH_MAX);
	f->answer = arena_alloc(&f->arena, FRAME_LENGTH_MAX);
	f->turned = arena_alloc(&f->arena, FRAME_LENGTH_MAX);
}

static void fixture_fini(struct fixture *f)
{
	responder_free(f->responder);
	arena_fini(&f->arena);
}

/* What the runner makes of it, as far as its programs can tell. */
static bool answer_of(
	struct fixture *f, uint32_t length, uint32_t *ret_length, unsigned int *ret_rule)
{
	unsigned int count;
	const uint8_t *macs = responder_macs(f->responder, &count);

	if (f->octets[6] & 1)
		return false;
	for (unsigned int i = 0; i < count; i++)
		if (!memcmp(macs + 6 * (size_t)i, f->octets + 6, 6))
			return false;
	for (unsigned int i = 0; i < f->count; i++) {
		enum respond_verdict verdict;

		if (!respond_program_run(responder_program(f->responder, i, NULL), f->octets,
			    length, f->answer, ret_length, &verdict))
			return false;
		*ret_rule = i;
		if (verdict != RESPOND_OTHER && verdict != RESPOND_FRAGMENT)
			return verdict == RESPOND_ANSWERED;
	}
	return false;
}

static unsigned int compare(struct fixture *f, int program, uint64_t *counts, uint64_t *random)
{
	unsigned int turned = 0;
	struct arena arena;

	arena_init(&arena);
	for (unsigned int i = 0; i < REQUESTS; i++) {
		unsigned int from = (unsigned int)support_random_below(random, f->count);
		uint32_t length, expected = 0, room = 4000, verdict = 0;
		unsigned int rule = 0;
		bool answered;

		arena_reset(&arena);
		support_random_request(random, &arena, &f->rules[from], f->octets, &length);
		if (length < 14) /* the kernel runs it on no less */
			continue;
		answered = answer_of(f, length, &expected, &rule);
		counts[rule] += answered;
		assert_int_equal(
			bpfsys_run_once(program, f->octets, length, f->turned, &room, &verdict), 0);
		if (verdict != (answered ? XDP_TX : XDP_PASS))
			fail_msg("request %u of %s: verdict %u", i, f->rules[from].name, verdict);
		if (!answered) {
			assert_memory_equal(f->turned, f->octets, length);
			continue;
		}
		turned++;
		if (room != expected || memcmp(f->turned, f->answer, room) != 0)
			fail_msg("request %u of %s: another answer, of %u octets and not %u", i,
				f->rules[from].name, room, expected);
	}
	arena_fini(&arena);
	return turned;
}

static void run_all(const char *const *names, size_t count, uint64_t seed)
{
	uint64_t counts[RULES_MAX] = { 0 };
	struct xdp_receive receive;
	struct buffer code = { 0 };
	struct err err = { 0 };
	struct fixture f;
	const char *why;
	int r;

	fixture_init(&f, names, count);
	assert_int_equal(respond_ebpf(f.responder, f.count, 0, false, &code, &why), f.count);
	assert_null(why);
	r = xdp_receive_open(&receive, RESPOND_EBPF_SIZE(RULES_MAX), &err);
	if (!r)
		r = xdp_receive_load(&receive, &code, &err);
	if (r == -EPERM)
		skip();
	if (r)
		fail_msg("%s", err.text);
	assert_in_range(compare(&f, receive.program, counts, &seed), REQUESTS / 20, REQUESTS);
	assert_memory_equal(receive.memory.octets, counts, f.count * sizeof(*counts));
	xdp_receive_close(&receive);
	buffer_fini(&code);
	fixture_fini(&f);
}

static void the_kernel_answers_as_the_runner_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		run_all(&files[i], 1, 0x7a3e + i);
}

static void several_responders_stand_in_one_program(void **state)
{
	(void)state;
	run_all(files, sizeof(files) / sizeof(files[0]), 0xbeef);
}

static void rules_behind_one_that_is_not_compiled_are_left_to_sockets(void **state)
{
	static const char *const names[] = { "frames/respond/arp-prefix.yaml",
		"frames/respond/dns-list.yaml", "frames/respond/ping-echo.yaml" };
	struct buffer code = { 0 };
	struct fixture f;
	const char *why;

	(void)state;
	fixture_init(&f, names, 3);
	assert_int_equal(respond_ebpf(f.responder, f.count, 0, false, &code, &why), 1);
	assert_string_equal(why, "dns");
	buffer_fini(&code);
	fixture_fini(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernel_answers_as_the_runner_does),
		cmocka_unit_test(several_responders_stand_in_one_program),
		cmocka_unit_test(rules_behind_one_that_is_not_compiled_are_left_to_sockets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
