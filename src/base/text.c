/* Numbers and hex as people write them, and the nearest name to a misspelt one. */
#include "base/text.h"

#include "base/arena.h"
#include "base/err.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* -1 where c is no digit in any base up to 16. */
static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Passes over "0x" or "0b" and returns the base it stands for. */
static unsigned int base_skip(const char **text)
{
	const char *p = *text;

	if (p[0] != '0' || !p[1])
		return 10;
	if (p[1] == 'x' || p[1] == 'X') {
		*text += 2;
		return 16;
	}
	if (p[1] == 'b' || p[1] == 'B') {
		*text += 2;
		return 2;
	}
	return 10;
}

int text_number(const char *text, uint64_t *ret, struct err *err)
{
	const char *p = text;
	unsigned int base = base_skip(&p);
	bool overflow = false;
	uint64_t value = 0;

	if (!*p)
		goto bad;
	for (; *p; p++) {
		int digit = digit_value(*p);

		if (digit < 0 || (unsigned int)digit >= base)
			goto bad;
		overflow |= __builtin_mul_overflow(value, base, &value);
		overflow |= __builtin_add_overflow(value, (unsigned int)digit, &value);
	}
	if (overflow) {
		err_input(err, NULL, "%s does not fit in 64 bits (at most %llu)", text,
			(unsigned long long)UINT64_MAX);
		return -ERANGE;
	}
	*ret = value;
	return 0;
bad:
	return err_input(
		err, NULL, "\"%s\" is not a number: decimal, 0x hexadecimal or 0b binary", text);
}

static bool is_separator(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ':' || c == '-';
}

int text_hex(struct arena *arena, const char *text, size_t max, const uint8_t **ret,
	size_t *ret_length, struct err *err)
{
	const char *p = text;
	size_t length = strlen(text) / 2;
	size_t count = 0;
	uint8_t *octets;

	octets = arena_alloc(arena, length < max ? length : max);
	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
		p += 2;
	while (*p) {
		int high = digit_value(p[0]);
		int low = high < 0 ? -1 : digit_value(p[1]);

		if (high < 0 && is_separator(*p)) {
			p++;
			continue;
		}
		if (high < 0)
			return err_input(err, NULL, "'%c' at position %zu is not a hex digit", *p,
				(size_t)(p - text) + 1);
		if (low < 0)
			return err_input(err, NULL,
				"half an octet at position %zu: two hex digits make one",
				(size_t)(p - text) + 1);
		if (count == max)
			return err_input(
				err, NULL, "more than %zu octet%s", max, max == 1 ? "" : "s");
		octets[count++] = (uint8_t)(high << 4 | low);
		p += 2;
	}
	*ret = octets;
	*ret_length = count;
	return 0;
}

#define WORD_MAX 64 /* longer words are no misspelt names of ours */

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	if (b < a)
		a = b;
	return c < a ? c : a;
}

/*
 * Edits that turn a into b, where two neighbours change places as one edit (optimal string
 * alignment); upper and lower case are the same. Neither is longer than WORD_MAX.
 */
static unsigned int distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	unsigned int rows[3][WORD_MAX + 1];

	for (unsigned int j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (unsigned int i = 1; i <= a_length; i++) {
		unsigned int *row = rows[i % 3];
		const unsigned int *above = rows[(i - 1) % 3];
		int ca = tolower((unsigned char)a[i - 1]);

		row[0] = i;
		for (unsigned int j = 1; j <= b_length; j++) {
			int cb = tolower((unsigned char)b[j - 1]);

			row[j] = min3(row[j - 1] + 1, above[j] + 1, above[j - 1] + (ca != cb));
			if (i > 1 && j > 1 && ca == tolower((unsigned char)b[j - 2]) &&
				tolower((unsigned char)a[i - 2]) == cb &&
				rows[(i - 2) % 3][j - 2] + 1 < row[j])
				row[j] = rows[(i - 2) % 3][j - 2] + 1;
		}
	}
	return rows[a_length % 3][b_length];
}

const char *text_nearest(const char *word, const char *const *names, size_t count)
{
	size_t length = strlen(word);
	unsigned int best = length < 6 ? 2 : (unsigned int)(length / 3) + 1;
	const char *nearest = NULL;

	if (!length || length > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t name_length = strlen(names[i]);
		unsigned int edits;

		if (name_length > WORD_MAX)
			continue;
		edits = distance(word, length, names[i], name_length);
		/* Every character changed is another word, not a misspelt one. */
		if (edits < best && edits < name_length) {
			best = edits;
			nearest = names[i];
		}
	}
	return nearest;
}
