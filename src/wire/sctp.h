/* sctp.h: what the chunks of SCTP share with their parameters. */
#ifndef WIRE_SCTP_H
#define WIRE_SCTP_H

#include "wire/wire.h"

extern const struct wire_name wire_sctp_chunk_types[];
extern const struct wire_list wire_sctp_parameter_list;

#endif
