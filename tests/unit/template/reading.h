/* reading.h: what the tests of the template reader share. */
#ifndef TEST_READING_H
#define TEST_READING_H

#include "base/arena.h"
#include "base/buffer.h"
#include "frame/build.h"
#include "template/template.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define ETH "layers:\n  - eth: {dst: 02:00:00:00:00:02, type: 0x0801}\n"

/* An arena for each test, and the last error. */
struct reading {
	struct arena arena;
	struct err err;
	struct template_options options;
};

static inline int reading_setup(void **state)
{
	struct reading *reading = test_calloc(1, sizeof(*reading));

	arena_init(&reading->arena);
	reading->options.resolver = &resolver_placeholder;
	*state = reading;
	return 0;
}

static inline int reading_teardown(void **state)
{
	struct reading *reading = *state;

	arena_fini(&reading->arena);
	test_free(reading);
	return 0;
}

#define reading_test(name) cmocka_unit_test_setup_teardown(name, reading_setup, reading_teardown)

static inline int reading_try(struct reading *reading, const char *text, struct template *ret)
{
	return template_read(&reading->arena, "dir/t.yaml", (const uint8_t *)text, strlen(text),
		&reading->options, ret, &reading->err);
}

/* The template that text is; the test fails where it is none. */
static inline struct template reading_of(struct reading *reading, const char *text)
{
	struct template template = { 0 };

	if (reading_try(reading, text, &template))
		fail_msg("%s", reading->err.text);
	return template;
}

/* The field of the layer at this index. */
static inline const struct spec_value *reading_value(
	const struct template *template, unsigned int layer, const char *field)
{
	const struct spec_record *header = &template->frames[0].layers[layer].header;
	int row = wire_field_find(header->type, field);

	assert_true(layer < template->frames[0].count);
	if (row < 0)
		fail_msg("no field %s", field);
	return &header->values[row];
}

/* The field is given, and its value reads as text. */
static inline void assert_value(
	const struct template *template, unsigned int layer, const char *field, const char *text)
{
	const struct spec_value *value = reading_value(template, layer, field);
	const struct wire_record *type = template->frames[0].layers[layer].header.type;
	struct buffer shown = { 0 };

	assert_int_equal(value->state, SPEC_GIVEN);
	wire_value_format(&type->fields[wire_field_find(type, field)], &value->value, &shown);
	assert_string_equal(buffer_text(&shown), text);
	buffer_fini(&shown);
}

/* Text is refused with this message. */
static inline void assert_refused(struct reading *reading, const char *text, const char *message)
{
	struct template template = { .count = 77 };

	assert_int_equal(reading_try(reading, text, &template), -EINVAL);
	assert_int_equal(reading->err.kind, ERR_INPUT);
	assert_string_equal(reading->err.text, message);
	assert_int_equal(template.count, 77);
}

#endif
