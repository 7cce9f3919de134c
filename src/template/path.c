/* Messages that say which field of which layer is meant. */
#include "template/reader.h"

#include "base/arena.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PATH_LENGTH   256
#define OPTION_LENGTH 80 /* of an option's text in messages */

static size_t path_format(const struct path *path, char *text, size_t size)
{
	size_t length = path->outer ? path_format(path->outer, text, size) : 0;

	if (!path->name || length >= size)
		return length;
	return length + (size_t)snprintf(text + length, size - length, "%s%s", length ? "." : "",
				path->name);
}

const char *path_text(struct arena *arena, const struct path *path)
{
	char text[PATH_LENGTH] = "";

	path_format(path, text, sizeof(text));
	return arena_strndup(arena, text, strlen(text));
}

int(path_locate)(struct err *err, const struct position *at, const struct path *path)
{
	char subject[PATH_LENGTH] = "";

	if (path)
		path_format(path, subject, sizeof(subject));
	return err_locate(err, at, subject);
}

int(path_error)(struct err *err, const struct position *at, const struct path *path,
	const char *format, ...)
{
	char text[sizeof(err->text)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	err_input(err, NULL, "%s", text);
	return path_locate(err, at, path);
}

struct position path_of_option(struct arena *arena, const char *option, const char *text)
{
	bool cut = strlen(text) > OPTION_LENGTH;
	char *name =
		arena_printf(arena, "%s %.*s%s", option, OPTION_LENGTH, text, cut ? "..." : "");

	for (char *p = name; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';
	return (struct position){ .file = name };
}
