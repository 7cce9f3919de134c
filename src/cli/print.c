/* Standard output and standard error. */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int cli_fail(const struct err *err)
{
	fprintf(stderr, "pktsmith: %s\n", err->text);
	return err->kind == ERR_NONE ? EXIT_INPUT : (int)err->kind;
}

int cli_print(struct buffer *out)
{
	size_t done = 0;

	while (done < out->length) {
		ssize_t n = write(STDOUT_FILENO, out->data + done, out->length - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			if (errno != EPIPE)
				fprintf(stderr, "pktsmith: standard output: %s\n", strerror(errno));
			buffer_clear(out);
			return EXIT_REFUSED;
		}
		done += (size_t)n;
	}
	buffer_clear(out);
	return EXIT_DONE;
}
