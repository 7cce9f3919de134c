/* SYN cookies: 29 bits of the number say that it is ours, three the MSS; six bits of the timestamp
 * say what other options the SYN had. */
#include "tcp/cookie.h"

#include <string.h>

#include "base/bytes.h"

enum {
	MSS_BITS = 3,
	MSS_MASK = (1 << MSS_BITS) - 1,
	SCALE_MASK = 0x0f, /* of the timestamp */
	SCALE_NONE = 0x0f, /* RFC 7323 2.3: 14 is the most */
	SACK_BIT = 0x10,
	OPTION_MASK = 0x3f,
	MILLISECOND = 1000000,
};

void tcp_cookie_reduce(struct tcp_segment *syn)
{
	if (syn->has_timestamps)
		return;
	syn->has_scale = false;
	syn->sack_permitted = false;
}

/* RFC 9293 3.7.1 has 536 for a SYN that says none; IPv6 and IPv4, plain and in PPPoE or a tunnel;
 * jumbo frames. */
static const uint16_t sizes[MSS_MASK + 1] = { 216, 536, 1220, 1360, 1400, 1440, 1460, 8940 };

static uint32_t size_of(const struct tcp_segment *syn)
{
	uint16_t mss = syn->has_mss ? syn->mss : sizes[1];
	uint32_t i = MSS_MASK;

	while (i && sizes[i] > mss)
		i--;
	return i;
}

/* Nobody guesses it, and it is another one after a while. */
static uint32_t number(const struct tcp_cookie *cookie, uint32_t seq, uint64_t age, uint32_t size)
{
	uint8_t octets[TCP_COOKIE_TUPLE + 16] = { 0 };

	memcpy(octets, cookie->tuple, cookie->length);
	bytes_put_be32(octets + cookie->length, seq);
	bytes_put_be32(octets + cookie->length + 4, (uint32_t)age);
	bytes_put_be32(octets + cookie->length + 8, size);
	return (tcp_isn(cookie->key, octets, cookie->length + 12, 0) & ~(uint32_t)MSS_MASK) | size;
}

uint32_t tcp_cookie_isn(
	const struct tcp_cookie *cookie, const struct tcp_segment *syn, uint64_t now)
{
	return number(cookie, syn->seq, now / TCP_COOKIE_LASTS, size_of(syn));
}

uint32_t tcp_cookie_timestamps(uint32_t offset, const struct tcp_segment *syn, uint64_t now)
{
	uint32_t value = (uint32_t)(now / MILLISECOND) + offset;
	uint32_t said = syn->sack_permitted ? SACK_BIT : 0;

	if (!syn->has_scale)
		said |= SCALE_NONE;
	else
		said |= syn->scale < SCALE_NONE ? syn->scale : SCALE_NONE - 1;
	return offset - ((value - said) & OPTION_MASK);
}

static bool is_ours(const struct tcp_cookie *cookie, uint32_t seq, uint32_t isn, uint64_t now)
{
	uint64_t age = now / TCP_COOKIE_LASTS;

	return isn == number(cookie, seq, age, isn & MSS_MASK) ||
	       (age && isn == number(cookie, seq, age - 1, isn & MSS_MASK));
}

/* Without timestamps there was no room for the other options: none was agreed on. */
static void take_options(const struct tcp_segment *ack, struct tcp_segment *ret)
{
	ret->has_timestamps = ack->has_timestamps;
	if (!ack->has_timestamps)
		return;
	ret->tsval = ack->tsval;
	ret->sack_permitted = ack->tsecr & SACK_BIT;
	ret->has_scale = (ack->tsecr & SCALE_MASK) != SCALE_NONE;
	ret->scale = ack->tsecr & SCALE_MASK;
}

bool tcp_cookie_read(const struct tcp_cookie *cookie, const struct tcp_segment *ack, uint64_t now,
	struct tcp_segment *ret)
{
	uint32_t isn = ack->ack - 1;

	if (!is_ours(cookie, ack->seq - 1, isn, now))
		return false;
	*ret = (struct tcp_segment){
		.seq = ack->seq - 1,
		.flags = TCP_SYN,
		.window = ack->window,
		.has_mss = true,
		.mss = sizes[isn & MSS_MASK],
	};
	take_options(ack, ret);
	return true;
}
