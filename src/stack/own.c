/* Addresses of our own on the link: probed for before use, announced, and answered for. */
#include "stack/ground.h"

#include "base/err.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

/* RFC 5227 2.1.1 waits seconds and RFC 4862 5.4 one; who asks for an address by hand wants it now,
 * and whoever has it answers within milliseconds. */
#define PROBES	 3
#define PROBE_NS 100000000ULL

static const uint8_t nobody[16];

static bool is_in_range(const struct user_stack *stack, const uint8_t *address, size_t length)
{
	return stack->own.length == length && !memcmp(stack->own.address, address, length - 1) &&
	       (unsigned int)(address[length - 1] - stack->own.address[length - 1]) <
		       stack->own.count;
}

bool own_has(const struct user_stack *stack, const uint8_t *address, size_t length)
{
	return stack->own.on && is_in_range(stack, address, length);
}

void own_address(const struct user_stack *stack, unsigned int index, uint8_t ret[16])
{
	memcpy(ret, stack->own.address, sizeof(stack->own.address));
	ret[stack->own.length - 1] = (uint8_t)(ret[stack->own.length - 1] + index);
}

unsigned int own_index(const struct user_stack *stack, const uint8_t *address)
{
	size_t last = stack->own.length - 1U;

	return (uint8_t)(address[last] - stack->own.address[last]);
}

static struct resolution_self self_of(const struct user_stack *stack, const uint8_t *address)
{
	return (struct resolution_self){
		.address_length = stack->own.length, .mac = stack->own.mac, .address = address
	};
}

static void announce(struct user_stack *stack)
{
	uint8_t frame[RESOLUTION_FRAME_MAX], address[16];
	struct resolution_self self = self_of(stack, address);

	for (unsigned int i = 0; i < stack->own.count; i++) {
		own_address(stack, i, address);
		ground_send_resolution(
			stack, stack->only, frame, resolution_write_answer(&self, NULL, frame));
	}
}

static void probe(struct user_stack *stack)
{
	struct resolution_self self = self_of(stack, nobody);
	uint8_t frame[RESOLUTION_FRAME_MAX], address[16];

	for (unsigned int i = 0; i < stack->own.count; i++) {
		own_address(stack, i, address);
		ground_send_resolution(stack, stack->only, frame,
			resolution_write_question(&self, address, frame));
	}
}

static int claim(struct user_stack *stack, struct err *err)
{
	char text[INET6_ADDRSTRLEN] = "";

	stack->own.probing = true;
	for (int i = 0; i < PROBES && !stack->own.duplicate; i++) {
		probe(stack);
		ground_listen(stack, stack->clock->now(stack->clock->context) + PROBE_NS);
	}
	stack->own.probing = false;
	if (stack->failure.kind != ERR_NONE) {
		*err = stack->failure;
		return -EIO;
	}
	if (stack->own.duplicate) {
		inet_ntop(stack->own.length == 4 ? AF_INET : AF_INET6, stack->own.contested, text,
			sizeof(text));
		return err_system(err, EADDRINUSE, "%s is somebody else's on this link", text);
	}
	announce(stack);
	return 0;
}

/* On this host: on the link of a tunnel another may have the same. */
static int hold(struct user_stack *stack, struct err *err)
{
	const struct outside_ops *ops = stack->outside->ops;
	uint8_t address[16];
	int r = 0;

	if (!ops->hold || stack->config.wrap)
		return 0;
	for (unsigned int i = 0; !r && i < stack->own.count; i++) {
		own_address(stack, i, address);
		r = ops->hold(stack->outside, stack->only, address, stack->own.length, err);
	}
	return r;
}

/* ---- what it is */

static void take_source(struct user_stack *stack)
{
	const struct stack_config *config = &stack->config;
	uint64_t drawn = user_random(stack);

	stack->own.on = stack->own.resolves = true;
	stack->own.length = config->source->length;
	stack->own.count = config->source_count ? config->source_count : 1;
	memcpy(stack->own.address, config->source->octets, sizeof(stack->own.address));
	if (config->source_mac) {
		memcpy(stack->own.mac, config->source_mac, sizeof(stack->own.mac));
	} else {
		memcpy(stack->own.mac, &drawn, sizeof(stack->own.mac));
		stack->own.mac[0] = 0x02; /* locally administered, one device's: IEEE 802 8.4 */
	}
	memcpy(stack->own.link_mac, stack->own.mac, sizeof(stack->own.link_mac));
}

/* The addresses are those of the frame. Behind tags and in tunnels nobody resolves the host's
 * either: the kernel does not see who asks. */
static int take_wrapped(struct user_stack *stack, struct err *err)
{
	const struct stack_config *config = &stack->config;
	const struct stack_wrap *wrap = config->wrap;

	if (config->source &&
		(config->source->length != wrap->address_length ||
			memcmp(config->source->octets, wrap->source, wrap->address_length) != 0))
		return err_input(err, NULL,
			"--source-ip and the template's source address differ; leave one out");
	if (config->source_count > 1)
		return err_input(err, NULL, "--source-ip has a range: a template has one address");
	if (config->source_mac && memcmp(config->source_mac, wrap->mac, sizeof(wrap->mac)) != 0)
		return err_input(
			err, NULL, "--source-mac and the template's eth.src differ; leave one out");
	stack->own.on = config->source;
	stack->own.resolves = wrap->resolves && (stack->own.on || wrap->overhead);
	stack->own.length = wrap->address_length;
	stack->own.count = 1;
	memcpy(stack->own.address, wrap->source, sizeof(stack->own.address));
	memcpy(stack->own.mac, wrap->mac, sizeof(stack->own.mac));
	memcpy(stack->own.link_mac, wrap->outer_mac, sizeof(stack->own.link_mac));
	return 0;
}

/* Lets in what comes to it. Groups of a tunnel's link come to its end. */
static int join(struct user_stack *stack, struct err *err)
{
	const struct interface *interface = ground_interface(stack, stack->only, err);
	const struct outside_ops *ops = stack->outside->ops;
	uint8_t group[6], address[16];
	int r = 0;

	if (!interface)
		return -ENODEV;
	stack->own.has_link_mac = true;
	if (memcmp(stack->own.link_mac, interface->mac, sizeof(stack->own.link_mac)) != 0)
		r = ops->join(stack->outside, stack->only, stack->own.link_mac, err);
	if (r || stack->own.length != 16 || !stack->own.resolves ||
		(stack->config.wrap && stack->config.wrap->ethernet))
		return r;
	for (unsigned int i = 0; !r && i < stack->own.count; i++) {
		own_address(stack, i, address);
		resolution_group_mac(address, group);
		r = ops->join(stack->outside, stack->only, group, err);
	}
	return r;
}

/* RFC 1122 3.2.1.3, RFC 4291 2.7. */
static bool is_of_a_host(const uint8_t *address, size_t length)
{
	return !ip_is_zero(address, length) && !ip_is_multicast(address, length) &&
	       !ip_is_everybody(address, length) && !ip_is_loopback(address, length);
}

static int check_addresses(struct user_stack *stack, struct err *err)
{
	uint8_t address[16];

	if (!stack->config.wrap && !is_of_a_host(stack->own.address, stack->own.length))
		return err_input(
			err, NULL, "--source-ip is no address that a host on a link can have");

	if (stack->own.address[stack->own.length - 1] + stack->own.count > OWN_MAX)
		return err_input(
			err, NULL, "so many addresses of our own do not fit in a /24, or /120");
	for (unsigned int i = 0; i < stack->own.count; i++) {
		own_address(stack, i, address);
		if (address_look_up(stack, address, stack->own.length)->local)
			return err_input(err, NULL,
				"--source-ip is an address of this host; leave it "
				"out, and the kernel is kept silent");
	}
	return 0;
}

int own_open(struct user_stack *stack, struct err *err)
{
	int r = 0;

	if (stack->config.wrap)
		r = take_wrapped(stack, err);
	else if (stack->config.source)
		take_source(stack);
	else
		return 0;
	if (!r && stack->own.on)
		r = check_addresses(stack, err);
	if (!r && stack->own.on)
		r = hold(stack, err);
	if (!r)
		r = join(stack, err);
	if (!r && stack->own.on && stack->own.resolves)
		r = claim(stack, err);
	return r;
}

/* ---- who asks for it */

/* The address of ours that somebody else has, or wants at the same time; NULL. */
static const uint8_t *claim_of(const struct user_stack *stack, const struct resolution *heard)
{
	size_t length = heard->address_length;

	if (heard->has_mac && !memcmp(heard->mac, stack->own.mac, sizeof(stack->own.mac)))
		return NULL;
	if (!heard->answer && is_in_range(stack, heard->sender, length))
		return heard->sender;
	if ((heard->answer || heard->probe) && is_in_range(stack, heard->target, length))
		return heard->target;
	return NULL;
}

static void look_for_claim(struct user_stack *stack, const struct resolution *heard)
{
	const uint8_t *address = claim_of(stack, heard);

	if (!address)
		return;
	stack->own.duplicate = true;
	memcpy(stack->own.contested, address, stack->own.length);
}

bool own_hear_claim(struct user_stack *stack, int interface, const struct resolution *heard)
{
	if (!stack->own.resolves || interface != stack->only || !stack->own.probing)
		return false;
	look_for_claim(stack, heard);
	return stack->own.duplicate;
}

bool own_is_asked(const struct user_stack *stack, int interface, const struct resolution *heard)
{
	return stack->own.resolves && interface == stack->only && !stack->own.probing &&
	       !heard->answer && is_in_range(stack, heard->target, heard->address_length);
}

void own_answer(struct user_stack *stack, int interface, const struct resolution *heard)
{
	struct resolution_self self = self_of(stack, heard->target);
	uint8_t frame[RESOLUTION_FRAME_MAX];

	ground_send_resolution(
		stack, interface, frame, resolution_write_answer(&self, heard, frame));
}
