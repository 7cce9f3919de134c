/* Where convert's frames go: a pcap or pcapng file, hex text, raw octets, templates. */
#include "cli/convert/convert.h"
#include "frame/build.h"
#include "link/pcapfile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* put takes each frame; finish is called once, after the last. */
struct sink_ops {
	int (*open)(struct convert_sink *sink, struct err *err);
	int (*put)(struct convert_sink *sink, const struct convert_frame *frame, struct err *err);
	int (*finish)(struct convert_sink *sink, struct err *err);
};

/* A frame that becomes part of a template; all of it is the arena's. */
struct kept {
	struct convert_frame frame;
	struct frame_spec spec;
};

struct convert_sink {
	const struct sink_ops *ops;
	struct convert *convert;
	struct newfile file;
	uint64_t count;
	struct pcapfile *pcap;
	struct buffer content; /* of hex, raw and template */
	struct kept *kept;
	size_t kept_size;
};

/* The frame's FCS; the right one where it is not known. */
static void get_fcs(const struct convert_frame *frame, uint8_t fcs[FCS_LENGTH])
{
	if (frame->has_fcs)
		memcpy(fcs, frame->fcs, FCS_LENGTH);
	else
		crc32_fcs(frame->octets, frame->length, fcs);
}

/* Appends the frame's octets, its FCS after them where that is asked for. A frame that was cut has
 * no end to put one to. */
static void put_octets(
	const struct convert_sink *sink, const struct convert_frame *frame, struct buffer *out)
{
	uint8_t fcs[FCS_LENGTH];

	buffer_put(out, frame->octets, frame->length);
	if (!sink->convert->common.with_fcs || frame->missing)
		return;
	get_fcs(frame, fcs);
	buffer_put(out, fcs, FCS_LENGTH);
}

/* ---- pcap, pcapng ---- */

static int pcap_open_sink(struct convert_sink *sink, struct err *err)
{
	const struct convert *convert = sink->convert;

	return pcapfile_create_kind(&sink->pcap, newfile_write_path(&sink->file),
		convert->to == CONVERT_PCAPNG ? PCAPFILE_PCAPNG : PCAPFILE_PCAP,
		convert->common.with_fcs, err);
}

static int pcap_put(struct convert_sink *sink, const struct convert_frame *frame, struct err *err)
{
	uint32_t length = frame->length + frame->missing;

	buffer_clear(&sink->content);
	put_octets(sink, frame, &sink->content);
	if (sink->convert->common.with_fcs)
		length += FCS_LENGTH;
	return pcapfile_write(sink->pcap, frame->time_ns, sink->content.data,
		(uint32_t)sink->content.length, length, err);
}

static int pcap_finish(struct convert_sink *sink, struct err *err)
{
	struct pcapfile *pcap = sink->pcap;

	sink->pcap = NULL;
	return pcapfile_close(pcap, err);
}

/* ---- hex, raw ---- */

static int text_open(struct convert_sink *sink, struct err *err)
{
	(void)sink;
	(void)err;
	return 0;
}

static int hex_put(struct convert_sink *sink, const struct convert_frame *frame, struct err *err)
{
	struct buffer octets = { 0 };

	(void)err;
	put_octets(sink, frame, &octets);
	render_hex(octets.data, octets.length, &sink->content);
	buffer_fini(&octets);
	return 0;
}

static int raw_put(struct convert_sink *sink, const struct convert_frame *frame, struct err *err)
{
	(void)err;
	if (!sink->count)
		put_octets(sink, frame, &sink->content);
	return 0;
}

static int content_finish(struct convert_sink *sink, struct err *err)
{
	return newfile_put(&sink->file, &sink->content, err);
}

static int raw_finish(struct convert_sink *sink, struct err *err)
{
	if (sink->count != 1)
		return err_input(err, NULL,
			"a raw file holds one frame, and %s has %" PRIu64 "; write .hex or .pcap",
			sink->convert->in, sink->count);
	return content_finish(sink, err);
}

/* ---- templates ---- */

static struct kept *keep(struct convert_sink *sink)
{
	if (sink->count == sink->kept_size) {
		sink->kept_size = sink->kept_size ? 2 * sink->kept_size : 16;
		sink->kept = reallocarray(sink->kept, sink->kept_size, sizeof(*sink->kept));
		if (!sink->kept)
			abort();
	}
	return &sink->kept[sink->count];
}

/* Copies the frame with its FCS behind it, as frame_dissect wants it, and makes its spec. */
static int template_put(
	struct convert_sink *sink, const struct convert_frame *frame, struct err *err)
{
	struct arena *arena = &sink->convert->common.arena;
	struct kept *kept = keep(sink);
	size_t length = frame->length + (frame->has_fcs ? FCS_LENGTH : 0);
	uint8_t *octets = arena_alloc(arena, length);
	struct frame_view view;

	(void)err;
	memcpy(octets, frame->octets, frame->length);
	if (frame->has_fcs)
		memcpy(octets + frame->length, frame->fcs, FCS_LENGTH);
	frame_dissect(arena, &wire_eth, octets, length,
		frame->has_fcs ? DISSECT_FCS_PRESENT : DISSECT_FCS_ABSENT, &view);
	kept->frame = *frame;
	kept->frame.octets = octets;
	frame_respec(arena, &view, &kept->spec);
	kept->spec.name = frame->name ? arena_strndup(arena, frame->name, strlen(frame->name))
				      : arena_printf(arena, "frame-%" PRIu64, sink->count + 1);
	return 0;
}

static bool is_same(const struct frame_view *view, const struct convert_frame *frame)
{
	if (view->length != frame->length ||
		memcmp(view->octets, frame->octets, frame->length) != 0)
		return false;
	return !frame->has_fcs ||
	       (view->fcs != VIEW_FCS_NONE && !memcmp(view->fcs_octets, frame->fcs, FCS_LENGTH));
}

/* Reads the text back as anybody will, and holds what it builds against the frames. */
static int template_check(const struct convert_sink *sink, const struct kept *kept, size_t count,
	const struct buffer *text, struct err *err)
{
	const struct template_options options = { .resolver = &resolver_placeholder };
	struct template template;
	struct frame_view view;
	struct arena arena;
	size_t i;
	int error;

	arena_init(&arena);
	error = template_read(
		&arena, sink->convert->out, text->data, text->length, &options, &template, err);
	for (i = 0; !error && i < count; i++) {
		error = frame_build(&arena, &template.frames[i], &view, err);
		if (!error && !is_same(&view, &kept[i].frame))
			error = err_result(err, "the template would not build the same octets");
		if (error)
			err_hint(err, "; nothing was written: frame %s of %s has no template",
				kept[i].spec.name, sink->convert->in);
	}
	arena_fini(&arena);
	return error;
}

static int template_text(const struct convert_sink *sink, struct kept *kept, size_t count,
	struct buffer *out, struct err *err)
{
	struct frame_spec *specs = calloc(count, sizeof(*specs));
	struct template template = { .name = "converted", .frames = specs };
	char *about;
	size_t i;

	if (!specs || asprintf(&about, "Converted from %s", sink->convert->in) < 0)
		abort();
	for (i = 0; i < count; i++)
		specs[i] = kept[i].spec;
	template.count = (unsigned int)count;
	template.about = about;
	if (count == 1)
		template.name = kept[0].spec.name;
	template_write(&template, out);
	free(about);
	free(specs);
	if (out->length > TEMPLATE_SIZE_MAX)
		return err_input(err, NULL,
			"a template of %zu frames would have %zu octets, at most %d are read; "
			"--split writes one a frame",
			count, out->length, TEMPLATE_SIZE_MAX);
	return template_check(sink, kept, count, out, err);
}

char *convert_split_name(const char *path, uint64_t number)
{
	const char *dot = strrchr(path, '.');
	const char *slash = strrchr(path, '/');
	size_t stem = dot && (!slash || dot > slash) ? (size_t)(dot - path) : strlen(path);
	char *name;

	if (asprintf(&name, "%.*s-%" PRIu64 "%s", (int)stem, path, number, path + stem) < 0)
		abort();
	return name;
}

static int split_one(struct convert_sink *sink, size_t index, struct newfile *file, struct err *err)
{
	char *name = convert_split_name(sink->convert->out, index + 1);
	int error = newfile_init(file, name, err);

	free(name);
	if (error)
		return error;
	buffer_clear(&sink->content);
	error = template_text(sink, &sink->kept[index], 1, &sink->content, err);
	return error ? error : newfile_put(file, &sink->content, err);
}

/* All are written before the first is given its name. */
static int split_finish(struct convert_sink *sink, struct err *err)
{
	struct newfile *files = calloc(sink->count, sizeof(*files));
	size_t i;
	int error = 0;

	if (!files)
		abort();
	for (i = 0; !error && i < sink->count; i++)
		error = split_one(sink, i, &files[i], err);
	for (i = 0; !error && i < sink->count; i++)
		error = newfile_finish(&files[i], err);
	for (i = 0; i < sink->count; i++)
		newfile_fini(&files[i]);
	free(files);
	return error;
}

static int template_finish(struct convert_sink *sink, struct err *err)
{
	int error;

	if (!sink->count)
		return err_input(err, NULL, "%s has no frames, and a template has one at least",
			sink->convert->in);
	if (sink->convert->split)
		return split_finish(sink, err);
	error = template_text(sink, sink->kept, sink->count, &sink->content, err);
	return error ? error : content_finish(sink, err);
}

/* ---- any ---- */

static const struct sink_ops sinks[CONVERT_FORMATS] = {
	[CONVERT_YAML] = { text_open, template_put, template_finish },
	[CONVERT_PCAP] = { pcap_open_sink, pcap_put, pcap_finish },
	[CONVERT_PCAPNG] = { pcap_open_sink, pcap_put, pcap_finish },
	[CONVERT_HEX] = { text_open, hex_put, content_finish },
	[CONVERT_RAW] = { text_open, raw_put, raw_finish },
};

int convert_sink_open(struct convert_sink **ret, struct convert *convert, struct err *err)
{
	struct convert_sink *sink = calloc(1, sizeof(*sink));
	int error = 0;

	if (!sink)
		abort();
	sink->ops = &sinks[convert->to];
	sink->convert = convert;
	if (!convert->split)
		error = newfile_init(&sink->file, convert->out, err);
	if (!error)
		error = sink->ops->open(sink, err);
	if (error) {
		convert_sink_close(sink);
		return error;
	}
	*ret = sink;
	return 0;
}

int convert_sink_put(struct convert_sink *sink, const struct convert_frame *frame, struct err *err)
{
	int error = sink->ops->put(sink, frame, err);

	sink->count += !error;
	return error;
}

int convert_sink_finish(struct convert_sink *sink, struct err *err)
{
	int error = sink->ops->finish(sink, err);

	return error ? error : newfile_finish(&sink->file, err);
}

void convert_sink_close(struct convert_sink *sink)
{
	if (!sink)
		return;
	pcapfile_close(sink->pcap, NULL);
	newfile_fini(&sink->file);
	buffer_fini(&sink->content);
	free(sink->kept);
	free(sink);
}
