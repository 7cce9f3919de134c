/* sockets.h: what udp, tcp and clients share: which stack, and addresses as people write them. */
#ifndef CLI_SOCKETS_H
#define CLI_SOCKETS_H

#include "cli/cli.h"
#include "stack/socket.h"

struct sockets_options {
	struct common *common; /* its interface, arena */
	enum socket_kind kind; /* what the command opens: its templates, its faults */
	bool kernel, no_offload, trace;
	int family; /* AF_INET, AF_INET6; AF_UNSPEC: either */
	const char *source_ip, *source_mac;
	struct stack_address source; /* as sockets_open read source_ip: the first of source_count */
	unsigned int source_count;
	const char *write;
	const char *template; /* its outer layers, and what it gives of the last */
	bool listens;	      /* waits for peers, at port; else goes to port of one */
	const char *port;     /* PORT, as sockets_resolve reads it */
	/* That we speak from, one of these; 0: a free one. */
	uint16_t source_port, source_port_last;
	struct position source_port_at; /* in a template; file NULL: it is --source-port's */
	struct stack_wrap *wrap;
	const char *misbehave; /* faults */
	struct stack_mischief *mischief;
	struct stack *outer;  /* of the kernel: holds the port of a tunnel */
	uint64_t patience_ns; /* of sockets_close; 0: TCP's own */
	uint64_t keep; /* capabilities that the command needs later, a mask of 1ULL << CAP_* */
};

/* Children of a command's argp: sockets_argp and one for faults on purpose. For its ARGP_KEY_INIT:
 * gives the options to both. */
extern const struct argp sockets_argp, sockets_tcp_faults_argp, sockets_udp_faults_argp;
void sockets_child(struct argp_state *state, const struct argp_child *children,
	struct sockets_options *sockets);

/* Opens the stack that was asked for, and gives up the privileges that it does not need later. */
int sockets_open(struct sockets_options *sockets, struct stack **ret, struct err *err);

/* A part of it: reads --template, and puts its layers, and whom they come from, in config. */
int sockets_open_template(
	struct sockets_options *sockets, struct stack_config *config, struct err *err);

/*
 * Lets the stack work until frames came or went, a socket has news (stack_next_event), one of the
 * caller's descriptors is ready, or timeout_ms passed; for who relays what comes: before it sleeps
 * it looks for a moment, for the next frame is most likely on its way. The first SOCKETS_STACK_FDS
 * of the count fds are for the stack's, the caller's follow. 0; -errno with *err.
 */
#define SOCKETS_STACK_FDS 2
int sockets_wait(
	struct stack *stack, struct pollfd *fds, size_t count, int timeout_ms, struct err *err);

/*
 * Waits for the connections that are closed to end as they should, then closes: as long as TCP
 * itself, or patience_ns, allows the peers to acknowledge what they were sent, then up to wait_ms.
 * Octets that they did not are ERR_RESULT. Where the user stops us wait_ms is all, and no error.
 */
int sockets_close(struct sockets_options *sockets, struct stack *stack, unsigned int wait_ms,
	struct err *err);

/* A port's number. */
int sockets_port(const char *text, uint16_t *ret, struct err *err);

/* Binds a socket that is to connect, where from has an address (zeros: any) or there is a port to
 * speak from: the first that nobody has; or to that one. */
int sockets_bind_source(const struct sockets_options *sockets, struct socket *socket,
	const struct stack_address *from, struct err *err);
int sockets_bind_port(const struct sockets_options *sockets, struct socket *socket,
	const struct stack_address *from, uint16_t port, struct err *err);

/* A socket of the options' kind at host (NULL: any address) and port, which listens where it is
 * TCP's; *ret_local is where. On failure *ret may be set all the same, for the caller to close. */
int sockets_listen(const struct sockets_options *sockets, struct stack *stack, const char *host,
	const char *port, struct socket **ret, struct stack_address *ret_local, struct err *err);

/* A name or an address, "fe80::1%eth0" too, and a port's number. host NULL: any address. Of a name
 * that has both, the IPv4 address: who cannot tell whether somebody is there takes what most mean.
 */
int sockets_resolve(const struct sockets_options *sockets, const char *host, const char *port,
	struct stack_address *ret, struct err *err);

/* All addresses of a name, in the order that the system has them tried in. */
#define SOCKETS_PEERS_MAX 16U
struct sockets_peers {
	struct stack_address at[SOCKETS_PEERS_MAX];
	size_t count; /* at least 1 */
};
int sockets_resolve_all(const struct sockets_options *sockets, const char *host, const char *port,
	struct sockets_peers *ret, struct err *err);

/* 0, or the errno that ICMP told of the way to the socket's peer, by what ends no connection. */
int sockets_soft_error(const struct socket *socket);

/*
 * A socket that connects to the first of them that takes it, and whom that is: the others are given
 * up when they refuse, cannot be reached, or timeout_ns (0: none) passed. The last may not have
 * answered yet, nor any where the user stops us. On failure *ret is NULL.
 */
int sockets_connect(const struct sockets_options *sockets, struct stack *stack,
	const struct sockets_peers *peers, uint64_t timeout_ns, struct socket **ret,
	struct stack_address *ret_peer, struct err *err);

#define SOCKETS_TEXT 64
#define SOCKETS_WHY  128
/* "127.0.0.1:5000", "[::1]:5000", "*:5000": in what we say. */
const char *sockets_text(const struct stack_address *address, char ret[SOCKETS_TEXT]);

/* "('127.0.0.1', 5000)", as Python prints the address of a peer: where the tutorial's programs do.
 */
const char *sockets_tuple(const struct stack_address *address, char ret[SOCKETS_TEXT]);

/* The address alone: "127.0.0.1", "fe80::1%2". */
const char *sockets_address(const struct stack_address *address, char ret[SOCKETS_TEXT]);

/* Why a packet of the stack's did not pass: strerror's words, or whose MAC address nobody told. */
const char *sockets_why(const struct stack *stack, int error, char ret[SOCKETS_WHY]);

/* What the stack tells at the end: {"frames_in",...}; zeros over the kernel. */
void sockets_set_counters(struct json *report, struct stack *stack);

/* More open files than a shell gives: as many as the system lets us have. */
void sockets_raise_limit(void);

#endif
