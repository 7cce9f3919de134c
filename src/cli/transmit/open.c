/* Opens the ways out that a run may take. */
#include "cli/transmit/transmit.h"

#include "base/privilege.h"
#include "link/split.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

/* auto opens more than one way only for a run that has more frames than this at the highest rate,
 * or a higher rate than this: any of them does for less. */
#define CHOICE_FRAMES 50000U
#define CHOICE_RATE   200000.0

#define FRAME_BITS_MIN 480 /* of the shortest frame */

struct lack {
	unsigned int can;
	const char *words;
};

static const struct lack lacks[] = {
	{ LINK_CAN_FCS, "sends no FCS of ours (--fcs replace)" },
	{ LINK_CAN_PREPARE, "sends no frames that are made as the run goes (--fuzz)" },
	{ LINK_CAN_RECORD, "cannot tell which frames left, as -w wants to know" },
	{ LINK_CAN_PACE, "keeps no rate, interval or gap" },
};

bool transmit_is_paced(const struct transmit *transmit)
{
	struct pace pace;

	pace_init(&pace, &transmit->config.pace, transmit->program, false);
	return pace.scheduled;
}

static unsigned int needed(const struct transmit *transmit)
{
	return transmit->need | (transmit->write ? LINK_CAN_RECORD : 0) |
	       (transmit_is_paced(transmit) ? LINK_CAN_PACE : 0);
}

static int refuse(const struct link_backend *backend, unsigned int need, struct err *err)
{
	size_t i = 0;

	while (!(lacks[i].can & need & ~backend->can))
		i++;
	err_result(err, "--backend %s %s; --backend auto takes one that does", backend->name,
		lacks[i].words);
	if (err)
		err->kind = ERR_SYSTEM;
	return -EOPNOTSUPP;
}

static void close_links(struct transmit *transmit, struct transmit_way *way)
{
	for (unsigned int i = 0; i < transmit->options->threads; i++) {
		link_close(way->links[i], NULL);
		way->links[i] = NULL;
	}
}

/* One link, or one over both interfaces. */
static int open_link(const struct transmit *transmit, const struct link_backend *backend,
	const struct link_config *config, struct link **ret, struct err *err)
{
	struct link_config other = *config;
	struct link *first, *second;
	int rc = backend->open(&first, config, transmit->program, err);

	if (rc < 0 || !transmit->second) {
		*ret = rc < 0 ? NULL : first;
		return rc;
	}
	other.interface = transmit->second;
	rc = backend->open(&second, &other, transmit->program, err);
	if (rc < 0) {
		link_close(first, NULL);
		return rc;
	}
	rc = link_split_open(ret, first, second, transmit->sides);
	if (rc < 0) {
		link_close(first, NULL);
		link_close(second, NULL);
		return err_system(err, -rc, "cannot send on two interfaces");
	}
	return 0;
}

static int open_links(
	struct transmit *transmit, const struct link_backend *backend, struct err *err)
{
	const struct transmit_options *options = transmit->options;
	struct transmit_way *way = &transmit->ways[transmit->way_count];
	struct link_config config = link_config_plain(transmit->interface);
	int rc = 0;

	*way = (struct transmit_way){ .name = backend->name };
	config.qdisc_bypass = options->qdisc_bypass;
	config.queue = options->queue;
	config.priority = options->priority;
	config.threads = options->threads;
	for (unsigned int i = 0; i < options->threads && rc == 0; i++) {
		config.thread = i;
		rc = open_link(transmit, backend, &config, &way->links[i], err);
	}
	if (rc < 0) {
		close_links(transmit, way);
		return rc;
	}
	transmit->tried[transmit->way_count++] = (struct send_way){ .links = way->links };
	return 0;
}

/* Wraps the only link in the record of what it sends. */
static int open_record(struct transmit *transmit, struct err *err)
{
	struct link **link = &transmit->ways[0].links[0];
	struct link *recorder;
	int rc = link_record_open(&recorder, *link, transmit->write, transmit->own_fcs, err);

	if (rc == 0)
		*link = recorder;
	return rc;
}

double transmit_asked_rate(const struct pace_config *pace)
{
	double from = pace->rate.from.value, to = pace->rate.to.value;
	double most = from > to ? from : to;

	if (pace->interval_ns)
		return 1e9 / (double)pace->interval_ns;
	switch (pace->rate.from.unit) {
	case TEXT_RATE_FRAMES:
		return most;
	case TEXT_RATE_BITS:
	case TEXT_RATE_WIRE_BITS:
		return most / FRAME_BITS_MIN;
	default:
		return 0;
	}
}

static bool choice_pays(const struct transmit *transmit)
{
	const struct send_config *config = &transmit->config;
	double rate = transmit_asked_rate(&transmit->config.pace);

	if (transmit_is_paced(transmit))
		return rate > CHOICE_RATE;
	return !config->count || config->count > CHOICE_FRAMES;
}

/*
 * What a local sniffer sees comes first: who watches the interface is to see what is sent there.
 * The others are kept in reserve for a rate that those cannot keep, or are free to take where
 * --qdisc-bypass says that nobody need see, or a --queue is asked for that only they can choose;
 * xdp only ever for a rate, as it takes a program into the kernel.
 */
static bool is_reserve(const struct transmit *transmit, const struct link_backend *backend)
{
	const struct transmit_options *options = transmit->options;

	return !strcmp(backend->name, "xdp") ||
	       (!(backend->can & LINK_IS_SEEN) && !options->qdisc_bypass && options->queue < 0);
}

/* Adds the rows that can do it and open, of those in reserve or of the others; with a choice that
 * does not pay the first of them alone. */
static void open_rows(struct transmit *transmit, bool reserve, bool pays, struct err *err)
{
	unsigned int need = needed(transmit);

	for (const struct link_backend *row = link_backends; row->name; row++) {
		unsigned int at = transmit->way_count;

		if (at == TRANSMIT_WAYS_MAX || (at && !pays))
			break;
		if ((need & ~row->can) || is_reserve(transmit, row) != reserve)
			continue;
		/* The first one's error is the one to tell, if none opens. */
		if (open_links(transmit, row, err->kind == ERR_NONE ? err : NULL) == 0)
			transmit->tried[at].reserve = reserve;
	}
}

static int open_auto(struct transmit *transmit, struct err *err)
{
	bool worth = choice_pays(transmit);
	bool pays = worth && !transmit->write; /* a record is of one link */
	struct err first = { .kind = ERR_NONE };

	open_rows(transmit, false, pays, &first);
	if (transmit->way_count && transmit_is_paced(transmit))
		open_rows(transmit, true, pays, &first);
	if (transmit->way_count > 1)
		transmit->narrow = TRANSMIT_FREE;
	else if (worth)
		transmit->narrow = TRANSMIT_ALONE;
	else
		transmit->narrow = TRANSMIT_SHORT;
	if (transmit->way_count)
		return 0;
	if (first.kind == ERR_NONE)
		err_system(&first, EOPNOTSUPP, "no backend can do what is asked");
	*err = first;
	return -EOPNOTSUPP;
}

static int open_file(struct transmit *transmit, struct err *err)
{
	struct transmit_way *way = &transmit->ways[0];

	*way = (struct transmit_way){ .name = "file" };
	transmit->narrow = TRANSMIT_ASKED;
	transmit->tried[0] = (struct send_way){ .links = way->links };
	transmit->way_count = 1;
	return link_file_open(&way->links[0], transmit->write, transmit->own_fcs, err);
}

const char *transmit_first_choice(const struct transmit *transmit)
{
	const struct link_backend *backend = transmit->options->backend;

	if (!transmit->interface)
		return "file";
	return backend ? backend->name : link_backends[0].name;
}

/* Before all ordinary programs, and after all others that are to be so; the threads that send are
 * made by this one, and are as it is. */
static int run_realtime(struct err *err)
{
	const struct sched_param lowest = { .sched_priority = sched_get_priority_min(SCHED_FIFO) };
	int rc;

	if (!sched_setscheduler(0, SCHED_FIFO, &lowest))
		return 0;
	rc = err_system(err, errno, "--realtime: cannot run before ordinary programs");
	if (rc == -EPERM)
		privilege_hint(err, PRIVILEGE_FRAMES ",cap_sys_nice");
	return rc;
}

int transmit_open(struct transmit *transmit, struct err *err)
{
	const struct link_backend *backend = transmit->options->backend;
	int rc;

	if (!transmit->interface)
		return open_file(transmit, err);
	if (backend) {
		unsigned int need = needed(transmit);

		transmit->narrow = TRANSMIT_ASKED;
		rc = (need & ~backend->can) ? refuse(backend, need, err)
					    : open_links(transmit, backend, err);
	} else {
		rc = open_auto(transmit, err);
	}
	if (rc == 0 && transmit->write)
		rc = open_record(transmit, err);
	return rc == 0 && transmit->options->realtime ? run_realtime(err) : rc;
}

int transmit_close(struct transmit *transmit, struct err *err)
{
	int rc = 0;

	for (unsigned int way = 0; way < transmit->way_count; way++)
		for (unsigned int i = 0; i < transmit->options->threads; i++) {
			int r = link_close(transmit->ways[way].links[i], rc ? NULL : err);

			rc = rc ? rc : r;
		}
	transmit->way_count = 0;
	return rc;
}
