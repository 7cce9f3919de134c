/* What udp send sends: DATA, standard input, or a pattern. */
#include "cli/udp/send.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define AT_ONCE 64U /* datagrams in one call */

/* All of standard input, as one datagram. */
static int read_input(struct sending *s, struct buffer *ret, struct err *err)
{
	uint8_t octets[4096];
	ssize_t n;

	(void)s;
	while ((n = read(STDIN_FILENO, octets, sizeof(octets))) != 0) {
		if (n < 0 && errno == EINTR && !cli_stop)
			continue;
		if (n < 0 && cli_stop)
			return err_result(err, "interrupted before the end of standard input");
		if (n < 0)
			return err_system(err, errno, "cannot read standard input");
		buffer_put(ret, octets, (size_t)n);
		if (ret->length > STACK_DATAGRAM_MAX)
			return err_input(err, NULL,
				"standard input is longer than a datagram: at most %d octets",
				STACK_DATAGRAM_MAX);
	}
	return 0;
}

/* What one datagram is made of, and how long it is. */
static int data_read(struct sending *s, struct buffer *ret, struct err *err)
{
	const struct udp_options *udp = s->options;
	int rc = 0;

	if (udp->data && strcmp(udp->data, "-") != 0)
		buffer_put(ret, udp->data, strlen(udp->data));
	else if (udp->data || !udp->has_size)
		rc = read_input(s, ret, err);
	else
		for (unsigned int i = 0; i < 256; i++)
			buffer_put(ret, &(uint8_t){ (uint8_t)i }, 1);
	if (rc < 0)
		return rc;
	s->length = udp->has_size ? udp->size : ret->length;
	if (s->length > STACK_DATAGRAM_MAX)
		return err_input(err, NULL, "DATA of %zu octets: a datagram holds at most %d",
			s->length, STACK_DATAGRAM_MAX);
	return 0;
}

int udp_send_data(struct sending *s, struct udp_options *udp, struct err *err)
{
	struct buffer one = { 0 };
	int rc = data_read(s, &one, err);

	if (rc == 0) {
		s->most = 1;
		if (s->length && s->length <= STACK_DATAGRAM_MAX / 2)
			s->most = (unsigned int)(STACK_DATAGRAM_MAX / s->length);
		if (s->most > AT_ONCE)
			s->most = AT_ONCE;
		s->data = arena_alloc(&udp->common.arena, s->length * s->most + 1);
		for (size_t i = 0; one.length && i < s->length * s->most; i++)
			s->data[i] = one.data[i % s->length % one.length];
	}
	buffer_fini(&one);
	return rc;
}
