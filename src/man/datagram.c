/* Asks 127.0.0.1:5000 by a datagram, and prints the answer: as root over frames of our own, else
 * over the kernel's sockets. */
#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "stack/socket.h"

int main(void)
{
	const struct stack_config config = { 0 };
	const struct stack_address peer = { { 127, 0, 0, 1 }, 4, .port = 5000 };
	struct stack *stack = NULL;
	struct socket *asks;
	struct err err;
	char answer[1500];
	ssize_t length = -1;
	int rc = geteuid() ? stack_kernel_open(&stack, &config, &err)
			   : stack_open(&stack, &config, &err);

	if (rc || socket_open(&asks, stack, SOCKET_UDP, &err) || socket_connect(asks, &peer, &err))
		goto failed;
	socket_send(asks, "hello", 5);
	rc = stack_wait(stack, 2000, &err); /* moves frames until there is news */
	if (rc < 0)
		goto failed;
	length = socket_receive(asks, answer, sizeof answer);
	if (length >= 0)
		printf("%.*s\n", (int)length, answer);
	else
		fprintf(stderr, "no answer\n");
	stack_close(stack, NULL);
	return length < 0;
failed:
	fprintf(stderr, "%s\n", err.text);
	stack_close(stack, NULL);
	return 1;
}
