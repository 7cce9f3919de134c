/* A device's offloads, by the names that ethtool shows, through generic netlink. */
#include "base/err.h"
#include "link/interface.h"
#include "link/netlink.h"

#include <errno.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <stdlib.h>
#include <string.h>

#define FEATURES_MAX 256 /* the kernel has about 64 */

struct features {
	size_t count;
	struct interface_feature rows[FEATURES_MAX];
};

static struct interface_feature *feature_find(struct features *features, const char *name)
{
	for (size_t i = 0; i < features->count; i++)
		if (!strcmp(features->rows[i].name, name))
			return &features->rows[i];
	return NULL;
}

/* A bitset lists bits by name; in one with a mask each says by a flag whether it is set, in one
 * without only those that are set are listed. */
static void each_bit(const struct nlattr *bitset,
	void (*visit)(struct features *features, const char *name, bool set),
	struct features *features)
{
	const struct nlattr *attributes[ETHTOOL_A_BITSET_BITS + 1];
	const struct nlattr *bit, *parts[ETHTOOL_A_BITSET_BIT_VALUE + 1];

	if (!bitset)
		return;
	netlink_nested(bitset, attributes, ETHTOOL_A_BITSET_BITS);
	if (!attributes[ETHTOOL_A_BITSET_BITS])
		return;
	NETLINK_FOR_EACH_NESTED(bit, attributes[ETHTOOL_A_BITSET_BITS])
	{
		netlink_nested(bit, parts, ETHTOOL_A_BITSET_BIT_VALUE);
		if (parts[ETHTOOL_A_BITSET_BIT_NAME])
			visit(features, mnl_attr_get_str(parts[ETHTOOL_A_BITSET_BIT_NAME]),
				attributes[ETHTOOL_A_BITSET_NOMASK] ||
					parts[ETHTOOL_A_BITSET_BIT_VALUE]);
	}
}

static void add_feature(struct features *features, const char *name, bool set)
{
	struct interface_feature *row = &features->rows[features->count];
	size_t length = strlen(name);

	if (features->count == FEATURES_MAX || length >= sizeof(row->name))
		return;
	memcpy(row->name, name, length + 1);
	row->changeable = set;
	row->active = false;
	features->count++;
}

static void mark_active(struct features *features, const char *name, bool set)
{
	struct interface_feature *row = feature_find(features, name);

	if (row)
		row->active = set;
}

static void mark_fixed(struct features *features, const char *name, bool set)
{
	struct interface_feature *row = feature_find(features, name);

	if (row && set)
		row->changeable = false;
}

static int take_features(const struct nlmsghdr *answer, void *context)
{
	const struct nlattr *attributes[ETHTOOL_A_FEATURES_NOCHANGE + 1];
	struct features *features = context;

	netlink_attributes(
		answer, sizeof(struct genlmsghdr), attributes, ETHTOOL_A_FEATURES_NOCHANGE);
	features->count = 0;
	each_bit(attributes[ETHTOOL_A_FEATURES_HW], add_feature, features);
	each_bit(attributes[ETHTOOL_A_FEATURES_ACTIVE], mark_active, features);
	each_bit(attributes[ETHTOOL_A_FEATURES_NOCHANGE], mark_fixed, features);
	return MNL_CB_OK;
}

static int read_features(
	const struct interface *interface, uint16_t family, struct features *features)
{
	char buffer[NETLINK_REQUEST_SIZE];
	struct genlmsghdr *header;
	struct nlattr *device;
	void *body;
	struct nlmsghdr *request = netlink_request(buffer, family, 0, sizeof(*header), &body);

	header = body;
	header->cmd = ETHTOOL_MSG_FEATURES_GET;
	header->version = ETHTOOL_GENL_VERSION;
	device = mnl_attr_nest_start(request, ETHTOOL_A_FEATURES_HEADER);
	mnl_attr_put_u32(request, ETHTOOL_A_HEADER_DEV_INDEX, (uint32_t)interface->index);
	mnl_attr_nest_end(request, device);
	return netlink_call(NETLINK_GENERIC, request, take_features, features);
}

int interface_features_read(const struct interface *interface, struct interface_feature **ret,
	size_t *ret_count, struct err *err)
{
	struct features *features = calloc(1, sizeof(*features));
	struct interface_feature *rows = NULL;
	uint16_t family = 0;
	int r = -ENOMEM;

	if (features)
		r = netlink_family(ETHTOOL_GENL_NAME, &family);
	if (!r)
		r = read_features(interface, family, features);
	if (!r) {
		rows = reallocarray(NULL, features->count + 1, sizeof(*rows));
		r = rows ? 0 : -ENOMEM;
	}
	if (!r) {
		memcpy(rows, features->rows, features->count * sizeof(*rows));
		*ret = rows;
		*ret_count = features->count;
	} else {
		err_system(err, -r, "cannot read the features of %s", interface->name);
	}
	free(features);
	return r;
}
