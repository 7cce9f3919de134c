/* The way to a destination: the next hop by the routing tables, its MAC by the neighbour table. */
#include "base/err.h"
#include "link/interface.h"
#include "link/netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

struct route {
	unsigned int type;  /* RTN_UNICAST, RTN_BROADCAST, ... */
	unsigned int table; /* RT_TABLE_UNSPEC: no table knows the destination */
	int oif;
	size_t gateway_length; /* 0: the destination is on the link */
	uint8_t gateway[16];
	size_t source_length; /* 0: it names none */
	uint8_t source[16];
	uint32_t mtu; /* 0: it names none */
};

static int family_of(size_t length)
{
	return length == 4 ? AF_INET : AF_INET6;
}

/* For messages. */
struct address_text {
	char text[INET6_ADDRSTRLEN];
};

static struct address_text address_text(const uint8_t *address, size_t length)
{
	struct address_text ret = { "?" };

	inet_ntop(family_of(length), address, ret.text, sizeof(ret.text));
	return ret;
}

static bool is_multicast(const uint8_t *address, size_t length)
{
	return length == 4 ? (address[0] & 0xf0) == 0xe0 : address[0] == 0xff;
}

static bool is_limited_broadcast(const uint8_t *address, size_t length)
{
	return length == 4 && !memcmp(address, "\xff\xff\xff\xff", 4);
}

static void take_gateway(struct route *route, const uint8_t *octets, size_t length)
{
	if (length > sizeof(route->gateway))
		return;
	memcpy(route->gateway, octets, length);
	route->gateway_length = length;
}

static void take_source(struct route *route, const struct nlattr *source)
{
	route->source_length = mnl_attr_get_payload_len(source);
	if (route->source_length > sizeof(route->source))
		route->source_length = 0;
	memcpy(route->source, mnl_attr_get_payload(source), route->source_length);
}

static void take_metrics(struct route *route, const struct nlattr *metrics)
{
	const struct nlattr *attributes[RTAX_MTU + 1];

	netlink_nested(metrics, attributes, RTAX_MTU);
	if (attributes[RTAX_MTU])
		route->mtu = mnl_attr_get_u32(attributes[RTAX_MTU]);
}

static int take_route(const struct nlmsghdr *answer, void *context)
{
	struct route *route = context;
	const struct rtmsg *header = mnl_nlmsg_get_payload(answer);
	const struct nlattr *attributes[RTA_VIA + 1];

	netlink_attributes(answer, sizeof(*header), attributes, RTA_VIA);
	memset(route, 0, sizeof(*route));
	route->type = header->rtm_type;
	route->table =
		attributes[RTA_TABLE] ? mnl_attr_get_u32(attributes[RTA_TABLE]) : header->rtm_table;
	if (attributes[RTA_OIF])
		route->oif = (int)mnl_attr_get_u32(attributes[RTA_OIF]);
	if (attributes[RTA_GATEWAY])
		take_gateway(route, mnl_attr_get_payload(attributes[RTA_GATEWAY]),
			mnl_attr_get_payload_len(attributes[RTA_GATEWAY]));
	if (attributes[RTA_PREFSRC])
		take_source(route, attributes[RTA_PREFSRC]);
	if (attributes[RTA_METRICS])
		take_metrics(route, attributes[RTA_METRICS]);
	if (attributes[RTA_VIA]) /* an IPv6 gateway for IPv4, RFC 8950 */
		take_gateway(route,
			(const uint8_t *)mnl_attr_get_payload(attributes[RTA_VIA]) +
				sizeof(struct rtvia),
			mnl_attr_get_payload_len(attributes[RTA_VIA]) - sizeof(struct rtvia));
	return MNL_CB_OK;
}

/* What the kernel would do with a packet to destination that must leave by the interface of this
 * index, 0 for any. */
static int look_up_as(
	unsigned int flags, int index, const uint8_t *destination, size_t length, struct route *ret)
{
	char buffer[NETLINK_REQUEST_SIZE];
	struct rtmsg *header;
	void *body;
	struct nlmsghdr *request = netlink_request(buffer, RTM_GETROUTE, 0, sizeof(*header), &body);

	header = body;
	header->rtm_family = (unsigned char)family_of(length);
	header->rtm_dst_len = (unsigned char)(length * 8);
	/* Or the answer names the main table whether or not it has a route. */
	header->rtm_flags = RTM_F_LOOKUP_TABLE | flags;
	mnl_attr_put(request, RTA_DST, length, destination);
	if (index)
		mnl_attr_put_u32(request, RTA_OIF, (uint32_t)index);
	return netlink_call(NETLINK_ROUTE, request, take_route, ret);
}

static int look_up(int index, const uint8_t *destination, size_t length, struct route *ret)
{
	return look_up_as(0, index, destination, length, ret);
}

static int no_route(const struct interface *interface, const uint8_t *destination, size_t length,
	int error, struct err *err)
{
	err_system(err, error, "no route to %s out of %s", address_text(destination, length).text,
		interface->name);
	err_hint(err, "; give the MAC address in the template, or add a route: sudo ip route add");
	return -error;
}

int interface_next_hop(const struct interface *interface, const uint8_t *destination, size_t length,
	uint8_t *ret_hop, struct err *err)
{
	struct route route = { 0 };
	int r;

	if (is_multicast(destination, length) || is_limited_broadcast(destination, length))
		goto itself;
	r = look_up(interface->index, destination, length, &route);
	if (r == -EHOSTUNREACH || r == -EACCES || r == -EINVAL || r == -ENETUNREACH)
		return no_route(interface, destination, length, ENETUNREACH, err);
	if (r)
		return no_route(interface, destination, length, -r, err);
	/* The host's own address: whoever has it is on the link, if anybody. */
	if (route.type == RTN_LOCAL)
		goto itself;
	/* Told to use an interface without a route, IPv4 takes everybody to be on the link. */
	if (route.table == RT_TABLE_UNSPEC || route.oif != interface->index)
		return no_route(interface, destination, length, ENETUNREACH, err);
	if (route.gateway_length && route.gateway_length != length)
		return err_system(err, EAFNOSUPPORT,
			"%s goes through a gateway of the other IP version, %s",
			address_text(destination, length).text,
			address_text(route.gateway, route.gateway_length).text);
	if (route.gateway_length) {
		memcpy(ret_hop, route.gateway, length);
		return 0;
	}
itself:
	memmove(ret_hop, destination, length);
	return 0;
}

static bool is_link_local(const uint8_t *address, size_t length)
{
	return length == 16 && address[0] == 0xfe && (address[1] & 0xc0) == 0x80;
}

/* What is done with the packet names lo; the table's own entry, whose address it is. */
static int owner_of(int index, const uint8_t *destination, size_t length)
{
	struct route route = { 0 };

	if (!is_link_local(destination, length) ||
		look_up_as(RTM_F_FIB_MATCH, index, destination, length, &route))
		return 0;
	return route.oif;
}

static int no_way(const uint8_t *destination, size_t length, int error, struct err *err)
{
	err_system(err, error, "no route to %s", address_text(destination, length).text);
	return -error;
}

int interface_route_read(int index, const uint8_t *destination, size_t length,
	struct interface_route *ret, struct err *err)
{
	struct route route = { 0 };
	int r = look_up(index, destination, length, &route);

	if (r)
		return no_way(destination, length,
			r == -EHOSTUNREACH || r == -EACCES || r == -EINVAL ? ENETUNREACH : -r, err);
	if (route.type != RTN_LOCAL && index && route.oif != index)
		return no_way(destination, length, ENETUNREACH, err);
	if (route.gateway_length && route.gateway_length != length)
		return no_way(destination, length, EAFNOSUPPORT, err);
	*ret = (struct interface_route){
		.index = route.oif,
		.local = route.type == RTN_LOCAL,
		.broadcast = route.type == RTN_BROADCAST,
		.has_gateway = route.gateway_length != 0,
		.has_source = route.source_length == length,
		.owner = route.type == RTN_LOCAL ? owner_of(index, destination, length) : 0,
		.mtu = route.mtu,
	};
	memcpy(ret->gateway, route.gateway, sizeof(ret->gateway));
	memcpy(ret->source, route.source, sizeof(ret->source));
	return 0;
}

/* RFC 1112 6.4: the low 23 bits; RFC 2464 7: the low 32. */
static void multicast_mac(const uint8_t *group, size_t length, uint8_t ret_mac[6])
{
	if (length == 4) {
		memcpy(ret_mac, "\x01\x00\x5e", 3);
		memcpy(ret_mac + 3, group + 1, 3);
		ret_mac[3] &= 0x7f;
	} else {
		memcpy(ret_mac, "\x33\x33", 2);
		memcpy(ret_mac + 2, group + 12, 4);
	}
}

/* A destination whose MAC follows from the address or the device, without asking anybody. */
static bool mac_without_neighbour(
	const struct interface *interface, const uint8_t *hop, size_t length, uint8_t ret_mac[6])
{
	struct route route = { 0 };

	if (interface->flags & IFF_LOOPBACK) {
		memset(ret_mac, 0, 6);
		return true;
	}
	if (is_multicast(hop, length)) {
		multicast_mac(hop, length, ret_mac);
		return true;
	}
	/* The routing table knows the broadcast addresses of the interface's networks. */
	if (is_limited_broadcast(hop, length) ||
		(length == 4 && !look_up(interface->index, hop, length, &route) &&
			route.type == RTN_BROADCAST)) {
		memset(ret_mac, 0xff, 6);
		return true;
	}
	return false;
}

struct neighbour {
	bool found;
	uint8_t mac[6];
};

/* States in which the kernel itself would use the MAC. */
#define NEIGHBOUR_VALID \
	(NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT | NUD_NOARP)

static int take_neighbour(const struct nlmsghdr *answer, void *context)
{
	struct neighbour *neighbour = context;
	const struct ndmsg *header = mnl_nlmsg_get_payload(answer);
	const struct nlattr *attributes[NDA_LLADDR + 1], *mac;

	netlink_attributes(answer, sizeof(*header), attributes, NDA_LLADDR);
	mac = attributes[NDA_LLADDR];
	neighbour->found = (header->ndm_state & NEIGHBOUR_VALID) && mac &&
			   mnl_attr_get_payload_len(mac) == sizeof(neighbour->mac);
	if (neighbour->found)
		memcpy(neighbour->mac, mnl_attr_get_payload(mac), sizeof(neighbour->mac));
	return MNL_CB_OK;
}

int interface_neighbour(const struct interface *interface, const uint8_t *hop, size_t length,
	uint8_t ret_mac[6], struct err *err)
{
	char buffer[NETLINK_REQUEST_SIZE];
	struct neighbour neighbour = { 0 };
	struct ndmsg *header;
	struct nlmsghdr *request;
	void *body;
	int r;

	if (mac_without_neighbour(interface, hop, length, ret_mac))
		return 0;
	request = netlink_request(buffer, RTM_GETNEIGH, 0, sizeof(*header), &body);
	header = body;
	header->ndm_family = (unsigned char)family_of(length);
	header->ndm_ifindex = interface->index;
	mnl_attr_put(request, NDA_DST, length, hop);
	r = netlink_call(NETLINK_ROUTE, request, take_neighbour, &neighbour);
	if (r && r != -ENOENT)
		return err_system(err, -r, "cannot read the neighbours of %s", interface->name);
	/* A device without ARP has no neighbours to tell apart: the kernel writes the device's own.
	 */
	if (!neighbour.found && (interface->flags & IFF_NOARP) && interface->has_mac) {
		memcpy(ret_mac, interface->mac, sizeof(interface->mac));
		return 0;
	}
	if (!neighbour.found)
		return err_system(err, ENOENT, "the MAC address of %s on %s is not known",
			address_text(hop, length).text, interface->name);
	memcpy(ret_mac, neighbour.mac, sizeof(neighbour.mac));
	return 0;
}
