/*
 * Gives any octets to the shipped responders: their programs and dissecting want the same answer,
 * and what is answered reads as what the answer's template says, with right lengths and checksums.
 * The first octet of the input chooses the responder, the second whether checksums and lengths are
 * made right first, so that more than the first compare is met.
 */
#include "base/arena.h"
#include "frame/build.h"
#include "frame/rewrite.h"
#include "respond/respond.h"
#include "template/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const files[] = {
	"frames/respond/arp-prefix.yaml",
	"frames/respond/ping-echo.yaml",
	"frames/respond/ping6-echo.yaml",
	"frames/respond/udp-echo.yaml",
	"frames/respond/dns-list.yaml",
	"frames/respond/tcp-open.yaml",
	"frames/respond/tcp-closed.yaml",
};

#define FILES	  (sizeof(files) / sizeof(files[0]))
#define RULES_MAX 8

struct fuzzed {
	struct respond_rule rules[RULES_MAX];
	unsigned int count;
	struct responder *compiled, *dissected;
};

static struct fuzzed all[FILES];
static struct arena templates;

static void __attribute__((noreturn)) broken(const char *what, const char *why)
{
	fprintf(stderr, "%s%s\n", what, why);
	abort();
}

static void prepare(struct fuzzed *f, const char *file)
{
	const struct template_options options = { .resolver = &resolver_placeholder };
	struct respond_config config = { .echo = RESPOND_ECHO_NONE };
	struct template template;
	struct err err = { 0 };

	if (template_read_file(&templates, file, &options, &template, &err))
		broken("", err.text);
	for (unsigned int i = 0; i < template.rule_count && i < RULES_MAX; i++)
		f->rules[f->count++] = (struct respond_rule){ template.rules[i].name,
			&template.rules[i].request, &template.rules[i].answer };
	if (responder_new(&f->compiled, f->rules, f->count, &config, &err))
		broken("", err.text);
	config.dissect = true;
	if (responder_new(&f->dissected, f->rules, f->count, &config, &err))
		broken("", err.text);
}

/* What stands behind the template's layers is the asker's. */
static void want_right(struct arena *arena, const struct respond_rule *rule, const uint8_t *octets,
	uint32_t length)
{
	const struct frame_spec *answer = rule->answer;
	struct frame_view view;

	frame_dissect(arena, &wire_eth, octets, length, DISSECT_FCS_ABSENT, &view);
	for (unsigned int i = 0; i < answer->count; i++) {
		const struct spec_layer *wanted = &answer->layers[i];
		const struct view_layer *layer = &view.layers[i];

		if (wanted->protocol == &wire_payload)
			return;
		if (i >= view.count || layer->protocol != wanted->protocol)
			broken("the answer has another layer than ", wanted->protocol->header.name);
		for (unsigned int j = 0; j < layer->header.count; j++)
			if (layer->header.fields[j].check == VIEW_WRONG)
				broken("wrong in the answer: ",
					layer->header.fields[j].field->name);
	}
}

static const uint8_t *repaired(struct arena *arena, const uint8_t *octets, uint32_t length)
{
	uint8_t *copy = arena_alloc(arena, length + 1U);
	struct frame_view view;

	frame_dissect(arena, &wire_eth, octets, length, DISSECT_FCS_ABSENT, &view);
	frame_rewrite(&view, copy, NULL, 0, true);
	return copy;
}

static void try_octets(
	struct arena *arena, const struct fuzzed *f, const uint8_t *octets, uint32_t length)
{
	uint8_t *answers[2] = { arena_alloc(arena, FRAME_LENGTH_MAX),
		arena_alloc(arena, FRAME_LENGTH_MAX) };
	uint32_t lengths[2] = { 0, 0 };
	unsigned int rules[2] = { 0, 0 };
	enum respond_verdict one, two;

	one = responder_answer(f->compiled, octets, length, answers[0], &lengths[0], &rules[0]);
	two = responder_answer(f->dissected, octets, length, answers[1], &lengths[1], &rules[1]);
	if ((one == RESPOND_ANSWERED) != (two == RESPOND_ANSWERED))
		broken("only one of program and dissecting answers", "");
	if (one != RESPOND_ANSWERED)
		return;
	if (rules[0] != rules[1] || lengths[0] != lengths[1] ||
		memcmp(answers[0], answers[1], lengths[0]) != 0)
		broken("program and dissecting answer differently", "");
	want_right(arena, &f->rules[rules[0]], answers[0], lengths[0]);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	arena_init(&templates);
	for (size_t i = 0; i < FILES; i++)
		prepare(&all[i], files[i]);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *octets = data + 2;
	struct arena arena;

	if (size < 2 || size - 2 > FRAME_LENGTH_MAX)
		return 0;
	arena_init(&arena);
	if (data[1] & 1)
		octets = repaired(&arena, octets, (uint32_t)(size - 2));
	try_octets(&arena, &all[data[0] % FILES], octets, (uint32_t)(size - 2));
	arena_fini(&arena);
	return 0;
}
