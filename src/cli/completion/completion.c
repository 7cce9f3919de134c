/* What can be completed: the options of commands, and the words that their arguments can be. */
#include "cli/completion/completion.h"

#include "link/backends.h"

#include <string.h>

enum words completion_words(const char *argument)
{
	static const struct {
		const char *text;
		enum words words;
	} rows[] = {
		{ "LAYER.FIELD", WORDS_FIELDS },
		{ "NAME[.FIELD]", WORDS_PROTOCOLS },
		{ "bash|zsh", WORDS_SHELLS },
		{ "BACKEND", WORDS_BACKENDS },
		{ "TEMPLATE", WORDS_TEMPLATES },
		{ "SCRIPT", WORDS_SCRIPTS },
		{ "FILE", WORDS_FILES },
		{ "IN OUT", WORDS_FILES },
		{ "IF]", WORDS_INTERFACES },
	};

	if (!argument)
		return WORDS_NONE;
	if (!strcmp(argument, "IF"))
		return WORDS_INTERFACES;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strstr(argument, rows[i].text))
			return rows[i].words;
	return WORDS_NONE;
}

static void visit_options(const struct command *command, const struct argp *argp,
	completion_visit *visit, struct buffer *out)
{
	const struct argp_option *option = argp->options;
	const struct argp_child *child = argp->children;

	/* A row without a name is a heading of --help. */
	for (; option && (option->name || option->doc); option++)
		if (option->name && !(option->flags & OPTION_HIDDEN))
			visit(command, option, out);
	for (; child && child->argp; child++)
		visit_options(command, child->argp, visit, out);
}

void completion_options(const struct command *command, completion_visit *visit, struct buffer *out)
{
	visit_options(command, command->argp, visit, out);
}

static const struct choice *choice_find(const struct choice *choices, const char *option)
{
	for (; choices && choices->option; choices++)
		if (!strcmp(choices->option, option))
			return choices;
	return NULL;
}

const struct choice *completion_choice(
	const struct command *command, const struct argp_option *option)
{
	const struct choice *choice = choice_find(command->choices, option->name);

	return choice ? choice : choice_find(common_choices, option->name);
}

/* Of rows of one name only the first: the others are the same word. */
static void put_fields(const struct wire_record *header, const char *end, struct buffer *out)
{
	for (unsigned int i = 0; i < header->count; i++)
		if (wire_field_find(header, header->fields[i].name) == (int)i)
			buffer_printf(out, " %s.%s%s", header->name, header->fields[i].name, end);
}

void completion_fields(struct buffer *out)
{
	buffer_printf(out, "fcs= pad= frame-size= fragment=");
	for (const struct wire_protocol *const *p = wire_protocols; *p; p++)
		put_fields(&(*p)->header, "=", out);
}

void completion_protocols(struct buffer *out)
{
	for (const struct wire_protocol *const *p = wire_protocols; *p; p++) {
		buffer_printf(out, "%s%s", p == wire_protocols ? "" : " ", (*p)->header.name);
		put_fields(&(*p)->header, "", out);
	}
}

void completion_backends(struct buffer *out)
{
	buffer_printf(out, "auto");
	for (const struct link_backend *backend = link_backends; backend->name; backend++)
		buffer_printf(out, " %s", backend->name);
	buffer_printf(out, " file");
}
