/* Initial sequence numbers that nobody else can guess (RFC 6528), with SipHash-2-4 as the function.
 */
#include <string.h>

#include "tcp/tcp.h"

static uint64_t rotate(uint64_t x, unsigned int bits)
{
	return x << bits | x >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

static uint64_t little_endian(const uint8_t *octets, size_t count)
{
	uint64_t word = 0;

	for (size_t i = 0; i < count; i++)
		word |= (uint64_t)octets[i] << (8 * i);
	return word;
}

static void sip_word(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	sip_round(v);
	sip_round(v);
	v[0] ^= word;
}

/* Aumasson and Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012. */
static uint64_t sip_hash(const uint8_t key[16], const uint8_t *data, size_t length)
{
	uint64_t k0 = little_endian(key, 8), k1 = little_endian(key + 8, 8);
	uint64_t v[4] = { k0 ^ 0x736f6d6570736575ULL, k1 ^ 0x646f72616e646f6dULL,
		k0 ^ 0x6c7967656e657261ULL, k1 ^ 0x7465646279746573ULL };
	size_t at = 0;

	for (; at + 8 <= length; at += 8)
		sip_word(v, little_endian(data + at, 8));
	sip_word(v, little_endian(data + at, length - at) | (uint64_t)length << 56);
	v[2] ^= 0xff;
	for (unsigned int i = 0; i < 4; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint32_t tcp_isn(const uint8_t key[16], const void *tuple, size_t length, uint64_t now)
{
	/* RFC 6528 3: ISN = M + F(tuple, key), M a timer of 4 us. */
	return (uint32_t)(now / 4000) + (uint32_t)sip_hash(key, tuple, length);
}
