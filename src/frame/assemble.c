/*
 * Has libnet assemble the layers: each is a libnet block, made by libnet's own builder where one of
 * the tables of builders has it, else of the octets that the tables laid out.
 *
 * libnet keeps a list of blocks from the innermost out, and some builders look at the block before
 * theirs (options before their header). Its checksums are turned off: they ignore IPv6 extension
 * headers, trailers and a UDP checksum that comes to zero.
 *
 * Builders of libnet 1.1.6 that no table has, and why; the octets of those of protocols that we
 * have are compared by tests/unit/frame/libnet_builders_test.c.
 *
 *   802_3                    ethernet makes the same octets of a length
 *   bootpv4                  is dhcpv4 by another name
 *   link, autobuild_*        ask a device for its type and addresses
 *   cdp, cdp_value           wrong: eight octets of zeros behind the first TLV
 *   ipsec_esp_hdr            wrong: an IV behind the header, where what is encrypted begins
 *   ospfv2_hello             wrong: a neighbour in every hello
 *   ospfv2_lsa               wrong: its checksum is in the host's order
 *   vrrp                     wrong: version and type have changed places
 *   ospfv2_dbd, _lsr, _lsu   right, but pieces of a packet: behind an authentication that libnet
 *   ospfv2_lsa_*             does not have, and of lists; what is not libnet's header is one block
 *   icmpv6_ndp_opt           right, but an item of a list: the list is one block
 *   asn1_*                   right but for sequence, and no blocks: they fill a buffer
 *   gre_sre, gre_last_sre    RFC 1701's routing, which RFC 2784 and our table leave out
 *   ipsec_esp_ftr            it is encrypted, our table ends before it
 *   snmp, icmpv6             in the library, in no header of it
 *   bgp4_*, fddi, isl, rpc_call, sebek, token_ring: of protocols that we do not have
 */
#include "frame/assemble.h"

#include "base/buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct builder *const builders[] = {
	assemble_link,
	assemble_network,
	assemble_control,
	assemble_upper,
};

/* The block of the layer in hand; a tag, BUILT_NOT or BUILT_FAILED. */
static int build_known(struct assembly *a)
{
	const char *name = layer_of(a)->protocol->header.name;

	for (size_t i = 0; i < sizeof(builders) / sizeof(builders[0]); i++)
		for (const struct builder *row = builders[i]; row->protocol; row++)
			if (!strcmp(row->protocol, name))
				return row->build(a);
	return BUILT_NOT;
}

static int build_layer(struct assembly *a)
{
	int tag;

	a->used = 1;
	tag = build_known(a);
	if (tag == BUILT_NOT)
		return length_of(a) ? libnet_build_data(octets_of(a), length_of(a), a->libnet, 0)
				    : 1;
	if (tag > 0)
		libnet_toggle_checksum(a->libnet, tag, LIBNET_OFF);
	return tag;
}

int frame_assemble(const struct frame_view *view, struct buffer *octets, struct err *err)
{
	char reason[LIBNET_ERRBUF_SIZE] = "";
	struct assembly a = { .libnet = libnet_init(LIBNET_NONE, NULL, reason), .view = view };
	uint8_t *packet = NULL;
	uint32_t length;
	int status = 0;

	if (!a.libnet)
		return err_system(err, ENOMEM, "libnet: %s", reason);
	for (unsigned int left = view->count; left; left -= a.used) {
		a.index = left - 1;
		if (build_layer(&a) < 0) {
			status = err_system(err, EIO, "libnet: %s", libnet_geterror(a.libnet));
			goto done;
		}
	}
	if (view->length && libnet_pblock_coalesce(a.libnet, &packet, &length) < 0) {
		status = err_system(err, EIO, "libnet: %s", libnet_geterror(a.libnet));
		goto done;
	}
	if (view->length && length != view->length) {
		status = err_system(
			err, EIO, "libnet: assembled %u octets of %u", length, view->length);
		goto done;
	}
	if (view->length)
		buffer_put(octets, packet, length);
done:
	free(packet);
	libnet_destroy(a.libnet);
	return status;
}
