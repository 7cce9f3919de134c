/* Responders: what is answered, what is not, and that programs make what dissecting makes. */
#include "base/arena.h"
#include "base/bytes.h"
#include "frame/build.h"
#include "match/pattern.h"
#include "respond/program.h"
#include "respond/respond.h"
#include "template/template.h"

#include "../../support/random.h"
#include "../../support/random_request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define REQUESTS  4000
#define RULES_MAX 8

struct fixture {
	struct arena arena;
	struct template template;
	struct respond_rule rules[RULES_MAX];
	struct responder *compiled, *dissected;
	uint8_t *answer, *other;
};

static void fixture_init(struct fixture *f, const char *file, const char *text)
{
	struct template_options options = { .resolver = &resolver_placeholder };
	struct respond_config config = { .echo = RESPOND_ECHO_NONE };
	struct err err = { 0 };
	int r;

	memset(f, 0, sizeof(*f));
	arena_init(&f->arena);
	if (text)
		r = template_read(&f->arena, "test.yaml", (const uint8_t *)text, strlen(text),
			&options, &f->template, &err);
	else
		r = template_read_file(&f->arena, file, &options, &f->template, &err);
	if (r)
		fail_msg("%s", err.text);
	assert_in_range(f->template.rule_count, 1, RULES_MAX);
	for (unsigned int i = 0; i < f->template.rule_count; i++)
		f->rules[i] = (struct respond_rule){ f->template.rules[i].name,
			&f->template.rules[i].request, &f->template.rules[i].answer };
	if (responder_new(&f->compiled, f->rules, f->template.rule_count, &config, &err))
		fail_msg("%s", err.text);
	config.dissect = true;
	assert_int_equal(
		responder_new(&f->dissected, f->rules, f->template.rule_count, &config, &err), 0);
	f->answer = arena_alloc(&f->arena, FRAME_LENGTH_MAX);
	f->other = arena_alloc(&f->arena, FRAME_LENGTH_MAX);
}

static void fixture_fini(struct fixture *f)
{
	responder_free(f->compiled);
	responder_free(f->dissected);
	arena_fini(&f->arena);
}

static struct frame_view example_of(struct arena *arena, const struct respond_rule *rule)
{
	struct frame_spec request, answer;
	struct frame_view view;
	struct err err = { 0 };

	if (respond_example(arena, rule, &request, &answer, &err) ||
		frame_build(arena, &request, &view, &err))
		fail_msg("%s", err.text);
	return view;
}

/* ---- answers ---- */

#define PING                                                     \
	"vars: {mac: 02:00:00:00:00:99}\n"                       \
	"request:\n"                                             \
	"  layers:\n"                                            \
	"    - eth: {src: $a}\n"                                 \
	"    - ipv4: {src: $b, dst: {in: 10.9.0.0/16, as: c}}\n" \
	"    - icmp: {type: echo-request, id: $id, seq: $seq}\n" \
	"    - payload: $data\n"                                 \
	"answer:\n"                                              \
	"  layers:\n"                                            \
	"    - eth: {dst: $a, src: $mac}\n"                      \
	"    - ipv4: {src: $c, dst: $b}\n"                       \
	"    - icmp: {type: echo-reply, id: $id, seq: $seq+1}\n" \
	"    - payload: $data\n"

static enum respond_verdict ask(
	struct fixture *f, const uint8_t *octets, uint32_t length, uint32_t *ret_length)
{
	unsigned int rule = 99;

	*ret_length = 0;
	return responder_answer(f->compiled, octets, length, f->answer, ret_length, &rule);
}

static struct frame_view request_of(struct arena *arena, const char *expression)
{
	struct template_options options = { .resolver = &resolver_placeholder };
	struct template template;
	struct frame_view view;
	struct err err = { 0 };

	if (template_read_expressions(arena, &expression, 1, &options, &template, &err) ||
		frame_build(arena, &template.frames[0], &view, &err))
		fail_msg("%s: %s", expression, err.text);
	return view;
}

#define BELOW "eth(dst=02:00:00:00:00:99,src=02:00:00:00:00:05)/"

static void a_ping_is_answered_with_its_payload(void **state)
{
	struct fixture f;
	struct frame_view request, expected;
	uint32_t length;

	(void)state;
	fixture_init(&f, NULL, PING);
	assert_non_null(responder_program(f.compiled, 0, NULL));
	request = request_of(&f.arena, BELOW "ipv4(src=10.1.2.3,dst=10.9.7.8)/"
					     "icmp(type=echo-request,id=7,seq=65535)/"
					     "payload(pattern=inc,size=101)");
	expected = request_of(&f.arena,
		"eth(dst=02:00:00:00:00:05,src=02:00:00:00:00:99)/"
		"ipv4(src=10.9.7.8,dst=10.1.2.3)/icmp(type=echo-reply,id=7,seq=0)/"
		"payload(pattern=inc,size=101)");
	assert_int_equal(ask(&f, request.octets, request.length, &length), RESPOND_ANSWERED);
	assert_int_equal(length, expected.length);
	assert_memory_equal(f.answer, expected.octets, length);
	fixture_fini(&f);
}

static void what_may_start_a_storm_is_not_answered(void **state)
{
	static const struct {
		const char *octets;
		enum respond_verdict verdict;
	} cases[] = {
		{ "eth(dst=02:00:00:00:00:99,src=02:00:00:00:00:99)/", RESPOND_OWN },
		{ "eth(dst=02:00:00:00:00:99,src=03:00:00:00:00:05)/", RESPOND_GROUP },
		{ "eth(dst=02:00:00:00:00:99,src=ff:ff:ff:ff:ff:ff)/", RESPOND_GROUP },
		{ BELOW, RESPOND_ANSWERED },
	};
	struct fixture f;
	uint32_t length;

	(void)state;
	fixture_init(&f, NULL, PING);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = arena_printf(&f.arena,
			"%sipv4(src=10.1.2.3,dst=10.9.7.8)/icmp(type=echo-request)",
			cases[i].octets);
		struct frame_view request = request_of(&f.arena, text);

		assert_int_equal(
			ask(&f, request.octets, request.length, &length), cases[i].verdict);
	}
	fixture_fini(&f);
}

static void hostile_requests_are_counted_and_not_answered(void **state)
{
	static const struct {
		const char *rest;
		enum respond_verdict verdict;
	} cases[] = {
		{ "ipv4(src=10.1.2.3,dst=10.8.7.8)/icmp(type=echo-request)", RESPOND_OTHER },
		{ "ipv4(src=10.1.2.3,dst=10.9.7.8)/icmp(type=echo-reply)", RESPOND_OTHER },
		{ "ipv4(src=10.1.2.3,dst=10.9.7.8,flags=mf)/icmp(type=echo-request)",
			RESPOND_FRAGMENT },
		{ "ipv4(src=10.1.2.3,dst=10.9.7.8,frag-offset=3)/icmp(type=echo-request)",
			RESPOND_FRAGMENT },
		{ "ipv4(src=10.1.2.3,dst=10.9.7.8,length=20)/icmp(type=echo-request)",
			RESPOND_DAMAGED },
		{ "ipv4(src=10.1.2.3,dst=10.9.7.8,length=900)/icmp(type=echo-request)",
			RESPOND_DAMAGED },
		{ "ipv4(src=10.1.2.3,dst=10.9.7.8,checksum=bad)/icmp(type=echo-request)",
			RESPOND_DAMAGED },
		{ "ipv4(src=10.1.2.3,dst=10.9.7.8)/icmp(type=echo-request,checksum=bad)",
			RESPOND_DAMAGED },
	};
	struct fixture f;
	uint32_t length;

	(void)state;
	fixture_init(&f, NULL, PING);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = arena_printf(&f.arena, BELOW "%s", cases[i].rest);
		struct frame_view request = request_of(&f.arena, text);

		assert_int_equal(
			ask(&f, request.octets, request.length, &length), cases[i].verdict);
		assert_int_equal(length, 0);
	}
	fixture_fini(&f);
}

static void options_of_ip_are_answered_by_dissecting(void **state)
{
	struct fixture f;
	struct frame_view request;
	uint32_t length;

	(void)state;
	fixture_init(&f, NULL, PING);
	request = request_of(&f.arena, BELOW "ipv4(src=10.1.2.3,dst=10.9.7.8,options=[nop,nop])/"
					     "icmp(type=echo-request,id=7,seq=1)/\"hello\"");
	assert_int_equal(ask(&f, request.octets, request.length, &length), RESPOND_ANSWERED);
	assert_int_equal(length, 60);
	assert_int_equal(bytes_get_be16(f.answer + 16), 20 + 8 + 5);
	assert_memory_equal(f.answer + 42, "hello", 5);
	fixture_fini(&f);
}

static void echo_returns_frames_as_they_came_or_with_macs_swapped(void **state)
{
	static const uint8_t mac[] = { 2, 0, 0, 0, 0, 1 };
	struct respond_config config = { .echo = RESPOND_ECHO_SAME, .mac = mac };
	struct responder *responder;
	struct arena arena;
	uint8_t *answer;
	uint32_t length;
	unsigned int rule;
	struct frame_view request;

	(void)state;
	arena_init(&arena);
	answer = arena_alloc(&arena, FRAME_LENGTH_MAX);
	request = request_of(&arena, BELOW "ipv4(dst=10.0.0.1)/udp/\"x\"");
	assert_int_equal(responder_new(&responder, NULL, 0, &config, NULL), 0);
	assert_int_equal(
		responder_answer(responder, request.octets, request.length, answer, &length, &rule),
		RESPOND_ANSWERED);
	assert_int_equal(length, request.length);
	assert_memory_equal(answer, request.octets, length);
	responder_free(responder);
	config.echo = RESPOND_ECHO_SWAP;
	assert_int_equal(responder_new(&responder, NULL, 0, &config, NULL), 0);
	assert_int_equal(
		responder_answer(responder, request.octets, request.length, answer, &length, &rule),
		RESPOND_ANSWERED);
	assert_memory_equal(answer, request.octets + 6, 6);
	assert_memory_equal(answer + 6, request.octets, 6);
	assert_memory_equal(answer + 12, request.octets + 12, length - 12);
	responder_free(responder);
	arena_fini(&arena);
}

static void an_answer_that_cannot_be_built_is_told_before_a_frame_arrives(void **state)
{
	static const char text[] = "request: {layers: [eth: {type: 0x88b5}]}\n"
				   "answer:\n"
				   "  layers:\n"
				   "    - eth: {type: 0x88b5}\n";
	struct template_options options = { .resolver = &resolver_placeholder };
	struct respond_config config = { .echo = RESPOND_ECHO_NONE };
	struct respond_rule rule;
	struct responder *responder;
	struct template template;
	struct err err = { 0 };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_int_equal(template_read(&arena, "a.yaml", (const uint8_t *)text, strlen(text),
				 &options, &template, &err),
		0);
	rule = (struct respond_rule){ "a", &template.rules[0].request, &template.rules[0].answer };
	assert_int_equal(responder_new(&responder, &rule, 1, &config, &err), -EINVAL);
	assert_non_null(strstr(err.text, "a.yaml:4:7: eth.dst"));
	arena_fini(&arena);
}

/* ---- programs make what dissecting makes ---- */

/* What stands behind the template's layers is the asker's, whatever it reads as. */
static void assert_whole(struct arena *arena, const struct respond_rule *rule,
	const uint8_t *octets, uint32_t length)
{
	const struct frame_spec *answer = rule->answer;
	struct frame_view view;

	frame_dissect(arena, &wire_eth, octets, length, DISSECT_FCS_ABSENT, &view);
	for (unsigned int i = 0; i < answer->count; i++) {
		if (answer->layers[i].protocol == &wire_payload)
			return;
		assert_true(i < view.count);
		assert_ptr_equal(view.layers[i].protocol, answer->layers[i].protocol);
		for (unsigned int j = 0; j < view.layers[i].header.count; j++)
			assert_int_not_equal(view.layers[i].header.fields[j].check, VIEW_WRONG);
	}
}

/* Returns how many were answered. */
static unsigned int compare(struct fixture *f, const char *file, uint64_t *random)
{
	uint8_t *octets = arena_alloc(&f->arena, FRAME_LENGTH_MAX);
	unsigned int answered = 0;
	struct arena arena;

	arena_init(&arena);
	for (unsigned int i = 0; i < REQUESTS; i++) {
		unsigned int rule =
			(unsigned int)support_random_below(random, f->template.rule_count);
		uint32_t length, one = 0, two = 0;
		enum respond_verdict a, b;
		unsigned int rule_a = 0, rule_b = 0;

		support_random_request(random, &arena, &f->rules[rule], octets, &length);
		a = responder_answer(f->compiled, octets, length, f->answer, &one, &rule_a);
		b = responder_answer(f->dissected, octets, length, f->other, &two, &rule_b);
		if ((a == RESPOND_ANSWERED) != (b == RESPOND_ANSWERED))
			fail_msg("%s: request %u: %s by the program, %s by dissecting", file, i,
				respond_verdict_texts[a], respond_verdict_texts[b]);
		if (a == RESPOND_ANSWERED) {
			assert_int_equal(rule_a, rule_b);
			assert_int_equal(one, two);
			assert_memory_equal(f->answer, f->other, one);
			assert_whole(&arena, &f->rules[rule_a], f->answer, one);
			answered++;
		}
		arena_reset(&arena);
	}
	arena_fini(&arena);
	return answered;
}

static const struct {
	const char *file;
	unsigned int compiled; /* rules */
} files[] = {
	{ "frames/respond/arp-prefix.yaml", 1 },
	{ "frames/respond/ping-echo.yaml", 1 },
	{ "frames/respond/ping6-echo.yaml", 3 },
	{ "frames/respond/udp-echo.yaml", 1 },
	{ "frames/respond/dns-list.yaml", 0 },
	{ "frames/respond/tcp-open.yaml", 1 },
	{ "frames/respond/tcp-closed.yaml", 1 },
};

static void programs_make_what_dissecting_makes(void **state)
{
	uint64_t random = 0x5eed;

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct fixture f;
		unsigned int compiled = 0;

		fixture_init(&f, files[i].file, NULL);
		for (unsigned int j = 0; j < f.template.rule_count; j++) {
			const char *why = "";

			if (responder_program(f.compiled, j, &why))
				compiled++;
			else if (files[i].compiled)
				print_message("%s: %s: %s\n", files[i].file, f.rules[j].name, why);
		}
		assert_int_equal(compiled, files[i].compiled);
		assert_in_range(compare(&f, files[i].file, &random), REQUESTS / 20, REQUESTS);
		fixture_fini(&f);
	}
}

static void an_example_is_answered_by_its_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct fixture f;

		fixture_init(&f, files[i].file, NULL);
		for (unsigned int j = 0; j < f.template.rule_count; j++) {
			struct frame_view request = example_of(&f.arena, &f.rules[j]);
			uint32_t length;
			unsigned int rule;

			assert_int_equal(responder_answer(f.compiled, request.octets,
						 request.length, f.answer, &length, &rule),
				RESPOND_ANSWERED);
			/* Rules behind may be of what is left by those before. */
			assert_true(rule <= j);
		}
		fixture_fini(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ping_is_answered_with_its_payload),
		cmocka_unit_test(what_may_start_a_storm_is_not_answered),
		cmocka_unit_test(hostile_requests_are_counted_and_not_answered),
		cmocka_unit_test(options_of_ip_are_answered_by_dissecting),
		cmocka_unit_test(echo_returns_frames_as_they_came_or_with_macs_swapped),
		cmocka_unit_test(an_answer_that_cannot_be_built_is_told_before_a_frame_arrives),
		cmocka_unit_test(an_example_is_answered_by_its_rule),
		cmocka_unit_test(programs_make_what_dissecting_makes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
