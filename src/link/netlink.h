/* netlink.h: one netlink request and its answers. */
#ifndef LINK_NETLINK_H
#define LINK_NETLINK_H

#include <libmnl/libmnl.h>
#include <stddef.h>
#include <stdint.h>

/* Room for any request made here. */
#define NETLINK_REQUEST_SIZE 512

/*
 * Starts a request in the caller's buffer of NETLINK_REQUEST_SIZE octets; *ret_body points to its
 * zeroed family header of body_size octets. Attributes go on with mnl_attr_put.
 */
struct nlmsghdr *netlink_request(
	void *buffer, uint16_t type, uint16_t flags, size_t body_size, void **ret_body);

/*
 * Sends the request on the bus (NETLINK_ROUTE, NETLINK_GENERIC), hands each answer to the callback,
 * and waits for the kernel's verdict. 0 or -errno, the kernel's own. A dump that a change
 * interrupted is asked for again: the callback must bear to see an answer twice.
 */
int netlink_call(int bus, struct nlmsghdr *request, mnl_cb_t answer, void *context);

/* The number that the kernel gave a family of NETLINK_GENERIC; -ENOENT where it has none. */
int netlink_family(const char *name, uint16_t *ret);

/* The attributes of an answer with a family header of body_size octets, by type; types above max
 * are left out. attributes has max + 1 elements. */
void netlink_attributes(const struct nlmsghdr *answer, size_t body_size,
	const struct nlattr **attributes, uint16_t max);
void netlink_nested(const struct nlattr *nest, const struct nlattr **attributes, uint16_t max);

/* libmnl's own loop does not compile with -Wconversion. */
#define NETLINK_FOR_EACH(attribute, first, tail)                                                   \
	for ((attribute) = (first);                                                                \
		mnl_attr_ok((attribute), (int)((const char *)(tail) - (const char *)(attribute))); \
		(attribute) = mnl_attr_next(attribute))

/* The attributes within nest. */
#define NETLINK_FOR_EACH_NESTED(attribute, nest)                \
	NETLINK_FOR_EACH(attribute, mnl_attr_get_payload(nest), \
		(const char *)mnl_attr_get_payload(nest) + mnl_attr_get_payload_len(nest))

#endif
