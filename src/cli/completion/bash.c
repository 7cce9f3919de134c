/* The completion of bash: one function, and the tables it looks in. */
#include "cli/completion/completion.h"

#include <string.h>

/* Bash breaks words at '=' too: --format=tree is three of them. */
static const char head[] =
	"# bash completion of pktsmith; made by `pktsmith completion bash'.\n"
	"\n"
	"_pktsmith_templates()\n"
	"{\n"
	"	\"$1\" list $2 --color never 2>/dev/null | sed -n 's/^  *\\([^ ][^ ]*\\) "
	".*/\\1/p'\n"
	"}\n"
	"\n"
	"# What of the words begins as the word under the cursor does; a word that ends with = "
	"goes on.\n"
	"_pktsmith_reply()\n"
	"{\n"
	"	local word\n"
	"	while read -r word; do COMPREPLY+=(\"$word\"); done < <(compgen -W \"$1\" -- "
	"\"$cur\")\n"
	"	if [ \"${#COMPREPLY[@]}\" = 1 ] && [[ ${COMPREPLY[0]} == *= ]]; then\n"
	"		compopt -o nospace 2>/dev/null\n"
	"	fi\n"
	"}\n"
	"\n"
	"_pktsmith_files()\n"
	"{\n"
	"	local word\n"
	"	compopt -o filenames 2>/dev/null\n"
	"	while read -r word; do COMPREPLY+=(\"$word\"); done < <(compgen -f -- \"$cur\")\n"
	"}\n"
	"\n"
	"_pktsmith()\n"
	"{\n"
	"	local cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD-1]}\n"
	"	local command=${COMP_WORDS[1]}\n"
	"	if [ \"$cur\" = = ]; then\n"
	"		cur=\n"
	"	elif [ \"$option\" = = ]; then\n"
	"		option=${COMP_WORDS[COMP_CWORD-2]}\n"
	"	fi\n"
	"	COMPREPLY=()\n";

static void put_words(enum words words, struct buffer *out)
{
	switch (words) {
	case WORDS_FILES:
		buffer_printf(out, "_pktsmith_files");
		break;
	case WORDS_INTERFACES:
		buffer_printf(out, "_pktsmith_reply \"$(ls /sys/class/net 2>/dev/null)\"");
		break;
	case WORDS_TEMPLATES:
		buffer_printf(out,
			"_pktsmith_reply \"$(_pktsmith_templates \"${COMP_WORDS[0]}\")\"; "
			"_pktsmith_files");
		break;
	case WORDS_SCRIPTS:
		buffer_printf(out,
			"_pktsmith_reply \"$(_pktsmith_templates \"${COMP_WORDS[0]}\" --tests)\"; "
			"_pktsmith_files");
		break;
	case WORDS_FIELDS:
		buffer_printf(out, "_pktsmith_reply '");
		completion_fields(out);
		buffer_printf(out, "'");
		break;
	case WORDS_PROTOCOLS:
		buffer_printf(out, "_pktsmith_reply '");
		completion_protocols(out);
		buffer_printf(out, "'");
		break;
	case WORDS_SHELLS:
		buffer_printf(out, "_pktsmith_reply 'bash zsh'");
		break;
	case WORDS_BACKENDS:
		buffer_printf(out, "_pktsmith_reply '");
		completion_backends(out);
		buffer_printf(out, "'");
		break;
	case WORDS_NONE:
	case WORDS_COUNT:
	default:
		buffer_printf(out, ":");
		break;
	}
}

/* "	show:-f|show:--format) ...; return ;;" */
static void put_argument(
	const struct command *command, const struct argp_option *option, struct buffer *out)
{
	const struct choice *choice = completion_choice(command, option);

	if (!option->arg)
		return;
	buffer_printf(out, "	");
	if (option->key > 0 && option->key < 0x80)
		buffer_printf(out, "%s:-%c | ", command->name, option->key);
	buffer_printf(out, "%s:--%s) ", command->name, option->name);
	if (choice) {
		buffer_printf(out, "_pktsmith_reply '");
		for (size_t i = 0; i < choice->count; i++)
			buffer_printf(out, "%s%s", i ? " " : "", choice->words[i]);
		buffer_printf(out, "'");
	} else {
		put_words(completion_words(option->arg), out);
	}
	buffer_printf(out, "; return ;;\n");
}

static void put_option(
	const struct command *command, const struct argp_option *option, struct buffer *out)
{
	(void)command;
	if (option->key > 0 && option->key < 0x80)
		buffer_printf(out, " -%c", option->key);
	buffer_printf(out, " --%s", option->name);
}

void completion_bash(struct buffer *out)
{
	const struct command *command;

	buffer_printf(out,
		"%s	if [ \"$COMP_CWORD\" = 1 ]; then\n		_pktsmith_reply '", head);
	for (command = commands; command->name; command++)
		buffer_printf(out, "%s ", command->name);
	buffer_printf(out, "help --help --version'\n		return\n	fi\n"
			   "	case $command:$option in\n");
	for (command = commands; command->name; command++)
		completion_options(command, put_argument, out);
	/* --set ipv4.ttl=: the value is anybody's. */
	buffer_printf(out, "	esac\n"
			   "	[ \"${COMP_WORDS[COMP_CWORD-1]}\" != = ] || return\n"
			   "	case $command:$cur in\n");
	for (command = commands; command->name; command++) {
		buffer_printf(out, "	%s:-*) _pktsmith_reply '--help", command->name);
		completion_options(command, put_option, out);
		buffer_printf(out, "' ;;\n	%s:*) ", command->name);
		put_words(completion_words(command->argp->args_doc), out);
		buffer_printf(out, " ;;\n");
	}
	buffer_printf(out, "	help:*) _pktsmith_reply '");
	for (command = commands; command->name; command++)
		buffer_printf(out, "%s%s", command == commands ? "" : " ", command->name);
	buffer_printf(out, "' ;;\n	esac\n}\ncomplete -F _pktsmith pktsmith\n");
}
