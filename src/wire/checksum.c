/* The internet checksum, RFC 1071. */
#include "wire/checksum.h"

#include "base/bytes.h"

#include <arpa/inet.h>
#include <string.h>

/*
 * RFC 1071 2 (B) and (C): the sum may be taken over wider words and in the host's byte order; once
 * folded, its octets are put in order.
 */
uint64_t checksum_add(uint64_t sum, const uint8_t *octets, size_t length)
{
	uint64_t even = 0;
	uint64_t odd = 0;
	uint8_t last[4] = { 0 };
	uint32_t word;

	/* 64 bits hold the carries of 2^32 such words, and so of more octets than the caller may
	 * give. */
	for (; length >= 8; length -= 8, octets += 8) {
		memcpy(&word, octets, 4);
		even += word;
		memcpy(&word, octets + 4, 4);
		odd += word;
	}
	if (length >= 4) {
		memcpy(&word, octets, 4);
		even += word;
		length -= 4;
		octets += 4;
	}
	if (length)
		memcpy(last, octets, length);
	memcpy(&word, last, 4);
	odd += word;
	return sum + ntohs(checksum_fold((uint64_t)checksum_fold(even) + checksum_fold(odd)));
}

uint16_t checksum_cisco_last(uint8_t octet)
{
	return octet < 0x80 ? octet : (uint16_t)(0xff00 | (octet - 1));
}

uint64_t checksum_bad(uint64_t right, bool has_pseudo, uint16_t pseudo)
{
	static const uint16_t changes[] = { 0x5555, 0x3333, 0x0f0f, 0x00ff };
	unsigned int i = 0;

	/* Each of the three to avoid rules out one change at most. */
	while ((right ^ changes[i]) == 0 || (right ^ changes[i]) == 0xffff ||
		(has_pseudo && (right ^ changes[i]) == pseudo))
		i++;
	return right ^ changes[i];
}

uint64_t checksum_pseudo(const uint8_t *src, const uint8_t *dst, size_t address_length,
	uint8_t protocol, uint32_t length)
{
	uint8_t octets[4];
	uint64_t sum = checksum_add(0, src, address_length);

	bytes_put_be32(octets, length);
	sum = checksum_add(sum, octets, sizeof(octets));
	return checksum_add(sum, dst, address_length) + protocol;
}
