/* err.h: one error: what kind, where in the input, what is wrong and how to mend it. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <errno.h>
#include <stddef.h>

/* The values are the exit statuses of the command line. */
enum err_kind {
	ERR_NONE = 0,
	ERR_RESULT = 1, /* it ran, and the answer is no */
	ERR_INPUT = 2,	/* the usage, a template or a capture file is wrong */
	ERR_SYSTEM = 3, /* the system refused */
};

/* A place in an input. file is borrowed and outlives the value; line and column count from 1, 0
 * where unknown. */
struct position {
	const char *file;
	unsigned int line;
	unsigned int column;
};

/* Filled by the function that fails, on the caller's stack. One line, without the program's name
 * and without '\n'; of one that is too long the middle is left out. */
struct err {
	enum err_kind kind;
	char text[1024];
};

/*
 * Each fills *err (which may be NULL) and returns a negative errno, so that `return err_input(...)`
 * reads well: -EINVAL for input and result errors, -error for those of the system, whose text ends
 * in ": " and strerror(error).
 */
int err_input(struct err *err, const struct position *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int err_result(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
int err_system(struct err *err, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Puts "FILE:LINE:COLUMN: " (as much of it as is known) and "subject: " (if not NULL or empty)
 * before the text of an error set without a place. Returns -EINVAL.
 */
int err_locate(struct err *err, const struct position *at, const char *subject);

/*
 * What these return is never 0, and every caller's compiler and analyzer should know: a variable
 * that is left unset on failure is not read then.
 */
static inline int err_negative(int error)
{
	return error < 0 ? error : -EINVAL;
}
#define err_input(...)	err_negative(err_input(__VA_ARGS__))
#define err_result(...) err_negative(err_result(__VA_ARGS__))
#define err_system(...) err_negative(err_system(__VA_ARGS__))
#define err_locate(...) err_negative(err_locate(__VA_ARGS__))

/* Appends to the text: a limit, or a hint on how to mend it. */
void err_hint(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
