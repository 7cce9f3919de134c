/*
 * random.h: random numbers as a function of a key and an index, so that anybody can make the
 * millionth without those before it. Only +, *, ^, / and shifts of 64 bits, which eBPF has too. Not
 * for secrets.
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

#define RANDOM_STEP 0x9e3779b97f4a7c15ULL /* 2^64 / the golden ratio, odd */

/* Each bit of the result hangs on all of x: the finalizer of SplitMix64 (Steele, Lea and Flood,
 * OOPSLA 2014). */
static inline uint64_t random_mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

/* Number index of the stream with this key. */
static inline uint64_t random_at(uint64_t key, uint64_t index)
{
	return random_mix(key + (index + 1) * RANDOM_STEP);
}

/* The high half of a * b. */
static inline uint64_t random_high(uint64_t a, uint64_t b)
{
	uint64_t low = (a & 0xffffffff) * (b & 0xffffffff);
	uint64_t middle = (a >> 32) * (b & 0xffffffff) + (low >> 32);
	uint64_t other = (a & 0xffffffff) * (b >> 32) + (middle & 0xffffffff);

	return (a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32);
}

/* Scales a random number to 0 .. count - 1, evenly over the range; count 0 is 2^64. */
static inline uint64_t random_scale(uint64_t random, uint64_t count)
{
	if (!count)
		return random;
	return count >> 32 ? random_high(random, count) : ((random >> 32) * count) >> 32;
}

/* The key of the stream that a seed gives a name, and of stream number of a key's own. */
uint64_t random_key(uint64_t seed, const char *name);
uint64_t random_derive(uint64_t key, uint64_t number);

/*
 * A permutation of 0 .. count - 1 (count 0 is 2^64) by key: where index goes. root is
 * random_root(count), worked out once.
 */
uint64_t random_root(uint64_t count);
uint64_t random_permute(uint64_t key, uint64_t root, uint64_t count, uint64_t index);

#endif
