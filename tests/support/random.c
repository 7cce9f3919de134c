/* Numbers that are the same in every run. */
#include "random.h"

#include <stdlib.h>

/* splitmix64 by Sebastiano Vigna */
uint64_t support_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

uint64_t support_random_below(uint64_t *state, uint64_t bound)
{
	return support_random(state) % bound;
}

void support_random_octets(uint64_t *state, uint8_t *octets, size_t length)
{
	for (size_t i = 0; i < length; i++)
		octets[i] = (uint8_t)support_random(state);
}

uint64_t support_asked(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}
