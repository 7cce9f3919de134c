/* names.h: names for numbers that several protocols carry and that no protocol of ours binds. */
#ifndef WIRE_NAMES_H
#define WIRE_NAMES_H

#include "wire/wire.h"

extern const struct wire_name wire_names_ethertype[];
extern const struct wire_name wire_names_ip_protocol[];
extern const struct wire_name wire_names_udp_port[];
extern const struct wire_name wire_names_tcp_port[];
extern const struct wire_name wire_names_dscp[];
extern const struct wire_name wire_names_ecn[];

#endif
