/* Histograms as the few cells that they need. */
#include "base/cells.h"

#include <errno.h>
#include <stdlib.h>

#define TIMES_BITS 48
#define TIMES_MASK ((1ULL << TIMES_BITS) - 1)

int cells_pack(struct cells *cells, const struct histogram *histogram)
{
	struct cells packed = { 0 };
	unsigned int used = 0;

	for (unsigned int i = 0; i < HISTOGRAM_CELLS; i++)
		used += histogram->cells[i] != 0;
	packed.cells = used ? malloc(used * sizeof(*packed.cells)) : NULL;
	if (used && !packed.cells)
		return -ENOMEM;
	for (unsigned int i = 0; i < HISTOGRAM_CELLS; i++)
		if (histogram->cells[i])
			packed.cells[packed.count++] =
				(uint64_t)i << TIMES_BITS | (histogram->cells[i] & TIMES_MASK);
	cells_fini(cells);
	*cells = packed;
	return 0;
}

void cells_fini(struct cells *cells)
{
	free(cells->cells);
	*cells = (struct cells){ 0 };
}

void cells_unpack(const struct cells *cells, struct histogram *into)
{
	for (unsigned int i = 0; i < cells->count; i++) {
		uint64_t lowest, highest;

		histogram_cell((unsigned int)(cells->cells[i] >> TIMES_BITS), &lowest, &highest);
		histogram_add(into, highest, cells->cells[i] & TIMES_MASK);
	}
}
