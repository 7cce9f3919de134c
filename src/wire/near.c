/* Which protocol or field a name may have meant that no table has. */
#include "wire/wire.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

#define NAMES_MAX 256

/* What Scapy, tshark and tcpdump call them, where no letter or two of ours lead there. */
static const struct {
	const char *theirs, *ours;
} called[] = {
	{ "ether", "eth" },
	{ "ethernet", "eth" },
	{ "dot1q", "vlan" },
	{ "8021q", "vlan" },
	{ "dot1ad", "svlan" },
	{ "8021ad", "svlan" },
	{ "ip", "ipv4" },
	{ "icmp6", "icmpv6" },
	{ "icmpv6echorequest", "icmpv6" },
	{ "icmpv6echoreply", "icmpv6" },
	{ "bootp", "dhcp" },
	{ "raw", "payload" },
	{ "data", "payload" },
};

const char *wire_protocol_near(const char *name)
{
	const char *names[NAMES_MAX];
	size_t count = 0;

	for (size_t i = 0; i < sizeof(called) / sizeof(called[0]); i++)
		if (!strcasecmp(called[i].theirs, name))
			return called[i].ours;
	for (; count < NAMES_MAX && wire_protocols[count]; count++)
		names[count] = wire_protocols[count]->header.name;
	return text_nearest(name, names, count);
}

const char *wire_field_near(const struct wire_record *record, const char *name)
{
	const char *names[NAMES_MAX];
	size_t count = 0;

	for (; count < NAMES_MAX && count < record->count; count++)
		names[count] = record->fields[count].name;
	return text_nearest(name, names, count);
}
