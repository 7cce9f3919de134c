/* lwIP on a network interface that has no address of the kernel's. */
#include "link.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/sys.h>
#include <net/if.h>

#define MTU	      1500
#define FRAME_MAX     65536
#define RECEIVE_SPACE (4 << 20)

static bool lost(const struct lwip_link *link)
{
	return link->lose && (unsigned int)rand() % 100 < link->lose;
}

static err_t give(struct netif *netif, struct pbuf *frame)
{
	struct lwip_link *link = netif->state;
	u8_t octets[FRAME_MAX];
	u16_t length = pbuf_copy_partial(frame, octets, frame->tot_len, 0);

	if (lost(link))
		return ERR_OK;
	return send(link->socket, octets, length, 0) == length ? ERR_OK : ERR_IF;
}

void link_receive(struct lwip_link *link)
{
	u8_t octets[FRAME_MAX];
	struct pbuf *frame;
	ssize_t length;

	while ((length = recv(link->socket, octets, sizeof(octets) - 1, MSG_DONTWAIT)) >= 0) {
		link->last = sys_now();
		if (lost(link))
			continue;
		frame = pbuf_alloc(PBUF_RAW, (u16_t)length, PBUF_RAM);
		if (!frame)
			errx(1, "no memory for a frame");
		pbuf_take(frame, octets, (u16_t)length);
		if (link->netif.input(frame, &link->netif) != ERR_OK)
			pbuf_free(frame);
	}
	if (errno != EAGAIN)
		err(1, "recv");
}

static err_t describe(struct netif *netif)
{
	netif->mtu = MTU;
	netif->hwaddr_len = ETH_HWADDR_LEN;
	netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET |
		       NETIF_FLAG_LINK_UP | NETIF_FLAG_IGMP | NETIF_FLAG_MLD6;
	netif->output = etharp_output;
	netif->output_ip6 = ethip6_output;
	netif->linkoutput = give;
	return ERR_OK;
}

static void open_socket(struct lwip_link *link, const char *interface)
{
	const struct sockaddr_ll address = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex(interface) };
	const int space = RECEIVE_SPACE, yes = 1;
	struct ifreq request = { 0 };

	/* Protocol 0: nothing of other interfaces comes before bind. */
	link->socket = socket(AF_PACKET, SOCK_RAW, 0);
	strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
	if (link->socket < 0 || ioctl(link->socket, SIOCGIFHWADDR, &request) < 0 ||
		setsockopt(link->socket, SOL_SOCKET, SO_RCVBUFFORCE, &space, sizeof(space)) < 0 ||
		setsockopt(link->socket, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof(yes)) <
			0 ||
		bind(link->socket, (const struct sockaddr *)&address, sizeof(address)) < 0)
		err(1, "%s", interface);
	memcpy(link->netif.hwaddr, request.ifr_hwaddr.sa_data, ETH_HWADDR_LEN);
}

void link_open(struct lwip_link *link, const char *interface, const char *ipv4, const char *ipv6)
{
	struct netif *netif = &link->netif;
	ip4_addr_t four, mask, gateway = { 0 };
	ip6_addr_t six;

	if (!ip4addr_aton(ipv4, &four) || !ip6addr_aton(ipv6, &six))
		errx(2, "%s, %s: wants an IPv4 and an IPv6 address", ipv4, ipv6);
	open_socket(link, interface);
	IP4_ADDR(&mask, 255, 255, 255, 0);
	netif_add(netif, &four, &mask, &gateway, link, describe, netif_input);
	netif_create_ip6_linklocal_address(netif, 1);
	netif_ip6_addr_set(netif, 1, &six);
	/* Without asking whether another has them (RFC 4862): they are nobody's else here. */
	netif_ip6_addr_set_state(netif, 0, IP6_ADDR_PREFERRED);
	netif_ip6_addr_set_state(netif, 1, IP6_ADDR_PREFERRED);
	netif_set_default(netif);
	netif_set_up(netif);
}
