/* The options of how frames leave. */
#include "cli/transmit/transmit.h"

#include <stdio.h>
#include <string.h>

enum { KEY_BACKEND = 0x400, KEY_THREADS, KEY_QUEUE, KEY_PRIORITY, KEY_QDISC_BYPASS, KEY_REALTIME };

#define QUEUE_MAX    4095
#define PRIORITY_MAX 15 /* SO_PRIORITY; from 7 on with cap_net_admin */

/* clang-format off */
static const struct argp_option options[] = {
	{ "backend", KEY_BACKEND, "BACKEND", 0, "how frames leave. auto, the default: those that can do what is asked are tried on the "
		"first frames of a long run, which goes on with the fastest. file: into -w alone", 0 },
	{ "threads", KEY_THREADS, "N", 0, "share the frames out among so many threads, each pinned to a processor; "
		"together they send what one would", 0 },
	{ "queue", KEY_QUEUE, "N", 0, "the device's transmit queue; thread T takes queue N + T", 0 },
	{ "priority", KEY_PRIORITY, "N", 0, "the frames' priority for queueing disciplines and VLAN egress maps, 0 to 15", 0 },
	{ "qdisc-bypass", KEY_QDISC_BYPASS, NULL, 0, "faster; unseen by local sniffers, dropped when the device is busy", 0 },
	{ "realtime", KEY_REALTIME, NULL, 0, "run before all ordinary programs (SCHED_FIFO), for even gaps on a busy machine", 0 },
	{ 0 },
};
/* clang-format on */

void transmit_options_init(struct transmit_options *transmit)
{
	*transmit = (struct transmit_options){ .threads = 1, .queue = -1, .priority = -1 };
}

void transmit_child(struct argp_state *state, const struct argp_child *children,
	struct transmit_options *transmit)
{
	unsigned int i = 0;

	while (children[i].argp != &transmit_argp)
		i++;
	state->child_inputs[i] = transmit;
}

static void set_backend(
	struct argp_state *state, const char *name, struct transmit_options *transmit)
{
	const char *words[TRANSMIT_WAYS_MAX + 2] = { "auto" };
	size_t count = 1;

	for (const struct link_backend *row = link_backends;
		row->name && count <= TRANSMIT_WAYS_MAX; row++)
		words[count++] = row->name;
	words[count++] = "file";
	name = words[common_choice(state, "--backend", name, words, count)];
	transmit->to_file = !strcmp(name, "file");
	transmit->backend = link_backend_find(name); /* NULL for the others, too */
}

static int number(struct argp_state *state, const char *option, const char *text, uint64_t max)
{
	uint64_t value = common_number(state, option, text);

	if (value > max)
		argp_error(state, "%s %s: at most %llu", option, text, (unsigned long long)max);
	return (int)value;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct transmit_options *transmit = state->input;

	switch (key) {
	case KEY_BACKEND:
		set_backend(state, arg, transmit);
		return 0;
	case KEY_THREADS:
		transmit->threads = (unsigned int)number(state, "--threads", arg, SEND_THREADS_MAX);
		if (!transmit->threads)
			argp_error(state, "--threads 0: at least 1");
		return 0;
	case KEY_QUEUE:
		transmit->queue = number(state, "--queue", arg, QUEUE_MAX);
		return 0;
	case KEY_PRIORITY:
		transmit->priority = number(state, "--priority", arg, PRIORITY_MAX);
		return 0;
	case KEY_QDISC_BYPASS:
		transmit->qdisc_bypass = true;
		return 0;
	case KEY_REALTIME:
		transmit->realtime = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The backends are told of by their own table. argp frees what is not text. */
static char *help(int key, const char *text, void *input)
{
	struct buffer out = { 0 };

	(void)input;
	if (key != KEY_BACKEND || !text)
		return (char *)(uintptr_t)text;
	buffer_printf(&out, "%s", text);
	for (const struct link_backend *row = link_backends; row->name; row++)
		buffer_printf(&out, ". %s: %s", row->name, row->about);
	return (char *)out.data;
}

const struct argp transmit_argp = { .options = options, .parser = parse, .help_filter = help };

void transmit_check(struct argp_state *state, const struct transmit_options *transmit,
	const char *interface, const char *write)
{
	bool file = transmit->to_file || !interface;
	bool device = transmit->queue >= 0 || transmit->priority >= 0 || transmit->qdisc_bypass ||
		      transmit->realtime;

	if (transmit->to_file && !write)
		argp_error(state, "--backend file writes into the file of -w: give it");
	if (transmit->backend && !interface)
		argp_error(state, "--backend %s needs -i IF: the interface to send on",
			transmit->backend->name);
	if (device && file)
		argp_error(state, "--queue, --priority, --qdisc-bypass and --realtime are about an "
				  "interface: they go with -i, and not with --backend file");
	if (transmit->threads > 1 && write)
		argp_error(state,
			"--threads %u: -w writes one file, in order: it goes with one "
			"thread",
			transmit->threads);
}

void transmit_check_end(struct argp_state *state, const struct transmit_options *transmit,
	const char *interface, const char *write, bool endless)
{
	bool file = write && strcmp(write, "-") != 0 && (transmit->to_file || !interface);

	if (endless && file)
		argp_error(
			state, "-w %s would grow without end: say how much with -n or -d", write);
}

struct text_ramp transmit_ramp(struct argp_state *state, const char *option, const char *text)
{
	struct text_ramp ramp = { 0 };
	struct err err;

	if (text_ramp(text, &ramp, &err))
		argp_error(state, "%s %s: %s", option, text, err.text);
	return ramp;
}

void transmit_gap(struct argp_state *state, const char *text, struct pace_config *pace)
{
	static const char burst[] = "burst:";

	if (!strcmp(text, "cbr")) {
		pace->gap = PACE_CBR;
	} else if (!strcmp(text, "poisson")) {
		pace->gap = PACE_POISSON;
	} else if (!strncmp(text, burst, sizeof(burst) - 1)) {
		pace->gap = PACE_BURST;
		pace->burst = common_number(state, "--gap burst", text + sizeof(burst) - 1);
		if (!pace->burst)
			argp_error(state, "--gap %s: a burst has at least 1 frame", text);
	} else {
		argp_error(state, "--gap %s: wants cbr, poisson or burst:N, as in burst:32", text);
	}
}
