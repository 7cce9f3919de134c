/* compile.h: what the parts of the compiler share; nobody else includes it. */
#ifndef RESPOND_COMPILE_H
#define RESPOND_COMPILE_H

#include "match/pattern.h"
#include "respond/program.h"

/* Where a name's value stands in the request. */
struct respond_source {
	enum { SOURCE_NONE, SOURCE_BITS, SOURCE_PAYLOAD } kind;
	uint32_t bit, width;
};

struct compiler {
	struct arena *arena;
	const struct respond_rule *rule;
	struct pattern_value *values; /* of the example */
	struct respond_source sources[SPEC_CAPTURES_MAX];
	struct respond_program *program;
	const char *why; /* it cannot be compiled */
};

/* Makes room for one more row; program->NAME_count counts it. */
void *respond_row_add(struct arena *arena, const void *rows, unsigned int *count, size_t size);

#define ROW_ADD(c, type, name)                                                \
	((c)->program->name = respond_row_add((c)->arena, (c)->program->name, \
		 &(c)->program->type##_count, sizeof(struct respond_##type)), \
		(struct respond_##type *)&(c)->program->name[(c)->program->type##_count - 1])

/* The number of width bits at bit, of octets of which there are room; false where it spans more
 * than eight. */
bool respond_word_make(uint32_t bit, uint32_t width, uint32_t room, struct respond_word *ret);

/* Notes why it cannot be compiled; the first reason stays. Returns false. */
bool respond_cannot(struct compiler *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The checksum of layer `index` of the view. false where it is none that the runner makes. */
bool respond_sum_make(struct compiler *c, const struct frame_view *view, unsigned int index,
	const struct view_field *row, struct respond_sum *ret);

/* Whether fields of the record are there or not by what this one holds. */
bool respond_decides(const struct wire_record *type, const char *name);

/* The layers without a payload at their end, which *ret_payload is, else NULL. */
void respond_strip(const struct frame_spec *spec, struct frame_spec *ret,
	const struct spec_value **ret_payload);

/* The number that stands in the field; false where it is wider than one. */
bool respond_word_of(struct compiler *c, const struct view_field *row, struct respond_word *ret);

/* Has the word be one of low to high; a request in which it is not has this verdict. */
struct respond_check *respond_check_add(struct compiler *c, const struct respond_word *word,
	uint64_t low, uint64_t high, enum respond_verdict verdict);

/* Has the field hold what the pattern says of it. */
bool respond_compile_value(
	struct compiler *c, const struct view_field *row, const struct spec_value *value);

bool respond_compile_request(struct compiler *c);
bool respond_compile_answer(struct compiler *c);

#endif
