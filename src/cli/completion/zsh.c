/* The completion of zsh: a function for compsys, with what each option is for. */
#include "cli/completion/completion.h"

static const char head[] =
	"#compdef pktsmith\n"
	"# zsh completion of pktsmith; made by `pktsmith completion zsh'.\n"
	"\n"
	"_pktsmith_templates()\n"
	"{\n"
	"	local -a templates\n"
	"	templates=(${(f)\"$(_call_program templates pktsmith list --color never "
	"2>/dev/null |\n"
	"		sed -n 's/:/\\\\:/g; s/^  *\\([^ ][^ ]*\\)  *\\(.*\\)/\\1:\\2/p')\"})\n"
	"	_describe template templates\n"
	"	_files\n"
	"}\n"
	"\n"
	"_pktsmith_scripts()\n"
	"{\n"
	"	local -a scripts\n"
	"	scripts=(${(f)\"$(_call_program scripts pktsmith list --tests --color never "
	"2>/dev/null |\n"
	"		sed -n 's/:/\\\\:/g; s/^  *\\([^ ][^ ]*\\)  *\\(.*\\)/\\1:\\2/p')\"})\n"
	"	_describe script scripts\n"
	"	_files\n"
	"}\n"
	"\n"
	"_pktsmith_interfaces()\n"
	"{\n"
	"	local -a interfaces\n"
	"	interfaces=(/sys/class/net/*(N:t))\n"
	"	compadd -a interfaces\n"
	"}\n"
	"\n";

static const char *const actions[WORDS_COUNT] = {
	[WORDS_NONE] = " ",
	[WORDS_FILES] = "_files",
	[WORDS_INTERFACES] = "_pktsmith_interfaces",
	[WORDS_TEMPLATES] = "_pktsmith_templates",
	[WORDS_SCRIPTS] = "_pktsmith_scripts",
	[WORDS_FIELDS] = "_pktsmith_fields",
	[WORDS_PROTOCOLS] = "_pktsmith_protocols",
	[WORDS_SHELLS] = "(bash zsh)",
	[WORDS_BACKENDS] = "_pktsmith_backends",
};

/* Text between single quotes, in which _arguments takes [, ] and : for its own. */
static void put_text(const char *text, struct buffer *out)
{
	for (; text && *text; text++) {
		if (*text == '\'')
			buffer_printf(out, "'\\''");
		else if (*text == '[' || *text == ']' || *text == ':' || *text == '\\')
			buffer_printf(out, "\\%c", *text);
		else
			buffer_put(out, text, 1);
	}
}

static void put_argument(
	const struct command *command, const struct argp_option *option, struct buffer *out)
{
	const struct choice *choice = completion_choice(command, option);

	buffer_printf(out, ":");
	put_text(option->arg, out);
	buffer_printf(out, ":");
	if (!choice) {
		buffer_printf(out, "%s", actions[completion_words(option->arg)]);
		return;
	}
	buffer_printf(out, "(");
	for (size_t i = 0; i < choice->count; i++)
		buffer_printf(out, "%s%s", i ? " " : "", choice->words[i]);
	buffer_printf(out, ")");
}

/* '*'{-s+,--set=}'[help]:LAYER.FIELD=VALUE:_pktsmith_fields' */
static void put_option(
	const struct command *command, const struct argp_option *option, struct buffer *out)
{
	const char *equals = option->arg ? "=" : "";

	buffer_printf(out, " \\\n		'*'");
	if (option->key > 0 && option->key < 0x80)
		buffer_printf(out, "{-%c%s,--%s%s}", option->key, option->arg ? "+" : "",
			option->name, equals);
	else
		buffer_printf(out, "--%s%s", option->name, equals);
	buffer_printf(out, "'[");
	put_text(option->doc, out);
	buffer_printf(out, "]");
	if (option->arg)
		put_argument(command, option, out);
	buffer_printf(out, "'");
}

static void put_command(const struct command *command, struct buffer *out)
{
	enum words words = completion_words(command->argp->args_doc);

	buffer_printf(out, "	%s) _arguments -s", command->name);
	completion_options(command, put_option, out);
	buffer_printf(out, " \\\n		'--help[what it does and takes]'");
	if (words != WORDS_NONE)
		buffer_printf(out, " \\\n		'*:argument:%s'", actions[words]);
	buffer_printf(out, " ;;\n");
}

/* A function that completes with these words; those that end with = want no blank behind them. */
static void put_function(
	const char *name, const char *suffix, void put(struct buffer *out), struct buffer *out)
{
	buffer_printf(out, "_pktsmith_%s()\n{\n	compadd %s-- ", name, suffix);
	put(out);
	buffer_printf(out, "\n}\n\n");
}

void completion_zsh(struct buffer *out)
{
	const struct command *command;

	buffer_printf(out, "%s", head);
	put_function("fields", "-S '' ", completion_fields, out);
	put_function("protocols", "", completion_protocols, out);
	put_function("backends", "", completion_backends, out);
	buffer_printf(out, "_pktsmith()\n{\n	local -a commands\n	commands=(\n");
	for (command = commands; command->name; command++) {
		buffer_printf(out, "		'%s:", command->name);
		put_text(command->about, out);
		buffer_printf(out, "'\n");
	}
	buffer_printf(out, "		'help:what a command does and takes'\n	)\n"
			   "	if ((CURRENT == 2)); then\n"
			   "		_describe command commands\n"
			   "		return\n"
			   "	fi\n"
			   "	local command=$words[2]\n"
			   "	shift words\n"
			   "	((CURRENT--))\n"
			   "	case $command in\n");
	for (command = commands; command->name; command++)
		put_command(command, out);
	buffer_printf(out, "	help) _describe command commands ;;\n	esac\n}\n\n"
			   "if [ \"$funcstack[1]\" = _pktsmith ]; then\n	_pktsmith \"$@\"\n"
			   "else\n	compdef _pktsmith pktsmith\nfi\n");
}
