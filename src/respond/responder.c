/* Goes through the rules: by their programs, and where those cannot tell by dissecting. */
#include "respond/respond.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "frame/build.h"
#include "frame/cover.h"
#include "match/pattern.h"
#include "respond/program.h"

#include <stdlib.h>
#include <string.h>

#define MAC_LENGTH 6
#define ETH_LENGTH 14U

const char *const respond_verdict_texts[RESPOND_VERDICTS] = {
	[RESPOND_ANSWERED] = "answered",
	[RESPOND_OTHER] = "not matched",
	[RESPOND_OWN] = "from a MAC that answers",
	[RESPOND_GROUP] = "from a group's MAC",
	[RESPOND_FRAGMENT] = "fragments",
	[RESPOND_DAMAGED] = "damaged",
	[RESPOND_UNMADE] = "too long to answer",
};
const char *const respond_verdict_keys[RESPOND_VERDICTS] = {
	[RESPOND_ANSWERED] = "answered",
	[RESPOND_OTHER] = "not_matched",
	[RESPOND_OWN] = "own",
	[RESPOND_GROUP] = "group_source",
	[RESPOND_FRAGMENT] = "fragments",
	[RESPOND_DAMAGED] = "damaged",
	[RESPOND_UNMADE] = "unmade",
};

struct rule {
	struct respond_rule of;
	bool compiled;
	bool asks_fragments; /* its pattern says which fragments it wants */
	struct respond_program program;
	const char *why; /* it is not compiled */
};

struct responder {
	struct arena arena;   /* of all that stays */
	struct arena scratch; /* of one frame */
	enum respond_echo echo;
	struct rule *rules;
	unsigned int count;
	uint8_t *macs;
	unsigned int mac_count;
	struct pattern_value *values; /* [SPEC_CAPTURES_MAX]; their memory is kept */
};

/* ---- MACs that are not answered ---- */

static void mac_add(struct responder *responder, const uint8_t *mac)
{
	/* On loopback all are zeros. */
	if (bytes_are_zero(mac, MAC_LENGTH))
		return;
	for (unsigned int i = 0; i < responder->mac_count; i++)
		if (!memcmp(responder->macs + i * (size_t)MAC_LENGTH, mac, MAC_LENGTH))
			return;
	memcpy(responder->macs + responder->mac_count++ * (size_t)MAC_LENGTH, mac, MAC_LENGTH);
}

/* The MAC that the answers come from, where it is always the same. */
static void mac_of_answer(struct responder *responder, const struct frame_spec *answer)
{
	const struct spec_layer *layer = &answer->layers[0];
	int row = wire_field_find(layer->header.type, "src");

	if (layer->protocol == &wire_eth && row >= 0 &&
		layer->header.values[row].state == SPEC_GIVEN &&
		layer->header.values[row].value.length == MAC_LENGTH)
		mac_add(responder, layer->header.values[row].value.octets);
}

const uint8_t *responder_macs(const struct responder *responder, unsigned int *ret_count)
{
	*ret_count = responder->mac_count;
	return responder->macs;
}

/* Frames that are not answered whatever they hold. */
static bool is_refused(
	const struct responder *responder, const uint8_t *octets, enum respond_verdict *ret)
{
	const uint8_t *source = octets + MAC_LENGTH;

	*ret = RESPOND_GROUP;
	if (source[0] & 1)
		return true;
	*ret = RESPOND_OWN;
	for (unsigned int i = 0; i < responder->mac_count; i++)
		if (!memcmp(responder->macs + i * (size_t)MAC_LENGTH, source, MAC_LENGTH))
			return true;
	return false;
}

/* ---- one frame, dissected ---- */

static void forget(struct responder *responder)
{
	for (unsigned int i = 0; i < SPEC_CAPTURES_MAX && responder->values[i].known; i++) {
		responder->values[i].known = false;
		responder->values[i].number = 0;
		buffer_clear(&responder->values[i].octets);
	}
}

static bool is_fragment(const struct frame_view *view, unsigned int layers)
{
	bool first;

	for (unsigned int i = 0; i < view->count && i < layers; i++)
		if (layer_is_fragment(view->octets, &view->layers[i], &first))
			return true;
	return false;
}

static enum respond_verdict build(
	struct responder *responder, const struct rule *rule, uint8_t *answer, uint32_t *ret_length)
{
	struct frame_spec filled;
	struct frame_view view;

	if (pattern_fill(&responder->scratch, rule->of.answer, responder->values, &filled, NULL) ||
		frame_build(&responder->scratch, &filled, &view, NULL) ||
		view.length > FRAME_LENGTH_MAX)
		return RESPOND_UNMADE;
	memcpy(answer, view.octets, view.length);
	*ret_length = view.length;
	return RESPOND_ANSWERED;
}

static enum respond_verdict answer_dissected(struct responder *responder, const struct rule *rule,
	const struct frame_view *view, uint8_t *answer, uint32_t *ret_length)
{
	if (!pattern_match(rule->of.request, view, responder->values))
		return RESPOND_OTHER;
	if (!rule->asks_fragments && is_fragment(view, rule->of.request->count))
		return RESPOND_FRAGMENT;
	return build(responder, rule, answer, ret_length);
}

/* What several rules say of a frame that none answers: the one that came nearest. */
static enum respond_verdict worse(enum respond_verdict a, enum respond_verdict b)
{
	return a > b ? a : b;
}

static enum respond_verdict answer_by_rules(struct responder *responder, const uint8_t *octets,
	uint32_t length, uint8_t *answer, uint32_t *ret_length, unsigned int *ret_rule)
{
	enum respond_verdict verdict = RESPOND_OTHER;
	bool dissected = false;
	struct frame_view view;

	for (unsigned int i = 0; i < responder->count; i++) {
		const struct rule *rule = &responder->rules[i];
		enum respond_verdict one;

		if (!rule->compiled || !respond_program_run(&rule->program, octets, length, answer,
					       ret_length, &one)) {
			if (!dissected) {
				arena_reset(&responder->scratch);
				frame_dissect(&responder->scratch, &wire_eth, octets, length,
					DISSECT_FCS_ABSENT, &view);
			}
			dissected = true;
			forget(responder);
			one = answer_dissected(responder, rule, &view, answer, ret_length);
		}
		if (one == RESPOND_ANSWERED) {
			*ret_rule = i;
			return one;
		}
		verdict = worse(verdict, one);
	}
	return verdict;
}

/* ---- echo ---- */

static enum respond_verdict echo(const struct responder *responder, const uint8_t *octets,
	uint32_t length, uint8_t *answer, uint32_t *ret_length)
{
	if (length > FRAME_LENGTH_MAX)
		return RESPOND_UNMADE;
	memcpy(answer, octets, length);
	if (responder->echo == RESPOND_ECHO_SWAP) {
		memcpy(answer, octets + MAC_LENGTH, MAC_LENGTH);
		memcpy(answer + MAC_LENGTH, octets, MAC_LENGTH);
		/* A group's address is nobody's source. */
		if (octets[0] & 1 && responder->mac_count)
			memcpy(answer + MAC_LENGTH, responder->macs, MAC_LENGTH);
	}
	*ret_length = length;
	return RESPOND_ANSWERED;
}

enum respond_verdict responder_answer(struct responder *responder, const uint8_t *octets,
	uint32_t length, uint8_t *answer, uint32_t *ret_length, unsigned int *ret_rule)
{
	enum respond_verdict verdict;
	uint32_t made = 0;

	if (length < ETH_LENGTH)
		return RESPOND_DAMAGED;
	if (is_refused(responder, octets, &verdict))
		return verdict;
	if (responder->echo != RESPOND_ECHO_NONE) {
		*ret_rule = 0;
		return echo(responder, octets, length, answer, ret_length);
	}
	verdict = answer_by_rules(responder, octets, length, answer, &made, ret_rule);
	if (verdict == RESPOND_ANSWERED)
		*ret_length = made;
	return verdict;
}

/* ---- making one ---- */

static bool asks(const struct spec_layer *layer, const char *name)
{
	int row = wire_field_find(layer->header.type, name);

	return row >= 0 && layer->header.values[row].state != SPEC_AUTO;
}

static bool asks_fragments(const struct frame_spec *pattern)
{
	for (unsigned int i = 0; i < pattern->count; i++) {
		const struct spec_layer *layer = &pattern->layers[i];

		if (wire_field_find(layer->header.type, "frag-offset") >= 0 &&
			(asks(layer, "frag-offset") || asks(layer, "flags") || asks(layer, "more")))
			return true;
	}
	return false;
}

/* The answer to an example is built once: what is wrong in it is told before a frame arrives. */
static int rule_check(const struct respond_rule *rule, struct err *err)
{
	struct frame_spec request, answer;
	struct frame_view view;
	struct arena arena;
	int r;

	arena_init(&arena);
	r = respond_example(&arena, rule, &request, &answer, err);
	if (!r)
		r = frame_build(&arena, &answer, &view, err);
	arena_fini(&arena);
	return r;
}

static int rule_init(struct responder *responder, const struct respond_rule *of, bool dissect,
	struct rule *rule, struct err *err)
{
	int r;

	if (!of->request->count || !of->answer->count)
		return err_input(err, &of->request->at, "a request and an answer have layers");
	r = rule_check(of, err);
	if (r)
		return r;
	rule->of = *of;
	rule->asks_fragments = asks_fragments(of->request);
	rule->why = "not asked to be";
	if (!dissect)
		rule->compiled = respond_compile(&responder->arena, of, &rule->program, &rule->why);
	mac_of_answer(responder, of->answer);
	return 0;
}

int responder_new(struct responder **ret, const struct respond_rule *rules, unsigned int count,
	const struct respond_config *config, struct err *err)
{
	struct responder *responder = calloc(1, sizeof(*responder));
	int r = 0;

	if (!responder)
		return err_system(err, ENOMEM, "cannot make a responder");
	arena_init(&responder->arena);
	arena_init(&responder->scratch);
	responder->echo = config->echo;
	responder->rules = arena_alloc(&responder->arena, (count + 1) * sizeof(*responder->rules));
	responder->macs = arena_alloc(&responder->arena, (count + 1) * (size_t)MAC_LENGTH);
	responder->values =
		arena_alloc(&responder->arena, SPEC_CAPTURES_MAX * sizeof(*responder->values));
	if (config->mac)
		mac_add(responder, config->mac);
	for (unsigned int i = 0; i < count && !r; i++)
		r = rule_init(responder, &rules[i], config->dissect, &responder->rules[i], err);
	responder->count = count;
	if (r)
		responder_free(responder);
	else
		*ret = responder;
	return r;
}

void responder_free(struct responder *responder)
{
	if (!responder)
		return;
	pattern_values_fini(responder->values, SPEC_CAPTURES_MAX);
	arena_fini(&responder->scratch);
	arena_fini(&responder->arena);
	free(responder);
}

const struct respond_program *responder_program(
	const struct responder *responder, unsigned int rule, const char **ret_why)
{
	const struct rule *found = &responder->rules[rule];

	if (ret_why)
		*ret_why = found->why;
	return found->compiled ? &found->program : NULL;
}
