/* A patch program as text for people. */
#include "patch/program.h"

#include "base/buffer.h"

#include <inttypes.h>

/* A list longer than this is cut. */
#define LISTED_MAX 8
/* Images after these are only counted. */
#define IMAGES_MAX 2

static void put_values(const struct patch_generator *g, struct buffer *out)
{
	uint64_t last = g->first + (g->count - 1) * (g->source == PATCH_COUNT ? g->step : 1);
	bool down = g->source == PATCH_COUNT && g->step >> 63;

	if (g->source == PATCH_CLOCK) {
		buffer_printf(out, "nanoseconds since 1970");
		return;
	}
	if (g->source == PATCH_TABLE) {
		for (uint64_t i = 0; i < g->count && i < LISTED_MAX; i++)
			buffer_printf(out, "%s0x%" PRIx64, i ? ", " : "", g->table[i]);
		if (g->count > LISTED_MAX)
			buffer_printf(out, ", ...");
		return;
	}
	buffer_printf(out, "0x%" PRIx64 "..0x%" PRIx64, g->first, last);
	if (g->source == PATCH_COUNT)
		buffer_printf(
			out, " %s by %" PRIu64, down ? "down" : "up", down ? -g->step : g->step);
}

static void put_generator(const struct patch_generator *g, unsigned int index, struct buffer *out)
{
	static const char *const sources[] = {
		[PATCH_COUNT] = "count",
		[PATCH_RANDOM] = "random",
		[PATCH_SHUFFLE] = "shuffle",
		[PATCH_TABLE] = "list",
		[PATCH_CLOCK] = "clock",
	};

	buffer_printf(out, "    g%-3u u%-3u %-8s ", index, g->width, sources[g->source]);
	put_values(g, out);
	if (g->source == PATCH_CLOCK)
		buffer_printf(out, ", anew for each");
	else if (g->count)
		buffer_printf(out, ", %" PRIu64 " value%s", g->count, g->count == 1 ? "" : "s");
	else
		buffer_printf(out, ", 2^64 values");
	if (g->divisor > 1)
		buffer_printf(out, ", each for %" PRIu64 " turns", g->divisor);
	buffer_printf(out, "  (%s)\n", g->name);
}

/* "octets 26..29", or "bits 116..127" where they are no whole ones. */
static void put_place(uint32_t bit, uint32_t width, struct buffer *out)
{
	uint32_t last = bit + width - 1;

	if (bit % 8 || width % 8)
		buffer_printf(out, "bits %u..%u", bit, last);
	else if (width == 8)
		buffer_printf(out, "octet %u", bit / 8);
	else
		buffer_printf(out, "octets %u..%u", bit / 8, last / 8);
}

static void put_touches(
	const struct patch_image *image, const struct patch_touches *touches, struct buffer *out)
{
	for (uint32_t i = 0; i < touches->count; i++) {
		const struct patch_touch *touch = &image->touches[touches->first + i];

		buffer_printf(out, "%s s%u", i ? "," : "; changes", touch->sum);
		if (touch->left)
			buffer_printf(out, " << %u", touch->left);
	}
	buffer_printf(out, "\n");
}

static void put_write(
	const struct patch_image *image, const struct patch_write *write, struct buffer *out)
{
	buffer_printf(out, "    write  ");
	put_place(write->bit, write->width, out);
	buffer_printf(out, " = g%u", write->generator);
	if (write->shift)
		buffer_printf(out, " >> %u", write->shift);
	put_touches(image, &write->touches, out);
}

static void put_sum(const struct patch_image *image, unsigned int index, struct buffer *out)
{
	static const char *const kinds[] = {
		[PATCH_SUM_INTERNET] = "internet",
		[PATCH_SUM_UDP] = "udp",
		[PATCH_SUM_PSEUDO] = "pseudo header",
		[PATCH_SUM_CRC32C] = "crc32c",
	};
	const struct patch_sum *sum = &image->sums[index];
	bool crc = sum->kind == PATCH_SUM_CRC32C;

	buffer_printf(out, "    s%-5u ", index);
	if (sum->kind == PATCH_SUM_PSEUDO)
		buffer_printf(out, "not sent");
	else
		put_place(sum->offset * 8, crc ? 32 : 16, out);
	buffer_printf(out, " = %s%s", sum->bad ? "bad " : "", kinds[sum->kind]);
	if (crc)
		buffer_printf(out, " of octets %u..%u", sum->start, sum->end - 1);
	else
		buffer_printf(out, ", base 0x%04x", sum->base);
	buffer_printf(out, " (%s)", sum->name);
	put_touches(image, &sum->touches, out);
}

static void put_image(const struct patch_varying *varying, unsigned int index, struct buffer *out)
{
	static const char *const fcs[] = {
		[PATCH_FCS_FIXED] = NULL,
		[PATCH_FCS_RIGHT] = "crc32",
		[PATCH_FCS_BAD] = "bad crc32",
	};
	const struct patch_image *image = &varying->images[index];

	buffer_printf(out, "  image %u, %u octets\n", index, image->length);
	for (unsigned int i = 0; i < image->write_count; i++)
		put_write(image, &image->writes[i], out);
	for (unsigned int i = 0; i < image->sum_count; i++)
		put_sum(image, i, out);
	if (fcs[varying->fcs])
		buffer_printf(out, "    fcs    octets %u..%u = %s\n", image->length - 4,
			image->length - 1, fcs[varying->fcs]);
}

static void put_choices(const struct patch_varying *varying, struct buffer *out)
{
	if (!varying->choice_count)
		return;
	buffer_printf(out, "  image number =");
	for (unsigned int i = 0; i < varying->choice_count; i++) {
		const struct patch_choice *choice = &varying->choices[i];

		buffer_printf(out, "%s g%u", i ? " +" : "", choice->generator);
		if (choice->stride > 1)
			buffer_printf(out, " * %u", choice->stride);
	}
	buffer_printf(out, ", of %u\n", varying->image_count);
}

static void put_varying(const struct patch_varying *varying, struct buffer *out)
{
	buffer_printf(out, "  generators\n");
	for (unsigned int i = 0; i < varying->generator_count; i++)
		put_generator(&varying->generators[i], i, out);
	put_choices(varying, out);
	for (unsigned int i = 0; i < varying->image_count && i < IMAGES_MAX; i++)
		put_image(varying, i, out);
	if (varying->image_count > IMAGES_MAX)
		buffer_printf(
			out, "  and %u more such images\n", varying->image_count - IMAGES_MAX);
}

void patch_program_describe(const struct patch_program *program, struct buffer *out)
{
	buffer_printf(out, "program of %u frame%s, %" PRIu64 " a pass\n", program->count,
		program->count == 1 ? "" : "s", program->pass);
	for (unsigned int i = 0; i < program->count; i++) {
		const struct patch_frame *frame = &program->frames[i];

		buffer_printf(out, "\nframe %u: %s, %u time%s in a row", i,
			frame->name ? frame->name : "(no name)", frame->weight,
			frame->weight == 1 ? "" : "s");
		if (frame->gap_ns)
			buffer_printf(out, ", then a pause of %" PRIu64 " ns", frame->gap_ns);
		if (frame->varying) {
			buffer_printf(out, "\n");
			put_varying(frame->varying, out);
		} else {
			buffer_printf(out, "; always the same %u octets\n", frame->length);
		}
	}
}
