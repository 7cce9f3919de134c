/* Draws what runs on a terminal, in place. */
#include "cli/live.h"

#include "render/bars.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS 80 /* where the terminal does not say */

/* What a line of a track takes besides its sparkline, and the shortest sparkline that tells
 * anything. */
#define NAME_WIDTH 10
#define NOW_WIDTH  20
#define SPARK_MIN  10

#define ROWS_BESIDE 2 /* the line of words, and one that is free */

bool cli_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool utf8;

	if (!locale)
		return false;
	utf8 = !strcmp(nl_langinfo_l(CODESET, locale), "UTF-8");
	freelocale(locale);
	return utf8;
}

unsigned int cli_columns(int fd)
{
	struct winsize size;

	return !ioctl(fd, TIOCGWINSZ, &size) && size.ws_col ? size.ws_col : COLUMNS;
}

static unsigned int rows(void)
{
	struct winsize size;

	return !ioctl(STDERR_FILENO, TIOCGWINSZ, &size) && size.ws_row ? size.ws_row : 24;
}

static bool has_cursor(void)
{
	const char *term = getenv("TERM");

	return term && *term && strcmp(term, "dumb") != 0;
}

void live_init(struct live *live, const struct common *common)
{
	*live = (struct live){ .on = !common->quiet && isatty(STDERR_FILENO), .utf8 = cli_utf8() };
}

static struct live_track *track_of(struct live *live, const char *name)
{
	unsigned int i;

	for (i = 0; i < live->track_count; i++)
		if (!strcmp(live->tracks[i].name, name))
			return &live->tracks[i];
	if (i == LIVE_TRACKS)
		return NULL;
	live->tracks[i].name = name;
	live->track_count++;
	return &live->tracks[i];
}

void live_track(struct live *live, const char *name, double value, const char *now)
{
	struct live_track *track = track_of(live, name);

	if (!track)
		return;
	if (track->count == LIVE_VALUES)
		memmove(track->values, track->values + 1,
			sizeof(track->values[0]) * --track->count);
	track->values[track->count++] = value;
	snprintf(track->now, sizeof(track->now), "%s", now);
}

/* "rate       ______---===###   98.2 kframes/s", the latest value at the sparkline's right. */
static void put_track(
	const struct live *live, const struct live_track *track, size_t room, struct buffer *out)
{
	size_t shown = track->count < room ? track->count : room;

	buffer_printf(out, "\n%-*s ", NAME_WIDTH, track->name);
	buffer_printf(out, "%*s", (int)(room - shown), "");
	render_sparkline(track->values + track->count - shown, shown, live->utf8, out);
	buffer_printf(out, "  %.*s\033[K", NOW_WIDTH, track->now);
}

/* To the beginning of what was drawn. */
static void put_start(const struct live *live, struct buffer *out)
{
	if (live->drawn > 1)
		buffer_printf(out, "\033[%uA", live->drawn - 1);
	buffer_printf(out, "\r");
}

/* Over what stands in the line; one that knows no cursor wants blanks for that. */
static void put_line(const char *line, int columns, struct buffer *out)
{
	if (has_cursor())
		buffer_printf(out, "%.*s\033[K", columns - 1, line);
	else
		buffer_printf(out, "%-*.*s", columns - 1, columns - 1, line);
}

/* What matters most comes first: a narrow terminal cuts the end off, and a line that broke could
 * not be written over. */
void live_show(struct live *live, const char *line)
{
	unsigned int columns = cli_columns(STDERR_FILENO);
	unsigned int beside = NAME_WIDTH + 1 + 2 + NOW_WIDTH + 1;
	bool tracks = has_cursor() && columns >= beside + SPARK_MIN &&
		      rows() >= live->track_count + ROWS_BESIDE;
	struct buffer out = { 0 };
	size_t room;

	if (!live->on)
		return;
	put_start(live, &out);
	put_line(line, (int)columns, &out);
	room = tracks ? columns - beside : 0;
	room = room < LIVE_VALUES ? room : LIVE_VALUES;
	for (unsigned int i = 0; tracks && i < live->track_count; i++)
		put_track(live, &live->tracks[i], room, &out);
	/* Lines that stood below and are not drawn any more. */
	if (live->drawn > 1)
		buffer_printf(&out, "\033[J");
	fwrite(out.data, 1, out.length, stderr);
	fflush(stderr);
	buffer_fini(&out);
	live->drawn = 1 + (tracks ? live->track_count : 0);
}

void live_clear(struct live *live)
{
	struct buffer out = { 0 };

	if (!live->drawn)
		return;
	put_start(live, &out);
	put_line("", (int)cli_columns(STDERR_FILENO), &out);
	if (live->drawn > 1)
		buffer_printf(&out, "\033[J");
	buffer_printf(&out, "\r");
	fwrite(out.data, 1, out.length, stderr);
	fflush(stderr);
	buffer_fini(&out);
	live->drawn = 0;
}
