/* Facts about a network interface, read by rtnetlink and the ethtool ioctl. */
#include "link/interface.h"

#include "base/err.h"
#include "base/text.h"
#include "link/netlink.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define ALTERNATIVE_NAME_MAX 127 /* ALTIFNAMSIZ - 1 */

static void copy_text(char *to, size_t size, const char *from)
{
	size_t length = strnlen(from, size - 1);

	memcpy(to, from, length);
	to[length] = '\0';
}

static int take_link(const struct nlmsghdr *answer, void *context)
{
	struct interface *interface = context;
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(answer);
	const struct nlattr *attributes[IFLA_PARENT_DEV_NAME + 1];

	netlink_attributes(answer, sizeof(*link), attributes, IFLA_PARENT_DEV_NAME);
	interface->index = link->ifi_index;
	interface->flags = link->ifi_flags;
	interface->arp_type = link->ifi_type;
	if (attributes[IFLA_IFNAME])
		copy_text(interface->name, sizeof(interface->name),
			mnl_attr_get_str(attributes[IFLA_IFNAME]));
	if (attributes[IFLA_MTU])
		interface->mtu = mnl_attr_get_u32(attributes[IFLA_MTU]);
	if (attributes[IFLA_NUM_RX_QUEUES])
		interface->rx_queues = mnl_attr_get_u32(attributes[IFLA_NUM_RX_QUEUES]);
	interface->has_device = attributes[IFLA_PARENT_DEV_NAME];
	interface->has_mac =
		attributes[IFLA_ADDRESS] &&
		mnl_attr_get_payload_len(attributes[IFLA_ADDRESS]) == sizeof(interface->mac);
	if (interface->has_mac)
		memcpy(interface->mac, mnl_attr_get_payload(attributes[IFLA_ADDRESS]),
			sizeof(interface->mac));
	return MNL_CB_OK;
}

/* The best address so far of each family; a lower rank is better. */
struct addresses {
	struct interface *interface;
	unsigned int rank_ipv4, rank_ipv6;
};

#define RANK_NONE UINT32_MAX

/* The scope first (the kernel's numbers grow as it narrows), and among equals one that is not
 * deprecated. */
static unsigned int address_rank(const struct ifaddrmsg *address, const uint8_t *octets)
{
	unsigned int scope = address->ifa_scope;

	/* RFC 3927; iproute gives them the scope of any other address. */
	if (address->ifa_family == AF_INET && octets[0] == 169 && octets[1] == 254)
		scope = RT_SCOPE_LINK;
	return scope * 2 + !!(address->ifa_flags & IFA_F_DEPRECATED);
}

static void take_better(uint8_t *to, const uint8_t *octets, size_t length, unsigned int rank,
	unsigned int *best, bool *has)
{
	if (rank >= *best)
		return;
	memcpy(to, octets, length);
	*best = rank;
	*has = true;
}

static int take_address(const struct nlmsghdr *answer, void *context)
{
	struct addresses *best = context;
	struct interface *interface = best->interface;
	const struct ifaddrmsg *address = mnl_nlmsg_get_payload(answer);
	const struct nlattr *attributes[IFA_LOCAL + 1], *own;
	const uint8_t *octets;

	/* Not yet, or never, the interface's: duplicate address detection, RFC 4862 5.4. */
	if ((int)address->ifa_index != interface->index ||
		(address->ifa_flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)))
		return MNL_CB_OK;
	netlink_attributes(answer, sizeof(*address), attributes, IFA_LOCAL);
	/* On a point-to-point link IFA_ADDRESS is the other end's. */
	own = attributes[IFA_LOCAL] ? attributes[IFA_LOCAL] : attributes[IFA_ADDRESS];
	if (!own)
		return MNL_CB_OK;
	octets = mnl_attr_get_payload(own);
	if (address->ifa_family == AF_INET && mnl_attr_get_payload_len(own) == 4)
		take_better(interface->ipv4, octets, 4, address_rank(address, octets),
			&best->rank_ipv4, &interface->has_ipv4);
	else if (address->ifa_family == AF_INET6 && mnl_attr_get_payload_len(own) == 16)
		take_better(interface->ipv6, octets, 16, address_rank(address, octets),
			&best->rank_ipv6, &interface->has_ipv6);
	return MNL_CB_OK;
}

static int read_addresses(struct interface *interface)
{
	char buffer[NETLINK_REQUEST_SIZE];
	struct addresses best = { interface, RANK_NONE, RANK_NONE };
	void *body;
	struct nlmsghdr *request =
		netlink_request(buffer, RTM_GETADDR, NLM_F_DUMP, sizeof(struct ifaddrmsg), &body);

	return netlink_call(NETLINK_ROUTE, request, take_address, &best);
}

/* Left as they are where the device has none to tell, such as lo. */
static void read_device(struct interface *interface)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct ethtool_channels channels = { .cmd = ETHTOOL_GCHANNELS };
	struct ifreq request = { .ifr_data = (void *)&info };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;
	memcpy(request.ifr_name, interface->name, sizeof(request.ifr_name));
	if (!ioctl(fd, SIOCETHTOOL, &request))
		copy_text(interface->driver, sizeof(interface->driver), info.driver);
	/* Of the queues that netlink tells of some may lie idle. */
	request.ifr_data = (void *)&channels;
	if (!ioctl(fd, SIOCETHTOOL, &request) && channels.rx_count + channels.combined_count)
		interface->rx_queues = channels.rx_count + channels.combined_count;
	close(fd);
}

#define NAMES_MAX 1024

struct names {
	size_t count;
	const char *texts[NAMES_MAX];
	char storage[NAMES_MAX][IFNAMSIZ];
};

static int take_name(const struct nlmsghdr *answer, void *context)
{
	struct names *names = context;
	const struct nlattr *attributes[IFLA_IFNAME + 1];

	netlink_attributes(answer, sizeof(struct ifinfomsg), attributes, IFLA_IFNAME);
	if (!attributes[IFLA_IFNAME] || names->count == NAMES_MAX)
		return MNL_CB_OK;
	copy_text(
		names->storage[names->count], IFNAMSIZ, mnl_attr_get_str(attributes[IFLA_IFNAME]));
	names->texts[names->count] = names->storage[names->count];
	names->count++;
	return MNL_CB_OK;
}

static int no_such_interface(const char *name, struct err *err)
{
	char buffer[NETLINK_REQUEST_SIZE];
	struct names *names = calloc(1, sizeof(*names));
	const char *nearest = NULL;
	void *body;
	struct nlmsghdr *request =
		netlink_request(buffer, RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg), &body);

	if (names && !netlink_call(NETLINK_ROUTE, request, take_name, names))
		nearest = text_nearest(name, names->texts, names->count);
	if (err) {
		/* "No such device" would only say it twice. */
		*err = (struct err){ .kind = ERR_SYSTEM };
		err_hint(err, "no such interface \"%s\"", name);
		if (nearest)
			err_hint(err, "; did you mean \"%s\"?", nearest);
		else
			err_hint(err, "; `ip link` lists those there are");
	}
	free(names);
	return -ENODEV;
}

static int read_link_by_name(const char *name, struct interface *ret)
{
	char buffer[NETLINK_REQUEST_SIZE];
	size_t length = strlen(name);
	void *body;
	struct nlmsghdr *request =
		netlink_request(buffer, RTM_GETLINK, 0, sizeof(struct ifinfomsg), &body);

	if (!length || length > ALTERNATIVE_NAME_MAX)
		return -ENODEV;
	mnl_attr_put_strz(request, length < IFNAMSIZ ? IFLA_IFNAME : IFLA_ALT_IFNAME, name);
	return netlink_call(NETLINK_ROUTE, request, take_link, ret);
}

int interface_read(const char *name, struct interface *ret, struct err *err)
{
	struct interface interface = { 0 };
	int r = read_link_by_name(name, &interface);

	if (r == -ENODEV)
		return no_such_interface(name, err);
	if (!r)
		r = read_addresses(&interface);
	if (r)
		return err_system(err, -r, "cannot read the facts of interface %s", name);
	read_device(&interface);
	*ret = interface;
	return 0;
}

static int read_link_by_index(int index, mnl_cb_t answer, void *context, struct err *err)
{
	char buffer[NETLINK_REQUEST_SIZE];
	struct ifinfomsg *link;
	void *body;
	struct nlmsghdr *request = netlink_request(buffer, RTM_GETLINK, 0, sizeof(*link), &body);
	int r;

	link = body;
	link->ifi_index = index;
	r = netlink_call(NETLINK_ROUTE, request, answer, context);
	return r ? err_system(err, -r, "cannot read the interface of index %d", index) : 0;
}

int interface_flags_read(int index, unsigned int *ret, struct err *err)
{
	struct interface interface = { 0 };
	int r = read_link_by_index(index, take_link, &interface, err);

	if (!r)
		*ret = interface.flags;
	return r;
}

static int take_counters(const struct nlmsghdr *answer, void *context)
{
	struct interface_counters *counters = context;
	const struct nlattr *attributes[IFLA_STATS64 + 1];
	struct rtnl_link_stats64 stats = { 0 };
	size_t length;

	netlink_attributes(answer, sizeof(struct ifinfomsg), attributes, IFLA_STATS64);
	if (!attributes[IFLA_STATS64])
		return MNL_CB_OK;
	/* The structure grows with the kernel, at its end. */
	length = mnl_attr_get_payload_len(attributes[IFLA_STATS64]);
	memcpy(&stats, mnl_attr_get_payload(attributes[IFLA_STATS64]),
		length < sizeof(stats) ? length : sizeof(stats));
	*counters = (struct interface_counters){
		.tx_packets = stats.tx_packets,
		.tx_bytes = stats.tx_bytes,
		.tx_errors = stats.tx_errors,
		.tx_dropped = stats.tx_dropped,
		.rx_packets = stats.rx_packets,
		.rx_bytes = stats.rx_bytes,
		.rx_errors = stats.rx_errors,
		.rx_dropped = stats.rx_dropped,
	};
	return MNL_CB_OK;
}

int interface_counters_read(int index, struct interface_counters *ret, struct err *err)
{
	struct interface_counters counters = { 0 };
	int r = read_link_by_index(index, take_counters, &counters, err);

	if (!r)
		*ret = counters;
	return r;
}
