/* RADIUS. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_name messages[] = {
	{ 1, "access-request" }, { 2, "access-accept" }, { 3, "access-reject" }, { 4, "accounting-request" },
	{ 5, "accounting-response" }, { 11, "access-challenge" }, { 12, "status-server" },
	{ 40, "disconnect-request" }, { 41, "disconnect-ack" }, { 42, "disconnect-nak" },
	{ 43, "coa-request" }, { 44, "coa-ack" }, { 45, "coa-nak" },
	{ 0, NULL },
};

/* IANA, RADIUS attribute types */
static const struct wire_name types[] = {
	{ 1, "user-name" }, { 2, "user-password" }, { 3, "chap-password" }, { 4, "nas-ip-address" }, { 5, "nas-port" },
	{ 6, "service-type" }, { 7, "framed-protocol" }, { 8, "framed-ip-address" }, { 9, "framed-ip-netmask" },
	{ 11, "filter-id" }, { 12, "framed-mtu" }, { 18, "reply-message" }, { 24, "state" }, { 25, "class" },
	{ 26, "vendor-specific" }, { 27, "session-timeout" }, { 28, "idle-timeout" }, { 29, "termination-action" },
	{ 30, "called-station-id" }, { 31, "calling-station-id" }, { 32, "nas-identifier" }, { 33, "proxy-state" },
	{ 40, "acct-status-type" }, { 41, "acct-delay-time" }, { 42, "acct-input-octets" }, { 43, "acct-output-octets" },
	{ 44, "acct-session-id" }, { 46, "acct-session-time" }, { 61, "nas-port-type" }, { 79, "eap-message" },
	{ 80, "message-authenticator" }, { 95, "nas-ipv6-address" },
	{ 0, NULL },
};

static const struct wire_name services[] = {
	{ 1, "login" }, { 2, "framed" }, { 3, "callback-login" }, { 4, "callback-framed" }, { 5, "outbound" },
	{ 6, "administrative" }, { 7, "nas-prompt" }, { 8, "authenticate-only" }, { 10, "call-check" },
	{ 0, NULL },
};

static const struct wire_name framings[] = { { 1, "ppp" }, { 2, "slip" }, { 0, NULL } };

static const struct wire_name statuses[] = {
	{ 1, "start" }, { 2, "stop" }, { 3, "interim-update" }, { 7, "accounting-on" }, { 8, "accounting-off" },
	{ 0, NULL },
};

static const struct wire_name port_types[] = {
	{ 0, "async" }, { 5, "virtual" }, { 15, "ethernet" }, { 19, "wireless-802-11" },
	{ 0, NULL },
};

#define TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .names = types, \
	  .wireshark = "radius.avp.type", .help = "kind of attribute" }
#define LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 }, \
	  .wireshark = "radius.avp.length", .help = "octets of the attribute" }

/* An attribute of one value: its identifier here, its type's name and number, its value's row. */
#define ATTRIBUTE(identifier, type_name, number, what, ...) \
	static const struct wire_field identifier##_fields[] = { TYPE, LENGTH, { .name = "value", __VA_ARGS__ } }; \
	static const struct wire_record identifier = { \
		.name = type_name, .id = number, .help = what, WIRE_FIELDS(identifier##_fields) }
#define TEXT	 .kind = WIRE_BYTES, .text = true
#define OCTETS	 .kind = WIRE_BYTES
#define NUMBER	 .kind = WIRE_UINT, .width = 32
#define ADDRESS	 .kind = WIRE_IPV4, .width = 32
#define IN(filter) .wireshark = "radius." filter

ATTRIBUTE(user_name, "user-name", 1, "who asks", TEXT, IN("User_Name"), .help = "a user's name");
ATTRIBUTE(user_password, "user-password", 2, "the password, hidden by the secret", OCTETS,
	IN("User_Password_encrypted"), .help = "16 octets or a multiple, RFC 2865 5.2");
ATTRIBUTE(chap_password, "chap-password", 3, "answer to a CHAP challenge", OCTETS,
	IN("CHAP_Password"), .help = "the identifier and 16 octets");
ATTRIBUTE(nas_address, "nas-ip-address", 4, "the client of this server", ADDRESS, .preset = "$if.ipv4",
	IN("NAS_IP_Address"), .help = "its address");
ATTRIBUTE(nas_port, "nas-port", 5, "where the user is connected", NUMBER, IN("NAS_Port"), .help = "a port's number");
ATTRIBUTE(service_type, "service-type", 6, "what the user wants or gets", NUMBER, .preset = "framed", .names = services,
	IN("Service_Type"), .help = "kind of service");
ATTRIBUTE(framed_protocol, "framed-protocol", 7, "framing", NUMBER, .preset = "ppp", .names = framings,
	IN("Framed_Protocol"), .help = "framing of the access");
ATTRIBUTE(framed_address, "framed-ip-address", 8, "the user's address", ADDRESS,
	IN("Framed-IP-Address"), .help = "255.255.255.254: the NAS chooses");
ATTRIBUTE(framed_netmask, "framed-ip-netmask", 9, "the user's netmask", ADDRESS, .preset = "255.255.255.255",
	IN("Framed_IP_Netmask"), .help = "netmask");
ATTRIBUTE(filter_id, "filter-id", 11, "a filter of the NAS", TEXT, IN("Filter_Id"), .help = "its name");
ATTRIBUTE(framed_mtu, "framed-mtu", 12, "MTU", NUMBER, .preset = "1500", IN("Framed_MTU"), .help = "octets");
ATTRIBUTE(reply_message, "reply-message", 18, "text for the user", TEXT, IN("Reply_Message"), .help = "text");
ATTRIBUTE(state, "state", 24, "to be sent back with the next request", OCTETS, IN("State"), .help = "octets of the server");
ATTRIBUTE(class, "class", 25, "to be sent with the accounting", OCTETS, IN("Class"), .help = "octets of the server");
ATTRIBUTE(session_timeout, "session-timeout", 27, "how long the service lasts", NUMBER, .preset = "3600",
	IN("Session_Timeout"), .help = "seconds");
ATTRIBUTE(idle_timeout, "idle-timeout", 28, "how long the user may be idle", NUMBER, .preset = "600",
	IN("Idle_Timeout"), .help = "seconds");
ATTRIBUTE(called_station, "called-station-id", 30, "who was called", TEXT, IN("Called_Station_Id"),
	.help = "number or MAC");
ATTRIBUTE(calling_station, "calling-station-id", 31, "who calls", TEXT, IN("Calling_Station_Id"),
	.help = "number or MAC");
ATTRIBUTE(nas_identifier, "nas-identifier", 32, "the client of this server", TEXT, IN("NAS_Identifier"),
	.help = "its name");
ATTRIBUTE(proxy_state, "proxy-state", 33, "to be sent back to the proxy", OCTETS, IN("Proxy_State"),
	.help = "octets of the proxy");
ATTRIBUTE(acct_status, "acct-status-type", 40, "what is accounted", NUMBER, .preset = "start", .names = statuses,
	IN("Acct_Status_Type"), .help = "begin or end of a service");
ATTRIBUTE(acct_delay, "acct-delay-time", 41, "how long the client has tried", NUMBER, IN("Acct_Delay_Time"),
	.help = "seconds");
ATTRIBUTE(acct_input, "acct-input-octets", 42, "octets from the user", NUMBER, IN("Acct_Input_Octets"),
	.help = "octets");
ATTRIBUTE(acct_output, "acct-output-octets", 43, "octets to the user", NUMBER, IN("Acct_Output_Octets"),
	.help = "octets");
ATTRIBUTE(acct_session, "acct-session-id", 44, "which session", TEXT, IN("Acct_Session_Id"), .help = "its name");
ATTRIBUTE(acct_time, "acct-session-time", 46, "how long it was", NUMBER, IN("Acct_Session_Time"), .help = "seconds");
ATTRIBUTE(port_type, "nas-port-type", 61, "kind of port", NUMBER, .preset = "ethernet", .names = port_types,
	IN("NAS_Port_Type"), .help = "kind of port");
ATTRIBUTE(eap_message, "eap-message", 79, "a piece of an EAP packet, RFC 3579", OCTETS,
	.help = "up to 253 octets");
ATTRIBUTE(authenticator, "message-authenticator", 80, "HMAC-MD5 of the message, RFC 3579", .kind = WIRE_BYTES,
	.width = 128, IN("Message_Authenticator"), .help = "not computed: the secret is not known here");
ATTRIBUTE(nas_address6, "nas-ipv6-address", 95, "the client of this server, RFC 3162", .kind = WIRE_IPV6, .width = 128,
	.preset = "$if.ipv6", IN("NAS_IPv6_Address"), .help = "its address");

static const struct wire_field vendor_attribute_fields[] = {
	{ .name = "type", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "radius.avp.vendor_type", .help = "kind of attribute" },
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 },
	  .wireshark = "radius.avp.vendor_len", .help = "octets of the attribute" },
	{ .name = "data", .kind = WIRE_BYTES, .help = "the attribute's octets" },
};
static const struct wire_record vendor_attribute = {
	.name = "attribute", .help = "one attribute", WIRE_FIELDS(vendor_attribute_fields) };
static const struct wire_record *const vendor_attributes[] = { &vendor_attribute, NULL };
static const struct wire_list vendor_list = { .items = vendor_attributes };

static const struct wire_field vendor_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "vendor", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "radius.avp.vendor_id", .help = "the vendor's enterprise number" },
	{ .name = "attributes", .kind = WIRE_LIST, .list = &vendor_list, .help = "attributes of the vendor" },
};
static const struct wire_record vendor = {
	.name = "vendor-specific", .id = 26, .help = "a vendor's attributes", WIRE_FIELDS(vendor_fields) };

static const struct wire_field other_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the attribute's octets" },
};
static const struct wire_record other = {
	.name = "attribute", .help = "any other attribute", WIRE_FIELDS(other_fields) };

static const struct wire_record *const attributes[] = {
	&user_name, &user_password, &chap_password, &nas_address, &nas_port, &service_type, &framed_protocol,
	&framed_address, &framed_netmask, &filter_id, &framed_mtu, &reply_message, &state, &class, &vendor,
	&session_timeout, &idle_timeout, &called_station, &calling_station, &nas_identifier, &proxy_state,
	&acct_status, &acct_delay, &acct_input, &acct_output, &acct_session, &acct_time, &port_type, &eap_message,
	&authenticator, &nas_address6, NULL
};
static const struct wire_list attribute_list = { .items = attributes, .other = &other, .id_width = 8 };

static const struct wire_field fields[] = {
	{ .name = "code", .kind = WIRE_UINT, .width = 8, .preset = "access-request", .names = messages,
	  .wireshark = "radius.code", .help = "kind of message" },
	{ .name = "id", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "radius.id", .help = "the same in request and answer" },
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 },
	  .wireshark = "radius.length", .help = "octets of the message" },
	{ .name = "authenticator", .kind = WIRE_BYTES, .width = 128,
	  .wireshark = "radius.authenticator", .help = "random in an access request, else an MD5 digest; not computed" },
	{ .name = "attributes", .kind = WIRE_LIST, .list = &attribute_list, .help = "attributes" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 1812 },
	{ WIRE_UDP_PORT, 1813 },
	{ WIRE_UDP_PORT, 3799 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_radius = {
	.header = { .name = "radius", .help = "RADIUS message", WIRE_FIELDS(fields) },
	.title = "Remote Authentication Dial In User Service",
	.rfc = "RFC 2865",
	.binds = binds,
};
