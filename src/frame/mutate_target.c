/* The fields that may be mutated, as a user names them. */
#include "frame/mutate.h"

#include "base/arena.h"

#include <errno.h>
#include <string.h>

static int unknown(struct err *err, const char *near)
{
	if (near)
		err_hint(err, "; did you mean \"%s\"?", near);
	return -EINVAL;
}

static int target_parse(struct mutate_target *ret, char *word, struct err *err)
{
	char *field = strchr(word, '.');

	if (field)
		*field++ = '\0';
	ret->protocol = wire_protocol_find(word);
	ret->field = field;
	if (!ret->protocol) {
		err_input(err, NULL, "no protocol \"%s\" (`pktsmith protocols` lists them)", word);
		return unknown(err, wire_protocol_near(word));
	}
	if (field && wire_field_find(&ret->protocol->header, field) < 0) {
		err_input(err, NULL, "no field \"%s\" in %s (`pktsmith protocols %s` lists them)",
			field, word, word);
		return unknown(err, wire_field_near(&ret->protocol->header, field));
	}
	return 0;
}

int mutate_targets_parse(
	struct arena *arena, const char *text, struct mutate_config *ret, struct err *err)
{
	size_t length = strlen(text);
	char *words = arena_strndup(arena, text, length);
	struct mutate_target *targets = arena_alloc(arena, (length + 1) * sizeof(*targets));
	unsigned int count = 0;
	char *word;

	while ((word = strsep(&words, ","))) {
		int status = target_parse(&targets[count++], word, err);

		if (status)
			return status;
	}
	ret->targets = targets;
	ret->target_count = count;
	return 0;
}
