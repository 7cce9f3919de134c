/* LLDP and its TLVs. */
#include "wire/wire.h"

/* clang-format off */
/* IEEE 802.1AB 8.4.1 */
static const struct wire_name types[] = {
	{ 0, "end" }, { 1, "chassis-id" }, { 2, "port-id" }, { 3, "ttl" }, { 4, "port-description" },
	{ 5, "system-name" }, { 6, "system-description" }, { 7, "capabilities" },
	{ 8, "management-address" }, { 127, "org-specific" },
	{ 0, NULL },
};
/* 8.5.2.2, 8.5.3.2 */
static const struct wire_name chassis_subtypes[] = {
	{ 1, "component" }, { 2, "alias" }, { 3, "port" }, { 4, "mac" }, { 5, "network" },
	{ 6, "interface-name" }, { 7, "local" },
	{ 0, NULL },
};
static const struct wire_name port_subtypes[] = {
	{ 1, "alias" }, { 2, "component" }, { 3, "mac" }, { 4, "network" }, { 5, "interface-name" },
	{ 6, "circuit-id" }, { 7, "local" },
	{ 0, NULL },
};
/* IANA, address family numbers */
static const struct wire_name families[] = {
	{ 1, "ipv4" }, { 2, "ipv6" }, { 6, "mac" },
	{ 0, NULL },
};
static const struct wire_name interface_subtypes[] = {
	{ 1, "unknown" }, { 2, "index" }, { 3, "port" },
	{ 0, NULL },
};
static const struct wire_name capabilities[] = {
	{ 0x001, "other" }, { 0x002, "repeater" }, { 0x004, "bridge" }, { 0x008, "access-point" },
	{ 0x010, "router" }, { 0x020, "telephone" }, { 0x040, "docsis" }, { 0x080, "station" },
	{ 0x100, "cvlan" }, { 0x200, "svlan" }, { 0x400, "relay" },
	{ 0, NULL },
};
static const struct wire_name ouis[] = {
	{ 0x0080c2, "ieee-802-1" }, { 0x00120f, "ieee-802-3" }, { 0x0012bb, "tia-med" },
	{ 0x000ecf, "profinet" },
	{ 0, NULL },
};

#define TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 7, .names = types, \
	  .wireshark = "lldp.tlv.type", .help = "kind of TLV" }
#define LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 9, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 }, \
	  .wireshark = "lldp.tlv.len", .help = "octets that follow in the TLV" }
#define TEXT(row, wireshark_name, about) \
	{ .name = (row), .kind = WIRE_BYTES, .text = true, .wireshark = (wireshark_name), .help = (about) }

static const struct wire_field end_fields[] = { TYPE, LENGTH };

static const struct wire_field chassis_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "subtype", .kind = WIRE_UINT, .width = 8, .preset = "mac", .names = chassis_subtypes,
	  .wireshark = "lldp.chassis.subtype", .help = "what kind of name" },
	{ .name = "family", .kind = WIRE_UINT, .width = 8, .preset = "ipv4", .names = families,
	  .when = WIRE_WHEN("subtype", 5),
	  .wireshark = "lldp.network_address.subtype", .help = "of the network address" },
	{ .name = "id", .kind = WIRE_MAC, .width = 48, .preset = "$if.mac", .when = WIRE_WHEN("subtype", 4),
	  .wireshark = "lldp.chassis.id.mac", .help = "the station's MAC" },
	{ .name = "id", .kind = WIRE_BYTES, .when = WIRE_WHEN("subtype", 5),
	  .help = "a network address" },
	{ .name = "id", .kind = WIRE_BYTES, .text = true, .when = WIRE_UNLESS("subtype", 4, 5),
	  .wireshark = "lldp.chassis.id", .help = "the station's name" },
};

static const struct wire_field port_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "subtype", .kind = WIRE_UINT, .width = 8, .preset = "interface-name", .names = port_subtypes,
	  .wireshark = "lldp.port.subtype", .help = "what kind of name" },
	{ .name = "family", .kind = WIRE_UINT, .width = 8, .preset = "ipv4", .names = families,
	  .when = WIRE_WHEN("subtype", 4),
	  .wireshark = "lldp.network_address.subtype", .help = "of the network address" },
	{ .name = "id", .kind = WIRE_MAC, .width = 48, .preset = "$if.mac", .when = WIRE_WHEN("subtype", 3),
	  .wireshark = "lldp.port.id.mac", .help = "the port's MAC" },
	{ .name = "id", .kind = WIRE_BYTES, .when = WIRE_WHEN("subtype", 4),
	  .help = "a network address" },
	{ .name = "id", .kind = WIRE_BYTES, .text = true, .when = WIRE_UNLESS("subtype", 3, 4),
	  .wireshark = "lldp.port.id", .help = "the port's name" },
};

static const struct wire_field ttl_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "seconds", .kind = WIRE_UINT, .width = 16, .preset = "120",
	  .wireshark = "lldp.time_to_live", .help = "for which this holds; 0 takes it back" },
};

static const struct wire_field port_description_fields[] = {
	TYPE, LENGTH, TEXT("text", "lldp.port.desc", "the port in words") };
static const struct wire_field system_name_fields[] = {
	TYPE, LENGTH, TEXT("text", "lldp.tlv.system.name", "the station's full name") };
static const struct wire_field system_description_fields[] = {
	TYPE, LENGTH, TEXT("text", "lldp.tlv.system.desc", "the station in words") };

static const struct wire_field capabilities_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "has", .kind = WIRE_FLAGS, .width = 16, .names = capabilities,
	  .wireshark = "lldp.tlv.system_cap", .help = "what the station can be" },
	{ .name = "enabled", .kind = WIRE_FLAGS, .width = 16, .names = capabilities,
	  .wireshark = "lldp.tlv.enable_system_cap", .help = "what it is" },
};

static const struct wire_field management_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "address-length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH,
	  .length = { WIRE_SPAN_FIELD, 1, 1 }, .of = "address",
	  .wireshark = "lldp.mgn.address.len", .help = "octets of the address and its family" },
	{ .name = "family", .kind = WIRE_UINT, .width = 8, .preset = "ipv4", .names = families,
	  .wireshark = "lldp.mgn.address.subtype", .help = "of the address" },
	{ .name = "address", .kind = WIRE_BYTES, .when = WIRE_UNLESS("family", 1, 2),
	  .wireshark = "lldp.mgn.addr.hex", .help = "address of another family" },
	{ .name = "address", .kind = WIRE_IPV4, .width = 32, .preset = "$if.ipv4", .when = WIRE_WHEN("family", 1),
	  .wireshark = "lldp.mgn.addr.ip4", .help = "where the station is managed" },
	{ .name = "address", .kind = WIRE_IPV6, .width = 128, .preset = "$if.ipv6", .when = WIRE_WHEN("family", 2),
	  .wireshark = "lldp.mgn.addr.ip6", .help = "where the station is managed" },
	{ .name = "interface-subtype", .kind = WIRE_UINT, .width = 8, .preset = "index", .names = interface_subtypes,
	  .wireshark = "lldp.mgn.interface.subtype", .help = "what kind of number" },
	{ .name = "interface", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "lldp.mgn.interface.number", .help = "number of the interface that has the address" },
	{ .name = "oid-length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH,
	  .length = { WIRE_SPAN_FIELD, 1, 0 }, .of = "oid",
	  .wireshark = "lldp.mgn.obj.len", .help = "octets of the object identifier" },
	{ .name = "oid", .kind = WIRE_BYTES,
	  .wireshark = "lldp.mgn.obj.id", .help = "object identifier, as in ASN.1" },
};

static const struct wire_field org_specific_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "oui", .kind = WIRE_UINT, .width = 24, .hex = true, .preset = "ieee-802-1", .names = ouis,
	  .wireshark = "lldp.orgtlv.oui", .help = "whose TLV" },
	{ .name = "subtype", .kind = WIRE_UINT, .width = 8, .help = "which of theirs" },
	{ .name = "data", .kind = WIRE_BYTES, .help = "the TLV's octets" },
};

static const struct wire_field other_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the TLV's octets" },
};

static const struct wire_record end = {
	.name = "end", .id = 0, .help = "end of the LLDPDU", WIRE_FIELDS(end_fields) };
static const struct wire_record chassis = {
	.name = "chassis-id", .id = 1, .help = "the station, first of all", WIRE_FIELDS(chassis_fields) };
static const struct wire_record port = {
	.name = "port-id", .id = 2, .help = "its port, second", WIRE_FIELDS(port_fields) };
static const struct wire_record ttl = {
	.name = "ttl", .id = 3, .help = "time to live, third", WIRE_FIELDS(ttl_fields) };
static const struct wire_record port_description = {
	.name = "port-description", .id = 4, .help = "the port in words", WIRE_FIELDS(port_description_fields) };
static const struct wire_record system_name = {
	.name = "system-name", .id = 5, .help = "the station's name", WIRE_FIELDS(system_name_fields) };
static const struct wire_record system_description = {
	.name = "system-description", .id = 6, .help = "the station in words", WIRE_FIELDS(system_description_fields) };
static const struct wire_record capability = {
	.name = "capabilities", .id = 7, .help = "what the station is", WIRE_FIELDS(capabilities_fields) };
static const struct wire_record management = {
	.name = "management-address", .id = 8, .help = "where it is managed", WIRE_FIELDS(management_fields) };
static const struct wire_record org_specific = {
	.name = "org-specific", .id = 127, .help = "an organization's own", WIRE_FIELDS(org_specific_fields) };
static const struct wire_record other = {
	.name = "tlv", .help = "any other TLV", WIRE_FIELDS(other_fields) };

static const struct wire_record *const tlvs[] = {
	&end, &chassis, &port, &ttl, &port_description, &system_name, &system_description, &capability,
	&management, &org_specific, NULL
};
static const struct wire_list tlv_list = { .items = tlvs, .other = &other, .id_width = 7, .end = &end };

static const struct wire_field fields[] = {
	{ .name = "tlvs", .kind = WIRE_LIST, .list = &tlv_list,
	  .help = "chassis-id, port-id, ttl, others, end" },
};

static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, 0x88cc },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_lldp = {
	.header = { .name = "lldp", .help = "LLDP data unit", WIRE_FIELDS(fields) },
	.title = "Link Layer Discovery Protocol",
	.rfc = "IEEE 802.1AB 8",
	.binds = binds,
};
