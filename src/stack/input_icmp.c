/* ICMP and ARP in: errors reach their flows, next hops and an own address's questions their
 * answers; and what an own address says to datagrams that nobody wants. */
#include "stack/ground.h"

#include <netinet/in.h>
#include <string.h>

#define ERRORS_AT_ONCE 50U
#define ERROR_NS       1000000U /* between two, on average */

#define ICMP_ECHO_REQUEST   8
#define ICMP_ECHO_REPLY	    0
#define ICMPV6_ECHO_REQUEST 128
#define ICMPV6_ECHO_REPLY   129

static void take_error(struct user_stack *stack, const struct outside_frame *frame,
	const struct stack_packet *packet)
{
	struct icmp_error read;
	struct stack_error error;

	if (icmp_error_read(packet->address_length, packet->octets, packet->length, &read))
		return;
	error = (struct stack_error){
		.address_length = read.address_length,
		.source = read.source,
		.destination = read.destination,
		.source_port = read.source_port,
		.destination_port = read.destination_port,
		.sequence = read.sequence,
		.error = read.error,
		.hard = read.hard,
		.mtu = read.mtu,
	};
	if (!ground_tell(stack, read.protocol, &error))
		return;
	ground_heard(stack, frame, NULL);
	stack->counters.icmp_errors++;
	stack->counters.too_long += read.protocol == IPPROTO_UDP && read.error == EMSGSIZE;
	if (read.mtu)
		routes_lower(stack, read.destination, read.address_length, read.mtu);
}

/* Sends back to whom a packet came from. */
static void answer(struct user_stack *stack, const struct stack_packet *packet,
	const struct stack_output *output)
{
	const struct stack_address to = stack_packet_sender(packet, 0);
	struct stack_route *route;

	if (stack_route_get(&route, stack, &to, packet->destination, NULL))
		return;
	stack_output(stack, route, output);
	user_flush(stack); /* the data is the packet's */
	stack_route_put(route);
}

/* RFC 1122 3.2.2.6, RFC 4443 4.2: for an own address nobody else does. */
static void answer_echo(struct user_stack *stack, const struct stack_packet *packet)
{
	bool v4 = packet->address_length == 4;
	uint8_t header[ICMP_HEADER];
	const struct stack_output output = {
		.protocol = packet->protocol,
		.fragment = true,
		.header = header,
		.header_length = sizeof(header),
		.data = { { (void *)(uintptr_t)(packet->octets + ICMP_HEADER),
			packet->length - ICMP_HEADER } },
	};

	memcpy(header, packet->octets, sizeof(header));
	header[0] = v4 ? ICMP_ECHO_REPLY : ICMPV6_ECHO_REPLY;
	answer(stack, packet, &output);
}

void ground_resolution(
	struct user_stack *stack, const struct outside_frame *frame, const struct resolution *heard)
{
	bool claimed = own_hear_claim(stack, frame->interface, heard);
	bool asked = own_is_asked(stack, frame->interface, heard);

	/* Before what we send upon it, in the record. */
	if (claimed || asked || hop_is_told(stack, frame->interface, heard))
		ground_heard(stack, frame, NULL);
	if (asked)
		own_answer(stack, frame->interface, heard);
	hop_learn(stack, frame->interface, heard);
}

static void take_neighbour_message(struct user_stack *stack, const struct outside_frame *frame,
	const struct stack_packet *packet)
{
	struct resolution heard;

	if (stack->config.wrap && !packet->wrapped) /* of another link */
		return;
	if (resolution_read_neighbour(
		    packet->source, packet->hop_limit, packet->octets, packet->length, &heard))
		return;
	ground_resolution(stack, frame, &heard);
}

void ground_icmp(struct user_stack *stack, const struct outside_frame *frame,
	const struct stack_packet *packet)
{
	bool v4 = packet->address_length == 4;
	uint8_t request = v4 ? ICMP_ECHO_REQUEST : ICMPV6_ECHO_REQUEST;

	if (packet->length < ICMP_HEADER)
		return;
	if (packet->octets[0] == request) {
		if (packet->own && packet->unicast &&
			!stack_packet_is_from_broadcast(stack, packet)) {
			ground_heard(stack, frame, NULL);
			answer_echo(stack, packet);
		}
		return;
	}
	if (!v4)
		take_neighbour_message(stack, frame, packet);
	take_error(stack, frame, packet);
}

/* A bucket of tokens: so many at once, and so many a second. */
static bool may_send_error(struct user_stack *stack)
{
	struct allowance *errors = &stack->errors;

	errors->left += stack->now - errors->at;
	errors->at = stack->now;
	if (errors->left > ERRORS_AT_ONCE * ERROR_NS)
		errors->left = ERRORS_AT_ONCE * ERROR_NS;
	if (errors->left < ERROR_NS)
		return false;
	errors->left -= ERROR_NS;
	return true;
}

/* An own address answers for its closed ports; what is not for one address alone is not answered:
 * RFC 1122 3.2.2. TCP refuses by itself. */
void ground_refuse_datagram(struct user_stack *stack, const struct stack_packet *packet)
{
	uint8_t message[ICMP_HEADER + ICMP_QUOTE_MAX];
	struct stack_output output = {
		.protocol = packet->address_length == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6,
		.header = message,
		.header_length = ICMP_HEADER,
	};
	size_t length;

	if (!packet->own || !packet->unicast || !packet->header || !may_send_error(stack))
		return;
	length = icmp_unreachable_write(packet->address_length, packet->header,
		packet->header_length, packet->octets, packet->length, message);
	output.data[0] = (struct iovec){ message + ICMP_HEADER, length - ICMP_HEADER };
	answer(stack, packet, &output);
}
