/* The bound of a process's open files. */
#include "base/descriptors.h"

#include <sys/resource.h>

#define SPARE 8

bool descriptor_is_among_last(int fd)
{
	struct rlimit limit;

	/* The system gives out the lowest that is free. */
	return !getrlimit(RLIMIT_NOFILE, &limit) && limit.rlim_cur != RLIM_INFINITY &&
	       (rlim_t)fd + SPARE >= limit.rlim_cur;
}
