/* Which options of the command measure are of use where: what is not is refused, and not passed
 * over. */
#include "cli/measure/options.h"

#include <stddef.h>

#define AS(mode) (1U << MEASURE_##mode)

#define SENDS	 (AS(BOTH) | AS(SEND))
#define RECEIVES (AS(BOTH) | AS(RECEIVE))

#define SENDER	 "the process that sends"
#define RECEIVER "the process that receives"
#define EITHER	 "a measurement"
#define RFC2544	 "rfc2544"

/* In the order of the help; at most 32. */
static const struct use {
	const char *option;
	const char *whose;
	int key;
	unsigned int modes; /* where it is of use; those of RFC 2544 that stand together are refused
			       together */
} uses[] = {
	{ "--tx", SENDER, KEY_TX, SENDS | AS(RFC2544) },
	{ "--rx", RECEIVER, KEY_RX, RECEIVES | AS(RFC2544) },
	{ "--tx-netns", SENDER, KEY_TX_NETNS, SENDS | AS(RFC2544) },
	{ "--rx-netns", RECEIVER, KEY_RX_NETNS, RECEIVES | AS(RFC2544) },
	{ "--engine", RECEIVER, KEY_ENGINE, RECEIVES | AS(RFC2544) },
	{ "-n", EITHER, 'n', SENDS | RECEIVES | AS(RFC2544) },
	{ "-r", SENDER, 'r', SENDS | AS(RFC2544) },
	{ "--interval", SENDER, SEND_KEY_INTERVAL, SENDS | AS(RFC2544) },
	{ "--gap", SENDER, SEND_KEY_GAP, SENDS | AS(RFC2544) },
	{ "-d", SENDER, 'd', SENDS | AS(RFC2544) },
	{ "--fcs", EITHER, SEND_KEY_FCS, SENDS | RECEIVES | AS(RFC2544) },
	{ "--wait", RECEIVER, KEY_WAIT, RECEIVES | AS(RFC2544) },
	{ "--allow-loss", RECEIVER ", and for --merge", KEY_ALLOW_LOSS,
		RECEIVES | AS(MERGE) | AS(RFC2544) },
	{ "--sample", RECEIVER, KEY_SAMPLE, RECEIVES | AS(RFC2544) },
	{ "--streams", "--receive", KEY_STREAMS, AS(RECEIVE) },
	{ "--same-clock", "--receive and --merge: one host has one", KEY_SAME_CLOCK,
		AS(RECEIVE) | AS(MERGE) },
	{ "--sizes", "rfc2544; frame-size stands in the template", KEY_SIZES, AS(RFC2544) },
	{ "--trial", RFC2544, KEY_TRIAL, AS(RFC2544) },
	{ "--resolution", RFC2544, KEY_RESOLUTION, AS(RFC2544) },
	{ "--max-rate", RFC2544, KEY_MAX_RATE, AS(RFC2544) },
	{ "--dry-run", SENDER, SEND_KEY_DRY_RUN, SENDS | AS(RFC2544) },
};

#define USES (sizeof(uses) / sizeof(uses[0]))

static const char *const what[] = {
	[MEASURE_SEND] = "--send only sends: ",
	[MEASURE_RECEIVE] = "--receive only receives: ",
	[MEASURE_MERGE] = "--merge only reads two reports: ",
	[MEASURE_BOTH] = "",
	[MEASURE_RFC2544] = "rfc2544 is both ends: ",
};

void measure_note_use(struct measure_options *o, int key)
{
	for (size_t i = 0; i < USES; i++)
		if (uses[i].key == key)
			o->said |= 1U << i;
}

static bool was_said(const struct measure_options *o, int key)
{
	for (size_t i = 0; i < USES; i++)
		if (uses[i].key == key)
			return o->said & 1U << i;
	return false;
}

static void refuse(struct argp_state *state, const struct measure_options *o, const char *option,
	const char *whose)
{
	argp_error(state, "%s%s is for %s", what[o->mode], option, whose);
}

/* What other commands have, too, and that is seen by its value. */
struct seen {
	bool said;
	const char *option;
};

static void check_frames(struct argp_state *state, const struct measure_options *o)
{
	const struct common *common = &o->send.common;
	const struct seen of_frames[] = {
		{ common->define_count, "-D" },
		{ common->set_count, "-s" },
		{ common->complete, "--complete" },
		{ common->seed, "--seed" },
		{ was_said(o, SEND_KEY_FCS), "--fcs" },
	};
	bool template = common->template_count || common->expression_count;

	if (o->mode == MEASURE_MERGE && common->interface)
		refuse(state, o, "-i", EITHER);
	if (o->mode == MEASURE_MERGE && common->expression_count)
		refuse(state, o, "-e", EITHER);
	for (size_t i = 0; i < sizeof(of_frames) / sizeof(of_frames[0]); i++) {
		if (!of_frames[i].said)
			continue;
		if (o->mode == MEASURE_MERGE)
			refuse(state, o, of_frames[i].option, EITHER);
		if (o->mode == MEASURE_RECEIVE && !template)
			argp_error(state,
				"%s is for a template: --receive has none here to hold frames "
				"against",
				of_frames[i].option);
	}
	if (template && was_said(o, KEY_STREAMS))
		argp_error(state, "--streams is for --receive without templates: they say how many "
				  "frames there are");
}

static void check_transmit(struct argp_state *state, const struct measure_options *o)
{
	const struct transmit_options *transmit = &o->send.transmit;
	const struct seen of_transmit[] = {
		{ transmit->backend, "--backend" },
		{ transmit->threads > 1, "--threads" },
		{ transmit->queue >= 0, "--queue" },
		{ transmit->priority >= 0, "--priority" },
		{ transmit->qdisc_bypass, "--qdisc-bypass" },
		{ transmit->realtime, "--realtime" },
	};

	if (o->mode != MEASURE_RECEIVE && o->mode != MEASURE_MERGE)
		return;
	for (size_t i = 0; i < sizeof(of_transmit) / sizeof(of_transmit[0]); i++)
		if (of_transmit[i].said)
			refuse(state, o, of_transmit[i].option, SENDER);
}

void measure_check_uses(struct argp_state *state, const struct measure_options *o)
{
	for (size_t i = 0; i < USES; i++)
		if ((o->said & 1U << i) && !(uses[i].modes & 1U << o->mode))
			refuse(state, o, uses[i].option, uses[i].whose);
	check_frames(state, o);
	check_transmit(state, o);
	if (o->send.common.with_fcs)
		argp_error(state, "--with-fcs: no frames are written; it is for send");
}
