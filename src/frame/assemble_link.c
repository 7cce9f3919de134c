/* libnet's builders of the link layer, and of the protocols right above it. */
#include "frame/assemble.h"

/* ---- Ethernet ---- */

static int build_eth(struct assembly *a)
{
	return libnet_build_ethernet(
		address(a, "dst"), address(a, "src"), number16(a, "type"), NULL, 0, a->libnet, 0);
}

/* libnet's 802.1Q block holds the MACs as well: it fits the tag right behind the Ethernet header,
 * and only that. */
static int build_vlan(struct assembly *a)
{
	const struct view_layer *eth = layer_of(a) - 1;
	const uint8_t *macs;

	if (a->index == 0 || eth->protocol != &wire_eth)
		return BUILT_NOT;
	macs = a->view->octets + eth->header.offset;
	a->used = 2;
	return libnet_build_802_1q(macs, macs + 6, (uint16_t)number_in(a->view, eth, "type"),
		number8(a, "pcp"), number8(a, "dei"), number16(a, "id"), number16(a, "type"), NULL,
		0, a->libnet, 0);
}

static int build_arp(struct assembly *a)
{
	/* libnet copies as many octets of each address as these say. */
	if (number(a, "hlen") != 6 || number(a, "plen") != 4)
		return BUILT_NOT;
	return libnet_build_arp(number16(a, "htype"), number16(a, "ptype"), number8(a, "hlen"),
		number8(a, "plen"), number16(a, "op"), address(a, "sha"), address(a, "spa"),
		address(a, "tha"), address(a, "tpa"), NULL, 0, a->libnet, 0);
}

static int build_mpls(struct assembly *a)
{
	return libnet_build_mpls(number32(a, "label"), number8(a, "tc"), number8(a, "s"),
		number8(a, "ttl"), NULL, 0, a->libnet, 0);
}

static int build_eapol(struct assembly *a)
{
	return libnet_build_802_1x(number8(a, "version"), number8(a, "type"), number16(a, "length"),
		NULL, 0, a->libnet, 0);
}

/* ---- LLC ---- */

#define LLC_LENGTH 3 /* without a second octet of control, IEEE 802.2 5.4 */

static int build_llc(struct assembly *a)
{
	if (rest(a, LLC_LENGTH) < 0)
		return BUILT_FAILED;
	return libnet_build_802_2(number8(a, "dsap"), number8(a, "ssap"), number8(a, "control"),
		NULL, 0, a->libnet, 0);
}

/* libnet's SNAP block holds the LLC header as well, of unnumbered information. */
static int build_snap(struct assembly *a)
{
	const struct view_layer *llc = layer_of(a) - 1;
	uint8_t oui[3];

	if (a->index == 0 || llc->protocol != wire_protocol_find("llc") ||
		llc->header.length != LLC_LENGTH)
		return BUILT_NOT;
	memcpy(oui, octets_of(a), sizeof(oui));
	a->used = 2;
	return libnet_build_802_2snap((uint8_t)number_in(a->view, llc, "dsap"),
		(uint8_t)number_in(a->view, llc, "ssap"),
		(uint8_t)number_in(a->view, llc, "control"), oui, number16(a, "pid"), NULL, 0,
		a->libnet, 0);
}

#define STP_LENGTH 35 /* of a configuration BPDU, IEEE 802.1D-2004 9.3.1; RSTP's goes on */

static int build_stp(struct assembly *a)
{
	const uint8_t *octets = octets_of(a);

	if (length_of(a) < STP_LENGTH)
		return libnet_build_stp_tcn(number16(a, "protocol"), number8(a, "version"),
			number8(a, "type"), NULL, 0, a->libnet, 0);
	if (rest(a, STP_LENGTH) < 0)
		return BUILT_FAILED;
	/* libnet leaves the times in the host's order. */
	return libnet_build_stp_conf(number16(a, "protocol"), number8(a, "version"),
		number8(a, "type"), octets[4], octets + 5, number32(a, "root-cost"), octets + 17,
		number16(a, "port"), htons(number16(a, "message-age")),
		htons(number16(a, "max-age")), htons(number16(a, "hello-time")),
		htons(number16(a, "forward-delay")), NULL, 0, a->libnet, 0);
}

/* ---- all ---- */

const struct builder assemble_link[] = {
	{ "eth", build_eth },
	{ "vlan", build_vlan },
	{ "svlan", build_vlan },
	{ "arp", build_arp },
	{ "mpls", build_mpls },
	{ "eapol", build_eapol },
	{ "llc", build_llc },
	{ "snap", build_snap },
	{ "stp", build_stp },
	{ NULL, NULL },
};
