/* The engines that there are. */
#include "measure/engines.h"

#include <stddef.h>

const struct measure_engine_ops *const measure_engines[] = { &measure_engine_pcap,
	&measure_engine_xdp, NULL };
