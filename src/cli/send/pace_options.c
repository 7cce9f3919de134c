/* The options of how many frames leave, how fast and how long, of all commands that send. */
#include "cli/send/send.h"

const char *const send_fcs_requests[SEND_FCS_REQUESTS] = { "default", "nic", "replace", "append" };
const char *const send_gaps[SEND_GAPS] = { "cbr", "poisson", "burst:32" };

static void take_interval(struct argp_state *state, struct send_options *send, const char *arg)
{
	send->pace.interval_ns = common_duration(state, "--interval", arg);
	if (!send->pace.interval_ns)
		argp_error(state,
			"--interval %s: must be more than 0; -r max is as fast as it goes", arg);
}

static void take_duration(struct argp_state *state, struct send_options *send, const char *arg)
{
	send->duration_ns = common_duration(state, "--duration", arg);
	if (!send->duration_ns)
		argp_error(state, "--duration %s: must be more than 0", arg);
}

error_t send_take_pace(int key, char *arg, struct argp_state *state, struct send_options *send)
{
	switch (key) {
	case 'n':
		send->count = common_number(state, "--count", arg);
		send->counted = true;
		return 0;
	case 'r':
		send->pace.rate = transmit_ramp(state, "--rate", arg);
		send->rated = true;
		return 0;
	case SEND_KEY_INTERVAL:
		take_interval(state, send, arg);
		return 0;
	case SEND_KEY_GAP:
		transmit_gap(state, arg, &send->pace);
		send->gapped = true;
		return 0;
	case 'd':
		take_duration(state, send, arg);
		return 0;
	case SEND_KEY_FCS:
		send->fcs = (enum fcs_request)common_choice(
			state, "--fcs", arg, send_fcs_requests, SEND_FCS_REQUESTS);
		return 0;
	case SEND_KEY_DRY_RUN:
		send->dry_run = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

void send_check_pace(struct argp_state *state, const struct send_options *send)
{
	bool paced = send->pace.interval_ns ||
		     (send->rated && send->pace.rate.from.unit != TEXT_RATE_MAX);
	bool endless = send->counted ? send->count == 0 : send->duration_ns > 0;

	if (send->rated && send->pace.interval_ns)
		argp_error(state, "--interval and --rate both say how fast: give one of them");
	if (endless && !send->rated && !send->pace.interval_ns)
		argp_error(state,
			"%s sends without end: say how fast with -r (10kpps, 100Mbps, max)",
			send->counted ? "-n 0" : "-d without -n");
	if (send->gapped && !paced)
		argp_error(
			state, "--gap says how a rate is spread: give one with -r or --interval");
}
