/*
 * Serves the list of clients. One loop serves all of them; with --kernel each has a thread with a
 * loop of its own.
 */
#include "cli/clients/server.h"

#include "base/clock.h"

#include <stdio.h>
#include <sys/random.h>

#define ENDING_MS 1000U /* at the end of the program */

static int listen_at(struct loop *loop, struct err *err)
{
	const struct clients_options *options = loop->server->options;
	struct stack_address address;
	char text[SOCKETS_TEXT];
	int rc = sockets_listen(&options->sockets, loop->stack, options->address, options->port,
		&loop->listener, &address, err);

	if (rc < 0)
		return rc;
	if (!options->common.quiet)
		fprintf(stderr, "listening on %s\n", sockets_tuple(&address, text));
	return 0;
}

static int serve_all(struct server *server, struct stack *stack, struct err *err)
{
	struct loop loop;
	int rc;

	clients_loop_init(&loop, server, stack);
	cli_catch_signals(); /* before anybody is told that it listens, and may end it */
	rc = listen_at(&loop, err);
	while (rc == 0 && !cli_stop)
		rc = clients_loop_turn(&loop, err);
	clients_thread_stop(server);
	clients_loop_drop_all(&loop);
	socket_close(loop.listener);
	return rc;
}

int clients_serve(struct clients_options *options)
{
	struct server server = { .options = options };
	struct stack *stack = NULL;
	struct err err = { 0 };
	uint64_t seed = 0;
	int rc, closed;

	sockets_raise_limit();
	rc = sockets_open(&options->sockets, &stack, &err);
	if (rc < 0)
		return cli_fail(&err);
	if (getrandom(&seed, sizeof(seed), 0) < 0)
		seed = clock_wall();
	clients_list_init(&server.list, seed);
	pthread_mutex_init(&server.mutex, NULL);
	pthread_cond_init(&server.ended, NULL);
	rc = serve_all(&server, stack, &err);
	closed = sockets_close(
		&options->sockets, stack, rc < 0 ? 0 : ENDING_MS, rc < 0 ? NULL : &err);
	clients_list_fini(&server.list);
	pthread_cond_destroy(&server.ended);
	pthread_mutex_destroy(&server.mutex);
	return rc < 0 || closed < 0 ? cli_fail(&err) : EXIT_DONE;
}
