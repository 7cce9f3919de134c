/* render_compare: what is the same, what changed, what is missing and what was added. */
#include "render/render.h"

#include "fresh.h"
#include "frame/build.h"

/* vlan 10 / arp, 60 octets, as octets so that tests can change them. */
static const uint8_t tagged[60] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 0x81, 0,
	0, 10, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0,
	0, 2 };

static const char *compare(
	const uint8_t *left, size_t left_length, const uint8_t *arrived, size_t arrived_length)
{
	struct frame_view a, b;

	frame_dissect(&arena, &wire_eth, left, left_length, DISSECT_FCS_ABSENT, &a);
	frame_dissect(&arena, &wire_eth, arrived, arrived_length, DISSECT_FCS_ABSENT, &b);
	buffer_clear(&out);
	render_compare(&a, &b, &render_plain, &out);
	return buffer_text(&out);
}

static unsigned int lines_with(const char *text, const char *part)
{
	unsigned int count = 0;

	for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
		count++;
	return count;
}

static void equal_frames_are_the_same_in_every_field(void **state)
{
	const char *text = compare(tagged, sizeof(tagged), tagged, sizeof(tagged));

	(void)state;
	/* eth 3, vlan 4, arp 9, padding 1 */
	assert_int_equal(lines_with(text, "the same\n"), 17);
	assert_null(strstr(text, "did not arrive"));
	assert_null(strstr(text, "was not sent"));
}

static void another_value_stands_beside_the_one_that_left(void **state)
{
	uint8_t arrived[sizeof(tagged)];
	const char *text;

	(void)state;
	memcpy(arrived, tagged, sizeof(arrived));
	arrived[15] = 20;
	text = compare(tagged, sizeof(tagged), arrived, sizeof(arrived));
	assert_non_null(
		strstr(text, "    id              10                                    20\n"));
	assert_int_equal(lines_with(text, "the same\n"), 16);
}

static void a_tag_taken_off_did_not_arrive(void **state)
{
	uint8_t arrived[sizeof(tagged) - 4];
	const char *text;

	(void)state;
	memcpy(arrived, tagged, 12);
	memcpy(arrived + 12, tagged + 16, sizeof(arrived) - 12);
	text = compare(tagged, sizeof(tagged), arrived, sizeof(arrived));
	/* The tag's heading and its four fields. */
	assert_int_equal(lines_with(text, "did not arrive\n"), 5);
	assert_null(strstr(text, "was not sent"));

	text = compare(arrived, sizeof(arrived), tagged, sizeof(tagged));
	assert_int_equal(lines_with(text, "was not sent\n"), 1);
	assert_null(strstr(text, "did not arrive"));
}

static void padding_that_arrived_is_counted(void **state)
{
	const char *text = compare(tagged, 46, tagged, sizeof(tagged));

	(void)state;
	assert_non_null(strstr(
		text, "    length          none                                  14 octets\n"));
}

static void a_long_value_is_cut_to_its_column(void **state)
{
	uint8_t octets[200] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x90, 0x01 };
	const char *text;
	const char *data;

	(void)state;
	for (unsigned int i = 14; i < sizeof(octets); i++)
		octets[i] = (uint8_t)i;
	text = compare(octets, sizeof(octets), octets, sizeof(octets));
	data = strstr(text, "    data ");
	assert_non_null(data);
	assert_non_null(strstr(
		text, "    data            0e0f101112131415161718191a1b1c1d...   the same\n"));
	assert_null(strstr(text, "...."));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(equal_frames_are_the_same_in_every_field),
		TEST(another_value_stands_beside_the_one_that_left),
		TEST(a_tag_taken_off_did_not_arrive),
		TEST(padding_that_arrived_is_counted),
		TEST(a_long_value_is_cut_to_its_column),
	};

	return cmocka_run_group_tests_name("render/compare", tests, NULL, NULL);
}
