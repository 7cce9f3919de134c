/* The capture's own file, or a series of files. */
#include "cli/capture/file.h"

#include "base/err.h"

#include <stdio.h>
#include <string.h>

static bool rotates(const struct capture_file *file)
{
	return file->rotation.octets || file->rotation.duration_ns;
}

static void name_current(struct capture_file *file)
{
	const char *slash = strrchr(file->path, '/');
	const char *base = slash ? slash + 1 : file->path;
	const char *dot = strrchr(base, '.');
	/* A leading dot hides a file, and ends no name. */
	const char *ending = dot && dot > base ? dot : file->path + strlen(file->path);

	if (rotates(file))
		snprintf(file->current, sizeof(file->current), "%.*s-%05u%s",
			(int)(ending - file->path), file->path, file->number, ending);
	else
		snprintf(file->current, sizeof(file->current), "%s", file->path);
}

static int next_file(struct capture_file *file, struct err *err)
{
	int rc = capture_file_close(file, err);

	if (rc < 0)
		return rc;
	file->number++;
	file->begun_ns = 0;
	name_current(file);
	return pcapfile_create(&file->out, file->current, file->with_fcs, err);
}

int capture_file_open(struct capture_file *ret, const char *path,
	const struct capture_rotation *rotation, bool with_fcs, struct err *err)
{
	*ret = (struct capture_file){ .path = path, .rotation = *rotation, .with_fcs = with_fcs };
	return next_file(ret, err);
}

/* An empty file takes any frame: else one longer than the limit would begin files for ever. */
static bool is_full(const struct capture_file *file, const struct capture_frame *frame)
{
	uint64_t length =
		pcapfile_size(file->out) + pcapfile_record_size(file->out, frame->captured);

	if (!file->begun_ns)
		return false;
	if (file->rotation.octets && length > file->rotation.octets)
		return true;
	return file->rotation.duration_ns && frame->time_ns > file->begun_ns &&
	       frame->time_ns - file->begun_ns >= file->rotation.duration_ns;
}

int capture_file_write(
	struct capture_file *file, const struct capture_frame *frame, struct err *err)
{
	int rc = is_full(file, frame) ? next_file(file, err) : 0;

	if (rc < 0)
		return rc;
	if (!file->begun_ns)
		file->begun_ns = frame->time_ns;
	return pcapfile_write(
		file->out, frame->time_ns, frame->octets, frame->captured, frame->length, err);
}

int capture_file_flush(struct capture_file *file, struct err *err)
{
	return pcapfile_flush(file->out, err);
}

int capture_file_close(struct capture_file *file, struct err *err)
{
	struct pcapfile *out = file->out;

	file->out = NULL;
	return pcapfile_close(out, err);
}
