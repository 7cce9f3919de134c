/* l2tp.h: the attributes that L2TP 2 and 3 have alike. */
#ifndef WIRE_L2TP_H
#define WIRE_L2TP_H

#include "wire/wire.h"

extern const struct wire_list wire_l2tp_avp_list;

#endif
