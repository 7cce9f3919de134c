/* tcp connect -n: from which of our addresses and ports each connection speaks. */
#include "cli/tcp/many.h"

static unsigned int address_count(const struct tcp_options *options)
{
	return options->sockets.source_count ? options->sockets.source_count : 1;
}

static unsigned int port_count(const struct tcp_options *options)
{
	return 1U + options->sockets.source_port_last - options->sockets.source_port;
}

static struct stack_address address_of(const struct many *m, unsigned int add)
{
	struct stack_address source = m->source;
	int at;

	for (at = source.length - 1; add && at >= 0; at--) {
		add += source.octets[at];
		source.octets[at] = (uint8_t)add;
		add >>= 8;
	}
	return source;
}

/* All addresses with one port, then with the next. */
int tcp_many_bind(const struct many *m, struct socket *socket, struct err *err)
{
	const struct sockets_options *sockets = &m->options->sockets;
	const struct stack_address *peer = &m->peers.at[m->peer];
	const unsigned int addresses = address_count(m->options);
	const uint64_t begun = m->begun - 1; /* before this one */
	struct stack_address from = { .length = peer->length, .scope = peer->scope };
	uint16_t port = sockets->source_port;

	if (m->source.length)
		from = address_of(m, (unsigned int)(begun % addresses));
	if (port)
		port = (uint16_t)(port + begun / addresses % port_count(m->options));
	return sockets_bind_port(sockets, socket, &from, port, err);
}

/* Two connections with the same ends would be one. */
int tcp_many_check(const struct tcp_options *options, struct err *err)
{
	const struct sockets_options *sockets = &options->sockets;
	const uint64_t most = (uint64_t)address_count(options) * port_count(options);

	if (!sockets->source_port || options->count <= most)
		return 0;
	err_input(err, NULL,
		"%u port%s and %u address%s of ours make %llu connection%s; -n is %llu",
		port_count(options), port_count(options) == 1 ? "" : "s", address_count(options),
		address_count(options) == 1 ? "" : "es", (unsigned long long)most,
		most == 1 ? "" : "s", (unsigned long long)options->count);
	return err_locate(err, &sockets->source_port_at,
		sockets->source_port_at.file ? "tcp.sport" : "--source-port");
}
