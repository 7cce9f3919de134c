/* ospf.h: what OSPF 2 and 3 have alike. */
#ifndef WIRE_OSPF_H
#define WIRE_OSPF_H

#include "wire/wire.h"

extern const struct wire_name wire_ospf_types[];
extern const struct wire_list wire_ospf_neighbour_list;

#endif
