/* SIGINT and SIGTERM ask a run to end by itself. */
#include "cli/cli.h"

volatile sig_atomic_t cli_stop;

static void stop(int signal_number)
{
	(void)signal_number;
	cli_stop = 1;
}

void cli_catch_signals(void)
{
	/* Without SA_RESTART, so that a wait ends; once only, so that the second one kills. */
	struct sigaction action = { .sa_handler = stop, .sa_flags = (int)SA_RESETHAND };

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}
