/* Where convert's frames come from: a template, a capture file, hex text, raw octets. */
#include "cli/convert/convert.h"
#include "frame/compile.h"
#include "link/capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct source_ops {
	int (*open)(struct convert_source *source, struct err *err);
	int (*next)(struct convert_source *source, struct convert_frame *ret, struct err *err);
	void (*close)(struct convert_source *source);
};

struct convert_source {
	const struct source_ops *ops;
	struct convert *convert;
	uint64_t count; /* frames so far */
	bool placeholder, varies;
	bool fcs; /* the octets that are read end with an FCS */

	/* of a template */
	struct template template;
	struct frame_compiled compiled;
	struct patch_runner runner;
	struct interface interface;
	uint64_t time_ns;
	struct arena frame_arena; /* of the frame at hand */

	struct capture *capture;
	struct hexfile *hexfile;
	struct buffer raw;
};

/* Takes the FCS off the octets that were read. */
static int set_octets(const struct convert_source *source, const uint8_t *octets, size_t length,
	struct convert_frame *ret, struct err *err)
{
	*ret = (struct convert_frame){ .octets = octets, .length = (uint32_t)length };
	if (!source->fcs)
		return 1;
	if (length < FCS_LENGTH)
		return err_input(err, NULL, "%s: frame %llu of %zu octets has no room for an FCS",
			source->convert->in, (unsigned long long)source->count + 1, length);
	ret->length -= FCS_LENGTH;
	ret->has_fcs = true;
	memcpy(ret->fcs, octets + ret->length, FCS_LENGTH);
	return 1;
}

/* ---- a template ---- */

static int template_open(struct convert_source *source, struct err *err)
{
	struct common *common = &source->convert->common;
	struct resolver resolver;
	int error;

	if (source->convert->in_fcs)
		return err_input(
			err, NULL, "--fcs is for captured frames; a template says `fcs:' itself");
	error = common_resolver(common, &source->interface, &resolver, err);
	if (error)
		return error;
	if (common->expression_count)
		error = common_expressions(common, &resolver, &source->template, err);
	else
		error = common_template(
			common, source->convert->in, &resolver, &source->template, err);
	if (!error)
		error = frame_compile(&common->arena, source->template.frames,
			source->template.count, NULL, common->seed, &source->compiled, err);
	if (!error && patch_runner_init(&source->runner, &source->compiled.program, 1))
		error = err_system(err, ENOMEM, "cannot make the frames");
	return error;
}

/* As `send` makes them: of a run, or each frame as it is at its first turn. */
static int template_next(struct convert_source *source, struct convert_frame *ret, struct err *err)
{
	const struct patch_program *program = &source->compiled.program;
	uint64_t count = source->convert->count;
	struct patch_slot *slot = &source->runner.slots[0];
	uint64_t index = source->count;
	struct frame_view view;
	int error;

	if (source->count == (count ? count : program->count))
		return 0;
	if (!count)
		index = patch_program_first(program, (unsigned int)source->count);
	arena_reset(&source->frame_arena);
	patch_runner_make(&source->runner, index, slot);
	error = frame_compiled_view(
		&source->frame_arena, &source->compiled, index, slot, &view, err);
	if (error)
		return error;
	source->placeholder |= cli_has_placeholder(&view);
	source->varies |= slot->frame->varying != NULL;
	*ret = (struct convert_frame){
		.name = slot->frame->name,
		.octets = view.octets,
		.length = view.length,
		.has_fcs = view.fcs != VIEW_FCS_NONE,
		.time_ns = source->time_ns,
	};
	memcpy(ret->fcs, view.fcs_octets, FCS_LENGTH);
	source->time_ns += slot->frame->gap_ns;
	return 1;
}

static void template_close(struct convert_source *source)
{
	patch_runner_fini(&source->runner);
}

/* ---- a capture file ---- */

static int capture_source_open(struct convert_source *source, struct err *err)
{
	const char *in = source->convert->in;
	int error = capture_open_file(&source->capture, in, NULL, err);

	if (error)
		return error;
	if (capture_link(source->capture) != CAPTURE_ETHERNET)
		return err_input(err, NULL,
			"%s: its frames are of link type %s; only Ethernet (EN10MB) is converted",
			in, capture_link_name(source->capture));
	source->fcs = source->convert->in_fcs || capture_has_fcs(source->capture);
	return 0;
}

static int capture_source_next(
	struct convert_source *source, struct convert_frame *ret, struct err *err)
{
	struct capture_frame frame;
	uint32_t missing;
	int status;

	do {
		status = capture_next(source->capture, &frame, -1, err);
	} while (!status && !cli_stop);
	if (status <= 0)
		return status == -ENODATA ? 0 : status;
	missing = frame.length - frame.captured;
	/* Of a frame that was cut, the FCS was cut first. */
	if (missing && source->fcs) {
		*ret = (struct convert_frame){ .octets = frame.octets, .length = frame.captured };
		if (missing < FCS_LENGTH)
			ret->length -= FCS_LENGTH - missing;
		missing -= missing < FCS_LENGTH ? missing : FCS_LENGTH;
	} else {
		status = set_octets(source, frame.octets, frame.captured, ret, err);
	}
	ret->missing = missing;
	ret->time_ns = frame.time_ns;
	return status;
}

static void capture_source_close(struct convert_source *source)
{
	if (source->capture)
		capture_close(source->capture);
}

/* ---- hex text ---- */

static int hex_open(struct convert_source *source, struct err *err)
{
	source->fcs = source->convert->in_fcs;
	return hexfile_open(&source->hexfile, source->convert->in, err);
}

static int hex_next(struct convert_source *source, struct convert_frame *ret, struct err *err)
{
	const uint8_t *octets;
	size_t length;
	int status = hexfile_next(source->hexfile, &octets, &length, err);

	return status > 0 ? set_octets(source, octets, length, ret, err) : status;
}

static void hex_close(struct convert_source *source)
{
	hexfile_close(source->hexfile);
}

/* ---- raw octets: all of the file is one frame ---- */

static int raw_open(struct convert_source *source, struct err *err)
{
	const char *in = source->convert->in;
	FILE *stream = strcmp(in, "-") ? fopen(in, "re") : stdin;
	uint8_t block[4096];
	size_t length;
	int error = 0;

	if (!stream)
		return err_system(err, errno, "cannot read %s", in);
	source->fcs = source->convert->in_fcs;
	while ((length = fread(block, 1, sizeof(block), stream)) > 0 &&
		source->raw.length <= FRAME_LENGTH_MAX + FCS_LENGTH)
		buffer_put(&source->raw, block, length);
	if (ferror(stream))
		error = err_system(err, errno, "cannot read %s", in);
	if (stream != stdin)
		fclose(stream);
	if (!error && source->raw.length > FRAME_LENGTH_MAX + FCS_LENGTH)
		error = err_input(err, NULL, "%s: a raw file is one frame, of at most %d octets",
			in, FRAME_LENGTH_MAX + FCS_LENGTH);
	return error;
}

static int raw_next(struct convert_source *source, struct convert_frame *ret, struct err *err)
{
	if (source->count || !source->raw.length)
		return 0;
	return set_octets(source, source->raw.data, source->raw.length, ret, err);
}

static void raw_close(struct convert_source *source)
{
	buffer_fini(&source->raw);
}

/* ---- any ---- */

static const struct source_ops sources[CONVERT_FORMATS] = {
	[CONVERT_YAML] = { template_open, template_next, template_close },
	[CONVERT_PCAP] = { capture_source_open, capture_source_next, capture_source_close },
	[CONVERT_PCAPNG] = { capture_source_open, capture_source_next, capture_source_close },
	[CONVERT_HEX] = { hex_open, hex_next, hex_close },
	[CONVERT_RAW] = { raw_open, raw_next, raw_close },
};

int convert_source_open(struct convert_source **ret, struct convert *convert, struct err *err)
{
	struct convert_source *source = calloc(1, sizeof(*source));
	int error;

	if (!source)
		abort();
	source->ops = &sources[convert->from];
	source->convert = convert;
	arena_init(&source->frame_arena);
	error = source->ops->open(source, err);
	if (error) {
		convert_source_close(source);
		return error;
	}
	*ret = source;
	return 0;
}

int convert_source_next(struct convert_source *source, struct convert_frame *ret, struct err *err)
{
	int status = source->ops->next(source, ret, err);

	source->count += status > 0;
	return status;
}

bool convert_source_placeholder(const struct convert_source *source)
{
	return source->placeholder;
}

bool convert_source_varies(const struct convert_source *source)
{
	return source->varies;
}

void convert_source_close(struct convert_source *source)
{
	if (!source)
		return;
	source->ops->close(source);
	arena_fini(&source->frame_arena);
	free(source);
}
