/* Asks the link who has an address, by ARP and by neighbour discovery. */
#include "flow/neighbour.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/err.h"
#include "frame/build.h"
#include "link/backends.h"
#include "link/capture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define TRIES	    3
#define MILLISECOND 1000000U
#define FILTER_SIZE 192

#define IPV4_LENGTH 4
#define IPV6_LENGTH 16
#define MAC_LENGTH  6

#define ARP_REQUEST 1

/* RFC 4861 4.3, 4.6.1 and 7.1.1: other hop limits are dropped as coming from outside the link. */
#define ND_SOLICITATION	 135
#define ND_SOURCE_OPTION 1
#define ND_TARGET_OPTION 2
#define ND_HOP_LIMIT	 255
#define ND_OPTION_LENGTH 8

struct question {
	struct arena arena;
	const struct interface *interface;
	const uint8_t *hop;
	size_t length;
	struct patch_frame request;
	char filter[FILTER_SIZE];    /* passes the answer alone */
	char text[INET6_ADDRSTRLEN]; /* hop, for messages */
};

/* A layer of a frame of ours: the fields that follow are the table's. */
static struct spec_layer *layer_add(
	struct question *q, struct frame_spec *spec, const char *protocol)
{
	return spec_layer_add(spec, &q->arena, wire_protocol_find(protocol));
}

static void give(struct spec_layer *layer, const char *field, struct wire_value value)
{
	int index = wire_field_find(&layer->protocol->header, field);

	layer->header.values[index].state = SPEC_GIVEN;
	layer->header.values[index].value = value;
}

static void give_number(struct spec_layer *layer, const char *field, uint64_t number)
{
	give(layer, field, (struct wire_value){ .number = number });
}

static void give_octets(
	struct spec_layer *layer, const char *field, const uint8_t *octets, size_t length)
{
	give(layer, field, (struct wire_value){ .octets = octets, .length = length });
}

static int request_build(struct question *q, const struct frame_spec *spec, struct err *err)
{
	struct frame_view view;
	int rc = frame_build(&q->arena, spec, &view, err);

	if (rc < 0)
		return rc;
	q->request = (struct patch_frame){
		.name = spec->name,
		.octets = view.octets,
		.length = view.length,
		.weight = 1,
	};
	return 0;
}

/* RFC 826. Without an address of our own the sender is 0.0.0.0: an ARP probe, RFC 5227 1.1. */
static int arp_request(struct question *q, struct err *err)
{
	static const uint8_t broadcast[MAC_LENGTH] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	static const uint8_t none[IPV4_LENGTH];
	const struct interface *interface = q->interface;
	struct frame_spec spec = { .name = "arp-request" };
	struct spec_layer *layer = layer_add(q, &spec, "eth");

	give_octets(layer, "dst", broadcast, MAC_LENGTH);
	give_octets(layer, "src", interface->mac, MAC_LENGTH);
	layer = layer_add(q, &spec, "arp");
	give_number(layer, "op", ARP_REQUEST);
	give_octets(layer, "sha", interface->mac, MAC_LENGTH);
	give_octets(layer, "spa", interface->has_ipv4 ? interface->ipv4 : none, IPV4_LENGTH);
	give_octets(layer, "tpa", q->hop, IPV4_LENGTH);
	snprintf(q->filter, sizeof(q->filter), "arp[6:2] = 2 and arp src host %s", q->text);
	return request_build(q, &spec, err);
}

/* RFC 4861 7.2.2, to the solicited-node group of RFC 4291 2.7.1 and its MAC of RFC 2464 7. */
static int solicitation(struct question *q, struct err *err)
{
	const uint8_t *hop = q->hop;
	const struct interface *interface = q->interface;
	uint8_t group_mac[MAC_LENGTH] = { 0x33, 0x33, 0xff, hop[13], hop[14], hop[15] };
	uint8_t group[IPV6_LENGTH] = { 0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, hop[13],
		hop[14], hop[15] };
	uint8_t option[ND_OPTION_LENGTH] = { ND_SOURCE_OPTION, 1 };
	struct frame_spec spec = { .name = "neighbour-solicitation" };
	struct spec_layer *layer = layer_add(q, &spec, "eth");

	give_octets(layer, "dst", group_mac, MAC_LENGTH);
	give_octets(layer, "src", interface->mac, MAC_LENGTH);
	layer = layer_add(q, &spec, "ipv6");
	give_octets(layer, "src", interface->ipv6, IPV6_LENGTH);
	give_octets(layer, "dst", group, IPV6_LENGTH);
	give_number(layer, "hop-limit", ND_HOP_LIMIT);
	layer = layer_add(q, &spec, "icmpv6");
	give_number(layer, "type", ND_SOLICITATION);
	give_octets(layer, "target", hop, IPV6_LENGTH);
	memcpy(option + 2, interface->mac, MAC_LENGTH);
	layer = layer_add(q, &spec, "payload");
	give_octets(layer, "data", option, sizeof(option));
	/* An advertisement whose target is hop. */
	snprintf(q->filter, sizeof(q->filter),
		"icmp6 and ip6[40] = 136 and ip6[48:4] = %u and ip6[52:4] = %u "
		"and ip6[56:4] = %u and ip6[60:4] = %u",
		bytes_get_be32(hop), bytes_get_be32(hop + 4), bytes_get_be32(hop + 8),
		bytes_get_be32(hop + 12));
	return request_build(q, &spec, err);
}

/* The address in the advertisement's target option; RFC 4861 7.2.4 lets an answer go without. */
static const uint8_t *target_option(const struct frame_view *view, const struct view_layer *layer)
{
	for (unsigned int i = 0; i < layer->header.count; i++) {
		const struct view_field *list = &layer->header.fields[i];

		for (unsigned int j = 0; j < list->count; j++) {
			const struct view_record *item = &list->items[j];

			if (view->octets[item->offset] == ND_TARGET_OPTION &&
				item->length == ND_OPTION_LENGTH)
				return view->octets + item->offset + 2;
		}
	}
	return NULL;
}

static bool answer_read(
	struct question *q, const struct capture_frame *frame, uint8_t ret_mac[MAC_LENGTH])
{
	const char *name = q->length == IPV4_LENGTH ? "arp" : "icmpv6";
	const struct view_layer *layer;
	const uint8_t *mac = NULL;
	struct frame_view view;

	frame_dissect(
		&q->arena, &wire_eth, frame->octets, frame->captured, DISSECT_FCS_ABSENT, &view);
	layer = view_layer_find(&view, wire_protocol_find(name), 1);
	if (!layer)
		return false;
	if (q->length == IPV4_LENGTH) {
		const struct view_field *sha = view_field_find(&layer->header, "sha");

		mac = sha && sha->width == 8 * MAC_LENGTH ? view_value(&view, sha).octets : NULL;
	} else {
		mac = target_option(&view, layer);
		if (!mac)
			mac = view.octets + MAC_LENGTH; /* eth.src */
	}
	if (!mac)
		return false;
	memcpy(ret_mac, mac, MAC_LENGTH);
	return true;
}

/* One try: 1 with the answer, 0 without. */
static int ask_once(struct question *q, struct link *link, struct capture *capture,
	unsigned int timeout_ms, uint8_t ret_mac[MAC_LENGTH], struct err *err)
{
	struct patch_program program;
	uint64_t at = clock_system.now(NULL);
	uint64_t deadline = at + (uint64_t)timeout_ms * MILLISECOND;
	int rc;

	patch_program_init(&program, &q->request, 1);
	rc = link_run(link, &program, 0, 1, err);
	if (rc < 0)
		return rc;
	for (; at < deadline; at = clock_system.now(NULL)) {
		struct capture_frame frame;
		int wait_ms = (int)((deadline - at + MILLISECOND - 1) / MILLISECOND);

		rc = capture_next(capture, &frame, wait_ms, err);
		if (rc < 0)
			return rc;
		if (rc > 0 && answer_read(q, &frame, ret_mac))
			return 1;
	}
	return 0;
}

static int unanswered(const struct question *q, unsigned int timeout_ms, struct err *err)
{
	err_result(err,
		"nobody on %s answers for %s (%d %s, %u ms each); give eth.dst, or see that it is "
		"there and up",
		q->interface->name, q->text, TRIES,
		q->length == IPV4_LENGTH ? "ARP requests" : "neighbour solicitations", timeout_ms);
	return -EHOSTUNREACH;
}

static int ask(
	struct question *q, unsigned int timeout_ms, uint8_t ret_mac[MAC_LENGTH], struct err *err)
{
	struct capture_config listen = { .interface = q->interface->name,
		.filter = q->filter,
		.direction = CAPTURE_IN,
		.immediate = true,
		.buffer_kib = 256 };
	struct link_config plain = link_config_plain(q->interface);
	struct capture *capture = NULL;
	struct link *link = NULL;
	int rc;

	/* Armed before the first request: the answer takes microseconds. */
	rc = capture_open(&capture, &listen, err);
	if (rc < 0)
		return rc;
	rc = link_packet_open(&link, &plain, NULL, err);
	for (int try = 0; try < TRIES && rc == 0; try++)
		rc = ask_once(q, link, capture, timeout_ms, ret_mac, err);
	if (rc == 0)
		rc = unanswered(q, timeout_ms, err);
	link_close(link, NULL);
	capture_close(capture);
	return rc > 0 ? 0 : rc;
}

int neighbour_resolve(const struct interface *interface, const uint8_t *hop, size_t length,
	unsigned int timeout_ms, uint8_t ret_mac[6], struct err *err)
{
	struct question q = { .interface = interface, .hop = hop, .length = length };
	bool ipv4 = length == IPV4_LENGTH;
	int rc = interface_neighbour(interface, hop, length, ret_mac, err);

	if (rc != -ENOENT)
		return rc;
	inet_ntop(ipv4 ? AF_INET : AF_INET6, hop, q.text, sizeof(q.text));
	if (!interface->has_mac)
		return err_result(err, "%s has no MAC address to ask for %s with; give eth.dst",
			interface->name, q.text);
	/* From :: a solicitation would be duplicate address detection, RFC 4862 5.4.2. */
	if (!ipv4 && !interface->has_ipv6)
		return err_result(err, "%s has no IPv6 address to ask for %s with; give eth.dst",
			interface->name, q.text);
	arena_init(&q.arena);
	rc = ipv4 ? arp_request(&q, err) : solicitation(&q, err);
	if (rc == 0)
		rc = ask(&q, timeout_ms, ret_mac, err);
	arena_fini(&q.arena);
	return rc;
}
