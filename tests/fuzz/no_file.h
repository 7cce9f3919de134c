/* no_file.h: what an input happens to name is not read: no file can be opened in a fuzzer that
 * includes this. */
#ifndef TESTS_FUZZ_NO_FILE_H
#define TESTS_FUZZ_NO_FILE_H

#include <errno.h>

int open(const char *path, int flags, ...);
int open(const char *path, int flags, ...)
{
	(void)path;
	(void)flags;
	errno = ENOENT;
	return -1;
}

#endif
