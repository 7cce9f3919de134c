/*
 * Makes of any octets a request and a frame that arrives, and wants of match/answer that no octet
 * out of bounds is read, that what answer_check takes is found by the keys, and that what it says
 * of it is words. The frame is the rest of the input, or is made of the request: turned around, or
 * quoted by an ICMP error; then edited, so that all but a little of it is right.
 */
#include "base/buffer.h"
#include "base/bytes.h"
#include "match/answer.h"
#include "wire/checksum.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_MAX 2048

enum making { MAKING_APART, MAKING_TURNED, MAKING_ERROR, MAKING_ERROR_IPV6, MAKINGS };

struct input {
	const uint8_t *at;
	size_t left;
};

static uint8_t take(struct input *input)
{
	if (!input->left)
		return 0;
	input->left--;
	return *input->at++;
}

static void __attribute__((noreturn)) broken(const char *what)
{
	fprintf(stderr, "%s\n", what);
	abort();
}

static void swap(uint8_t *a, uint8_t *b, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		uint8_t octet = a[i];

		a[i] = b[i];
		b[i] = octet;
	}
}

/* The type of ICMP, IGMP or MLD that answers this one. */
static uint8_t reply_of(uint8_t protocol, uint8_t type)
{
	static const uint8_t replies[][3] = { { 1, 8, 0 }, { 1, 13, 14 }, { 1, 15, 16 },
		{ 1, 17, 18 }, { 1, 42, 43 }, { 1, 10, 9 }, { 2, 0x11, 0x16 }, { 58, 128, 129 },
		{ 58, 130, 131 }, { 58, 133, 134 }, { 58, 135, 136 }, { 58, 160, 161 } };

	for (unsigned int i = 0; i < sizeof(replies) / sizeof(replies[0]); i++)
		if (replies[i][0] == protocol && replies[i][1] == type)
			return replies[i][2];
	return type;
}

/* Of everything that answer_read sees the two ends change places. */
static void turn_around(uint8_t *octets, size_t length)
{
	struct answer_frame frame;

	answer_read(octets, length, &frame);
	for (unsigned int i = 0; i < frame.count; i++) {
		const struct answer_packet *packet = &frame.packets[i];

		if (packet->has_mac)
			swap(octets + packet->mac, octets + packet->mac + 6, 6);
		if (packet->net == ANSWER_NET_LINK)
			continue;
		swap(octets + packet->src, octets + packet->dst, packet->address_octets);
		if (packet->net == ANSWER_NET_ARP && octets[packet->at + 7] == 1)
			octets[packet->at + 7] = 2;
		if (packet->net == ANSWER_NET_ARP || !packet->has_upper ||
			packet->end - packet->upper < 4)
			continue;
		if (packet->protocol == 6 || packet->protocol == 17 || packet->protocol == 132)
			swap(octets + packet->upper, octets + packet->upper + 2, 2);
		else
			octets[packet->upper] = reply_of(packet->protocol, octets[packet->upper]);
	}
}

/* An error that a router on the way sends, with the first packet above Ethernet in it. */
static size_t quote(
	const uint8_t *request, size_t length, bool is_ipv6, size_t quoted, uint8_t *ret)
{
	struct answer_frame frame;
	size_t header = is_ipv6 ? 40 : 20;
	size_t at;

	answer_read(request, length, &frame);
	if (!frame.count || frame.packets[0].net < ANSWER_NET_IPV4)
		return 0;
	at = frame.packets[0].at;
	if (quoted > length - at)
		quoted = length - at;
	if (at + header + 8 + quoted > FRAME_MAX)
		return 0;
	memset(ret, 0, at + header + 8);
	memcpy(ret, request, at);
	swap(ret, ret + 6, 6);
	bytes_put_be16(ret + at - 2, is_ipv6 ? 0x86dd : 0x0800);
	ret[at] = is_ipv6 ? 0x60 : 0x45;
	bytes_put_be16(
		ret + at + (is_ipv6 ? 4 : 2), (uint16_t)(8 + quoted + (is_ipv6 ? 0 : header)));
	ret[at + (is_ipv6 ? 6 : 9)] = is_ipv6 ? 58 : 1;
	memcpy(ret + at + (is_ipv6 ? 24 : 16), request + frame.packets[0].src,
		is_ipv6 ? frame.packets[0].address_octets : 4);
	ret[at + header] = is_ipv6 ? 1 : 3;
	memcpy(ret + at + header + 8, request + at, quoted);
	return at + header + 8 + quoted;
}

/* Sums of IPv4 and ICMP made right, those of UDP left out and of TCP left to the device. */
static void mend_sums(uint8_t *octets, size_t length)
{
	struct answer_frame frame;

	answer_read(octets, length, &frame);
	for (unsigned int i = frame.quoted; i--;) {
		const struct answer_packet *packet = &frame.packets[i];
		uint32_t there = packet->end - packet->upper;
		uint8_t *upper = octets + packet->upper;
		uint64_t pseudo;

		if (packet->net == ANSWER_NET_IPV4) {
			bytes_put_be16(octets + packet->at + 10, 0);
			bytes_put_be16(octets + packet->at + 10,
				checksum_finish(checksum_add(
					0, octets + packet->at, (octets[packet->at] & 15U) * 4)));
		} else if (packet->net != ANSWER_NET_IPV6) {
			continue;
		}
		pseudo = checksum_pseudo(octets + packet->src, octets + packet->dst,
			packet->address_octets, packet->protocol, there);
		if (packet->protocol == 17 && there >= 8) {
			bytes_put_be16(upper + 6, 0);
		} else if (packet->protocol == 6 && there >= 20) {
			bytes_put_be16(upper + 16, checksum_fold(pseudo));
		} else if (packet->protocol == 132 && there >= 12) {
			bytes_put_be32(upper + 8, 0);
		} else if ((packet->protocol == 1 || packet->protocol == 2) && there >= 8) {
			bytes_put_be16(upper + 2, 0);
			bytes_put_be16(upper + 2, checksum_finish(checksum_add(0, upper, there)));
		} else if (packet->protocol == 58 && there >= 8) {
			bytes_put_be16(upper + 2, checksum_fold(pseudo));
		}
	}
}

/* Each edit: a place of two octets, and what is put there. */
static void edit(struct input *input, uint8_t *octets, size_t length)
{
	unsigned int edits = take(input) % 8;

	for (; edits && length; edits--) {
		size_t place = (size_t)take(input) << 8;

		place |= take(input);
		octets[place % length] = take(input);
	}
}

static bool share(const uint64_t *a, unsigned int a_count, const uint64_t *b, unsigned int b_count)
{
	for (unsigned int i = 0; i < a_count; i++)
		for (unsigned int j = 0; j < b_count; j++)
			if (a[i] == b[j])
				return true;
	return false;
}

static void want_places(const struct answer_frame *frame)
{
	if (frame->count > ANSWER_PACKETS || frame->quoted > frame->count ||
		frame->quoted > ANSWER_DEPTH || (frame->count && !frame->quoted))
		broken("packets are counted wrong");
	for (unsigned int i = 0; i < frame->count; i++)
		if (frame->packets[i].upper > frame->packets[i].end ||
			frame->packets[i].end > frame->length)
			broken("a packet ends beyond the frame");
}

static void judge(const struct answer_frame *request, const struct answer_frame *received)
{
	struct answer_keys asked;
	struct answer_keys got;
	struct answer_verdict verdict;
	struct buffer words = { 0 };

	want_places(request);
	want_places(received);
	answer_keys_asked(request, &asked);
	answer_keys_got(received, &got);
	answer_keys_missed(received, &got);
	if (asked.answers > ANSWER_KEYS || got.answers > ANSWER_KEYS ||
		asked.nears > ANSWER_NEAR_KEYS || got.nears > ANSWER_NEAR_KEYS)
		broken("too many keys");
	answer_check(request, received, &verdict);
	if ((verdict.kind == ANSWER_REPLY || verdict.kind == ANSWER_ERROR) &&
		!share(asked.answer, asked.answers, got.answer, got.answers))
		broken("an answer that no key finds");
	if (verdict.kind == ANSWER_NEAR && verdict.reason == ANSWER_RIGHT)
		broken("a near miss of nothing");
	answer_tell(&verdict, &words);
	if (!words.length || strstr(buffer_text(&words), "(null)"))
		broken("no words");
	buffer_fini(&words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	uint8_t making = take(&input) % MAKINGS;
	size_t length = (size_t)take(&input) << 8;
	size_t made = 0;
	uint8_t *request;
	uint8_t *received;
	uint8_t *frame;
	struct answer_frame asked;
	struct answer_frame got;

	length |= take(&input);
	length = length % FRAME_MAX < input.left ? length % FRAME_MAX : input.left;
	/* Each as large as it is, so that a step out of it is seen. */
	request = malloc(length ? length : 1);
	received = calloc(1, FRAME_MAX);
	if (!request || !received)
		abort();
	memcpy(request, input.at, length);
	input.at += length;
	input.left -= length;
	if (making == MAKING_APART) {
		made = input.left < FRAME_MAX ? input.left : FRAME_MAX;
		memcpy(received, input.at, made);
	} else if (making == MAKING_TURNED) {
		made = length;
		memcpy(received, request, length);
		turn_around(received, made);
		edit(&input, received, made);
		mend_sums(received, made);
	} else {
		made = quote(
			request, length, making == MAKING_ERROR_IPV6, 28U + take(&input), received);
		edit(&input, received, made);
		mend_sums(received, made);
	}
	frame = malloc(made ? made : 1);
	if (!frame)
		abort();
	memcpy(frame, received, made);
	answer_read(request, length, &asked);
	answer_read(frame, made, &got);
	judge(&asked, &got);
	judge(&got, &asked);
	free(frame);
	free(received);
	free(request);
	return 0;
}
