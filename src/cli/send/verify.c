/* send --verify: sends each frame once, and holds what arrives on another interface against it. */
#include "cli/send/send.h"

#include "cli/netns.h"
#include "frame/build.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* How long a frame may take to the other interface. */
#define TIMEOUT_MS 1000

static int open_here(struct capture **ret, const char *name, struct err *err)
{
	/* Promiscuous: a frame's destination is whatever its template says. */
	struct capture_config config = {
		.interface = name,
		.direction = CAPTURE_IN,
		.promiscuous = true,
		.immediate = true,
	};
	struct interface interface;
	int rc = interface_read(name, &interface, err);

	if (rc == 0)
		rc = transmit_interface_check(&interface, err);
	return rc < 0 ? rc : capture_open(ret, &config, err);
}

int send_receiver_open(struct capture **ret, const struct send_options *options, struct err *err)
{
	const char *slash = strchr(options->rx, '/');
	const char *name = slash ? slash + 1 : options->rx;
	const char *netns = options->rx_netns;
	struct capture *capture = NULL;
	char first[256];
	int home, rc, back;

	if (slash) {
		snprintf(first, sizeof(first), "%.*s", (int)(slash - options->rx), options->rx);
		netns = first;
	}
	if (!netns)
		return open_here(ret, name, err);
	rc = netns_enter(netns, &home, err);
	if (rc < 0)
		return rc;
	rc = open_here(&capture, name, err);
	back = netns_leave(home, rc < 0 ? NULL : err);
	if (rc < 0 || back < 0) {
		capture_close(capture);
		return rc < 0 ? rc : back;
	}
	*ret = capture;
	return 0;
}

/* Read as what arrives is read: a frame that was built wrong on purpose reads otherwise than it was
 * built. */
static int read_sent(struct arena *arena, const struct patch_program *program,
	const struct frame_view **ret, struct err *err)
{
	struct patch_runner runner;

	if (patch_runner_init(&runner, program, 1))
		return err_system(err, ENOMEM, "cannot make the frames");
	for (unsigned int i = 0; i < program->count; i++) {
		struct patch_slot *slot = &runner.slots[0];
		struct frame_view *view = arena_alloc(arena, sizeof(*view));

		patch_runner_make(&runner, patch_program_first(program, i), slot);
		frame_dissect(arena, &wire_eth, arena_copy(arena, slot->octets, slot->length),
			slot->length,
			slot->frame->own_fcs ? DISSECT_FCS_PRESENT : DISSECT_FCS_ABSENT, view);
		ret[i] = view;
	}
	patch_runner_fini(&runner);
	return 0;
}

int send_verify(struct send_options *options, const struct send_plan *plan, struct link *link,
	struct capture *capture, struct send_outcome *outcome, struct err *err)
{
	struct arena *arena = &options->common.arena;
	unsigned int count = plan->program.count;
	const struct frame_view **sent = arena_alloc(arena, count * sizeof(*sent));
	uint64_t start = clock_system.now(NULL);
	int rc;

	rc = read_sent(arena, &plan->program, sent, err);
	if (rc < 0)
		return rc;
	rc = verify_run(
		arena, link, &plan->program, sent, capture, TIMEOUT_MS, &outcome->verified, err);
	outcome->transmit.report.asked = count;
	outcome->transmit.report.elapsed_ns = clock_system.now(NULL) - start;
	link_stats(link, &outcome->transmit.report.stats);
	if (rc < 0)
		outcome->transmit.report.not_tried = count - outcome->transmit.report.stats.queued;
	return rc;
}

bool send_verify_holds(const struct send_plan *plan, const struct verify_result *results)
{
	for (unsigned int i = 0; i < plan->program.count; i++)
		if (results[i].outcome > VERIFY_EXPLAINED)
			return false;
	return true;
}
