/* ip.h: IPv4 and IPv6 headers, read from octets that are not trusted, and written. Pure. */
#ifndef FLOW_IP_H
#define FLOW_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IP_V4_HEADER	  20
#define IP_V6_HEADER	  40
#define IP_V6_FRAGMENT	  8
#define IP_HEADER_MAX	  (IP_V6_HEADER + IP_V6_FRAGMENT) /* of those written here */
#define IP_PAYLOAD_MAX	  65535
#define IP_DEFAULT_HOPS	  64
#define IP_V6_MTU_MIN	  1280 /* RFC 8200 5 */
#define IP_EXTENSIONS_MAX 16   /* headers that are read past, in a packet */
#define IP_FRAGMENT_UNIT  8    /* octets that fragment offsets count in */

/* What a header says. The addresses point into the octets read. */
struct ip_header {
	uint8_t address_length; /* 4 or 16 */
	uint8_t traffic_class;
	uint8_t hop_limit;
	uint8_t protocol; /* of the payload: behind IPv6 extension headers; IPPROTO_ */
	const uint8_t *source, *destination;
	size_t offset; /* of the payload from the header's start */
	size_t length; /* of the payload */
	/* A part of a packet. protocol and payload are then what stands behind the fragment header,
	 * and ip_upper goes on once the packet is whole. */
	bool fragment;
	bool more;
	bool dont_fragment; /* IPv4 */
	uint32_t id;
	uint32_t fragment_offset; /* octets */
};

/*
 * length: of the octets there are; more of them than the header tells is padding. super: a frame
 * that the kernel did not segment yet, whose length field may be 0 (above 64 KiB). -EINVAL: not an
 * IP packet, cut short, or a header that contradicts itself (an IPv4 header checksum too);
 * -EPROTONOSUPPORT: extension headers that only others may read (IPsec, unknown ones).
 */
int ip_read(const uint8_t *octets, size_t length, bool super, struct ip_header *ret);

/* Passes over extension headers in the payload of a reassembled packet; as ip_read. */
int ip_upper(uint8_t address_length, uint8_t *protocol, const uint8_t **payload, size_t *length);

/* What is to be written. */
struct ip_fields {
	uint8_t address_length;
	uint8_t traffic_class;
	uint8_t hop_limit;
	uint8_t protocol;
	const uint8_t *source, *destination;
	size_t length; /* of the payload */
	bool fragment; /* IPv6: with a fragment header */
	bool more;
	bool dont_fragment;
	uint32_t id;
	uint32_t fragment_offset;
};

/* Octets written: 20, 40, or 48. */
size_t ip_write(const struct ip_fields *fields, uint8_t ret[IP_HEADER_MAX]);

/* The checksum of TCP, UDP, ICMP or ICMPv6 in a payload: right, or (UDP over IPv4) left out. Other
 * protocols are right. */
bool ip_checksum_right(uint8_t address_length, const uint8_t *source, const uint8_t *destination,
	uint8_t protocol, const uint8_t *payload, size_t length);

/* Where a protocol's header has its checksum, from its start; -1: it has none that is known here.
 */
int ip_checksum_offset(uint8_t protocol);

/* Of IPv4 and IPv6. */
bool ip_is_zero(const uint8_t *address, size_t length);
bool ip_is_everybody(const uint8_t *address, size_t length); /* 255.255.255.255: RFC 919 7 */
bool ip_is_multicast(const uint8_t *address, size_t length);
bool ip_is_link_local(const uint8_t *address, size_t length); /* IPv6's fe80::/10 alone */
bool ip_is_loopback(const uint8_t *address, size_t length);
/* No host's on a wire: 0.0.0.0/8 (RFC 1122 3.2.1.3), IPv4 in IPv6 (RFC 4038 4.2, RFC 4942 2.2). */
bool ip_is_nobody(const uint8_t *address, size_t length);

#endif
