/* From templates to the frames of a run, each with its FCS as it is to leave. */
#include "cli/send/send.h"

#include "frame/compile.h"
#include "frame/sign.h"
#include "link/backends.h"

#include <errno.h>
#include <linux/if.h>
#include <stdio.h>
#include <string.h>

#define ETH_HEADER	14U
#define ETHERTYPE_8021Q 0x8100U
#define VLAN_TAG	4U

/* Another host's facts: values that are as good as any, and marked. */
static int resolve_elsewhere(void *context, const char *name, const uint8_t *destination,
	size_t length, char *text, size_t size, bool *placeholder, struct err *err)
{
	/* An MTU is most often the same, and sizes hang on it. */
	if (cli_resolve_known(context, name, destination, length, text, size, placeholder, err) < 0)
		return resolver_placeholder.resolve(
			NULL, name, destination, length, text, size, placeholder, err);
	*placeholder = true;
	return 0;
}

static struct resolver plan_resolver(
	const struct send_options *options, const struct interface *interface)
{
	struct resolver resolver = resolver_placeholder;

	if (interface) {
		resolver.resolve = options->dry_run ? cli_resolve_known : cli_resolve;
		/* The resolver only reads it; its context is not const for others' sake. */
		resolver.context = (void *)(uintptr_t)interface;
	}
	if (options->elsewhere)
		resolver.resolve = resolve_elsewhere;
	return resolver;
}

/* The specs of all templates, in turn. */
static int read_specs(struct send_options *options, const struct interface *interface,
	struct frame_spec **ret, unsigned int *ret_count, struct err *err)
{
	struct arena *arena = &options->common.arena;
	struct resolver resolver = plan_resolver(options, interface);
	struct template *templates;
	struct frame_spec *specs;
	unsigned int count = 0;
	size_t template_count;
	int rc = common_templates(&options->common, &resolver, &templates, &template_count, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < template_count; i++)
		count += templates[i].count;
	specs = arena_alloc(arena, count * sizeof(*specs));
	*ret = specs;
	*ret_count = count;
	for (size_t i = 0; i < template_count; i++) {
		memcpy(specs, templates[i].frames, templates[i].count * sizeof(*specs));
		specs += templates[i].count;
	}
	return 0;
}

static int probe_device(const struct send_options *options, const struct interface *interface,
	const struct frame_spec *specs, unsigned int count, struct fcs_device *ret, struct err *err)
{
	bool depends = false;
	int rc;

	if (!interface) {
		*ret = (struct fcs_device){
			.name = options->write, .driver = "", .is_file = true, .replaces = true
		};
		return 0;
	}
	*ret = (struct fcs_device){ .name = interface->name, .driver = interface->driver };
	if (interface->flags & IFF_LOOPBACK)
		ret->driver = "loopback"; /* it names none */
	for (unsigned int i = 0; i < count; i++)
		depends |= fcs_depends_on_device(specs[i].fcs.mode, options->fcs);
	if (!depends)
		return 0;
	rc = link_packet_probe_fcs(interface, err);
	ret->replaces = rc > 0;
	return rc < 0 ? rc : 0;
}

/* A file's link type says of all its frames that they end in an FCS: so once one has ours, all do.
 */
static void level_ways(enum fcs_way *ways, unsigned int count)
{
	bool some = false;

	for (unsigned int i = 0; i < count; i++)
		some |= ways[i] == FCS_REPLACE;
	for (unsigned int i = 0; some && i < count; i++)
		ways[i] = FCS_REPLACE;
}

static int choose_ways(const struct send_options *options, struct send_plan *plan,
	const struct frame_spec *specs, unsigned int count, enum fcs_way *ways, struct err *err)
{
	for (unsigned int i = 0; i < count; i++) {
		int rc = fcs_choose(specs[i].name, specs[i].fcs.mode, options->fcs, &plan->device,
			&ways[i], err);

		if (rc < 0)
			return rc;
	}
	if (plan->device.is_file) {
		if (options->common.with_fcs)
			ways[0] = FCS_REPLACE;
		level_ways(ways, count);
	}
	for (unsigned int i = 0; i < count; i++)
		fcs_summarize(&plan->fcs, specs[i].fcs.mode, options->fcs, ways[i]);
	return 0;
}

/* The frames as they are at their first turn. */
static int view_frames(struct arena *arena, struct send_plan *plan,
	const struct frame_compiled *compiled, struct err *err)
{
	unsigned int count = plan->program.count;
	struct patch_runner runner;
	int rc = 0;

	if (patch_runner_init(&runner, &plan->program, 1))
		return err_system(err, ENOMEM, "cannot make the frames");
	plan->views = arena_alloc(arena, count * sizeof(*plan->views));
	for (unsigned int i = 0; rc == 0 && i < count; i++) {
		uint64_t index = patch_program_first(&plan->program, i);

		patch_runner_make(&runner, index, runner.slots);
		rc = frame_compiled_view(
			arena, compiled, index, runner.slots, &plan->views[i], err);
		if (rc == 0)
			plan->placeholders |= cli_has_placeholder(&plan->views[i]);
	}
	patch_runner_fini(&runner);
	return rc;
}

static int build_frames(struct send_options *options, struct send_plan *plan,
	const struct frame_spec *specs, unsigned int count, struct err *err)
{
	struct arena *arena = &options->common.arena;
	enum fcs_way *ways = arena_alloc(arena, count * sizeof(*ways));
	int rc = choose_ways(options, plan, specs, count, ways, err);
	struct frame_compiled compiled;

	if (rc)
		return rc;
	rc = frame_compile(arena, specs, count, ways, options->common.seed, &compiled, err);
	if (rc)
		return rc;
	plan->compiled = compiled;
	plan->ways = ways;
	plan->program = compiled.program;
	plan->frames = compiled.program.frames;
	plan->own_fcs = true;
	for (unsigned int i = 0; i < count; i++)
		plan->own_fcs &= ways[i] == FCS_REPLACE;
	return view_frames(arena, plan, &compiled, err);
}

static bool draws_numbers(const struct patch_program *program)
{
	for (unsigned int i = 0; i < program->count; i++) {
		const struct patch_varying *varying = program->frames[i].varying;

		for (unsigned int j = 0; varying && j < varying->generator_count; j++)
			if (varying->generators[j].source == PATCH_RANDOM ||
				varying->generators[j].source == PATCH_SHUFFLE)
				return true;
	}
	return false;
}

/* What the kernel refuses with no more than "Invalid argument". */
static int check_headers(const struct send_plan *plan, struct err *err)
{
	for (unsigned int i = 0; i < plan->program.count; i++) {
		const struct patch_frame *frame = &plan->frames[i];
		unsigned int length = patch_frame_shortest(frame);

		if (length < ETH_HEADER)
			return err_result(err,
				"frame \"%s\" is %u octets: an interface sends none of fewer than "
				"%u, the Ethernet header; into a file (-w, without -i) it can go",
				frame->name, length, ETH_HEADER);
	}
	return 0;
}

/* Every frame of this size, whatever its template says. */
static void set_sizes(struct frame_spec *specs, unsigned int count, uint32_t size)
{
	for (unsigned int i = 0; i < count; i++)
		specs[i].size = (struct spec_size){
			.mode = SPEC_SIZE_FRAME,
			.vary = { .kind = VARY_INC,
				.step = 1,
				.first.number = size,
				.last.number = size },
		};
}

static int sign(const struct send_options *options, struct arena *arena, struct send_plan *plan,
	struct frame_spec **specs, unsigned int count, struct err *err)
{
	uint32_t *grown = arena_alloc(arena, count * sizeof(*grown));

	plan->grown = grown;
	return frame_sign(arena, *specs, count, options->stamp_every, specs, grown, err);
}

int send_plan(struct send_options *options, const struct interface *interface,
	struct send_plan *ret, struct err *err)
{
	struct frame_spec *specs;
	unsigned int count;
	int rc;

	*ret = (struct send_plan){ .interface = options->transmit.to_file ? NULL : interface };
	rc = fuzz_prepare(&options->common, &options->fuzz, err);
	if (rc == 0)
		rc = read_specs(options, interface, &specs, &count, err);
	if (rc == 0 && options->frame_size)
		set_sizes(specs, count, options->frame_size);
	if (rc == 0 && options->sign)
		rc = sign(options, &options->common.arena, ret, &specs, count, err);
	if (rc == 0)
		rc = probe_device(options, ret->interface, specs, count, &ret->device, err);
	if (rc == 0)
		rc = build_frames(options, ret, specs, count, err);
	if (rc == 0 && ret->interface)
		rc = check_headers(ret, err);
	if (rc < 0)
		return rc;
	ret->random = options->fuzz.on || options->pace.gap == PACE_POISSON ||
		      draws_numbers(&ret->program);
	/* A duration alone repeats the templates until it is over, and a ramp is one. */
	ret->duration_ns = options->duration_ns;
	if (!options->counted && !options->duration_ns)
		ret->duration_ns = options->pace.rate.ns;
	if (options->counted || ret->duration_ns)
		ret->asked = options->count;
	else
		ret->asked = ret->program.pass;
	return 0;
}

bool send_oversize(
	const struct interface *interface, const struct patch_frame *frame, struct err *err)
{
	const char *name = interface->name;
	unsigned int length = patch_frame_longest(frame);
	unsigned int need = length - ETH_HEADER;
	unsigned int most = interface->mtu + ETH_HEADER;
	bool tagged = length > ETH_HEADER &&
		      (unsigned int)(frame->octets[12] << 8 | frame->octets[13]) == ETHERTYPE_8021Q;

	/* The kernel lets a frame that begins with an 802.1Q tag be longer by it, and no other tag.
	 */
	if (tagged) {
		most += VLAN_TAG;
		need -= VLAN_TAG;
	}
	if (length <= most)
		return false;
	err_result(err,
		"frame \"%s\" is %u octets, but %s takes %u (MTU %u): raise it with \"ip link set "
		"%s mtu %u\", or make the frame shorter",
		frame->name, length, name, most, interface->mtu, name, need);
	return true;
}
