/* What has to hold before frames can leave as XDP frames. */
#include "link/xdp_check.h"

#include "base/err.h"
#include "base/privilege.h"
#include "link/interface.h"
#include "link/netlink.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/genetlink.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <string.h>
#include <unistd.h>

/* Of linux/netdev.h, Linux 6.3, newer than the headers may be. */
#define NETDEV_FAMILY	     "netdev"
#define NETDEV_DEV_GET	     1
#define NETDEV_IFINDEX	     1
#define NETDEV_XDP_FEATURES  3
#define XDP_FEATURE_NDO_XMIT 4U

#define ETH_HEADER 14U
#define VLAN_TAG   4U

/* A page, less the headroom of XDP (256), what the kernel keeps before it (192 octets, or less) and
 * behind it (struct skb_shared_info: 320, or more where a cache line is longer). */
#define PAGE_ROOM 3300U

/* ---- the interface ---- */

static int take_features(const struct nlmsghdr *answer, void *context)
{
	const struct nlattr *attributes[NETDEV_XDP_FEATURES + 1];

	netlink_attributes(answer, sizeof(struct genlmsghdr), attributes, NETDEV_XDP_FEATURES);
	if (attributes[NETDEV_XDP_FEATURES])
		*(uint64_t *)context = mnl_attr_get_u64(attributes[NETDEV_XDP_FEATURES]);
	return MNL_CB_OK;
}

/* -errno where the kernel does not tell: before Linux 6.3. */
static int read_features(const struct interface *interface, uint64_t *ret)
{
	char buffer[NETLINK_REQUEST_SIZE];
	struct genlmsghdr *header;
	struct nlmsghdr *request;
	uint16_t family;
	void *body;
	int r = netlink_family(NETDEV_FAMILY, &family);

	if (r)
		return r;
	request = netlink_request(buffer, family, 0, sizeof(*header), &body);
	header = body;
	header->cmd = NETDEV_DEV_GET;
	header->version = 1;
	mnl_attr_put_u32(request, NETDEV_IFINDEX, (uint32_t)interface->index);
	*ret = 0;
	return netlink_call(NETLINK_GENERIC, request, take_features, ret);
}

int xdp_check_interface(const struct interface *interface, struct err *err)
{
	uint64_t features;
	int r;

	if (interface->flags & IFF_LOOPBACK || interface->arp_type != ARPHRD_ETHER) {
		r = err_system(err, EOPNOTSUPP, "%s takes no XDP frames", interface->name);
		err_hint(err, "; choose --backend packet");
		return r;
	}
	/* Where the kernel does not tell, the counters will. */
	if (read_features(interface, &features) || features & XDP_FEATURE_NDO_XMIT)
		return 0;
	r = err_system(err, EOPNOTSUPP, "%s takes no XDP frames, as its driver (%s) is now",
		interface->name, *interface->driver ? interface->driver : "which has no name");
	if (!strcmp(interface->driver, "veth"))
		err_hint(err, "; a veth takes them while its other end runs an XDP program, or has "
			      "GRO on: there, ethtool -K NAME gro on");
	else
		err_hint(err, "; choose --backend packet");
	return r;
}

/* ---- the frames ---- */

static int check_frame(
	const struct interface *interface, const struct patch_frame *frame, struct err *err)
{
	uint32_t length = patch_frame_longest(frame);
	uint32_t most = interface->mtu + ETH_HEADER + VLAN_TAG;

	if (frame->own_fcs) {
		int r = err_system(err, EOPNOTSUPP,
			"frame \"%s\" has an FCS of its own, which an XDP frame cannot have",
			frame->name);

		err_hint(err, "; let the device append its own (--fcs nic), or choose --backend "
			      "packet");
		return r;
	}
	if (length > most)
		return err_system(err, EMSGSIZE,
			"frame \"%s\" is of %u octets; %s takes XDP frames of at most %u (its MTU, "
			"the Ethernet header and a tag)",
			frame->name, length, interface->name, most);
	if (length > PAGE_ROOM)
		return err_system(err, EMSGSIZE,
			"frame \"%s\" is of %u octets; an XDP frame that is made anew has at most "
			"%u",
			frame->name, length, PAGE_ROOM);
	return 0;
}

static uint32_t shortest(const struct patch_frame *frame)
{
	uint32_t least = frame->length;

	for (unsigned int i = 0; frame->varying && i < frame->varying->image_count; i++)
		if (frame->varying->images[i].length < least)
			least = frame->varying->images[i].length;
	return least;
}

static int check_config(const struct link_config *config, struct err *err)
{
	int r = 0;

	if (config->queue >= 0 || config->priority >= 0) {
		r = err_system(err, EOPNOTSUPP, "--queue and --priority with --backend xdp");
		err_hint(err, "; XDP frames have no priority, and leave by the queue of the "
			      "processor that makes them");
	} else if (config->threads > 1) {
		r = err_system(err, EOPNOTSUPP, "%u threads with --backend xdp", config->threads);
		err_hint(err, "; what left is told by the interface's counters, which cannot tell "
			      "one thread's frames from another's: leave out --threads");
	}
	return r;
}

int xdp_check(
	const struct link_config *config, const struct patch_program *program, struct err *err)
{
	int r = xdp_check_interface(config->interface, err);

	if (r)
		return r;
	r = check_config(config, err);
	if (r)
		return r;
	for (unsigned int i = 0; i < program->count; i++) {
		const struct patch_frame *frame = &program->frames[i];

		r = check_frame(config->interface, frame, err);
		if (r)
			return r;
		if (shortest(frame) < ETH_HEADER)
			return err_system(err, EINVAL,
				"frame \"%s\" is of %u octets; an XDP frame has at least the %u "
				"of an Ethernet header",
				frame->name, shortest(frame), ETH_HEADER);
	}
	return 0;
}

/* ---- privileges ---- */

/* CAP_SYS_ADMIN stands for any of these. */
static bool has_capability(unsigned int capability)
{
	return privilege_effective() & (1ULL << CAP_SYS_ADMIN | 1ULL << capability);
}

void xdp_hint_privileges(const char *what, int error, struct err *err)
{
	bool bpf = has_capability(CAP_BPF);
	bool admin = has_capability(CAP_NET_ADMIN);
	const char *missing = bpf ? "CAP_NET_ADMIN" : "CAP_BPF";

	if (!bpf && !admin)
		missing = "both";
	if ((error == EPERM || error == EACCES) && !(bpf && admin)) {
		err_hint(err,
			"; %s wants the capabilities CAP_BPF and CAP_NET_ADMIN, of which the "
			"program lacks %s",
			what, missing);
		privilege_hint(err, PRIVILEGE_XDP);
	} else if ((error == E2BIG || error == EACCES) && !has_capability(CAP_PERFMON)) {
		/* For the others the verifier follows what a processor may do in speculation, twice
		 * as much with each look into a table, and lets no place in a packet be worked out.
		 */
		err_hint(err, "; with CAP_PERFMON it may be taken");
		privilege_hint(err, PRIVILEGE_XDP);
	}
}
