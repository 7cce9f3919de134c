/* packet_socket.h: an AF_PACKET socket to send on: what the backends over one share. */
#ifndef LINK_PACKET_SOCKET_H
#define LINK_PACKET_SOCKET_H

#include "link/backends.h"
#include "link/interface.h"

/* Caller's storage. */
struct packet_socket {
	struct interface interface;
	int fd;
	bool own_fcs;	     /* SO_NOFCS is set */
	uint64_t busy_since; /* when the device first had no room since it last took a frame; 0: it
				has */
};

/* Whether the interface carries Ethernet frames at all. */
int packet_socket_check(const struct interface *interface, struct err *err);

/* -EOPNOTSUPP where a frame of the program has an FCS of ours; what is the kind of link that sends
 * none. */
int packet_socket_check_no_fcs(const struct interface *interface,
	const struct patch_program *program, const char *what, struct err *err);

/* Bound to config->interface, which must carry Ethernet frames, protocol 0, with what config asks.
 */
int packet_socket_open(
	struct packet_socket *ret, const struct link_config *config, struct err *err);
void packet_socket_close(struct packet_socket *socket);

/* Whether the frames to come carry an FCS of ours. */
int packet_socket_set_fcs(struct packet_socket *socket, bool own_fcs, struct err *err);

/*
 * -ENETDOWN without a carrier: the kernel then takes every frame and drops it in silence. The short
 * flags of this ioctl cost a third of a microsecond; only where they are in doubt (not running may
 * also be dormant, IEEE 802.1X, which does send) the full ones are asked for.
 */
int packet_socket_carrier(const struct packet_socket *socket, struct err *err);

/* Waits a little for a device without room (EAGAIN: our send buffer is full; ENOBUFS: its queue).
 * false: it has been so for too long. */
bool packet_socket_wait(struct packet_socket *socket, int error);

/* The kernel refused a frame with errno error. 0: try it again; 1: it is counted as failed, take
 * the next one; negative: counted, and the run's end. */
int packet_socket_refused(
	struct packet_socket *socket, struct link_stats *stats, int error, struct err *err);

/* A wait for what is queued to leave. Begins as zeros. */
struct packet_drain {
	uint64_t begun, moved; /* when it began, and when it last saw something leave */
	uint64_t left;
};

/* Waits a little, while some of what is queued is left. false: nothing is, or nothing of it has
 * left for two seconds, or all of it takes more than ten. */
bool packet_drain_wait(struct packet_drain *drain, uint64_t left);

/* The error for when something is left then. */
int packet_drain_failed(const struct interface *interface, struct err *err);

/* Waits so for what the socket has queued. */
int packet_socket_drain(const struct packet_socket *socket, struct err *err);

#endif
