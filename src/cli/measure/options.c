/* The options of the command measure. */
#include "cli/measure/options.h"

#include "cli/page.h"
#include "measure/engines.h"

#include <stdlib.h>
#include <string.h>

#define WAIT_NS	    1000000000U
#define STREAMS	    256U
#define TRIAL_NS    60000000000U /* RFC 2544 24 */
#define RESOLUTION  0.01
#define ENGINES_MAX 8
#define BENCHMARKS  4
#define SAMPLE_MAX  65536U
#define STREAMS_MAX 65536U

static const char *const engine_words[] = { "auto", "pcap", "xdp" };
static const char *const benchmarks[] = { "throughput", "latency", "loss", "back-to-back" };

const struct choice measure_choices[] = {
	{ "engine", engine_words, sizeof(engine_words) / sizeof(engine_words[0]) },
	{ "fcs", send_fcs_requests, SEND_FCS_REQUESTS },
	{ "gap", send_gaps, SEND_GAPS },
	{ NULL, NULL, 0 },
};

/* clang-format off */
static const struct argp_option options[] = {
	{ "tx", KEY_TX, "[NS/]IF", 0, "the interface to send on, in the network namespace NS", 1 },
	{ "rx", KEY_RX, "[NS/]IF", 0, "the interface where the frames arrive, in the network namespace NS", 1 },
	{ "tx-netns", KEY_TX_NETNS, "NS", 0, "the namespace of --tx, said apart", 1 },
	{ "rx-netns", KEY_RX_NETNS, "NS", 0, "the namespace of --rx, said apart", 1 },
	{ "engine", KEY_ENGINE, "ENGINE", 0, "who receives: pcap, through libpcap; xdp, a program in the kernel, for millions of frames a second; auto, the default: xdp above 250kpps, for more than 100,000 frames without a rate, and with --backend xdp, where the driver can, else pcap", 1 },
	{ "count", 'n', "N", 0, "frames, over all templates; one pass through them unless given; 0 is endless. With --receive: end when so many have come", 2 },
	{ "rate", 'r', "RATE", 0, "10kpps, 100Mbps (the octets without FCS), 1Gbps-wire (with preamble, FCS and gap) or max, "
		"the default; 1kpps..100kpps/10s climbs, and is the duration too where none is given", 2 },
	{ "interval", SEND_KEY_INTERVAL, "TIME", 0, "from one frame to the next, instead of -r: 10ms", 2 },
	{ "gap", SEND_KEY_GAP, "SHAPE", 0, "cbr: even gaps; poisson: random ones of that mean, by --seed; burst:N: N frames at once, "
		"then the time that they take at the rate", 2 },
	{ "duration", 'd', "TIME", 0, "stop sending after it: 10s; without -n the templates repeat until then", 2 },
	{ "fcs", SEND_KEY_FCS, "WAY", 0, "as for send", 2 },
	{ "wait", KEY_WAIT, "TIME", 0, "after the last frame was sent, what has not come when nothing came for so long is lost; 1s is the default. "
		"With --receive: end when nothing came for so long after the first frame", 3 },
	{ "allow-loss", KEY_ALLOW_LOSS, "SHARE", 0, "0.1%: up to so much loss is exit status 0 still", 3 },
	{ "sample", KEY_SAMPLE, "N", 0, "take the latency of one frame in N; 1 is the default", 3 },
	{ "send", KEY_SEND, NULL, 0, "only send: the receiver is another process, with --receive", 4 },
	{ "receive", KEY_RECEIVE, NULL, 0, "only receive, until SIGINT, or -n or --wait end it; with the sender's templates, frames are held against them", 4 },
	{ "streams", KEY_STREAMS, "N", 0, "--receive without templates: how many frames the sender's list has at most; 256 is the default", 4 },
	{ "merge", KEY_MERGE, NULL, 0, "put the JSON reports of --send and of --receive together: --merge a.json b.json", 4 },
	{ "same-clock", KEY_SAME_CLOCK, NULL, 0, "--merge, --receive: the two hosts' clocks agree (PTP), so that latencies are what they are", 4 },
	{ "sizes", KEY_SIZES, "N,N,...", 0, "rfc2544: frame sizes with FCS; 64,128,256,512,1024,1280,1518 unless given", 5 },
	{ "trial", KEY_TRIAL, "TIME", 0, "rfc2544: how long each trial is; 60s unless given", 5 },
	{ "resolution", KEY_RESOLUTION, "SHARE", 0, "rfc2544: the search ends when it is so near: 1% unless given", 5 },
	{ "max-rate", KEY_MAX_RATE, "RATE", 0, "rfc2544: the medium's own, as for -r; as fast as it goes unless given", 5 },
	{ "report", KEY_REPORT, "FILE", 0, "write a page of HTML: figures, latency, rate and loss over time, gaps, the curves of rfc2544", 6 },
	{ "dry-run", SEND_KEY_DRY_RUN, NULL, 0, "do all but the sending", 6 },
	{ 0 },
};
/* clang-format on */

static const struct argp_child children[] = {
	{ &common_argp_templates, 0, NULL, 0 },
	{ &common_argp_verbose, 0, NULL, 0 },
	{ &transmit_argp, 0, NULL, 0 },
	{ 0 },
};

/* ---- what goes with what ---- */

/* "NS/IF" is an interface in a namespace. */
static void split(struct argp_state *state, struct arena *arena, const char *option,
	const char **name, const char **netns)
{
	const char *slash = *name ? strchr(*name, '/') : NULL;

	if (!slash)
		return;
	if (*netns)
		argp_error(state, "--%s-netns goes with --%s IF; --%s NS/IF says both", option,
			option, option);
	*netns = arena_strndup(arena, *name, (size_t)(slash - *name));
	*name = slash + 1;
}

static void check_interfaces(struct argp_state *state, struct measure_options *o)
{
	struct common *common = &o->send.common;
	const char **own = o->mode == MEASURE_RECEIVE ? &o->rx : &o->tx;

	if (common->interface && *own)
		argp_error(state, "-i and --%s both name the interface: give one of them",
			o->mode == MEASURE_RECEIVE ? "rx" : "tx");
	if (common->interface)
		*own = common->interface;
	split(state, &common->arena, "tx", &o->tx, &o->tx_netns);
	split(state, &common->arena, "rx", &o->rx, &o->rx_netns);
	common->interface = o->tx;
	if (o->mode == MEASURE_MERGE)
		return;
	if (o->mode != MEASURE_RECEIVE && !o->tx)
		argp_error(state, "needs --tx IF to send on (there is no default)");
	if (o->mode != MEASURE_SEND && !o->rx)
		argp_error(state,
			"needs --rx IF, where the frames arrive; with --send another process "
			"receives them");
}

static void check_templates(struct argp_state *state, const struct measure_options *o)
{
	const struct send_options *send = &o->send;

	if (o->mode == MEASURE_MERGE && send->common.template_count != 2)
		argp_error(state, "--merge wants two reports: of --send --json, and of --receive "
				  "--json");
	if (o->mode != MEASURE_MERGE && o->mode != MEASURE_RECEIVE)
		common_want_template(state, &send->common);
	if (o->mode == MEASURE_RFC2544 &&
		(send->counted || send->rated || send->duration_ns || send->pace.interval_ns))
		argp_error(state, "rfc2544 finds the rate: it goes with none of -n, -r, -d, "
				  "--interval");
	if (o->mode == MEASURE_RFC2544 && send->dry_run)
		argp_error(state, "rfc2544 finds its frames by sending: not with --dry-run");
}

/* "rfc2544 throughput TEMPLATE...". */
static void take_benchmark(struct argp_state *state, struct measure_options *o)
{
	struct common *common = &o->send.common;

	if (!common->template_count || strcmp(common->templates[0], "rfc2544") != 0)
		return;
	if (o->mode != MEASURE_BOTH)
		argp_error(state, "rfc2544 goes with none of --send, --receive, --merge");
	if (common->template_count < 2)
		argp_error(state, "rfc2544 wants to know what: throughput, latency, loss or "
				  "back-to-back");
	o->mode = MEASURE_RFC2544;
	o->benchmark = benchmarks[common_choice(
		state, "rfc2544", common->templates[1], benchmarks, BENCHMARKS)];
	common->templates += 2;
	common->template_count -= 2;
}

static void check(struct argp_state *state, struct measure_options *o)
{
	const struct common *common = &o->send.common;

	take_benchmark(state, o);
	page_check(state, o->report, NULL, common->json || common->jsonl);
	if (o->send.transmit.to_file)
		argp_error(state, "--backend file sends nothing that could be received");
	measure_check_uses(state, o);
	check_interfaces(state, o);
	check_templates(state, o);
	if (o->mode != MEASURE_MERGE && o->mode != MEASURE_RECEIVE && o->mode != MEASURE_RFC2544)
		send_check_pace(state, &o->send);
	if (o->mode != MEASURE_MERGE && o->mode != MEASURE_RECEIVE)
		transmit_check(state, &o->send.transmit, o->tx, NULL);
}

/* ---- reading ---- */

/* "0.1%" or 0.001. */
static double share(struct argp_state *state, const char *option, const char *text)
{
	char *end;
	double value = strtod(text, &end);

	if (*end == '%') {
		value /= 100;
		end++;
	}
	if (end == text || *end || !(value >= 0 && value <= 1))
		argp_error(state, "%s %s: wants a share: 0.1%%, or 0.001", option, text);
	return value;
}

static unsigned int number(
	struct argp_state *state, const char *option, const char *text, uint64_t most)
{
	uint64_t value = common_number(state, option, text);

	if (!value || value > most)
		argp_error(state, "%s %s: 1 to %llu", option, text, (unsigned long long)most);
	return (unsigned int)value;
}

static void set_mode(struct argp_state *state, struct measure_options *o, enum measure_mode mode)
{
	if (o->mode != MEASURE_BOTH && o->mode != mode)
		argp_error(state, "--send, --receive and --merge exclude each other");
	o->mode = mode;
}

static void set_engine(struct argp_state *state, struct measure_options *o, const char *word)
{
	const char *words[ENGINES_MAX] = { "auto" };
	size_t count = 1;

	while (count < ENGINES_MAX && measure_engines[count - 1]) {
		words[count] = measure_engines[count - 1]->name;
		count++;
	}
	count = common_choice(state, "--engine", word, words, count);
	o->engine = count ? measure_engines[count - 1] : NULL;
}

static error_t parse_rfc2544(
	int key, char *arg, struct argp_state *state, struct measure_options *o)
{
	switch (key) {
	case KEY_SIZES:
		o->sizes = arg;
		return 0;
	case KEY_TRIAL:
		o->trial_ns = common_duration(state, "--trial", arg);
		o->tried = true;
		if (!o->trial_ns)
			argp_error(state, "--trial %s: must be more than 0", arg);
		return 0;
	case KEY_RESOLUTION:
		o->resolution = share(state, "--resolution", arg);
		if (o->resolution < 0.0001 || o->resolution > 0.5)
			argp_error(state, "--resolution %s: 0.01%% to 50%%", arg);
		return 0;
	case KEY_MAX_RATE:
		o->max_rate = common_rate(state, "--max-rate", arg);
		return 0;
	default:
		return send_take_pace(key, arg, state, &o->send);
	}
}

static error_t parse_receiver(
	int key, char *arg, struct argp_state *state, struct measure_options *o)
{
	switch (key) {
	case KEY_TX_NETNS:
		o->tx_netns = arg;
		return 0;
	case KEY_RX_NETNS:
		o->rx_netns = arg;
		return 0;
	case KEY_ENGINE:
		set_engine(state, o, arg);
		return 0;
	case KEY_WAIT:
		o->wait_ns = common_duration(state, "--wait", arg);
		o->waited = true;
		return 0;
	case KEY_ALLOW_LOSS:
		o->allowed_loss = share(state, "--allow-loss", arg);
		return 0;
	case KEY_SAMPLE:
		o->sample = number(state, "--sample", arg, SAMPLE_MAX);
		return 0;
	case KEY_STREAMS:
		o->streams = number(state, "--streams", arg, STREAMS_MAX);
		return 0;
	case KEY_SAME_CLOCK:
		o->same_clock = true;
		return 0;
	default:
		return parse_rfc2544(key, arg, state, o);
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct measure_options *o = state->input;

	measure_note_use(o, key);
	switch (key) {
	case ARGP_KEY_INIT:
		common_children(state, 2, &o->send.common);
		transmit_child(state, children, &o->send.transmit);
		o->wait_ns = WAIT_NS;
		o->sample = 1;
		o->streams = STREAMS;
		o->trial_ns = TRIAL_NS;
		o->resolution = RESOLUTION;
		o->max_rate.unit = TEXT_RATE_MAX;
		return 0;
	case KEY_TX:
		o->tx = arg;
		return 0;
	case KEY_RX:
		o->rx = arg;
		return 0;
	case KEY_REPORT:
		o->report = arg;
		return 0;
	case KEY_SEND:
		set_mode(state, o, MEASURE_SEND);
		return 0;
	case KEY_RECEIVE:
		set_mode(state, o, MEASURE_RECEIVE);
		return 0;
	case KEY_MERGE:
		set_mode(state, o, MEASURE_MERGE);
		return 0;
	case ARGP_KEY_END:
		check(state, o);
		return 0;
	default:
		return parse_receiver(key, arg, state, o);
	}
}

const struct argp measure_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "TEMPLATE... --tx IF --rx IF\n"
		    "rfc2544 throughput|latency|loss|back-to-back TEMPLATE... --tx IF --rx IF\n"
		    "--send TEMPLATE... -i IF\n"
		    "--receive [TEMPLATE...] -i IF\n"
		    "--merge SENT.json RECEIVED.json",
	.doc = "Send the frames of templates on one interface, each with a signature at the end of "
	       "its payload, and receive them on another: what was lost, came twice, out of order "
	       "or changed, and how long it took."
	       "\v"
	       "The signature takes the last 16 octets of the payload; a shorter payload grows. "
	       "Examples:\n\n"
	       "  pktsmith measure udp --tx vA --rx peer/vB -r 10kpps -d 10s\n"
	       "  pktsmith measure rfc2544 throughput udp --tx eth1 --rx eth2 --max-rate "
	       "1Gbps-wire --trial 2s\n\n"
	       "Exit status: 0 all came once, in order, unchanged; 1 some did not (but for the "
	       "loss of --allow-loss), or did not leave; 2 the command line or a template is "
	       "wrong; 3 the system refused, or the receiver itself dropped frames, so that what "
	       "is missing cannot be told from loss.",
	.children = children,
};
