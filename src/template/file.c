/* Files that a template names. */
#include "template/reader.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *file_beside(struct arena *arena, const char *other, const char *name)
{
	const char *slash = strrchr(other, '/');

	if (name[0] == '/' || !slash)
		return name;
	return arena_printf(arena, "%.*s/%s", (int)(slash - other), other, name);
}

/* Reads to the end of the file or of buffer; *ret_length is what was read, or -errno. */
static int read_all(int fd, uint8_t *buffer, size_t size, size_t *ret_length)
{
	size_t length = 0;

	while (length < size) {
		ssize_t count = read(fd, buffer + length, size - length);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -errno;
		if (!count)
			break;
		length += (size_t)count;
	}
	*ret_length = length;
	return 0;
}

int file_read(struct reader *reader, const struct path *path, const struct node *node,
	const char *name, const struct file_limit *limit, struct file *ret, struct err *err)
{
	/* A pipe or a terminal must not stop us here. */
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat about;
	uint8_t *octets;
	size_t length = 0;
	int status;

	if (fd < 0 || fstat(fd, &about)) {
		status = path_error(
			err, &node->at, path, "cannot read %s: %s", name, strerror(errno));
		goto done;
	}
	if (!S_ISREG(about.st_mode)) {
		status = path_error(err, &node->at, path, "%s is not a regular file", name);
		goto done;
	}
	if ((uint64_t)about.st_size > limit->octets) {
		status = path_error(err, &node->at, path,
			"%llu octets are more than %s (at most %zu)",
			(unsigned long long)about.st_size, limit->what, limit->octets);
		goto done;
	}
	octets = arena_alloc(reader->arena, (size_t)about.st_size);
	status = read_all(fd, octets, (size_t)about.st_size, &length);
	if (status)
		status = path_error(
			err, &node->at, path, "cannot read %s: %s", name, strerror(-status));
	else
		*ret = (struct file){ octets, length, about.st_dev, about.st_ino };
done:
	if (fd >= 0)
		close(fd);
	return status;
}

int file_slurp(const char *file, struct buffer *text, struct err *err)
{
	bool standard = !strcmp(file, "-");
	int fd = standard ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	char chunk[65536];
	ssize_t count = -1;
	int status = 0;

	while (fd >= 0 && text->length <= TEMPLATE_SIZE_MAX) {
		count = read(fd, chunk, sizeof(chunk));
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			break;
		buffer_put(text, chunk, (size_t)count);
	}
	if (count < 0)
		status = err_system(
			err, errno, "cannot read %s", standard ? "standard input" : file);
	if (fd >= 0 && !standard)
		close(fd);
	return status;
}

const char *file_label(const char *file)
{
	return strcmp(file, "-") ? file : "stdin";
}
