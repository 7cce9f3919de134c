/* descriptors.h: how many files may be open. */
#ifndef BASE_DESCRIPTORS_H
#define BASE_DESCRIPTORS_H

#include <stdbool.h>

/* This descriptor, just opened, is among the last that the process may have. Who opens them by the
 * thousand leaves these: to ask the system for a route takes one, too. */
bool descriptor_is_among_last(int fd);

/* It is past the first half of them. */
bool descriptor_is_past_half(int fd);

#endif
