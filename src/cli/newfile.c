/* Files that appear under their name only when they are complete. */
#include "cli/convert/convert.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The mode that a new file would have, or that the file to be replaced has. */
static mode_t file_mode(const struct stat *st, bool exists)
{
	mode_t mask;

	if (exists)
		return st->st_mode & 0777;
	mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

/* The file itself where path is a symbolic link: it is the file that is replaced, not the link. */
static char *real_path(const char *path)
{
	char *real = realpath(path, NULL);

	return real ? real : strdup(path);
}

int newfile_init(struct newfile *file, const char *path, struct err *err)
{
	struct stat st;
	bool exists;
	int error = 0;
	int fd;

	*file = (struct newfile){ 0 };
	if (!strcmp(path, "-"))
		return 0;
	file->path = real_path(path);
	if (!file->path)
		abort();
	exists = !stat(file->path, &st);
	if (exists && S_ISDIR(st.st_mode)) {
		error = err_system(err, EISDIR, "%s", path);
		newfile_fini(file);
		return error;
	}
	if (exists && !S_ISREG(st.st_mode))
		return 0;
	if (asprintf(&file->temporary, "%s.XXXXXX", file->path) < 0)
		abort();
	fd = mkostemp(file->temporary, O_CLOEXEC);
	if (fd < 0) {
		error = err_system(err, errno, "cannot write %s", path);
		free(file->temporary);
		file->temporary = NULL;
		newfile_fini(file);
		return error;
	}
	if (fchmod(fd, file_mode(&st, exists)))
		error = err_system(err, errno, "cannot write %s", path);
	close(fd);
	if (error)
		newfile_fini(file);
	return error;
}

const char *newfile_write_path(const struct newfile *file)
{
	return !file->path ? "-" : file->temporary ? file->temporary : file->path;
}

/* 0 or the errno of what failed. Takes stream, and closes it. */
static int write_out(FILE *stream, const struct buffer *content)
{
	int error = 0;

	if (content->length && fwrite(content->data, 1, content->length, stream) != content->length)
		error = errno;
	if (fclose(stream) && !error)
		error = errno;
	return error;
}

int newfile_put(const struct newfile *file, const struct buffer *content, struct err *err)
{
	FILE *stream;
	int error;

	if (!file->path) {
		error = cli_put(content);
		return error ? err_system(err, -error, "cannot write standard output") : 0;
	}
	stream = fopen(newfile_write_path(file), "we");
	if (!stream)
		return err_system(err, errno, "cannot write %s", file->path);
	error = write_out(stream, content);
	return error ? err_system(err, error, "cannot write %s", file->path) : 0;
}

int newfile_finish(struct newfile *file, struct err *err)
{
	if (!file->temporary)
		return 0;
	if (rename(file->temporary, file->path))
		return err_system(err, errno, "cannot write %s", file->path);
	free(file->temporary);
	file->temporary = NULL;
	return 0;
}

void newfile_fini(struct newfile *file)
{
	if (file->temporary)
		unlink(file->temporary);
	free(file->temporary);
	free(file->path);
	*file = (struct newfile){ 0 };
}
