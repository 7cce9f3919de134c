/* tcp.h: the command tcp: connect, and listen. */
#ifndef CLI_TCP_H
#define CLI_TCP_H

#include "cli/sockets/relay.h"
#include "cli/sockets/sockets.h"

struct tcp_options {
	struct common common;
	struct sockets_options sockets;
	const char *verb; /* connect or listen */
	const char *host, *port, *data;
	bool wait, echo, counted, has_size;
	const char *address; /* to listen at; NULL: any */
	const char *reply, *exec, *user;
	uint64_t count;		      /* of connections */
	uint64_t parallel;	      /* connect: at most so many are open */
	uint64_t size;		      /* connect: octets that each sends */
	uint64_t timeout_ns, idle_ns; /* 0: none */
};

/* An exit status each. */
int tcp_connect_run(struct tcp_options *options);
int tcp_many_run(struct tcp_options *options);
int tcp_listen_run(struct tcp_options *options);

/* What -v says of a connection, to standard error; over the kernel what that counts. */
void tcp_tell(const struct relay *relay, const char *who, bool kernel);

/* A program that has the socket *ret as its standard input and output, as another user unless user
 * is NULL. Its number is that of its process group, too: the caller's to wait for. */
int tcp_exec(const char *command, const char *user, const struct stack_address *peer, int *ret,
	pid_t *ret_pid, struct err *err);

/* A message is whole after such a silence. */
#define TCP_SILENCE_NS 20000000ULL
#define TCP_ENDING_MS  2000U /* for the last connection's end */

#endif
