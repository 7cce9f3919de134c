/* Network namespaces of our own with veth pairs between them. */
#include "link/lab.h"

#include "base/err.h"
#include "link/interface.h"
#include "link/netlink.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NAMESPACE  "/proc/self/ns/net"
#define CARRIER_MS 5000 /* of a machine with much else to do */

struct lab {
	int home, near, peer; /* -1: not yet */
};

static const struct timespec millisecond = { .tv_nsec = 1000000 };

/* ---- files of /proc ---- */

static int text_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int error = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		error = -errno;
	close(fd);
	return error;
}

/* What makes the peer's answers come at once and always. Where a kernel has not the one or the
 * other, or /proc/sys cannot be written, it does as it does. */
static void peer_calm(void)
{
	static const char *const settings[][2] = {
		{ "/proc/sys/net/ipv6/conf/default/accept_dad", "0" },
		{ "/proc/sys/net/ipv6/conf/default/router_solicitations", "0" },
		{ "/proc/sys/net/ipv4/icmp_ratelimit", "0" },
		{ "/proc/sys/net/ipv6/icmp/ratelimit", "0" },
		{ "/proc/sys/net/ipv4/tcp_invalid_ratelimit", "0" },
	};

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		(void)text_write(settings[i][0], settings[i][1]);
}

static int peer_forwarding(struct err *err)
{
	int error = text_write("/proc/sys/net/ipv4/ip_forward", "1");

	if (!error)
		error = text_write("/proc/sys/net/ipv6/conf/all/forwarding", "1");
	if (error)
		return err_system(err, -error, "cannot make the lab's peer a router");
	return 0;
}

/* ---- namespaces ---- */

static int enter(int namespace, struct err *err)
{
	if (!setns(namespace, CLONE_NEWNET))
		return 0;
	return err_system(err, errno, "cannot enter the lab's network namespace");
}

/* Everybody may have one, with all capabilities in it, where the kernel is so configured. The ids
 * stay as they are, so that files are still whose they were. */
static int user_namespace(void)
{
	unsigned int uid = geteuid();
	unsigned int gid = getegid();
	char text[64];

	if (unshare(CLONE_NEWUSER))
		return -errno;
	snprintf(text, sizeof(text), "%u %u 1", uid, uid);
	if (text_write("/proc/self/uid_map", text))
		return -EPERM;
	(void)text_write("/proc/self/setgroups", "deny");
	snprintf(text, sizeof(text), "%u %u 1", gid, gid);
	return text_write("/proc/self/gid_map", text) ? -EPERM : 0;
}

static int namespace_new(int *ret, struct err *err)
{
	int r;

	if (unshare(CLONE_NEWNET) &&
		(errno != EPERM || user_namespace() || unshare(CLONE_NEWNET))) {
		r = err_system(err, EPERM, "cannot make the lab's network namespaces");
		err_hint(err, "; run it with sudo: to make one needs cap_sys_admin, or user "
			      "namespaces for everybody");
		return r;
	}
	*ret = open(NAMESPACE, O_RDONLY | O_CLOEXEC);
	return *ret < 0 ? err_system(err, errno, "cannot hold the lab's network namespace") : 0;
}

/* ---- requests ---- */

static int request_send(struct nlmsghdr *request, const char *what, struct err *err)
{
	int r = netlink_call(NETLINK_ROUTE, request, NULL, NULL);

	return r ? err_system(err, -r, "the lab: cannot %s", what) : 0;
}

/* Makes the pair, the other end of it in the peer's namespace. */
static int wire_make(const struct lab *lab, const struct lab_wire *wire, struct err *err)
{
	uint8_t buffer[NETLINK_REQUEST_SIZE];
	const struct ifinfomsg none = { 0 };
	struct nlattr *info, *data, *peer;
	struct nlmsghdr *request;
	void *body;

	request = netlink_request(
		buffer, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifinfomsg), &body);
	mnl_attr_put_strz(request, IFLA_IFNAME, wire->name);
	mnl_attr_put(request, IFLA_ADDRESS, sizeof(wire->mac), wire->mac);
	if (wire->mtu)
		mnl_attr_put_u32(request, IFLA_MTU, wire->mtu);
	info = mnl_attr_nest_start(request, IFLA_LINKINFO);
	mnl_attr_put_str(request, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(request, IFLA_INFO_DATA);
	peer = mnl_attr_nest_start(request, VETH_INFO_PEER);
	memcpy(mnl_nlmsg_put_extra_header(request, sizeof(none)), &none, sizeof(none));
	mnl_attr_put_strz(request, IFLA_IFNAME, wire->name);
	mnl_attr_put(request, IFLA_ADDRESS, sizeof(wire->peer_mac), wire->peer_mac);
	if (wire->mtu)
		mnl_attr_put_u32(request, IFLA_MTU, wire->mtu);
	mnl_attr_put_u32(request, IFLA_NET_NS_FD, (uint32_t)lab->peer);
	mnl_attr_nest_end(request, peer);
	mnl_attr_nest_end(request, data);
	mnl_attr_nest_end(request, info);
	return request_send(request, "make a veth pair", err);
}

static int up(const char *name, struct err *err)
{
	uint8_t buffer[NETLINK_REQUEST_SIZE];
	struct ifinfomsg *body;
	struct nlmsghdr *request =
		netlink_request(buffer, RTM_NEWLINK, 0, sizeof(*body), (void **)&body);

	body->ifi_flags = IFF_UP;
	body->ifi_change = IFF_UP;
	mnl_attr_put_strz(request, IFLA_IFNAME, name);
	return request_send(request, "bring an interface up", err);
}

static int address_add(const char *name, const uint8_t *address, size_t length, unsigned int prefix,
	struct err *err)
{
	uint8_t buffer[NETLINK_REQUEST_SIZE];
	struct ifaddrmsg *body;
	struct nlmsghdr *request = netlink_request(
		buffer, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof(*body), (void **)&body);

	body->ifa_family = length == 4 ? AF_INET : AF_INET6;
	body->ifa_prefixlen = (uint8_t)prefix;
	body->ifa_index = if_nametoindex(name);
	mnl_attr_put(request, IFA_LOCAL, length, address);
	mnl_attr_put(request, IFA_ADDRESS, length, address);
	if (length != 4)
		mnl_attr_put_u32(request, IFA_FLAGS, IFA_F_NODAD | IFA_F_PERMANENT);
	return request_send(request, "give the peer an address", err);
}

/* ---- the lab ---- */

static int carrier_wait(const char *name, struct err *err)
{
	int index = (int)if_nametoindex(name);

	for (unsigned int i = 0; i < CARRIER_MS; i++) {
		unsigned int flags = 0;
		int r = interface_flags_read(index, &flags, err);

		if (r || (flags & IFF_LOWER_UP && flags & IFF_RUNNING))
			return r;
		nanosleep(&millisecond, NULL);
	}
	return err_system(err, ETIMEDOUT, "the lab's wire %s has no carrier", name);
}

/* The kernel takes an IPv6 address into use in its own time, be it that it looks for no duplicate:
 * what comes before is dropped. */
static int address_wait(const struct lab_wire *wire, struct err *err)
{
	for (unsigned int i = 0; i < CARRIER_MS; i++) {
		struct interface_route route = { 0 };

		if (!interface_route_read(0, wire->peer_ipv6, 16, &route, NULL) && route.local)
			return 0;
		nanosleep(&millisecond, NULL);
	}
	return err_system(err, ETIMEDOUT, "the lab's peer has no address on %s", wire->name);
}

static int peer_open(struct lab *lab, const struct lab_config *config, struct err *err)
{
	int r = namespace_new(&lab->peer, err);

	if (r)
		return r;
	peer_calm();
	r = up("lo", err);
	if (!r && config->forwarding)
		r = peer_forwarding(err);
	return r;
}

/* Only frames that the script sends leave our ends. */
static int near_open(struct lab *lab, const struct lab_config *config, struct err *err)
{
	int r = namespace_new(&lab->near, err);

	if (r)
		return r;
	(void)text_write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
	for (unsigned int i = 0; i < config->count && !r; i++)
		r = wire_make(lab, &config->wires[i], err);
	return r;
}

static int wire_up(const struct lab *lab, const struct lab_wire *wire, struct err *err)
{
	int r = up(wire->name, err); /* our end, in the near namespace */

	if (!r)
		r = lab_enter_peer(lab, err);
	if (!r)
		r = up(wire->name, err);
	if (!r)
		r = address_add(wire->name, wire->peer_ipv4, 4, wire->ipv4_prefix, err);
	if (!r)
		r = address_add(wire->name, wire->peer_ipv6, 16, wire->ipv6_prefix, err);
	if (!r)
		r = carrier_wait(wire->name, err);
	if (!r)
		r = address_wait(wire, err);
	if (!r)
		r = lab_enter_near(lab, err);
	if (!r)
		r = carrier_wait(wire->name, err);
	return r;
}

int lab_open(struct lab **ret, const struct lab_config *config, struct err *err)
{
	struct lab *lab = malloc(sizeof(*lab));
	int r = 0;

	if (!lab)
		return err_system(err, ENOMEM, "cannot make a lab");
	*lab = (struct lab){ -1, -1, -1 };
	lab->home = open(NAMESPACE, O_RDONLY | O_CLOEXEC);
	if (lab->home < 0)
		r = err_system(err, errno, "cannot hold the network namespace");
	if (!r)
		r = peer_open(lab, config, err);
	if (!r)
		r = near_open(lab, config, err);
	for (unsigned int i = 0; i < config->count && !r; i++)
		r = wire_up(lab, &config->wires[i], err);
	if (r)
		lab_close(lab);
	else
		*ret = lab;
	return r;
}

int lab_enter_near(const struct lab *lab, struct err *err)
{
	return enter(lab->near, err);
}

int lab_enter_peer(const struct lab *lab, struct err *err)
{
	return enter(lab->peer, err);
}

void lab_close(struct lab *lab)
{
	if (!lab)
		return;
	if (lab->home >= 0) {
		/* Out of a user namespace no way leads back: then it is stayed in. */
		(void)setns(lab->home, CLONE_NEWNET);
		close(lab->home);
	}
	if (lab->near >= 0)
		close(lab->near);
	if (lab->peer >= 0)
		close(lab->peer);
	free(lab);
}
