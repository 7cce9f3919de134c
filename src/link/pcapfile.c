/*
 * Writes pcap files, draft-ietf-opsawg-pcap. By hand and not by libpcap's dumper: that one has no
 * way to mark an FCS, and cannot tell which frames reached a disk that ran full.
 */
#include "link/pcapfile.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAGIC_NANOSECONDS 0xa1b23c4dU
#define LINKTYPE_ETHERNET 1U
#define FCS_OCTETS_4	  0x24000000U /* bit 26: the length is given; bits 28 to 31: in 16-bit units */
#define BUFFER_SIZE	  (1U << 20)
#define SECOND		  1000000000U

/* In the writer's byte order, which the magic number tells. */
struct file_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t reserved[2];
	uint32_t snaplen;
	uint32_t link_type;
};

struct record_header {
	uint32_t seconds, nanoseconds;
	uint32_t captured, length;
};

struct pcapfile {
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

	for (;;) {
		struct record_header header;
		size_t size;

		if (length - at < sizeof(header))
			break;
		memcpy(&header, file->buffer + at, sizeof(header));
		size = sizeof(header) + header.captured;
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

static int write_file_header(struct pcapfile *file, bool with_fcs, struct err *err)
{
	const struct file_header header = {
		.magic = MAGIC_NANOSECONDS,
		.major = 2,
		.minor = 4,
		.snaplen = PCAPFILE_FRAME_MAX,
		.link_type = LINKTYPE_ETHERNET | (with_fcs ? FCS_OCTETS_4 : 0),
	};

	if (write_all(file->fd, (const uint8_t *)&header, sizeof(header)) < sizeof(header))
		return fail(file, errno, err);
	file->size = sizeof(header);
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

int pcapfile_create(struct pcapfile **ret, const char *path, bool with_fcs, struct err *err)
{
	struct pcapfile *file = calloc(1, sizeof(*file));
	int r;

	if (file)
		file->path = strdup(path);
	if (!file || !file->path) {
		free(file);
		return err_system(err, ENOMEM, "cannot write %s", path);
	}
	r = open_output(file, path);
	if (r) {
		r = err_system(err, -r, "cannot create %s", path);
		goto failed;
	}
	r = write_file_header(file, with_fcs, err);
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

int pcapfile_write(struct pcapfile *file, uint64_t time_ns, const uint8_t *octets,
	uint32_t captured, uint32_t length, struct err *err)
{
	const struct record_header header = {
		.seconds = (uint32_t)(time_ns / SECOND),
		.nanoseconds = (uint32_t)(time_ns % SECOND),
		.captured = captured,
		.length = length,
	};
	int r;

	if (file->error)
		return fail(file, file->error, err);
	if (captured > PCAPFILE_FRAME_MAX)
		return err_system(err, EMSGSIZE, "%s: a frame of %u octets, pcap readers take %u",
			file->path, captured, PCAPFILE_FRAME_MAX);
	if (sizeof(header) + captured > BUFFER_SIZE - file->fill) {
		r = pcapfile_flush(file, err);
		if (r)
			return r;
	}
	memcpy(file->buffer + file->fill, &header, sizeof(header));
	memcpy(file->buffer + file->fill + sizeof(header), octets, captured);
	file->fill += sizeof(header) + captured;
	file->buffered++;
	return 0;
}

uint64_t pcapfile_size(const struct pcapfile *file)
{
	return file->size + file->fill;
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
