/* Any octets as frames that a measurement receives: none is read beyond its end, and the counts add
 * up. Input: for each frame an octet of time, two of its length, and its octets. */
#include "base/arena.h"
#include "base/bytes.h"
#include "frame/compile.h"
#include "frame/sign.h"
#include "measure/check.h"
#include "measure/intake.h"
#include "template/template.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As the frames of the corpus were. */
static const char text[] =
	"frames:\n"
	"- layers: [eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01}, "
	"ipv4: {src: 192.0.2.1, dst: 192.0.2.2}, udp: {sport: 5000, dport: "
	"{inc: 20000..20099}}, payload: {fill: 0x41, size: 40}]\n"
	"- frame-size: {random: 94..200}\n"
	"  layers: [eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01}, "
	"ipv6: {src: fe80::1, dst: fe80::2}, tcp: {sport: 5000, dport: 20000}]\n";

#define STREAMS 2U

static void compile(struct arena *arena, struct frame_compiled *ret)
{
	struct template_options options = { .resolver = &resolver_placeholder };
	struct template template;
	struct frame_spec *specs;
	struct err err;

	if (template_read(arena, "t", (const uint8_t *)text, sizeof(text) - 1, &options, &template,
		    &err) ||
		frame_sign(arena, template.frames, template.count, 1, &specs, NULL, &err) ||
		frame_compile(arena, specs, template.count, NULL, 1, ret, &err))
		abort();
}

static void feed(struct measure_intake *intake, const uint8_t *data, size_t size)
{
	uint64_t now = 1700000000000000000ULL;

	while (size >= 3) {
		size_t length = bytes_get_be16(data + 1);
		uint8_t *frame;

		now += data[0] * 1000ULL;
		data += 3;
		size -= 3;
		if (length > size)
			length = size;
		/* Of its own length, so that a read beyond it is seen. */
		frame = malloc(length ? length : 1);
		if (!frame)
			abort();
		memcpy(frame, data, length);
		measure_intake_take(intake, frame, (uint32_t)length, now);
		free(frame);
		data += length;
		size -= length;
	}
}

static void check_sums(const struct measure_intake *intake)
{
	struct measure_result result;
	struct measure_stream all;

	if (measure_result_init(&result, STREAMS))
		abort();
	measure_intake_results(intake, &result);
	measure_result_sum(&result, &all);
	if (all.received != all.unique + all.duplicates + all.stale || all.reordered > all.unique ||
		all.corrupted + all.rewritten > all.received ||
		(all.unique && all.highest + 1 < all.unique / STREAMS))
		abort();
	measure_result_fini(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena arena;
	static struct frame_compiled compiled;
	struct measure_engine_config config = { .streams = STREAMS, .sample = 1 };

	if (!compiled.frames) {
		arena_init(&arena);
		compile(&arena, &compiled);
	}
	for (int known = 0; known < 2; known++) {
		struct measure_intake *intake;

		if (measure_check_new(&config.check, known ? &compiled.program : NULL, NULL) ||
			measure_intake_new(&intake, &config))
			abort();
		feed(intake, data, size);
		check_sums(intake);
		measure_intake_free(intake);
		measure_check_free(config.check);
	}
	return 0;
}
