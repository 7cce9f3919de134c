/* user: the stack over a link in memory, where every frame is the test's own. */
#include "stack/user.h"

#include "base/bytes.h"
#include "base/err.h"
#include "stack/icmp.h"
#include "flow/ip.h"
#include "stack/mischief.h"
#include "stack/resolution.h"
#include "tcp/tcp.h"
#include "wire/checksum.h"

#include "../../support/world.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FRAMES	   256
#define FRAME_SIZE 70000
#define ETH	   14

static const uint8_t own[16] = { 10, 9, 0, 77 }, peer[16] = { 10, 9, 0, 2 };
static const uint8_t broadcast[4] = { 10, 9, 0, 255 };
static const uint8_t own_mac[6] = { 2, 0, 0, 0, 0, 77 }, peer_mac[6] = { 2, 0, 0, 0, 0, 2 };

struct frame {
	size_t length;
	uint16_t segment_size;
	bool unfinished;
	uint8_t octets[FRAME_SIZE];
};

/* A world with nobody in it but who the test lets speak. */
struct memory {
	struct support_world world;
	struct frame in[FRAMES], out[FRAMES];
	unsigned int in_count, in_taken, out_count;
	bool somebody_has_it; /* the address that is probed for */
};

static int memory_receive(struct outside *outside, struct outside_frame *ret, struct err *err)
{
	struct memory *memory = (struct memory *)outside;
	int count = 0;

	(void)err;
	while (memory->in_taken < memory->in_count && count < OUTSIDE_RECEIVE_MAX) {
		const struct frame *frame = &memory->in[memory->in_taken++];

		ret[count++] = (struct outside_frame){ .octets = frame->octets,
			.length = frame->length,
			.interface = SUPPORT_INDEX,
			.cast = OUTSIDE_OTHER,
			.unfinished = frame->unfinished,
			.segment_size = frame->segment_size };
	}
	return count;
}

static void answer_probe(struct memory *memory, const struct frame *probe)
{
	const struct resolution_self self = { 4, peer_mac, own };
	struct resolution question;
	struct frame *frame = &memory->in[memory->in_count];

	if (resolution_read_arp(probe->octets + ETH, probe->length - ETH, &question))
		return;
	memory->in_count++;
	frame->length = resolution_write_answer(&self, &question, frame->octets);
	memcpy(frame->octets, own_mac, 6);
}

static int memory_send(struct outside *outside, const struct outside_message *messages,
	unsigned int count, struct outside_failures *failures, struct err *err)
{
	struct memory *memory = (struct memory *)outside;

	(void)failures;
	(void)err;
	for (unsigned int i = 0; i < count; i++) {
		struct frame *frame = &memory->out[memory->out_count++];

		assert_in_range(memory->out_count, 1, FRAMES - 1);
		frame->length = 0;
		frame->segment_size = messages[i].segment_size;
		frame->unfinished = messages[i].unfinished;
		for (unsigned int j = 0; j < messages[i].count; j++) {
			memcpy(frame->octets + frame->length, messages[i].parts[j].iov_base,
				messages[i].parts[j].iov_len);
			frame->length += messages[i].parts[j].iov_len;
		}
		if (memory->somebody_has_it)
			answer_probe(memory, frame);
	}
	return 0;
}

static int memory_route(struct outside *outside, int index, const uint8_t *destination,
	size_t length, struct interface_route *ret, struct err *err)
{
	(void)outside;
	(void)index;
	(void)err;
	*ret = (struct interface_route){
		.index = SUPPORT_INDEX,
		.broadcast = length == 4 && !memcmp(destination, broadcast, 4),
	};
	return 0;
}

static const struct outside_ops memory_ops = {
	.receive = memory_receive,
	.send = memory_send,
	.route = memory_route,
};

struct scene {
	struct memory memory;
	struct stack *stack;
	struct socket *socket;
	struct stack_address local, to;
	struct stack_mischief *mischief; /* NULL: none */
	unsigned int sources;		 /* addresses of our own; 0: one */
	bool no_sack;			 /* the peer offers it not */
	uint32_t tsval;			 /* of the peer's segments; 0: none */
};

static int try_open(struct scene *scene, struct err *err)
{
	static const struct stack_address source = { .length = 4, .octets = { 10, 9, 0, 77 } };
	const struct stack_config config = { .source = &source,
		.source_count = scene->sources,
		.source_mac = own_mac,
		.mischief = scene->mischief,
		.clock = &scene->memory.world.clock,
		.seed = 1 };

	support_world_init(&scene->memory.world, &memory_ops);
	return user_open(&scene->stack, &config, &scene->memory.world.outside, SUPPORT_INDEX, err);
}

static int scene_setup_with(void **state, struct stack_mischief *mischief)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct err err = { 0 };

	assert_non_null(scene);
	scene->mischief = mischief;
	assert_int_equal(try_open(scene, &err), 0);
	assert_int_equal(socket_open(&scene->socket, scene->stack, SOCKET_UDP, &err), 0);
	scene->local = (struct stack_address){ .length = 4, .port = 5000 };
	memcpy(scene->local.octets, own, 4);
	scene->to = (struct stack_address){ .length = 4, .port = 6000 };
	memcpy(scene->to.octets, peer, 4);
	assert_int_equal(socket_bind(scene->socket, &scene->local, &err), 0);
	scene->memory.out_count = 0;
	*state = scene;
	return 0;
}

static int scene_setup(void **state)
{
	return scene_setup_with(state, NULL);
}

static int scene_teardown(void **state)
{
	struct scene *scene = *state;

	stack_close(scene->stack, NULL);
	mischief_free(scene->mischief);
	free(scene);
	return 0;
}

static void run(struct scene *scene)
{
	struct err err = { 0 };

	assert_true(stack_wait(scene->stack, 0, &err) >= 0);
	while (stack_next_event(scene->stack))
		;
}

/* The peer says its MAC. */
static void let_peer_answer(struct scene *scene)
{
	const struct resolution_self self = { 4, peer_mac, peer };
	struct resolution question = { .address_length = 4, .has_mac = true };
	struct frame *frame = &scene->memory.in[scene->memory.in_count++];

	memcpy(question.mac, own_mac, 6);
	memcpy(question.sender, own, 4);
	frame->length = resolution_write_answer(&self, &question, frame->octets);
	run(scene);
}

/* A packet from the peer, its upper checksum finished for protocols that have one. */
static struct frame *arrives(
	struct scene *scene, const struct ip_fields *given, const uint8_t *payload, size_t length)
{
	struct frame *frame = &scene->memory.in[scene->memory.in_count++];
	struct ip_fields fields = *given;
	size_t at = ETH;

	memset(frame, 0, sizeof(*frame));
	memcpy(frame->octets, own_mac, 6);
	memcpy(frame->octets + 6, peer_mac, 6);
	bytes_put_be16(frame->octets + 12, 0x0800);
	fields.address_length = 4;
	fields.hop_limit = 64;
	fields.source = peer;
	fields.destination = own;
	fields.length = length;
	at += ip_write(&fields, frame->octets + at);
	memcpy(frame->octets + at, payload, length);
	frame->length = at + length;
	return frame;
}

static size_t datagram_make(uint8_t *ret, uint16_t port, const void *data, size_t length)
{
	bytes_put_be16(ret, 6000);
	bytes_put_be16(ret + 2, port);
	bytes_put_be16(ret + 4, (uint16_t)(length + 8));
	bytes_put_be16(ret + 6, 0);
	memcpy(ret + 8, data, length);
	bytes_put_be16(
		ret + 6, checksum_finish(checksum_add(
				 checksum_pseudo(peer, own, 4, IPPROTO_UDP, (uint32_t)length + 8),
				 ret, length + 8)));
	return length + 8;
}

static const struct ip_fields udp = { .protocol = IPPROTO_UDP };

static void a_datagram_waits_for_the_next_hop_and_leaves_once(void **state)
{
	struct scene *scene = *state;
	struct memory *memory = &scene->memory;
	struct ip_header header;

	assert_int_equal(socket_send_to(scene->socket, "hello", 5, &scene->to), 5);
	run(scene);
	assert_int_equal(memory->out_count, 1); /* the question alone */
	assert_int_equal(bytes_get_be16(memory->out[0].octets + 12), 0x0806);
	assert_int_equal(stack_ending(scene->stack), 1);
	let_peer_answer(scene);
	assert_int_equal(memory->out_count, 2);
	assert_int_equal(stack_ending(scene->stack), 0);
	assert_memory_equal(memory->out[1].octets, peer_mac, 6);
	assert_memory_equal(memory->out[1].octets + 6, own_mac, 6);
	assert_int_equal(
		ip_read(memory->out[1].octets + ETH, memory->out[1].length - ETH, false, &header),
		0);
	assert_memory_equal(memory->out[1].octets + ETH + header.offset + 8, "hello", 5);
}

static void a_next_hop_that_never_answers_is_told(void **state)
{
	struct scene *scene = *state;
	struct stack_address from = { 0 };
	uint8_t data[8];

	assert_int_equal(socket_send_to(scene->socket, "hello", 5, &scene->to), 5);
	for (int i = 0; i < 300; i++)
		run(scene);
	assert_int_equal(scene->memory.out_count, 3); /* questions */
	assert_int_equal(
		socket_receive_from(scene->socket, data, sizeof(data), &from), -EHOSTUNREACH);
	assert_int_equal(from.port, 6000);
	assert_int_equal(stack_ending(scene->stack), 0);
}

/* RFC 1122 4.2.3.9 has ICMP's word in mind, not what we found out ourselves. */
static void a_connection_by_a_next_hop_that_never_answers_fails(void **state)
{
	struct scene *scene = *state;
	struct stack_address silent;
	struct socket *socket;
	struct err err = { 0 };

	stack_silent_hop(scene->stack, &silent);
	assert_int_equal(silent.length, 0);
	assert_int_equal(socket_open(&socket, scene->stack, SOCKET_TCP, &err), 0);
	assert_int_equal(socket_connect(socket, &scene->to, &err), 0);
	for (int i = 0; i < 100 && !socket_error(socket); i++)
		run(scene);
	assert_int_equal(scene->memory.out_count, 3); /* questions */
	assert_int_equal(socket_error(socket), -EHOSTUNREACH);
	stack_silent_hop(scene->stack, &silent);
	assert_int_equal(silent.length, 4);
	assert_memory_equal(silent.octets, peer, 4);
}

static void fragments_out_are_whole_again_when_they_come_in(void **state)
{
	struct scene *scene = *state;
	struct memory *memory = &scene->memory;
	static uint8_t data[9001], got[9001];
	struct ip_fields fields = udp;
	static uint8_t datagram[9009];
	size_t length;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 31);
	length = datagram_make(datagram, 5000, data, sizeof(data));
	fields.fragment = true;
	for (size_t at = 0; at < length; at += 1480) {
		size_t part = length - at < 1480 ? length - at : 1480;

		fields.fragment_offset = (uint32_t)at;
		fields.more = at + part < length;
		arrives(scene, &fields, datagram + at, part);
	}
	run(scene);
	assert_int_equal(socket_receive(scene->socket, got, sizeof(got)), sizeof(data));
	assert_memory_equal(got, data, sizeof(data));
	let_peer_answer(scene);
	memory->out_count = 0;
	assert_int_equal(
		socket_send_to(scene->socket, data, sizeof(data), &scene->to), sizeof(data));
	run(scene);
	let_peer_answer(scene);
	/* The question first; then 9,009 octets, 1,480 each. */
	assert_int_equal(memory->out_count, 1 + 7);
	for (unsigned int i = 1; i < memory->out_count; i++)
		assert_true(memory->out[i].length <= ETH + 1500);
}

static void a_wrong_checksum_is_dropped_and_counted(void **state)
{
	struct scene *scene = *state;
	struct stack_counters counters;
	uint8_t datagram[32], data[8];
	size_t length = datagram_make(datagram, 5000, "hello", 5);

	datagram[9] ^= 1;
	arrives(scene, &udp, datagram, length);
	run(scene);
	assert_int_equal(socket_receive(scene->socket, data, sizeof(data)), -EAGAIN);
	stack_counters(scene->stack, &counters);
	assert_int_equal(counters.bad_checksums, 1);
	arrives(scene, &udp, datagram, length)->unfinished = true;
	run(scene);
	assert_int_equal(socket_receive(scene->socket, data, sizeof(data)), 5);
}

static void what_nobody_can_have_sent_is_dropped(void **state)
{
	static const uint8_t sources[][4] = { { 127, 0, 0, 1 }, { 224, 0, 0, 1 },
		{ 255, 255, 255, 255 }, { 10, 9, 0, 255 }, { 0, 0, 0, 0 }, { 0, 1, 2, 3 },
		{ 10, 9, 0, 77 }, { 10, 9, 0, 2 } };
	const size_t count = sizeof(sources) / sizeof(sources[0]);
	struct scene *scene = *state;
	uint8_t datagram[32], data[8];
	size_t length = datagram_make(datagram, 5000, "hello", 5);

	for (size_t i = 0; i < count; i++) {
		struct frame *frame = arrives(scene, &udp, datagram, length);
		uint8_t *header = frame->octets + ETH;

		frame->unfinished = true;
		memcpy(header + 12, sources[i], 4);
		bytes_put_be16(header + 10, 0);
		bytes_put_be16(header + 10, checksum_finish(checksum_add(0, header, 20)));
		run(scene);
		assert_int_equal(socket_receive(scene->socket, data, sizeof(data)),
			i + 1 < count ? -EAGAIN : 5);
	}
}

static void a_datagram_may_end_before_its_packet(void **state)
{
	struct scene *scene = *state;
	uint8_t datagram[32] = { 0 }, data[8];
	size_t length = datagram_make(datagram, 5000, "hello", 5);

	datagram[length] = 0xff; /* not summed */
	arrives(scene, &udp, datagram, length + 4);
	run(scene);
	assert_int_equal(socket_receive(scene->socket, data, sizeof(data)), 5);
	assert_memory_equal(data, "hello", 5);
}

static void a_super_frame_is_its_datagrams(void **state)
{
	struct scene *scene = *state;
	static uint8_t datagram[5000], data[5000];
	struct frame *frame;
	size_t length = datagram_make(datagram, 5000, data, 2500);

	frame = arrives(scene, &udp, datagram, length);
	frame->segment_size = 1000;
	frame->unfinished = true;
	run(scene);
	assert_int_equal(socket_receive(scene->socket, data, sizeof(data)), 1000);
	assert_int_equal(socket_receive(scene->socket, data, sizeof(data)), 1000);
	assert_int_equal(socket_receive(scene->socket, data, sizeof(data)), 500);
	assert_int_equal(socket_receive(scene->socket, data, sizeof(data)), -EAGAIN);
}

/* RFC 1122 3.2.1.3 (a), RFC 919 7: as a DHCP client does. */
static void who_has_no_address_yet_asks_everybody(void **state)
{
	struct scene *scene = *state;
	uint8_t datagram[32], data[8];
	struct frame *frame =
		arrives(scene, &udp, datagram, datagram_make(datagram, 5000, "hello", 5));
	uint8_t *header = frame->octets + ETH;

	frame->unfinished = true;
	memset(header + 12, 0, 4);
	memset(header + 16, 255, 4);
	bytes_put_be16(header + 10, 0);
	bytes_put_be16(header + 10, checksum_finish(checksum_add(0, header, 20)));
	run(scene);
	assert_int_equal(socket_receive(scene->socket, data, sizeof(data)), 5);
}

/* RFC 4443 2.4 (f). */
static void not_every_datagram_of_a_flood_is_told_of(void **state)
{
	struct scene *scene = *state;
	uint8_t datagram[32];
	size_t length = datagram_make(datagram, 5001, "hello", 5);

	for (int i = 0; i < 64; i++)
		arrives(scene, &udp, datagram, length);
	run(scene);
	let_peer_answer(scene);
	assert_int_equal(scene->memory.out_count, 1 + 50); /* after the question */
	arrives(scene, &udp, datagram, length);
	run(scene);
	assert_int_equal(scene->memory.out_count, 1 + 50 + 1);
}

static void a_closed_port_of_an_own_address_is_told(void **state)
{
	struct scene *scene = *state;
	struct memory *memory = &scene->memory;
	uint8_t datagram[32];
	struct icmp_error error;
	struct ip_header header;

	arrives(scene, &udp, datagram, datagram_make(datagram, 5001, "hello", 5));
	run(scene);
	let_peer_answer(scene);
	assert_int_equal(memory->out_count, 2); /* after the question */
	assert_int_equal(
		ip_read(memory->out[1].octets + ETH, memory->out[1].length - ETH, false, &header),
		0);
	assert_int_equal(header.protocol, IPPROTO_ICMP);
	assert_int_equal(icmp_error_read(4, memory->out[1].octets + ETH + header.offset,
				 header.length, &error),
		0);
	assert_int_equal(error.error, ECONNREFUSED);
	assert_int_equal(error.destination_port, 5001);
}

/* An ICMP error about what the socket sent to the peer. */
static void error_arrives(struct scene *scene, uint8_t code, uint16_t mtu)
{
	static const struct ip_fields icmp = { .protocol = IPPROTO_ICMP };
	const struct ip_fields quoted = { .address_length = 4,
		.protocol = IPPROTO_UDP,
		.source = own,
		.destination = peer,
		.length = 1480 };
	uint8_t message[64] = { 3, code };
	size_t at = ICMP_HEADER;

	bytes_put_be16(message + 6, mtu);
	at += ip_write(&quoted, message + at);
	bytes_put_be16(message + at, 5000);
	bytes_put_be16(message + at + 2, 6000);
	bytes_put_be16(message + 2, checksum_finish(checksum_add(0, message, at + 8)));
	arrives(scene, &icmp, message, at + 8);
	run(scene);
}

static void an_icmp_error_is_the_sockets(void **state)
{
	struct scene *scene = *state;
	struct stack_address from;
	uint8_t data[8];

	error_arrives(scene, 3, 0);
	assert_int_equal(
		socket_receive_from(scene->socket, data, sizeof(data), &from), -ECONNREFUSED);
	assert_memory_equal(from.octets, peer, 4);
	assert_int_equal(socket_receive(scene->socket, data, sizeof(data)), -EAGAIN);
}

static void an_interface_that_takes_less_than_before_is_believed(void **state)
{
	struct scene *scene = *state;
	struct memory *memory = &scene->memory;
	static uint8_t data[3000];

	assert_int_equal(
		socket_send_to(scene->socket, data, sizeof(data), &scene->to), sizeof(data));
	run(scene);
	let_peer_answer(scene);
	memory->world.mtu = 600;
	for (int i = 0; i < 11; i++) /* a second */
		run(scene);
	memory->out_count = 0;
	assert_int_equal(
		socket_send_to(scene->socket, data, sizeof(data), &scene->to), sizeof(data));
	run(scene);
	/* 3,008 octets, 576 each. */
	assert_int_equal(memory->out_count, 6);
	for (unsigned int i = 0; i < memory->out_count; i++)
		assert_true(memory->out[i].length <= ETH + 600);
}

static void a_smaller_path_mtu_is_learnt(void **state)
{
	struct scene *scene = *state;
	struct memory *memory = &scene->memory;
	static uint8_t data[1400];

	assert_int_equal(
		socket_send_to(scene->socket, data, sizeof(data), &scene->to), sizeof(data));
	run(scene);
	let_peer_answer(scene);
	assert_int_equal(memory->out_count, 2);
	error_arrives(scene, 4, 1000);
	memory->out_count = 0;
	assert_int_equal(
		socket_send_to(scene->socket, data, sizeof(data), &scene->to), sizeof(data));
	run(scene);
	assert_int_equal(memory->out_count, 2);
	assert_true(memory->out[0].length <= ETH + 1000);
}

static void segments_leave_as_one_super_frame(void **state)
{
	struct scene *scene = *state;
	struct memory *memory = &scene->memory;
	static uint8_t data[10000];

	assert_int_equal(socket_send_segments(scene->socket, data, sizeof(data), 1000, &scene->to),
		sizeof(data));
	let_peer_answer(scene);
	assert_int_equal(memory->out_count, 2);
	assert_int_equal(memory->out[1].segment_size, 1000);
	assert_true(memory->out[1].unfinished);
	assert_int_equal(memory->out[1].length, ETH + 20 + 8 + sizeof(data));
}

static int faulty_setup(void **state)
{
	struct stack_mischief *mischief;

	if (mischief_new(&mischief, "reorder=100", SOCKET_UDP, 1, NULL))
		return -1;
	return scene_setup_with(state, mischief);
}

/* The last octet of each frame but the first, which is a question. */
/* ---- what a batch of segments is answered with */

#define SEQUENCE 1000U /* the peer's first */
#define MSS	 1000U

static void segment_arrives(
	struct scene *scene, uint32_t seq, uint32_t ack, uint8_t flags, size_t length)
{
	static const struct ip_fields fields = { .protocol = IPPROTO_TCP };
	uint8_t octets[TCP_HEADER_MAX + MSS] = { 0 };
	struct tcp_segment segment = { .seq = seq,
		.ack = ack,
		.window = UINT16_MAX,
		.flags = flags,
		.has_mss = flags & TCP_SYN,
		.mss = MSS,
		.sack_permitted = flags & TCP_SYN && !scene->no_sack,
		.has_timestamps = scene->tsval,
		.tsval = scene->tsval };
	size_t header = tcp_segment_write(&segment, 6000, scene->local.port, octets);

	length += header;
	bytes_put_be16(octets + 16,
		checksum_finish(
			checksum_add(checksum_pseudo(peer, own, 4, IPPROTO_TCP, (uint32_t)length),
				octets, length)));
	arrives(scene, &fields, octets, length);
}

static struct tcp_segment left(const struct scene *scene, unsigned int index)
{
	const struct frame *frame = &scene->memory.out[index];
	struct tcp_segment segment;

	assert_in_range(index, 0, scene->memory.out_count - 1);
	assert_int_equal(
		tcp_segment_read(frame->octets + ETH + 20, frame->length - ETH - 20, &segment), 0);
	return segment;
}

/* A connection that the peer opened; our first number is *ret_iss. */
static struct socket *accepted(struct scene *scene, uint32_t *ret_iss)
{
	struct socket *listener, *socket;
	struct stack_address from;
	struct err err = { 0 };

	assert_int_equal(socket_open(&listener, scene->stack, SOCKET_TCP, &err), 0);
	assert_int_equal(socket_bind(listener, &scene->local, &err), 0);
	assert_int_equal(socket_listen(listener, 1, &err), 0);
	segment_arrives(scene, SEQUENCE - 1, 0, TCP_SYN, 0);
	run(scene);
	let_peer_answer(scene);
	*ret_iss = left(scene, scene->memory.out_count - 1).seq;
	segment_arrives(scene, SEQUENCE, *ret_iss + 1, TCP_ACK, 0);
	run(scene);
	assert_int_equal(socket_accept(listener, &socket, &from), 0);
	scene->memory.out_count = 0;
	return socket;
}

/* RFC 1122 4.2.3.10, 3.2.1.3: neither by a SYN-ACK nor by a RST. */
static void a_segment_from_a_broadcast_address_is_not_answered(void **state)
{
	static const uint8_t flags[] = { TCP_SYN, TCP_ACK, TCP_SYN };
	struct scene *scene = *state;
	struct socket *listener;
	struct err err = { 0 };

	assert_int_equal(socket_open(&listener, scene->stack, SOCKET_TCP, &err), 0);
	assert_int_equal(socket_bind(listener, &scene->local, &err), 0);
	assert_int_equal(socket_listen(listener, 1, &err), 0);
	for (size_t i = 0; i < sizeof(flags); i++) {
		struct frame *frame = &scene->memory.in[scene->memory.in_count];
		uint8_t *header = frame->octets + ETH;

		segment_arrives(scene, SEQUENCE, 0, flags[i], 0);
		frame->unfinished = true;
		if (i < 2)
			memcpy(header + 12, broadcast, 4);
		bytes_put_be16(header + 10, 0);
		bytes_put_be16(header + 10, checksum_finish(checksum_add(0, header, 20)));
		run(scene);
		let_peer_answer(scene);
		assert_int_equal(scene->memory.out_count, i < 2 ? 0 : 2); /* ARP first */
	}
}

/* Whoever it says it is from: of a flood from anywhere none is asked for. */
static void a_segment_for_nobody_is_refused_to_where_it_came_from(void **state)
{
	struct scene *scene = *state;
	struct tcp_segment reset;

	segment_arrives(scene, SEQUENCE, 77, TCP_ACK, 0);
	run(scene);
	assert_int_equal(scene->memory.out_count, 1);
	assert_memory_equal(scene->memory.out[0].octets, peer_mac, 6);
	assert_memory_equal(scene->memory.out[0].octets + 6, own_mac, 6);
	reset = left(scene, 0);
	assert_int_equal(reset.flags, TCP_RST);
	assert_int_equal(reset.seq, 77);
}

/* RFC 6191, of a connection that we open. */
static void a_port_in_time_wait_is_free_again_after_a_second_where_timestamps_tell(void **state)
{
	struct scene *scene = *state;
	struct socket *socket, *next;
	struct err err = { 0 };
	uint32_t iss;

	for (scene->tsval = 0; scene->tsval < 2; scene->tsval++) {
		scene->local.port = (uint16_t)(5000 + scene->tsval);
		assert_int_equal(socket_open(&socket, scene->stack, SOCKET_TCP, &err), 0);
		assert_int_equal(socket_bind(socket, &scene->local, &err), 0);
		assert_int_equal(socket_connect(socket, &scene->to, &err), 0);
		run(scene);
		let_peer_answer(scene);
		iss = left(scene, scene->memory.out_count - 1).seq;
		segment_arrives(scene, SEQUENCE, iss + 1, TCP_SYN | TCP_ACK, 0);
		run(scene);
		socket_close(socket);
		run(scene);
		segment_arrives(scene, SEQUENCE + 1, iss + 2, TCP_FIN | TCP_ACK, 0);
		run(scene);
		assert_int_equal(stack_ending(scene->stack), 0); /* TIME-WAIT */
		assert_int_equal(socket_open(&next, scene->stack, SOCKET_TCP, &err), 0);
		assert_int_equal(socket_bind(next, &scene->local, &err), -EADDRINUSE);
		for (int i = 0; i < 11; i++)
			run(scene);
		assert_int_equal(
			socket_bind(next, &scene->local, &err), scene->tsval ? 0 : -EADDRINUSE);
	}
}

static void a_descriptor_is_read_into_what_is_sent(void **state)
{
	struct scene *scene = *state;
	struct socket *datagrams, *socket;
	struct tcp_segment segment;
	struct err err = { 0 };
	uint64_t frames;
	uint32_t iss;
	int ends[2], error, directory;

	socket = accepted(scene, &iss);
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	assert_int_equal(socket_send_from(socket, ends[0], &error), -EAGAIN);
	assert_int_equal(write(ends[1], "octets", 6), 6);
	assert_int_equal(socket_send_from(socket, ends[0], &error), 6);
	frames = stack_frames(scene->stack);
	run(scene);
	assert_int_equal(stack_frames(scene->stack), frames + 1);
	segment = left(scene, scene->memory.out_count - 1);
	assert_int_equal(segment.seq, iss + 1);
	assert_int_equal(segment.data[0].length, 6);
	assert_memory_equal(segment.data[0].octets, "octets", 6);
	close(ends[1]);
	assert_int_equal(socket_send_from(socket, ends[0], &error), 0);
	assert_int_equal(error, 0);
	directory = open("/", O_RDONLY);
	assert_int_equal(socket_send_from(socket, directory, &error), 0);
	assert_int_equal(error, EISDIR);
	close(directory);
	assert_int_equal(socket_open(&datagrams, scene->stack, SOCKET_UDP, &err), 0);
	assert_int_equal(socket_send_from(datagrams, ends[0], &error), -EOPNOTSUPP);
	close(ends[0]);
}

/* In their order, too. */
static void many_connections_send_some_at_a_time_so_that_input_has_its_turn(void **state)
{
	enum { COUNT = 110, ROUNDS = 10 };
	static const uint8_t octets[65536];
	struct scene *scene = *state;
	struct socket *sockets[COUNT];
	struct stack_address local;
	struct err err = { 0 };
	unsigned int rounds = 0;

	for (unsigned int i = 0; i < COUNT; i++) {
		assert_int_equal(socket_open(&sockets[i], scene->stack, SOCKET_TCP, &err), 0);
		assert_int_equal(socket_connect(sockets[i], &scene->to, &err), 0);
		run(scene);
		if (!i)
			let_peer_answer(scene);
		socket_local(sockets[i], &local);
		scene->local.port = local.port;
		segment_arrives(scene, SEQUENCE - 1,
			left(scene, scene->memory.out_count - 1).seq + 1, TCP_SYN | TCP_ACK, 0);
		run(scene);
		scene->memory.out_count = 0;
	}
	for (unsigned int i = 0; i < COUNT; i++)
		assert_int_equal(
			socket_send_lent(sockets[i], octets, sizeof(octets), sizeof(octets)),
			sizeof(octets));
	run(scene);
	assert_in_range(scene->memory.out_count, 1, COUNT - 1);
	while (scene->memory.out_count < COUNT && rounds++ < ROUNDS)
		run(scene);
	assert_int_equal(scene->memory.out_count, COUNT);
	for (unsigned int i = 0; i < COUNT; i++) {
		socket_local(sockets[i], &local);
		assert_int_equal(
			bytes_get_be16(scene->memory.out[i].octets + ETH + 20), local.port);
	}
}

static void octets_that_are_lent_are_sent(void **state)
{
	static const uint8_t octets[] = "lent octets";
	struct scene *scene = *state;
	struct socket *datagrams, *socket;
	struct tcp_segment segment;
	struct err err = { 0 };
	uint32_t iss;

	socket = accepted(scene, &iss);
	assert_int_equal(socket_send_lent(socket, octets, 6, 11), -EAGAIN);
	assert_int_equal(socket_send_lent(socket, octets, 11, 11), 11);
	assert_int_equal(socket_send_lent(socket, octets, 11, 11), -EAGAIN);
	run(scene);
	segment = left(scene, scene->memory.out_count - 1);
	assert_int_equal(segment.seq, iss + 1);
	assert_int_equal(segment.data[0].length, 11);
	assert_memory_equal(segment.data[0].octets, octets, 11);
	assert_int_equal(socket_shutdown(socket), 0);
	assert_int_equal(socket_send_lent(socket, octets, 11, 11), -EPIPE);
	assert_int_equal(socket_open(&datagrams, scene->stack, SOCKET_UDP, &err), 0);
	assert_int_equal(socket_send_lent(datagrams, octets, 11, 11), -EOPNOTSUPP);
}

/* What it does not take stays, and comes when it does. */
static void what_came_is_written_to_a_descriptor(void **state)
{
	struct scene *scene = *state;
	struct socket *datagrams, *socket;
	uint8_t octets[65536] = { 1 }, want[MSS] = { 0 };
	struct err err = { 0 };
	uint64_t frames;
	uint32_t iss;
	int ends[2], error = 0;

	socket = accepted(scene, &iss);
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	assert_int_equal(socket_receive_to(socket, ends[1], 100, &error), -EAGAIN);
	assert_int_equal(error, 0);
	while (write(ends[1], octets, sizeof(octets)) > 0)
		;
	segment_arrives(scene, SEQUENCE, iss + 1, TCP_ACK, MSS);
	frames = stack_frames(scene->stack);
	run(scene);
	assert_int_equal(stack_frames(scene->stack), frames + 2); /* and its ACK */
	assert_int_equal(socket_receive_to(socket, ends[1], 100, &error), -EAGAIN);
	assert_int_equal(error, EAGAIN);
	while (read(ends[0], octets, sizeof(octets)) > 0)
		;
	assert_int_equal(socket_receive_to(socket, ends[1], 100, &error), 100);
	assert_int_equal(error, 0);
	assert_int_equal(socket_receive_to(socket, ends[1], MSS, &error), MSS - 100);
	memset(octets, 1, MSS);
	assert_int_equal(read(ends[0], octets, sizeof(octets)), MSS);
	assert_memory_equal(octets, want, MSS);
	segment_arrives(scene, SEQUENCE + MSS, iss + 1, TCP_ACK | TCP_FIN, 0);
	run(scene);
	assert_int_equal(socket_receive_to(socket, ends[1], 100, &error), 0);
	assert_int_equal(socket_open(&datagrams, scene->stack, SOCKET_UDP, &err), 0);
	assert_int_equal(socket_receive_to(datagrams, ends[1], 100, &error), -EOPNOTSUPP);
	close(ends[0]);
	close(ends[1]);
}

/* The first 64 segments came, and were read; our first number. */
static uint32_t no_longer_young(struct scene *scene)
{
	uint8_t octets[64 * MSS];
	uint32_t iss;
	struct socket *socket = accepted(scene, &iss);

	for (unsigned int i = 0; i < 64; i++)
		segment_arrives(scene, SEQUENCE + i * MSS, iss + 1, TCP_ACK, MSS);
	run(scene);
	assert_int_equal(socket_receive(socket, octets, sizeof(octets)), sizeof(octets));
	run(scene);
	scene->memory.out_count = 0;
	return iss;
}

/* RFC 5681 4.2, RFC 9293 3.8.6.3. */
static void every_second_segment_of_a_batch_is_acknowledged_at_first(void **state)
{
	struct scene *scene = *state;
	uint32_t iss, acknowledged = SEQUENCE;

	accepted(scene, &iss);
	for (unsigned int i = 0; i < 48; i++)
		segment_arrives(scene, SEQUENCE + i * MSS, iss + 1, TCP_ACK, MSS);
	run(scene);
	for (unsigned int i = 0; i < scene->memory.out_count; i++) {
		struct tcp_segment answer = left(scene, i);

		assert_in_range(answer.ack - acknowledged, MSS, 2 * MSS);
		acknowledged = answer.ack;
	}
	assert_int_equal(acknowledged, SEQUENCE + 48 * MSS);
}

/* Later it says how much came, and no more. */
static void a_batch_in_order_is_acknowledged_once_later(void **state)
{
	struct scene *scene = *state;
	unsigned int i = 64;
	uint32_t iss = no_longer_young(scene);

	for (; i < 64 + 16; i++)
		segment_arrives(scene, SEQUENCE + i * MSS, iss + 1, TCP_ACK, MSS);
	run(scene);
	assert_int_equal(scene->memory.out_count, 1);
	assert_int_equal(left(scene, 0).ack, SEQUENCE + i * MSS);
}

/* So many segments arrive at once, of which the first is missing; all that leaves tells of it. */
static void behind_a_hole(struct scene *scene, unsigned int count, unsigned int answers)
{
	uint32_t iss = no_longer_young(scene);
	unsigned int i;

	for (i = 65; i < 65 + count; i++)
		segment_arrives(scene, SEQUENCE + i * MSS, iss + 1, TCP_ACK, MSS);
	run(scene);
	assert_int_equal(scene->memory.out_count, answers);
	for (i = 0; i < answers; i++)
		assert_int_equal(left(scene, i).ack, SEQUENCE + 64 * MSS);
}

/* RFC 5681 4.2: the sender counts them (3.2), however they have come. */
static void each_segment_of_a_batch_behind_a_hole_has_a_duplicate_ack(void **state)
{
	struct scene *scene = *state;

	scene->no_sack = true;
	behind_a_hole(scene, 12, 12);
}

/* RFC 6675 5: after these the sender knows. */
static void with_sack_the_first_three_have_one_and_the_rest_of_the_batch_another(void **state)
{
	struct scene *scene = *state;

	behind_a_hole(scene, 12, 4);
	for (unsigned int i = 0; i < 4; i++) {
		struct tcp_segment answer = left(scene, i);

		assert_int_equal(answer.sack_count, 1);
		assert_int_equal(answer.sack[0].left, SEQUENCE + 65 * MSS);
		assert_int_equal(answer.sack[0].right, SEQUENCE + (i < 3 ? 66 + i : 77) * MSS);
	}
}

/* RFC 2018 4: no block is left out of all ACKs, though there be more than one ACK has room for. */
static void with_sack_each_range_of_a_batch_is_told(void **state)
{
	struct scene *scene = *state;
	uint32_t iss = no_longer_young(scene);
	unsigned int told = 0;

	for (unsigned int i = 0; i < 12; i++)
		segment_arrives(scene, SEQUENCE + (65 + 2 * i) * MSS, iss + 1, TCP_ACK, MSS);
	run(scene);
	for (unsigned int i = 0; i < scene->memory.out_count; i++)
		for (unsigned int k = 0; k < left(scene, i).sack_count; k++)
			told |= 1U << ((left(scene, i).sack[k].left - SEQUENCE) / MSS - 65) / 2;
	assert_int_equal(told, 0xfff);
}

static void expect_order(const struct memory *memory, const char *wanted)
{
	assert_int_equal(memory->out_count, 1 + strlen(wanted));
	for (unsigned int i = 1; i < memory->out_count; i++)
		assert_int_equal(memory->out[i].octets[memory->out[i].length - 1], wanted[i - 1]);
}

static void datagrams_leave_out_of_order_on_purpose(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(socket_send_to(scene->socket, "a", 1, &scene->to), 1);
	assert_int_equal(stack_ending(scene->stack), 1);
	assert_int_equal(socket_send_segments(scene->socket, "bcde", 4, 1, &scene->to), 4);
	let_peer_answer(scene);
	run(scene);
	expect_order(
		&scene->memory, "badce"); /* nothing follows the last: it leaves all the same */
	assert_int_equal(stack_ending(scene->stack), 0);
}

static void a_taken_address_is_not_used(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct err err = { 0 };

	(void)state;
	assert_non_null(scene);
	scene->memory.somebody_has_it = true;
	assert_int_equal(try_open(scene, &err), -EADDRINUSE);
	assert_non_null(strstr(err.text, "10.9.0.77 is somebody else's"));
	free(scene);
}

/* 10.9.0.77 to 79. */
static void each_address_of_a_range_is_probed_for_answered_for_and_sent_from(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct memory *memory = &scene->memory;
	const struct resolution_self asks = { 4, peer_mac, peer };
	struct stack_address local = { .length = 4, .octets = { 10, 9, 0, 79 } };
	struct ip_header header;
	struct err err = { 0 };
	unsigned int i;

	assert_non_null(scene);
	*state = scene;
	scene->sources = 3;
	scene->to = (struct stack_address){ .length = 4, .port = 6000, .octets = { 10, 9, 0, 2 } };
	assert_int_equal(try_open(scene, &err), 0);
	assert_int_equal(memory->out_count, 3 * 3 + 3); /* each three times, then all announced */
	for (i = 0; i < memory->out_count; i++)
		assert_int_equal(
			memory->out[i].octets[ETH + 27], 77 + i % 3); /* the target's end */
	memory->out_count = 0;

	for (i = 76; i <= 80; i++) {
		const uint8_t target[4] = { 10, 9, 0, (uint8_t)i };
		struct frame *frame = &memory->in[memory->in_count++];

		frame->length = resolution_write_question(&asks, target, frame->octets);
		memcpy(frame->octets, own_mac, 6); /* as a broadcast would: it is for us */
	}
	run(scene);
	assert_int_equal(memory->out_count, 3);
	for (i = 0; i < 3; i++) {
		assert_memory_equal(memory->out[i].octets + ETH + 8, own_mac, 6);
		assert_int_equal(memory->out[i].octets[ETH + 17], 77 + i);
	}

	assert_int_equal(socket_open(&scene->socket, scene->stack, SOCKET_UDP, &err), 0);
	assert_int_equal(socket_bind(scene->socket, &local, &err), 0);
	assert_int_equal(socket_send_to(scene->socket, "hello", 5, &scene->to), 5);
	run(scene);
	let_peer_answer(scene);
	i = memory->out_count - 1;
	assert_int_equal(
		ip_read(memory->out[i].octets + ETH, memory->out[i].length - ETH, false, &header),
		0);
	assert_int_equal(header.source[3], 79);
	local.octets[3] = 80;
	assert_int_equal(socket_open(&scene->socket, scene->stack, SOCKET_UDP, &err), 0);
	assert_int_equal(socket_bind(scene->socket, &local, &err), -EADDRNOTAVAIL);
}

static void connect_from(struct scene *scene, uint8_t end)
{
	const struct stack_address local = { .length = 4, .octets = { 10, 9, 0, end } };
	struct socket *socket;
	struct err err = { 0 };

	assert_int_equal(socket_open(&socket, scene->stack, SOCKET_TCP, &err), 0);
	assert_int_equal(socket_bind(socket, &local, &err), 0);
	assert_int_equal(socket_connect(socket, &scene->to, &err), 0);
	run(scene);
}

/* It would have to ask, and holds few answers meanwhile. */
static void a_host_is_told_of_each_address_that_connects_to_it(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct memory *memory = &scene->memory;
	struct resolution told;
	struct err err = { 0 };

	assert_non_null(scene);
	*state = scene;
	scene->sources = 2;
	scene->to = (struct stack_address){ .length = 4, .port = 6000, .octets = { 10, 9, 0, 2 } };
	assert_int_equal(try_open(scene, &err), 0);
	memory->out_count = 0;
	connect_from(scene, 77);
	assert_int_equal(memory->out_count, 1); /* the question for the host's MAC */
	let_peer_answer(scene);
	assert_int_equal(memory->out_count, 2);
	connect_from(scene, 78);
	assert_int_equal(memory->out_count, 4);
	assert_int_equal(resolution_read_arp(
				 memory->out[2].octets + ETH, memory->out[2].length - ETH, &told),
		0);
	assert_int_equal(told.sender[3], 78);
	assert_memory_equal(told.target, peer, 4);
	assert_int_equal(left(scene, 3).flags, TCP_SYN);
	connect_from(scene, 78);
	assert_int_equal(memory->out_count, 5);
	assert_int_equal(left(scene, 4).flags, TCP_SYN);
}

static void a_range_that_leaves_its_network_is_refused(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct err err = { 0 };

	(void)state;
	assert_non_null(scene);
	scene->sources = 256 - 77 + 1;
	assert_int_equal(try_open(scene, &err), -EINVAL);
	free(scene);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_descriptor_is_read_into_what_is_sent),
		TEST(many_connections_send_some_at_a_time_so_that_input_has_its_turn),
		TEST(octets_that_are_lent_are_sent),
		TEST(what_came_is_written_to_a_descriptor),
		TEST(a_datagram_waits_for_the_next_hop_and_leaves_once),
		TEST(a_next_hop_that_never_answers_is_told),
		TEST(a_segment_from_a_broadcast_address_is_not_answered),
		TEST(a_segment_for_nobody_is_refused_to_where_it_came_from),
		TEST(a_connection_by_a_next_hop_that_never_answers_fails),
		TEST(fragments_out_are_whole_again_when_they_come_in),
		TEST(a_wrong_checksum_is_dropped_and_counted),
		TEST(what_nobody_can_have_sent_is_dropped),
		TEST(a_datagram_may_end_before_its_packet),
		TEST(a_super_frame_is_its_datagrams),
		TEST(who_has_no_address_yet_asks_everybody),
		TEST(not_every_datagram_of_a_flood_is_told_of),
		TEST(a_closed_port_of_an_own_address_is_told),
		cmocka_unit_test_teardown(
			each_address_of_a_range_is_probed_for_answered_for_and_sent_from,
			scene_teardown),
		cmocka_unit_test_teardown(
			a_host_is_told_of_each_address_that_connects_to_it, scene_teardown),
		cmocka_unit_test(a_range_that_leaves_its_network_is_refused),
		TEST(an_icmp_error_is_the_sockets),
		TEST(an_interface_that_takes_less_than_before_is_believed),
		TEST(a_smaller_path_mtu_is_learnt),
		TEST(a_port_in_time_wait_is_free_again_after_a_second_where_timestamps_tell),
		TEST(segments_leave_as_one_super_frame),
		TEST(every_second_segment_of_a_batch_is_acknowledged_at_first),
		TEST(a_batch_in_order_is_acknowledged_once_later),
		TEST(each_segment_of_a_batch_behind_a_hole_has_a_duplicate_ack),
		TEST(with_sack_the_first_three_have_one_and_the_rest_of_the_batch_another),
		TEST(with_sack_each_range_of_a_batch_is_told),
		cmocka_unit_test_setup_teardown(
			datagrams_leave_out_of_order_on_purpose, faulty_setup, scene_teardown),
		cmocka_unit_test(a_taken_address_is_not_used),
	};

	return cmocka_run_group_tests_name("user", tests, NULL, NULL);
}
