/* One error: what kind, where in the input, what is wrong and how to mend it. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "FILE:LINE:COLUMN: ", as much of it as is known; returns its length, less than size. */
static size_t place_format(char *text, size_t size, const struct position *at)
{
	int length = 0;

	text[0] = '\0';
	if (!at || !at->file)
		return 0;
	if (!at->line)
		length = snprintf(text, size, "%s: ", at->file);
	else if (!at->column)
		length = snprintf(text, size, "%s:%u: ", at->file, at->line);
	else
		length = snprintf(text, size, "%s:%u:%u: ", at->file, at->line, at->column);
	return (size_t)length < size ? (size_t)length : size - 1;
}

/* What stands in input may be quoted: no control character of it reaches a terminal, or a second
 * line. */
static void controls_hide(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
}

/* Within a character of UTF-8 that began before. */
static bool is_within_character(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

#define DOTS "..."
#define KEPT 600 /* octets before them: place, subject, the beginning of what was given */

/* Sets *err's text. The middle of one that is too long gives way to dots: the reason and the hint
 * stand at its end. */
static void text_fit(struct err *err, const char *text)
{
	size_t length = strlen(text);
	size_t before = KEPT;
	const char *after;

	if (length < sizeof(err->text)) {
		memcpy(err->text, text, length + 1);
		return;
	}
	after = text + length - (sizeof(err->text) - 1 - KEPT - strlen(DOTS));
	while (before && is_within_character(text[before]))
		before--;
	while (is_within_character(*after))
		after++;
	snprintf(err->text, sizeof(err->text), "%.*s" DOTS "%s", (int)before, text, after);
}

/* Puts a place and a text made of args behind what *err has. */
static void __attribute__((format(printf, 3, 0)))
text_append(struct err *err, const struct position *at, const char *format, va_list args)
{
	char place[sizeof(err->text)];
	char *tail = NULL;
	char *text = NULL;

	place_format(place, sizeof(place), at);
	if (vasprintf(&tail, format, args) < 0)
		abort();
	if (asprintf(&text, "%s%s%s", err->text, place, tail) < 0)
		abort();
	controls_hide(text);
	text_fit(err, text);
	free(text);
	free(tail);
}

static void __attribute__((format(printf, 3, 0)))
text_set(struct err *err, const struct position *at, const char *format, va_list args)
{
	err->text[0] = '\0';
	text_append(err, at, format, args);
}

int(err_input)(struct err *err, const struct position *at, const char *format, ...)
{
	va_list args;

	if (err) {
		err->kind = ERR_INPUT;
		va_start(args, format);
		text_set(err, at, format, args);
		va_end(args);
	}
	return -EINVAL;
}

int(err_result)(struct err *err, const char *format, ...)
{
	va_list args;

	if (err) {
		err->kind = ERR_RESULT;
		va_start(args, format);
		text_set(err, NULL, format, args);
		va_end(args);
	}
	return -EINVAL;
}

int(err_system)(struct err *err, int error, const char *format, ...)
{
	va_list args;

	if (err) {
		err->kind = ERR_SYSTEM;
		va_start(args, format);
		text_set(err, NULL, format, args);
		va_end(args);
		err_hint(err, ": %s", strerror(error));
	}
	return -error;
}

int(err_locate)(struct err *err, const struct position *at, const char *subject)
{
	char place[sizeof(err->text)];
	char *text = NULL;
	bool named = subject && *subject;

	if (!err)
		return -EINVAL;
	place_format(place, sizeof(place), at);
	if (asprintf(&text, "%s%s%s%s", place, named ? subject : "", named ? ": " : "", err->text) <
		0)
		abort();
	text_fit(err, text);
	free(text);
	return -EINVAL;
}

void err_hint(struct err *err, const char *format, ...)
{
	va_list args;

	if (!err)
		return;
	va_start(args, format);
	text_append(err, NULL, format, args);
	va_end(args);
}
