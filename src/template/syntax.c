/* What libyaml finds wrong, in words and at the place where it stands. */
#include "template/syntax.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Columns count characters, so the octets that continue one are not counted. */
static bool continues_character(uint8_t octet)
{
	return (octet & 0xc0) == 0x80;
}

/* The place of the octet at offset: libyaml's reader knows only the offset. */
static struct position place_of_offset(const struct node_source *source, size_t offset)
{
	struct position at = { .file = source->file, .line = 1, .column = 1 };

	if (!source->places)
		return (struct position){ .file = source->file };
	for (size_t i = 0; i < offset && i < source->length; i++) {
		if (source->text[i] == '\n') {
			at.line++;
			at.column = 1;
		} else if (!continues_character(source->text[i])) {
			at.column++;
		}
	}
	return at;
}

static struct position place_of_mark(const struct node_source *source, const yaml_mark_t *mark)
{
	struct position at = { .file = source->file };

	if (source->places) {
		at.line = (unsigned int)mark->line + 1;
		at.column = (unsigned int)mark->column + 1;
	}
	return at;
}

/* The octet at a mark, '\0' at the end. Marks count characters. */
static char octet_at(const struct node_source *source, const yaml_mark_t *mark)
{
	size_t character = 0;
	size_t i = 0;

	for (; i < source->length; i++) {
		if (continues_character(source->text[i]))
			continue;
		if (character == mark->index)
			break;
		character++;
	}
	return i < source->length ? (char)source->text[i] : '\0';
}

/* How to mend it, by libyaml's words and by the character it stumbled at ('\0': any). */
struct hint {
	const char *problem;
	char at;
	const char *text;
};

/* clang-format off */
static const struct hint hints[] = {
	{ "mapping values are not allowed in this context", 0,
		"quote a value that holds \": \" or ends with ':'" },
	{ "found unexpected ':'", 0,
		"quote a value that begins or ends with ':', such as \"fe80::\"" },
	{ "did not find expected node content", ':',
		"quote a value that begins or ends with ':', such as \"::1\"" },
	{ "did not find expected node content", ',',
		"a comma too many, or a value left out" },
	{ "did not find expected node content", 0,
		"is a ] or } missing?" },
	{ "found character that cannot start any token", '\t',
		"indent with blanks, not tabs" },
	{ "found character that cannot start any token", 0,
		"quote a value that begins with this character" },
	{ "did not find expected ',' or '}'", '{',
		"a variable is written $name, without braces" },
	{ "did not find expected ',' or '}'", 0,
		"is a comma or } missing?" },
	{ "did not find expected ',' or ']'", 0,
		"is a comma or ] missing?" },
	{ "could not find expected ':'", 0,
		"a key is followed by a colon and a blank" },
	{ "found unknown escape character", 0,
		"a backslash in double quotes is written \\\\" },
	{ "found unexpected end of stream", 0,
		"the quotes are not closed" },
	{ "did not find expected key", 0,
		"keys of one mapping begin in the same column" },
	{ "did not find expected '-' indicator", 0,
		"items of one list begin in the same column" },
};
/* clang-format on */

static const char *hint_find(const char *problem, char at)
{
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (!strcmp(hints[i].problem, problem) && (!hints[i].at || hints[i].at == at))
			return hints[i].text;
	return NULL;
}

static int reader_error(
	const yaml_parser_t *parser, const struct node_source *source, struct err *err)
{
	struct position at = place_of_offset(source, parser->problem_offset);

	if (strstr(parser->problem, "control character"))
		return err_input(err, &at,
			"control character 0x%02x: write it as hex, or as \\x%02x in double quotes",
			(unsigned int)parser->problem_value, (unsigned int)parser->problem_value);
	err_input(err, &at, "not UTF-8: %s", parser->problem);
	if (parser->problem_value >= 0)
		err_hint(err, " 0x%02x", (unsigned int)parser->problem_value);
	err_hint(err, "; save the file as UTF-8, write octets as hex");
	return -EINVAL;
}

int syntax_error(const yaml_parser_t *parser, const struct node_source *source, struct err *err)
{
	const char *problem = parser->problem;
	struct position at;
	const char *hint;

	if (!problem)
		abort(); /* out of memory, as arena_alloc does */
	if (parser->error == YAML_READER_ERROR)
		return reader_error(parser, source, err);
	at = place_of_mark(source, &parser->problem_mark);
	err_input(err, &at, "not YAML: %s", problem);
	if (parser->context) {
		err_hint(err, " %s", parser->context);
		if (source->places && parser->context_mark.line != parser->problem_mark.line)
			err_hint(err, " that begins at line %zu", parser->context_mark.line + 1);
	}
	hint = hint_find(problem, octet_at(source, &parser->problem_mark));
	if (hint)
		err_hint(err, "; %s", hint);
	return -EINVAL;
}

int syntax_check_encoding(const struct node_source *source, struct err *err)
{
	const struct position at = place_of_offset(source, 0);
	const uint8_t *text = source->text;

	if (source->length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		return err_input(err, &at,
			"begins with a byte order mark: save the file as UTF-8 without one");
	if (source->length >= 2 && (!memcmp(text, "\xff\xfe", 2) || !memcmp(text, "\xfe\xff", 2) ||
					   !text[0] || !text[1]))
		return err_input(err, &at, "this is UTF-16: save the file as UTF-8");
	return 0;
}
