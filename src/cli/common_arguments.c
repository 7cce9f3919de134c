/* Arguments of options: numbers, durations, sizes, rates and choices, or what is wrong with them.
 */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static void refuse(
	struct argp_state *state, const char *option, const char *text, const struct err *err)
{
	argp_error(state, "%s %s: %s", option, text, err->text);
}

uint64_t common_number(struct argp_state *state, const char *option, const char *text)
{
	struct err err = { 0 };
	uint64_t value = 0;

	if (text_number(text, &value, &err))
		refuse(state, option, text, &err);
	return value;
}

uint64_t common_duration(struct argp_state *state, const char *option, const char *text)
{
	struct err err = { 0 };
	uint64_t value = 0;

	if (text_duration(text, &value, &err))
		refuse(state, option, text, &err);
	return value;
}

uint64_t common_size(struct argp_state *state, const char *option, const char *text)
{
	struct err err = { 0 };
	uint64_t value = 0;

	if (text_size(text, &value, &err))
		refuse(state, option, text, &err);
	return value;
}

struct text_rate common_rate(struct argp_state *state, const char *option, const char *text)
{
	struct err err = { 0 };
	struct text_rate value = { 0 };

	if (text_rate(text, &value, &err))
		refuse(state, option, text, &err);
	return value;
}

size_t common_choice(struct argp_state *state, const char *option, const char *word,
	const char *const *names, size_t count)
{
	char list[256] = "";
	size_t length = 0;
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(names[i], word))
			return i;
	for (i = 0; i < count && length < sizeof(list); i++)
		length += (size_t)snprintf(list + length, sizeof(list) - length, "%s%s",
			i == 0		? ""
			: i + 1 < count ? ", "
					: " or ",
			names[i]);
	argp_error(state, "%s %s: wants %s", option, word, list);
	return 0;
}
