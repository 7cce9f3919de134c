/* Runs a program for a connection. */
#include "cli/tcp/tcp.h"

#include "base/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define EXIT_CANNOT_RUN 126 /* as shells have it */

/* Becomes the user for good: groups first, as nobody else may set them. */
static int become(const struct passwd *user)
{
	if (initgroups(user->pw_name, user->pw_gid) || setgid(user->pw_gid) || setuid(user->pw_uid))
		return -errno;
	return 0;
}

/* In the child: nothing of ours but the one socket. */
static void run(const char *command, const struct passwd *user, const struct stack_address *peer,
	int socket, pid_t listener)
{
	char address[SOCKETS_TEXT];
	char port[16];
	int signal_number;

	if (dup2(socket, STDIN_FILENO) < 0 || dup2(socket, STDOUT_FILENO) < 0 ||
		close_range(STDERR_FILENO + 1, ~0U, 0))
		_exit(EXIT_CANNOT_RUN);
	setpgid(0, 0); /* with all that it starts, to be told of our end together */
	for (signal_number = 1; signal_number < NSIG; signal_number++)
		signal(signal_number, SIG_DFL);
	if (user && become(user))
		_exit(EXIT_CANNOT_RUN);
	/* Its line hangs up when we end, however we do. After becoming the user, which undoes it.
	 */
	prctl(PR_SET_PDEATHSIG, SIGHUP);
	if (getppid() != listener) /* it has ended meanwhile */
		_exit(EXIT_CANNOT_RUN);
	snprintf(port, sizeof(port), "%u", peer->port);
	setenv("PEER_ADDRESS", sockets_address(peer, address), 1);
	setenv("PEER_PORT", port, 1);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(EXIT_CANNOT_RUN);
}

int tcp_exec(const char *command, const char *user, const struct stack_address *peer, int *ret,
	pid_t *ret_pid, struct err *err)
{
	const struct passwd *entry = user ? getpwnam(user) : NULL;
	int pair[2];
	pid_t listener = getpid(), pid;

	if (user && !entry)
		return err_input(err, NULL, "--user %s: no such user", user);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return err_system(err, errno, "cannot run %s", command);
	if (descriptor_is_among_last(pair[1])) {
		close(pair[0]);
		close(pair[1]);
		return err_system(err, EMFILE, "cannot run %s", command);
	}
	pid = fork();
	if (pid == 0)
		run(command, entry, peer, pair[1], listener);
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return err_system(err, errno, "cannot run %s", command);
	}
	setpgid(pid, pid); /* whoever comes first */
	/* Ours alone: the program's end waits as it is used to. */
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	*ret = pair[0];
	*ret_pid = pid;
	return 0;
}
