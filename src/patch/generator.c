/* Numbers that change from turn to turn. */
#include "patch/generator.h"

void patch_generator_seek(
	const struct patch_generator *g, uint64_t turn, struct patch_cursor *cursor)
{
	cursor->turn = turn / g->divisor;
	cursor->still = turn % g->divisor;
	cursor->place = g->count ? cursor->turn % g->count : cursor->turn;
	cursor->round = g->count ? cursor->turn / g->count : 0;
	patch_generator_evaluate(g, cursor);
}

uint64_t patch_generator_at(const struct patch_generator *g, uint64_t turn)
{
	struct patch_cursor cursor;

	patch_generator_seek(g, turn, &cursor);
	return cursor.value;
}
