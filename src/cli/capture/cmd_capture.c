/* pktsmith capture: prints the frames that an interface receives or a file holds, and keeps them.
 */
#include "cli/capture/options.h"

#include "base/clock.h"
#include "frame/build.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS      1000000000U
#define MILLISECOND_NS 1000000U

/* Printed text is written out at this size, or when no frame waits. */
#define OUTPUT_FLUSH 65536U

/* How long a wait for a frame may keep a signal that came just before it unseen. */
#define WAIT_MS 200

/* ---- a frame ---- */

struct capturing {
	const struct capture_options *options;
	const struct render_style *style;
	struct capture *capture;
	struct capture_file file;
	struct arena arena; /* of one frame */
	struct buffer out;  /* printed, not yet written */
	uint64_t frames;
	bool stdout_closed;
};

/* What the frames begin with; NULL where it is nothing that is read here. */
static const struct wire_protocol *first_protocol(
	const struct capture *capture, const struct capture_frame *frame)
{
	switch (capture_link(capture)) {
	case CAPTURE_ETHERNET:
		return &wire_eth;
	case CAPTURE_RAW_IP:
		return wire_protocol_find(
			frame->captured && frame->octets[0] >> 4 == 6 ? "ipv6" : "ipv4");
	default:
		return NULL;
	}
}

static void dissect(struct capturing *c, const struct capture_frame *frame, struct frame_view *ret)
{
	bool has_fcs = c->options->fcs || capture_has_fcs(c->capture);
	enum dissect_fcs fcs = has_fcs ? DISSECT_FCS_PRESENT : DISSECT_FCS_GUESS;

	/* What is cut has its FCS cut off. */
	if (frame->captured < frame->length)
		fcs = DISSECT_FCS_ABSENT;
	frame_dissect(&c->arena, first_protocol(c->capture, frame), frame->octets, frame->captured,
		fcs, ret);
}

static bool is_offloaded(const struct frame_view *view)
{
	for (unsigned int i = 0; i < view->count; i++)
		for (unsigned int j = 0; j < view->layers[i].header.count; j++)
			if (view->layers[i].header.fields[j].check == VIEW_OFFLOADED)
				return true;
	return false;
}

/* "17:31:02.123456 ", local time. */
static void put_time(struct buffer *out, uint64_t time_ns)
{
	time_t seconds = (time_t)(time_ns / SECOND_NS);
	struct tm tm;

	localtime_r(&seconds, &tm);
	buffer_printf(out, "%02d:%02d:%02d.%06u ", tm.tm_hour, tm.tm_min, tm.tm_sec,
		(unsigned int)(time_ns % SECOND_NS / 1000));
}

static void put_json(
	struct buffer *out, const struct capture_frame *frame, const struct frame_view *view)
{
	struct json *json = json_typed("frame", render_frame_json(NULL, view));

	json_set(json, "time_ns", json_number(frame->time_ns));
	json_set(json, "captured", json_number(frame->captured));
	json_set(json, "wire_length", json_number(frame->length));
	json_set(json, "checksum_offloaded", json_bool(is_offloaded(view)));
	json_print(json, false, out);
}

static void put_text(
	struct capturing *c, const struct capture_frame *frame, const struct frame_view *view)
{
	struct buffer *out = &c->out;

	put_time(out, frame->time_ns);
	render_line(view, c->style, out);
	if (is_offloaded(view))
		buffer_printf(out, " [checksum offloaded]");
	if (frame->captured < frame->length)
		buffer_printf(out, " [cut: %u of %u octets]", frame->captured, frame->length);
	buffer_printf(out, "\n");
	if (c->options->common.verbose)
		render_tree(NULL, view, c->style, out);
	else if (c->options->hexdump)
		render_hexdump(frame->octets, frame->captured, c->style, out);
}

static bool prints(const struct capture_options *options)
{
	return !options->write || options->common.verbose || options->hexdump ||
	       options->common.jsonl;
}

static int take(struct capturing *c, const struct capture_frame *frame, struct err *err)
{
	c->frames++;
	if (prints(c->options)) {
		struct frame_view view;

		arena_reset(&c->arena);
		dissect(c, frame, &view);
		if (c->options->common.jsonl)
			put_json(&c->out, frame, &view);
		else
			put_text(c, frame, &view);
	}
	return c->options->write ? capture_file_write(&c->file, frame, err) : 0;
}

/* ---- the run ---- */

static bool is_done(const struct capturing *c, uint64_t end)
{
	return cli_stop || c->stdout_closed ||
	       (c->options->count && c->frames == c->options->count) ||
	       (c->options->duration_ns && clock_system.now(NULL) >= end);
}

/* Nothing waits: what was printed and kept is brought out, then the next frame is waited for. */
static int wait_for_frame(struct capturing *c, struct capture_frame *frame, uint64_t end,
	int *status, struct err *err)
{
	uint64_t now = clock_system.now(NULL);
	uint64_t wait_ms = WAIT_MS;
	int rc = c->options->write ? capture_file_flush(&c->file, err) : 0;

	*status = cli_print_on(&c->out, &c->stdout_closed);
	if (rc < 0 || *status || c->stdout_closed)
		return rc;
	if (end > now && (end - now) / MILLISECOND_NS < wait_ms)
		wait_ms = (end - now) / MILLISECOND_NS + 1;
	return capture_next(c->capture, frame, (int)wait_ms, err);
}

static int run(struct capturing *c, struct err *err)
{
	uint64_t duration = c->options->duration_ns;
	uint64_t end = duration ? clock_system.now(NULL) + duration : UINT64_MAX;
	int status = EXIT_DONE;

	while (status == EXIT_DONE && !is_done(c, end)) {
		struct capture_frame frame;
		int rc = capture_next(c->capture, &frame, 0, err);

		if (rc == 0)
			rc = wait_for_frame(c, &frame, end, &status, err);
		if (rc == -ENODATA)
			break;
		if (rc > 0)
			rc = take(c, &frame, err);
		if (rc < 0) {
			cli_print_on(&c->out, &c->stdout_closed);
			return cli_fail(err);
		}
		if (c->out.length >= OUTPUT_FLUSH)
			status = cli_print_on(&c->out, &c->stdout_closed);
	}
	return status ? status : cli_print_on(&c->out, &c->stdout_closed);
}

/* ---- the report ---- */

static struct json *report_json(const struct capturing *c, const struct capture_stats *stats)
{
	struct json *json = json_object();

	json_set(json, "type", json_text("report"));
	json_set(json, "frames_captured", json_number(c->frames));
	if (stats) {
		json_set(json, "received", json_number(stats->received));
		json_set(json, "dropped_by_kernel", json_number(stats->dropped));
		json_set(json, "dropped_by_interface", json_number(stats->interface_dropped));
	}
	if (c->options->write) {
		json_set(json, "files", json_number(c->file.number));
		json_set(json, "last_file", json_text(c->file.current));
	}
	return json;
}

static void put_report(
	const struct capturing *c, const struct capture_stats *stats, struct buffer *out)
{
	buffer_printf(
		out, "%llu frame%s", (unsigned long long)c->frames, c->frames == 1 ? "" : "s");
	if (stats)
		buffer_printf(out,
			"; received %llu, dropped by the kernel %llu, by the interface %llu",
			(unsigned long long)stats->received, (unsigned long long)stats->dropped,
			(unsigned long long)stats->interface_dropped);
	buffer_printf(out, "\n");
	if (c->file.number > 1)
		buffer_printf(out, "%u files, the last %s\n", c->file.number, c->file.current);
	else if (c->options->write)
		buffer_printf(out, "file %s\n", c->file.current);
}

static int report(struct capturing *c)
{
	const struct common *common = &c->options->common;
	struct capture_stats numbers;
	const struct capture_stats *stats = NULL;

	if (c->stdout_closed)
		return EXIT_DONE;
	if (common->interface && capture_stats(c->capture, &numbers, NULL) == 0)
		stats = &numbers;
	if (common->jsonl)
		json_print(report_json(c, stats), false, &c->out);
	else if (!common->quiet)
		put_report(c, stats, &c->out);
	if (c->options->write && !strcmp(c->options->write, "-")) {
		/* Standard output is the capture file. */
		fputs(buffer_text(&c->out), stderr);
		return EXIT_DONE;
	}
	return cli_print_on(&c->out, &c->stdout_closed);
}

/* ---- the command ---- */

static int open_capture(struct capturing *c, struct err *err)
{
	const struct capture_options *options = c->options;
	struct capture_config config = {
		.interface = options->common.interface,
		.filter = options->filter,
		.direction = options->direction,
		.promiscuous = options->promiscuous,
		.snaplen = options->snaplen,
	};
	int rc;

	if (options->read)
		rc = capture_open_file(&c->capture, options->read, options->filter, err);
	else
		rc = capture_open(&c->capture, &config, err);
	if (rc < 0)
		return rc;
	if (capture_link(c->capture) == CAPTURE_OTHER)
		return err_input(err, NULL,
			"%s: frames of link type %s are not read here, only Ethernet and IP",
			options->read ? options->read : options->common.interface,
			capture_link_name(c->capture));
	if (options->write && capture_link(c->capture) != CAPTURE_ETHERNET)
		return err_input(err, NULL, "-w writes Ethernet frames; these are of link type %s",
			capture_link_name(c->capture));
	return 0;
}

static int open_all(struct capturing *c, struct err *err)
{
	const struct capture_options *options = c->options;
	bool rotates = options->rotation.octets || options->rotation.duration_ns;
	int rc = open_capture(c, err);

	if (rc == 0 && options->write)
		rc = capture_file_open(&c->file, options->write, &options->rotation,
			options->fcs || capture_has_fcs(c->capture), err);
	if (rc < 0)
		return rc;
	/* With sudo the files of a rotation are created in the user's directory. */
	return cli_drop_privileges(rotates ? 1ULL << CAP_DAC_OVERRIDE : 0, err);
}

static int capture_command(struct capturing *c)
{
	struct err err = { 0 };
	int status, reported;

	if (open_all(c, &err) < 0)
		return cli_fail(&err);
	cli_catch_signals();
	status = run(c, &err);
	if (c->options->write && capture_file_close(&c->file, &err) < 0 && !status)
		status = cli_fail(&err);
	reported = report(c);
	return status ? status : reported;
}

int cmd_capture(int argc, char **argv)
{
	struct capture_options options = { 0 };
	struct capturing c = { .options = &options };
	int status;

	common_init(&options.common);
	argp_parse(&capture_argp, argc, argv, 0, NULL, &options);
	c.style = cli_style(&options.common);
	arena_init(&c.arena);
	status = capture_command(&c);
	capture_file_close(&c.file, NULL);
	capture_close(c.capture);
	buffer_fini(&c.out);
	arena_fini(&c.arena);
	common_fini(&options.common);
	return status;
}
