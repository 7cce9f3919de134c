/* Standard output and standard error. */
#include "cli/cli.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int cli_fail(const struct err *err)
{
	fprintf(stderr, "pktsmith: %s\n", err->text);
	return err->kind == ERR_NONE ? EXIT_INPUT : (int)err->kind;
}

/* Others who have the same opening may have said that it does not wait. */
static bool is_for_a_while(int error)
{
	if (error == EAGAIN)
		poll(&(struct pollfd){ .fd = STDOUT_FILENO, .events = POLLOUT }, 1, -1);
	return error == EAGAIN || error == EINTR;
}

int cli_put(const struct buffer *out)
{
	size_t done = 0;
	int rc = 0;

	while (rc == 0 && done < out->length) {
		ssize_t n = write(STDOUT_FILENO, out->data + done, out->length - done);

		if (n >= 0)
			done += (size_t)n;
		else if (!is_for_a_while(errno))
			rc = -errno;
	}
	return rc;
}

int cli_write(struct buffer *out)
{
	int rc = cli_put(out);

	buffer_clear(out);
	return rc;
}

int cli_print(struct buffer *out)
{
	int rc = cli_write(out);

	if (rc < 0 && rc != -EPIPE)
		fprintf(stderr, "pktsmith: standard output: %s\n", strerror(-rc));
	return rc < 0 ? EXIT_REFUSED : EXIT_DONE;
}

int cli_print_on(struct buffer *out, bool *ret_gone)
{
	int status = cli_print(out);

	if (status == EXIT_DONE || errno != EPIPE)
		return status;
	*ret_gone = true;
	return EXIT_DONE;
}
