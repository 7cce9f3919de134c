/* Connections: lwIP's callbacks note what came, streams_move does the rest. */
#include "stream.h"

#include <err.h>
#include <stdlib.h>
#include <unistd.h>

#include <lwip/sys.h>

#define INPUT_MAX 32768

struct stream {
	struct streams *of;
	struct stream *next;
	struct tcp_pcb *pcb; /* NULL: lwIP has freed it */
	struct pbuf *held;   /* came, and is still in the window */
	size_t taken;	     /* octets that came and are no longer held */
	u32_t kept;	     /* of them, never given back to the window */
	u32_t resume;	     /* sys_now() before which nothing is taken */
	bool begun;	     /* there were octets */
	bool connected, peer_ended;
	bool input_ended, ended; /* standard input is over; our FIN is on its way */
	size_t from, to;	 /* of input, which lwIP has not yet taken */
	u8_t input[INPUT_MAX];
};

/* ---- what lwIP says ---- */

static err_t came(void *arg, struct tcp_pcb *pcb, struct pbuf *data, err_t error)
{
	struct stream *stream = arg;

	(void)pcb;
	(void)error;
	if (!data)
		stream->peer_ended = true;
	else if (!stream->held)
		stream->held = data;
	else
		pbuf_cat(stream->held, data);
	if (data && !stream->begun)
		stream->resume = sys_now() + stream->of->options.pause_ms;
	stream->begun = stream->begun || data;
	return ERR_OK;
}

static void failed(void *arg, err_t error)
{
	struct stream *stream = arg;

	stream->pcb = NULL;
	stream->of->failed = error;
}

static struct stream *add(struct streams *streams, struct tcp_pcb *pcb)
{
	struct stream *stream = calloc(1, sizeof(*stream));

	if (!stream)
		err(1, NULL);
	stream->of = streams;
	stream->pcb = pcb;
	stream->next = streams->first;
	streams->first = stream;
	streams->opened = true;
	tcp_arg(pcb, stream);
	tcp_recv(pcb, came);
	tcp_err(pcb, failed);
	return stream;
}

static err_t accepted(void *arg, struct tcp_pcb *pcb, err_t error)
{
	struct streams *streams = arg;

	if (error != ERR_OK)
		return error;
	/* Standard input is for the first: lwIP resets the others. */
	if (!streams->options.echo && streams->opened)
		return ERR_VAL;
	add(streams, pcb)->connected = true;
	return ERR_OK;
}

static err_t connected(void *arg, struct tcp_pcb *pcb, err_t error)
{
	struct stream *stream = arg;

	(void)pcb;
	stream->connected = true;
	return error;
}

/* ---- what is done about it ---- */

static void write_out(const u8_t *octets, size_t length)
{
	while (length) {
		ssize_t done = write(STDOUT_FILENO, octets, length);

		if (done < 0)
			err(1, "standard output");
		octets += done;
		length -= (size_t)done;
	}
}

/* The octets of the first piece held that go on now; 0: none. */
static u16_t pass(struct stream *stream)
{
	u16_t length = stream->held->len;

	if (!stream->of->options.echo) {
		write_out(stream->held->payload, length);
		return length;
	}
	if (!stream->pcb)
		return length;
	length = (u16_t)LWIP_MIN(length, tcp_sndbuf(stream->pcb));
	if (tcp_write(stream->pcb, stream->held->payload, length, TCP_WRITE_FLAG_COPY) != ERR_OK)
		return 0;
	return length;
}

/* Who has ended needs no window, and may be gone: a stray ACK gets a RST. */
static void give_back(struct stream *stream, u16_t length)
{
	u32_t keep = LWIP_MIN(length, stream->of->options.narrow - stream->kept);

	stream->kept += keep;
	if (stream->pcb && !stream->peer_ended && length > keep)
		tcp_recved(stream->pcb, (u16_t)(length - keep));
}

static void take(struct stream *stream)
{
	u16_t length;

	while (stream->held) {
		length = pass(stream);
		if (!length)
			return;
		stream->held = pbuf_free_header(stream->held, length);
		stream->taken += length;
		give_back(stream, length);
	}
}

static void give(struct stream *stream, bool input)
{
	u16_t length;
	ssize_t got;

	if (input && stream->from == stream->to && !stream->input_ended) {
		got = read(STDIN_FILENO, stream->input, sizeof(stream->input));
		if (got < 0)
			err(1, "standard input");
		stream->from = 0;
		stream->to = (size_t)got;
		stream->input_ended = !got;
	}
	length = (u16_t)LWIP_MIN(stream->to - stream->from, tcp_sndbuf(stream->pcb));
	if (length && tcp_write(stream->pcb, stream->input + stream->from, length,
			      TCP_WRITE_FLAG_COPY) == ERR_OK)
		stream->from += length;
}

/* Our FIN, when all is said. */
static void end(struct stream *stream)
{
	bool over = stream->of->options.echo ? stream->peer_ended && !stream->held
					     : stream->input_ended && stream->from == stream->to;

	if (over && !stream->ended)
		stream->ended = tcp_shutdown(stream->pcb, 0, 1) == ERR_OK;
}

static void move(struct stream *stream, bool input)
{
	size_t reset_after = stream->of->options.reset_after;

	if (!stream->pcb || (s32_t)(sys_now() - stream->resume) >= 0 || !stream->begun)
		take(stream);
	if (!stream->pcb || !stream->connected)
		return;
	if (reset_after && stream->taken >= reset_after) {
		tcp_abort(stream->pcb);
		return;
	}
	if (!stream->of->options.echo)
		give(stream, input);
	end(stream);
	tcp_output(stream->pcb);
}

/* Is nothing left to do but what lwIP does alone? */
static bool done(struct stream *stream)
{
	if (!stream->pcb)
		return true;
	if (!stream->ended || !stream->peer_ended || stream->held)
		return false;
	tcp_arg(stream->pcb, NULL);
	tcp_recv(stream->pcb, NULL);
	tcp_err(stream->pcb, NULL);
	return true;
}

void streams_move(struct streams *streams, bool input)
{
	struct stream **at = &streams->first;

	while (*at) {
		struct stream *stream = *at;

		move(stream, input);
		if (done(stream)) {
			*at = stream->next;
			free(stream);
		} else {
			at = &stream->next;
		}
	}
}

bool streams_want_input(const struct streams *streams)
{
	const struct stream *stream = streams->first;

	return stream && !streams->options.echo && stream->connected && stream->pcb &&
	       !stream->input_ended && stream->from == stream->to && tcp_sndbuf(stream->pcb);
}

/* ---- opening ---- */

void streams_listen(struct streams *streams, u16_t port)
{
	struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);

	if (!pcb || tcp_bind(pcb, IP_ANY_TYPE, port) != ERR_OK || !(pcb = tcp_listen(pcb)))
		errx(1, "lwIP cannot listen on TCP port %u", port);
	tcp_arg(pcb, streams);
	tcp_accept(pcb, accepted);
}

void streams_connect(struct streams *streams, const ip_addr_t *address, u16_t port)
{
	struct tcp_pcb *pcb = tcp_new_ip_type(IP_GET_TYPE(address));

	if (!pcb)
		errx(1, "no memory for a connection");
	add(streams, pcb);
	if (tcp_connect(pcb, address, port, connected) != ERR_OK)
		errx(1, "lwIP cannot connect");
}
