/* A network namespace of the test's own with a veth pair. */
#include "lab.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#define COMMAND_MAX 1024

static void command_format(char *command, const char *format, va_list args)
{
	int length = vsnprintf(command, COMMAND_MAX, format, args);

	if (length < 0 || length >= COMMAND_MAX)
		abort();
}

bool support_run(const char *format, ...)
{
	char command[COMMAND_MAX], quiet[COMMAND_MAX + 32];
	va_list args;

	va_start(args, format);
	command_format(command, format, args);
	va_end(args);
	snprintf(quiet, sizeof(quiet), "{ %s\n} >/dev/null 2>&1", command);
	return system(quiet) == 0;
}

void support_line(char *text, size_t size, const char *format, ...)
{
	char command[COMMAND_MAX];
	va_list args;
	FILE *pipe;

	va_start(args, format);
	command_format(command, format, args);
	va_end(args);
	text[0] = '\0';
	pipe = popen(command, "r");
	if (!pipe)
		abort();
	if (!fgets(text, (int)size, pipe))
		text[0] = '\0';
	pclose(pipe);
	text[strcspn(text, "\n")] = '\0';
}

uint64_t support_number(const char *format, ...)
{
	char command[COMMAND_MAX], text[64];
	va_list args;

	va_start(args, format);
	command_format(command, format, args);
	va_end(args);
	support_line(text, sizeof(text), "%s", command);
	return strtoull(text, NULL, 0);
}

void support_lab_reset(void)
{
	support_run("ip link del va");
	if (!support_run("ip link add va address 02:00:00:00:00:0a type veth peer name vb "
			 "address 02:00:00:00:00:0b && ip link set va up && ip link set vb up") ||
		!support_wait_carrier("va", true) || !support_wait_carrier("vb", true)) {
		fprintf(stderr, "the veth pair of the test does not come up\n");
		abort();
	}
}

bool support_lab_enter(void)
{
	if (unshare(CLONE_NEWNET | CLONE_NEWNS)) {
		perror("skipped, it takes root: unshare");
		return false;
	}
	/* /sys shows the namespace of whoever mounted it. */
	if (mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) ||
		mount("sysfs", "/sys", "sysfs", 0, NULL)) {
		perror("skipped, it takes root: mount");
		return false;
	}
	/* Or neighbour discovery comes between the test's frames; a test of IPv6 turns it on. */
	support_run("sysctl -w net.ipv6.conf.default.disable_ipv6=1 "
		    "net.ipv6.conf.default.addr_gen_mode=1 "
		    "net.ipv6.conf.default.accept_dad=0");
	if (!support_run("ip link set lo up"))
		abort();
	support_lab_reset();
	return true;
}

uint64_t support_counter(const char *interface, const char *name)
{
	return support_number("cat /sys/class/net/%s/statistics/%s", interface, name);
}

int support_wire_open(const char *interface)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex(interface) };
	int size = 64 << 20;
	int on = 1;
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)) ||
		setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
		bind(fd, (struct sockaddr *)&address, sizeof(address))) {
		perror("the test's packet socket");
		abort();
	}
	return fd;
}

ssize_t support_wire_read(int fd, uint8_t *octets, size_t size, int timeout_ms)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	if (poll(&ready, 1, timeout_ms) <= 0)
		return -1;
	return recv(fd, octets, size, MSG_DONTWAIT);
}

bool support_wait_carrier(const char *interface, bool wanted)
{
	for (int i = 0; i < 200; i++) {
		if (support_run("test \"$(cat /sys/class/net/%s/carrier)\" = %d && "
				"ip -br link show %s | grep -q%s NO-CARRIER",
			    interface, wanted, interface, wanted ? "v" : ""))
			return true;
		usleep(10000);
	}
	return false;
}
