/* file.h: files that a test writes; they go when it ends. */
#ifndef SUPPORT_FILE_H
#define SUPPORT_FILE_H

#include <stddef.h>

/* A path of the test's own that does not exist yet, for the file name; valid until the test's end.
 * Made under $TMPDIR or /tmp. */
const char *support_path(const char *name);

/* Writes octets to support_path(name), and returns that. */
const char *support_file(const char *name, const void *octets, size_t length);

#endif
