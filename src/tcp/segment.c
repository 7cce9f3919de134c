/* Reads and writes the TCP header with its options (RFC 9293 3.1, 7323, 2018). */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "tcp/tcp.h"

enum { HEADER_LEAST = 20 };

enum option {
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_MSS = 2,
	OPTION_SCALE = 3,
	OPTION_SACK_PERMITTED = 4,
	OPTION_SACK = 5,
	OPTION_TIMESTAMPS = 8
};

static void read_sack(struct tcp_segment *ret, const uint8_t *option, size_t length)
{
	ret->sack_count = 0;
	for (size_t at = 2; at + 8 <= length && ret->sack_count < 4; at += 8)
		ret->sack[ret->sack_count++] = (struct tcp_block){
			.left = bytes_get_be32(option + at),
			.right = bytes_get_be32(option + at + 4),
		};
}

/* RFC 9293 3.1: options of a length that is not theirs are passed over as unknown ones are. */
static void read_option(struct tcp_segment *ret, const uint8_t *option, size_t length)
{
	switch (option[0]) {
	case OPTION_MSS:
		ret->has_mss = length == 4;
		if (ret->has_mss)
			ret->mss = bytes_get_be16(option + 2);
		break;
	case OPTION_SCALE:
		ret->has_scale = length == 3;
		if (ret->has_scale)
			ret->scale = option[2];
		break;
	case OPTION_SACK_PERMITTED:
		ret->sack_permitted = length == 2;
		break;
	case OPTION_SACK:
		read_sack(ret, option, length);
		break;
	case OPTION_TIMESTAMPS:
		ret->has_timestamps = length == 10;
		if (ret->has_timestamps) {
			ret->tsval = bytes_get_be32(option + 2);
			ret->tsecr = bytes_get_be32(option + 6);
		}
		break;
	default:
		break;
	}
}

int tcp_options_read(const uint8_t *octets, size_t length, struct tcp_segment *ret)
{
	const uint8_t *option = octets, *end = octets + length;

	while (option < end && *option != OPTION_END) {
		if (*option == OPTION_NOP) {
			option++;
			continue;
		}
		if (end - option < 2 || option[1] < 2 || option[1] > end - option)
			return -EINVAL;
		read_option(ret, option, option[1]);
		option += option[1];
	}
	return 0;
}

int tcp_segment_read(const uint8_t *octets, size_t length, struct tcp_segment *ret)
{
	struct tcp_segment segment;
	size_t header;
	int rc;

	if (length < HEADER_LEAST)
		return -EINVAL;
	header = (size_t)(octets[12] >> 4) * 4;
	if (header < HEADER_LEAST || header > length)
		return -EINVAL;
	memset(&segment, 0, sizeof(segment));
	segment.seq = bytes_get_be32(octets + 4);
	segment.ack = bytes_get_be32(octets + 8);
	segment.flags = octets[13];
	segment.window = bytes_get_be16(octets + 14);
	segment.urgent = bytes_get_be16(octets + 18);
	rc = tcp_options_read(octets + HEADER_LEAST, header - HEADER_LEAST, &segment);
	if (rc)
		return rc;
	segment.length = length - header;
	segment.data[0].octets = octets + header;
	segment.data[0].length = segment.length;
	*ret = segment;
	return 0;
}

static uint8_t *write_sack(uint8_t *at, const struct tcp_segment *segment)
{
	*at++ = OPTION_NOP;
	*at++ = OPTION_NOP;
	*at++ = OPTION_SACK;
	*at++ = (uint8_t)(2 + 8 * segment->sack_count);
	for (unsigned int i = 0; i < segment->sack_count; i++, at += 8) {
		bytes_put_be32(at, segment->sack[i].left);
		bytes_put_be32(at + 4, segment->sack[i].right);
	}
	return at;
}

/* An option as it was given: with our clock's values, or where it is not to be offered NOPs. */
static void settle(uint8_t *option, size_t length, const struct tcp_segment *segment)
{
	static const struct {
		enum option kind;
		size_t length;
	} negotiated[] = { { OPTION_SCALE, 3 }, { OPTION_SACK_PERMITTED, 2 },
		{ OPTION_TIMESTAMPS, 10 } };
	const bool offered[] = { segment->has_scale, segment->sack_permitted,
		segment->has_timestamps };

	for (size_t i = 0; i < sizeof(negotiated) / sizeof(negotiated[0]); i++)
		if (option[0] == negotiated[i].kind && length == negotiated[i].length &&
			!offered[i]) {
			memset(option, OPTION_NOP, length);
			return;
		}
	if (option[0] == OPTION_TIMESTAMPS && length == 10) {
		bytes_put_be32(option + 2, segment->tsval);
		bytes_put_be32(option + 6, segment->tsecr);
	}
}

static uint8_t *write_given(uint8_t *at, const struct tcp_segment *segment)
{
	uint8_t *end = at + segment->options_length;

	memcpy(at, segment->options, segment->options_length);
	while (at < end && *at != OPTION_END) {
		size_t length = 1;

		if (*at != OPTION_NOP) {
			if (end - at < 2 || at[1] < 2 || at[1] > end - at)
				break;
			length = at[1];
			settle(at, length, segment);
		}
		at += length;
	}
	return end;
}

/* Each aligned to 4 octets by the NOPs before it, as everybody does. */
static uint8_t *write_options(uint8_t *at, const struct tcp_segment *segment)
{
	if (segment->options)
		return write_given(at, segment);
	if (segment->has_mss) {
		*at++ = OPTION_MSS;
		*at++ = 4;
		bytes_put_be16(at, segment->mss);
		at += 2;
	}
	if (segment->has_scale) {
		*at++ = OPTION_NOP;
		*at++ = OPTION_SCALE;
		*at++ = 3;
		*at++ = segment->scale;
	}
	if (segment->sack_permitted) {
		*at++ = OPTION_NOP;
		*at++ = OPTION_NOP;
		*at++ = OPTION_SACK_PERMITTED;
		*at++ = 2;
	}
	if (segment->has_timestamps) {
		*at++ = OPTION_NOP;
		*at++ = OPTION_NOP;
		*at++ = OPTION_TIMESTAMPS;
		*at++ = 10;
		bytes_put_be32(at, segment->tsval);
		bytes_put_be32(at + 4, segment->tsecr);
		at += 8;
	}
	return segment->sack_count ? write_sack(at, segment) : at;
}

size_t tcp_segment_write(const struct tcp_segment *segment, uint16_t sport, uint16_t dport,
	uint8_t ret[TCP_HEADER_MAX])
{
	size_t length = (size_t)(write_options(ret + HEADER_LEAST, segment) - ret);

	bytes_put_be16(ret, sport);
	bytes_put_be16(ret + 2, dport);
	bytes_put_be32(ret + 4, segment->seq);
	bytes_put_be32(ret + 8, segment->ack);
	ret[12] = (uint8_t)(length / 4 << 4);
	ret[13] = segment->flags;
	bytes_put_be16(ret + 14, segment->window);
	bytes_put_be16(ret + 16, 0);
	bytes_put_be16(ret + 18, segment->urgent);
	return length;
}
