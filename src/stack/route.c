/* Ways to destinations: by the host's routes, from the host's address or our own. */
#include "stack/ground.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define KNOWN_NS 1000000000ULL /* an address may come and go */

#define V4_LENGTH_MAX 65535U
#define BURST	      65495U /* fits behind the IP header of either version */

static struct route *route_of(const struct stack_route *public)
{
	return (struct route *)(uintptr_t) public;
}

static struct route *of_entry(struct tuple_entry *entry)
{
	return (struct route *)(void *)((uint8_t *)entry - offsetof(struct route, entry));
}

size_t stack_route_header(const struct stack_route *route)
{
	const struct stack_wrap *wrap = route_of(route)->stack->config.wrap;

	if (wrap)
		return wrap->ip_header;
	return route->address_length == 4 ? IP_V4_HEADER : IP_V6_HEADER;
}

/* Where it goes, before there is an object for it. */
struct way {
	struct interface_route route;
	uint8_t hop[16];
};

static int refuse_own(
	const struct user_stack *stack, const struct stack_address *destination, struct err *err)
{
	if (destination->length != stack->own.length)
		return err_input(err, NULL,
			"--source-ip and the other end are of different IP "
			"versions");
	if (own_has(stack, destination->octets, destination->length))
		return err_input(err, NULL, "--source-ip is the other end's address");
	return 0;
}

/* From an address of our own, the first unless one is asked for: out of its interface, whatever the
 * host would do. */
static int own_way(struct user_stack *stack, const struct stack_address *destination,
	const uint8_t *source, struct way *ret, struct err *err)
{
	const struct outside_ops *ops = stack->outside->ops;
	int r = refuse_own(stack, destination, err);

	if (r)
		return r;
	memset(ret, 0, sizeof(*ret));
	/* Without a route out of the interface, or one that thinks the host meant, all are on the
	 * link: the host may have no address of this network. */
	if (ops->route(stack->outside, stack->only, destination->octets, destination->length,
		    &ret->route, NULL) ||
		ret->route.local)
		ret->route = (struct interface_route){ .index = stack->only };
	ret->route.has_source = true;
	if (!source || !own_has(stack, source, destination->length))
		source = stack->own.address;
	memcpy(ret->route.source, source, destination->length);
	return 0;
}

static int host_way(struct user_stack *stack, const struct stack_address *destination,
	const uint8_t *source, struct way *ret, struct err *err)
{
	int index = stack->only ? stack->only : (int)destination->scope;
	int r = stack->outside->ops->route(
		stack->outside, index, destination->octets, destination->length, &ret->route, err);

	if (r)
		return r;
	if (source && !ip_is_zero(source, destination->length)) {
		memcpy(ret->route.source, source, destination->length);
		ret->route.has_source = true;
	}
	if (!ret->route.has_source && ret->route.local) {
		memcpy(ret->route.source, destination->octets, destination->length);
		ret->route.has_source = true;
	}
	if (!ret->route.has_source)
		return err_system(err, EADDRNOTAVAIL,
			"the interface has no address of this IP version to send from");
	return 0;
}

/* With outer layers: their interface and source, whatever the host would do. */
static int wrapped_way(const struct user_stack *stack, const struct stack_address *destination,
	struct way *ret, struct err *err)
{
	const struct stack_wrap *wrap = stack->config.wrap;

	if (destination->length != wrap->address_length)
		return err_input(err, NULL, "the template speaks IPv%d, the other end does not",
			wrap->address_length == 4 ? 4 : 6);
	memset(ret, 0, sizeof(*ret));
	ret->route = (struct interface_route){ .index = stack->only, .has_source = true };
	memcpy(ret->route.source, wrap->source, sizeof(ret->route.source));
	return 0;
}

static int find_way(struct user_stack *stack, const struct stack_address *destination,
	const uint8_t *source, struct way *ret, struct err *err)
{
	int r = stack->config.wrap ? wrapped_way(stack, destination, ret, err)
		: stack->own.on	   ? own_way(stack, destination, source, ret, err)
				   : host_way(stack, destination, source, ret, err);

	if (!r && !stack->config.wrap && !ret->route.local &&
		ip_is_loopback(destination->octets, destination->length))
		r = err_input(err, NULL,
			"a loopback address is this host's, and nobody's on a link: leave out -i");
	if (!r)
		memcpy(ret->hop, ret->route.has_gateway ? ret->route.gateway : destination->octets,
			sizeof(ret->hop));
	return r;
}

static uint32_t first_mtu(struct user_stack *stack, const struct interface *interface,
	const struct stack_route *public)
{
	const struct stack_wrap *wrap = stack->config.wrap;
	uint32_t mtu = interface->mtu;
	uint32_t told = path_mtu_find(
		&stack->path_mtu, public->destination, public->address_length, stack->now);

	if (wrap && !public->loopback)
		mtu = mtu > wrap->overhead ? mtu - (uint32_t)wrap->overhead : 0;
	if (public->address_length == 4 && mtu > V4_LENGTH_MAX)
		mtu = V4_LENGTH_MAX;
	return told && told < mtu ? told : mtu;
}

static size_t burst_of(const struct user_stack *stack, const struct stack_route *public)
{
	const struct stack_wrap *wrap = stack->config.wrap;

	if (public->loopback || stack->config.offload_off || (wrap && !wrap->gso))
		return 0;
	return BURST - (wrap ? wrap->overhead + wrap->ip_header : 0);
}

static int check_interface(const struct interface *interface, bool loopback, struct err *err)
{
	if (!(interface->flags & IFF_UP))
		return err_system(err, ENETDOWN, "cannot send on %s", interface->name);
	if (!loopback && !interface->has_mac)
		return err_system(
			err, EOPNOTSUPP, "%s carries no Ethernet frames", interface->name);
	return 0;
}

static int route_new(struct route **ret, struct user_stack *stack,
	const struct stack_address *destination, const struct way *way, struct err *err)
{
	const struct interface *interface = ground_interface(stack, way->route.index, err);
	struct route *route;
	int r;

	if (!interface)
		return -ENODEV;
	r = check_interface(interface, way->route.local, err);
	if (r)
		return r;
	route = calloc(1, sizeof(*route));
	if (!route)
		return err_system(err, ENOMEM, "no memory for a route");
	route->stack = stack;
	route->references = 1;
	route->interface = interface;
	route->public.address_length = destination->length;
	memcpy(route->public.source, way->route.source, destination->length);
	memcpy(route->public.destination, destination->octets, destination->length);
	route->public.interface = interface->index;
	route->public.loopback = way->route.local;
	route->public.broadcast = way->route.broadcast ||
				  ip_is_multicast(destination->octets, destination->length) ||
				  ip_is_everybody(destination->octets, destination->length);
	route->public.mtu = first_mtu(stack, interface, &route->public);
	if (way->route.mtu && way->route.mtu < route->public.mtu)
		route->public.mtu = way->route.mtu;
	route->public.burst = burst_of(stack, &route->public);
	if (!way->route.local)
		route->hop = hop_get(
			stack, interface, way->hop, destination->length, route->public.source);
	if (!way->route.local && !route->hop) {
		free(route);
		return err_system(err, ENOMEM, "no memory for a route");
	}
	if (stack->config.wrap && !stack->config.wrap->asks)
		hop_settle(stack, route->hop);
	*ret = route;
	return 0;
}

int stack_route_get(struct stack_route **ret, struct user_stack *stack,
	const struct stack_address *destination, const uint8_t *source, struct err *err)
{
	struct tuple asked = tuple_of(
		destination->length, source, (uint16_t)destination->scope, destination->octets, 0);
	struct tuple_entry *entry = tuple_find(&stack->routes, &asked);
	struct route *route;
	struct way way;
	int r;

	if (entry) {
		route = of_entry(entry);
		route->references++;
		*ret = &route->public;
		return 0;
	}
	r = find_way(stack, destination, source, &way, err);
	if (!r)
		r = route_new(&route, stack, destination, &way, err);
	if (r)
		return r;
	route->entry.tuple = asked;
	tuple_add(&stack->routes, &route->entry);
	*ret = &route->public;
	return 0;
}

struct stack_route *stack_route_back(struct user_stack *stack, const struct stack_packet *packet)
{
	const struct interface *interface = ground_interface(stack, packet->interface, NULL);
	struct route *route = &stack->back.route;
	size_t length = packet->address_length;

	if (!packet->mac || !interface || interface->flags & IFF_LOOPBACK)
		return NULL;
	*route = (struct route){ .stack = stack, .interface = interface, .hop = &stack->back.hop };
	route->public.address_length = packet->address_length;
	memcpy(route->public.source, packet->destination, length);
	memcpy(route->public.destination, packet->source, length);
	route->public.interface = interface->index;
	route->public.mtu = first_mtu(stack, interface, &route->public);
	memcpy(stack->back.hop.mac, packet->mac, sizeof(stack->back.hop.mac));
	hop_settle(stack, &stack->back.hop);
	return &route->public;
}

void stack_route_introduce(struct stack_route *route)
{
	struct route *whole = route_of(route);
	struct user_stack *stack = whole->stack;

	if (stack->own.on && stack->own.resolves && whole->hop)
		hop_introduce(stack, whole->hop, route->source);
}

void stack_route_put(struct stack_route *route)
{
	struct route *whole;

	if (!route)
		return;
	whole = route_of(route);
	if (--whole->references)
		return;
	tuple_remove(&whole->stack->routes, &whole->entry);
	hop_put(whole->stack, whole->hop);
	free(whole);
}

void routes_fit(struct user_stack *stack, const struct interface *interface)
{
	for (size_t i = 0; i < stack->routes.size; i++) {
		struct tuple_entry *entry = stack->routes.buckets[i];

		for (; entry; entry = entry->next) {
			struct route *route = of_entry(entry);
			uint32_t mtu;

			if (route->interface != interface)
				continue;
			mtu = first_mtu(stack, interface, &route->public);
			if (mtu < route->public.mtu)
				route->public.mtu = mtu;
		}
	}
}

void routes_lower(struct user_stack *stack, const uint8_t *destination, size_t length, uint32_t mtu)
{
	path_mtu_lower(&stack->path_mtu, destination, length, mtu, stack->now);
	for (size_t i = 0; i < stack->routes.size; i++) {
		struct tuple_entry *entry = stack->routes.buckets[i];

		for (; entry; entry = entry->next) {
			struct stack_route *public = &of_entry(entry)->public;

			if (public->address_length == length && public->mtu > mtu &&
				!memcmp(public->destination, destination, length))
			public->mtu = mtu;
		}
	}
}

const struct known_address *address_look_up(
	struct user_stack *stack, const uint8_t *address, size_t length)
{
	struct known_address *known =
		&stack->known[(address[length - 1] ^ address[length - 2]) % KNOWN_ADDRESSES];
	struct interface_route route = { 0 };

	if (known->address_length == length && !memcmp(known->address, address, length) &&
		stack->now < known->until)
		return known;
	stack->outside->ops->route(stack->outside, 0, address, length, &route, NULL);
	*known = (struct known_address){
		.address_length = (uint8_t)length,
		.local = route.local,
		.broadcast = route.broadcast || ip_is_everybody(address, length),
		.owner = route.owner,
		.until = stack->now + KNOWN_NS,
	};
	memcpy(known->address, address, length);
	return known;
}
