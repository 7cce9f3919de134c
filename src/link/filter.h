/* filter.h: whether a frame is what a pcap-filter(7) expression asks for. */
#ifndef LINK_FILTER_H
#define LINK_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct filter;

/* For whole Ethernet frames, as they are on the wire. A text that does not compile is ERR_INPUT. */
int filter_new(struct filter **ret, const char *text, struct err *err);
bool filter_takes(const struct filter *filter, const uint8_t *octets, size_t length);
void filter_free(struct filter *filter); /* NULL is harmless */

#endif
