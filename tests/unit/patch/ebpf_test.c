/* patch/ebpf.h: the instructions that given patches become. Whether they are right is
 * ebpf_kernel_test's to say. */
#include "base/arena.h"
#include "base/err.h"
#include "base/random.h"
#include "patch/ebpf.h"

#include <linux/bpf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t octets[64] = { 1, 1, 1, 1, 1, 1, 1, 1 };

#define LENGTH 44 /* of what is held as text: five times eight octets, and four */
static const uint64_t table[] = { 80, 443, 8080 };
static const struct patch_touch touches[] = { { 0, 0 }, { 0, 8 } };

/* A program of one image. */
struct made {
	struct patch_generator generator;
	struct patch_write write;
	struct patch_sum sum;
	struct patch_image image;
	struct patch_varying varying;
	struct patch_frame frame;
	struct patch_program program;
	struct patch_ebpf ebpf;
	struct buffer text;
};

static void begin(struct made *made)
{
	*made = (struct made){
		.generator = { .name = "udp.sport",
			.source = PATCH_COUNT,
			.width = 16,
			.first = 1000,
			.step = 1,
			.count = 50,
			.divisor = 1,
			.table = table },
		.write = { .bit = 272, .width = 16 },
		.sum = { .kind = PATCH_SUM_UDP, .offset = 40, .base = 0x1234, .name = "udp" },
	};
	made->image = (struct patch_image){ .octets = octets,
		.length = sizeof(octets),
		.writes = &made->write,
		.write_count = 1,
		.sums = &made->sum,
		.touches = touches };
	made->varying = (struct patch_varying){ .generators = &made->generator,
		.generator_count = 1,
		.images = &made->image,
		.image_count = 1 };
	made->frame = (struct patch_frame){ .name = "frame",
		.octets = octets,
		.length = sizeof(octets),
		.weight = 1,
		.varying = &made->varying };
}

static const char *compile(struct made *made, enum patch_ebpf_end end)
{
	struct err err = { 0 };

	patch_program_init(&made->program, &made->frame, 1);
	if (patch_ebpf_compile(&made->ebpf, &made->program, end, &err))
		fail_msg("%s", err.text);
	patch_ebpf_describe(&made->ebpf, &made->text);
	return buffer_text(&made->text);
}

static void end(struct made *made)
{
	buffer_fini(&made->text);
	patch_ebpf_fini(&made->ebpf);
}

static void a_frame_that_stays_is_counted_and_redirected(void **state)
{
	struct made made;

	(void)state;
	begin(&made);
	made.frame.varying = NULL;
	made.frame.length = LENGTH;
	assert_string_equal(compile(&made, PATCH_EBPF_REDIRECT), "0: r6 = r1\n"
								 "1: r8 = *(u32 *)(r6 +0)\n"
								 "2: r2 = *(u32 *)(r6 +4)\n"
								 "3: r1 = r8\n"
								 "4: r1 += 0x2c\n"
								 "5: if r1 <= r2 goto 8\n"
								 "6: r0 = 0\n"
								 "7: exit\n"
								 "8: r1 = 0x101010101010101 ll\n"
								 "10: *(u64 *)(r8 +0) = r1\n"
								 "11: r1 = 0\n"
								 "12: *(u64 *)(r8 +8) = r1\n"
								 "13: r1 = 0\n"
								 "14: *(u64 *)(r8 +16) = r1\n"
								 "15: r1 = 0\n"
								 "16: *(u64 *)(r8 +24) = r1\n"
								 "17: r1 = 0\n"
								 "18: *(u64 *)(r8 +32) = r1\n"
								 "19: r1 = 0\n"
								 "20: *(u32 *)(r8 +40) = r1\n"
								 "21: r3 = memory + 0\n"
								 "23: r1 = *(u64 *)(r3 +0)\n"
								 "24: r1 += 1\n"
								 "25: *(u64 *)(r3 +0) = r1\n"
								 "26: r1 = devices\n"
								 "28: r2 = 0\n"
								 "29: r3 = 1\n"
								 "30: call helper#51\n"
								 "31: exit\n");
	end(&made);
}

static void a_count_is_written_and_summed_from_its_base(void **state)
{
	struct made made;

	(void)state;
	begin(&made);
	made.image.length = LENGTH;
	made.frame.length = LENGTH;
	made.image.sum_count = 1;
	made.write.touches.count = 1;
	assert_string_equal(compile(&made, PATCH_EBPF_PASS), "0: r6 = r1\n"
							     "1: r7 = memory + 64\n"
							     "3: r1 = *(u64 *)(r7 +8)\n"
							     "4: r0 = r1\n"
							     "5: r0 += 0x3e8\n"
							     "6: *(u64 *)(r7 +0) = r0\n"
							     "7: r1 = *(u64 *)(r7 +8)\n"
							     "8: r1 += 1\n"
							     "9: if r1 != 0x32 goto 11\n"
							     "10: r1 = 0\n"
							     "11: *(u64 *)(r7 +8) = r1\n"
							     "12: r8 = *(u32 *)(r6 +0)\n"
							     "13: r2 = *(u32 *)(r6 +4)\n"
							     "14: r1 = r8\n"
							     "15: r1 += 0x2c\n"
							     "16: if r1 <= r2 goto 19\n"
							     "17: r0 = 0\n"
							     "18: exit\n"
							     "19: r1 = 0x101010101010101 ll\n"
							     "21: *(u64 *)(r8 +0) = r1\n"
							     "22: r1 = 0\n"
							     "23: *(u64 *)(r8 +8) = r1\n"
							     "24: r1 = 0\n"
							     "25: *(u64 *)(r8 +16) = r1\n"
							     "26: r1 = 0\n"
							     "27: *(u64 *)(r8 +24) = r1\n"
							     "28: r1 = 0\n"
							     "29: *(u64 *)(r8 +32) = r1\n"
							     "30: r1 = 0\n"
							     "31: *(u32 *)(r8 +40) = r1\n"
							     "32: r0 = *(u64 *)(r7 +0)\n"
							     "33: r1 = r0\n"
							     "34: r1 = be16 r1\n"
							     "35: *(u16 *)(r8 +34) = r1\n"
							     "36: r0 = 0x1234\n"
							     "37: r1 = *(u64 *)(r7 +0)\n"
							     "38: r0 += r1\n"
							     "39: r1 = r0\n"
							     "40: r1 >>= 0x10\n"
							     "41: r0 &= 0xffff\n"
							     "42: r0 += r1\n"
							     "43: r0 ^= 0xffff\n"
							     "44: if r0 != 0 goto 46\n"
							     "45: r0 = 0xffff\n"
							     "46: r0 = be16 r0\n"
							     "47: *(u16 *)(r8 +40) = r0\n"
							     "48: r3 = memory + 0\n"
							     "50: r1 = *(u64 *)(r3 +0)\n"
							     "51: r1 += 1\n"
							     "52: *(u64 *)(r3 +0) = r1\n"
							     "53: r0 = 2\n"
							     "54: exit\n");
	end(&made);
}

/* The lines from the one that holds the first on, without their numbers, are these. */
static void assert_lines(const char *text, const char *const *lines, unsigned int count)
{
	const char *at = strstr(text, lines[0]);

	for (unsigned int i = 0; i < count; i++) {
		size_t length = strlen(lines[i]);

		if (!at || strncmp(at, lines[i], length) != 0 || at[length] != '\n')
			fail_msg("no \"%s\" there in:\n%s", lines[i], text);
		at = at ? strstr(at, ": ") : NULL;
		at = at ? at + 2 : NULL;
	}
}

#define ASSERT_LINES(text, ...)                                  \
	assert_lines(text, (const char *const[]){ __VA_ARGS__ }, \
		sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static void bits_are_put_among_those_that_stay(void **state)
{
	struct made made;

	(void)state;
	begin(&made);
	made.write.bit = 8 * 14 + 4;
	made.write.width = 12;
	ASSERT_LINES(compile(&made, PATCH_EBPF_PASS), "r0 = *(u64 *)(r7 +0)", "r1 = r0", "r1 >>= 8",
		"r1 &= 0xf", "r2 = *(u8 *)(r8 +14)", "r2 &= 0xf0", "r1 |= r2",
		"*(u8 *)(r8 +14) = r1", "r1 = r0", "*(u8 *)(r8 +15) = r1");
	end(&made);
}

static void what_is_wider_than_its_place_is_cut(void **state)
{
	struct made made;

	(void)state;
	begin(&made);
	made.generator.count = 0;
	made.write.shift = 4;
	made.image.sum_count = 1;
	made.write.touches.count = 1;
	ASSERT_LINES(compile(&made, PATCH_EBPF_PASS), "r0 = 0x1234", "r1 = *(u64 *)(r7 +0)",
		"r1 >>= 4", "r1 &= 0xffff", "r0 += r1");
	end(&made);
}

static void a_list_is_read_in_its_bounds(void **state)
{
	struct made made;

	(void)state;
	begin(&made);
	made.generator.source = PATCH_TABLE;
	made.generator.count = 3;
	/* Behind the head and the generator's numbers, where the sums would be. */
	ASSERT_LINES(compile(&made, PATCH_EBPF_PASS), "r1 = *(u64 *)(r7 +8)", "if r1 < 3 goto 7",
		"r0 = 0", "exit", "r1 <<= 3", "r2 = memory + 104", "r2 += r1",
		"r0 = *(u64 *)(r2 +0)", "*(u64 *)(r7 +0) = r0");
	assert_memory_equal(made.ebpf.memory.data + 104, table, sizeof(table));
	end(&made);
}

static void what_stands_still_steps_only_in_its_turn(void **state)
{
	struct made made;

	(void)state;
	begin(&made);
	made.generator.divisor = 5;
	ASSERT_LINES(compile(&made, PATCH_EBPF_PASS), "r0 = *(u64 *)(r7 +32)", "r0 += 1",
		"if r0 < 5 goto 16", "r1 = *(u64 *)(r7 +8)", "r1 += 1", "if r1 != 0x32 goto 14",
		"r1 = 0", "*(u64 *)(r7 +8) = r1", "r0 = 0", "*(u64 *)(r7 +32) = r0");
	end(&made);
}

static void a_shuffle_calls_functions_that_the_kernel_is_told_of(void **state)
{
	struct made made;

	(void)state;
	begin(&made);
	compile(&made, PATCH_EBPF_PASS);
	assert_int_equal(made.ebpf.function_count, 1);
	end(&made);
	begin(&made);
	made.generator.source = PATCH_SHUFFLE;
	made.generator.root = random_root(made.generator.count);
	assert_non_null(strstr(compile(&made, PATCH_EBPF_PASS), "helper#181\n")); /* bpf_loop */
	assert_int_equal(made.ebpf.function_count, 4);
	assert_int_equal(made.ebpf.functions[0], 0);
	end(&made);
}

static void images_of_one_shape_share_their_instructions(void **state)
{
	struct made made;
	struct patch_image images[3];
	const struct patch_choice choice = { .generator = 0, .stride = 1, .name = "size" };
	unsigned int shared, apart;

	(void)state;
	for (unsigned int different = 0; different < 2; different++) {
		begin(&made);
		made.generator.first = 0;
		made.generator.count = 3;
		for (unsigned int i = 0; i < 3; i++) {
			images[i] = made.image;
			images[i].length -= i;
			images[i].write_count = i < 2 || !different;
		}
		made.varying.images = images;
		made.varying.image_count = 3;
		made.varying.choices = &choice;
		made.varying.choice_count = 1;
		/* Cut to the image's length, then its octets: a page holds another image's. */
		ASSERT_LINES(
			compile(&made, PATCH_EBPF_PASS), "call helper#65", "if r0 == 0 goto 36");
		assert_non_null(strstr(buffer_text(&made.text), "call helper#190\n"));
		assert_int_equal(made.ebpf.length, sizeof(octets));
		patch_ebpf_insns(&made.ebpf, different ? &apart : &shared);
		end(&made);
	}
	assert_true(apart > shared);
}

static void the_place_in_the_run_is_found_again(void **state)
{
	struct made made;
	uint64_t memory[13];

	(void)state;
	begin(&made);
	compile(&made, PATCH_EBPF_PASS);
	assert_true(made.ebpf.state_size <= sizeof(memory));
	patch_ebpf_seek(&made.ebpf, memory, 1049, 77);
	assert_int_equal(memory[3], 77); /* for the clock */
	assert_int_equal(patch_ebpf_made(memory), 0);
	assert_int_equal(memory[9], 49); /* of 50: behind the head, and the value */
	end(&made);
}

static void the_clock_is_read_once_for_frames_that_share_a_time(void **state)
{
	struct made made;

	(void)state;
	begin(&made);
	made.generator = (struct patch_generator){
		.name = "time", .source = PATCH_CLOCK, .width = 64, .divisor = 1
	};
	ASSERT_LINES(compile(&made, PATCH_EBPF_PASS), "call helper#5", "r1 = memory + 0",
		"r1 = *(u64 *)(r1 +24)", "r0 += r1", "*(u64 *)(r7 +0) = r0");
	end(&made);
	begin(&made);
	made.generator = (struct patch_generator){
		.name = "time", .source = PATCH_CLOCK, .width = 64, .divisor = 16
	};
	ASSERT_LINES(compile(&made, PATCH_EBPF_PASS), "r0 = *(u64 *)(r7 +32)", "if r0 != 0 goto 12",
		"call helper#5", "r1 = memory + 0", "r1 = *(u64 *)(r1 +24)", "r0 += r1",
		"*(u64 *)(r7 +0) = r0", "r0 = 0", "r0 += 1", "if r0 < 0x10 goto 15", "r0 = 0",
		"*(u64 *)(r7 +32) = r0");
	end(&made);
}

static void what_the_kernel_would_not_take_is_refused(void **state)
{
	struct made made;
	struct patch_generator many[1000];
	struct patch_ebpf ebpf;
	struct err err;

	(void)state;
	begin(&made);
	for (unsigned int i = 0; i < 1000; i++)
		many[i] = made.generator;
	made.varying.generators = many;
	made.varying.generator_count = 1000;
	patch_program_init(&made.program, &made.frame, 1);
	assert_int_equal(
		patch_ebpf_compile(&ebpf, &made.program, PATCH_EBPF_REDIRECT, &err), -E2BIG);
	assert_non_null(strstr(err.text, "frame \"frame\" has 1000 values that vary"));
	made.frame.varying = NULL;
	made.frame.length = 40000;
	patch_program_init(&made.program, &made.frame, 1);
	assert_int_equal(
		patch_ebpf_compile(&ebpf, &made.program, PATCH_EBPF_REDIRECT, &err), -EMSGSIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_that_stays_is_counted_and_redirected),
		cmocka_unit_test(a_count_is_written_and_summed_from_its_base),
		cmocka_unit_test(bits_are_put_among_those_that_stay),
		cmocka_unit_test(what_is_wider_than_its_place_is_cut),
		cmocka_unit_test(a_list_is_read_in_its_bounds),
		cmocka_unit_test(what_stands_still_steps_only_in_its_turn),
		cmocka_unit_test(a_shuffle_calls_functions_that_the_kernel_is_told_of),
		cmocka_unit_test(images_of_one_shape_share_their_instructions),
		cmocka_unit_test(the_place_in_the_run_is_found_again),
		cmocka_unit_test(the_clock_is_read_once_for_frames_that_share_a_time),
		cmocka_unit_test(what_the_kernel_would_not_take_is_refused),
	};

	return cmocka_run_group_tests_name("patch/ebpf", tests, NULL, NULL);
}
