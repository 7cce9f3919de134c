/* The engine that receives in the kernel: an XDP program counts, and its map is read where it lies.
 */
#include "base/clock.h"
#include "base/err.h"
#include "base/privilege.h"
#include "link/interface.h"
#include "link/xdp_check.h"
#include "link/xdp_receive.h"
#include "measure/check.h"
#include "measure/engine.h"
#include "measure/xdp_program.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_packet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define NS_PER_MS   1000000U
#define EXAMPLE_MAX 3000U /* octets of a frame that is tried */
#define CARRIER_NS  5000000000U

/* Octets of a map's value: within what the verifier adds to an address. */
#define MEMORY_MAX (256U << 20)

struct xdp_engine {
	struct measure_engine engine;
	struct measure_engine_config config;
	struct interface interface;
	struct xdp_plan plan;
	struct xdp_receive receive;
	int socket; /* of the interface's namespace, to ask for its state; promiscuous */
};

/* ---- opening ---- */

/* A stream whose own frames the program would call corrupted: their checksums are wrong on purpose,
 * and tell nothing. */
static bool is_ill(const struct xdp_engine *xdp, unsigned int stream)
{
	uint8_t left[EXAMPLE_MAX];
	uint32_t length, room = sizeof(left), verdict;
	const uint8_t *octets;

	/* What is too long for a trial is for a checksum, too. */
	return measure_check_example(xdp->config.check, stream, &octets, &length) &&
	       length <= sizeof(left) &&
	       !bpfsys_run_once(xdp->receive.program, octets, length, left, &room, &verdict) &&
	       xdp_memory_tally(&xdp->plan, xdp->receive.memory.octets, stream)->corrupted;
}

/* How long a transport layer most frames have: as those of the first stream, if any does. */
static uint32_t foresee(const struct measure_engine_config *config)
{
	const uint8_t *octets;
	uint32_t length;

	if (!config->check || !measure_check_example(config->check, 0, &octets, &length))
		return 0;
	return xdp_transport_length(octets, length);
}

/* The program tries an example of each stream, and begins with a clean memory after that. */
static void find_ill(struct xdp_engine *xdp)
{
	void *memory = xdp->receive.memory.octets;
	bool *ill = calloc(xdp->plan.streams, sizeof(*ill));

	for (unsigned int i = 0; ill && xdp->plan.verify && i < xdp->plan.streams; i++)
		ill[i] = is_ill(xdp, i);
	memset(memory, 0, xdp->receive.memory.size);
	xdp_memory_init(&xdp->plan, memory, xdp->config.sent);
	for (unsigned int i = 0; ill && i < xdp->plan.streams; i++)
		if (ill[i])
			xdp_memory_set_ill(&xdp->plan, memory, i);
	free(ill);
}

static int attach(struct xdp_engine *xdp, bool native, struct err *err)
{
	struct buffer code = { 0 };
	int r;

	xdp->plan.shared = xdp_receive_shared(&xdp->interface, native);
	xdp_program(&xdp->plan, &code);
	r = xdp_receive_load(&xdp->receive, &code, err);
	buffer_fini(&code);
	if (!r)
		find_ill(xdp);
	return r ? r : xdp_receive_attach(&xdp->receive, &xdp->interface, native, err);
}

/* Native where the driver has it. Who lacks a capability, or finds another program there, gains
 * nothing by the other way. */
static int attach_either(struct xdp_engine *xdp, struct err *err)
{
	struct err first = { 0 };
	int r = attach(xdp, true, &first);

	if (r && !xdp->config.native && r != -EBUSY && r != -EPERM && r != -EACCES && r != -E2BIG)
		return attach(xdp, false, err);
	if (r)
		*err = first;
	return r;
}

/* Of no protocol: it receives nothing. What it asks of the device goes with it. */
static int open_socket(struct xdp_engine *xdp, bool promiscuous, struct err *err)
{
	const struct packet_mreq all = { .mr_ifindex = xdp->interface.index,
		.mr_type = PACKET_MR_PROMISC };
	int r = 0;

	xdp->socket = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (xdp->socket < 0)
		r = err_system(err, errno, "cannot receive on %s", xdp->interface.name);
	else if (promiscuous &&
		 setsockopt(xdp->socket, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all)))
		r = err_system(
			err, errno, "cannot receive what is for others on %s", xdp->interface.name);
	if (r == -EPERM || r == -EACCES)
		privilege_hint(err, PRIVILEGE_XDP);
	return r;
}

/* A driver may begin anew to run a program, and its link with it. */
static void wait_for_carrier(const struct xdp_engine *xdp)
{
	const struct clock *clock = &clock_system;
	uint64_t end = clock->now(clock->context) + CARRIER_NS;
	unsigned int flags;

	if (!(xdp->interface.flags & IFF_LOWER_UP))
		return;
	while (!interface_flags_read(xdp->interface.index, &flags, NULL) &&
		!(flags & IFF_LOWER_UP) && clock->now(clock->context) < end)
		clock->sleep_until(clock->context, clock->now(clock->context) + NS_PER_MS);
}

static int start(
	struct xdp_engine *xdp, const struct measure_engine_config *config, struct err *err)
{
	int r = interface_read(config->interface, &xdp->interface, err);

	if (r)
		return r;
	xdp_plan_init(&xdp->plan, config->streams);
	xdp->plan.sample = config->sample ? config->sample : 1;
	xdp->plan.verify = config->check;
	xdp->plan.transport = foresee(config);
	xdp->plan.same_clock = config->same_clock;
	xdp->plan.clock = clock_wall_ahead();
	if (xdp_plan_size(&xdp->plan) > MEMORY_MAX)
		return err_system(err, E2BIG,
			"%u streams are more than an XDP program keeps at hand", config->streams);
	r = xdp_receive_open(&xdp->receive, xdp_plan_size(&xdp->plan), err);
	if (!r)
		r = open_socket(xdp, config->promiscuous, err);
	if (r)
		return r;
	xdp_memory_init(&xdp->plan, xdp->receive.memory.octets, config->sent);
	xdp->config = *config;
	r = attach_either(xdp, err);
	if (!r)
		wait_for_carrier(xdp);
	return r;
}

static void xdp_close(struct measure_engine *engine)
{
	struct xdp_engine *xdp = (struct xdp_engine *)engine;

	if (!xdp)
		return;
	xdp_receive_close(&xdp->receive);
	if (xdp->socket >= 0)
		close(xdp->socket);
	free(xdp);
}

static int xdp_open(
	struct measure_engine **ret, const struct measure_engine_config *config, struct err *err)
{
	struct xdp_engine *xdp = calloc(1, sizeof(*xdp));
	int r;

	if (!xdp)
		return err_system(err, ENOMEM, "cannot receive on %s", config->interface);
	xdp->engine.ops = &measure_engine_xdp;
	xdp->socket = -1;
	xdp->receive.link = xdp->receive.program = -1;
	r = start(xdp, config, err);
	if (r) {
		xdp_hint_privileges("--engine xdp", -r, err);
		xdp_close(&xdp->engine);
		return r;
	}
	*ret = &xdp->engine;
	return 0;
}

/* ---- while it runs ---- */

static int check_up(const struct xdp_engine *xdp, struct err *err)
{
	const char *name = xdp->interface.name;
	struct ifreq request = { 0 };

	memcpy(request.ifr_name, name, sizeof(request.ifr_name));
	if (ioctl(xdp->socket, SIOCGIFFLAGS, &request))
		return err_system(err, errno == ENODEV ? ENODEV : errno,
			"cannot receive on %s: the interface is gone", name);
	if (request.ifr_flags & IFF_UP)
		return 0;
	return err_system(err, ENETDOWN, "cannot receive on %s", name);
}

/* The kernel receives: there is nothing to take in, only time to let pass. */
static int xdp_poll(struct measure_engine *engine, int timeout_ms, struct err *err)
{
	const struct clock *clock = &clock_system;
	uint64_t now = clock->now(clock->context);

	if (timeout_ms > 0)
		clock->sleep_until(clock->context, now + (uint64_t)timeout_ms * NS_PER_MS);
	return check_up((const struct xdp_engine *)engine, err);
}

static int xdp_totals(struct measure_engine *engine, struct measure_totals *ret, struct err *err)
{
	const struct xdp_engine *xdp = (const struct xdp_engine *)engine;
	const void *memory = xdp->receive.memory.octets;
	uint64_t last_ns = 0;

	(void)err;
	*ret = (struct measure_totals){
		.damaged = xdp_memory_head(memory)->damaged,
		.shift_ns = (int64_t)xdp_memory_head(memory)->shift,
	};
	for (unsigned int i = 0; i < xdp_memory_streams(&xdp->plan, memory); i++) {
		const volatile struct xdp_tally *tally = xdp_memory_tally(&xdp->plan, memory, i);
		uint64_t unique = tally->unique, duplicates = tally->duplicates;

		ret->unique += unique;
		ret->duplicates += duplicates;
		ret->due += tally->next;
		ret->reordered += tally->reordered;
		ret->corrupted += tally->corrupted;
		ret->received += unique + duplicates + tally->stale;
		if (tally->last_ns > last_ns) {
			last_ns = tally->last_ns;
			ret->latency_ns = tally->latency;
		}
	}
	return 0;
}

static void xdp_latencies(struct measure_engine *engine, struct histogram *ret)
{
	const struct xdp_engine *xdp = (const struct xdp_engine *)engine;

	xdp_memory_latencies(&xdp->plan, xdp->receive.memory.octets, ret);
}

static int xdp_results(struct measure_engine *engine, struct measure_result *ret, struct err *err)
{
	const struct xdp_engine *xdp = (const struct xdp_engine *)engine;

	(void)err;
	xdp_memory_read(&xdp->plan, xdp->receive.memory.octets, ret);
	ret->way = xdp->receive.native ? "native" : "generic";
	return 0;
}

const struct measure_engine_ops measure_engine_xdp = {
	.name = "xdp",
	.open = xdp_open,
	.poll = xdp_poll,
	.totals = xdp_totals,
	.latencies = xdp_latencies,
	.results = xdp_results,
	.close = xdp_close,
};
