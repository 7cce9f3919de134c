/*
 * A second TCP/IP stack to speak with: lwIP on an interface of its own.
 *
 *   lwip_peer [-p MS] [-w OCTETS] [-r OCTETS] [-l PERCENT] INTERFACE IPV4 IPV6 VERB...
 *
 *   echo PORT         TCP and UDP: what comes goes back, until it is killed
 *   listen PORT       one TCP connection: what comes to standard output, standard input there
 *   connect HOST PORT the same, opened by lwIP
 *   ask HOST PORT     standard input as one UDP datagram; its answer to standard output
 *
 * -p: take nothing from a connection for so long after its first octets; -w: let its window be so
 * large at most, once 65,535 octets have come; -r: reset it when so many have been taken; -l: lose
 * so many of a hundred frames, each way.
 */
#include "link.h"
#include "stream.h"

#include <err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lwip/init.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/sys.h>
#include <lwip/timeouts.h>
#include <lwip/udp.h>

#define TURN_MS	       50U
#define QUIET_MS       300  /* then the other side has our last ACK */
#define QUIET_LOSSY_MS 5000 /* or has sent its FIN again, if that was lost */
#define ANSWER_MS      10000
#define DATAGRAM_MAX   65507

struct peer {
	struct lwip_link link;
	struct streams streams;
	struct pbuf *answer;
};

static u16_t port_of(const char *text)
{
	unsigned long port = text ? strtoul(text, NULL, 10) : 0;

	if (!port || port > UINT16_MAX)
		errx(2, "wants a port");
	return (u16_t)port;
}

static ip_addr_t address_of(const char *text)
{
	ip_addr_t address;

	if (!text || !ipaddr_aton(text, &address))
		errx(2, "wants an address");
	return address;
}

/* Waits for a frame, for standard input, for a timer, and sees to them. */
static void turn(struct peer *peer)
{
	struct pollfd wait[] = {
		{ .fd = peer->link.socket, .events = POLLIN },
		{ .fd = streams_want_input(&peer->streams) ? STDIN_FILENO : -1, .events = POLLIN },
	};

	if (poll(wait, 2, (int)LWIP_MIN(sys_timeouts_sleeptime(), TURN_MS)) < 0)
		err(1, "poll");
	link_receive(&peer->link);
	sys_check_timeouts();
	netif_poll(&peer->link.netif);
	streams_move(&peer->streams, wait[1].revents);
}

/* ---- UDP ---- */

static void echo(
	void *arg, struct udp_pcb *pcb, struct pbuf *data, const ip_addr_t *from, u16_t port)
{
	(void)arg;
	udp_sendto(pcb, data, from, port);
	pbuf_free(data);
}

static void answered(
	void *arg, struct udp_pcb *pcb, struct pbuf *data, const ip_addr_t *from, u16_t port)
{
	struct peer *peer = arg;

	(void)pcb;
	(void)from;
	(void)port;
	if (peer->answer)
		pbuf_free(peer->answer);
	peer->answer = data;
}

static struct udp_pcb *udp_open(u8_t type, udp_recv_fn receive, struct peer *peer)
{
	struct udp_pcb *pcb = udp_new_ip_type(type);

	if (!pcb)
		errx(1, "no memory for a UDP port");
	udp_recv(pcb, receive, peer);
	return pcb;
}

static void ask(struct peer *peer, const ip_addr_t *address, u16_t port)
{
	static u8_t octets[DATAGRAM_MAX];
	struct udp_pcb *pcb = udp_open(IP_GET_TYPE(address), answered, peer);
	u16_t length = (u16_t)fread(octets, 1, sizeof(octets), stdin);
	struct pbuf *data = pbuf_alloc(PBUF_TRANSPORT, length, PBUF_RAM);
	u32_t begun = sys_now();

	if (!data || pbuf_take(data, octets, length) != ERR_OK)
		errx(1, "no memory for a datagram");
	udp_connect(pcb, address, port);
	if (udp_send(pcb, data) != ERR_OK)
		errx(1, "lwIP cannot send the datagram");
	while (!peer->answer && sys_now() - begun < ANSWER_MS)
		turn(peer);
	if (!peer->answer)
		errx(1, "no answer");
	length = pbuf_copy_partial(peer->answer, octets, peer->answer->tot_len, 0);
	fwrite(octets, 1, length, stdout);
}

/* ---- TCP ---- */

/* Until the connection is over and the peer says nothing more. */
static int converse(struct peer *peer)
{
	u32_t quiet = peer->link.lose ? QUIET_LOSSY_MS : QUIET_MS;

	while (!peer->streams.opened || peer->streams.first || tcp_active_pcbs)
		turn(peer);
	while (sys_now() - peer->link.last < quiet)
		turn(peer);
	if (peer->streams.failed == ERR_OK)
		return 0;
	if (peer->streams.failed == ERR_RST)
		errx(1, "reset by peer");
	errx(1, "the connection failed: lwIP error %d", peer->streams.failed);
}

static int run(struct peer *peer, const char *verb, char **args)
{
	ip_addr_t address;

	if (!strcmp(verb, "listen")) {
		streams_listen(&peer->streams, port_of(args[0]));
		fprintf(stderr, "listening\n");
		return converse(peer);
	}
	if (!strcmp(verb, "echo")) {
		peer->streams.options.echo = true;
		streams_listen(&peer->streams, port_of(args[0]));
		udp_bind(udp_open(IPADDR_TYPE_ANY, echo, peer), IP_ANY_TYPE, port_of(args[0]));
		fprintf(stderr, "listening\n");
		while (true)
			turn(peer);
	}
	address = address_of(args[0]);
	if (!strcmp(verb, "connect")) {
		streams_connect(&peer->streams, &address, port_of(args[1]));
		return converse(peer);
	}
	if (strcmp(verb, "ask") != 0)
		errx(2, "no verb %s", verb);
	ask(peer, &address, port_of(args[1]));
	return 0;
}

int main(int argc, char **argv)
{
	struct peer peer = { 0 };
	int option;

	while ((option = getopt(argc, argv, "p:w:r:l:")) != -1) {
		unsigned long number = optarg ? strtoul(optarg, NULL, 10) : 0;

		if (option == 'p')
			peer.streams.options.pause_ms = (u32_t)number;
		else if (option == 'w')
			peer.streams.options.narrow = TCP_WND - (u32_t)LWIP_MIN(number, TCP_WND);
		else if (option == 'r')
			peer.streams.options.reset_after = number;
		else if (option == 'l')
			peer.link.lose = (unsigned int)number;
		else
			return 2;
	}
	if (argc - optind < 5)
		errx(2, "wants INTERFACE IPV4 IPV6 VERB PORT");
	/* lwIP draws its ports and numbers from rand: not the last run's again. */
	srand((unsigned int)getpid());
	lwip_init();
	link_open(&peer.link, argv[optind], argv[optind + 1], argv[optind + 2]);
	return run(&peer, argv[optind + 3], argv + optind + 4);
}
