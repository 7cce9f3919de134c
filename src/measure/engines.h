/* engines.h: the engines that there are. */
#ifndef MEASURE_ENGINES_H
#define MEASURE_ENGINES_H

#include "measure/engine.h"

/* The first is what auto takes; ends with NULL. */
extern const struct measure_engine_ops *const measure_engines[];

#endif
