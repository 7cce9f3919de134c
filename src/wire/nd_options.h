/* nd_options.h: the options of neighbour discovery, in icmpv6's messages. */
#ifndef WIRE_ND_OPTIONS_H
#define WIRE_ND_OPTIONS_H

#include "wire/wire.h"

extern const struct wire_list wire_nd_option_list;

#endif
