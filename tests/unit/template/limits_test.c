/* A template is hostile input: what is too large, too deep or too many is refused, and soon: a
 * quadratic reader takes hours, and so would this test. */
#include "reading.h"

/* count times text. */
static void repeat(struct buffer *out, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		buffer_put(out, text, strlen(text));
}

static void assert_buffer_refused(struct reading *reading, struct buffer *text, const char *message)
{
	assert_refused(reading, buffer_text(text), message);
	buffer_fini(text);
}

static void a_file_over_16_mib_is_refused(void **state)
{
	struct buffer text = { 0 };

	buffer_put_zeros(&text, TEMPLATE_SIZE_MAX + 1);
	memset(text.data, '#', text.length);
	assert_buffer_refused(*state, &text,
		"dir/t.yaml: larger than a template may be (at most 16777216 octets)");
}

static void a_comment_of_16_mib_is_not_too_large(void **state)
{
	struct buffer text = { 0 };
	size_t length = strlen(ETH);

	buffer_put(&text, ETH, length);
	buffer_put_zeros(&text, TEMPLATE_SIZE_MAX - length);
	memset(text.data + length, '#', text.length - length);
	assert_int_equal(reading_of(*state, buffer_text(&text)).count, 1);
	buffer_fini(&text);
}

static void depth_of_32_is_read_and_33_is_not(void **state)
{
	struct buffer text = { 0 };

	/* The top is one level, vars another. */
	buffer_printf(&text, "vars: {a: ");
	repeat(&text, 30, "[");
	repeat(&text, 30, "]");
	buffer_printf(&text, "}\n" ETH);
	assert_buffer_refused(
		*state, &text, "dir/t.yaml:1:11: a variable is one value, not a list");
	buffer_printf(&text, "vars: {a: ");
	repeat(&text, 31, "[");
	repeat(&text, 31, "]");
	buffer_printf(&text, "}\n" ETH);
	assert_buffer_refused(
		*state, &text, "dir/t.yaml:1:41: nested too deeply (at most 32 levels)");
}

static void a_hundred_thousand_brackets_end_soon(void **state)
{
	struct buffer text = { 0 };

	buffer_printf(&text, "layers: ");
	repeat(&text, 100000, "[");
	assert_buffer_refused(
		*state, &text, "dir/t.yaml:1:40: nested too deeply (at most 32 levels)");
	buffer_printf(&text, "layers:\n");
	repeat(&text, 100000, "- ");
	assert_buffer_refused(
		*state, &text, "dir/t.yaml:2:63: nested too deeply (at most 32 levels)");
}

static void a_million_values_are_too_many(void **state)
{
	struct buffer text = { 0 };

	buffer_printf(&text, "layers:\n  - eth:\n      type: [");
	repeat(&text, 1100000, "1,");
	buffer_printf(&text, "1]\n");
	assert_buffer_refused(*state, &text,
		"dir/t.yaml:3:2097150: too many values (at most 1048576 in a template)");
}

static void a_million_keys_are_refused_at_the_first_wrong_one(void **state)
{
	struct buffer text = { 0 };

	buffer_printf(&text, "layers:\n  - eth: {");
	for (unsigned int i = 0; i < 400000; i++)
		buffer_printf(&text, "k%u: 1,", i);
	buffer_printf(&text, "}\n");
	assert_buffer_refused(
		*state, &text, "dir/t.yaml:2:11: no field \"k0\" in eth; known: dst, src, type");
}

static void variables_layers_and_items_are_bounded(void **state)
{
	struct buffer text = { 0 };

	buffer_printf(&text, "vars: {");
	for (unsigned int i = 0; i < 257; i++)
		buffer_printf(&text, "v%u: 1, ", i);
	buffer_printf(&text, "}\n" ETH);
	assert_buffer_refused(
		*state, &text, "dir/t.yaml:1:7: 257 variables are too many (at most 256)");
	buffer_printf(&text, "layers:\n");
	repeat(&text, 1025, "- vlan\n");
	assert_buffer_refused(
		*state, &text, "dir/t.yaml:2:1: 1025 layers are too many (at most 1024)");
	buffer_printf(&text, ETH "  - tcp: {options: [");
	repeat(&text, 65601, "nop,");
	buffer_printf(&text, "]}\n");
	assert_buffer_refused(*state, &text,
		"dir/t.yaml:3:20: tcp.options: 65601 items are more than a frame holds (at most "
		"65600 octets)");
}

/* 130,000 octets of text would otherwise ask for gigabytes. */
static void fields_of_all_frames_together_are_bounded(void **state)
{
	struct buffer text = { 0 };

	buffer_printf(&text, "frames:\n");
	for (unsigned int i = 0; i < 1000; i++) {
		buffer_printf(&text, "- layers: [");
		repeat(&text, 500, "tcp,");
		buffer_printf(&text, "]\n");
	}
	assert_int_equal(reading_try(*state, buffer_text(&text), &(struct template){ 0 }), -EINVAL);
	assert_non_null(strstr(((struct reading *)*state)->err.text,
		"too many fields (at most 4194304 in a template)"));
	buffer_fini(&text);
}

/* So would these, of runs and of padding. */
static void octets_of_all_frames_together_are_bounded(void **state)
{
	static const char *const frames[] = { "{layers: [payload: {fill: 0, size: 65600}]}",
		"{layers: [payload], pad: 65600}" };
	struct buffer text = { 0 };

	for (unsigned int form = 0; form < 2; form++) {
		buffer_clear(&text);
		buffer_printf(&text, "frames:\n");
		for (unsigned int i = 0; i < 5000; i++)
			buffer_printf(&text, "- %s\n", frames[form]);
		assert_int_equal(
			reading_try(*state, buffer_text(&text), &(struct template){ 0 }), -EINVAL);
		assert_non_null(strstr(((struct reading *)*state)->err.text,
			"too many octets (at most 256 MiB in all frames)"));
	}
	buffer_fini(&text);
}

/* So would fragments, of one frame and of all. */
static void fragments_of_all_frames_together_are_bounded(void **state)
{
	struct buffer text = { 0 };

	buffer_printf(&text, "frames:\n");
	for (unsigned int i = 0; i < 2; i++)
		buffer_printf(&text, "- layers:\n"
				     "    - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}\n"
				     "    - ipv4: {src: 10.0.0.1, dst: 10.0.0.2, protocol: 253}\n"
				     "    - payload: {fill: 0, size: 80}\n"
				     "  weight: 4000\n"
				     "  fragment: {mtu: 28}\n");
	assert_buffer_refused(
		*state, &text, "dir/t.yaml:13:13: fragment: too many frames (at most 65536)");
}

/* So would a value that is long once and used often. */
static void variables_used_often_are_bounded(void **state)
{
	struct buffer text = { 0 };

	buffer_printf(&text, "vars: {a: %0*d}\nlayers:\n  - tcp: {options: [", 1000000, 1);
	repeat(&text, 300, "mss: $a,");
	buffer_printf(&text, "]}\n");
	assert_int_equal(reading_try(*state, buffer_text(&text), &(struct template){ 0 }), -EINVAL);
	assert_non_null(strstr(((struct reading *)*state)->err.text, "too many octets"));
	buffer_fini(&text);
}

static void a_long_word_does_not_outgrow_the_message(void **state)
{
	struct reading *reading = *state;
	struct template t;
	struct buffer text = { 0 };

	buffer_printf(&text, "%0*d: 1\n", 1000, 0);
	assert_int_equal(reading_try(reading, buffer_text(&text), &t), -EINVAL);
	assert_memory_equal(reading->err.text, "dir/t.yaml:1:1: no key \"000", 27);
	assert_non_null(strstr(reading->err.text, "000\" in a template; known: name, about, "));
	buffer_clear(&text);
	buffer_printf(&text, ETH "  - ipv4: {ttl: %0*d}\n", 100000, 1);
	assert_int_equal(reading_try(reading, buffer_text(&text), &t), 0);
	buffer_clear(&text);
	buffer_printf(&text, ETH "  - ipv4: {ttl: %0*d}\n", 100000, 1000);
	assert_int_equal(reading_try(reading, buffer_text(&text), &t), -EINVAL);
	assert_memory_equal(reading->err.text, "dir/t.yaml:3:17: ipv4.ttl: 000", 30);
	assert_non_null(strstr(reading->err.text, "1000 does not fit in 8 bits (at most 255)"));
	buffer_fini(&text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		reading_test(a_file_over_16_mib_is_refused),
		reading_test(a_comment_of_16_mib_is_not_too_large),
		reading_test(depth_of_32_is_read_and_33_is_not),
		reading_test(a_hundred_thousand_brackets_end_soon),
		reading_test(a_million_values_are_too_many),
		reading_test(a_million_keys_are_refused_at_the_first_wrong_one),
		reading_test(variables_layers_and_items_are_bounded),
		reading_test(fields_of_all_frames_together_are_bounded),
		reading_test(octets_of_all_frames_together_are_bounded),
		reading_test(fragments_of_all_frames_together_are_bounded),
		reading_test(variables_used_often_are_bounded),
		reading_test(a_long_word_does_not_outgrow_the_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
