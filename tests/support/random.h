/* random.h: numbers that are the same in every run, for tests of properties. */
#ifndef SUPPORT_RANDOM_H
#define SUPPORT_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* *state is the seed at first. */
uint64_t support_random(uint64_t *state);
uint64_t support_random_below(uint64_t *state, uint64_t bound); /* 0 to bound - 1 */
void support_random_octets(uint64_t *state, uint8_t *octets, size_t length);

/* The number that the environment gives by this name: another seed, more rounds. */
uint64_t support_asked(const char *name, uint64_t otherwise);

#endif
