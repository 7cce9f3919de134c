/* The command line: finds the command and runs it. */
#include "cli/capture/options.h"
#include "cli/cli.h"
#include "cli/measure/measure.h"
#include "cli/probe/probe.h"
#include "cli/replay/replay.h"
#include "cli/respond/respond.h"
#include "cli/send/send.h"
#include "cli/test/options.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* argp's own names: what --version prints, and the status of a usage error. */
const char *argp_program_version = "pktsmith " PKTSMITH_VERSION;

/* clang-format off */
const struct command commands[] = {
	{ "show",      "TEMPLATE...",       "build frames and print them; sends nothing",          cmd_show, &cmd_show_argp, cmd_show_choices },
	{ "send",      "TEMPLATE... -i IF", "send frames, and say what truly left",                cmd_send, &send_argp, send_choices },
	{ "probe",     "TEMPLATE... -i IF", "send probes, and say what answered and how fast",     cmd_probe, &probe_argp, probe_choices },
	{ "measure",   "TEMPLATE... --tx IF --rx IF", "send, receive, and say what became of the frames", cmd_measure, &measure_argp, measure_choices },
	{ "replay",    "FILE -i IF",        "send the frames of a capture file again",             cmd_replay, &replay_argp, replay_choices },
	{ "capture",   "-i IF [FILTER]",    "print the frames that arrive, or keep them",          cmd_capture, &capture_argp, capture_choices },
	{ "convert",   "IN OUT",            "between template, pcap, hex and raw octets",          cmd_convert, &cmd_convert_argp, cmd_convert_choices },
	{ "test",      "SCRIPT...",         "play exchange scripts: send, expect, pass or fail",   cmd_test, &test_argp, test_choices },
	{ "udp",       "send|listen ...",   "send datagrams or listen for them, by frames of our own", cmd_udp, &cmd_udp_argp, NULL },
	{ "tcp",       "connect|listen ...", "speak TCP by frames of our own, as client or server", cmd_tcp, &cmd_tcp_argp, NULL },
	{ "clients",   "[-c] [-n NAME]",    "serve a list of TCP clients, or be one of them",      cmd_clients, &cmd_clients_argp, NULL },
	{ "respond",   "TEMPLATE... -i IF", "answer the frames that arrive, by templates",         cmd_respond, &respond_argp, respond_choices },
	{ "list",      "[WORD...]",         "the installed templates",                             cmd_list, &cmd_list_argp, NULL },
	{ "doctor",    "[IF]",              "what would get in the way, and what to do about it",  cmd_doctor, &cmd_doctor_argp, NULL },
	{ "protocols", "[NAME[.FIELD]]",    "every protocol and field",                            cmd_protocols, &cmd_protocols_argp, cmd_protocols_choices },
	{ "schema",    "",                  "the JSON Schema of templates, for editors",           cmd_schema, &cmd_schema_argp, NULL },
	{ "completion", "bash|zsh",         "what a shell completes command lines with",           cmd_completion, &cmd_completion_argp, NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};
/* clang-format on */

static const struct command *command_find(const char *name)
{
	const struct command *command;

	for (command = commands; command->name; command++)
		if (!strcmp(command->name, name))
			return command;
	return NULL;
}

static void usage_put(struct buffer *out)
{
	const struct command *command;

	buffer_printf(out, "Usage: pktsmith COMMAND [OPTION...] [ARG...]\n"
			   "Forge Ethernet frames, send them, and see what came of it.\n\n");
	for (command = commands; command->name; command++)
		buffer_printf(
			out, "  %-10s %-18s %s\n", command->name, command->args, command->about);
	buffer_printf(out,
		"\n`pktsmith COMMAND --help' tells a command's options; `pktsmith --version' the "
		"version.\n"
		"A TEMPLATE is a file, `-' for standard input, or a name that `pktsmith list' "
		"shows.\n");
}

static int usage(void)
{
	struct buffer out = { 0 };
	int status;

	usage_put(&out);
	status = cli_print(&out);
	buffer_fini(&out);
	return status;
}

static int usage_missing(void)
{
	struct buffer out = { 0 };

	usage_put(&out);
	fputs(buffer_text(&out), stderr);
	buffer_fini(&out);
	return EXIT_INPUT;
}

static int version(void)
{
	struct buffer out = { 0 };
	int status;

	buffer_printf(&out, "%s\n", argp_program_version);
	status = cli_print(&out);
	buffer_fini(&out);
	return status;
}

static int unknown(const char *word)
{
	const char *names[sizeof(commands) / sizeof(commands[0])];
	const char *near;
	size_t count;

	if (word[0] == '-') {
		fprintf(stderr,
			"pktsmith: %s: options stand behind a COMMAND; `pktsmith --help' lists the "
			"commands\n",
			word);
		return EXIT_INPUT;
	}
	for (count = 0; commands[count].name; count++)
		names[count] = commands[count].name;
	near = text_nearest(word, names, count);
	if (near)
		fprintf(stderr, "pktsmith: no command \"%s\"; did you mean \"%s\"?\n", word, near);
	else
		fprintf(stderr, "pktsmith: no command \"%s\"; `pktsmith --help' lists them\n",
			word);
	return EXIT_INPUT;
}

static int run(const struct command *command, int argc, char **argv)
{
	char name[64];

	snprintf(name, sizeof(name), "pktsmith %s", command->name);
	argv[0] = name;
	return command->run(argc, argv);
}

/* `pktsmith help [COMMAND]`. */
static int help(const char *name)
{
	char option[] = "--help";
	char *argv[] = { NULL, option, NULL };
	const struct command *command;

	if (!name)
		return usage();
	command = command_find(name);
	return command ? run(command, 2, argv) : unknown(name);
}

/*
 * A standard descriptor that came closed would be the number of the next socket or file, which
 * would be read as input then, or be given the output. What holds it is open the other way round:
 * to use it fails still, with EBADF.
 */
static void hold_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return;
}

int main(int argc, char **argv)
{
	const struct command *command;
	const char *word = argc > 1 ? argv[1] : NULL;

	hold_standard_descriptors();
	argp_err_exit_status = EXIT_INPUT;
	/* A closed pipe is a write error like any other, so that files are closed and reports made.
	 */
	signal(SIGPIPE, SIG_IGN);
	if (!word)
		return usage_missing();
	if (!strcmp(word, "--help") || !strcmp(word, "-?") || !strcmp(word, "-h"))
		return usage();
	if (!strcmp(word, "--version") || !strcmp(word, "-V"))
		return version();
	if (!strcmp(word, "help"))
		return help(argc > 2 ? argv[2] : NULL);
	command = command_find(word);
	return command ? run(command, argc - 1, argv + 1) : unknown(word);
}
