/* cells.h: the cells of a histogram that are not empty: to keep many of them. */
#ifndef BASE_CELLS_H
#define BASE_CELLS_H

#include "base/histogram.h"

/* Zeroed memory holds none; cells_fini frees what cells_pack made. */
struct cells {
	uint64_t *cells; /* by number: it stands in the upper 16 bits, how many in the rest */
	unsigned int count;
};

/* Takes the histogram's in place of what was there. -ENOMEM: what was there stays. */
int cells_pack(struct cells *cells, const struct histogram *histogram);
void cells_fini(struct cells *cells);

/* Adds them: numbers count as the highest of their cell. */
void cells_unpack(const struct cells *cells, struct histogram *into);

#endif
