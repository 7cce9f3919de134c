/* Asks for the list of clients: says a name, and prints the list. */
#include "cli/clients/clients.h"

#include "base/clock.h"
#include "render/json_reader.h"

#include <stdio.h>
#include <string.h>

#define MILLISECOND_NS 1000000ULL
#define WAIT_MS	       200	    /* how long a signal may stay unseen */
#define ENDING_MS      1000U	    /* for the connection's end */
#define LIST_MAX       (1ULL << 28) /* octets: 10,000 names of 4,096, each escaped */
#define CHUNK	       65536U

struct asking {
	const struct clients_options *options;
	struct socket *socket;
	struct json_reader *reader;
	struct json *list; /* once it is whole */
	size_t said;	   /* octets of the name */
	uint64_t received, deadline;
	const struct stack *stack;
	const char *where; /* the server's address */
};

static int failed(const struct asking *asking, int error, struct err *err)
{
	char why[SOCKETS_WHY];

	return err_result(err, "%s: %s", asking->where, sockets_why(asking->stack, error, why));
}

/* 0: go on later. */
static int say(struct asking *asking, struct err *err)
{
	const char *name = asking->options->name;
	size_t length = strlen(name);

	while (asking->said < length) {
		ssize_t sent =
			socket_send(asking->socket, name + asking->said, length - asking->said);

		if (sent == -EAGAIN)
			return 0;
		if (sent < 0)
			return failed(asking, (int)-sent, err);
		asking->said += (size_t)sent;
		if (asking->said == length)
			socket_shutdown(asking->socket);
	}
	return 0;
}

static int read_some(struct asking *asking, const char *octets, size_t length, struct err *err)
{
	int rc;

	asking->received += length;
	asking->deadline = clock_system.now(NULL) + asking->options->timeout_ns;
	if (asking->received > LIST_MAX)
		return err_result(
			err, "%s: the list is longer than %llu octets", asking->where, LIST_MAX);
	rc = json_reader_feed(asking->reader, octets, length, &asking->list, err);
	if (rc < 0) {
		err->kind = ERR_RESULT;
		err_locate(err, NULL, asking->where);
	}
	return rc < 0 ? rc : 0;
}

static int listen_for(struct asking *asking, struct err *err)
{
	while (!asking->list) {
		char octets[CHUNK];
		ssize_t got = socket_receive(asking->socket, octets, sizeof(octets));
		int rc;

		if (got == -EAGAIN)
			return 0;
		if (got < 0)
			return failed(asking, (int)-got, err);
		if (!got)
			return err_result(err, "%s: the list ended after %llu octets",
				asking->where, (unsigned long long)asking->received);
		rc = read_some(asking, octets, (size_t)got, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int turn(struct asking *asking, struct stack *stack, struct err *err)
{
	int rc = stack_wait(stack, WAIT_MS, err);

	if (rc < 0)
		return rc;
	while (stack_next_event(stack))
		;
	/* Nobody has a list before the name is said; after it, what came is read first. */
	if (asking->said < strlen(asking->options->name) && socket_error(asking->socket))
		return failed(asking, -socket_error(asking->socket), err);
	rc = say(asking, err);
	if (rc == 0 && asking->said)
		rc = listen_for(asking, err);
	if (rc == 0 && !asking->list && clock_system.now(NULL) >= asking->deadline)
		rc = failed(asking, ETIMEDOUT, err);
	return rc;
}

static int ask(struct asking *asking, struct stack *stack, const struct sockets_peers *servers,
	struct err *err)
{
	struct stack_address server;
	char text[SOCKETS_TEXT];
	int rc = sockets_connect(&asking->options->sockets, stack, servers,
		asking->options->timeout_ns, &asking->socket, &server, err);

	asking->where = sockets_text(&server, text);
	asking->deadline = clock_system.now(NULL) + asking->options->timeout_ns;
	while (rc == 0 && !asking->list && !cli_stop)
		rc = turn(asking, stack, err);
	if (rc == 0 && !asking->list)
		rc = err_result(err, "%s: interrupted before the list came", asking->where);
	socket_close(asking->socket);
	return rc;
}

static int print(const struct json *list)
{
	struct buffer out = { 0 };
	int status;

	json_dumps(list, true, &out);
	buffer_printf(&out, "\n");
	status = cli_print(&out);
	buffer_fini(&out);
	return status;
}

int clients_ask(struct clients_options *options)
{
	struct asking asking = { .options = options };
	struct sockets_peers servers;
	struct stack *stack = NULL;
	struct err err = { 0 };
	int status = EXIT_DONE;
	int rc = sockets_resolve_all(
		&options->sockets, options->address, options->port, &servers, &err);

	cli_catch_signals();
	if (rc == 0)
		rc = sockets_open(&options->sockets, &stack, &err);
	if (rc < 0)
		return cli_fail(&err);
	asking.stack = stack;
	asking.reader = json_reader_new();
	rc = ask(&asking, stack, &servers, &err);
	status = rc < 0 ? cli_fail(&err) : print(asking.list);
	rc = sockets_close(&options->sockets, stack, rc < 0 ? 0 : ENDING_MS, &err);
	if (rc < 0 && !status)
		status = cli_fail(&err);
	json_free(asking.list);
	json_reader_free(asking.reader);
	return status;
}
