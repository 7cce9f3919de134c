/* The options of DHCPv6. */
#include "wire/dhcpv6.h"

/* clang-format off */
/* IANA, DHCPv6 option codes */
const struct wire_name wire_dhcpv6_codes[] = {
	{ 1, "client-id" }, { 2, "server-id" }, { 3, "ia-na" }, { 4, "ia-ta" }, { 5, "ia-address" },
	{ 6, "option-request" }, { 7, "preference" }, { 8, "elapsed-time" }, { 9, "relay-message" }, { 11, "auth" },
	{ 12, "unicast" }, { 13, "status" }, { 14, "rapid-commit" }, { 15, "user-class" }, { 16, "vendor-class" },
	{ 17, "vendor-options" }, { 18, "interface-id" }, { 19, "reconfigure-message" }, { 20, "reconfigure-accept" },
	{ 21, "sip-domains" }, { 22, "sip-servers" }, { 23, "dns-servers" }, { 24, "domain-list" }, { 25, "ia-pd" },
	{ 26, "ia-prefix" }, { 31, "sntp-servers" }, { 32, "refresh-time" }, { 37, "remote-id" },
	{ 38, "subscriber-id" }, { 39, "client-fqdn" }, { 56, "ntp-server" }, { 59, "boot-file-url" },
	{ 64, "aftr-name" }, { 79, "client-lladdr" }, { 82, "sol-max-rt" }, { 83, "inf-max-rt" },
	{ 0, NULL },
};

static const struct wire_name duids[] = {
	{ 1, "lladdr-time" }, { 2, "enterprise" }, { 3, "lladdr" }, { 4, "uuid" },
	{ 0, NULL },
};

/* RFC 8415 11: the identifier of a client or server. The address of another length than Ethernet's is an option of
 * octets. */
static const struct wire_field duid_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "duid-type", .kind = WIRE_UINT, .width = 16, .preset = "lladdr", .names = duids,
	  .wireshark = "dhcpv6.duid.type", .help = "what the identifier is made of" },
	{ .name = "hardware-type", .kind = WIRE_UINT, .width = 16, .preset = "1", .when = WIRE_WHEN("duid-type", 1),
	  .wireshark = "dhcpv6.duidllt.hwtype", .help = "kind of link, 1 for Ethernet" },
	{ .name = "time", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("duid-type", 1),
	  .wireshark = "dhcpv6.duidllt.time", .help = "when it was made: seconds since 2000" },
	{ .name = "address", .kind = WIRE_MAC, .width = 48, .preset = "$if.mac", .when = WIRE_WHEN("duid-type", 1),
	  .wireshark = "dhcpv6.duidllt.link_layer_addr", .help = "a MAC of the machine" },
	{ .name = "enterprise", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("duid-type", 2),
	  .wireshark = "dhcpv6.duiden.enterprise", .help = "the vendor's enterprise number" },
	{ .name = "identifier", .kind = WIRE_BYTES, .when = WIRE_WHEN("duid-type", 2),
	  .wireshark = "dhcpv6.duiden.identifier", .help = "unique within the vendor" },
	{ .name = "hardware-type", .kind = WIRE_UINT, .width = 16, .preset = "1", .when = WIRE_WHEN("duid-type", 3),
	  .wireshark = "dhcpv6.duidll.hwtype", .help = "kind of link, 1 for Ethernet" },
	{ .name = "address", .kind = WIRE_MAC, .width = 48, .preset = "$if.mac", .when = WIRE_WHEN("duid-type", 3),
	  .wireshark = "dhcpv6.duidll.link_layer_addr", .help = "a MAC of the machine" },
	{ .name = "uuid", .kind = WIRE_BYTES, .width = 128, .when = WIRE_WHEN("duid-type", 4),
	  .wireshark = "dhcpv6.duiduuid.bytes", .help = "a UUID of the machine, RFC 6355" },
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_UNLESS("duid-type", 1, 2, 3, 4), .help = "any other identifier" },
};

static const struct wire_field code_fields[] = {
	{ .name = "code", .kind = WIRE_UINT, .width = 16, .names = wire_dhcpv6_codes,
	  .wireshark = "dhcpv6.requested_option_code", .help = "an option that is asked for" },
};
static const struct wire_record code = { .name = "code", .help = "one option", WIRE_FIELDS(code_fields) };
static const struct wire_record *const requests[] = { &code, NULL };
static const struct wire_list request_list = { .items = requests };

static const struct wire_field request_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "codes", .kind = WIRE_LIST, .list = &request_list, .help = "options that the client asks for" },
};

static const struct wire_field preference_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "value", .kind = WIRE_UINT, .width = 8, .preset = "255",
	  .wireshark = "dhcpv6.option_preference", .help = "the highest is taken, 255 at once" },
};

static const struct wire_field elapsed_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "time", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "dhcpv6.elapsed_time", .help = "hundredths of a second since the exchange began" },
};

static const struct wire_field auth_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "protocol", .kind = WIRE_UINT, .width = 8, .preset = "3",
	  .wireshark = "dhcpv6.auth.protocol", .help = "how it is authenticated; 3 is by a reconfigure key" },
	{ .name = "algorithm", .kind = WIRE_UINT, .width = 8, .preset = "1",
	  .wireshark = "dhcpv6.auth.algorithm", .help = "1 is HMAC-MD5" },
	{ .name = "rdm", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "dhcpv6.auth.rdm", .help = "how replays are told: 0 by a counter" },
	{ .name = "replay-detection", .kind = WIRE_BYTES, .width = 64,
	  .wireshark = "dhcpv6.auth.replay_detection", .help = "the counter" },
	{ .name = "info", .kind = WIRE_BYTES, .help = "what the protocol wants" },
};

static const struct wire_field unicast_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "address", .kind = WIRE_IPV6, .width = 128, .preset = "$if.ipv6",
	  .wireshark = "dhcpv6.unicast", .help = "where the client may send to the server alone" },
};

static const struct wire_field bare_fields[] = { DHCPV6_CODE, DHCPV6_LENGTH };

static const struct wire_field class_fields[] = {
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 },
	  .help = "octets of the class" },
	{ .name = "data", .kind = WIRE_BYTES, .text = true, .help = "a class" },
};
static const struct wire_record class = { .name = "class", .help = "one class", WIRE_FIELDS(class_fields) };
static const struct wire_record *const classes[] = { &class, NULL };
static const struct wire_list class_list = { .items = classes };

static const struct wire_field user_class_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "classes", .kind = WIRE_LIST, .list = &class_list, .help = "classes of the user or application" },
};

static const struct wire_field vendor_class_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "enterprise", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "dhcpv6.vendorclass.enterprise", .help = "the vendor's enterprise number" },
	{ .name = "classes", .kind = WIRE_LIST, .list = &class_list, .help = "classes of the vendor's hardware" },
};

static const struct wire_field vendor_option_fields[] = {
	{ .name = "code", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "dhcpv6.vendoropts.enterprise.option_code", .help = "kind of option" },
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 },
	  .wireshark = "dhcpv6.vendoropts.enterprise.option_length", .help = "octets of the option behind this field" },
	{ .name = "data", .kind = WIRE_BYTES,
	  .wireshark = "dhcpv6.vendoropts.enterprise.option_data", .help = "the option's octets" },
};
static const struct wire_record vendor_option = {
	.name = "option", .help = "one option", WIRE_FIELDS(vendor_option_fields) };
static const struct wire_record *const vendor_options[] = { &vendor_option, NULL };
static const struct wire_list vendor_option_list = { .items = vendor_options };

static const struct wire_field vendor_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "enterprise", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "dhcpv6.vendoropts.enterprise", .help = "the vendor's enterprise number" },
	{ .name = "options", .kind = WIRE_LIST, .list = &vendor_option_list, .help = "options of the vendor" },
};

static const struct wire_field interface_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "id", .kind = WIRE_BYTES, .text = true,
	  .wireshark = "dhcpv6.interface_id", .help = "the relay's name for the interface" },
};

static const struct wire_field reconfigure_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .preset = "renew", .names = wire_dhcpv6_types,
	  .wireshark = "dhcpv6.reconf_msg", .help = "what the client is to send" },
};

static const struct wire_field dns_server_fields[] = {
	{ .name = "address", .kind = WIRE_IPV6, .width = 128,
	  .wireshark = "dhcpv6.dns_server", .help = "a DNS server" },
};
static const struct wire_record dns_server = { .name = "server", .help = "one server", WIRE_FIELDS(dns_server_fields) };
static const struct wire_record *const dns_servers[] = { &dns_server, NULL };
static const struct wire_list dns_server_list = { .items = dns_servers };

static const struct wire_field dns_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "servers", .kind = WIRE_LIST, .list = &dns_server_list, .help = "DNS servers, the best first" },
};

static const struct wire_field sntp_server_fields[] = {
	{ .name = "address", .kind = WIRE_IPV6, .width = 128,
	  .wireshark = "dhcpv6.sntp_server", .help = "an SNTP server" },
};
static const struct wire_record sntp_server = { .name = "server", .help = "one server", WIRE_FIELDS(sntp_server_fields) };
static const struct wire_record *const sntp_servers[] = { &sntp_server, NULL };
static const struct wire_list sntp_server_list = { .items = sntp_servers };

static const struct wire_field sntp_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "servers", .kind = WIRE_LIST, .list = &sntp_server_list, .help = "SNTP servers, the best first" },
};

static const struct wire_field domain_fields[] = {
	{ .name = "name", .kind = WIRE_NAME, .wireshark = "dhcpv6.search_list_entry", .help = "a domain" },
};
static const struct wire_record domain = { .name = "domain", .help = "one domain", WIRE_FIELDS(domain_fields) };
static const struct wire_record *const domains[] = { &domain, NULL };
static const struct wire_list domain_name_list = { .items = domains };

static const struct wire_field search_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "domains", .kind = WIRE_LIST, .list = &domain_name_list, .help = "domains to search names in" },
};

static const struct wire_field refresh_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "time", .kind = WIRE_UINT, .width = 32, .preset = "86400",
	  .wireshark = "dhcpv6.lifetime", .help = "seconds until the client asks again" },
};

static const struct wire_field remote_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "enterprise", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "dhcpv6.remoteid.enterprise", .help = "the enterprise number of the relay's vendor" },
	{ .name = "id", .kind = WIRE_BYTES,
	  .wireshark = "dhcpv6.remoteid_enterprise_id", .help = "whom the relay has on the line" },
};

static const struct wire_name fqdn_flags[] = {
	{ 1, "server-updates" }, { 2, "overridden" }, { 4, "no-updates" },
	{ 0, NULL },
};

static const struct wire_field fqdn_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "flags", .kind = WIRE_FLAGS, .width = 8, .names = fqdn_flags,
	  .wireshark = "dhcpv6.client_fqdn_flags", .help = "who updates the DNS" },
	{ .name = "name", .kind = WIRE_NAME, .wireshark = "dhcpv6.client_domain", .help = "the client's name" },
};

static const struct wire_record client_id = {
	.name = "client-id", .id = 1, .help = "client identifier", WIRE_FIELDS(duid_fields) };
static const struct wire_record server_id = {
	.name = "server-id", .id = 2, .help = "server identifier", WIRE_FIELDS(duid_fields) };
static const struct wire_record request = {
	.name = "option-request", .id = 6, .help = "option request", WIRE_FIELDS(request_fields) };
static const struct wire_record preference = {
	.name = "preference", .id = 7, .help = "the server's preference", WIRE_FIELDS(preference_fields) };
static const struct wire_record elapsed = {
	.name = "elapsed-time", .id = 8, .help = "elapsed time", WIRE_FIELDS(elapsed_fields) };
static const struct wire_record auth = {
	.name = "auth", .id = 11, .help = "authentication", WIRE_FIELDS(auth_fields) };
static const struct wire_record unicast = {
	.name = "unicast", .id = 12, .help = "the server's unicast address", WIRE_FIELDS(unicast_fields) };
static const struct wire_record rapid_commit = {
	.name = "rapid-commit", .id = 14, .help = "two messages will do", WIRE_FIELDS(bare_fields) };
static const struct wire_record user_class = {
	.name = "user-class", .id = 15, .help = "user class", WIRE_FIELDS(user_class_fields) };
static const struct wire_record vendor_class = {
	.name = "vendor-class", .id = 16, .help = "vendor class", WIRE_FIELDS(vendor_class_fields) };
static const struct wire_record vendor = {
	.name = "vendor-options", .id = 17, .help = "vendor options", WIRE_FIELDS(vendor_fields) };
static const struct wire_record interface = {
	.name = "interface-id", .id = 18, .help = "the relay's interface", WIRE_FIELDS(interface_fields) };
static const struct wire_record reconfigure = {
	.name = "reconfigure-message", .id = 19, .help = "reconfigure message", WIRE_FIELDS(reconfigure_fields) };
static const struct wire_record reconfigure_accept = {
	.name = "reconfigure-accept", .id = 20, .help = "the client takes a reconfigure", WIRE_FIELDS(bare_fields) };
static const struct wire_record dns = {
	.name = "dns-servers", .id = 23, .help = "DNS servers, RFC 3646", WIRE_FIELDS(dns_fields) };
static const struct wire_record search = {
	.name = "domain-list", .id = 24, .help = "domain search list, RFC 3646", WIRE_FIELDS(search_fields) };
static const struct wire_record sntp = {
	.name = "sntp-servers", .id = 31, .help = "SNTP servers, RFC 4075", WIRE_FIELDS(sntp_fields) };
static const struct wire_record refresh = {
	.name = "refresh-time", .id = 32, .help = "information refresh time", WIRE_FIELDS(refresh_fields) };
static const struct wire_record remote = {
	.name = "remote-id", .id = 37, .help = "the relay's remote ID, RFC 4649", WIRE_FIELDS(remote_fields) };
static const struct wire_record fqdn = {
	.name = "client-fqdn", .id = 39, .help = "the client's name, RFC 4704", WIRE_FIELDS(fqdn_fields) };

#define OPTIONS \
	&client_id, &server_id, &wire_dhcpv6_ia_na, &wire_dhcpv6_ia_ta, &request, &preference, &elapsed, &auth, \
	&unicast, &wire_dhcpv6_status, &rapid_commit, &user_class, &vendor_class, &vendor, &interface, &reconfigure, \
	&reconfigure_accept, &dns, &search, &wire_dhcpv6_ia_pd, &sntp, &refresh, &remote, &fqdn

/* Options of a message that a relay carries. That a relay carries another's, as octets, is where tables end. */
static const struct wire_record *const relayed_options[] = { OPTIONS, NULL };
static const struct wire_list relayed_list = { .items = relayed_options, .other = &wire_dhcpv6_other, .id_width = 16 };

static const struct wire_field relayed_fields[] = { DHCPV6_CODE, DHCPV6_LENGTH, DHCPV6_MESSAGE(relayed_list) };
static const struct wire_record relayed = {
	.name = "relay-message", .id = 9, .help = "the message that is relayed", WIRE_FIELDS(relayed_fields) };

static const struct wire_record *const options[] = { OPTIONS, &relayed, NULL };
const struct wire_list wire_dhcpv6_option_list = { .items = options, .other = &wire_dhcpv6_other, .id_width = 16 };
/* clang-format on */
