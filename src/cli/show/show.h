/* show.h: what the command show is to do, and has built, to be printed. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "cli/fuzz.h"
#include "frame/compile.h"

/* In the order of their names. */
enum show_format {
	SHOW_TREE,
	SHOW_HEX,
	SHOW_RAW,
	SHOW_JSON,
	SHOW_YAML,
	SHOW_C,
	SHOW_RFC,
	SHOW_SVG,
	SHOW_EXPRESSION,
	SHOW_PROGRAM,
	SHOW_EBPF,
};

struct show {
	struct common common;
	enum show_format format;
	bool format_given;
	uint64_t frames; /* -n; 0: each frame of the templates once */
	uint64_t first;	 /* index of the run */
	bool first_given;
	struct fuzz_options fuzz;
};

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

/* Appends the list's frames in the format that show asks for. */
int show_print(
	struct show *show, const struct shown_list *list, struct buffer *out, struct err *err);

#endif
