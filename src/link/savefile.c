/* The octets of a capture file on their way to libpcap. */
#include "link/savefile.h"

#include "base/clock.h"
#include "base/err.h"
#include "link/saverecord.h"
#include "link/unpack.h"

#include <byteswap.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK	    65536U
#define PEEK_MAX    (16U << 20) /* libpcap's own limit of a pcapng block */
#define FCS_OCTETS  4
#define MILLISECOND 1000000U

struct savefile {
	char *name;
	int fd;
	int error;
	bool has_fcs, is_empty;
	bool ended;
	struct saverecord record;
	uint8_t *buffer;
	size_t capacity, fill, at; /* octets fill - at wait to be read */
	struct unpack *unpack;	   /* NULL: the file is not packed */
	uint8_t *packed;	   /* CHUNK octets of it, */
	const uint8_t *packed_at;  /* of which these are yet to be unpacked */
	size_t packed_length;
};

/* read(2), of what the file has packed where it has. A file that ends amid it is damaged. */
static ssize_t read_unpacked(struct savefile *file, uint8_t *to, size_t size)
{
	if (!file->unpack)
		return read(file->fd, to, size);
	for (;;) {
		size_t before = file->packed_length;
		ssize_t n =
			unpack_run(file->unpack, &file->packed_at, &file->packed_length, to, size);

		if (n < 0 || (n == 0 && before && file->packed_length == before)) {
			errno = EBADMSG;
			return -1;
		}
		if (n > 0)
			return n;
		if (file->packed_length)
			continue;
		n = read(file->fd, file->packed, CHUNK);
		if (n == 0 && !unpack_is_whole(file->unpack)) {
			errno = EBADMSG;
			return -1;
		}
		if (n <= 0)
			return n;
		file->packed_at = file->packed;
		file->packed_length = (size_t)n;
	}
}

/* Octets that came, 0 at the end, or -1 with errno in file->error; a signal ends it only if asked.
 */
static ssize_t read_some(struct savefile *file, bool stop_at_signal)
{
	ssize_t n;

	do
		n = read_unpacked(file, file->buffer + file->fill, file->capacity - file->fill);
	while (n < 0 && errno == EINTR && !stop_at_signal);
	if (n < 0)
		file->error = errno;
	else
		file->fill += (size_t)n;
	return n;
}

/* Has the buffer take size octets. */
static bool grow(struct savefile *file, size_t size)
{
	uint8_t *buffer;

	if (size <= file->capacity)
		return true;
	buffer = realloc(file->buffer, size);
	if (!buffer) {
		file->error = ENOMEM;
		return false;
	}
	file->buffer = buffer;
	file->capacity = size;
	return true;
}

/* Has the first size octets of the file in the buffer; false where it has no more or is broken. */
static bool peek(struct savefile *file, size_t size)
{
	if (size > PEEK_MAX || !grow(file, size))
		return false;
	while (file->fill < size)
		if (read_some(file, true) <= 0)
			return false;
	return true;
}

static uint16_t get16(const struct savefile *file, size_t at, bool swapped)
{
	uint16_t v;

	memcpy(&v, file->buffer + at, sizeof(v));
	return swapped ? bswap_16(v) : v;
}

static uint32_t get32(const struct savefile *file, size_t at, bool swapped)
{
	uint32_t v;

	memcpy(&v, file->buffer + at, sizeof(v));
	return swapped ? bswap_32(v) : v;
}

/* draft-ietf-opsawg-pcap: bit 26 of the link type's word says that the length of the FCS is given,
 * bits 28 to 31 give it in units of 16 bits. */
static void peek_pcap(struct savefile *file, bool swapped)
{
	uint32_t word;

	if (!peek(file, 24))
		return;
	word = get32(file, 20, swapped);
	file->has_fcs = (word & 1U << 26) && (word >> 28) * 2 == FCS_OCTETS;
}

/* The option if_fcslen of the interface block at offset at: octets, or bits as older drafts had it.
 */
static bool interface_has_fcs(const struct savefile *file, size_t at, size_t end, bool swapped)
{
	enum { OPTION_END = 0, OPTION_FCS_LENGTH = 13 };

	for (at += 16; at + 4 <= end;) {
		uint16_t code = get16(file, at, swapped);
		uint16_t length = get16(file, at + 2, swapped);

		if (code == OPTION_END || at + 4 + length > end)
			break;
		if (code == OPTION_FCS_LENGTH && length == 1)
			return file->buffer[at + 4] == FCS_OCTETS ||
			       file->buffer[at + 4] == FCS_OCTETS * 8;
		at += 4 + ((size_t)length + 3) / 4 * 4;
	}
	return false;
}

/* draft-ietf-opsawg-pcapng: blocks of type, length, body, length. What is malformed is left for
 * libpcap to complain about. */
static void peek_pcapng(struct savefile *file)
{
	enum { BLOCK_INTERFACE = 1, BLOCK_SIMPLE_PACKET = 3, BLOCK_ENHANCED_PACKET = 6 };
	const uint32_t byte_order = 0x1a2b3c4d;
	bool swapped;

	if (!peek(file, 12))
		return;
	swapped = get32(file, 8, false) == bswap_32(byte_order);
	file->record.swapped = swapped;
	for (size_t at = 0; peek(file, at + 8);) {
		uint32_t type = get32(file, at, swapped);
		uint32_t length = get32(file, at + 4, swapped);

		if (length < 12 || length % 4 || type == BLOCK_SIMPLE_PACKET ||
			type == BLOCK_ENHANCED_PACKET || !peek(file, at + length))
			return;
		if (type == BLOCK_INTERFACE) {
			file->has_fcs = interface_has_fcs(file, at, at + length - 4, swapped);
			return;
		}
		at += length;
	}
}

enum magic { MAGIC_NONE, MAGIC_PCAP, MAGIC_PCAP_SWAPPED, MAGIC_PCAPNG };

static enum magic magic_of(const uint8_t octets[SAVEFILE_MAGIC_LENGTH])
{
	enum { PCAP = 0xa1b2c3d4, PCAP_NANOSECONDS = 0xa1b23c4d, PCAPNG = 0x0a0d0d0a };
	uint32_t magic;

	memcpy(&magic, octets, sizeof(magic));
	if (magic == PCAPNG) /* reads the same both ways */
		return MAGIC_PCAPNG;
	if (magic == PCAP || magic == PCAP_NANOSECONDS)
		return MAGIC_PCAP;
	if (bswap_32(magic) == PCAP || bswap_32(magic) == PCAP_NANOSECONDS)
		return MAGIC_PCAP_SWAPPED;
	return MAGIC_NONE;
}

bool savefile_knows(const uint8_t magic[SAVEFILE_MAGIC_LENGTH])
{
	return magic_of(magic) != MAGIC_NONE || unpack_knows(magic);
}

static void peek_header(struct savefile *file)
{
	enum magic magic;

	if (!peek(file, SAVEFILE_MAGIC_LENGTH))
		return;
	magic = magic_of(file->buffer);
	if (magic == MAGIC_PCAPNG) {
		file->record.kind = SAVERECORD_PCAPNG;
		peek_pcapng(file);
	} else if (magic != MAGIC_NONE) {
		file->record.kind = SAVERECORD_PCAP;
		file->record.swapped = magic == MAGIC_PCAP_SWAPPED;
		peek_pcap(file, file->record.swapped);
	}
}

static int cannot_read(const char *name, int error, struct err *err)
{
	if (error == EBADMSG)
		return err_input(err, NULL, "%s is packed, and damaged or cut short", name);
	return err_system(err, error, "cannot read %s", name);
}

/* Where the file begins as a packed one, what was read of it is to be unpacked first. */
static void start_unpacking(struct savefile *file)
{
	if (!peek(file, UNPACK_MAGIC_LENGTH) || !unpack_knows(file->buffer))
		return;
	file->packed = malloc(CHUNK);
	if (!file->packed || unpack_new(&file->unpack, file->buffer)) {
		file->error = ENOMEM;
		return;
	}
	memcpy(file->packed, file->buffer, file->fill);
	file->packed_at = file->packed;
	file->packed_length = file->fill;
	file->fill = 0;
}

int savefile_open(struct savefile **ret, const char *path, struct err *err)
{
	bool standard_input = !strcmp(path, "-");
	struct savefile *file = calloc(1, sizeof(*file));
	int error = ENOMEM;

	if (!file)
		return err_system(err, ENOMEM, "cannot read %s", path);
	file->fd = -1;
	file->name = strdup(standard_input ? "standard input" : path);
	file->buffer = malloc(CHUNK);
	file->capacity = CHUNK;
	if (!file->name || !file->buffer)
		goto failed;
	file->fd = standard_input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
				  : open(path, O_RDONLY | O_CLOEXEC);
	error = errno;
	if (file->fd < 0)
		goto failed;
	start_unpacking(file);
	if (!file->error)
		peek_header(file);
	file->is_empty = !file->fill;
	error = file->error;
	if (error)
		goto failed;
	*ret = file;
	return 0;
failed:
	savefile_close(file);
	return cannot_read(standard_input ? "standard input" : path, error, err);
}

/* The stream has no buffer of its own, so that what waits here is all that waits. */
static ssize_t stream_read(void *cookie, char *to, size_t size)
{
	struct savefile *file = cookie;
	size_t length;

	if (file->at == file->fill) {
		ssize_t n;

		file->at = file->fill = 0;
		n = read_some(file, false);
		if (n <= 0)
			return n;
	}
	length = file->fill - file->at < size ? file->fill - file->at : size;
	memcpy(to, file->buffer + file->at, length);
	file->at += length;
	return (ssize_t)length;
}

int savefile_stream(struct savefile *file, FILE **ret, struct err *err)
{
	FILE *stream = fopencookie(file, "r", (cookie_io_functions_t){ .read = stream_read });

	if (!stream)
		return err_system(err, errno, "cannot read %s", file->name);
	setvbuf(stream, NULL, _IONBF, 0);
	*ret = stream;
	return 0;
}

bool savefile_is_empty(const struct savefile *file)
{
	return file->is_empty;
}

bool savefile_has_fcs(const struct savefile *file)
{
	return file->has_fcs;
}

/* Has room for size octets from file->at on. */
static bool make_room(struct savefile *file, size_t size)
{
	if (file->at + size <= file->capacity)
		return true;
	memmove(file->buffer, file->buffer + file->at, file->fill - file->at);
	file->fill -= file->at;
	file->at = 0;
	return grow(file, size);
}

/* Whether there is something to read, by the deadline; -1 of timeout_ms waits. */
static bool is_readable(const struct savefile *file, int timeout_ms, uint64_t deadline)
{
	struct pollfd ready = { .fd = file->fd, .events = POLLIN };

	if (timeout_ms > 0) {
		uint64_t now = clock_system.now(clock_system.context);

		timeout_ms = now < deadline ? (int)((deadline - now) / MILLISECOND) + 1 : 0;
	}
	return poll(&ready, 1, timeout_ms) > 0;
}

bool savefile_wait(struct savefile *file, int timeout_ms)
{
	uint64_t deadline = 0;

	for (;;) {
		size_t have = file->fill - file->at;
		size_t wanted = saverecord_wants(&file->record, file->buffer + file->at, have);
		ssize_t n;

		if (have >= wanted || file->ended || file->error || !make_room(file, wanted))
			return true;
		if (!deadline && timeout_ms > 0)
			deadline = clock_system.now(clock_system.context) +
				   (uint64_t)timeout_ms * MILLISECOND;
		if (!file->packed_length && !is_readable(file, timeout_ms, deadline))
			return false;
		n = read_some(file, true);
		if (n < 0 && file->error == EINTR) {
			file->error = 0;
			return false;
		}
		file->ended = n == 0;
	}
}

int savefile_failure(const struct savefile *file, struct err *err)
{
	return file->error ? cannot_read(file->name, file->error, err) : 0;
}

const char *savefile_name(const struct savefile *file)
{
	return file->name;
}

void savefile_close(struct savefile *file)
{
	if (!file)
		return;
	if (file->fd >= 0)
		close(file->fd);
	unpack_free(file->unpack);
	free(file->packed);
	free(file->buffer);
	free(file->name);
	free(file);
}
