/* Frames held against their templates, where the sender's addresses are known and where not. */
#include "base/arena.h"
#include "base/err.h"
#include "frame/compile.h"
#include "frame/sign.h"
#include "measure/check.h"
#include "patch/runner.h"
#include "template/template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW 1700000000000000000ULL

#define TAG 4U

/* As the receiver has it, and as the sender does. */
#define THERE(mac, ip)                                                                       \
	"layers: [{eth: {dst: 02:00:00:00:00:99, src: " mac "}}, {ipv4: {src: " ip           \
	", dst: 192.0.2.9}}, {udp: {sport: 7, dport: {inc: 1..9}}}, {payload: {fill: 0x41, " \
	"size: 40}}]\n"
static const char receivers[] = THERE("$if.mac", "$if.ipv4");
static const char senders[] = THERE("02:00:00:00:00:55", "192.0.2.55");

struct bench {
	struct arena arena;
	struct frame_compiled compiled;
	struct patch_runner runner;
	struct frame_view view;
};

static void begin(struct bench *bench, const char *text)
{
	struct template_options options = { .resolver = &resolver_placeholder };
	struct template template;
	struct frame_spec *specs;
	struct err err;

	arena_init(&bench->arena);
	if (template_read(&bench->arena, "t", (const uint8_t *)text, strlen(text), &options,
		    &template, &err) ||
		frame_sign(&bench->arena, template.frames, template.count, 1, &specs, NULL, &err) ||
		frame_compile(
			&bench->arena, specs, template.count, NULL, 1, &bench->compiled, &err))
		fail_msg("%s", err.text);
	assert_int_equal(patch_runner_init(&bench->runner, &bench->compiled.program, 1), 0);
	patch_runner_make(&bench->runner, 0, bench->runner.slots);
	assert_int_equal(frame_compiled_view(&bench->arena, &bench->compiled, 0,
				 bench->runner.slots, &bench->view, NULL),
		0);
}

static void end(struct bench *bench)
{
	patch_runner_fini(&bench->runner);
	arena_fini(&bench->arena);
}

/* What the receiver says of the sender's frame 5, after an octet was flipped (0: none was) or a tag
 * put in; known: $if.* are taken for the receiver's own. */
struct trial {
	uint32_t flip;
	bool tag, known;
	enum check_verdict verdict;
	char difference[128];
	char unknown[128];
};

static void put_tag(uint8_t *octets, uint32_t *length)
{
	static const uint8_t tag[TAG] = { 0x81, 0x00, 0x00, 0x05 };

	memmove(octets + 12 + TAG, octets + 12, *length - 12);
	memcpy(octets + 12, tag, TAG);
	*length += TAG;
}

static void hold(struct trial *trial)
{
	struct bench here, there;
	struct measure_check *check;
	struct signature signature;
	uint8_t octets[256];
	uint32_t length;

	begin(&here, receivers);
	begin(&there, senders);
	patch_runner_make_again(&there.runner, 5, NOW, there.runner.slots);
	length = there.runner.slots->length;
	memcpy(octets, there.runner.slots->octets, length);
	octets[trial->flip] ^= trial->flip ? 1 : 0;
	if (trial->tag)
		put_tag(octets, &length);
	assert_true(signature_find(octets, length, &signature));
	assert_int_equal(
		measure_check_new(&check, &here.compiled.program, trial->known ? NULL : &here.view),
		0);
	trial->verdict = measure_check_frame(check, octets, length, &signature, 5);
	strncpy(trial->difference, measure_check_difference(check), sizeof(trial->difference) - 1);
	strncpy(trial->unknown, measure_check_unknown(check), sizeof(trial->unknown) - 1);
	measure_check_free(check);
	end(&here);
	end(&there);
}

static void what_only_the_sender_knows_is_taken_as_it_came(void **state)
{
	struct trial trial = { 0 };

	(void)state;
	hold(&trial);
	assert_int_equal(trial.verdict, CHECK_SAME);
	assert_string_equal(trial.unknown, "eth.src, ipv4.src");
	assert_string_equal(trial.difference, "");
}

static void a_change_of_it_on_the_way_is_told_by_the_checksums(void **state)
{
	struct trial trial = { .flip = 14 + 12 + 3 };

	(void)state;
	hold(&trial);
	assert_int_equal(trial.verdict, CHECK_CORRUPTED);
	assert_string_equal(trial.difference, "a checksum is wrong");
}

static void a_checksum_that_changed_is_corrupted_too(void **state)
{
	struct trial ip = { .flip = 14 + 10 }, udp = { .flip = 14 + 20 + 6 };

	(void)state;
	hold(&ip);
	assert_int_equal(ip.verdict, CHECK_CORRUPTED);
	hold(&udp);
	assert_int_equal(udp.verdict, CHECK_CORRUPTED);
}

static void the_rest_is_held_octet_by_octet(void **state)
{
	struct trial port = { .flip = 14 + 20 + 1 }, destination = { .flip = 14 + 19 };

	(void)state;
	hold(&port);
	assert_int_equal(port.verdict, CHECK_CORRUPTED);
	assert_string_equal(port.difference, "udp.sport: sent echo, arrived 6");
	hold(&destination);
	assert_int_equal(destination.verdict, CHECK_CORRUPTED);
	assert_string_equal(destination.difference, "ipv4.dst: sent 192.0.2.9, arrived 192.0.2.8");
}

static void a_tag_moves_it(void **state)
{
	struct trial trial = { .tag = true };

	(void)state;
	hold(&trial);
	assert_int_equal(trial.verdict, CHECK_REWRITTEN);
	trial.flip = 14 + 12 + 3;
	hold(&trial);
	assert_int_equal(trial.verdict, CHECK_CORRUPTED);
}

static void values_that_are_not_the_senders_are_named(void **state)
{
	struct trial trial = { .known = true };

	(void)state;
	hold(&trial);
	assert_int_equal(trial.verdict, CHECK_CORRUPTED);
	assert_string_equal(trial.difference, "ipv4.src: sent 192.0.2.1, arrived 192.0.2.55");
	assert_string_equal(trial.unknown, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_only_the_sender_knows_is_taken_as_it_came),
		cmocka_unit_test(a_change_of_it_on_the_way_is_told_by_the_checksums),
		cmocka_unit_test(a_checksum_that_changed_is_corrupted_too),
		cmocka_unit_test(the_rest_is_held_octet_by_octet),
		cmocka_unit_test(a_tag_moves_it),
		cmocka_unit_test(values_that_are_not_the_senders_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
