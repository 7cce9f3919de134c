/* The table of backends. */
#include "link/backends.h"

#include <string.h>

/* clang-format off */
const struct link_backend link_backends[] = {
	{ "packet", "a packet socket, many frames a system call (sendmmsg)",
		LINK_CAN_FCS | LINK_CAN_PREPARE | LINK_CAN_RECORD | LINK_CAN_PACE | LINK_IS_SEEN,
		link_packet_open },
	{ "ring", "a packet socket with a transmit ring: no copy of the frames",
		LINK_CAN_RECORD | LINK_CAN_PACE | LINK_IS_SEEN, link_ring_open },
	{ "xsk", "an AF_XDP socket: zero-copy where the driver has it, past the queueing discipline",
		LINK_CAN_RECORD | LINK_CAN_PACE, link_xsk_open },
	{ "gso", "a packet socket whose kernel cuts many UDP datagrams of one flow out of one",
		LINK_CAN_RECORD | LINK_CAN_PACE, link_gso_open },
	{ "xdp", "XDP frames that the kernel makes by the templates' own program, compiled to eBPF",
		LINK_CAN_PACE, link_xdp_open },
	{ NULL, NULL, 0, NULL },
};
/* clang-format on */

const struct link_backend *link_backend_find(const char *name)
{
	for (const struct link_backend *backend = link_backends; backend->name; backend++)
		if (!strcmp(backend->name, name))
			return backend;
	return NULL;
}

struct link_config link_config_plain(const struct interface *interface)
{
	return (struct link_config){
		.interface = interface, .queue = -1, .priority = -1, .threads = 1
	};
}
