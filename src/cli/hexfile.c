/*
 * Reads frames as hex text: a frame a line, blanks and ':' between octets as people like, or dumps
 * as hexdump -C, tshark -x and tcpdump -xx print them: an offset, octets, and perhaps their ASCII.
 * '#' begins a comment.
 */
#include "cli/convert/convert.h"
#include "frame/spec.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DUMP_ROW_MAX 16 /* octets; more in a line is its ASCII */
#define FRAME_MAX    (FRAME_LENGTH_MAX + FCS_LENGTH)

struct hexfile {
	const char *name;
	FILE *stream;
	char *line;
	size_t line_size;
	unsigned int line_number;
	bool pending; /* line holds one that was read and not yet taken */
	struct arena arena;
	struct buffer frame;
};

int hexfile_open(struct hexfile **ret, const char *path, struct err *err)
{
	FILE *stream = strcmp(path, "-") ? fopen(path, "re") : stdin;
	struct hexfile *file;

	if (!stream)
		return err_system(err, errno, "cannot read %s", path);
	file = calloc(1, sizeof(*file));
	if (!file)
		abort();
	file->name = path;
	file->stream = stream;
	arena_init(&file->arena);
	*ret = file;
	return 0;
}

void hexfile_close(struct hexfile *file)
{
	if (!file)
		return;
	if (file->stream != stdin)
		fclose(file->stream);
	free(file->line);
	arena_fini(&file->arena);
	buffer_fini(&file->frame);
	free(file);
}

/* ---- lines ---- */

/* Takes the next line, without its comment and end. 0 at the end of the file. */
static int next_line(struct hexfile *file, struct err *err)
{
	ssize_t length;

	if (file->pending) {
		file->pending = false;
		return 1;
	}
	errno = 0;
	length = getline(&file->line, &file->line_size, file->stream);
	if (length < 0)
		return ferror(file->stream) ? err_system(err, errno, "cannot read %s", file->name)
					    : 0;
	file->line_number++;
	if (strlen(file->line) != (size_t)length)
		return err_input(err, NULL, "%s:%u:%zu: an octet of zero: this is no hex text",
			file->name, file->line_number, strlen(file->line) + 1);
	file->line[strcspn(file->line, "#\r\n")] = '\0';
	return 1;
}

static bool is_blank(const char *text)
{
	return !text[strspn(text, " \t")];
}

static int hex_digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

static bool is_pair(const char *p)
{
	return isxdigit((unsigned char)p[0]) && isxdigit((unsigned char)p[1]);
}

/*
 * A dump's line: an offset of 4 to 8 digits, then ':' or two blanks, as no frame in plain hex has
 * it. Returns where its octets begin, NULL where it is no such line.
 */
static const char *dump_line(const char *line, uint64_t *ret_offset)
{
	const char *p = line + strspn(line, " \t");
	char *end;

	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
		p += 2;
	if (!is_pair(p))
		return NULL;
	*ret_offset = strtoull(p, &end, 16);
	if (end - p < 4 || end - p > 8)
		return NULL;
	if (end[0] == ':' && (end[1] == ' ' || end[1] == '\t'))
		return end + 1;
	/* hexdump -C ends with the length alone. */
	return is_blank(end) || (end[0] == ' ' && end[1] == ' ') ? end : NULL;
}

/* The octets of a dump's line: to three blanks, '|', what is not hex, or sixteen of them. */
static void take_dump_octets(struct hexfile *file, const char *p)
{
	unsigned int count = 0;
	size_t blanks = strspn(p, " \t");

	for (p += blanks; is_pair(p) && count < DUMP_ROW_MAX; count++) {
		uint8_t octet = (uint8_t)(hex_digit(p[0]) << 4 | hex_digit(p[1]));

		buffer_put(&file->frame, &octet, 1);
		p += 2;
		blanks = strspn(p, " \t");
		if (blanks > 2)
			break;
		p += blanks;
	}
}

/* ---- frames ---- */

static int refuse(const struct hexfile *file, struct err *err)
{
	const struct position at = { file->name, file->line_number, 0 };

	err_locate(err, &at, NULL);
	return -EINVAL;
}

static int too_long(const struct hexfile *file, struct err *err)
{
	err_input(err, NULL, "a frame has at most %d octets", FRAME_MAX);
	return refuse(file, err);
}

/* The rest of a dump: lines whose offset is the number of octets so far. */
static int take_dump(struct hexfile *file, const char *octets, struct err *err)
{
	uint64_t offset;
	int more;

	take_dump_octets(file, octets);
	while ((more = next_line(file, err)) > 0) {
		octets = dump_line(file->line, &offset);
		if (!octets || !offset || (is_blank(octets) && offset != file->frame.length)) {
			file->pending = true;
			break;
		}
		if (offset != file->frame.length) {
			err_input(err, NULL,
				"the dump goes on at offset 0x%" PRIx64 " after %zu octets", offset,
				file->frame.length);
			return refuse(file, err);
		}
		take_dump_octets(file, octets);
		if (file->frame.length > FRAME_MAX)
			return too_long(file, err);
	}
	return more < 0 ? more : 1;
}

static int take_line(struct hexfile *file, struct err *err)
{
	const uint8_t *octets;
	size_t length;

	arena_reset(&file->arena);
	if (text_hex(&file->arena, file->line, FRAME_MAX, &octets, &length, err))
		return refuse(file, err);
	buffer_put(&file->frame, octets, length);
	return 1;
}

int hexfile_next(struct hexfile *file, const uint8_t **ret, size_t *ret_length, struct err *err)
{
	const char *octets;
	uint64_t offset;
	int status;

	buffer_clear(&file->frame);
	do {
		status = next_line(file, err);
	} while (status > 0 && is_blank(file->line));
	if (status <= 0)
		return status;
	octets = dump_line(file->line, &offset);
	if (octets && !offset && !is_blank(octets))
		status = take_dump(file, octets, err);
	else
		status = take_line(file, err);
	if (status > 0) {
		*ret = file->frame.data;
		*ret_length = file->frame.length;
	}
	return status;
}
