/* pktsmith respond: answers what arrives. */
#include "cli/respond/respond.h"

#include "link/backends.h"
#include "respond/turn.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#define OUTPUT_FLUSH 65536U

/* For the interface to count what was turned around. */
#define SETTLE_LOOKS 50
#define SETTLE_NS    10000000U

/* ---- what is answered ---- */

static int read_rules(struct responding *r, const struct resolver *resolver, struct err *err)
{
	struct respond_options *options = r->options;
	struct template *templates;
	size_t count;
	int rc;

	options->common.responders = options->common.responders_alone = true;
	rc = common_templates(&options->common, resolver, &templates, &count, err);
	if (rc)
		return rc;
	for (size_t i = 0; i < count; i++)
		r->rule_count += templates[i].rule_count;
	r->rules = arena_alloc(&options->common.arena, (r->rule_count + 1) * sizeof(*r->rules));
	r->per_rule =
		arena_alloc(&options->common.arena, (r->rule_count + 1) * sizeof(*r->per_rule));
	r->rule_count = 0;
	for (size_t i = 0; i < count; i++)
		for (unsigned int j = 0; j < templates[i].rule_count; j++)
			r->rules[r->rule_count++] =
				(struct respond_rule){ templates[i].rules[j].name,
					&templates[i].rules[j].request,
					&templates[i].rules[j].answer };
	return 0;
}

static int make_responder(struct responding *r, struct err *err)
{
	struct respond_config config = { .echo = r->options->echo };
	struct resolver resolver;
	int rc = common_resolver(&r->options->common, &r->interface, &resolver, err);

	if (!rc)
		rc = read_rules(r, &resolver, err);
	if (r->interface.has_mac)
		config.mac = r->interface.mac;
	return rc ? rc : responder_new(&r->responder, r->rules, r->rule_count, &config, err);
}

/* ---- opening ---- */

/* Frames to MACs that the interface has not are wanted where answers come from such. */
static bool wants_others(const struct responding *r)
{
	unsigned int count;

	responder_macs(r->responder, &count);
	return count > 1;
}

static int check_up(const struct responding *r, struct err *err)
{
	int rc;

	if (r->interface.flags & IFF_UP)
		return 0;
	rc = err_system(err, ENETDOWN, "cannot answer on %s", r->interface.name);
	err_hint(err, "; bring it up: sudo ip link set %s up", r->interface.name);
	return rc;
}

static int open_links(struct responding *r, struct err *err)
{
	const struct link_config link = link_config_plain(&r->interface);
	const struct capture_config capture = {
		.interface = r->interface.name,
		.direction = CAPTURE_IN,
		.promiscuous = wants_others(r),
		.immediate = true,
	};
	struct interface_counters counters;
	struct link *recorded;
	int rc = check_up(r, err);

	if (!rc)
		rc = link_packet_open(&r->link, &link, NULL, err);
	if (!rc && r->options->write) {
		rc = link_record_open(&recorded, r->link, r->options->write, false, err);
		if (!rc)
			r->link = recorded;
	}
	if (!rc)
		rc = capture_open(&r->capture, &capture, err);
	if (!rc && capture_link(r->capture) != CAPTURE_ETHERNET)
		rc = err_system(
			err, EOPNOTSUPP, "%s carries no Ethernet frames", r->interface.name);
	/* Before the first answer that the kernel may send. */
	if (!rc && !interface_counters_read(r->interface.index, &counters, NULL))
		r->tx_before = counters.tx_packets;
	if (!rc && r->options->backend == RESPOND_XDP)
		rc = turn_open(&r->turn, &r->interface, r->responder, r->rule_count,
			r->options->count, err);
	return rc;
}

/* ---- the run ---- */

/* Once nobody can be told, it ends. */
static void print(struct responding *r)
{
	if (!r->unprinted && cli_print(&r->out))
		r->unprinted = true;
	if (r->unprinted)
		cli_stop = 1;
	buffer_clear(&r->out);
}

static void seen(void *context, const struct respond_seen *one)
{
	struct responding *r = context;

	respond_put_seen(r, one);
	if (r->out.length >= OUTPUT_FLUSH)
		print(r);
}

static void count_turned(struct responding *r)
{
	r->turned = 0;
	for (unsigned int i = 0; i < r->rule_count; i++)
		r->turned += turn_answers(r->turn, i);
}

static bool may(void *context)
{
	struct responding *r = context;

	return turn_take(r->turn);
}

static uint64_t tick(void *context)
{
	struct responding *r = context;

	if (r->out.length)
		print(r);
	if (r->turn)
		count_turned(r);
	return r->turned;
}

/*
 * What the kernel turned around, the driver may have dropped: the interface has counted what left,
 * others' frames with it.
 */
static void settle_turned(struct responding *r)
{
	struct interface_counters counters;
	struct link_stats stats;
	uint64_t left = 0;

	count_turned(r);
	for (unsigned int i = 0; i < r->rule_count; i++)
		r->per_rule[i] += turn_answers(r->turn, i);
	link_stats(r->link, &stats);
	/* What the other end of a veth has not taken is not counted yet. */
	for (int look = 0; look < SETTLE_LOOKS; look++) {
		if (interface_counters_read(r->interface.index, &counters, NULL))
			return;
		left = counters.tx_packets - r->tx_before;
		left = left > stats.sent ? left - stats.sent : 0;
		if (left >= r->turned)
			return;
		clock_system.sleep_until(NULL, clock_system.now(NULL) + SETTLE_NS);
	}
	r->turned_lost = r->turned - left;
}

static int run(struct responding *r, struct err *err)
{
	const struct respond_options *options = r->options;
	bool told = options->common.jsonl || (options->common.verbose && !options->common.json);
	const struct respond_loop loop = {
		.capture = r->capture,
		.link = r->link,
		.responder = r->responder,
		.clock = &clock_system,
		.stop = &cli_stop,
		.count = options->count,
		.duration_ns = options->duration_ns,
		.timeout_ns = options->timeout_ns,
		.rate = options->rate,
		.seen = told ? seen : NULL,
		.tick = tick,
		.may = r->turn ? may : NULL,
		.context = r,
	};
	int rc = respond_loop_run(&loop, r->per_rule, &r->counts, err);
	int drained = link_drain(r->link, rc ? NULL : err);

	if (r->turn)
		settle_turned(r);
	link_stats(r->link, &r->sent);
	capture_stats(r->capture, &r->captured, NULL);
	return rc ? rc : drained;
}

static int outcome(const struct responding *r)
{
	uint64_t answers = respond_answers(r);

	if (r->sent.failed || r->turned_lost ||
		(r->options->count && answers < r->options->count) ||
		(r->options->timeout_ns && !answers))
		return EXIT_ANSWER_NO;
	return EXIT_DONE;
}

static int report(struct responding *r)
{
	const struct common *common = &r->options->common;

	if (r->unprinted)
		return EXIT_REFUSED;
	if (common->json || common->jsonl)
		json_print(respond_report_json(r), common->json, &r->out);
	else if (!common->quiet)
		respond_put_report(r, &r->out);
	if (!r->options->write || strcmp(r->options->write, "-") != 0)
		return cli_print(&r->out);
	/* Standard output is the capture file. */
	fputs(buffer_text(&r->out), stderr);
	return EXIT_DONE;
}

static int dry_run(struct responding *r)
{
	const struct common *common = &r->options->common;

	if (common->json || common->jsonl)
		json_print(respond_plan_json(r), common->json, &r->out);
	else
		respond_put_plan(r, &r->out);
	return cli_print(&r->out);
}

static void tell_ready(const struct responding *r)
{
	const struct common *common = &r->options->common;
	struct buffer plan = { 0 };

	if (common->quiet)
		return;
	if (common->verbose && !common->json && !common->jsonl)
		respond_put_plan(r, &plan);
	if (r->turn)
		respond_put_turn(r, &plan);
	fprintf(stderr, "%sanswering on %s\n", buffer_text(&plan), r->interface.name);
	buffer_fini(&plan);
}

static int respond_command(struct responding *r)
{
	struct err err = { 0 };
	int status, reported;

	if (make_responder(r, &err))
		return cli_fail(&err);
	if (r->options->dry_run)
		return dry_run(r);
	if (open_links(r, &err) || cli_drop_privileges(0, &err))
		return cli_fail(&err);
	cli_catch_signals();
	tell_ready(r);
	status = run(r, &err) ? cli_fail(&err) : EXIT_DONE;
	reported = report(r);
	if (!status)
		status = reported ? reported : outcome(r);
	return status;
}

int cmd_respond(int argc, char **argv)
{
	struct respond_options options = { 0 };
	struct responding r = { .options = &options };
	struct err err = { 0 };
	int status;

	common_init(&options.common);
	argp_parse(&respond_argp, argc, argv, 0, NULL, &options);
	arena_init(&r.scratch);
	r.style = cli_style(&options.common);
	status = respond_command(&r);
	capture_close(r.capture);
	if (link_close(r.link, &err) && !status)
		status = cli_fail(&err);
	turn_close(r.turn);
	responder_free(r.responder);
	buffer_fini(&r.out);
	arena_fini(&r.scratch);
	common_fini(&options.common);
	return status;
}
