/* The options of --fuzz. */
#include "cli/fuzz.h"

#define MUTATIONS_MAX 1000

enum { KEY_FUZZ = 0x300, KEY_FUZZ_FIELDS };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct fuzz_options *fuzz = state->input;
	uint64_t count;

	switch (key) {
	case KEY_FUZZ:
		count = arg ? common_number(state, "--fuzz", arg) : 1;
		if (!count || count > MUTATIONS_MAX)
			argp_error(state, "--fuzz=%s: wants 1 to %d mutations a frame", arg,
				MUTATIONS_MAX);
		fuzz->on = true;
		fuzz->count = (unsigned int)count;
		return 0;
	case KEY_FUZZ_FIELDS:
		fuzz->fields = arg;
		return 0;
	case ARGP_KEY_END:
		if (fuzz->fields && !fuzz->on)
			argp_error(state, "--fuzz-fields says what --fuzz may change: give both");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "fuzz", KEY_FUZZ, "N", OPTION_ARG_OPTIONAL,
		"make N things wrong in each frame (1 unless given): values, lengths, checksums, "
		"lists, layers; which, by --seed and the frame's index in the run",
		0 },
	{ "fuzz-fields", KEY_FUZZ_FIELDS, "NAMES", 0,
		"only in these layers and fields: ipv4,tcp.options", 0 },
	{ 0 },
};

const struct argp fuzz_argp = { .options = options, .parser = parse };

void fuzz_child(
	struct argp_state *state, const struct argp_child *children, struct fuzz_options *fuzz)
{
	unsigned int i = 0;

	while (children[i].argp != &fuzz_argp)
		i++;
	state->child_inputs[i] = fuzz;
}

int fuzz_prepare(struct common *common, struct fuzz_options *fuzz, struct err *err)
{
	int error;

	fuzz->config = (struct mutate_config){ .seed = common->seed, .count = fuzz->count };
	if (!fuzz->fields)
		return 0;
	error = mutate_targets_parse(&common->arena, fuzz->fields, &fuzz->config, err);
	return error ? err_locate(err, NULL, "--fuzz-fields") : 0;
}
