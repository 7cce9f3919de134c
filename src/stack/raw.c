/* The world as it is: frames through raw sockets, and what the kernel says of interfaces, routes,
 * neighbours and ports. */
#include "stack/raw.h"

#include "base/err.h"
#include "link/lower.h"
#include "base/privilege.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define RECEIVE_BUFFER (64 * 1024 * 1024)
#define SEND_BUFFER    (8 * 1024 * 1024)

static int raw_descriptor(const struct outside *outside)
{
	const struct raw *raw = (const struct raw *)outside;

	return raw->ring.in_use ? raw->ring.fd : raw->in;
}

static int raw_interface(struct outside *outside, int index, struct interface *ret, struct err *err)
{
	char name[IF_NAMESIZE];

	(void)outside;
	if (!if_indextoname((unsigned int)index, name))
		return err_system(err, errno, "there is no interface of index %d", index);
	return interface_read(name, ret, err);
}

static int raw_route(struct outside *outside, int index, const uint8_t *destination, size_t length,
	struct interface_route *ret, struct err *err)
{
	(void)outside;
	return interface_route_read(index, destination, length, ret, err);
}

static int raw_neighbour(struct outside *outside, const struct interface *interface,
	const uint8_t *hop, size_t length, uint8_t ret_mac[6])
{
	(void)outside;
	return interface_neighbour(interface, hop, length, ret_mac, NULL);
}

static int raw_guard(struct outside *outside, uint8_t protocol, const uint8_t *address,
	size_t length, uint32_t scope, uint16_t *port, struct err *err)
{
	(void)outside;
	return guard_open(protocol, address, length, scope, port, err);
}

static int raw_ports(struct outside *outside, uint8_t ret[OUTSIDE_PORTS / 8])
{
	(void)outside;
	return ports_read(ret);
}

static int raw_join(struct outside *outside, int interface, const uint8_t mac[6], struct err *err)
{
	const struct raw *raw = (const struct raw *)outside;
	struct packet_mreq request = {
		.mr_ifindex = interface,
		.mr_type = mac[0] & 1 ? PACKET_MR_MULTICAST : PACKET_MR_UNICAST,
		.mr_alen = ETH_ALEN,
	};

	memcpy(request.mr_address, mac, ETH_ALEN);
	if (setsockopt(raw->in, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof(request)))
		return err_system(err, errno, "cannot receive for a MAC address of our own");
	return 0;
}

static int raw_lower(struct outside *outside, int **ret, size_t *ret_count, struct err *err)
{
	(void)outside;
	return interface_lower_read(ret, ret_count, err);
}

int raw_gone(const struct raw *raw, struct err *err)
{
	err_result(err, "%s was removed", raw->name);
	return -ENODEV;
}

/* One that went down may come up again, and what is bound to it lives on, as with the kernel's
 * sockets. The packet sockets say nothing: they are of all interfaces. */
static int raw_check(const struct outside *outside, struct err *err)
{
	const struct raw *raw = (const struct raw *)outside;
	unsigned int flags;

	if (!raw->only || interface_flags_read(raw->only, &flags, NULL) != -ENODEV)
		return 0;
	return raw_gone(raw, err);
}

/* The kernel's counter begins anew each time it is read. */
static unsigned int new_drops(int fd)
{
	struct tpacket_stats stats;
	socklen_t size = sizeof(stats);

	return getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size) ? 0 : stats.tp_drops;
}

static uint64_t raw_dropped(struct outside *outside)
{
	struct raw *raw = (struct raw *)outside;

	raw->dropped += new_drops(raw->in);
	if (raw->ring.fd >= 0)
		raw->dropped += new_drops(raw->ring.fd);
	return raw->dropped;
}

static void close_if(int fd)
{
	if (fd >= 0)
		close(fd);
}

static void raw_close(struct outside *outside)
{
	struct raw *raw = (struct raw *)outside;

	raw_drop_close(raw);
	raw_ring_close(raw);
	raw_hold_end(raw);
	close_if(raw->in);
	if (raw->out != raw->in)
		close_if(raw->out);
	close_if(raw->out4);
	close_if(raw->out6);
	if (raw->slots)
		munmap(raw->slots, RAW_SLOTS);
	free(raw);
}

static const struct outside_ops raw_ops = {
	.receive = raw_receive,
	.send = raw_send,
	.descriptor = raw_descriptor,
	.interface = raw_interface,
	.route = raw_route,
	.neighbour = raw_neighbour,
	.guard = raw_guard,
	.ports = raw_ports,
	.drop = raw_drop,
	.drop_end = raw_drop_end,
	.join = raw_join,
	.hold = raw_hold,
	.lower = raw_lower,
	.check = raw_check,
	.dropped = raw_dropped,
	.close = raw_close,
};

/* Above the system's limit where we may; a receiver of super-frames needs room for many. */
static void set_buffer(int fd, int forced, int polite, int size)
{
	if (setsockopt(fd, SOL_SOCKET, forced, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, polite, &size, sizeof(size));
}

static int set_on(int fd, int option)
{
	int on = 1;

	return setsockopt(fd, SOL_PACKET, option, &on, sizeof(on)) ? -errno : 0;
}

/* Frames of the interface and of lo, or all. What leaves is not for us: the kernel keeps it back by
 * itself, but not in a fan-out group of Linux before 6.2. */
static int set_filter(int fd, int interface)
{
	const struct sock_filter is_it =
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)interface, 2, 0);
	const struct sock_filter any_is = BPF_JUMP(BPF_JMP | BPF_JA, 2, 0, 0);
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 5, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_IFINDEX)),
		interface ? is_it : any_is,
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_HATYPE)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARPHRD_LOOPBACK, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) ? -errno : 0;
}

/* Nothing is received before the last step: until then the socket has no protocol. */
int raw_listen(const struct raw *raw, int fd)
{
	const struct sockaddr_ll address = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL) };
	int r;

	set_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF, RECEIVE_BUFFER);
	r = set_on(fd, PACKET_AUXDATA);
	if (!r && !raw->plain)
		r = set_on(fd, PACKET_VNET_HDR);
	if (!r)
		r = set_on(fd, PACKET_IGNORE_OUTGOING);
	if (!r)
		r = set_filter(fd, raw->only);
	if (!r && bind(fd, (const struct sockaddr *)&address, sizeof(address)))
		r = -errno;
	return r;
}

static int open_in(struct raw *raw)
{
	int r;

	raw->in = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (raw->in < 0)
		return -errno;
	r = raw_listen(raw, raw->in);
	if (!r)
		raw_ring_prepare(raw);
	return r;
}

static int open_out(struct raw *raw)
{
	int on = 1;
	int r;

	/* The same socket where it may be: to close one takes the kernel some 10 ms. */
	raw->out = raw->plain ? socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0) : raw->in;
	if (raw->out < 0)
		return -errno;
	set_buffer(raw->out, SO_SNDBUFFORCE, SO_SNDBUF, SEND_BUFFER);
	r = raw->plain ? set_on(raw->out, PACKET_VNET_HDR) : 0;
	if (r)
		return r;
	raw->out4 = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (raw->out4 < 0)
		return -errno;
	set_buffer(raw->out4, SO_SNDBUFFORCE, SO_SNDBUF, SEND_BUFFER);
	raw->out6 = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (raw->out6 < 0)
		return errno == EAFNOSUPPORT ? 0 : -errno; /* a host without IPv6 */
	set_buffer(raw->out6, SO_SNDBUFFORCE, SO_SNDBUF, SEND_BUFFER);
	return setsockopt(raw->out6, IPPROTO_IPV6, IPV6_HDRINCL, &on, sizeof(on)) ? -errno : 0;
}

int outside_open(struct outside **ret, const struct outside_config *config, struct err *err)
{
	struct raw *raw = calloc(1, sizeof(*raw));
	int r;

	if (!raw)
		return err_system(err, ENOMEM, "cannot receive frames");
	raw->outside.ops = &raw_ops;
	raw->in = raw->out = raw->out4 = raw->out6 = raw->ring.fd = raw->drop.program = -1;
	raw->plain = config->plain;
	raw->only = config->interface;
	if_indextoname((unsigned int)raw->only, raw->name);
	/* Not touched until frames come: costs no memory where they are short. */
	raw->slots = mmap(NULL, RAW_SLOTS, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (raw->slots == MAP_FAILED) {
		raw->slots = NULL;
		r = -ENOMEM;
	} else {
		r = open_in(raw);
	}
	if (!r)
		r = open_out(raw);
	if (!r && config->guards)
		raw_drop_prepare(raw);
	if (r) {
		r = err_system(err, -r, "cannot open a socket for frames");
		if (r == -EPERM)
			privilege_hint(err, PRIVILEGE_FRAMES);
		raw_close(&raw->outside);
		return r;
	}
	*ret = &raw->outside;
	return 0;
}
