/* SIGINT, SIGTERM and SIGHUP ask a run to end by itself. */
#include "cli/cli.h"

#include <time.h>

/* timeout(1), among others, tells the process and then its group: twice, and means it once. */
#define TWICE_NS 300000000LL

#define SECOND_NS 1000000000LL

volatile sig_atomic_t cli_stop;

/* The one that comes later does not ask. */
static void stop(int signal_number)
{
	static volatile sig_atomic_t asked;
	static struct timespec first;
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!asked) {
		first = now;
	} else if ((now.tv_sec - first.tv_sec) * SECOND_NS + (now.tv_nsec - first.tv_nsec) >
		   TWICE_NS) {
		signal(signal_number, SIG_DFL);
		raise(signal_number);
	}
	asked = 1;
	cli_stop = 1;
}

void cli_catch_signals(void)
{
	/* Without SA_RESTART, so that a wait ends. */
	struct sigaction action = { .sa_handler = stop }, before;

	sigemptyset(&action.sa_mask);
	sigaddset(&action.sa_mask, SIGINT);
	sigaddset(&action.sa_mask, SIGTERM);
	sigaddset(&action.sa_mask, SIGHUP);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	/* Of a terminal that is closed; nohup(1) says not to care. */
	if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
		sigaction(SIGHUP, &action, NULL);
}
