/* Random specs in which values vary run the same frames when they were written and read again. */
#include "reading.h"

#include "../../support/random.h"
#include "../../support/random_frame.h"
#include "../../support/random_vary.h"

#include "frame/compile.h"

#define ROUNDS 600
#define TURNS  20
#define SEED   77

/* The spec as its template or expression reads. */
static int again_of(struct reading *reading, const struct frame_spec *spec, bool expression,
	struct buffer *text, struct template *ret)
{
	const struct template written = {
		.name = spec->name, .frames = (struct frame_spec *)(uintptr_t)spec, .count = 1
	};
	const char *line;

	if (!expression) {
		template_write(&written, text);
		return reading_try(reading, buffer_text(text), ret);
	}
	expression_write(spec, text);
	line = buffer_text(text);
	return template_read_expressions(
		&reading->arena, &line, 1, &reading->options, ret, &reading->err);
}

static void assert_same_run(struct reading *reading, const struct frame_compiled *first,
	struct frame_spec *again, const char *text)
{
	struct frame_compiled second;
	struct patch_runner a;
	struct patch_runner b;

	if (frame_compile(&reading->arena, again, 1, NULL, SEED, &second, &reading->err))
		fail_msg("%s\n%s", reading->err.text, text);
	assert_int_equal(patch_runner_init(&a, &first->program, 1), 0);
	assert_int_equal(patch_runner_init(&b, &second.program, 1), 0);
	for (uint64_t turn = 0; turn < TURNS; turn++) {
		patch_runner_make(&a, turn, &a.slots[0]);
		patch_runner_make(&b, turn, &b.slots[0]);
		if (a.slots[0].length != b.slots[0].length ||
			memcmp(a.slots[0].octets, b.slots[0].octets, a.slots[0].length))
			fail_msg("another frame at turn %u of\n%s", (unsigned int)turn, text);
	}
	patch_runner_fini(&a);
	patch_runner_fini(&b);
}

/* Whether the reader may refuse what frame_compile takes. */
static bool is_stricter(const char *message)
{
	return strstr(message, "each: cycle") || strstr(message, "fixed width") ||
	       strstr(message, "do not fit in");
}

/* Returns whether the spec came back: 0 for one that cannot vary so. */
static unsigned int round_trip(struct reading *reading, uint64_t seed, bool expression)
{
	struct arena *arena = &reading->arena;
	struct frame_spec spec = { 0 };
	struct frame_compiled compiled;
	struct template again;
	struct buffer text = { 0 };
	unsigned int count = 0;

	support_random_frame(arena, &seed, SUPPORT_FRAME_CONSISTENT, &spec);
	support_resolve_presets(arena, &spec);
	support_random_vary(arena, &seed, 4, &spec);
	spec.name = "random";
	if (frame_compile(arena, &spec, 1, NULL, SEED, &compiled, &reading->err))
		goto done;
	if (again_of(reading, &spec, expression, &text, &again)) {
		if (!is_stricter(reading->err.text))
			fail_msg("%s\n%s", reading->err.text, buffer_text(&text));
		goto done;
	}
	assert_same_run(reading, &compiled, again.frames, buffer_text(&text));
	count = 1;
done:
	buffer_fini(&text);
	arena_reset(arena);
	return count;
}

static void specs_that_vary_come_back_from_their_templates(void **state)
{
	unsigned int count = 0;

	for (uint64_t seed = 1; seed <= ROUNDS; seed++)
		count += round_trip(*state, seed, false);
	assert_true(count > ROUNDS / 3);
}

static void specs_that_vary_come_back_from_their_expressions(void **state)
{
	unsigned int count = 0;

	for (uint64_t seed = 1; seed <= ROUNDS; seed++)
		count += round_trip(*state, seed, true);
	assert_true(count > ROUNDS / 3);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		reading_test(specs_that_vary_come_back_from_their_templates),
		reading_test(specs_that_vary_come_back_from_their_expressions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
