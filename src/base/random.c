/* Keys of random streams, and permutations. */
#include "base/random.h"

/* FNV-1a, 64 bits. */
#define FNV_BASIS 0xcbf29ce484222325ULL
#define FNV_PRIME 0x100000001b3ULL

/* Four would do for what a cryptographer calls pseudorandom; small ranges mix worse. */
#define ROUNDS 6

uint64_t random_key(uint64_t seed, const char *name)
{
	uint64_t hash = FNV_BASIS;

	for (; *name; name++)
		hash = (hash ^ (uint8_t)*name) * FNV_PRIME;
	return random_at(random_mix(hash), random_mix(seed));
}

uint64_t random_derive(uint64_t key, uint64_t number)
{
	return random_mix(random_at(key, number) ^ key);
}

uint64_t random_root(uint64_t count)
{
	uint64_t low = 1;
	uint64_t high = 1ULL << 32; /* its square is 2^64 */

	while (count && low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (middle < (1ULL << 32) && middle * middle < count)
			low = middle + 1;
		else
			high = middle;
	}
	return high;
}

/* A generalized Feistel network (Black and Rogaway, CT-RSA 2002): the index is two digits to the
 * base root, and each round adds a function of one to the other. */
static uint64_t network(uint64_t key, uint64_t root, uint64_t index)
{
	uint64_t left = index / root;
	uint64_t right = index % root;

	for (unsigned int round = 0; round < ROUNDS; round++) {
		uint64_t sum = left + random_scale(random_at(key + round, right), root);

		left = right;
		right = sum < root ? sum : sum - root;
	}
	return left * root + right;
}

uint64_t random_permute(uint64_t key, uint64_t root, uint64_t count, uint64_t index)
{
	/* The network permutes root squared numbers, hardly more than count: what falls outside is
	 * walked on until it comes back in. */
	do
		index = network(key, root, index);
	while (count && index >= count);
	return index;
}
