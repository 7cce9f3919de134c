/* Files that a test writes. */
#include "file.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PATHS_MAX 256

static char directory[PATH_MAX];
static char *paths[PATHS_MAX];
static int path_count;
static pid_t owner;

static void clean_up(void)
{
	if (getpid() != owner) /* a child of the test */
		return;
	for (int i = 0; i < path_count; i++) {
		unlink(paths[i]);
		free(paths[i]);
	}
	rmdir(directory);
}

static void make_directory(void)
{
	const char *base = getenv("TMPDIR");

	snprintf(directory, sizeof(directory), "%s/pktsmith-test-XXXXXX", base ? base : "/tmp");
	if (!mkdtemp(directory)) {
		perror(directory);
		abort();
	}
	owner = getpid();
	atexit(clean_up);
}

const char *support_path(const char *name)
{
	if (!path_count)
		make_directory();
	if (path_count == PATHS_MAX || asprintf(&paths[path_count], "%s/%s", directory, name) < 0)
		abort();
	unlink(paths[path_count]);
	return paths[path_count++];
}

const char *support_file(const char *name, const void *octets, size_t length)
{
	const char *path = support_path(name);
	FILE *file = fopen(path, "wb");

	if (!file || fwrite(octets, 1, length, file) != length || fclose(file)) {
		perror(path);
		abort();
	}
	return path;
}
