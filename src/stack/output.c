/* Upper-layer packets out: headers, checksums, fragments. */
#include "stack/ground.h"

#include "base/bytes.h"
#include "wire/checksum.h"

#include <errno.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <string.h>

/* A packet on its way into the batch. */
struct outgoing {
	struct user_stack *stack;
	const struct route *route;
	const struct stack_output *output;
	struct ip_fields fields;
	uint8_t upper[UPPER_MAX]; /* the upper header, with its checksum */
	size_t upper_length;	  /* 0 in a later fragment */
	struct iovec data[2];
	bool unfinished;
	bool in_fragments; /* no device finishes the checksum of those */
	uint16_t segment_size;
};

static size_t data_length(const struct stack_output *output)
{
	return output->data[0].iov_len + output->data[1].iov_len;
}

/* ---- Checksums. */

/* Adds octets that stand behind an odd number of others, or not. */
static uint64_t sum_piece(uint64_t sum, const struct iovec *piece, bool odd)
{
	uint16_t part;

	if (!odd)
		return checksum_add(sum, piece->iov_base, piece->iov_len);
	part = checksum_fold(checksum_add(0, piece->iov_base, piece->iov_len));
	return sum + (uint16_t)(part << 8 | part >> 8);
}

static bool may_leave_unfinished(const struct outgoing *out)
{
	const struct user_stack *stack = out->stack;
	const struct stack_wrap *wrap = stack->config.wrap;

	if (out->route->public.loopback || stack->config.offload_off || (wrap && !wrap->gso) ||
		out->output->bad_checksum || out->in_fragments ||
		(out->fields.protocol != IPPROTO_TCP && out->fields.protocol != IPPROTO_UDP))
		return false;
	/* A record, or a trace, is to show what arrives: a super-frame cannot. */
	return out->segment_size || (!stack->record && !stack->config.trace);
}

/* Takes up to length octets from the front of the pieces. */
static void take_front(struct iovec from[2], size_t length, struct iovec ret[2])
{
	for (int i = 0; i < 2; i++) {
		size_t taken = from[i].iov_len < length ? from[i].iov_len : length;

		ret[i] = (struct iovec){ from[i].iov_base, taken };
		if (!taken) /* perhaps there is no piece */
			continue;
		from[i].iov_base = (uint8_t *)from[i].iov_base + taken;
		from[i].iov_len -= taken;
		length -= taken;
	}
}

/* Of header and data, as many octets as the checksum covers. */
static size_t covered_length(const struct stack_output *output)
{
	size_t length = output->header_length + data_length(output);
	bool less = output->covered >= output->header_length && output->covered < length;

	return less ? output->covered : length;
}

static void put_checksum(struct outgoing *out)
{
	const struct stack_output *output = out->output;
	int at = ip_checksum_offset(out->fields.protocol);
	size_t length = covered_length(output);
	struct iovec rest[2] = { output->data[0], output->data[1] }, data[2];
	uint64_t sum = 0;
	uint16_t value;

	if (at < 0 || output->has_checksum)
		return;
	bytes_put_be16(out->upper + at, 0);
	if (out->fields.protocol != IPPROTO_ICMP)
		sum = checksum_pseudo(out->fields.source, out->fields.destination,
			out->fields.address_length, out->fields.protocol, (uint32_t)length);
	out->unfinished = may_leave_unfinished(out) && length <= IP_PAYLOAD_MAX;
	if (out->unfinished) {
		bytes_put_be16(out->upper + at, checksum_fold(sum));
		return;
	}
	sum = checksum_add(sum, out->upper, output->header_length);
	take_front(rest, length - output->header_length, data);
	sum = sum_piece(sum, &data[0], false);
	sum = sum_piece(sum, &data[1], data[0].iov_len & 1);
	value = checksum_finish(sum);
	if (!value && out->fields.protocol == IPPROTO_UDP)
		value = UINT16_MAX; /* RFC 768: 0 would say that there is none */
	if (output->bad_checksum)
		value = (uint16_t)checksum_bad(value, false, 0);
	bytes_put_be16(out->upper + at, value);
}

/* ---- The batch. */

void user_flush(struct user_stack *stack)
{
	struct batch *batch = &stack->batch;
	struct err err;

	if (!batch->count)
		return;
	for (unsigned int i = 0; i < batch->count; i++)
		ground_seen(stack, &batch->messages[i]);
	if (stack->outside->ops->send(
		    stack->outside, batch->messages, batch->count, &stack->failures, &err))
		ground_fail(stack, &err);
	stack->counters.frames_out += batch->count;
	batch->count = 0;
}

/* Everything before the upper header; 0: it does not fit. */
static size_t put_headers(const struct outgoing *out, uint8_t *ret, size_t room)
{
	const struct user_stack *stack = out->stack;
	const struct route *route = out->route;
	struct stack_wrap *wrap = stack->config.wrap;
	const struct hop *hop = route->hop;
	uint8_t *at = ret;

	if (wrap && hop)
		return wrap->ops->put(wrap, &out->fields, hop->mac, ret, room);
	if (hop) {
		memcpy(at, hop->mac, sizeof(hop->mac));
		memcpy(at + 6, ground_mac(stack, route->interface), 6);
		bytes_put_be16(
			at + 12, out->fields.address_length == 4 ? ETHERTYPE_IP : ETHERTYPE_IPV6);
		at += ETH_HEADER;
	}
	at += ip_write(&out->fields, at);
	return (size_t)(at - ret);
}

static void message_fill(
	const struct outgoing *out, size_t before, uint8_t *headers, struct outside_message *ret)
{
	*ret = (struct outside_message){
		.loopback = out->route->public.loopback,
		.address_length = out->fields.address_length,
		.interface = out->route->public.interface,
		.unfinished = out->unfinished,
		.sum_start = (uint16_t)before,
		.segment_size = out->segment_size,
		.header_length = (uint16_t)(before + out->upper_length),
		.protocol = out->fields.protocol,
	};
	memcpy(ret->destination, out->route->public.destination, sizeof(ret->destination));
	if (out->unfinished)
		ret->sum_offset = (uint16_t)ip_checksum_offset(out->fields.protocol);
	ret->parts[ret->count++] = (struct iovec){ headers, before + out->upper_length };
	for (int i = 0; i < 2; i++)
		if (out->data[i].iov_len)
			ret->parts[ret->count++] = out->data[i];
}

/* ---- Packets. */

static int emit(struct outgoing *out)
{
	struct user_stack *stack = out->stack;
	struct batch *batch = &stack->batch;
	struct outside_message *message;
	uint8_t *headers;
	size_t before;

	if (batch->count == OUTSIDE_SEND_MAX)
		user_flush(stack);
	message = &batch->messages[batch->count];
	headers = batch->headers[batch->count];
	before = put_headers(out, headers, HEADERS_MAX - UPPER_MAX);
	if (!before)
		return -EMSGSIZE;
	memcpy(headers + before, out->upper, out->upper_length);
	message_fill(out, before, headers, message);
	if (out->route->hop && out->route->hop->state == HOP_ASKING)
		return ground_hold(stack, out->route->hop, message,
			&(struct held_packet){ .protocol = out->fields.protocol,
				.network = before - stack_route_header(&out->route->public),
				.transport = before });
	batch->count++;
	return 0;
}

/* RFC 791 3.2, RFC 8200 4.5: every part but the last in units of 8 octets. */
static int emit_fragments(struct outgoing *out)
{
	size_t header = stack_route_header(&out->route->public) +
			(out->fields.address_length == 16 ? IP_V6_FRAGMENT : 0);
	uint32_t mtu = out->route->public.mtu;
	size_t most = mtu > header ? (mtu - header) / IP_FRAGMENT_UNIT * IP_FRAGMENT_UNIT : 0;
	size_t left = out->output->header_length + data_length(out->output);
	struct iovec rest[2] = { out->output->data[0], out->output->data[1] };
	int r = 0;

	if (most < UPPER_MAX || left > IP_PAYLOAD_MAX)
		return -EMSGSIZE;
	out->fields.fragment = true;
	out->fields.dont_fragment = false;
	while (left && !r) {
		size_t length = left < most ? left : most;

		out->fields.more = length < left;
		out->fields.length = length;
		take_front(rest, length - out->upper_length, out->data);
		r = emit(out);
		out->fields.fragment_offset += (uint32_t)length;
		out->upper_length = 0;
		left -= length;
	}
	return r;
}

static uint32_t next_id(struct user_stack *stack, const struct stack_output *output)
{
	uint32_t id = stack->ip_id;

	/* The kernel numbers the segments of a super-frame onward from its own. */
	stack->ip_id += 1;
	if (output->segment_size)
		stack->ip_id += (uint32_t)(data_length(output) / output->segment_size);
	return id;
}

static void outgoing_fill(struct outgoing *out, const struct stack_output *output)
{
	const struct stack_route *route = &out->route->public;

	out->fields = (struct ip_fields){
		.address_length = route->address_length,
		.traffic_class = output->traffic_class,
		.hop_limit = output->hop_limit ? output->hop_limit : IP_DEFAULT_HOPS,
		.protocol = output->protocol,
		.source = route->source,
		.destination = route->destination,
		.length = output->header_length + data_length(output),
		.dont_fragment = true,
		.id = next_id(out->stack, output),
	};
	memcpy(out->upper, output->header, output->header_length);
	out->upper_length = output->header_length;
	out->data[0] = output->data[0];
	out->data[1] = output->data[1];
	if (output->segment_size && data_length(output) > output->segment_size)
		out->segment_size = output->segment_size;
}

int stack_output(struct user_stack *stack, const struct stack_route *route,
	const struct stack_output *output)
{
	struct outgoing out = {
		.stack = stack, .route = (const struct route *)(const void *)route, .output = output
	};
	size_t length;

	if (output->header_length > UPPER_MAX)
		return -EMSGSIZE;
	if (out.route->hop) {
		hop_use(stack, out.route->hop);
		if (out.route->hop->state == HOP_SILENT)
			return -EHOSTUNREACH;
	}
	outgoing_fill(&out, output);
	if (out.segment_size && out.fields.length > route->burst)
		return -EMSGSIZE;
	length = stack_route_header(route) + out.fields.length;
	out.in_fragments = !out.segment_size && length > route->mtu;
	if (out.in_fragments && !output->fragment)
		return -EMSGSIZE;
	put_checksum(&out);
	return out.in_fragments ? emit_fragments(&out) : emit(&out);
}

void ground_send_resolution(
	struct user_stack *stack, int interface, const uint8_t *octets, size_t length)
{
	struct stack_wrap *wrap = stack->config.wrap;
	uint8_t wrapped[HEADERS_MAX + RESOLUTION_FRAME_MAX];

	if (wrap) {
		length = wrap->ops->put_link(wrap, octets, length, wrapped, sizeof(wrapped));
		octets = wrapped;
	}
	if (!length)
		return;
	user_flush(stack);
	stack->batch.messages[0] = (struct outside_message){
		.address_length = 4,
		.interface = interface,
		.parts = { { (void *)(uintptr_t)octets, length } },
		.count = 1,
	};
	stack->batch.count = 1;
	user_flush(stack);
}
