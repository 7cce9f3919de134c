/*
 * Many TCP connections over the kernel's sockets, as a C program makes them: what bench.sh puts
 * beside pktsmith's, and the peer of both.
 *
 *   connections serve PORT [echo]
 *       Reads every connection to its end, and ends it; with echo, sends back what comes. Says
 *       "listening" once, and goes on until a signal.
 *   connections load HOST PORT COUNT AT_ONCE SIZE [SOURCE...]
 *       Opens COUNT connections, AT_ONCE at a time, from the source addresses in turn; each sends
 *       SIZE octets, waits for the peer's end and is closed; with SIZE 0 it is closed at once.
 *       Prints how many seconds all took.
 *   connections echo HOST PORT COUNT SIZE [SOURCE...]
 *       Opens COUNT connections, and once all are open sends SIZE octets on each and compares what
 *       comes back. Prints the seconds from the first SYN to the last octet.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

#define EVENTS	    256
#define BACKLOG	    65535
#define BUFFER	    262144U
#define SOURCES_MAX 64
#define FILES_MAX   (1UL << 20)

static uint8_t buffer[BUFFER];

static void die(const char *what)
{
	fprintf(stderr, "connections: %s: %s\n", what, strerror(errno));
	exit(1);
}

static unsigned long number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (end == text || *end) {
		fprintf(stderr, "connections: %s is no number\n", text);
		exit(2);
	}
	return value;
}

static struct sockaddr_in address_of(const char *host, unsigned long port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	if (!inet_aton(host, &address.sin_addr)) {
		fprintf(stderr, "connections: %s is no IPv4 address\n", host);
		exit(2);
	}
	return address;
}

static void raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max < FILES_MAX ? limit.rlim_max : FILES_MAX;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

/* The hosts that are measured here take BBR unless they are told. */
static void take_cubic(int fd)
{
	setsockopt(fd, IPPROTO_TCP, 13 /* TCP_CONGESTION */, "cubic", 5);
}

static void watch(int epoll, int fd, uint32_t events, uint64_t tag)
{
	struct epoll_event event = { .events = events, .data = { .u64 = tag } };

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		die("epoll_ctl");
}

/* ---- the server ---- */

/* false: it is over. */
static bool serve_one(int fd, bool echo)
{
	for (;;) {
		ssize_t got = recv(fd, buffer, sizeof(buffer), 0);
		ssize_t sent = 0;

		if (got < 0)
			return errno == EAGAIN;
		if (got == 0)
			return false;
		while (echo && sent < got) {
			ssize_t taken = send(fd, buffer + sent, (size_t)(got - sent), MSG_NOSIGNAL);

			if (taken < 0)
				return false; /* the peers send no more than fits in a buffer */
			sent += taken;
		}
		if ((size_t)got < sizeof(buffer))
			return true; /* more has an event of its own */
	}
}

static void accept_all(int epoll, int listener, bool echo)
{
	int fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		if (serve_one(fd, echo))
			watch(epoll, fd, EPOLLIN, (uint64_t)fd);
		else
			close(fd);
	}
}

static void serve(unsigned long port, bool echo)
{
	struct sockaddr_in address = address_of("0.0.0.0", port);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	int epoll = epoll_create1(0), on = 1;

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	take_cubic(listener);
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) ||
		listen(listener, BACKLOG))
		die("listen");
	watch(epoll, listener, EPOLLIN, (uint64_t)listener);
	printf("listening\n");
	fflush(stdout);
	for (;;) {
		struct epoll_event events[EVENTS];
		int count = epoll_wait(epoll, events, EVENTS, -1);

		for (int i = 0; i < count; i++) {
			int fd = (int)events[i].data.u64;

			if (fd == listener)
				accept_all(epoll, listener, echo);
			else if (!serve_one(fd, echo))
				close(fd);
		}
	}
}

/* ---- the client ---- */

struct load {
	struct sockaddr_in peer, sources[SOURCES_MAX];
	unsigned long source_count, count, at_once, begun, done;
	size_t size;
	int epoll;
	size_t *sent; /* by descriptor */
	int *fds;     /* of an echo, those that are open */
	unsigned long open;
};

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int begin(struct load *load)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;

	if (fd < 0)
		die("socket");
	if (load->size)
		take_cubic(fd);
	if (load->source_count) {
		const struct sockaddr_in *from = &load->sources[load->begun % load->source_count];

		setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
		if (bind(fd, (const struct sockaddr *)from, sizeof(*from)))
			die("bind");
	}
	if (connect(fd, (const struct sockaddr *)&load->peer, sizeof(load->peer)) &&
		errno != EINPROGRESS)
		die("connect");
	load->sent[fd] = 0;
	load->begun++;
	return fd;
}

/* It is over when the peer has read all: what lies in our buffers has not arrived. */
static void end(struct load *load, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data = { .u64 = (uint64_t)fd } };

	if (load->size && load->sent[fd] == load->size) {
		load->sent[fd]++;
		shutdown(fd, SHUT_WR);
		if (epoll_ctl(load->epoll, EPOLL_CTL_MOD, fd, &event))
			die("epoll_ctl");
		return;
	}
	if (load->size && recv(fd, buffer, sizeof(buffer), 0) != 0)
		die("the peer's end");
	close(fd);
	load->done++;
}

/* Sends what there is room for. */
static void push(struct load *load, int fd)
{
	while (load->sent[fd] < load->size) {
		size_t left = load->size - load->sent[fd];
		ssize_t sent = send(
			fd, buffer, left < sizeof(buffer) ? left : sizeof(buffer), MSG_NOSIGNAL);

		if (sent < 0 && errno == EAGAIN)
			return;
		if (sent < 0)
			die("send");
		load->sent[fd] += (size_t)sent;
	}
	end(load, fd);
}

/* An error of connect() is an event, too. */
static void check(int fd, uint32_t events)
{
	socklen_t length = sizeof(errno);

	if (events & EPOLLERR && !getsockopt(fd, SOL_SOCKET, SO_ERROR, &errno, &length) && errno)
		die("a connection");
}

static void run_load(struct load *load)
{
	while (load->done < load->count) {
		struct epoll_event events[EVENTS];
		int count;

		while (load->begun < load->count && load->begun - load->done < load->at_once) {
			int fd = begin(load);

			watch(load->epoll, fd, EPOLLOUT, (uint64_t)fd);
		}
		count = epoll_wait(load->epoll, events, EVENTS, -1);
		for (int i = 0; i < count; i++) {
			check((int)events[i].data.u64, events[i].events);
			push(load, (int)events[i].data.u64);
		}
	}
}

/* So many at a time are opening, so that no SYN is lost for want of room in a backlog. */
static void open_all(struct load *load)
{
	while (load->open < load->count) {
		struct epoll_event events[EVENTS];
		int count;

		while (load->begun < load->count && load->begun - load->open < load->at_once) {
			int fd = begin(load);

			watch(load->epoll, fd, EPOLLOUT | EPOLLONESHOT, (uint64_t)fd);
		}
		count = epoll_wait(load->epoll, events, EVENTS, -1);
		for (int i = 0; i < count; i++) {
			check((int)events[i].data.u64, events[i].events);
			load->fds[load->open++] = (int)events[i].data.u64;
		}
	}
}

/* What a connection says is its own: an answer to another is seen. */
static uint8_t octet(int fd, size_t at)
{
	return (uint8_t)((size_t)fd * 31 + ((size_t)fd >> 8) + at);
}

static void compare(struct load *load, int fd)
{
	ssize_t got = recv(fd, buffer, sizeof(buffer), 0);

	if (got <= 0)
		die("an echo");
	for (ssize_t i = 0; i < got; i++, load->sent[fd]++)
		if (buffer[i] != octet(fd, load->sent[fd])) {
			fprintf(stderr, "connections: octet %zu of an echo is wrong\n",
				load->sent[fd]);
			exit(1);
		}
	if (load->sent[fd] > load->size) {
		fprintf(stderr, "connections: an echo is too long\n");
		exit(1);
	}
	load->done += load->sent[fd] == load->size;
}

static void run_echo(struct load *load)
{
	open_all(load);
	for (unsigned long i = 0; i < load->open; i++) {
		struct epoll_event event = { .events = EPOLLIN };
		int fd = load->fds[i];

		for (size_t at = 0; at < load->size; at++)
			buffer[at] = octet(fd, at);
		if (send(fd, buffer, load->size, MSG_NOSIGNAL) != (ssize_t)load->size)
			die("send");
		event.data.u64 = (uint64_t)fd;
		if (epoll_ctl(load->epoll, EPOLL_CTL_MOD, fd, &event))
			die("epoll_ctl");
	}
	while (load->done < load->count) {
		struct epoll_event events[EVENTS];
		int count = epoll_wait(load->epoll, events, EVENTS, -1);

		for (int i = 0; i < count; i++)
			compare(load, (int)events[i].data.u64);
	}
}

static int run(struct load *load, char **sources, bool echo)
{
	double start;

	for (; *sources && load->source_count < SOURCES_MAX; sources++)
		load->sources[load->source_count++] = address_of(*sources, 0);
	load->sent = calloc(FILES_MAX, sizeof(*load->sent));
	load->fds = calloc(load->count, sizeof(*load->fds));
	load->epoll = epoll_create1(0);
	if (!load->sent || !load->fds || load->epoll < 0)
		die("no memory");
	start = seconds();
	if (echo)
		run_echo(load);
	else
		run_load(load);
	printf("%.6f\n", seconds() - start);
	free(load->sent);
	free(load->fds);
	return 0;
}

int main(int argc, char **argv)
{
	struct load load = { .at_once = EVENTS };

	raise_limit();
	if (argc >= 3 && !strcmp(argv[1], "serve"))
		serve(number(argv[2]), argc > 3 && !strcmp(argv[3], "echo"));
	if (argc >= 6 && (!strcmp(argv[1], "load") || !strcmp(argv[1], "echo"))) {
		bool echo = !strcmp(argv[1], "echo");

		load.peer = address_of(argv[2], number(argv[3]));
		load.count = number(argv[4]);
		if (!echo)
			load.at_once = number(argv[5]);
		load.size = argc > 6 - echo ? number(argv[6 - echo]) : 0;
		if (echo && load.size > sizeof(buffer))
			load.size = sizeof(buffer);
		return run(&load, argv + (argc > 6 - echo ? 7 - echo : argc), echo);
	}
	fprintf(stderr, "usage: connections serve PORT [echo], "
			"connections load HOST PORT COUNT AT_ONCE SIZE [SOURCE...], "
			"connections echo HOST PORT COUNT SIZE [SOURCE...]\n");
	return 2;
}
