/* pktsmith test: plays exchange scripts. */
#include "cli/test/options.h"

#include "base/clock.h"
#include "cli/test/outcome.h"
#include "exchange/facts.h"
#include "exchange/live.h"
#include "link/pcapfile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct testing {
	struct test_options options;
	const struct render_style *style;
	struct outcomes outcomes;
	struct pcapfile *frames; /* of -w */
	FILE *junit;
	struct buffer out;
	bool is_last; /* the script that is played now */
};

/* ---- reading ---- */

/* What the scripts of one reading ask for. */
struct asking {
	struct testing *testing;
	struct arena *arena;
};

static int resolver_of(
	void *context, const struct script_port *port, struct resolver *ret, struct err *err)
{
	const struct asking *asking = context;
	struct resolver base = resolver_placeholder;
	struct interface *interface;
	int r = 0;

	if (!port->interface) {
		facts_resolver(asking->arena, port, ret);
		return 0;
	}
	if (!asking->testing->options.dry_run) {
		interface = arena_alloc(asking->arena, sizeof(*interface));
		r = interface_read(port->interface, interface, err);
		base = (struct resolver){ cli_resolve, interface };
	}
	if (!r)
		facts_resolver_plain(asking->arena, &base, ret);
	return r;
}

static int script_of(struct testing *testing, struct outcome *outcome, struct err *err)
{
	const struct common *common = &testing->options.common;
	struct asking asking = { testing, &outcome->arena };
	const struct script_options options = {
		.resolver = resolver_of,
		.context = &asking,
		.finder = &cli_finder,
		.defines = common->defines,
		.define_count = common->define_count,
		.seed = common->seed,
		.interface = common->interface,
	};
	const char *path;
	int r = cli_find_script(&outcome->arena, outcome->file, &path, err);

	if (!r)
		r = script_read_file(&outcome->arena, path, &options, &outcome->script, err);
	outcome->was_read = !r;
	return r ? r : exchange_check(&outcome->script, common->seed, err);
}

/* ---- playing ---- */

static bool is_stopped(void *context)
{
	(void)context;
	return cli_stop;
}

/* -w: the frames by the wall clock's time. */
static int frames_keep(
	struct testing *testing, const struct outcome *outcome, uint64_t began, struct err *err)
{
	const struct exchange_result *result = &outcome->result;
	int r = 0;

	for (unsigned int i = 0; testing->frames && i < result->event_count && !r; i++)
		r = pcapfile_write(testing->frames, began + result->events[i].time_ns,
			result->events[i].octets, result->events[i].length,
			result->events[i].length, err);
	return r;
}

static int play(struct testing *testing, struct outcome *outcome, struct err *err)
{
	struct exchange_world world;
	struct exchange_live *live;
	uint64_t began;
	int r = exchange_live_open(&live, &outcome->script, is_stopped, &world, err);

	if (r)
		return r;
	if (testing->is_last) /* a lab that comes after it would want them again */
		r = cli_drop_privileges(0, err);
	began = clock_wall();
	if (!r) {
		r = exchange_run(&outcome->arena, &outcome->script, &world,
			testing->options.common.seed, &outcome->result, err);
		outcome->was_played = true;
	}
	exchange_live_close(live);
	return r ? r : frames_keep(testing, outcome, began, err);
}

static int status_of(int r, const struct outcome *outcome)
{
	if (r)
		return outcome->err.kind == ERR_NONE ? EXIT_INPUT : (int)outcome->err.kind;
	return outcome->was_played && outcome->result.verdict ? EXIT_ANSWER_NO : EXIT_DONE;
}

static void script_test(struct testing *testing, struct outcome *outcome)
{
	int r;

	arena_init(&outcome->arena);
	r = script_of(testing, outcome, &outcome->err);
	if (!r && !testing->options.dry_run)
		r = play(testing, outcome, &outcome->err);
	if (r)
		outcome->was_played = false;
	outcome->status = status_of(r, outcome);
}

/* ---- reports ---- */

static void put_script(struct testing *testing, const struct outcome *outcome, size_t number)
{
	const struct test_options *options = &testing->options;
	struct buffer *out = &testing->out;

	if (options->common.jsonl)
		json_print(json_typed("script", outcome_json(outcome)), false, out);
	else if (options->common.json || options->format == TEST_JUNIT)
		return;
	else if (options->format == TEST_TAP)
		outcome_tap(outcome, number, out);
	else if (options->dry_run && !outcome->status)
		outcome_steps(outcome, testing->style, out);
	else if (outcome->status || !options->common.quiet)
		outcome_human(outcome, testing->style, options->common.verbose, out);
}

static void put_counts(const struct outcomes *outcomes, struct buffer *out)
{
	size_t counts[EXIT_REFUSED + 1] = { 0 };

	for (size_t i = 0; i < outcomes->count; i++)
		counts[outcomes->rows[i].status]++;
	buffer_printf(out, "%zu passed, %zu failed", counts[EXIT_DONE], counts[EXIT_ANSWER_NO]);
	if (counts[EXIT_INPUT] + counts[EXIT_REFUSED])
		buffer_printf(out, ", %zu could not be played",
			counts[EXIT_INPUT] + counts[EXIT_REFUSED]);
	buffer_printf(out, "\n");
}

static void put_all(struct testing *testing)
{
	const struct test_options *options = &testing->options;
	struct buffer *out = &testing->out;

	if (options->common.jsonl)
		json_print(outcomes_report_json(&testing->outcomes), false, out);
	else if (options->common.json)
		json_print(outcomes_json(&testing->outcomes), true, out);
	else if (options->format == TEST_JUNIT)
		outcomes_junit(&testing->outcomes, out);
	else if (options->format == TEST_HUMAN && !options->dry_run && !options->common.quiet &&
		 testing->outcomes.count > 1)
		put_counts(&testing->outcomes, out);
}

static int junit_write(struct testing *testing, struct err *err)
{
	struct buffer text = { 0 };
	int r = 0;

	if (!testing->junit)
		return 0;
	outcomes_junit(&testing->outcomes, &text);
	if (fwrite(text.data, 1, text.length, testing->junit) != text.length)
		r = err_system(err, errno, "cannot write %s", testing->options.junit);
	if (fclose(testing->junit) && !r)
		r = err_system(err, errno, "cannot write %s", testing->options.junit);
	testing->junit = NULL;
	buffer_fini(&text);
	return r;
}

/* ---- the command ---- */

/* Before the first script: what is written cannot be opened once privileges are given up. */
static int files_open(struct testing *testing, struct err *err)
{
	const struct test_options *options = &testing->options;

	if (options->junit) {
		testing->junit = fopen(options->junit, "we");
		if (!testing->junit)
			return err_system(err, errno, "cannot write %s", options->junit);
	}
	if (!options->write || options->dry_run)
		return 0;
	return pcapfile_create(&testing->frames, options->write, false, err);
}

static int test_all(struct testing *testing)
{
	const struct test_options *options = &testing->options;
	struct outcomes *outcomes = &testing->outcomes;
	uint64_t began = clock_system.now(NULL);
	int worst = EXIT_DONE, printed = EXIT_DONE;

	if (options->format == TEST_TAP)
		buffer_printf(&testing->out, "TAP version 13\n1..%zu\n", outcomes->count);
	for (size_t i = 0; i < outcomes->count && !printed; i++) {
		struct outcome *outcome = &outcomes->rows[i];

		outcome->file = options->scripts[i];
		testing->is_last = i + 1 == outcomes->count;
		script_test(testing, outcome);
		if (outcome->status > worst)
			worst = outcome->status;
		put_script(testing, outcome, i + 1);
		printed = cli_print(&testing->out);
		if (printed || cli_stop) /* those that were not played are not told of */
			outcomes->count = i + 1;
	}
	outcomes->ns = clock_system.now(NULL) - began;
	if (printed)
		return printed;
	put_all(testing);
	return worst;
}

static int test_command(struct testing *testing)
{
	struct err err = { 0 };
	int status, printed;

	if (files_open(testing, &err))
		return cli_fail(&err);
	cli_catch_signals();
	status = test_all(testing);
	printed = cli_print(&testing->out);
	if (junit_write(testing, &err) || pcapfile_close(testing->frames, &err))
		status = cli_fail(&err);
	testing->frames = NULL;
	return printed > status ? printed : status;
}

int cmd_test(int argc, char **argv)
{
	struct testing testing = { 0 };
	struct outcomes *outcomes = &testing.outcomes;
	size_t count;
	int status;

	common_init(&testing.options.common);
	argp_parse(&test_argp, argc, argv, 0, NULL, &testing.options);
	testing.style = cli_style(&testing.options.common);
	count = outcomes->count = testing.options.script_count;
	outcomes->rows =
		arena_alloc(&testing.options.common.arena, count * sizeof(*outcomes->rows));
	status = test_command(&testing);
	for (size_t i = 0; i < count; i++) {
		if (outcomes->rows[i].was_played)
			exchange_result_fini(&outcomes->rows[i].result);
		arena_fini(&outcomes->rows[i].arena);
	}
	pcapfile_close(testing.frames, NULL);
	buffer_fini(&testing.out);
	common_fini(&testing.options.common);
	return status;
}
