/* --complete: the layers that are missing below the first one of a frame. */
#include "template/frame_reader.h"

#include "base/arena.h"

#include <errno.h>
#include <string.h>

static bool is_named_in(const struct wire_protocol *protocol, enum wire_space space)
{
	uint64_t number;

	return wire_protocol_number(protocol, space, &number);
}

/* Whether IPv4 does not carry it, though a number or port would name it there. */
static bool is_over_ipv6(const struct wire_protocol *protocol)
{
	static const char *const names[] = { "icmpv6", "dhcpv6", "ripng" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(protocol->header.name, names[i]))
			return true;
	return protocol->ip_extension || is_named_in(protocol, WIRE_IPV6_PROTOCOL);
}

/* The version of IP below all of them, up to a packet within. */
static const char *ip_below_all(const struct layers *layers)
{
	for (unsigned int i = 0; i < layers->count; i++) {
		const struct wire_protocol *protocol = layers->rows[i].protocol;

		if (protocol == &wire_eth || protocol->ip)
			break;
		if (is_over_ipv6(protocol))
			return "ipv6";
	}
	return "ipv4";
}

/* The protocol that the first layer stands in most often; NULL where there is none that everybody
 * means. */
static const struct wire_protocol *protocol_below(const struct layers *layers)
{
	const struct {
		enum wire_space space;
		const char *below;
	} spaces[] = {
		{ WIRE_ETHERTYPE, "eth" },
		{ WIRE_IP_PROTOCOL, ip_below_all(layers) },
		{ WIRE_UDP_PORT, "udp" },
		{ WIRE_TCP_PORT, "tcp" },
	};

	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++)
		if (is_named_in(layers->rows[0].protocol, spaces[i].space))
			return wire_protocol_find(spaces[i].below);
	return NULL;
}

static bool has_layer(const struct layers *layers, const struct wire_protocol *protocol)
{
	for (unsigned int i = 0; i < layers->count; i++)
		if (layers->rows[i].protocol == protocol)
			return true;
	return false;
}

/* {dst: ...}: the way to the frame's destination; ARP asks all. */
static const struct node *ethernet_body(
	struct arena *arena, const struct layers *layers, const struct position *at)
{
	const char *dst =
		has_layer(layers, wire_protocol_find("arp")) ? "ff:ff:ff:ff:ff:ff" : "$hop.mac";
	struct node *member = node_plain(arena, at, dst);
	struct node *body = arena_alloc(arena, sizeof(*body));

	member->key = "dst";
	member->key_at = *at;
	*body = (struct node){ .kind = NODE_MAPPING, .at = *at, .children = member, .count = 1 };
	return body;
}

int layers_complete(struct reader *reader, struct layers *layers, struct err *err)
{
	while (layers->rows[0].protocol != &wire_eth) {
		struct layer below = { .at = layers->rows[0].at };

		below.protocol = protocol_below(layers);
		if (!below.protocol)
			return err_input(err, &below.at,
				"what %s stands in is not known: name the layers below it",
				layers->rows[0].protocol->header.name);
		if (below.protocol == &wire_eth)
			below.body = ethernet_body(reader->arena, layers, &below.at);
		if (layers_put(reader, layers, 0, &below, err))
			return -EINVAL;
		layers->added++;
	}
	return 0;
}

int layers_added_check(const struct layers *layers, const struct frame_spec *spec, struct err *err)
{
	for (unsigned int i = 0; i < layers->added; i++) {
		const struct spec_layer *layer = &spec->layers[i];
		const char *ip = layer->protocol->header.name;
		int row = wire_field_find(layer->header.type, "dst");

		if (!layer->protocol->ip || row < 0 || layer->header.values[row].state != SPEC_AUTO)
			continue;
		return err_input(err, &layers->rows[i].at,
			"nothing says where %s is to go: write %s(dst=ADDRESS)/ before it, or "
			"--set %s.dst=ADDRESS",
			layers->rows[layers->added].protocol->header.name, ip, ip);
	}
	return 0;
}
