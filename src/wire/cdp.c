/* Cisco's discovery protocol and its TLVs. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_name types[] = {
	{ 0x01, "device-id" }, { 0x02, "addresses" }, { 0x03, "port-id" }, { 0x04, "capabilities" },
	{ 0x05, "version" }, { 0x06, "platform" }, { 0x07, "prefixes" }, { 0x08, "hello" },
	{ 0x09, "vtp-domain" }, { 0x0a, "native-vlan" }, { 0x0b, "duplex" }, { 0x0e, "voice-vlan" },
	{ 0x10, "power" }, { 0x11, "mtu" }, { 0x14, "system-name" }, { 0x16, "management-addresses" },
	{ 0, NULL },
};
static const struct wire_name capabilities[] = {
	{ 0x001, "router" }, { 0x002, "transparent-bridge" }, { 0x004, "source-route-bridge" },
	{ 0x008, "switch" }, { 0x010, "host" }, { 0x020, "igmp" }, { 0x040, "repeater" },
	{ 0x080, "phone" }, { 0x100, "remote" },
	{ 0, NULL },
};
static const struct wire_name protocol_types[] = {
	{ 1, "nlpid" }, { 2, "llc" },
	{ 0, NULL },
};
static const struct wire_name duplexes[] = {
	{ 0, "half" }, { 1, "full" },
	{ 0, NULL },
};

#define TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 16, .hex = true, .names = types, \
	  .wireshark = "cdp.tlv.type", .help = "kind of TLV" }
#define LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 }, \
	  .wireshark = "cdp.tlv.len", .help = "octets of the TLV" }
#define TEXT(row, wireshark_name, about) \
	{ .name = (row), .kind = WIRE_BYTES, .text = true, .wireshark = (wireshark_name), .help = (about) }

static const struct wire_field address_fields[] = {
	{ .name = "protocol-type", .kind = WIRE_UINT, .width = 8, .preset = "nlpid", .names = protocol_types,
	  .wireshark = "cdp.protocol_type", .help = "how the protocol is named" },
	{ .name = "protocol-length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH,
	  .length = { WIRE_SPAN_FIELD, 1, 0 }, .of = "protocol",
	  .wireshark = "cdp.protocol_length", .help = "octets of its name" },
	{ .name = "protocol", .kind = WIRE_BYTES, .preset = "cc",
	  .wireshark = "cdp.protocol", .help = "the protocol: cc is IPv4, aaaa03000000 and its ethertype others" },
	{ .name = "address-length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH,
	  .length = { WIRE_SPAN_FIELD, 1, 0 }, .of = "address",
	  .wireshark = "cdp.address_length", .help = "octets of the address" },
	{ .name = "address", .kind = WIRE_BYTES, .help = "the address" },
};
static const struct wire_record address = { .name = "address", .help = "one address", WIRE_FIELDS(address_fields) };
static const struct wire_record *const addresses[] = { &address, NULL };
static const struct wire_list address_list = { .items = addresses };

static const struct wire_field device_fields[] = {
	TYPE, LENGTH, TEXT("text", "cdp.deviceid", "the device's name") };
static const struct wire_field addresses_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "count", .kind = WIRE_UINT, .width = 32, .rule = WIRE_COUNT, .of = "addresses",
	  .wireshark = "cdp.number_of_addresses", .help = "number of addresses" },
	{ .name = "addresses", .kind = WIRE_LIST, .list = &address_list, .help = "of the device" },
};
static const struct wire_field port_fields[] = {
	TYPE, LENGTH, TEXT("text", "cdp.portid", "the port's name") };
static const struct wire_field capabilities_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "flags", .kind = WIRE_FLAGS, .width = 32, .names = capabilities,
	  .wireshark = "cdp.capabilities", .help = "what the device is" },
};
static const struct wire_field version_fields[] = {
	TYPE, LENGTH, TEXT("text", "cdp.software_version", "its software") };
static const struct wire_field platform_fields[] = {
	TYPE, LENGTH, TEXT("text", "cdp.platform", "its hardware") };
static const struct wire_field domain_fields[] = {
	TYPE, LENGTH, TEXT("text", "cdp.vtp_management_domain", "its VTP domain") };
static const struct wire_field vlan_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "vlan", .kind = WIRE_UINT, .width = 16, .preset = "1",
	  .wireshark = "cdp.native_vlan", .help = "VLAN of untagged frames" },
};
static const struct wire_field duplex_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "duplex", .kind = WIRE_UINT, .width = 8, .names = duplexes,
	  .wireshark = "cdp.duplex", .help = "of the port" },
};
static const struct wire_field mtu_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "mtu", .kind = WIRE_UINT, .width = 32, .preset = "1500",
	  .wireshark = "cdp.mtu", .help = "of the port" },
};
static const struct wire_field system_fields[] = {
	TYPE, LENGTH, TEXT("text", "cdp.system_name", "the device's full name") };
static const struct wire_field other_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the TLV's octets" },
};

static const struct wire_record device = {
	.name = "device-id", .id = 0x01, .help = "the device", WIRE_FIELDS(device_fields) };
static const struct wire_record network = {
	.name = "addresses", .id = 0x02, .help = "its addresses", WIRE_FIELDS(addresses_fields) };
static const struct wire_record port = {
	.name = "port-id", .id = 0x03, .help = "its port", WIRE_FIELDS(port_fields) };
static const struct wire_record capability = {
	.name = "capabilities", .id = 0x04, .help = "what it is", WIRE_FIELDS(capabilities_fields) };
static const struct wire_record version = {
	.name = "version", .id = 0x05, .help = "its software", WIRE_FIELDS(version_fields) };
static const struct wire_record platform = {
	.name = "platform", .id = 0x06, .help = "its hardware", WIRE_FIELDS(platform_fields) };
static const struct wire_record domain = {
	.name = "vtp-domain", .id = 0x09, .help = "its VTP domain", WIRE_FIELDS(domain_fields) };
static const struct wire_record native_vlan = {
	.name = "native-vlan", .id = 0x0a, .help = "VLAN of untagged frames", WIRE_FIELDS(vlan_fields) };
static const struct wire_record duplex = {
	.name = "duplex", .id = 0x0b, .help = "half or full duplex", WIRE_FIELDS(duplex_fields) };
static const struct wire_record mtu = {
	.name = "mtu", .id = 0x11, .help = "the port's MTU", WIRE_FIELDS(mtu_fields) };
static const struct wire_record system = {
	.name = "system-name", .id = 0x14, .help = "the device's full name", WIRE_FIELDS(system_fields) };
static const struct wire_record management = {
	.name = "management-addresses", .id = 0x16, .help = "where it is managed", WIRE_FIELDS(addresses_fields) };
static const struct wire_record other = {
	.name = "tlv", .help = "any other TLV", WIRE_FIELDS(other_fields) };

static const struct wire_record *const tlvs[] = {
	&device, &network, &port, &capability, &version, &platform, &domain, &native_vlan, &duplex, &mtu,
	&system, &management, NULL
};
static const struct wire_list tlv_list = { .items = tlvs, .other = &other, .id_width = 16 };

static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 8, .preset = "2",
	  .wireshark = "cdp.version", .help = "version of the protocol" },
	{ .name = "ttl", .kind = WIRE_UINT, .width = 8, .preset = "180",
	  .wireshark = "cdp.ttl", .help = "seconds for which this holds" },
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM, .sum = WIRE_SUM_CISCO,
	  .wireshark = "cdp.checksum", .help = "over all; an odd last octet is added as Cisco's devices do" },
	{ .name = "tlvs", .kind = WIRE_LIST, .list = &tlv_list, .help = "what the device says of itself" },
};

static const struct wire_bind binds[] = {
	{ WIRE_SNAP_CISCO, 0x2000 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_cdp = {
	.header = { .name = "cdp", .help = "Cisco discovery", WIRE_FIELDS(fields) },
	.title = "Cisco Discovery Protocol",
	.rfc = "Cisco, CDP version 2",
	.binds = binds,
};
