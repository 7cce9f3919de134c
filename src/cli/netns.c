/* Steps into a named network namespace, and back. */
#include "cli/netns.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Where ip-netns(8) keeps them. */
#define FOLDER "/run/netns"

static int refuse(const char *name, int error, struct err *err)
{
	err_system(err, error, "network namespace \"%s\"", name);
	if (error == ENOENT)
		err_hint(err, "; `ip netns list' shows those there are");
	else if (error == EPERM || error == EACCES)
		err_hint(err, "; to enter one needs root or cap_sys_admin");
	return -error;
}

int netns_enter(const char *name, int *ret_home, struct err *err)
{
	char path[PATH_MAX];
	int there = -1;
	int home = -1;
	int rc = 0;

	if (!*name || strchr(name, '/') || strlen(name) > NAME_MAX)
		return refuse(name, ENOENT, err);
	snprintf(path, sizeof(path), FOLDER "/%s", name);
	there = open(path, O_RDONLY | O_CLOEXEC);
	if (there >= 0)
		home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (home < 0 || setns(there, CLONE_NEWNET) < 0) {
		rc = refuse(name, errno, err);
		goto done;
	}
	*ret_home = home;
	home = -1;
done:
	if (home >= 0)
		close(home);
	if (there >= 0)
		close(there);
	return rc;
}

int netns_leave(int home, struct err *err)
{
	int rc = 0;

	if (setns(home, CLONE_NEWNET) < 0)
		rc = err_system(err, errno, "cannot return to the network namespace");
	close(home);
	return rc;
}
