/* Whether the kernel's UDP segmentation makes a program's frames. */
#include "link/gso_check.h"

#include "base/bytes.h"
#include "base/err.h"
#include "link/interface.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ETH_HEADER  14U
#define VLAN_TAG    4U
#define UDP_HEADER  8U
#define IPV4_HEADER 20U /* at least */
#define IPV6_HEADER 40U
#define PROTO_UDP   17U

uint16_t gso_fold(uint32_t sum, const uint8_t *octets, uint32_t length)
{
	for (uint32_t i = 0; i + 1 < length; i += 2)
		sum += bytes_get_be16(octets + i);
	if (length % 2)
		sum += (uint32_t)octets[length - 1] << 8;
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)((sum & 0xffff) + (sum >> 16));
}

uint16_t gso_pseudo(const struct gso_flow *flow, const uint8_t *frame, uint32_t length)
{
	/* RFC 768, RFC 8200 8.1: the addresses stand one behind the other. */
	const uint8_t *addresses = frame + flow->ip + (flow->ipv4 ? 12 : 8);

	return gso_fold(PROTO_UDP + length, addresses, flow->ipv4 ? 8 : 32);
}

/* subject may be NULL: the field that is in the way. */
static int unsuited(const struct interface *interface, const struct patch_frame *frame,
	const char *subject, const char *why, struct err *err)
{
	int r = err_system(err, EOPNOTSUPP, "%s: gso cannot send frame \"%s\": %s%s",
		interface->name, frame->name, subject ? subject : "", why);

	err_hint(err, "; use --backend packet");
	return r;
}

/* Finds the headers; a reason where they are not those of a plain UDP datagram. */
static const char *find_headers(const uint8_t *octets, uint32_t length, struct gso_flow *flow)
{
	uint32_t at = ETH_HEADER;
	uint32_t ip_length, header;
	uint16_t type;

	if (length <= ETH_HEADER + IPV4_HEADER + UDP_HEADER)
		return "it is no UDP datagram";
	type = bytes_get_be16(octets + 12);
	if (type == 0x8100) {
		type = bytes_get_be16(octets + 16);
		at += VLAN_TAG;
	}
	flow->ip = at;
	flow->ipv4 = type == 0x0800 && octets[at] >> 4 == 4;
	if (!flow->ipv4 && (type != 0x86dd || octets[at] >> 4 != 6))
		return "it is no UDP datagram over IPv4 or IPv6, with one VLAN tag at most";
	header = flow->ipv4 ? (octets[at] & 15U) * 4 : IPV6_HEADER;
	ip_length = flow->ipv4 ? bytes_get_be16(octets + at + 2)
			       : IPV6_HEADER + bytes_get_be16(octets + at + 4);
	flow->udp = at + header;
	flow->payload = flow->udp + UDP_HEADER;
	flow->length = length;
	if (octets[at + (flow->ipv4 ? 9 : 6)] != PROTO_UDP || header < IPV4_HEADER ||
		flow->payload >= length)
		return "it is no UDP datagram with a payload";
	if (flow->ipv4 && (bytes_get_be16(octets + at + 6) & 0x3fff))
		return "it is a fragment";
	if (at + ip_length < length)
		return "it is padded, as it has fewer than 60 octets";
	if (at + ip_length != length ||
		flow->udp + bytes_get_be16(octets + flow->udp + 4) != length)
		return "its lengths are given, and not the right ones";
	return NULL;
}

static const struct patch_sum *find_sum(const struct patch_image *image, uint32_t offset)
{
	for (unsigned int i = 0; image && i < image->sum_count; i++)
		if (image->sums[i].offset == offset && image->sums[i].kind != PATCH_SUM_PSEUDO)
			return &image->sums[i];
	return NULL;
}

/* Checksums that vary are worked out by the program, and so right unless told otherwise. */
static const char *check_sums(
	const struct gso_flow *flow, const uint8_t *octets, const struct patch_image *image)
{
	const struct patch_sum *ip = find_sum(image, flow->ip + 10);
	const struct patch_sum *udp = find_sum(image, flow->udp + 6);
	uint32_t length = flow->length - flow->udp;
	uint16_t pseudo = gso_pseudo(flow, octets, length);

	if (udp ? udp->bad
		: gso_fold(pseudo, octets + flow->udp, length) != 0xffff ||
				!bytes_get_be16(octets + flow->udp + 6))
		return "its UDP checksum is not the right one, which the kernel gives it";
	if (flow->ipv4 && (!ip || ip->bad))
		return "its IPv4 checksum is not the right one, which the kernel gives it";
	return NULL;
}

/* What is written must be payload, or the id. */
static int check_writes(const struct interface *interface, const struct patch_frame *frame,
	const struct patch_image *image, struct gso_flow *flow, struct err *err)
{
	const struct patch_generator *generators = frame->varying->generators;

	for (unsigned int i = 0; i < image->write_count; i++) {
		const struct patch_write *write = &image->writes[i];
		const struct patch_generator *g = &generators[write->generator];

		if (write->bit >= 8 * flow->payload)
			continue;
		if (!flow->ipv4 || write->bit != 8 * (flow->ip + 4) || write->width != 16)
			return unsuited(interface, frame, g->name,
				" varies; the frames of one flow may differ in payload alone", err);
		if (g->source == PATCH_COUNT && g->step == 1 && g->divisor == 1 && !write->shift)
			flow->id = g;
	}
	return 0;
}

int gso_check_program(const struct interface *interface, const struct patch_program *program,
	struct gso_flow *ret, struct err *err)
{
	const struct patch_frame *frame = program->frames;
	const struct patch_varying *varying = frame->varying;
	const struct patch_image *image = varying ? varying->images : NULL;
	struct gso_flow flow = { 0 };
	const char *why = NULL;
	int r = 0;

	if (program->count > 1)
		why = "others are sent in turn with it";
	else if (frame->own_fcs)
		why = "it has an FCS of ours";
	else if (frame->gap_ns)
		why = "it has a gap after each";
	else if (varying && varying->image_count > 1)
		why = "its length, or which fields it has, varies";
	if (!why)
		why = find_headers(image ? image->octets : frame->octets, frame->length, &flow);
	if (!why && varying)
		r = check_writes(interface, frame, image, &flow, err);
	if (!why && !r && flow.ipv4 && !flow.id)
		why = "the kernel counts ipv4.id up from frame to frame: give it id: {inc: "
		      "0..65535}";
	if (!why && !r)
		why = check_sums(&flow, frame->octets, image);
	if (why)
		return unsuited(interface, frame, NULL, why, err);
	if (!r)
		*ret = flow;
	return r;
}

/* What leaves cutting and checksums to the device, where it is active. */
static bool leaves_work(const struct interface_feature *feature)
{
	static const char *const names[] = { "tx-udp-segmentation", "tx-checksum-ip-generic",
		"tx-checksum-ipv4", "tx-checksum-ipv6" };

	for (size_t i = 0; feature->active && i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(feature->name, names[i]))
			return true;
	return false;
}

/*
 * Without hardware behind it, an interface hands on what is left to hardware as it is: frames that
 * nobody cut, with checksums that nobody made, of which it counts many as one.
 */
static int check_software(const struct interface *interface, struct err *err)
{
	struct interface_feature *features;
	size_t count;
	bool left = false, fixed = false;
	int r;

	if (interface->has_device)
		return 0;
	r = interface_features_read(interface, &features, &count, err);
	if (r)
		return r;
	for (size_t i = 0; i < count; i++) {
		left |= leaves_work(&features[i]);
		fixed |= leaves_work(&features[i]) && !features[i].changeable;
	}
	free(features);
	if (!left)
		return 0;
	r = err_system(err, EOPNOTSUPP,
		"%s: gso would leave cutting and checksums to hardware that is not there",
		interface->name);
	if (fixed)
		err_hint(err, ", and it cannot be told not to; use --backend packet");
	else
		err_hint(err, "; \"ethtool -K %s tx off\" has the kernel do both", interface->name);
	return r;
}

int gso_check_interface(const struct link_config *config, const struct gso_flow *flow,
	const struct patch_frame *frame, struct err *err)
{
	const struct interface *interface = config->interface;
	uint32_t most = interface->mtu + flow->ip;
	int r;

	if (config->qdisc_bypass)
		return err_system(err, EOPNOTSUPP,
			"%s: gso needs the queueing discipline's way out: leave --qdisc-bypass out",
			interface->name);
	/* The kernel does not look. */
	if (flow->length > most) {
		r = err_system(err, EMSGSIZE, "%s: frame \"%s\" is %u octets, and it takes %u",
			interface->name, frame->name, flow->length, most);
		err_hint(err, "; raise it: ip link set %s mtu %u", interface->name,
			flow->length - flow->ip);
		return r;
	}
	return check_software(interface, err);
}
