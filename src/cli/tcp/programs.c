/* The programs of --exec whose connections are over: until they end, too. */
#include "cli/tcp/listen.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

void tcp_programs_keep(struct listening *l, pid_t program)
{
	if (l->programs_count == l->programs_size) {
		l->programs_size = l->programs_size ? 2 * l->programs_size : 16;
		l->programs = realloc(l->programs, l->programs_size * sizeof(*l->programs));
		if (!l->programs)
			abort(); /* out of memory, as arena.h has it */
	}
	l->programs[l->programs_count++] = program;
}

void tcp_programs_reap(struct listening *l)
{
	size_t i = 0;

	while (i < l->programs_count)
		if (waitpid(l->programs[i], NULL, WNOHANG))
			l->programs[i] = l->programs[--l->programs_count];
		else
			i++;
}

void tcp_programs_hang_up(struct listening *l)
{
	for (size_t i = 0; i < l->programs_count; i++)
		kill(-l->programs[i], SIGHUP);
	free(l->programs);
	l->programs = NULL;
	l->programs_count = l->programs_size = 0;
}
