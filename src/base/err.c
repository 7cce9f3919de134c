/* One error: what kind, where in the input, what is wrong and how to mend it. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
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

static void text_set(struct err *err, const struct position *at, const char *format, va_list args)
{
	size_t length = place_format(err->text, sizeof(err->text), at);

	vsnprintf(err->text + length, sizeof(err->text) - length, format, args);
	controls_hide(err->text);
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
	char old[sizeof(err->text)];
	size_t length;

	if (!err)
		return -EINVAL;
	memcpy(old, err->text, sizeof(old));
	length = place_format(err->text, sizeof(err->text), at);
	if (subject && *subject)
		snprintf(err->text + length, sizeof(err->text) - length, "%s: %s", subject, old);
	else
		snprintf(err->text + length, sizeof(err->text) - length, "%s", old);
	return -EINVAL;
}

void err_hint(struct err *err, const char *format, ...)
{
	va_list args;
	size_t length;

	if (!err)
		return;
	length = strlen(err->text);
	va_start(args, format);
	vsnprintf(err->text + length, sizeof(err->text) - length, format, args);
	va_end(args);
	controls_hide(err->text + length);
}
