/*
 * Writes pcap and pcapng files. By hand and not by libpcap's dumper: that one has no way to mark an
 * FCS, writes no pcapng, and cannot tell which frames reached a disk that ran full.
 */
#include "link/pcapfile.h"

#include "base/err.h"
#include "link/pcaplayout.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define BUFFER_SIZE (1U << 20)

struct pcapfile {
	const struct pcaplayout *layout;
	int fd;
	bool standard_output;
	int error; /* the first that writing met, and all that it will say from then on */
	char *path;
	uint64_t size;	 /* octets in the file: whole frames only, once a write failed */
	uint64_t stored; /* frames in the file */
	uint64_t buffered;
	size_t fill;
	uint8_t buffer[BUFFER_SIZE]; /* whole records */
};

static int fail(struct pcapfile *file, int error, struct err *err)
{
	file->error = error;
	return err_system(err, error, "cannot write %s",
		file->standard_output ? "standard output" : file->path);
}

/* Writes all, or sets errno; returns the octets that went out. */
static size_t write_all(int fd, const uint8_t *octets, size_t length)
{
	size_t done = 0;

	while (done < length) {
		ssize_t n = write(fd, octets + done, length - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno == EAGAIN) /* standard output, set non-blocking by who shares it */
			poll(&(struct pollfd){ .fd = fd, .events = POLLOUT }, 1, -1);
		else if (errno != EINTR)
			break;
	}
	return done;
}

/* How many whole records the first length octets of the buffer hold; *ret_octets is their size. */
static uint64_t whole_records(const struct pcapfile *file, size_t length, size_t *ret_octets)
{
	uint64_t count = 0;
	size_t at = 0;

	while (length - at >= PCAPLAYOUT_HEAD) {
		size_t size = file->layout->size_of(file->buffer + at);

		if (length - at < size)
			break;
		at += size;
		count++;
	}
	*ret_octets = at;
	return count;
}

/* Leaves a file that readers take: ends it after its last whole record. */
static void cut_after_failure(struct pcapfile *file, size_t written)
{
	size_t whole;
	int error = errno;

	file->stored += whole_records(file, written, &whole);
	file->size += whole;
	/* Fails on what is not a regular file, and there nothing can be taken back. */
	if (!file->standard_output && ftruncate(file->fd, (off_t)file->size))
		errno = 0;
	errno = error;
}

int pcapfile_flush(struct pcapfile *file, struct err *err)
{
	size_t written;

	if (file->error)
		return fail(file, file->error, err);
	written = write_all(file->fd, file->buffer, file->fill);
	if (written < file->fill) {
		cut_after_failure(file, written);
		file->fill = 0;
		return fail(file, errno, err);
	}
	file->size += file->fill;
	file->stored += file->buffered;
	file->fill = 0;
	file->buffered = 0;
	return 0;
}

static int write_start(struct pcapfile *file, bool with_fcs, struct err *err)
{
	uint8_t start[PCAPLAYOUT_START_MAX];
	size_t size = file->layout->start(start, with_fcs);

	if (write_all(file->fd, start, size) < size)
		return fail(file, errno, err);
	file->size = size;
	return 0;
}

static int open_output(struct pcapfile *file, const char *path)
{
	file->standard_output = !strcmp(path, "-");
	if (file->standard_output)
		file->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	else
		file->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	return file->fd < 0 ? -errno : 0;
}

static void pcapfile_free(struct pcapfile *file)
{
	free(file->path);
	free(file);
}

int pcapfile_create_kind(struct pcapfile **ret, const char *path, enum pcapfile_kind kind,
	bool with_fcs, struct err *err)
{
	struct pcapfile *file = calloc(1, sizeof(*file));
	int r;

	if (file)
		file->path = strdup(path);
	if (!file || !file->path) {
		free(file);
		return err_system(err, ENOMEM, "cannot write %s", path);
	}
	file->layout = kind == PCAPFILE_PCAPNG ? &pcaplayout_pcapng : &pcaplayout_pcap;
	r = open_output(file, path);
	if (r) {
		r = err_system(err, -r, "cannot create %s", path);
		goto failed;
	}
	r = write_start(file, with_fcs, err);
	if (r) {
		close(file->fd);
		goto failed;
	}
	*ret = file;
	return 0;
failed:
	pcapfile_free(file);
	return r;
}

enum pcapfile_kind pcapfile_kind(const char *name)
{
	static const char ending[] = ".pcapng";
	size_t length = strlen(name), of = strlen(ending);

	return length >= of && !strcasecmp(name + length - of, ending) ? PCAPFILE_PCAPNG
								       : PCAPFILE_PCAP;
}

int pcapfile_create(struct pcapfile **ret, const char *path, bool with_fcs, struct err *err)
{
	return pcapfile_create_kind(ret, path, pcapfile_kind(path), with_fcs, err);
}

int pcapfile_write(struct pcapfile *file, uint64_t time_ns, const uint8_t *octets,
	uint32_t captured, uint32_t length, struct err *err)
{
	const struct pcaplayout_frame frame = { time_ns, octets, captured, length };
	size_t size = file->layout->size(captured);
	int r;

	if (file->error)
		return fail(file, file->error, err);
	if (captured > PCAPFILE_FRAME_MAX)
		return err_system(err, EMSGSIZE, "%s: a frame of %u octets, pcap readers take %u",
			file->path, captured, PCAPFILE_FRAME_MAX);
	if (size > BUFFER_SIZE - file->fill) {
		r = pcapfile_flush(file, err);
		if (r)
			return r;
	}
	file->layout->put(file->buffer + file->fill, &frame);
	file->fill += size;
	file->buffered++;
	return 0;
}

uint64_t pcapfile_size(const struct pcapfile *file)
{
	return file->size + file->fill;
}

uint64_t pcapfile_record_size(const struct pcapfile *file, uint32_t captured)
{
	return file->layout->size(captured);
}

uint64_t pcapfile_stored(const struct pcapfile *file)
{
	return file->stored;
}

int pcapfile_close(struct pcapfile *file, struct err *err)
{
	int r;

	if (!file)
		return 0;
	r = pcapfile_flush(file, err);
	/* Network file systems and quotas may refuse here what write() had taken. */
	if (close(file->fd) && !r)
		r = fail(file, errno, err);
	pcapfile_free(file);
	return r;
}
