/* show.h: what the command show has built, to be printed. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "cli/cli.h"
#include "frame/compile.h"

/* A frame, built. */
struct shown {
	const char *name;
	const char *unique; /* with its template's name where that has several */
	struct frame_view view;
	bool placeholder;
};

/* The frames to be shown. All of it is the arena's. */
struct shown_list {
	struct template *templates;
	size_t template_count;
	struct frame_compiled compiled; /* of all frames of all templates */
	struct shown *frames;
	size_t count;
};

/* Frames that are shown at most; `send -w FILE` makes any number. */
#define SHOW_FRAMES_MAX 10000

/*
 * Builds the list's templates: with count 0 each of their frames once, as it is at its first turn,
 * else the first count frames of the run, each with what changed since its turn before marked.
 */
int show_build(struct common *common, struct shown_list *list, uint64_t count, struct err *err);

#endif
