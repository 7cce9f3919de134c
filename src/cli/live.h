/* live.h: what runs, on a terminal: a line of words, and below it lines that show what changes as
 * sparklines, drawn over again in place. On standard error, and only there where that is a
 * terminal. */
#ifndef CLI_LIVE_H
#define CLI_LIVE_H

#include "cli/cli.h"

#define LIVE_TRACKS 4U
#define LIVE_VALUES 60U /* the latest of a track; one every call of live_track */

struct live_track {
	const char *name;
	double values[LIVE_VALUES];
	size_t count;
	char now[32]; /* the latest in words */
};

/* Caller's storage; live_init before use. */
struct live {
	bool on;
	bool utf8;
	unsigned int drawn; /* lines that stand on the terminal */
	struct live_track tracks[LIVE_TRACKS];
	unsigned int track_count;
};

/* On where standard error is a terminal and -q was not said. */
void live_init(struct live *live, const struct common *common);

/* The latest value of a track, NAN where there is none, and how it is told: now, of which 31 octets
 * are kept. The name, borrowed, makes a track of its own the first time. */
void live_track(struct live *live, const char *name, double value, const char *now);

/* Draws the line and the tracks, each cut to the terminal's width; one that is too narrow or too
 * low for tracks, or that knows no cursor, has the line alone. */
void live_show(struct live *live, const char *line);

/* Takes away what was drawn. */
void live_clear(struct live *live);

/* Whether text is UTF-8 by the locale: LC_ALL, LC_CTYPE, LANG. */
bool cli_utf8(void);

/* Characters in a line of this terminal: of 80 where it is none, or does not say. */
unsigned int cli_columns(int fd);

#endif
