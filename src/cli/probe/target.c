/* Whom a probe asks, in a word or two: out of its frame, made again. */
#include "cli/probe/probe.h"

#include "frame/build.h"
#include "wire/crc32.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TCP_SYN 0x02U
#define TCP_ACK 0x10U

int probe_targets_init(
	struct probe_targets *targets, const struct probe_plan *plan, struct err *err)
{
	*targets = (struct probe_targets){ .plan = plan };
	arena_init(&targets->arena);
	if (patch_runner_init(&targets->runner, &plan->frames.program, 1))
		return err_system(err, ENOMEM, "cannot make the frames");
	return 0;
}

void probe_targets_fini(struct probe_targets *targets)
{
	patch_runner_fini(&targets->runner);
	arena_fini(&targets->arena);
	buffer_fini(&targets->target.text);
	buffer_fini(&targets->target.varies);
}

/* The fields that say whom a layer asks, the better ones first. */
static const struct {
	const char *protocol, *field;
	bool port;
} asked[] = {
	{ "arp", "tpa", false },
	{ "ipv4", "dst", false },
	{ "ipv6", "dst", false },
	{ "icmpv6", "target", false },
	{ "tcp", "dport", true },
	{ "udp", "dport", true },
	{ "udplite", "dport", true },
	{ "sctp", "dport", true },
	{ "dccp", "dport", true },
};

/* Where it stands among the layer's fields; NULL: the layer asks nobody. */
static const struct view_field *asked_field(const struct view_layer *layer, bool port)
{
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		if (asked[i].port == port && !strcmp(asked[i].protocol, layer->header.type->name))
			return view_field_find(&layer->header, asked[i].field);
	return NULL;
}

static void put_value(
	struct buffer *out, const struct frame_view *view, const struct view_field *field)
{
	struct wire_value value = view_value(view, field);

	wire_value_format(field->field, &value, out);
}

/* Of layers in layers the innermost: who asks through a tunnel asks the one behind it. */
static void put_target(struct buffer *out, const struct frame_view *view)
{
	const struct view_field *host = NULL, *port = NULL, *mac;
	bool is_ipv6 = false;

	for (unsigned int i = 0; i < view->count; i++) {
		const struct view_layer *layer = &view->layers[i];
		const struct view_field *field = asked_field(layer, false);

		if (field) {
			host = field;
			port = NULL;
			is_ipv6 = !strncmp(layer->header.type->name, "i", 1) &&
				  strchr(layer->header.type->name, '6');
		}
		if (asked_field(layer, true))
			port = asked_field(layer, true);
	}
	if (host) {
		buffer_printf(out, "%s", is_ipv6 && port ? "[" : "");
		put_value(out, view, host);
		buffer_printf(out, "%s", is_ipv6 && port ? "]" : "");
	} else if (view->count && (mac = view_field_find(&view->layers[0].header, "dst")) != NULL) {
		put_value(out, view, mac);
	}
	if (host && port) {
		struct wire_value value = view_value(view, port);

		buffer_printf(out, ":%llu", (unsigned long long)value.number);
	}
}

/* "vlan[2].id" is the second of them. */
static const struct view_field *find_named(const struct frame_view *view, const char *name)
{
	const char *dot = strrchr(name, '.');
	char protocol[32];
	unsigned int nth = 1;
	char *bracket;

	if (!dot || (size_t)(dot - name) >= sizeof(protocol))
		return NULL;
	memcpy(protocol, name, (size_t)(dot - name));
	protocol[dot - name] = '\0';
	bracket = strchr(protocol, '[');
	if (bracket) {
		nth = (unsigned int)strtoul(bracket + 1, NULL, 10);
		*bracket = '\0';
	}
	for (unsigned int i = 0; i < view->count; i++) {
		const struct view_layer *layer = &view->layers[i];

		if (!strcmp(layer->header.type->name, protocol) && --nth == 0)
			return view_field_find(&layer->header, dot + 1);
	}
	return NULL;
}

/* What varies and is neither part of the target nor of no matter for who reads it. */
static bool is_told(const struct frame_view *view, const struct view_field *field, const char *name)
{
	static const char *const untold[] = { "checksum", "sport", "src", "length" };

	for (size_t i = 0; i < sizeof(untold) / sizeof(untold[0]); i++)
		if (!strcmp(field->field->name, untold[i]))
			return false;
	for (unsigned int i = 0; i < view->count; i++)
		if (field == asked_field(&view->layers[i], false) ||
			field == asked_field(&view->layers[i], true))
			return false;
	return strncmp(name, "payload", 7) != 0 && strcmp(name, "ipv4.id") != 0 &&
	       field->field->kind != WIRE_BYTES;
}

static void put_varying(
	struct buffer *out, const struct frame_view *view, const struct patch_varying *varying)
{
	const struct view_field *last = NULL;

	for (unsigned int i = 0; i < varying->generator_count; i++) {
		const char *name = varying->generators[i].name;
		const struct view_field *field = find_named(view, name);

		/* A wide field has a generator a word. */
		if (!field || field == last || !is_told(view, field, name))
			continue;
		last = field;
		buffer_printf(out, "%s%s=", out->length ? " " : "", field->field->name);
		put_value(out, view, field);
	}
}

static int port_kind(const struct frame_view *view)
{
	int kind = PROBE_NO_PORT;

	for (unsigned int i = 0; i < view->count; i++) {
		const struct view_record *header = &view->layers[i].header;
		const struct view_field *flags = view_field_find(header, "flags");

		if (!strcmp(header->type->name, "udp"))
			kind = PROBE_UDP;
		else if (!strcmp(header->type->name, "tcp") && flags &&
			 (view_value(view, flags).number & (TCP_SYN | TCP_ACK)) == TCP_SYN)
			kind = PROBE_SYN;
	}
	return kind;
}

const struct probe_target *probe_target_of(struct probe_targets *targets, uint64_t number)
{
	struct patch_slot *slot = &targets->runner.slots[0];
	struct probe_target *target = &targets->target;
	struct frame_view view;
	uint32_t length;

	patch_runner_make(&targets->runner, number, slot);
	length = slot->length -
		 (slot->frame->own_fcs && slot->length >= FCS_LENGTH ? FCS_LENGTH : 0);
	arena_reset(&targets->arena);
	frame_dissect(&targets->arena, &wire_eth, slot->octets, length, DISSECT_FCS_ABSENT, &view);
	buffer_clear(&target->text);
	buffer_clear(&target->varies);
	put_target(&target->text, &view);
	if (slot->frame->varying)
		put_varying(&target->varies, &view, slot->frame->varying);
	target->port = port_kind(&view);
	return target;
}

const char *probe_port_state(
	const struct probe_target *target, const struct answer_verdict *verdict)
{
	bool reply = verdict && verdict->kind == ANSWER_REPLY;

	if (target->port == PROBE_NO_PORT)
		return NULL;
	if (target->port == PROBE_UDP) {
		if (reply)
			return "open";
		if (!verdict)
			return NULL;
		return !strcmp(verdict->what, "port unreachable") ? "closed" : "filtered";
	}
	if (!reply)
		return "filtered";
	if (!strcmp(verdict->what, "SYN-ACK"))
		return "open";
	return !strcmp(verdict->what, "RST") ? "closed" : NULL;
}
