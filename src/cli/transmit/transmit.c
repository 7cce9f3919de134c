/* Runs what is to leave, and finds out what became of it. */
#include "cli/transmit/transmit.h"

#include "cli/numbers.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_arp.h>

/* How long the interface's counters may lag behind what the kernel took: frames wait in a queue,
 * and some drivers read their hardware's counters only now and then. */
#define COUNTERS_TIMEOUT_NS 1000000000U
#define COUNTERS_PAUSE_NS   5000000U

void transmit_outcome_fini(struct transmit_outcome *outcome)
{
	buffer_fini(&outcome->why);
}

int transmit_interface_check(const struct interface *interface, struct err *err)
{
	const char *name = interface->name;

	if (interface->arp_type != ARPHRD_ETHER && interface->arp_type != ARPHRD_LOOPBACK) {
		err_result(err, "%s takes no Ethernet frames: it is of link type %u of if_arp.h",
			name, interface->arp_type);
		if (err)
			err->kind = ERR_SYSTEM;
		return -EOPNOTSUPP;
	}
	if (!(interface->flags & IFF_UP))
		return err_result(
			err, "%s is down; bring it up with \"ip link set %s up\"", name, name);
	/* The kernel takes frames here, and throws them away. */
	if (!(interface->flags & IFF_LOWER_UP))
		return err_result(err,
			"%s has no carrier: plug in the cable, or bring its other end up", name);
	return 0;
}

/* Says of an error of the link what it means for the user. */
static bool explain(const struct interface *interface, struct err *err)
{
	struct interface now;
	struct err gone;

	if (interface_read(interface->name, &now, &gone) == -ENODEV ||
		now.index != interface->index)
		err_result(err, "%s was removed while sending", interface->name);
	else if (transmit_interface_check(&now, &gone) < 0)
		*err = gone;
	else
		return false;
	return true;
}

static void explain_failure(const struct transmit *transmit, int rc, struct err *err)
{
	if (!transmit->interface || (rc != -ENETDOWN && rc != -ENXIO && rc != -ENODEV))
		return;
	if (!explain(transmit->interface, err) &&
		!(transmit->second && explain(transmit->second, err)))
		err_result(err, "%s went down while sending", transmit->interface->name);
}

/* ---- counters ---- */

/* Of both interfaces, where there are two. */
static bool read_once(const struct transmit *transmit, struct interface_counters *ret)
{
	struct interface_counters second;

	if (interface_counters_read(transmit->interface->index, ret, NULL) < 0)
		return false;
	if (!transmit->second)
		return true;
	if (interface_counters_read(transmit->second->index, &second, NULL) < 0)
		return false;
	ret->tx_packets += second.tx_packets;
	ret->tx_bytes += second.tx_bytes;
	ret->tx_errors += second.tx_errors;
	ret->tx_dropped += second.tx_dropped;
	return true;
}

void transmit_begin(const struct transmit *transmit, struct transmit_outcome *outcome)
{
	outcome->backend = transmit->ways[0].name;
	if (transmit->interface)
		outcome->counters_known = read_once(transmit, &outcome->before);
}

uint64_t transmit_uncounted(const struct transmit_outcome *outcome)
{
	uint64_t counted = outcome->after.tx_packets - outcome->before.tx_packets;
	uint64_t sent = outcome->report.stats.sent;

	return outcome->counters_known && counted < sent ? sent - counted : 0;
}

/* The counters, once they hold all that was sent or had the time to. */
static void read_counters(const struct transmit *transmit, struct transmit_outcome *outcome)
{
	uint64_t at = clock_system.now(NULL);
	uint64_t deadline = at + COUNTERS_TIMEOUT_NS;

	while (outcome->counters_known) {
		if (!read_once(transmit, &outcome->after))
			outcome->counters_known = false;
		if (!transmit_uncounted(outcome) || at >= deadline)
			return;
		clock_system.sleep_until(NULL, at + COUNTERS_PAUSE_NS);
		at = clock_system.now(NULL);
	}
}

/* ---- the way that was taken ---- */

static void put_trials(struct buffer *out, const struct transmit *transmit)
{
	const char *before = ": ";

	for (unsigned int i = 0; i < transmit->way_count; i++) {
		const struct send_way *way = &transmit->tried[i];

		if (!way->tried_ns)
			continue;
		buffer_printf(out, "%s%s ", before, transmit->ways[i].name);
		if (way->tried_frames)
			numbers_put_scaled(out,
				numbers_per_second(way->tried_frames, way->tried_ns), "frames/s");
		else
			buffer_printf(out, "refused frames");
		before = ", ";
	}
}

static void tell_why(const struct transmit *transmit, struct transmit_outcome *outcome)
{
	struct buffer *out = &outcome->why;

	if (transmit->narrow == TRANSMIT_SHORT)
		buffer_printf(out, "the first choice, for a run that others would not better");
	else if (transmit->narrow == TRANSMIT_ALONE)
		buffer_printf(out, "the one that can do what is asked here");
	if (transmit->narrow != TRANSMIT_FREE)
		return;
	switch (outcome->report.why) {
	case SEND_KEEPS:
		buffer_printf(out, "the first that keeps the rate");
		break;
	case SEND_FASTEST:
		buffer_printf(out, "the fastest here");
		put_trials(out, transmit);
		break;
	default:
		buffer_printf(out, "the first choice: the run was over before a trial paid");
		break;
	}
}

struct telling {
	struct progress progress;
	const struct transmit *transmit;
	struct transmit_outcome *outcome;
	struct link_stats seen;
};

static void take_time(struct telling *telling, const struct link_stats *stats, uint64_t elapsed_ns)
{
	timeline_take(&telling->outcome->frames, elapsed_ns,
		(double)stats->sent - (double)telling->seen.sent);
	timeline_take(&telling->outcome->octets, elapsed_ns,
		(double)stats->bytes - (double)telling->seen.bytes);
	telling->seen = *stats;
}

static void tell(void *context, const struct link_stats *stats, uint64_t elapsed_ns)
{
	struct telling *telling = context;

	take_time(telling, stats, elapsed_ns);
	if (telling->transmit->watch)
		telling->transmit->watch(telling->transmit->watch_context, stats, elapsed_ns,
			&telling->progress.live);
	progress_show(&telling->progress, stats, elapsed_ns);
}

int transmit_run(struct transmit *transmit, const struct common *common,
	struct transmit_outcome *outcome, struct err *err)
{
	struct send_config *config = &transmit->config;
	struct telling telling = { .transmit = transmit, .outcome = outcome };
	int rc;

	progress_init(&telling.progress, common, config->count, config->duration_ns);
	config->progress = tell;
	config->context = &telling;
	config->gaps = transmit_is_paced(transmit) ? &outcome->gaps : NULL;
	rc = send_run_ways(transmit->tried, transmit->way_count, transmit->options->threads,
		transmit->program, config, &outcome->report, err);
	take_time(&telling, &outcome->report.stats, outcome->report.elapsed_ns);
	progress_clear(&telling.progress);
	outcome->backend = transmit->ways[outcome->report.way].name;
	tell_why(transmit, outcome);
	return rc;
}

int transmit_end(
	struct transmit *transmit, int rc, struct transmit_outcome *outcome, struct err *err)
{
	struct err closing;
	int closed = transmit_close(transmit, &closing);

	if (rc == 0 && closed < 0) {
		*err = closing;
		rc = closed;
	}
	outcome->held = rc == -ETIMEDOUT;
	read_counters(transmit, outcome);
	if (rc < 0) {
		explain_failure(transmit, rc, err);
		outcome->failure = err;
	}
	return rc;
}

/* ---- the verdict ---- */

uint64_t transmit_failed(const struct transmit_outcome *outcome)
{
	const struct send_report *report = &outcome->report;

	return outcome->failure && report->asked ? report->asked - report->stats.sent
						 : report->stats.queued - report->stats.sent;
}

int transmit_judge(const struct transmit_outcome *outcome)
{
	const struct send_report *report = &outcome->report;
	bool cut_short = report->stopped && report->asked > report->stats.queued;
	bool lost = report->stats.queued > report->stats.sent || transmit_uncounted(outcome);

	return cut_short || lost ? EXIT_ANSWER_NO : EXIT_DONE;
}
