/* All protocols. To add one: write src/wire/NAME.c and add its line here. */
#include "wire/wire.h"

#include <string.h>

/* clang-format off */
#define PROTOCOLS(X) \
	X(eth) \
	X(vlan) \
	X(svlan) \
	X(macsec) \
	X(mac_control) \
	X(lldp) \
	X(slow) \
	X(lacp) \
	X(eapol) \
	X(eap) \
	X(pppoe_discovery) \
	X(pppoe) \
	X(hdlc) \
	X(ppp) \
	X(lcp) \
	X(ipcp) \
	X(ipv6cp) \
	X(pap) \
	X(chap) \
	X(cfm) \
	X(wake_on_lan) \
	X(loopback) \
	X(llc) \
	X(snap) \
	X(stp) \
	X(cdp) \
	X(mpls) \
	X(arp) \
	X(ipv4) \
	X(ipv6) \
	X(hopopts) \
	X(routing) \
	X(fragment) \
	X(dstopts) \
	X(ah) \
	X(esp) \
	X(ipcomp) \
	X(icmp) \
	X(icmpv6) \
	X(icmp_extension) \
	X(igmp) \
	X(gre) \
	X(erspan) \
	X(erspan3) \
	X(udp) \
	X(udplite) \
	X(tcp) \
	X(sctp) \
	X(dccp) \
	X(vxlan) \
	X(geneve) \
	X(dns) \
	X(nbns) \
	X(dhcp) \
	X(tftp) \
	X(snmp) \
	X(gtpu) \
	X(gtpu_session) \
	X(l2tp) \
	X(l2tp3) \
	X(ospf) \
	X(ospf3) \
	X(rip) \
	X(ripng) \
	X(vrrp) \
	X(vrrp6) \
	X(hsrp) \
	X(bfd) \
	X(eigrp) \
	X(pim) \
	X(ptp) \
	X(ntp) \
	X(dhcpv6) \
	X(radius) \
	X(rtp) \
	X(rtcp) \
	X(syslog) \
	X(http) \
	X(sip) \
	X(ssdp) \
	X(modbus) \
	X(payload)
/* clang-format on */

#define DECLARE(name) extern const struct wire_protocol wire_##name;
PROTOCOLS(DECLARE)

#define LIST(name) &wire_##name,
const struct wire_protocol *const wire_protocols[] = { PROTOCOLS(LIST) NULL };

const struct wire_protocol *wire_protocol_find(const char *name)
{
	for (const struct wire_protocol *const *p = wire_protocols; *p; p++)
		if (!strcmp((*p)->header.name, name))
			return *p;
	return NULL;
}

const struct wire_protocol *wire_protocol_next(enum wire_space space, uint64_t number)
{
	for (const struct wire_protocol *const *p = wire_protocols; *p; p++) {
		const struct wire_bind *bind = (*p)->binds;

		for (; bind && bind->space != WIRE_SPACE_NONE; bind++)
			if (bind->space == space && bind->number == number)
				return *p;
	}
	return NULL;
}

const struct wire_protocol *wire_protocol_over(
	enum wire_space space, uint64_t number, unsigned int ip)
{
	const struct wire_protocol *protocol = NULL;

	if (space == WIRE_IP_PROTOCOL && ip == 6)
		protocol = wire_protocol_next(WIRE_IPV6_PROTOCOL, number);
	return protocol ? protocol : wire_protocol_next(space, number);
}

unsigned int wire_ip_version(const struct wire_protocol *protocol)
{
	int src = protocol->ip ? wire_field_find(&protocol->header, "src") : -1;

	if (src < 0)
		return 0;
	return protocol->header.fields[src].kind == WIRE_IPV4 ? 4 : 6;
}

bool wire_protocol_number(
	const struct wire_protocol *protocol, enum wire_space space, uint64_t *ret)
{
	const struct wire_bind *bind = protocol->binds;

	for (; bind && bind->space != WIRE_SPACE_NONE; bind++) {
		if (bind->space == space ||
			(space == WIRE_IP_PROTOCOL && bind->space == WIRE_IPV6_PROTOCOL)) {
			*ret = bind->number;
			return true;
		}
	}
	return false;
}

const char *wire_space_name(enum wire_space space)
{
#define NAME(row, name) [row] = (name),
	static const char *const names[] = { [WIRE_SPACE_NONE] = "", WIRE_SPACES(NAME) };

	return names[space];
}
