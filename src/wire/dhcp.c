/* DHCP and its options. */
#include "wire/wire.h"

/* clang-format off */
/* IANA, BOOTP vendor extensions and DHCP options */
static const struct wire_name codes[] = {
	{ 0, "pad" }, { 1, "subnet-mask" }, { 3, "router" }, { 6, "dns" }, { 12, "host-name" }, { 15, "domain-name" },
	{ 26, "mtu" }, { 28, "broadcast" }, { 33, "static-route" }, { 42, "ntp" }, { 43, "vendor" }, { 50, "requested-ip" },
	{ 51, "lease-time" }, { 52, "overload" }, { 53, "message-type" }, { 54, "server-id" }, { 55, "parameters" },
	{ 56, "message" }, { 57, "max-size" }, { 58, "renewal-time" }, { 59, "rebinding-time" }, { 60, "vendor-class" },
	{ 61, "client-id" }, { 66, "tftp-server" }, { 67, "boot-file" }, { 81, "fqdn" }, { 82, "relay-agent" },
	{ 119, "domain-search" }, { 121, "classless-route" }, { 255, "end" },
	{ 0, NULL },
};

static const struct wire_name messages[] = {
	{ 1, "discover" }, { 2, "offer" }, { 3, "request" }, { 4, "decline" }, { 5, "ack" }, { 6, "nak" }, { 7, "release" },
	{ 8, "inform" },
	{ 0, NULL },
};

#define CODE \
	{ .name = "code", .kind = WIRE_UINT, .width = 8, .names = codes, \
	  .wireshark = "dhcp.option.type", .help = "kind of option" }
#define LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 }, \
	  .wireshark = "dhcp.option.length", .help = "octets after this one" }

/* An option that is one value. */
#define ADDRESS(label, shark, words) \
	CODE, LENGTH, { .name = (label), .kind = WIRE_IPV4, .width = 32, .wireshark = (shark), .help = (words) }
#define SECONDS(label, shark, words) \
	CODE, LENGTH, { .name = (label), .kind = WIRE_UINT, .width = 32, .wireshark = (shark), .help = (words) }
#define TEXT(label, shark, words) \
	CODE, LENGTH, { .name = (label), .kind = WIRE_BYTES, .text = true, .wireshark = (shark), .help = (words) }

static const struct wire_field one_fields[] = { CODE };
static const struct wire_field subnet_mask_fields[] = {
	ADDRESS("mask", "dhcp.option.subnet_mask", "bits of the network") };
static const struct wire_field broadcast_fields[] = {
	ADDRESS("address", "dhcp.option.broadcast_address", "broadcast address") };
static const struct wire_field requested_ip_fields[] = {
	ADDRESS("address", "dhcp.option.requested_ip_address", "the address that the client would have") };
static const struct wire_field server_id_fields[] = {
	ADDRESS("address", "dhcp.option.dhcp_server_id", "the server's address") };
static const struct wire_field lease_time_fields[] = {
	SECONDS("seconds", "dhcp.option.ip_address_lease_time", "how long the address may be used") };
static const struct wire_field renewal_time_fields[] = {
	SECONDS("seconds", "dhcp.option.renewal_time_value", "until the client asks its server again") };
static const struct wire_field rebinding_time_fields[] = {
	SECONDS("seconds", "dhcp.option.rebinding_time_value", "until the client asks any server") };
static const struct wire_field host_name_fields[] = {
	TEXT("name", "dhcp.option.hostname", "the client's name") };
static const struct wire_field domain_name_fields[] = {
	TEXT("name", "dhcp.option.domain_name", "the domain that the client is in") };
static const struct wire_field vendor_class_fields[] = {
	TEXT("class", "dhcp.option.vendor_class_id", "the client's maker and kind") };

static const struct wire_field message_type_fields[] = {
	CODE,
	LENGTH,
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .preset = "discover", .names = messages,
	  .wireshark = "dhcp.option.dhcp", .help = "kind of message" },
};

static const struct wire_field max_size_fields[] = {
	CODE,
	LENGTH,
	{ .name = "octets", .kind = WIRE_UINT, .width = 16, .preset = "1500",
	  .wireshark = "dhcp.option.dhcp_max_message_size", .help = "the longest message that the client takes" },
};

static const struct wire_field client_id_fields[] = {
	CODE,
	LENGTH,
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .preset = "1",
	  .help = "kind of identifier: a hardware type, 255 is a DUID" },
	{ .name = "id", .kind = WIRE_BYTES, .help = "the client's identifier, such as its MAC" },
};

static const struct wire_field router_address_fields[] = {
	{ .name = "address", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "dhcp.option.router", .help = "a router" },
};
static const struct wire_record router_address = {
	.name = "router", .help = "a router", WIRE_FIELDS(router_address_fields) };
static const struct wire_record *const router_addresses[] = { &router_address, NULL };
static const struct wire_list router_list = { .items = router_addresses };

static const struct wire_field router_fields[] = {
	CODE,
	LENGTH,
	{ .name = "addresses", .kind = WIRE_LIST, .list = &router_list, .help = "routers, the preferred one first" },
};

static const struct wire_field dns_address_fields[] = {
	{ .name = "address", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "dhcp.option.domain_name_server", .help = "a DNS server" },
};
static const struct wire_record dns_address = {
	.name = "server", .help = "a DNS server", WIRE_FIELDS(dns_address_fields) };
static const struct wire_record *const dns_addresses[] = { &dns_address, NULL };
static const struct wire_list dns_list = { .items = dns_addresses };

static const struct wire_field dns_fields[] = {
	CODE,
	LENGTH,
	{ .name = "addresses", .kind = WIRE_LIST, .list = &dns_list, .help = "DNS servers, the preferred one first" },
};

static const struct wire_field ntp_address_fields[] = {
	{ .name = "address", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "dhcp.option.ntp_server", .help = "an NTP server" },
};
static const struct wire_record ntp_address = {
	.name = "server", .help = "an NTP server", WIRE_FIELDS(ntp_address_fields) };
static const struct wire_record *const ntp_addresses[] = { &ntp_address, NULL };
static const struct wire_list ntp_list = { .items = ntp_addresses };

static const struct wire_field ntp_fields[] = {
	CODE,
	LENGTH,
	{ .name = "addresses", .kind = WIRE_LIST, .list = &ntp_list, .help = "NTP servers, the preferred one first" },
};

static const struct wire_field mtu_fields[] = {
	CODE,
	LENGTH,
	{ .name = "octets", .kind = WIRE_UINT, .width = 16, .preset = "1500",
	  .wireshark = "dhcp.option.interface_mtu", .help = "of the client's interface" },
};
static const struct wire_field message_fields[] = {
	TEXT("text", "dhcp.option.message", "why the server refuses, or the client") };
static const struct wire_field tftp_server_fields[] = {
	TEXT("name", "dhcp.option.tftp_server_name", "where the boot file is") };
static const struct wire_field boot_file_fields[] = {
	TEXT("name", "dhcp.option.bootfile_name", "the boot file's name") };

/* RFC 3046 2, RFC 3527, RFC 3993 */
static const struct wire_name agent_codes[] = {
	{ 1, "circuit-id" }, { 2, "remote-id" }, { 5, "link-selection" }, { 6, "subscriber-id" }, { 11, "server-override" },
	{ 0, NULL },
};
#define AGENT_CODE \
	{ .name = "code", .kind = WIRE_UINT, .width = 8, .names = agent_codes, \
	  .wireshark = "dhcp.option.agent_information_option.suboption", .help = "kind of suboption" }
#define AGENT_LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 }, \
	  .wireshark = "dhcp.option.suboption_length", .help = "octets after this one" }

static const struct wire_field circuit_fields[] = {
	AGENT_CODE,
	AGENT_LENGTH,
	{ .name = "id", .kind = WIRE_BYTES, .text = true,
	  .wireshark = "dhcp.option.agent_information_option.agent_circuit_id", .help = "the port that the request came by" },
};
static const struct wire_field remote_fields[] = {
	AGENT_CODE,
	AGENT_LENGTH,
	{ .name = "id", .kind = WIRE_BYTES, .text = true,
	  .wireshark = "dhcp.option.agent_information_option.agent_remote_id", .help = "who is at its other end" },
};
static const struct wire_field selection_fields[] = {
	AGENT_CODE,
	AGENT_LENGTH,
	{ .name = "address", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "dhcp.option.agent_information_option.link_selection", .help = "an address of the client's link" },
};
static const struct wire_field agent_other_fields[] = {
	AGENT_CODE,
	AGENT_LENGTH,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the suboption's octets" },
};
static const struct wire_record circuit = {
	.name = "circuit-id", .id = 1, .help = "the relay's port", WIRE_FIELDS(circuit_fields) };
static const struct wire_record remote = {
	.name = "remote-id", .id = 2, .help = "the remote host", WIRE_FIELDS(remote_fields) };
static const struct wire_record selection = {
	.name = "link-selection", .id = 5, .help = "the link of the client, RFC 3527", WIRE_FIELDS(selection_fields) };
static const struct wire_record agent_other = {
	.name = "suboption", .help = "any other suboption", WIRE_FIELDS(agent_other_fields) };
static const struct wire_record *const agent_options[] = { &circuit, &remote, &selection, NULL };
static const struct wire_list agent_list = { .items = agent_options, .other = &agent_other, .id_width = 8 };

static const struct wire_field agent_fields[] = {
	CODE,
	LENGTH,
	{ .name = "suboptions", .kind = WIRE_LIST, .list = &agent_list, .help = "what the relay says of the client" },
};

static const struct wire_field parameter_fields[] = {
	{ .name = "code", .kind = WIRE_UINT, .width = 8, .names = codes,
	  .wireshark = "dhcp.option.request_list_item", .help = "an option's code" },
};
static const struct wire_record parameter = {
	.name = "parameter", .help = "an option that is wanted", WIRE_FIELDS(parameter_fields) };
static const struct wire_record *const parameters[] = { &parameter, NULL };
static const struct wire_list parameter_list = { .items = parameters };

static const struct wire_field parameters_fields[] = {
	CODE,
	LENGTH,
	{ .name = "codes", .kind = WIRE_LIST, .list = &parameter_list, .help = "the options that the client wants" },
};

static const struct wire_field other_fields[] = {
	CODE,
	LENGTH,
	{ .name = "data", .kind = WIRE_BYTES,
	  .wireshark = "dhcp.option.value", .help = "the option's octets" },
};

static const struct wire_record pad = {
	.name = "pad", .id = 0, .help = "one octet of padding", WIRE_FIELDS(one_fields) };
static const struct wire_record subnet_mask = {
	.name = "subnet-mask", .id = 1, .help = "the network's mask", WIRE_FIELDS(subnet_mask_fields) };
static const struct wire_record router = {
	.name = "router", .id = 3, .help = "routers", WIRE_FIELDS(router_fields) };
static const struct wire_record dns = {
	.name = "dns", .id = 6, .help = "DNS servers", WIRE_FIELDS(dns_fields) };
static const struct wire_record host_name = {
	.name = "host-name", .id = 12, .help = "the client's name", WIRE_FIELDS(host_name_fields) };
static const struct wire_record domain_name = {
	.name = "domain-name", .id = 15, .help = "the client's domain", WIRE_FIELDS(domain_name_fields) };
static const struct wire_record broadcast = {
	.name = "broadcast", .id = 28, .help = "broadcast address", WIRE_FIELDS(broadcast_fields) };
static const struct wire_record requested_ip = {
	.name = "requested-ip", .id = 50, .help = "requested address", WIRE_FIELDS(requested_ip_fields) };
static const struct wire_record lease_time = {
	.name = "lease-time", .id = 51, .help = "lease time", WIRE_FIELDS(lease_time_fields) };
static const struct wire_record message_type = {
	.name = "message-type", .id = 53, .help = "kind of message", WIRE_FIELDS(message_type_fields) };
static const struct wire_record server_id = {
	.name = "server-id", .id = 54, .help = "the server", WIRE_FIELDS(server_id_fields) };
static const struct wire_record parameters_option = {
	.name = "parameters", .id = 55, .help = "options that are wanted", WIRE_FIELDS(parameters_fields) };
static const struct wire_record max_size = {
	.name = "max-size", .id = 57, .help = "longest message", WIRE_FIELDS(max_size_fields) };
static const struct wire_record renewal_time = {
	.name = "renewal-time", .id = 58, .help = "renewal time, T1", WIRE_FIELDS(renewal_time_fields) };
static const struct wire_record rebinding_time = {
	.name = "rebinding-time", .id = 59, .help = "rebinding time, T2", WIRE_FIELDS(rebinding_time_fields) };
static const struct wire_record vendor_class = {
	.name = "vendor-class", .id = 60, .help = "the client's kind", WIRE_FIELDS(vendor_class_fields) };
static const struct wire_record client_id = {
	.name = "client-id", .id = 61, .help = "the client's identifier", WIRE_FIELDS(client_id_fields) };
static const struct wire_record mtu = {
	.name = "mtu", .id = 26, .help = "the interface's MTU", WIRE_FIELDS(mtu_fields) };
static const struct wire_record ntp = {
	.name = "ntp", .id = 42, .help = "NTP servers", WIRE_FIELDS(ntp_fields) };
static const struct wire_record message = {
	.name = "message", .id = 56, .help = "a message for people", WIRE_FIELDS(message_fields) };
static const struct wire_record tftp_server = {
	.name = "tftp-server", .id = 66, .help = "the boot file's server", WIRE_FIELDS(tftp_server_fields) };
static const struct wire_record boot_file = {
	.name = "boot-file", .id = 67, .help = "the boot file", WIRE_FIELDS(boot_file_fields) };
static const struct wire_record agent = {
	.name = "relay-agent", .id = 82, .help = "the relay's own, RFC 3046", WIRE_FIELDS(agent_fields) };
static const struct wire_record end = {
	.name = "end", .id = 255, .help = "end of options", WIRE_FIELDS(one_fields) };
static const struct wire_record other = {
	.name = "option", .help = "any other option", WIRE_FIELDS(other_fields) };

static const struct wire_record *const options[] = {
	&pad, &subnet_mask, &router, &dns, &host_name, &domain_name, &broadcast, &requested_ip, &lease_time, &message_type,
	&server_id, &parameters_option, &max_size, &renewal_time, &rebinding_time, &vendor_class, &client_id,
	&mtu, &ntp, &message, &tftp_server, &boot_file, &agent, &end, NULL
};
static const struct wire_list option_list = {
	.items = options, .other = &other, .id_width = 8, .end = &end };

static const struct wire_name ops[] = {
	{ 1, "request" }, { 2, "reply" },
	{ 0, NULL },
};

static const struct wire_name flags[] = {
	{ 0x8000, "broadcast" },
	{ 0, NULL },
};

static const struct wire_field fields[] = {
	{ .name = "op", .kind = WIRE_UINT, .width = 8, .preset = "request", .names = ops,
	  .wireshark = "dhcp.type", .help = "request of a client or reply of a server" },
	{ .name = "htype", .kind = WIRE_UINT, .width = 8, .preset = "1",
	  .wireshark = "dhcp.hw.type", .help = "hardware type; 1 is Ethernet" },
	{ .name = "hlen", .kind = WIRE_UINT, .width = 8, .preset = "6",
	  .wireshark = "dhcp.hw.len", .help = "octets of a hardware address" },
	{ .name = "hops", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "dhcp.hops", .help = "relays on the way" },
	{ .name = "xid", .kind = WIRE_UINT, .width = 32, .hex = true,
	  .wireshark = "dhcp.id", .help = "the same in request and reply" },
	{ .name = "secs", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "dhcp.secs", .help = "seconds since the client began" },
	{ .name = "flags", .kind = WIRE_FLAGS, .width = 16, .names = flags,
	  .wireshark = "dhcp.flags", .help = "broadcast: the client takes no unicast yet" },
	{ .name = "ciaddr", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "dhcp.ip.client", .help = "the client's address, where it has one" },
	{ .name = "yiaddr", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "dhcp.ip.your", .help = "the address that the client is given" },
	{ .name = "siaddr", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "dhcp.ip.server", .help = "the server of the next step of booting" },
	{ .name = "giaddr", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "dhcp.ip.relay", .help = "the relay's address" },
	{ .name = "chaddr", .kind = WIRE_MAC, .width = 48, .preset = "$if.mac",
	  .wireshark = "dhcp.hw.mac_addr", .help = "the client's MAC" },
	{ .name = "chaddr-padding", .kind = WIRE_BYTES, .width = 80,
	  .wireshark = "dhcp.hw.addr_padding", .help = "the rest of 16 octets: zeros" },
	{ .name = "sname", .kind = WIRE_BYTES, .width = 512,
	  .wireshark = "dhcp.server", .help = "the server's name, zeros after it" },
	{ .name = "file", .kind = WIRE_BYTES, .width = 1024,
	  .wireshark = "dhcp.file", .help = "the boot file's name, zeros after it" },
	{ .name = "cookie", .kind = WIRE_IPV4, .width = 32, .preset = "99.130.83.99",
	  .wireshark = "dhcp.cookie", .help = "says that options follow, RFC 2131 3" },
	{ .name = "options", .kind = WIRE_LIST, .list = &option_list, .help = "options, the last is end" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 67 },
	{ WIRE_UDP_PORT, 68 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_dhcp = {
	.header = { .name = "dhcp", .help = "DHCP message", WIRE_FIELDS(fields) },
	.title = "Dynamic Host Configuration Protocol",
	.rfc = "RFC 2131, RFC 2132",
	.binds = binds,
};
