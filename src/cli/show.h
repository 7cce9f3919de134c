/* show.h: what the command show has built, to be printed. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "cli/fuzz.h"
#include "frame/compile.h"

/* A frame, built. */
struct shown {
	const char *name;
	const char *unique; /* with its template's name where that has several */
	struct frame_view view;
	bool placeholder;
	struct mutated mutated; /* count 0 without --fuzz */
};

/* The frames to be shown. All of it is the arena's. */
struct shown_list {
	struct template *templates;
	size_t template_count;
	struct frame_compiled compiled; /* of all frames of all templates */
	struct shown *frames;
	size_t count;
};

/* Frames that are shown at most; `convert -n` makes any number. */
#define SHOW_FRAMES_MAX 10000

/* Which frames of the run: count of them from first on; with count 0 each once, as it is at its
 * first turn. fuzz is NULL where they are as they were meant. */
struct show_range {
	uint64_t first, count;
	const struct mutate_config *fuzz;
};

/* Builds the frames of the list's templates; those of a run each with what changed since its turn
 * before marked, or what was mutated. */
int show_build(struct common *common, struct shown_list *list, const struct show_range *range,
	struct err *err);

#endif
