/*
 * The link over XDP live frames: the patch program runs in the kernel, as eBPF, on pages that are
 * redirected to the interface. No sk_buff is made, and nothing is copied from here. The kernel does
 * not say what became of a frame; the interface's own counter does.
 */
#include "base/clock.h"
#include "base/err.h"
#include "link/backends.h"
#include "link/bpfsys.h"
#include "link/interface.h"
#include "link/xdp_check.h"
#include "patch/ebpf.h"

#include <errno.h>
#include <linux/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * A run of more than one frame costs tens of milliseconds beside its frames: the kernel takes the
 * program up among those it dispatches to directly, and out again, and waits for each to be known
 * on all processors (bpf_dispatcher_change_prog). Up to so many frames are cheaper one by one.
 */
#define SINGLES 1024U

/* Frames in a run: first so many, then what takes so long. A signal ends a run before. */
#define CHUNK_FIRST 100000U
#define CHUNK_MAX   (1U << 30)
#define CHUNK_NS    500000000U

#define LOOK_NS	  10000000U   /* between two looks at the interface */
#define SETTLE_NS 1000000000U /* for the interface to count what it was given */
#define PAUSE_NS  200000U

struct xdp_link {
	struct link link;
	struct link_stats stats; /* sent: by the interface's count; failed: when drained */
	struct interface interface;
	struct patch_ebpf ebpf;
	struct bpfsys_memory memory;
	int program, devices;
	uint64_t chunk;		/* frames in a run */
	uint64_t next;		/* index of the frame that the memory is at */
	uint64_t made, octets;	/* by the eBPF program, and handed over */
	uint64_t counter;	/* the interface's, before the first frame */
	uint64_t looked_at;	/* when the interface was, */
	uint64_t progressed_at; /* and when it last had counted more, or all */
	uint64_t spread_ns;	/* how long the last run's frames took to leave */
};

static uint64_t now(void)
{
	return clock_system.now(clock_system.context);
}

/* ---- what the interface says ---- */

/* Frames that it has neither counted nor been given up. */
static uint64_t waiting(const struct xdp_link *xdp)
{
	return xdp->made - xdp->stats.sent - xdp->stats.failed;
}

/* The interface counts what others send as well: more than was made is not ours. */
static int count_sent(struct xdp_link *xdp, struct err *err)
{
	struct interface_counters counters;
	uint64_t most = xdp->made - xdp->stats.failed;
	uint64_t sent;
	int r = interface_counters_read(xdp->interface.index, &counters, NULL);

	if (r == -ENODEV)
		return err_system(err, ENODEV, "cannot send on %s: the interface is gone",
			xdp->interface.name);
	if (r)
		return err_system(err, -r, "cannot read the counters of %s", xdp->interface.name);
	sent = counters.tx_packets - xdp->counter;
	if (sent > most)
		sent = most;
	/* A counter may be set back, what it has said stands. */
	if (sent > xdp->stats.sent) {
		xdp->stats.sent = sent;
		xdp->progressed_at = now();
	}
	if (!waiting(xdp))
		xdp->progressed_at = now();
	return 0;
}

static int check_up(const struct xdp_link *xdp, struct err *err)
{
	const char *name = xdp->interface.name;
	unsigned int flags;
	int r = interface_flags_read(xdp->interface.index, &flags, NULL);

	if (r == -ENODEV)
		return err_system(err, ENODEV, "cannot send on %s: the interface is gone", name);
	if (r)
		return err_system(err, -r, "cannot read the state of %s", name);
	if (!(flags & IFF_UP)) {
		r = err_system(err, ENETDOWN, "cannot send on %s", name);
		err_hint(err, "; bring it up: sudo ip link set %s up", name);
		return r;
	}
	if (!(flags & IFF_LOWER_UP))
		return err_system(err, ENETDOWN,
			"cannot send on %s: no carrier (no cable, or its other end is down)", name);
	return 0;
}

/* Looks at the interface, unless it was just now. Without carrier, or where it counts none of what
 * it is given, the run is at its end. */
static int look(struct xdp_link *xdp, struct err *err)
{
	uint64_t at = now();
	int r;

	if (xdp->looked_at && at - xdp->looked_at < LOOK_NS)
		return 0;
	xdp->looked_at = at;
	r = check_up(xdp, err);
	if (!r)
		r = count_sent(xdp, err);
	if (r || !waiting(xdp) || now() - xdp->progressed_at < SETTLE_NS)
		return r;
	return err_system(err, EIO,
		"%s takes frames and counts none of them as sent (a veth wants an XDP program, or "
		"GRO, at its other end all the time)",
		xdp->interface.name);
}

/* ---- the link ---- */

/* The kernel's part: some of the next frames, at most count. *ret_ns is how long they took to
 * leave, where nothing ended it. */
static int run_kernel(const struct xdp_link *xdp, uint64_t count, uint64_t *ret_ns)
{
	const struct patch_ebpf *ebpf = &xdp->ebpf;
	uint64_t begun = now();
	uint32_t each_ns;
	int r = 0;

	if (count > SINGLES) {
		r = bpfsys_run_live(
			xdp->program, ebpf->octets, ebpf->length, (uint32_t)count, &each_ns);
		if (!r)
			*ret_ns = each_ns * count;
		return r;
	}
	for (uint64_t i = 0; !r && i < count; i++)
		r = bpfsys_run_live(xdp->program, ebpf->octets, ebpf->length, 1, &each_ns);
	*ret_ns = now() - begun;
	return r;
}

/* How many to run at once from now on, as so many took so long. */
static void adapt(struct xdp_link *xdp, uint64_t made, uint64_t ns)
{
	double frames = (double)made * CHUNK_NS / (double)(ns + 1);

	if (made < SINGLES)
		return;
	xdp->chunk = frames > CHUNK_MAX ? CHUNK_MAX : (uint64_t)frames + SINGLES;
}

/* Some of the next frames, at most count; *ret_done grows by how many. */
static int run_some(struct xdp_link *xdp, uint64_t count, uint64_t *ret_done)
{
	uint64_t before = patch_ebpf_made(xdp->memory.octets);
	uint64_t octets = patch_ebpf_octets(&xdp->ebpf, xdp->memory.octets);
	uint64_t begun = now(), left_ns = 0;
	uint64_t made;
	int r;

	if (!waiting(xdp))
		xdp->progressed_at = begun;
	r = run_kernel(xdp, count, &left_ns);
	xdp->spread_ns += r ? now() - begun : left_ns;
	made = patch_ebpf_made(xdp->memory.octets) - before;
	adapt(xdp, made, now() - begun);
	xdp->made += made;
	xdp->octets += patch_ebpf_octets(&xdp->ebpf, xdp->memory.octets) - octets;
	xdp->next += made;
	*ret_done += made;
	/* Ended by a signal, between two frames. */
	if (r == -EINTR)
		return 0;
	return !r && made != count ? -EIO : r;
}

static int count_from_here(struct xdp_link *xdp, struct err *err)
{
	struct interface_counters counters;
	int r = interface_counters_read(xdp->interface.index, &counters, err);

	if (!r)
		xdp->counter = counters.tx_packets;
	return r;
}

static int xdp_run(struct link *link, struct patch_runner *runner, uint64_t first, uint64_t count,
	struct err *err)
{
	struct xdp_link *xdp = (struct xdp_link *)link;
	uint64_t done = 0;
	int r = 0;

	(void)runner;
	/* What others sent since the link was opened, as ways that were tried first, is not ours.
	 */
	if (!xdp->made)
		r = count_from_here(xdp, err);
	if (first != xdp->next)
		patch_ebpf_seek(&xdp->ebpf, xdp->memory.octets, first, clock_wall_ahead());
	xdp->next = first;
	xdp->spread_ns = 0;
	while (!r && done < count) {
		r = look(xdp, err);
		if (r) {
			link_stats_fail(&xdp->stats, -r, 1);
			xdp->made++;
			break;
		}
		r = run_some(xdp, count - done < xdp->chunk ? count - done : xdp->chunk, &done);
		if (r)
			err_system(
				err, -r, "cannot run the eBPF program for %s", xdp->interface.name);
	}
	return r;
}

/* All were sent: their octets are known. Else the mean of all stands for those that were. */
static uint64_t octets_sent(const struct xdp_link *xdp)
{
	if (!xdp->made || xdp->stats.sent == xdp->made)
		return xdp->octets;
	return (uint64_t)((double)xdp->octets * ((double)xdp->stats.sent / (double)xdp->made));
}

static void xdp_stats(const struct link *link, struct link_stats *ret)
{
	const struct xdp_link *xdp = (const struct xdp_link *)link;

	*ret = xdp->stats;
	ret->queued = xdp->made;
	ret->bytes = octets_sent(xdp);
}

static uint64_t xdp_chunk(const struct link *link, uint64_t ns)
{
	const struct xdp_link *xdp = (const struct xdp_link *)link;

	if (ns >= CHUNK_NS)
		return xdp->chunk;
	return (uint64_t)((double)xdp->chunk * ((double)ns / CHUNK_NS)) + 1;
}

static uint64_t xdp_spread(const struct link *link)
{
	return ((const struct xdp_link *)link)->spread_ns;
}

/* What the interface has not counted after so long has not left. */
static int xdp_drain(struct link *link, struct err *err)
{
	struct xdp_link *xdp = (struct xdp_link *)link;
	unsigned int flags;
	uint64_t at = now();
	int error = ENOBUFS;
	int r = 0;

	(void)err;
	xdp->progressed_at = at;
	while (!r && waiting(xdp) && at - xdp->progressed_at < SETTLE_NS) {
		r = count_sent(xdp, NULL);
		if (r || !waiting(xdp))
			break;
		clock_system.sleep_until(clock_system.context, at + PAUSE_NS);
		at = now();
	}
	if (!waiting(xdp))
		return 0;
	r = interface_flags_read(xdp->interface.index, &flags, NULL);
	if (r == -ENODEV)
		error = ENODEV;
	else if (!r && !(flags & IFF_UP && flags & IFF_LOWER_UP))
		error = ENETDOWN;
	link_stats_fail(&xdp->stats, error, waiting(xdp));
	return 0;
}

static void xdp_free(struct xdp_link *xdp)
{
	if (xdp->program >= 0)
		close(xdp->program);
	if (xdp->devices >= 0)
		close(xdp->devices);
	bpfsys_memory_fini(&xdp->memory);
	patch_ebpf_fini(&xdp->ebpf);
	free(xdp);
}

static int xdp_close(struct link *link, struct err *err)
{
	(void)err;
	xdp_free((struct xdp_link *)link);
	return 0;
}

static const struct link_ops xdp_ops = {
	.name = "xdp",
	.run = xdp_run,
	.stats = xdp_stats,
	.drain = xdp_drain,
	.chunk = xdp_chunk,
	.spread = xdp_spread,
	.close = xdp_close,
};

static int load(struct xdp_link *xdp, const struct patch_program *program, struct err *err)
{
	int r = patch_ebpf_compile(&xdp->ebpf, program, PATCH_EBPF_REDIRECT, err);

	if (!r)
		r = bpfsys_memory_init(&xdp->memory, xdp->ebpf.memory.length, err);
	if (!r)
		r = bpfsys_devices(xdp->interface.index, &xdp->devices, err);
	if (r)
		return r;
	memcpy(xdp->memory.octets, xdp->ebpf.memory.data, xdp->ebpf.memory.length);
	patch_ebpf_bind(&xdp->ebpf, xdp->memory.map, xdp->devices);
	patch_ebpf_seek(&xdp->ebpf, xdp->memory.octets, 0, clock_wall_ahead());
	return bpfsys_load(&xdp->ebpf, &xdp->program, err);
}

int link_xdp_open(struct link **ret, const struct link_config *config,
	const struct patch_program *program, struct err *err)
{
	struct xdp_link *xdp;
	int r = xdp_check(config, program, err);

	if (r)
		return r;
	xdp = calloc(1, sizeof(*xdp));
	if (!xdp)
		return err_system(err, ENOMEM, "cannot send on %s", config->interface->name);
	xdp->link.ops = &xdp_ops;
	xdp->interface = *config->interface;
	xdp->program = xdp->devices = -1;
	xdp->chunk = CHUNK_FIRST;
	r = load(xdp, program, err);
	if (r) {
		xdp_hint_privileges("--backend xdp", -r, err);
		xdp_free(xdp);
		return r;
	}
	*ret = &xdp->link;
	return 0;
}
