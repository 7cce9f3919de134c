/* Finds the interfaces below others, by rtnetlink. */
#include "link/lower.h"

#include "base/err.h"
#include "link/netlink.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 16

static bool is_kind(const struct nlattr *kind, const char *name)
{
	return kind && !strcmp(mnl_attr_get_str(kind), name);
}

/* A VRF is a routing table: its devices stay what IP receives on. */
static bool is_port(const struct nlattr *const *attributes, const struct nlattr *const *info)
{
	return attributes[IFLA_MASTER] && !is_kind(info[IFLA_INFO_SLAVE_KIND], "vrf");
}

static bool takes_all(const struct nlattr *const *info)
{
	const struct nlattr *data[IFLA_MACVLAN_MODE + 1];

	if (!info[IFLA_INFO_DATA] || (!is_kind(info[IFLA_INFO_KIND], "macvlan") &&
					     !is_kind(info[IFLA_INFO_KIND], "macvtap")))
		return false;
	netlink_nested(info[IFLA_INFO_DATA], data, IFLA_MACVLAN_MODE);
	return data[IFLA_MACVLAN_MODE] &&
	       mnl_attr_get_u32(data[IFLA_MACVLAN_MODE]) == MACVLAN_MODE_PASSTHRU;
}

int interface_lower_of(const struct nlmsghdr *link)
{
	const struct ifinfomsg *body = mnl_nlmsg_get_payload(link);
	const struct nlattr *attributes[IFLA_LINK_NETNSID + 1];
	const struct nlattr *info[IFLA_INFO_SLAVE_KIND + 1] = { NULL };

	netlink_attributes(link, sizeof(*body), attributes, IFLA_LINK_NETNSID);
	if (attributes[IFLA_LINKINFO])
		netlink_nested(attributes[IFLA_LINKINFO], info, IFLA_INFO_SLAVE_KIND);
	if (is_port(attributes, info))
		return body->ifi_index;
	if (takes_all(info) && attributes[IFLA_LINK] && !attributes[IFLA_LINK_NETNSID])
		return (int)mnl_attr_get_u32(attributes[IFLA_LINK]);
	return 0;
}

struct indexes {
	int *at;
	size_t count, room;
};

static int make_room(struct indexes *indexes)
{
	size_t room = indexes->room ? 2 * indexes->room : FIRST_ROOM;
	int *at;

	if (indexes->count < indexes->room)
		return 0;
	at = realloc(indexes->at, room * sizeof(*at));
	if (!at)
		return -ENOMEM;
	indexes->at = at;
	indexes->room = room;
	return 0;
}

/* An answer may come twice. */
static int take_link(const struct nlmsghdr *answer, void *context)
{
	struct indexes *indexes = context;
	int index = interface_lower_of(answer);
	size_t i = indexes->count;

	if (!index)
		return MNL_CB_OK;
	while (i && indexes->at[i - 1] > index)
		i--;
	if (i && indexes->at[i - 1] == index)
		return MNL_CB_OK;
	if (make_room(indexes)) {
		errno = ENOMEM;
		return MNL_CB_ERROR;
	}
	memmove(indexes->at + i + 1, indexes->at + i, (indexes->count - i) * sizeof(*indexes->at));
	indexes->at[i] = index;
	indexes->count++;
	return MNL_CB_OK;
}

int interface_lower_read(int **ret, size_t *ret_count, struct err *err)
{
	char buffer[NETLINK_REQUEST_SIZE];
	struct indexes indexes = { 0 };
	void *body;
	struct nlmsghdr *request =
		netlink_request(buffer, RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg), &body);
	int r = netlink_call(NETLINK_ROUTE, request, take_link, &indexes);

	if (r) {
		free(indexes.at);
		return err_system(err, -r, "cannot read the interfaces that there are");
	}
	*ret = indexes.at;
	*ret_count = indexes.count;
	return 0;
}
