/* lower: which interfaces are below others, as the kernel tells of links; then of a real one. */
#include "link/lower.h"

#include "base/err.h"
#include "link/netlink.h"

#include "../../support/lab.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../support/skip.h"

#define SIZE 1024

/* What rtnetlink(7) says of the link of index 7. */
static struct nlmsghdr *link_begin(void *buffer)
{
	struct nlmsghdr *link;
	struct ifinfomsg *body;

	memset(buffer, 0, SIZE);
	link = mnl_nlmsg_put_header(buffer);
	link->nlmsg_type = RTM_NEWLINK;
	body = mnl_nlmsg_put_extra_header(link, sizeof(*body));
	body->ifi_index = 7;
	mnl_attr_put_strz(link, IFLA_IFNAME, "eth0");
	return link;
}

static void put_master(struct nlmsghdr *link, const char *kind)
{
	struct nlattr *info;

	mnl_attr_put_u32(link, IFLA_MASTER, 9);
	info = mnl_attr_nest_start(link, IFLA_LINKINFO);
	mnl_attr_put_strz(link, IFLA_INFO_KIND, "veth");
	mnl_attr_put_strz(link, IFLA_INFO_SLAVE_KIND, kind);
	mnl_attr_nest_end(link, info);
}

static void put_macvlan(struct nlmsghdr *link, const char *kind, uint32_t mode)
{
	struct nlattr *info, *data;

	mnl_attr_put_u32(link, IFLA_LINK, 5);
	info = mnl_attr_nest_start(link, IFLA_LINKINFO);
	mnl_attr_put_strz(link, IFLA_INFO_KIND, kind);
	data = mnl_attr_nest_start(link, IFLA_INFO_DATA);
	mnl_attr_put_u32(link, IFLA_MACVLAN_MODE, mode);
	mnl_attr_nest_end(link, data);
	mnl_attr_nest_end(link, info);
}

static void ports_of_switches_and_bundles_are_below_them(void **state)
{
	static const char *const kinds[] = { "bridge", "bond", "team", "openvswitch" };
	char buffer[SIZE] __attribute__((aligned(8)));

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct nlmsghdr *link = link_begin(buffer);

		put_master(link, kinds[i]);
		assert_int_equal(interface_lower_of(link), 7);
	}
	assert_int_equal(interface_lower_of(link_begin(buffer)), 0);
}

static void devices_of_a_vrf_receive_themselves(void **state)
{
	char buffer[SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *link = link_begin(buffer);

	(void)state;
	put_master(link, "vrf");
	assert_int_equal(interface_lower_of(link), 0);
}

static void a_macvlan_that_passes_all_is_above_its_device(void **state)
{
	char buffer[SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *link;

	(void)state;
	link = link_begin(buffer);
	put_macvlan(link, "macvlan", MACVLAN_MODE_PASSTHRU);
	assert_int_equal(interface_lower_of(link), 5);
	link = link_begin(buffer);
	put_macvlan(link, "macvtap", MACVLAN_MODE_PASSTHRU);
	assert_int_equal(interface_lower_of(link), 5);
	link = link_begin(buffer);
	put_macvlan(link, "macvlan", MACVLAN_MODE_BRIDGE);
	assert_int_equal(interface_lower_of(link), 0);
	link = link_begin(buffer);
	put_macvlan(link, "vlan", MACVLAN_MODE_PASSTHRU);
	assert_int_equal(interface_lower_of(link), 0);
	link = link_begin(buffer);
	put_macvlan(link, "macvlan", MACVLAN_MODE_PASSTHRU);
	mnl_attr_put_u32(link, IFLA_LINK_NETNSID, 0); /* the 5 of another namespace */
	assert_int_equal(interface_lower_of(link), 0);
}

static size_t lower_read(int **ret)
{
	struct err err = { 0 };
	size_t count = 99;

	if (interface_lower_read(ret, &count, &err))
		fail_msg("%s", err.text);
	return count;
}

static void the_kernel_says_the_same(void **state)
{
	int *lower = NULL;

	(void)state;
	assert_int_equal(lower_read(&lower), 0);
	free(lower);
	if (!support_run("ip link add link va name above type macvlan mode passthru"))
		skip();
	lower = NULL;
	assert_int_equal(lower_read(&lower), 1);
	assert_int_equal(lower[0], support_number("cat /sys/class/net/va/ifindex"));
	free(lower);
	assert_true(support_run("ip link del above"));
}

int main(void)
{
	struct CMUnitTest tests[] = {
		cmocka_unit_test(ports_of_switches_and_bundles_are_below_them),
		cmocka_unit_test(devices_of_a_vrf_receive_themselves),
		cmocka_unit_test(a_macvlan_that_passes_all_is_above_its_device),
		cmocka_unit_test(the_kernel_says_the_same),
	};

	if (!support_lab_enter())
		support_skip_all(tests + 3, 1);
	return cmocka_run_group_tests_name("lower", tests, NULL, NULL);
}
