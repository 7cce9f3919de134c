/* ipv6_options.h: the options that hop-by-hop and destination headers share. */
#ifndef WIRE_IPV6_OPTIONS_H
#define WIRE_IPV6_OPTIONS_H

#include "wire/wire.h"

extern const struct wire_list wire_ipv6_option_list;

#endif
