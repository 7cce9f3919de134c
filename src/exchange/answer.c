/* Answers who asks for an address, and tells such frames from others. */
#include "exchange/answer.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "frame/build.h"

#include <string.h>

static struct wire_value value_of(
	const struct frame_view *view, const struct view_layer *layer, const char *name)
{
	const struct view_field *field = view_field_find(&layer->header, name);

	return field ? view_value(view, field) : (struct wire_value){ 0 };
}

static void give(struct spec_layer *layer, const char *name, const struct wire_value *value)
{
	int row = wire_field_find(&layer->protocol->header, name);

	layer->header.values[row].state = SPEC_GIVEN;
	layer->header.values[row].value = *value;
}

static bool build(struct arena *arena, const struct frame_spec *spec, const uint8_t **ret,
	uint32_t *ret_length)
{
	struct frame_view view;

	if (frame_build(arena, spec, &view, NULL))
		return false;
	*ret = view.octets;
	*ret_length = view.length;
	return true;
}

static void eth_add(struct arena *arena, struct frame_spec *spec, const struct wire_value *to,
	const struct wire_value *from)
{
	struct spec_layer *eth = spec_layer_add(spec, arena, &wire_eth);

	give(eth, "dst", to);
	give(eth, "src", from);
}

static bool arp_make(struct arena *arena, const struct frame_view *view,
	const struct view_layer *arp, const struct wire_value *mac, const uint8_t **ret,
	uint32_t *ret_length)
{
	const struct wire_value sha = value_of(view, arp, "sha");
	const struct wire_value spa = value_of(view, arp, "spa");
	const struct wire_value tpa = value_of(view, arp, "tpa");
	struct frame_spec spec = { 0 };
	struct spec_layer *layer;

	if (value_of(view, arp, "op").number != 1 || sha.length != 6 || spa.length != 4 ||
		tpa.length != 4 || bytes_are_zero(spa.octets, spa.length) ||
		!memcmp(spa.octets, tpa.octets, 4))
		return false;
	eth_add(arena, &spec, &sha, mac);
	layer = spec_layer_add(&spec, arena, wire_protocol_find("arp"));
	give(layer, "op", &(struct wire_value){ .number = 2 });
	give(layer, "sha", mac);
	give(layer, "spa", &tpa);
	give(layer, "tha", &sha);
	give(layer, "tpa", &spa);
	return build(arena, &spec, ret, ret_length);
}

static void target_option_add(
	struct arena *arena, struct spec_layer *icmp, const struct wire_value *mac)
{
	int row = wire_field_find(&icmp->protocol->header, "options");
	const struct wire_list *list = icmp->protocol->header.fields[row].list;
	struct spec_record *item = arena_alloc(arena, sizeof(*item));
	int meant;

	for (unsigned int i = 0; list->items[i]; i++) {
		if (list->items[i]->id != 2) /* RFC 4861 4.6.1: target link-layer address */
			continue;
		spec_record_init(item, arena, list->items[i]);
		meant = wire_item_meant(list, list->items[i], false);
		item->values[meant].state = SPEC_GIVEN;
		item->values[meant].value = *mac;
		icmp->header.values[row].state = SPEC_GIVEN;
		icmp->header.values[row].items = item;
		icmp->header.values[row].count = 1;
	}
}

static bool nd_make(struct arena *arena, const struct frame_view *view, unsigned int index,
	const struct wire_value *mac, const uint8_t **ret, uint32_t *ret_length)
{
	const struct view_layer *ip = &view->layers[index - 1];
	const struct view_layer *icmp = &view->layers[index];
	const struct wire_value from = value_of(view, ip, "src");
	const struct wire_value target = value_of(view, icmp, "target");
	const struct wire_value to = value_of(view, &view->layers[0], "src");
	struct frame_spec spec = { 0 };
	struct spec_layer *layer;

	if (value_of(view, icmp, "type").number != 135 || target.length != 16 ||
		from.length != 16 || bytes_are_zero(from.octets, from.length) || to.length != 6)
		return false;
	eth_add(arena, &spec, &to, mac);
	layer = spec_layer_add(&spec, arena, ip->protocol);
	give(layer, "src", &target);
	give(layer, "dst", &from);
	give(layer, "hop-limit", &(struct wire_value){ .number = 255 });
	layer = spec_layer_add(&spec, arena, icmp->protocol);
	give(layer, "type", &(struct wire_value){ .number = 136 });
	give(layer, "solicited", &(struct wire_value){ .number = 1 });
	give(layer, "override", &(struct wire_value){ .number = 1 });
	give(layer, "target", &target);
	target_option_add(arena, layer, mac);
	return build(arena, &spec, ret, ret_length);
}

/* The index of the first layer of this protocol that stands right behind eth, or of IP; 0: none. */
static unsigned int layer_find(const struct frame_view *view, const char *name, unsigned int at)
{
	const struct wire_protocol *protocol = wire_protocol_find(name);

	for (unsigned int i = at; i < view->count && i <= at + 1; i++)
		if (view->layers[i].protocol == protocol)
			return i;
	return 0;
}

bool answer_make(struct arena *arena, const struct frame_view *asked, const uint8_t mac[6],
	const uint8_t **ret, uint32_t *ret_length)
{
	const struct wire_value ours = { .octets = mac, .length = 6 };
	unsigned int at;

	if (asked->count < 2 || asked->layers[0].protocol != &wire_eth)
		return false;
	if (asked->layers[1].protocol == wire_protocol_find("arp"))
		return arp_make(arena, asked, &asked->layers[1], &ours, ret, ret_length);
	at = layer_find(asked, "icmpv6", 2);
	return at && asked->layers[at - 1].protocol == wire_protocol_find("ipv6") &&
	       nd_make(arena, asked, at, &ours, ret, ret_length);
}

bool answer_is_background(const struct frame_view *view)
{
	const struct view_field *type;
	unsigned int at;
	uint64_t number;

	if (view->count < 2)
		return false;
	if (view->layers[1].protocol == wire_protocol_find("arp") || layer_find(view, "igmp", 2))
		return true;
	at = layer_find(view, "icmpv6", 2); /* MLD's stands behind a hop-by-hop header */
	type = at ? view_field_find(&view->layers[at].header, "type") : NULL;
	if (!type)
		return at;
	number = view_value(view, type).number;
	return (number >= 130 && number <= 137) || number == 143;
}
