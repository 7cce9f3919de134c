/* Which engine receives, where nobody said it. */
#include "cli/measure/measure.h"

#include "cli/numbers.h"
#include "measure/engines.h"

#include <errno.h>
#include <string.h>

/* Frames a second that libpcap keeps up with on any machine, and how many its buffer holds whatever
 * their rate. */
#define PCAP_RATE   250000.0
#define PCAP_FRAMES 100000U

/* By the frames' own gaps: frames a second. */
static double gaps_rate(const struct patch_program *program)
{
	double frames = 0, ns = 0;

	for (unsigned int i = 0; i < program->count; i++) {
		frames += (double)program->frames[i].weight;
		ns += (double)program->frames[i].weight * (double)program->frames[i].gap_ns;
	}
	return ns > 0 ? 1e9 * frames / ns : 0;
}

/* Frames a second at most; 0 where it is as fast as it goes. */
static double asked_rate(const struct measure_run *run)
{
	const struct measure_options *options = run->options;
	const struct pace_config most = { .rate = { options->max_rate, options->max_rate, 0 } };
	double rate;

	/* One for all trials. */
	if (options->mode == MEASURE_RFC2544)
		return transmit_asked_rate(&most);
	rate = transmit_asked_rate(&options->send.pace);
	return rate > 0 ? rate : gaps_rate(&run->plan.program);
}

/* Whether frames may come faster than libpcap takes them, and in any case why. */
static bool is_much(const struct measure_run *run, const char **ret_why)
{
	const struct link_backend *backend = run->options->send.transmit.backend;
	uint64_t asked = run->options->mode == MEASURE_RFC2544 ? 0 : run->plan.asked;
	double rate;

	if (run->options->mode == MEASURE_RECEIVE) {
		*ret_why = "the sender's rate is not known here";
		return false;
	}
	rate = asked_rate(run);
	if (backend && !strcmp(backend->name, "xdp"))
		*ret_why = "--backend xdp sends";
	else if (rate > PCAP_RATE)
		*ret_why = "for more than 250 kframes/s";
	else if (rate > 0)
		*ret_why = "for 250 kframes/s at most";
	else if (asked && asked <= PCAP_FRAMES)
		*ret_why = "for frames so few that its buffer holds them";
	else
		*ret_why = "as no rate was asked for";
	return (backend && !strcmp(backend->name, "xdp")) || rate > PCAP_RATE ||
	       (rate <= 0 && (!asked || asked > PCAP_FRAMES));
}

/* In the driver alone: the generic way, after a buffer was made for each frame, is no faster than
 * libpcap by much, and sees less. */
static int open_fast(
	struct measure_run *run, struct measure_receiver_config *config, struct err *err)
{
	int rc;

	config->engine = &measure_engine_xdp;
	config->receive.native = true;
	rc = measure_receiver_open(&run->receiver, config, err);
	config->receive.native = false;
	return rc;
}

static int open_auto(
	struct measure_run *run, struct measure_receiver_config *config, struct err *err)
{
	struct arena *arena = &run->options->send.common.arena;
	struct err why;
	int rc = -EOPNOTSUPP;

	if (is_much(run, &run->engine_why)) {
		rc = open_fast(run, config, &why);
		if (rc < 0)
			run->engine_why = arena_printf(arena, "XDP does not: %s", why.text);
	}
	if (rc < 0) {
		config->engine = measure_engines[0];
		rc = measure_receiver_open(&run->receiver, config, err);
	}
	return rc;
}

int measure_engine_choose(
	struct measure_run *run, struct measure_receiver_config *config, struct err *err)
{
	int rc;

	config->engine = run->options->engine;
	run->engine_why = NULL;
	rc = config->engine ? measure_receiver_open(&run->receiver, config, err)
			    : open_auto(run, config, err);
	run->engine = config->engine;
	return rc;
}
