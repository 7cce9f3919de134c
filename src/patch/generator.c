/* Numbers that change from turn to turn. */
#include "patch/generator.h"

#include "base/random.h"

static void evaluate(const struct patch_generator *g, struct patch_cursor *cursor)
{
	switch (g->source) {
	case PATCH_COUNT:
		cursor->value = g->first + g->step * cursor->place;
		break;
	case PATCH_RANDOM:
		cursor->value = g->first + random_scale(random_at(g->key, cursor->turn), g->count);
		break;
	case PATCH_SHUFFLE:
		cursor->value = g->first + random_permute(random_derive(g->key, cursor->round),
						   g->root, g->count, cursor->place);
		break;
	case PATCH_TABLE:
		cursor->value = g->table[cursor->place];
		break;
	}
}

void patch_generator_seek(
	const struct patch_generator *g, uint64_t turn, struct patch_cursor *cursor)
{
	cursor->turn = turn / g->divisor;
	cursor->still = turn % g->divisor;
	cursor->place = g->count ? cursor->turn % g->count : cursor->turn;
	cursor->round = g->count ? cursor->turn / g->count : 0;
	evaluate(g, cursor);
}

void patch_generator_next(const struct patch_generator *g, struct patch_cursor *cursor)
{
	if (++cursor->still < g->divisor)
		return;
	cursor->still = 0;
	cursor->turn++;
	if (++cursor->place == g->count) {
		cursor->place = 0;
		cursor->round++;
	}
	evaluate(g, cursor);
}

uint64_t patch_generator_at(const struct patch_generator *g, uint64_t turn)
{
	struct patch_cursor cursor;

	patch_generator_seek(g, turn, &cursor);
	return cursor.value;
}
