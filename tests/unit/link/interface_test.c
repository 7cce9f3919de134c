/* Facts about interfaces, held against what ip and ethtool print. The first ones need no privilege.
 */
#include "link/interface.h"

#include "base/err.h"

#include "../../support/lab.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../support/skip.h"

static struct interface facts_of(const char *name)
{
	struct interface interface;
	struct err err = { 0 };

	if (interface_read(name, &interface, &err))
		fail_msg("%s", err.text);
	return interface;
}

static void loopback_has_the_facts_that_everybody_knows(void **state)
{
	struct interface lo = facts_of("lo");

	(void)state;
	assert_string_equal(lo.name, "lo");
	assert_int_equal(lo.index, support_number("cat /sys/class/net/lo/ifindex"));
	assert_int_equal(lo.mtu, support_number("cat /sys/class/net/lo/mtu"));
	assert_int_equal(lo.arp_type, ARPHRD_LOOPBACK);
	assert_true(lo.flags & IFF_LOOPBACK);
	assert_true(lo.has_mac);
	assert_memory_equal(lo.mac, "\0\0\0\0\0\0", 6);
	assert_string_equal(lo.driver, "");
}

static void an_unknown_name_is_answered_with_the_nearest(void **state)
{
	struct interface interface = { .index = 77 };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(interface_read("lp", &interface, &err), -ENODEV);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_string_equal(err.text, "no such interface \"lp\"; did you mean \"lo\"?");
	assert_int_equal(interface.index, 77);
}

static void a_name_like_none_gets_no_guess(void **state)
{
	struct interface interface;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(interface_read("qqqqqqq", &interface, &err), -ENODEV);
	assert_string_equal(
		err.text, "no such interface \"qqqqqqq\"; `ip link` lists those there are");
	assert_int_equal(interface_read("", &interface, NULL), -ENODEV);
	assert_int_equal(interface_read("a-name-of-more-than-fifteen", &interface, NULL), -ENODEV);
	assert_int_equal(interface_read("../../etc/passwd", &interface, NULL), -ENODEV);
}

static void an_index_that_is_gone_is_enodev(void **state)
{
	struct interface_counters counters;
	unsigned int flags;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(interface_flags_read(0x7ffffff0, &flags, &err), -ENODEV);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_int_equal(interface_counters_read(0x7ffffff0, &counters, NULL), -ENODEV);
}

/* Every line of ethtool -k, "tx-checksumming: on" being a group that is no feature of the kernel.
 */
static void features_are_those_that_ethtool_shows(void **state)
{
	struct interface lo = facts_of("lo");
	struct interface_feature *features;
	size_t count, seen = 0;
	char line[128];
	FILE *ethtool;

	(void)state;
	assert_int_equal(interface_features_read(&lo, &features, &count, NULL), 0);
	assert_true(count > 40);
	ethtool = popen("ethtool -k lo", "r");
	assert_non_null(ethtool);
	while (fgets(line, sizeof(line), ethtool)) {
		char name[64], value[8];

		if (sscanf(line, " %63[^:]: %7s", name, value) != 2)
			continue;
		for (size_t i = 0; i < count; i++) {
			if (strcmp(features[i].name, name))
				continue;
			assert_int_equal(features[i].active, !strcmp(value, "on"));
			assert_int_equal(features[i].changeable, !strstr(line, "[fixed]"));
			seen++;
		}
	}
	pclose(ethtool);
	assert_true(seen > 30);
	free(features);
}

static void the_mac_of_loopback_is_all_zeros_for_anybody(void **state)
{
	struct interface lo = facts_of("lo");
	const uint8_t address[4] = { 127, 0, 0, 1 };
	uint8_t hop[4], mac[6] = { 1 };

	(void)state;
	assert_int_equal(interface_next_hop(&lo, address, 4, hop, NULL), 0);
	assert_memory_equal(hop, address, 4);
	assert_int_equal(interface_neighbour(&lo, hop, 4, mac, NULL), 0);
	assert_memory_equal(mac, "\0\0\0\0\0\0", 6);
}

/* From here on in the lab. */

static int lab_up(void **state)
{
	(void)state;
	support_lab_reset();
	return !support_run(
		"sysctl -w net.ipv6.conf.va.disable_ipv6=0 net.ipv6.conf.vb.disable_ipv6=0 && "
		"ip addr add 10.9.0.1/24 dev va && ip addr add 2001:db8:9::1/64 dev va nodad");
}

static void a_veth_has_its_driver_addresses_and_flags(void **state)
{
	struct interface va = facts_of("va");

	(void)state;
	assert_string_equal(va.driver, "veth");
	assert_int_equal(va.rx_queues, 1);
	assert_int_equal(va.arp_type, ARPHRD_ETHER);
	assert_int_equal(va.mtu, 1500);
	assert_memory_equal(va.mac, "\x02\0\0\0\0\x0a", 6);
	assert_true(va.has_ipv4);
	assert_memory_equal(va.ipv4, "\x0a\x09\0\x01", 4);
	assert_true(va.has_ipv6);
	assert_memory_equal(va.ipv6, "\x20\x01\x0d\xb8\0\x09\0\0\0\0\0\0\0\0\0\x01", 16);
	assert_int_equal(va.flags & (IFF_UP | IFF_RUNNING | IFF_LOWER_UP),
		IFF_UP | IFF_RUNNING | IFF_LOWER_UP);
}

static void an_interface_without_addresses_has_none(void **state)
{
	struct interface vb = facts_of("vb");

	(void)state;
	assert_false(vb.has_ipv4);
	assert_false(vb.has_ipv6);
	assert_true(vb.has_mac);
}

static void an_alternative_name_is_a_name(void **state)
{
	struct interface va;

	(void)state;
	if (!support_run("ip link property add dev va altname a-name-of-more-than-fifteen && "
			 "ip link property add dev va altname short"))
		skip();
	va = facts_of("a-name-of-more-than-fifteen");
	assert_string_equal(va.name, "va");
	va = facts_of("short");
	assert_string_equal(va.name, "va");
}

static void the_first_address_of_the_widest_scope_is_taken(void **state)
{
	struct interface vb;

	(void)state;
	assert_true(support_run("ip addr add 169.254.7.7/16 dev vb && "
				"ip addr add fe80::7/64 dev vb nodad"));
	vb = facts_of("vb");
	assert_memory_equal(vb.ipv4, "\xa9\xfe\x07\x07", 4); /* there is no other */
	assert_memory_equal(vb.ipv6, "\xfe\x80", 2);
	assert_true(
		support_run("ip addr add 10.1.1.1/24 dev vb && ip addr add 10.2.2.2/24 dev vb && "
			    "ip addr add 2001:db8::d/64 dev vb nodad preferred_lft 0 && "
			    "ip addr add 2001:db8::7/64 dev vb nodad"));
	vb = facts_of("vb");
	assert_memory_equal(vb.ipv4, "\x0a\x01\x01\x01", 4);
	assert_memory_equal(vb.ipv6, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07", 16);
}

static void the_address_of_a_point_to_point_link_is_our_end(void **state)
{
	(void)state;
	assert_true(support_run("ip addr add 10.3.0.1 peer 10.3.0.2 dev vb"));
	assert_memory_equal(facts_of("vb").ipv4, "\x0a\x03\0\x01", 4);
}

static void counters_and_flags_are_the_kernels(void **state)
{
	struct interface va = facts_of("va");
	struct interface_counters counters;
	uint64_t packets, octets;
	unsigned int flags;

	(void)state;
	/* Both ends may speak by themselves meanwhile. */
	assert_true(support_run("ping -c 2 -W 1 10.9.0.77; true"));
	packets = support_counter("va", "tx_packets");
	octets = support_counter("va", "tx_bytes");
	assert_int_equal(interface_counters_read(va.index, &counters, NULL), 0);
	assert_true(packets > 0 && octets >= 42 * packets);
	assert_in_range(counters.tx_packets, packets, support_counter("va", "tx_packets"));
	assert_in_range(counters.tx_bytes, octets, support_counter("va", "tx_bytes"));
	assert_in_range(counters.rx_packets, 0, support_counter("va", "rx_packets"));
	assert_int_equal(counters.tx_dropped, support_counter("va", "tx_dropped"));
	assert_true(support_run("ip link set vb down"));
	assert_true(support_wait_carrier("va", false));
	assert_int_equal(interface_flags_read(va.index, &flags, NULL), 0);
	assert_int_equal(flags & (IFF_UP | IFF_LOWER_UP), IFF_UP);
}

/* The next hop of destination on interface, in hex; or the error. */
static const char *hop_of(const char *interface, const uint8_t *destination, size_t length)
{
	static char text[sizeof(((struct err *)0)->text) + 32];
	struct interface facts = facts_of(interface);
	struct err err = { 0 };
	uint8_t hop[16] = { 0 };
	int r = interface_next_hop(&facts, destination, length, hop, &err);

	if (r) {
		snprintf(text, sizeof(text), "%s: %s", strerrorname_np(-r), err.text);
		return text;
	}
	for (size_t i = 0; i < length; i++)
		snprintf(text + 2 * i, 3, "%02x", hop[i]);
	return text;
}

#define IPV4(a, b, c, d) (const uint8_t[]){ a, b, c, d }, 4

static void the_next_hop_is_the_destination_or_the_gateway(void **state)
{
	(void)state;
	assert_string_equal(hop_of("va", IPV4(10, 9, 0, 7)), "0a090007");
	assert_string_equal(hop_of("va", IPV4(8, 8, 8, 8)),
		"ENETUNREACH: no route to 8.8.8.8 out of va: Network is unreachable; give the MAC "
		"address in the template, or add a route: sudo ip route add");
	assert_true(support_run("ip route add default via 10.9.0.254"));
	assert_string_equal(hop_of("va", IPV4(8, 8, 8, 8)), "0a0900fe");
	assert_string_equal(hop_of("va", IPV4(10, 9, 0, 7)), "0a090007");
	assert_true(support_run("ip route add unreachable 10.66.0.0/16 && "
				"ip route add blackhole 10.67.0.0/16"));
	assert_memory_equal(hop_of("va", IPV4(10, 66, 0, 1)), "ENETUNREACH", 11);
	assert_memory_equal(hop_of("va", IPV4(10, 67, 0, 1)), "ENETUNREACH", 11);
	/* The default route leads elsewhere. */
	assert_memory_equal(hop_of("vb", IPV4(8, 8, 8, 8)), "ENETUNREACH", 11);
}

static void the_routes_of_other_interfaces_do_not_count(void **state)
{
	(void)state;
	assert_true(support_run("ip addr add 10.8.0.1/24 dev vb && "
				"ip route add 10.50.0.0/16 via 10.8.0.254 dev vb && "
				"ip route add default via 10.9.0.254 dev va"));
	assert_string_equal(hop_of("va", IPV4(10, 50, 0, 1)), "0a0900fe");
	assert_string_equal(hop_of("vb", IPV4(10, 50, 0, 1)), "0a0800fe");
}

static void broadcast_multicast_and_own_addresses_are_themselves(void **state)
{
	(void)state;
	assert_string_equal(hop_of("va", IPV4(255, 255, 255, 255)), "ffffffff");
	assert_string_equal(hop_of("va", IPV4(10, 9, 0, 255)), "0a0900ff");
	assert_string_equal(hop_of("va", IPV4(224, 0, 0, 251)), "e00000fb");
	assert_string_equal(hop_of("va", IPV4(10, 9, 0, 1)), "0a090001");
	/* On the other interface it is an address like any other. */
	assert_memory_equal(hop_of("vb", IPV4(10, 9, 0, 1)), "ENETUNREACH", 11);
	assert_true(support_run("ip addr add 10.9.0.2/24 dev vb"));
	assert_string_equal(hop_of("vb", IPV4(10, 9, 0, 1)), "0a090001");
}

static void a_gateway_of_the_other_ip_version_is_said(void **state)
{
	(void)state;
	if (!support_run("ip route add 10.70.0.0/16 via inet6 fe80::1 dev va"))
		skip();
	assert_string_equal(hop_of("va", IPV4(10, 70, 0, 1)),
		"EAFNOSUPPORT: 10.70.0.1 goes through a gateway of the other IP version, fe80::1: "
		"Address family not supported by protocol");
}

static const uint8_t on_link_ipv6[16] = { 0x20, 1, 0x0d, 0xb8, 0, 9, [15] = 7 };
static const uint8_t far_ipv6[16] = { 0x20, 1, 0x0d, 0xb8, 0, 0x77, [15] = 1 };
static const uint8_t group_ipv6[16] = { 0xff, 2, [11] = 1, 0xff, 1, 2, 3 };

static void ipv6_has_next_hops_too(void **state)
{
	(void)state;
	assert_string_equal(hop_of("va", on_link_ipv6, 16), "20010db8000900000000000000000007");
	assert_memory_equal(hop_of("va", far_ipv6, 16), "ENETUNREACH", 11);
	assert_true(support_run("ip -6 route add default via fe80::9 dev va"));
	assert_string_equal(hop_of("va", far_ipv6, 16), "fe800000000000000000000000000009");
	assert_memory_equal(hop_of("vb", far_ipv6, 16), "ENETUNREACH", 11);
	assert_string_equal(hop_of("vb", group_ipv6, 16), "ff0200000000000000000001ff010203");
}

static int mac_of(
	const char *interface, const uint8_t *hop, size_t length, uint8_t mac[6], struct err *err)
{
	struct interface facts = facts_of(interface);

	return interface_neighbour(&facts, hop, length, mac, err);
}

static void multicast_and_broadcast_macs_follow_from_the_address(void **state)
{
	uint8_t mac[6];

	(void)state;
	/* RFC 1112 6.4: the 24th bit is not carried over. */
	assert_int_equal(mac_of("va", IPV4(239, 0xff, 1, 2), mac, NULL), 0);
	assert_memory_equal(mac, "\x01\x00\x5e\x7f\x01\x02", 6);
	assert_int_equal(mac_of("va", group_ipv6, 16, mac, NULL), 0);
	assert_memory_equal(mac, "\x33\x33\xff\x01\x02\x03", 6);
	assert_int_equal(mac_of("va", IPV4(255, 255, 255, 255), mac, NULL), 0);
	assert_memory_equal(mac, "\xff\xff\xff\xff\xff\xff", 6);
	memset(mac, 0, sizeof(mac));
	assert_int_equal(mac_of("va", IPV4(10, 9, 0, 255), mac, NULL), 0);
	assert_memory_equal(mac, "\xff\xff\xff\xff\xff\xff", 6);
}

static void neighbours_in_a_valid_state_are_known(void **state)
{
	static const char *const valid[] = { "permanent", "reachable", "stale", "delay", "probe",
		"noarp" };
	uint8_t mac[6];

	(void)state;
	for (size_t i = 0; i < sizeof(valid) / sizeof(valid[0]); i++) {
		assert_true(
			support_run("ip neigh replace 10.9.0.2 lladdr 02:00:00:00:00:%02zx dev va "
				    "nud %s",
				0x20 + i, valid[i]));
		assert_int_equal(mac_of("va", IPV4(10, 9, 0, 2), mac, NULL), 0);
		assert_memory_equal(mac, "\x02\0\0\0\0", 5);
		assert_int_equal(mac[5], 0x20 + i);
	}
	assert_true(support_run("ip neigh add 2001:db8:9::7 lladdr 02:00:00:00:00:66 dev va"));
	assert_int_equal(mac_of("va", on_link_ipv6, 16, mac, NULL), 0);
	assert_memory_equal(mac, "\x02\0\0\0\0\x66", 6);
}

static void neighbours_that_are_unknown_failed_or_elsewhere_are_not(void **state)
{
	struct err err = { 0 };
	uint8_t mac[6] = { 9 };

	(void)state;
	assert_int_equal(mac_of("va", IPV4(10, 9, 0, 3), mac, &err), -ENOENT);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_string_equal(err.text,
		"the MAC address of 10.9.0.3 on va is not known: No such file or directory");
	assert_true(support_run("ip neigh replace 10.9.0.3 dev va nud failed"));
	assert_int_equal(mac_of("va", IPV4(10, 9, 0, 3), mac, NULL), -ENOENT);
	assert_true(support_run("ip neigh replace 10.9.0.4 lladdr 02:00:00:00:00:44 dev va"));
	assert_int_equal(mac_of("vb", IPV4(10, 9, 0, 4), mac, NULL), -ENOENT);
	assert_int_equal(mac[0], 9);
}

static void a_device_without_arp_writes_its_own_mac(void **state)
{
	uint8_t mac[6];

	(void)state;
	assert_true(support_run("ip link set va arp off"));
	assert_int_equal(mac_of("va", IPV4(10, 9, 0, 3), mac, NULL), 0);
	assert_memory_equal(mac, "\x02\0\0\0\0\x0a", 6);
	assert_true(support_run("ip neigh replace 10.9.0.3 lladdr 02:00:00:00:00:33 dev va"));
	assert_int_equal(mac_of("va", IPV4(10, 9, 0, 3), mac, NULL), 0);
	assert_memory_equal(mac, "\x02\0\0\0\0\x33", 6);
}

/* The last test: the interfaces go with the namespace. */
static void many_interfaces_are_read_in_parts(void **state)
{
	struct interface interface;
	struct err err = { 0 };

	(void)state;
	assert_true(support_run("for i in $(seq 100); do echo link add many$i type veth; done | "
				"ip -batch -"));
	assert_true(support_run("ip addr add 10.44.0.1/24 dev many100"));
	assert_memory_equal(facts_of("many100").ipv4, "\x0a\x2c\0\x01", 4);
	assert_int_equal(interface_read("many1000", &interface, &err), -ENODEV);
	assert_string_equal(err.text, "no such interface \"many1000\"; did you mean \"many100\"?");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, lab_up)
	struct CMUnitTest tests[] = {
		cmocka_unit_test(loopback_has_the_facts_that_everybody_knows),
		cmocka_unit_test(an_unknown_name_is_answered_with_the_nearest),
		cmocka_unit_test(a_name_like_none_gets_no_guess),
		cmocka_unit_test(an_index_that_is_gone_is_enodev),
		cmocka_unit_test(features_are_those_that_ethtool_shows),
		cmocka_unit_test(the_mac_of_loopback_is_all_zeros_for_anybody),
		TEST(a_veth_has_its_driver_addresses_and_flags),
		TEST(an_interface_without_addresses_has_none),
		TEST(an_alternative_name_is_a_name),
		TEST(the_first_address_of_the_widest_scope_is_taken),
		TEST(the_address_of_a_point_to_point_link_is_our_end),
		TEST(counters_and_flags_are_the_kernels),
		TEST(the_next_hop_is_the_destination_or_the_gateway),
		TEST(the_routes_of_other_interfaces_do_not_count),
		TEST(broadcast_multicast_and_own_addresses_are_themselves),
		TEST(a_gateway_of_the_other_ip_version_is_said),
		TEST(ipv6_has_next_hops_too),
		TEST(multicast_and_broadcast_macs_follow_from_the_address),
		TEST(neighbours_in_a_valid_state_are_known),
		TEST(neighbours_that_are_unknown_failed_or_elsewhere_are_not),
		TEST(a_device_without_arp_writes_its_own_mac),
		TEST(many_interfaces_are_read_in_parts),
	};
	size_t unprivileged = 6;

	if (!support_lab_enter())
		support_skip_all(
			tests + unprivileged, sizeof(tests) / sizeof(tests[0]) - unprivileged);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
