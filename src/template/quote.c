/* Scalars as a template says them, plain where that reads back, else in double quotes. */
#include "template/quote.h"

#include "base/buffer.h"

#include <ctype.h>
#include <string.h>

/* The character at octets, of *ret_length octets; UINT32_MAX where it is not UTF-8. RFC 3629 4. */
static uint32_t character_at(const uint8_t *octets, size_t length, size_t *ret_length)
{
	static const struct {
		uint8_t mask, lead;
		uint32_t least;
	} forms[] = {
		{ 0x80, 0x00, 0 },
		{ 0xe0, 0xc0, 0x80 },
		{ 0xf0, 0xe0, 0x800 },
		{ 0xf8, 0xf0, 0x10000 },
	};
	size_t more = 0;
	uint32_t character;

	while (more < 4 && (octets[0] & forms[more].mask) != forms[more].lead)
		more++;
	if (more == 4 || more >= length)
		return UINT32_MAX;
	character = octets[0] & (uint8_t)~forms[more].mask;
	for (size_t i = 1; i <= more; i++) {
		if ((octets[i] & 0xc0) != 0x80)
			return UINT32_MAX;
		character = character << 6 | (octets[i] & 0x3f);
	}
	if (character < forms[more].least || character > 0x10ffff)
		return UINT32_MAX;
	*ret_length = more + 1;
	return character;
}

/* Characters that YAML does not take as they are, or that do not show. */
static bool is_hidden(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} hidden[] = {
		{ 0x00, 0x08 }, { 0x0b, 0x0c }, { 0x0e, 0x1f }, { 0x7f, 0xa0 },
		{ 0xad, 0xad },				   /* soft hyphen */
		{ 0x200b, 0x200f },			   /* no width, directions */
		{ 0x2028, 0x202e },			   /* line breaks, directions */
		{ 0x2060, 0x206f },			   /* no width, directions */
		{ 0xd800, 0xf8ff },			   /* surrogates, private use */
		{ 0xfeff, 0xfeff },			   /* byte order mark */
		{ 0xfff0, 0xffff }, { 0xe0000, 0x10ffff }, /* tags, private use */
	};

	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (c >= hidden[i].first && c <= hidden[i].last)
			return true;
	return false;
}

bool quote_is_text(const uint8_t *octets, size_t length)
{
	size_t step;

	for (size_t i = 0; i < length; i += step) {
		uint32_t c = character_at(octets + i, length - i, &step);

		if (c == UINT32_MAX || is_hidden(c))
			return false;
	}
	return true;
}

void quote_put_text(struct buffer *out, const uint8_t *octets, size_t length)
{
	static const char from[] = "\n\r\t\"\\";
	static const char to[] = "nrt\"\\";

	buffer_put(out, "\"", 1);
	for (size_t i = 0; i < length; i++) {
		const char *escape = octets[i] ? strchr(from, octets[i]) : NULL;

		if (escape)
			buffer_printf(out, "\\%c", to[escape - from]);
		else
			buffer_put(out, &octets[i], 1);
	}
	buffer_put(out, "\"", 1);
}

/* Plain even within braces: no blanks, nothing that YAML reads, no colon at the ends. */
static bool is_plain_word(const char *word)
{
	size_t length = strlen(word);

	if (!length || !isalnum((unsigned char)word[0]) || word[length - 1] == ':')
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)word[i]) && !strchr(":._/|+-", word[i]))
			return false;
	return true;
}

void quote_put_word(struct buffer *out, const char *word)
{
	if (is_plain_word(word))
		buffer_printf(out, "%s", word);
	else
		quote_put_text(out, (const uint8_t *)word, strlen(word));
}

bool quote_is_expression_char(char c)
{
	return (unsigned char)c > ' ' && c != 0x7f && !strchr("()[],=\"", c);
}

void quote_put_expression_word(struct buffer *out, const char *word)
{
	bool plain = *word && *word != '$';

	for (const char *p = word; *p; p++)
		plain &= quote_is_expression_char(*p);
	if (plain)
		buffer_printf(out, "%s", word);
	else
		quote_put_text(out, (const uint8_t *)word, strlen(word));
}

static bool is_plain_line(const char *line)
{
	size_t length = strlen(line);

	if (!length || !isalnum((unsigned char)line[0]) || strchr(" :", line[length - 1]) ||
		strstr(line, ": ") || strstr(line, " #"))
		return false;
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)line[i] < ' ' || (unsigned char)line[i] >= 0x7f)
			return false;
	return true;
}

void quote_put_line(struct buffer *out, const char *line)
{
	struct buffer shown = { 0 };

	if (is_plain_line(line)) {
		buffer_printf(out, "%s", line);
		return;
	}
	buffer_put(&shown, line, strlen(line));
	if (!quote_is_text(shown.data, shown.length))
		for (size_t i = 0; i < shown.length; i++)
			if (shown.data[i] < ' ' || shown.data[i] >= 0x7f)
				shown.data[i] = '?';
	quote_put_text(out, shown.data, shown.length);
	buffer_fini(&shown);
}
