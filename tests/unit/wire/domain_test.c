/* Domain names: as text, as octets, and with pointers followed. */
#include "wire/domain.h"

#include "base/buffer.h"
#include "base/err.h"

#include "../../support/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* ---- text ---- */

static void parses_to(const char *text, const char *octets, size_t length)
{
	uint8_t got[DOMAIN_LENGTH_MAX];
	size_t got_length = 0;
	struct err err = { 0 };

	if (domain_parse(text, got, &got_length, &err))
		fail_msg("%s: %s", text, err.text);
	assert_int_equal(got_length, length);
	assert_memory_equal(got, octets, length);
}

static void a_name_is_labels_with_their_lengths(void **state)
{
	(void)state;
	parses_to("www.example.org", "\3www\7example\3org", 17);
	parses_to("www.example.org.", "\3www\7example\3org", 17);
	parses_to("org.", "\3org", 5);
	parses_to(".", "", 1);
}

static void a_pointer_is_a_last_label_with_an_at_sign(void **state)
{
	(void)state;
	parses_to("@12", "\xc0\x0c", 2);
	parses_to("www.@16383", "\3www\xff\xff", 6);
	parses_to("\\@12", "\3@12", 5);
	parses_to("a.\\@b.c", "\1a\2@b\1c", 8);
}

static void escapes_are_those_of_rfc_1035(void **state)
{
	(void)state;
	parses_to("a\\.b", "\3a.b", 5);
	parses_to("a\\\\b", "\3a\\b", 5);
	parses_to("\\000\\255.x", "\2\0\xff\1x", 6);
}

static void refused(const char *text, const char *why)
{
	uint8_t got[DOMAIN_LENGTH_MAX];
	size_t length = 77;
	struct err err = { 0 };

	assert_int_equal(domain_parse(text, got, &length, &err), -EINVAL);
	assert_int_equal(length, 77);
	assert_string_equal(err.text, why);
}

static void what_is_no_name_is_refused_with_the_reason(void **state)
{
	char text[400];

	(void)state;
	refused("", "a domain name is wanted; the root is \".\"");
	refused("a..b", "a label of a domain name is empty");
	refused(".a", "a label of a domain name is empty");
	refused("a\\12", "\"\\12\" is no octet: three decimal digits up to 255");
	refused("a\\256", "\"\\256\" is no octet: three decimal digits up to 255");
	refused("@16384", "\"@16384\" is no pointer: @ and an octet of the message, at most 16383;"
			  " write \\@ for a label that begins so");
	refused("@x", "\"@x\" is no pointer: @ and an octet of the message, at most 16383; write "
		      "\\@ for a label that begins so");
	memset(text, 'a', 64);
	text[64] = '\0';
	refused(text, "a label has at most 63 octets; this one has 64");
	for (unsigned int i = 0; i < 130; i++)
		strcpy(text + i * 2, "a.");
	refused(text, "a domain name has at most 255 octets, lengths included");
}

static void the_longest_name_has_255_octets(void **state)
{
	char text[400];
	uint8_t octets[DOMAIN_LENGTH_MAX];
	size_t length;

	(void)state;
	for (unsigned int i = 0; i < 127; i++)
		strcpy(text + i * 2, "a.");
	assert_int_equal(domain_parse(text, octets, &length, NULL), 0);
	assert_int_equal(length, DOMAIN_LENGTH_MAX);
	assert_int_equal(domain_extent(octets, length), DOMAIN_LENGTH_MAX);
}

static void formats_as(const char *octets, size_t length, const char *text)
{
	struct buffer out = { 0 };

	domain_format((const uint8_t *)octets, length, &out);
	assert_string_equal(buffer_text(&out), text);
	buffer_fini(&out);
}

static void a_name_of_one_label_is_written_with_a_dot(void **state)
{
	(void)state;
	formats_as("\4auto", 6, "auto.");
	formats_as("", 1, ".");
	formats_as("\1a\1b", 5, "a.b");
	formats_as("\1a\xc0\x0c", 4, "a.@12");
	formats_as("\xc0\x0c", 2, "@12");
}

static void what_cannot_be_printed_is_escaped(void **state)
{
	(void)state;
	formats_as("\5a. \n@\1b", 9, "a\\.\\032\\010@.b");
	formats_as("\2@a\1b", 6, "\\@a.b");
}

/* ---- octets ---- */

static size_t extent(const char *octets, size_t length)
{
	/* In memory of its own size, so that a sanitizer sees a read beyond the end. */
	uint8_t *copy = malloc(length ? length : 1);
	size_t result;

	assert_non_null(copy);
	memcpy(copy, octets, length);
	result = domain_extent(copy, length);
	free(copy);
	return result;
}

static void a_name_ends_at_its_zero_or_pointer(void **state)
{
	(void)state;
	assert_int_equal(extent("\3www\0rest", 9), 5);
	assert_int_equal(extent("\3www\xc0\x0crest", 10), 6);
	assert_int_equal(extent("\0", 1), 1);
}

static void what_does_not_end_in_time_is_no_name(void **state)
{
	(void)state;
	assert_int_equal(extent("", 0), 0);
	assert_int_equal(extent("\3ww", 3), 0);
	assert_int_equal(extent("\3www", 4), 0);
	assert_int_equal(extent("\3www\xc0", 5), 0);
}

static void lengths_of_64_to_191_are_of_no_label(void **state)
{
	(void)state;
	assert_int_equal(extent("\x40zzzz", 5), 0);
	assert_int_equal(extent("\xbfzzzz", 5), 0);
}

/* ---- messages ---- */

static bool expands(const char *message, size_t length, size_t offset, const char *text)
{
	struct buffer out = { 0 };
	bool done = domain_expand((const uint8_t *)message, length, offset, &out);

	assert_string_equal(buffer_text(&out), done ? text : "");
	buffer_fini(&out);
	return done;
}

static void pointers_are_followed_backwards(void **state)
{
	static const char message[] = "\3org\0\7example\xc0\x00\3www\xc0\x05";

	(void)state;
	assert_true(expands(message, sizeof(message) - 1, 0, "org."));
	assert_true(expands(message, sizeof(message) - 1, 5, "example.org"));
	assert_true(expands(message, sizeof(message) - 1, 15, "www.example.org"));
}

static void a_pointer_to_itself_forwards_or_outside_leads_nowhere(void **state)
{
	(void)state;
	assert_false(expands("\xc0\x00", 2, 0, ""));
	assert_false(expands("\1a\xc0\x00", 4, 0, ""));
	assert_false(expands("\xc0\x02\1a", 5, 0, ""));
	assert_false(expands("\1a\0\xc0\x20", 5, 3, ""));
	assert_false(expands("\1a", 3, 3, ""));
}

/* Each pointer leads further back, so that the labels are read again and again: 255 octets bound
 * it. */
static void an_expanded_name_of_more_than_255_octets_is_none(void **state)
{
	char message[600] = { 0 };
	size_t at = 1; /* the root is at 0 */

	(void)state;
	for (unsigned int i = 0; i < 90; i++, at += 5) {
		size_t before = i ? at - 5 : 0;

		memcpy(message + at, "\2ab", 3);
		message[at + 3] = (char)(0xc0 | before >> 8);
		message[at + 4] = (char)before;
	}
	assert_true(expands(message, sizeof(message), 1, "ab."));
	assert_false(expands(message, sizeof(message), at - 5, ""));
}

static void random_octets_never_lead_outside(void **state)
{
	uint64_t seed = 41;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t length = 1 + support_random_below(&seed, 64);
		uint8_t *octets = malloc(length);
		struct buffer out = { 0 };

		assert_non_null(octets);
		support_random_octets(&seed, octets, length);
		for (size_t i = 0; i < length; i++)
			octets[i] = support_random_below(&seed, 3) ? octets[i] & 0x3 : 0xc0;
		domain_expand(octets, length, support_random_below(&seed, length + 2), &out);
		buffer_fini(&out);
		free(octets);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_labels_with_their_lengths),
		cmocka_unit_test(a_pointer_is_a_last_label_with_an_at_sign),
		cmocka_unit_test(escapes_are_those_of_rfc_1035),
		cmocka_unit_test(what_is_no_name_is_refused_with_the_reason),
		cmocka_unit_test(the_longest_name_has_255_octets),
		cmocka_unit_test(a_name_of_one_label_is_written_with_a_dot),
		cmocka_unit_test(what_cannot_be_printed_is_escaped),
		cmocka_unit_test(a_name_ends_at_its_zero_or_pointer),
		cmocka_unit_test(what_does_not_end_in_time_is_no_name),
		cmocka_unit_test(lengths_of_64_to_191_are_of_no_label),
		cmocka_unit_test(pointers_are_followed_backwards),
		cmocka_unit_test(a_pointer_to_itself_forwards_or_outside_leads_nowhere),
		cmocka_unit_test(an_expanded_name_of_more_than_255_octets_is_none),
		cmocka_unit_test(random_octets_never_lead_outside),
	};

	return cmocka_run_group_tests_name("wire/domain", tests, NULL, NULL);
}
