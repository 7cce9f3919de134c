/* What of an interface would get in the way of sending and capturing. */
#include "cli/doctor/doctor.h"

#include "link/backends.h"
#include "link/stamped.h"

#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check_kind(struct doctor *doctor, const struct interface *interface)
{
	const char *driver = interface->driver[0] ? interface->driver : "unknown";

	if (interface->arp_type == ARPHRD_LOOPBACK)
		doctor_find(
			doctor, LEVEL_OK, "kind", NULL, "loopback; frames carry MACs of all zeros");
	else if (interface->arp_type == ARPHRD_ETHER)
		doctor_find(doctor, LEVEL_OK, "kind", NULL, "Ethernet, driver %s", driver);
	else
		doctor_find(doctor, LEVEL_PROBLEM, "kind", "choose an Ethernet interface",
			"takes no Ethernet frames (ARP hardware type %u), driver %s",
			interface->arp_type, driver);
}

static void check_state(struct doctor *doctor, const struct interface *interface)
{
	const char *name = interface->name;

	if (!(interface->flags & IFF_UP)) {
		doctor_find(doctor, LEVEL_PROBLEM, "state",
			arena_printf(&doctor->common.arena, "sudo ip link set %s up", name),
			"down: sends nothing");
		return;
	}
	doctor_find(doctor, LEVEL_OK, "state", NULL, "up");
	if (interface->flags & IFF_LOWER_UP)
		doctor_find(doctor, LEVEL_OK, "carrier", NULL, "there is one");
	else
		doctor_find(doctor, LEVEL_PROBLEM, "carrier",
			"plug in the cable, or bring its other end up",
			"none: the kernel throws frames away");
}

static void check_addresses(struct doctor *doctor, const struct interface *interface)
{
	const uint8_t *mac = interface->mac;
	char text[INET6_ADDRSTRLEN];

	doctor_find(doctor, LEVEL_OK, "mtu", NULL, "%u: frames of at most %u octets",
		interface->mtu, interface->mtu + 14);
	if (interface->has_mac)
		doctor_find(doctor, LEVEL_OK, "mac", NULL, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
			mac[1], mac[2], mac[3], mac[4], mac[5]);
	else
		doctor_find(
			doctor, LEVEL_NOTE, "mac", "give eth.src in templates", "none for $if.mac");
	if (interface->has_ipv4)
		doctor_find(doctor, LEVEL_OK, "ipv4", NULL, "%s",
			inet_ntop(AF_INET, interface->ipv4, text, sizeof(text)));
	else
		doctor_find(doctor, LEVEL_NOTE, "ipv4",
			arena_printf(&doctor->common.arena,
				"give ipv4.src, or: sudo ip addr add 192.0.2.1/24 dev %s",
				interface->name),
			"none for $if.ipv4");
	if (interface->has_ipv6)
		doctor_find(doctor, LEVEL_OK, "ipv6", NULL, "%s",
			inet_ntop(AF_INET6, interface->ipv6, text, sizeof(text)));
	else
		doctor_find(doctor, LEVEL_NOTE, "ipv6", "give ipv6.src in templates",
			"none for $if.ipv6");
}

/* Who else answers what asks for an address of the interface. */
static void check_answers(struct doctor *doctor, const struct interface *interface)
{
	if (interface->has_ipv4 || interface->has_ipv6)
		doctor_find(doctor, LEVEL_NOTE, "answers",
			"let pktsmith respond answer for addresses that no host has",
			"the kernel answers ARP, neighbour solicitations and ping for its own "
			"addresses, RST to TCP and unreachable to UDP ports that nobody has");
	else
		doctor_find(doctor, LEVEL_OK, "answers", NULL,
			"no address here: pktsmith respond alone answers");
}

/* What an offload that is on does to what is sent or captured. */
static const struct offload {
	const char *feature, *about, *effect;
} offloads[] = {
	/* clang-format off */
	{ "tx-checksum-ip-generic",  "tx checksum", "the kernel's own frames are captured with unfinished checksums" },
	{ "tx-checksum-ipv4",        "tx checksum", "the kernel's own IPv4 frames are captured with unfinished checksums" },
	{ "tx-checksum-ipv6",        "tx checksum", "the kernel's own IPv6 frames are captured with unfinished checksums" },
	{ "tx-tcp-segmentation",     "TSO", "the kernel's own TCP is captured as frames of up to 64 KB" },
	{ "tx-generic-segmentation", "GSO", "the kernel's own TCP and UDP are captured as frames of up to 64 KB" },
	{ "rx-gro",                  "GRO", "received frames are merged before they are captured" },
	{ "rx-lro",                  "LRO", "received frames are merged by the device" },
	{ "rx-vlan-hw-parse",        "rx VLAN", "tags are taken off on receive; the capture puts them back" },
	{ "tx-vlan-hw-insert",       "tx VLAN", "the device puts in the tags of the kernel's VLAN interfaces" },
	/* clang-format on */
};

static void check_offload(struct doctor *doctor, const struct interface *interface,
	const struct offload *offload, const struct interface_feature *feature)
{
	const char *remedy = NULL;

	/* What the device has not is not worth a line. */
	if (!feature->active && !feature->changeable)
		return;
	if (!feature->active) {
		doctor_find(doctor, LEVEL_OK, offload->about, NULL, "off (%s)", feature->name);
		return;
	}
	if (feature->changeable)
		remedy = arena_printf(&doctor->common.arena,
			"sudo ethtool -K %s %s off; all at once, and back: scripts/nic-setup.sh %s "
			"prepare, restore",
			interface->name, feature->name, interface->name);
	doctor_find(doctor, LEVEL_NOTE, offload->about, remedy, "on (%s%s): %s", feature->name,
		feature->changeable ? "" : ", fixed by the driver", offload->effect);
}

static void check_offloads(struct doctor *doctor, const struct interface *interface)
{
	struct interface_feature *features;
	size_t count;
	struct err err;

	if (interface_features_read(interface, &features, &count, &err) < 0) {
		doctor_find(doctor, LEVEL_NOTE, "offloads", NULL, "cannot be read: %s", err.text);
		return;
	}
	for (size_t i = 0; i < sizeof(offloads) / sizeof(offloads[0]); i++)
		for (size_t j = 0; j < count; j++)
			if (!strcmp(offloads[i].feature, features[j].name))
				check_offload(doctor, interface, &offloads[i], &features[j]);
	free(features);
}

static void check_fcs(struct doctor *doctor, const struct interface *interface)
{
	struct err err;
	int rc = link_packet_probe_fcs(interface, &err);

	if (rc > 0)
		doctor_find(doctor, LEVEL_OK, "FCS", NULL,
			"sends frames with an FCS of ours (SO_NOFCS)");
	else if (rc == 0)
		doctor_find(doctor, LEVEL_NOTE, "FCS",
			"--fcs append puts the four octets after the payload; e1000, igb, ixgbe, "
			"igc and "
			"bnxt are drivers that can",
			"cannot send frames with an FCS of ours (SO_NOFCS refused): no fcs: bad on "
			"the wire");
	else
		doctor_find(doctor, LEVEL_NOTE, "FCS", NULL,
			"whether it takes an FCS of ours is not known: %s", err.text);
}

/* Whose times probe and others have. */
static void check_stamps(struct doctor *doctor, const struct interface *interface)
{
	enum stamp_source best = stamped_best(interface);

	if (best == STAMP_HARDWARE)
		doctor_find(doctor, LEVEL_OK, "time stamps", NULL, "by the device");
	else if (stamped_has_hardware(interface))
		doctor_find(doctor, LEVEL_NOTE, "time stamps",
			arena_printf(&doctor->common.arena,
				"sudo hwstamp_ctl -i %s -t 1 -r 1, or ethtool "
				"--set-hwtimestamp-cfg: probe then goes by the device's",
				interface->name),
			"by the kernel: the device's are there, and not switched on for all "
			"frames");
	else if (best == STAMP_KERNEL)
		doctor_find(doctor, LEVEL_OK, "time stamps", NULL,
			"by the kernel, as frames leave and arrive");
	else
		doctor_find(doctor, LEVEL_NOTE, "time stamps", NULL,
			"by the kernel, of what leaves before its queueing discipline: the driver "
			"makes none");
}

/* A number from a file of one line; -1 where there is none. */
static long read_number(const char *format, const char *name)
{
	char path[128];
	FILE *file;
	long number;

	snprintf(path, sizeof(path), format, name);
	file = fopen(path, "re");
	if (!file)
		return -1;
	if (fscanf(file, "%ld", &number) != 1)
		number = -1;
	fclose(file);
	return number;
}

static void check_rp_filter(struct doctor *doctor, const struct interface *interface)
{
	long all = read_number("/proc/sys/net/ipv4/conf/%s/rp_filter", "all");
	long own = read_number("/proc/sys/net/ipv4/conf/%s/rp_filter", interface->name);
	/* ip-sysctl: the larger of both counts; 1 is strict. */
	long value = all > own ? all : own;

	if (value == 1)
		doctor_find(doctor, LEVEL_NOTE, "rp_filter",
			arena_printf(&doctor->common.arena,
				"sudo sysctl net.ipv4.conf.%s.rp_filter=2", interface->name),
			"strict: the kernel takes no IPv4 from sources it has no route back to "
			"here; "
			"a capture sees it all the same");
	else if (value >= 0)
		doctor_find(doctor, LEVEL_OK, "rp_filter", NULL, "%s", value ? "loose" : "off");
}

static void check_kernel_answers(struct doctor *doctor, const struct interface *interface)
{
	char ipv4[INET_ADDRSTRLEN] = "", ipv6[INET6_ADDRSTRLEN] = "";

	if (interface->has_ipv4)
		inet_ntop(AF_INET, interface->ipv4, ipv4, sizeof(ipv4));
	if (interface->has_ipv6)
		inet_ntop(AF_INET6, interface->ipv6, ipv6, sizeof(ipv6));
	if (!*ipv4 && !*ipv6) {
		doctor_find(doctor, LEVEL_OK, "RST", NULL,
			"the kernel owns no address here, and answers nothing");
		return;
	}
	doctor_find(doctor, LEVEL_NOTE, "RST",
		"let `pktsmith tcp' and `udp' speak, which keep it silent at their port; or give "
		"`send' a source of the same network that no host owns",
		"the kernel owns %s%s%s: it answers what comes back for `send' by RST, or by "
		"\"port unreachable\"",
		ipv4, *ipv4 && *ipv6 ? " and " : "", ipv6);
}

/* Paired and stacked interfaces name their other by index, others themselves; a peer in another
 * namespace may have just our number there. */
static void check_peer(struct doctor *doctor, const struct interface *interface)
{
	long peer = read_number("/sys/class/net/%s/iflink", interface->name);
	bool elsewhere = peer == interface->index && !strcmp(interface->driver, "veth");
	char name[IF_NAMESIZE];

	if (peer <= 0 || (peer == interface->index && !elsewhere))
		return;
	if (!elsewhere && if_indextoname((unsigned int)peer, name) &&
		read_number("/sys/class/net/%s/iflink", name) == interface->index)
		doctor_find(doctor, LEVEL_OK, "peer", NULL, "%s", name);
	else
		doctor_find(doctor, LEVEL_OK, "peer", NULL,
			"interface %ld of another network namespace", peer);
}

void doctor_interface(struct doctor *doctor, const struct interface *interface)
{
	check_kind(doctor, interface);
	check_state(doctor, interface);
	check_peer(doctor, interface);
	check_addresses(doctor, interface);
	check_answers(doctor, interface);
	check_offloads(doctor, interface);
	check_fcs(doctor, interface);
	check_stamps(doctor, interface);
	check_rp_filter(doctor, interface);
	check_kernel_answers(doctor, interface);
}
