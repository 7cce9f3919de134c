/* What is to be probed: the frames, how many they are, and how fast they go. */
#include "cli/probe/probe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define REPEATS_A_SECOND 10.0
#define SWEEPS_A_SECOND	 1000.0
#define STAMPS_A_SECOND	 20000.0 /* more, and a system call or two a frame would hold them up */

#define FRAME_BITS_MIN 480 /* of the shortest frame */

/* More than these only where somebody said how many. */
#define COUNT_MAX 100000000U
#define HOPS_MAX  255U

/* Fields whose values do not say whom a frame asks. */
static const char *const beside[] = { "id", "seq", "sport", "xid", "checksum", "payload", "ident",
	"identification", "transaction-id" };

static const char *field_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot ? dot + 1 : name;
}

static bool is_beside(const char *name)
{
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++)
		if (!strcmp(field_of(name), beside[i]))
			return true;
	return !strncmp(name, "payload", 7) || !strcmp(name, "length");
}

static bool is_hop_field(const char *name)
{
	const char *field = field_of(name);

	return !strcmp(field, "ttl") || !strcmp(field, "hop-limit");
}

unsigned int probe_hop(const struct probe_plan *plan, uint64_t number)
{
	const struct patch_varying *varying = plan->frames.program.frames[0].varying;

	for (unsigned int i = 0; varying && i < varying->generator_count; i++)
		if (is_hop_field(varying->generators[i].name))
			return (unsigned int)patch_generator_at(&varying->generators[i], number);
	return (unsigned int)number + 1;
}

/* Who makes a trace asks one host: no address but the port may vary besides. */
static bool is_port(const char *name)
{
	return !strcmp(field_of(name), "dport");
}

/* What varies. */
struct sweep {
	uint64_t period; /* frames until all targets had their turn */
	bool asks;	 /* the target varies */
	bool hops;	 /* a TTL counts up from 1 on */
	bool others;	 /* so does what is neither a port nor a TTL */
};

static void look_at(const struct patch_generator *generator, struct sweep *sweep)
{
	uint64_t period;

	if (is_beside(generator->name))
		return;
	sweep->asks = true;
	if (is_hop_field(generator->name) && generator->source == PATCH_COUNT &&
		!(generator->step >> 63) && generator->count <= HOPS_MAX)
		sweep->hops = true;
	else if (!is_port(generator->name))
		sweep->others = true;
	if (generator->source == PATCH_RANDOM)
		return;
	if (!generator->count ||
		__builtin_mul_overflow(generator->count, generator->divisor, &period))
		period = UINT64_MAX;
	if (period > sweep->period)
		sweep->period = period;
}

/* Over all frames, in passes through them. */
static struct sweep look_at_all(const struct patch_program *program, uint64_t *ret_passes)
{
	struct sweep all = { .period = 1 };
	uint64_t passes = 1;

	for (unsigned int i = 0; i < program->count; i++) {
		const struct patch_frame *frame = &program->frames[i];
		const struct patch_varying *varying = frame->varying;
		struct sweep sweep = { .period = 1 };
		uint64_t own;

		for (unsigned int j = 0; varying && j < varying->generator_count; j++)
			look_at(&varying->generators[j], &sweep);
		own = sweep.period / frame->weight + (sweep.period % frame->weight != 0);
		passes = own > passes ? own : passes;
		all.asks |= sweep.asks;
		all.hops |= sweep.hops;
		all.others |= sweep.others;
	}
	*ret_passes = passes;
	return all;
}

static int count_probes(const struct probe_options *options, const struct patch_program *program,
	uint64_t passes, uint64_t *ret, struct err *err)
{
	if (options->send.counted) {
		*ret = options->send.count;
		return 0;
	}
	if (options->until_answered) {
		*ret = 0;
		return 0;
	}
	if (__builtin_mul_overflow(passes, program->pass, ret) || *ret > COUNT_MAX)
		return err_input(err, NULL,
			"these templates vary over more than %u frames: say with -n how many "
			"probes to send",
			COUNT_MAX);
	return 0;
}

static struct pace_config frames_a_second(double value)
{
	struct text_rate rate = { .unit = TEXT_RATE_FRAMES, .value = value };

	return (struct pace_config){ .rate = { .from = rate, .to = rate } };
}

static struct pace_config as_fast_as_it_goes(void)
{
	struct text_rate rate = { .unit = TEXT_RATE_MAX };

	return (struct pace_config){ .rate = { .from = rate, .to = rate } };
}

static bool is_paced(const struct probe_options *options)
{
	return options->send.rated || options->send.pace.interval_ns;
}

static void choose_pace(const struct probe_options *options, struct probe_plan *plan)
{
	bool in_turn = plan->shape == PROBE_TRACE || options->until_answered;

	plan->at_once = options->at_once;
	if (is_paced(options)) {
		plan->pace = options->send.pace;
	} else if (in_turn) {
		plan->pace = as_fast_as_it_goes();
		plan->at_once = 1;
	} else {
		plan->pace = frames_a_second(
			plan->shape == PROBE_SWEEP ? SWEEPS_A_SECOND : REPEATS_A_SECOND);
	}
}

/* Probes a second at most, as far as it is known; a wait for each bounds them too. */
static bool is_fast(const struct probe_plan *plan)
{
	const struct pace_config *pace = &plan->pace;
	double from = pace->rate.from.value, to = pace->rate.to.value;
	double most = from > to ? from : to;

	if (plan->at_once == 1)
		return false;
	if (pace->interval_ns)
		return 1e9 / (double)pace->interval_ns > STAMPS_A_SECOND;
	switch (pace->rate.from.unit) {
	case TEXT_RATE_FRAMES:
		return most > STAMPS_A_SECOND;
	case TEXT_RATE_BITS:
	case TEXT_RATE_WIRE_BITS:
		return most / FRAME_BITS_MIN > STAMPS_A_SECOND;
	default:
		return true;
	}
}

static enum probe_shape shape_of(const struct probe_options *options, const struct sweep *sweep,
	const struct patch_program *program)
{
	if (!sweep->asks)
		return PROBE_REPEAT;
	if (sweep->hops && !sweep->others && program->count == 1 && !is_paced(options))
		return PROBE_TRACE;
	return PROBE_SWEEP;
}

/* What was asked for is to be had, or an error. */
static int choose_stamps(const struct probe_options *options, const struct interface *interface,
	struct probe_plan *plan, struct err *err)
{
	enum stamp_source best = stamped_best(interface);

	if (options->stamps < 0)
		plan->stamps = is_fast(plan) ? STAMP_PROGRAM : best;
	else if (options->stamps <= (int)best)
		plan->stamps = (enum stamp_source)options->stamps;
	else
		return err_system(err, EOPNOTSUPP,
			"--stamps %s: %s has none%s; its best are \"%s\"",
			probe_stamp_names[options->stamps], interface->name,
			options->stamps == STAMP_HARDWARE ? " that are switched on for all frames"
							  : "",
			probe_stamp_names[best]);
	return 0;
}

int probe_plan(struct probe_options *options, const struct interface *interface,
	struct probe_plan *ret, struct err *err)
{
	const struct patch_program *program = &ret->frames.program;
	struct sweep sweep;
	uint64_t passes;
	int rc;

	*ret = (struct probe_plan){ 0 };
	rc = send_plan(&options->send, interface, &ret->frames, err);
	if (rc < 0)
		return rc;
	sweep = look_at_all(program, &passes);
	rc = count_probes(options, program, passes, &ret->count, err);
	if (rc < 0)
		return rc;
	ret->shape = shape_of(options, &sweep, program);
	choose_pace(options, ret);
	return choose_stamps(options, interface, ret, err);
}
