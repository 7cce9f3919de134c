/* The bound of a process's open files. */
#include "base/descriptors.h"

#include <sys/resource.h>

#define SPARE 8

/* 0: there is no bound. The system gives out the lowest that is free. */
static rlim_t most(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur == RLIM_INFINITY ? 0
										   : limit.rlim_cur;
}

bool descriptor_is_among_last(int fd)
{
	return most() && (rlim_t)fd + SPARE >= most();
}

bool descriptor_is_past_half(int fd)
{
	return most() && (rlim_t)fd >= most() / 2;
}
