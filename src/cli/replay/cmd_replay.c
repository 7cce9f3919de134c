/* pktsmith replay: sends the frames of a capture file again, and says what left. */
#include "cli/replay/replay.h"

#include "cli/numbers.h"
#include "cli/page.h"
#include "link/filter.h"

#include <linux/capability.h>
#include <stdio.h>
#include <string.h>

/* What the command holds open. */
struct replaying {
	struct replay_options *options;
	struct interface interface, server;
	struct filter *second;
	struct replay *replay;
	struct transmit transmit;
	struct transmit_outcome outcome;
	struct page page;
};

/* ---- what is to be sent ---- */

static int interfaces_read(struct replaying *r, struct err *err)
{
	const struct replay_options *options = r->options;
	int rc = 0;

	if (options->common.interface)
		rc = interface_read(options->common.interface, &r->interface, err);
	if (rc == 0 && options->server_interface)
		rc = interface_read(options->server_interface, &r->server, err);
	return rc;
}

/* Whether they take frames now. */
static int interfaces_check(const struct replaying *r, struct err *err)
{
	int rc = 0;

	if (r->transmit.interface)
		rc = transmit_interface_check(r->transmit.interface, err);
	if (rc == 0 && r->transmit.second)
		rc = transmit_interface_check(r->transmit.second, err);
	return rc;
}

static int fcs_check_of(
	const struct replaying *r, const struct interface *interface, struct err *err)
{
	struct fcs_device device = { .name = interface->name, .driver = interface->driver };
	enum fcs_way way;
	int can = link_packet_probe_fcs(interface, err);

	if (can < 0)
		return can;
	device.replaces = can;
	return fcs_choose(
		r->options->file, SPEC_FCS_GIVEN, FCS_REQUEST_REPLACE, &device, &way, err);
}

/* An FCS of ours instead of the device's: where both can. */
static int fcs_check(const struct replaying *r, struct err *err)
{
	const struct replay_options *options = r->options;
	int rc;

	if (options->config.fcs != FCS_REPLACE || !options->common.interface)
		return 0;
	rc = fcs_check_of(r, &r->interface, err);
	return rc == 0 && options->server_interface ? fcs_check_of(r, &r->server, err) : rc;
}

static int capture_read(struct replaying *r, struct err *err)
{
	struct replay_options *options = r->options;
	int rc = replay_rules_read(options, err);

	if (rc == 0 && options->client) {
		const char *others =
			arena_printf(&options->common.arena, "not (%s)", options->client);

		rc = filter_new(&r->second, options->client, err);
		filter_free(r->second);
		r->second = NULL;
		if (rc == 0)
			rc = filter_new(&r->second, others, err);
	}
	if (rc < 0)
		return rc;
	options->config.path = options->file;
	options->config.second = r->second;
	options->config.stop = &cli_stop;
	if (options->rated)
		options->config.speed = 0;
	rc = replay_open(&r->replay, &options->config, err);
	if (rc == 0 && !options->stream)
		rc = replay_load(r->replay, err);
	return rc;
}

/* Frames that are to be sent; 0 where that is not known. */
static uint64_t asked(const struct replaying *r)
{
	const struct replay_options *options = r->options;
	uint64_t all;

	if (options->stream)
		return options->count;
	if (__builtin_mul_overflow(
		    (uint64_t)replay_program(r->replay)->count, options->config.loops, &all))
		all = UINT64_MAX;
	if (!options->counted)
		return all;
	return all && all < options->count ? all : options->count;
}

static void transmit_set(struct replaying *r)
{
	const struct replay_options *options = r->options;
	struct transmit *transmit = &r->transmit;

	transmit->options = &options->transmit;
	transmit->interface =
		options->common.interface && !options->transmit.to_file ? &r->interface : NULL;
	transmit->second = options->server_interface ? &r->server : NULL;
	transmit->sides = replay_sides(r->replay);
	transmit->write = options->write;
	transmit->own_fcs = options->config.fcs == FCS_REPLACE;
	transmit->program = replay_program(r->replay);
	transmit->need = (options->stream || options->server_interface ? LINK_CAN_PREPARE : 0U) |
			 (options->config.fcs == FCS_REPLACE ? LINK_CAN_FCS : 0U);
	transmit->config = (struct send_config){
		.count = asked(r),
		.pace = options->pace,
		.duration_ns = options->duration_ns,
		.stop = &cli_stop,
		.clock = &clock_system,
	};
	transmit->config.pace.seed = options->common.seed;
	if (options->stream) {
		transmit->config.prepare = replay_prepare;
		transmit->config.prepare_context = r->replay;
	}
}

/* ---- what is told ---- */

static void put_file(const struct replaying *r, struct buffer *out)
{
	const struct replay_counts *counts = replay_counts(r->replay);

	buffer_printf(out, "%s: ", r->options->file);
	numbers_put_count(out, counts->frames, "frame");
	buffer_printf(out, ", %.6g s from the first to the last", numbers_seconds(counts->span_ns));
	if (counts->rewritten) {
		buffer_printf(out, "; ");
		numbers_put_count(out, counts->rewritten, "frame");
		buffer_printf(out, " changed");
	}
	if (counts->cut) {
		buffer_printf(out, "; ");
		numbers_put_count(out, counts->cut, "frame");
		buffer_printf(out, " cut by a snap length: %s",
			r->options->config.cut == REPLAY_CUT_SEND ? "sent as they are"
								  : "left out");
	}
	if (r->second) {
		buffer_printf(out, "; ");
		numbers_put_count(out, counts->second, "frame");
		buffer_printf(out, " for %s", r->server.name);
	}
	buffer_printf(out, "\n");
}

static struct json *file_json(const struct replaying *r)
{
	const struct replay_counts *counts = replay_counts(r->replay);
	struct json *file = json_object();

	json_set(file, "name", json_text(r->options->file));
	json_set(file, "frames_read", json_number(counts->frames));
	json_set(file, "seconds", json_real(numbers_seconds(counts->span_ns)));
	json_set(file, "rewritten", json_number(counts->rewritten));
	json_set(file, "cut", json_number(counts->cut));
	json_set(file, "server_side", json_number(counts->second));
	return file;
}

/* The frames themselves, or the page. */
static bool takes_stdout(const struct replaying *r)
{
	return (r->options->write && !strcmp(r->options->write, "-")) ||
	       page_takes_stdout(&r->page);
}

static int report_print(const struct replaying *r)
{
	const struct common *common = &r->options->common;
	struct buffer out = { 0 };
	int status;

	if (common->json || common->jsonl) {
		struct json *report = json_object();

		json_set(report, "type", json_text("report"));
		json_set(report, "file", file_json(r));
		transmit_set_report(report, &r->transmit, &r->outcome);
		json_print(report, !common->jsonl, &out);
	} else if (!common->quiet) {
		put_file(r, &out);
		if (!r->options->dry_run)
			transmit_put_report(&out, &r->transmit, &r->outcome);
	}
	status = takes_stdout(r) ? EXIT_DONE : cli_print(&out);
	buffer_fini(&out);
	return status;
}

/* ---- the run ---- */

/* A file that streams is opened again for each pass: it may be one that only root reads. */
static uint64_t privileges(const struct replaying *r)
{
	const struct replay_options *options = r->options;

	return page_privileges(&r->page) |
	       (options->stream && options->config.loops != 1 ? 1ULL << CAP_DAC_READ_SEARCH : 0);
}

static int write_page(struct replaying *r, struct err *err)
{
	if (!r->page.open)
		return 0;
	if (r->transmit.interface)
		page_put_interface(&r->page, "sent on", r->transmit.interface);
	if (r->transmit.second)
		page_put_interface(&r->page, "and on", r->transmit.second);
	replay_page(&r->page, r->options, replay_counts(r->replay), &r->transmit, &r->outcome);
	return page_write(&r->page, err);
}

static int send_frames(struct replaying *r, struct err *err)
{
	struct err unwritten = { 0 };
	int rc, status, verdict;

	rc = page_open(&r->page, r->options->report, "pktsmith replay", err);
	if (rc == 0)
		rc = transmit_open(&r->transmit, err);
	if (rc == 0)
		rc = cli_drop_privileges(privileges(r), err);
	if (rc < 0)
		return cli_fail(err);
	transmit_begin(&r->transmit, &r->outcome);
	rc = transmit_run(&r->transmit, &r->options->common, &r->outcome, err);
	/* One that is read and not due when the duration ends was not asked for. */
	if (r->options->stream && !r->outcome.report.stopped)
		r->outcome.report.asked = rc == 0 && r->options->duration_ns
						  ? r->outcome.report.stats.queued
						  : replay_counts(r->replay)->frames;
	rc = transmit_end(&r->transmit, rc, &r->outcome, err);
	status = report_print(r);
	verdict = rc < 0 ? cli_fail(err) : transmit_judge(&r->outcome);
	if (write_page(r, &unwritten) < 0)
		status = cli_fail(&unwritten);
	return verdict ? verdict : status;
}

static int replay_command(struct replaying *r)
{
	struct err err = { 0 };
	int status;

	cli_catch_signals();
	if (interfaces_read(r, &err) || fcs_check(r, &err) || capture_read(r, &err))
		return cli_fail(&err);
	transmit_set(r);
	if (!r->options->dry_run)
		return send_frames(r, &err);
	r->outcome.backend = transmit_first_choice(&r->transmit);
	r->outcome.report.asked = r->transmit.config.count;
	status = report_print(r);
	if (status == EXIT_DONE && interfaces_check(r, &err) < 0)
		return cli_fail(&err);
	return status;
}

int cmd_replay(int argc, char **argv)
{
	struct replay_options options = { .config = { .loops = 1, .speed = 1 },
		.pace = { .rate = { .from = { .unit = TEXT_RATE_MAX },
				  .to = { .unit = TEXT_RATE_MAX } } } };
	struct replaying r = { .options = &options };
	int status;

	common_init(&options.common);
	transmit_options_init(&options.transmit);
	page_init(&r.page, argc, argv);
	argp_parse(&replay_argp, argc, argv, 0, NULL, &options);
	if (!strcmp(options.file, "-"))
		options.stream = true;
	status = replay_command(&r);
	transmit_close(&r.transmit, NULL);
	transmit_outcome_fini(&r.outcome);
	replay_close(r.replay);
	filter_free(r.second);
	page_fini(&r.page);
	common_fini(&options.common);
	return status;
}
