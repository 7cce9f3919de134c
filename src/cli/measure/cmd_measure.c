/* pktsmith measure: what becomes of frames between two interfaces. */
#include "cli/measure/measure.h"
#include "cli/measure/page.h"
#include "cli/page.h"

#include <stdio.h>

/* A template that was read for its streams alone, too. */
static bool has_templates(const struct measure_options *options)
{
	return options->send.common.template_count || options->send.common.expression_count;
}

static void tell_grown(const struct measure_run *run)
{
	if (!run->plan.grown || run->options->send.common.quiet)
		return;
	for (unsigned int i = 0; i < run->plan.program.count; i++)
		if (run->plan.grown[i])
			fprintf(stderr,
				"pktsmith: %s: the payload is %u octets longer, for the "
				"signature\n",
				run->names[i], run->plan.grown[i]);
}

static struct json *dry_run_json(const struct measure_run *run)
{
	struct json *streams = json_array(), *json = json_object();

	for (unsigned int i = 0; i < run->plan.program.count; i++) {
		struct json *stream = json_object();

		json_set(stream, "stream", json_number(i));
		json_set(stream, "name", json_text(run->names[i]));
		json_add(streams, stream);
	}
	json_set(json, "dry_run", json_bool(true));
	json_set(json, "streams", streams);
	return json_typed("report", json);
}

static int dry_run(const struct measure_run *run)
{
	const struct common *common = &run->options->send.common;
	unsigned int count = run->plan.program.count;
	struct buffer out = { 0 };
	int status;

	tell_grown(run);
	if (common->json || common->jsonl)
		json_print(dry_run_json(run), common->json, &out);
	else if (!common->quiet)
		buffer_printf(&out, "dry run    nothing is sent; %u stream%s\n", count,
			count == 1 ? "" : "s");
	status = cli_print(&out);
	buffer_fini(&out);
	return status;
}

/* So many were to come here, and did not: of those behind the last nobody else knows. */
static bool is_short(const struct measure_run *run)
{
	const struct measure_options *options = run->options;

	return options->mode == MEASURE_RECEIVE && options->send.counted &&
	       run->figures.all.counts.unique < options->send.count;
}

static int judge(const struct measure_run *run)
{
	int status;

	if (run->outcome.failure)
		return cli_fail(run->outcome.failure);
	if (run->failure.kind != ERR_NONE)
		return cli_fail(&run->failure);
	if (!run->received)
		return transmit_judge(&run->outcome);
	status = measure_judge(run->options, &run->figures);
	if (!status && is_short(run))
		status = EXIT_ANSWER_NO;
	if (status == EXIT_REFUSED)
		fprintf(stderr,
			"pktsmith: %llu frames were dropped by the receiver itself: what is "
			"missing cannot be told from loss; send slower, or let --engine xdp "
			"receive\n",
			(unsigned long long)run->figures.dropped);
	if (status || run->options->mode == MEASURE_RECEIVE)
		return status;
	return transmit_judge(&run->outcome);
}

static int run_all(struct measure_run *run)
{
	struct err err = { 0 };
	int status, verdict;

	if (page_open(run->options->page, run->options->report, "pktsmith measure", &err) < 0 ||
		measure_run_open(run, &err) < 0 ||
		cli_drop_privileges(page_privileges(run->options->page), &err) < 0)
		return cli_fail(&err);
	cli_catch_signals();
	tell_grown(run);
	/* For who starts the sender then. */
	if (run->options->mode == MEASURE_RECEIVE && !run->options->send.common.quiet)
		fprintf(stderr, "pktsmith: receiving on %s\n", run->options->rx);
	measure_run_go(run);
	status = measure_report_print(run);
	verdict = judge(run);
	if (measure_page(run, &err) < 0)
		status = cli_fail(&err);
	return verdict ? verdict : status;
}

static int measure(struct measure_options *options)
{
	struct measure_run run = { .options = options, .home = -1 };
	struct err err = { 0 };
	int status;

	if ((options->mode != MEASURE_RECEIVE || has_templates(options)) &&
		measure_run_plan(&run, &err) < 0)
		return cli_fail(&err);
	if (options->send.dry_run && options->mode != MEASURE_RECEIVE)
		return dry_run(&run);
	status = run_all(&run);
	measure_run_close(&run);
	return status;
}

int cmd_measure(int argc, char **argv)
{
	struct page page;
	struct measure_options options = { .page = &page,
		.send.pace.rate.from.unit = TEXT_RATE_MAX };
	int status;

	common_init(&options.send.common);
	transmit_options_init(&options.send.transmit);
	page_init(&page, argc, argv);
	argp_parse(&measure_argp, argc, argv, 0, NULL, &options);
	if (options.mode == MEASURE_MERGE)
		status = measure_merge(&options);
	else if (options.mode == MEASURE_RFC2544)
		status = measure_rfc2544(&options);
	else
		status = measure(&options);
	page_fini(&page);
	common_fini(&options.send.common);
	return status;
}
