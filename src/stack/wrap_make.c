/* Makes outer layers of packets from a frame of a template. */
#include "stack/wrap_template.h"

#include "base/bytes.h"
#include "base/err.h"
#include "frame/build.h"

#include <stdlib.h>
#include <string.h>

/* Two frames of one network agree in these. */
static const struct {
	const char *protocol, *field;
} networks[] = {
	{ "vlan", "id" },
	{ "svlan", "id" },
	{ "vxlan", "vni" },
	{ "geneve", "vni" },
	{ "gre", "key" },
};

const struct spec_value *wrap_value(const struct spec_layer *layer, const char *name)
{
	int row = wire_field_find(&layer->header.type[0], name);

	if (row < 0 || layer->header.values[row].state == SPEC_AUTO)
		return NULL;
	return &layer->header.values[row];
}

static int cannot_keep(const struct spec_layer *layer, const struct wire_field *field,
	const char *why, struct err *err)
{
	err_input(err, NULL, "%s.%s: %s", layer->protocol->header.name, field->name, why);
	return err_locate(err, &layer->header.at, NULL);
}

static int add_fix(struct template_wrap *wrap, const struct wrap_fix *fix, struct err *err)
{
	if (wrap->fix_count == WRAP_FIXES_MAX)
		return err_input(err, NULL, "more outer layers than can be kept");
	wrap->fixes[wrap->fix_count++] = *fix;
	return 0;
}

static int take_length(struct template_wrap *wrap, const struct spec_layer *layer,
	const struct view_field *field, size_t inner, struct err *err)
{
	const struct wrap_fix fix = {
		.kind = FIX_LENGTH,
		.offset = field->bit / 8,
		.value = (uint16_t)(bytes_get_be16(wrap->octets + field->bit / 8) - inner),
	};

	if (!wire_spans_payload(&field->field->length))
		return 0;
	if (field->width != 16 || field->bit % 8 || field->field->length.unit != 1)
		return cannot_keep(
			layer, field->field, "such a length cannot follow its packet", err);
	return add_fix(wrap, &fix, err);
}

static int take_checksum(struct template_wrap *wrap, const struct spec_layer *layer,
	const struct view_record *header, const struct view_field *field, bool bad, struct err *err)
{
	const struct wrap_fix fix = {
		.kind = FIX_SUM, .offset = header->offset, .length = header->length, .bad = bad
	};

	if (!strcmp(layer->protocol->header.name, "ipv4"))
		return add_fix(wrap, &fix, err);
	/* RFC 768, RFC 6935: none. It covers what is not known here. */
	if (!strcmp(layer->protocol->header.name, "udp") && !bad) {
		bytes_put_be16(wrap->octets + field->bit / 8, 0);
		return 0;
	}
	return cannot_keep(layer, field->field,
		"a checksum over what the layer carries cannot be kept; give it", err);
}

/* Lengths first: checksums cover them. */
static int take_fields(struct template_wrap *wrap, const struct spec_layer *layer,
	const struct view_record *header, enum wire_rule rule, size_t inner, struct err *err)
{
	int r = 0;

	for (unsigned int i = 0; !r && i < header->count; i++) {
		const struct view_field *field = &header->fields[i];
		const struct spec_value *value = wrap_value(layer, field->field->name);
		bool bad = value && value->state == SPEC_BAD;

		if (field->field->rule != rule || (value && !bad))
			continue;
		r = rule == WIRE_LENGTH ? take_length(wrap, layer, field, inner, err)
					: take_checksum(wrap, layer, header, field, bad, err);
	}
	return r;
}

static void take_network(
	struct template_wrap *wrap, const struct frame_view *view, const struct view_layer *layer)
{
	struct wrap_layer *kept = &wrap->layers[wrap->layer_count++];

	*kept = (struct wrap_layer){ .protocol = layer->protocol };
	for (size_t i = 0; i < sizeof(networks) / sizeof(networks[0]); i++) {
		const struct view_field *field;

		if (strcmp(networks[i].protocol, layer->protocol->header.name) != 0)
			continue;
		field = view_field_find(&layer->header, networks[i].field);
		if (!field)
			continue;
		kept->name = networks[i].field;
		kept->value = view_value(view, field).number;
	}
}

/* Where the peer's frames come to, of a tunnel over UDP. */
static void take_outer(
	struct template_wrap *wrap, const struct frame_view *view, unsigned int index)
{
	const struct view_layer *ip = &view->layers[index - 1];
	const struct view_field *port = view_field_find(&view->layers[index].header, "dport");
	const struct view_field *source = view_field_find(&ip->header, "src");

	if (!port || !source || !ip->protocol->ip)
		return;
	wrap->base.outer_port = (uint16_t)view_value(view, port).number;
	wrap->base.outer_length = (uint8_t)(source->width / 8);
	memcpy(wrap->base.outer_source, view->octets + source->bit / 8, source->width / 8);
}

static void take_inner(
	struct template_wrap *wrap, const struct frame_view *view, const struct spec_layer *ip)
{
	const struct view_layer *layer = &view->layers[wrap->layer_count - 1];
	const struct view_field *source = view_field_find(&layer->header, "src");

	wrap->four = !strcmp(ip->protocol->header.name, "ipv4");
	wrap->base.address_length = wrap->four ? 4 : 16;
	memcpy(wrap->base.source, view->octets + source->bit / 8, wrap->base.address_length);
	wrap->has_hops = wrap_value(ip, wrap->four ? "ttl" : "hop-limit");
	wrap->has_dscp = wrap_value(ip, "dscp");
	wrap->has_ecn = wrap_value(ip, "ecn");
	wrap->has_id = wrap_value(ip, "id");
	wrap->has_flags = wrap_value(ip, "flags");
	wrap->has_offset = wrap_value(ip, "frag-offset");
}

/* The index of the layer that the packets bring themselves; 0: there is none. */
static unsigned int upper_of(const struct frame_spec *spec)
{
	unsigned int i = spec->count;

	if (i && spec->layers[i - 1].protocol == &wire_payload)
		i--;
	if (i < 3 || i - 1 > WRAP_LAYERS_MAX || spec->layers[0].protocol != &wire_eth)
		return 0;
	return spec->layers[i - 2].protocol->ip ? i - 1 : 0;
}

static int check_upper(
	const struct frame_spec *spec, unsigned int upper, enum socket_kind kind, struct err *err)
{
	const char *wanted = kind == SOCKET_TCP ? "tcp" : "udp";
	const struct spec_layer *layer = &spec->layers[upper];

	if (!upper) {
		err_input(err, NULL,
			"a conversation wants a frame of eth that ends in %s over ipv4 or ipv6",
			wanted);
		return err_locate(err, &spec->at, NULL);
	}
	if (!strcmp(layer->protocol->header.name, wanted))
		return 0;
	err_input(err, NULL, "the frame ends in %s; a conversation of %s wants one that ends in %s",
		layer->protocol->header.name, wanted, wanted);
	return err_locate(err, &layer->header.at, NULL);
}

static int take_layers(struct template_wrap *wrap, const struct frame_spec *spec,
	const struct frame_view *view, unsigned int upper, struct err *err)
{
	size_t inner = view->layers[upper - 1].end - wrap->end;
	int r = 0;

	for (unsigned int i = 0; !r && i < upper; i++) {
		take_network(wrap, view, &view->layers[i]);
		if (i && i + 1 < upper && !strcmp(view->layers[i].protocol->header.name, "udp"))
			take_outer(wrap, view, i);
		r = take_fields(
			wrap, &spec->layers[i], &view->layers[i].header, WIRE_LENGTH, inner, err);
	}
	/* The innermost first: an outer one might cover it. */
	for (unsigned int i = upper; !r && i-- > 0;)
		r = take_fields(
			wrap, &spec->layers[i], &view->layers[i].header, WIRE_CHECKSUM, inner, err);
	return r;
}

/* The index of the Ethernet header whose link the layer's packets are on, with nothing between but
 * tags; -1: there is none. */
static int ethernet_of(const struct frame_spec *spec, unsigned int ip)
{
	int i = (int)ip - 1;

	while (i > 0 && (!strcmp(spec->layers[i].protocol->header.name, "vlan") ||
				!strcmp(spec->layers[i].protocol->header.name, "svlan")))
		i--;
	return spec->layers[i].protocol == &wire_eth ? i : -1;
}

/* A copy, in which the layer's dst is a place to be filled in. */
static int leave_place(
	struct template_wrap *wrap, unsigned int ethernet, struct frame_spec *spec, struct err *err)
{
	struct arena *arena = &wrap->arena;
	struct spec_layer *layers = arena_copy(arena, spec->layers, spec->count * sizeof(*layers));
	struct spec_layer *layer = &layers[ethernet];

	layer->header.values = arena_copy(
		arena, layer->header.values, wire_eth.header.count * sizeof(*layer->header.values));
	spec->layers = layers;
	wrap->base.asks = true;
	return spec_layer_set(layer, &wrap->arena, "dst", "00:00:00:00:00:00", err);
}

static void take_link(struct template_wrap *wrap, const struct frame_view *view, int ethernet)
{
	memcpy(wrap->base.outer_mac, view->octets + 6, sizeof(wrap->base.outer_mac));
	if (ethernet < 0)
		return;
	wrap->base.resolves = true;
	wrap->base.ethernet = view->layers[ethernet].header.offset;
	memcpy(wrap->base.mac, view->octets + wrap->base.ethernet + 6, sizeof(wrap->base.mac));
}

static int fill(struct template_wrap *wrap, const struct frame_spec *spec, enum socket_kind kind,
	enum wrap_role role, struct err *err)
{
	unsigned int upper = upper_of(spec);
	struct frame_spec whole = *spec;
	struct frame_view view;
	int ethernet, r = check_upper(spec, upper, kind, err);

	if (r)
		return r;
	ethernet = ethernet_of(spec, upper - 1);
	if (ethernet >= 0 && !wrap_value(&spec->layers[ethernet], "dst"))
		r = leave_place(wrap, (unsigned int)ethernet, &whole, err);
	if (!r)
		r = frame_build(&wrap->arena, &whole, &view, err);
	if (r)
		return r;
	wrap->ip = view.layers[upper - 1].header.offset;
	wrap->end = view.layers[upper].header.offset;
	wrap->octets = malloc(wrap->end);
	if (!wrap->octets)
		return err_system(err, ENOMEM, "no memory for outer layers");
	memcpy(wrap->octets, view.octets, wrap->end);
	r = take_layers(wrap, spec, &view, upper, err);
	if (r)
		return r;
	take_inner(wrap, &view, &spec->layers[upper - 1]);
	r = wrap_take_given(wrap, spec, &view, upper, role, err);
	if (r)
		return r;
	take_link(wrap, &view, ethernet);
	wrap->base.ops = &wrap_template_ops;
	wrap->base.ip_header = wrap->end - wrap->ip;
	wrap->base.overhead = wrap->ip - view.layers[0].header.length;
	return 0;
}

int stack_wrap_new(struct stack_wrap **ret, const struct frame_spec *spec, enum socket_kind kind,
	enum wrap_role role, struct err *err)
{
	struct template_wrap *wrap = calloc(1, sizeof(*wrap));
	int r;

	if (!wrap)
		return err_system(err, ENOMEM, "no memory for outer layers");
	arena_init(&wrap->arena);
	r = fill(wrap, spec, kind, role, err);
	if (r) {
		stack_wrap_free(&wrap->base);
		return r;
	}
	*ret = &wrap->base;
	return 0;
}

void stack_wrap_free(struct stack_wrap *wrap)
{
	struct template_wrap *template = (struct template_wrap *)wrap;

	if (!wrap)
		return;
	arena_fini(&template->arena);
	free(template->octets);
	free(template);
}
