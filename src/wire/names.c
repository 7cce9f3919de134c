/* Names for numbers that several protocols carry and that no protocol of ours binds. */
#include "wire/names.h"

/* clang-format off */

/* IANA, IEEE 802 numbers */
const struct wire_name wire_names_ethertype[] = {
	{ 0x22ea, "srp" },
	{ 0x22f0, "avtp" },
	{ 0x22f3, "trill" },
	{ 0x8035, "rarp" },
	{ 0x8137, "ipx" },
	{ 0x8847, "mpls" },
	{ 0x8848, "mpls-multicast" },
	{ 0x8892, "profinet" },
	{ 0x88a4, "ethercat" },
	{ 0x88b5, "experimental-1" },
	{ 0x88b6, "experimental-2" },
	{ 0x88b8, "goose" },
	{ 0x88e1, "homeplug-av" },
	{ 0x88e7, "pbb" },
	{ 0x8906, "fcoe" },
	{ 0x9100, "qinq-9100" },
	{ 0, NULL },
};

/* IANA, assigned internet protocol numbers */
const struct wire_name wire_names_ip_protocol[] = {
	{ 2, "igmp" },
	{ 8, "egp" },
	{ 46, "rsvp" },
	{ 47, "gre" },
	{ 59, "no-next" },
	{ 132, "sctp" },
	{ 135, "mobility" },
	{ 137, "mpls" },
	{ 143, "ethernet" },
	{ 253, "experimental-1" },
	{ 254, "experimental-2" },
	{ 255, "reserved" },
	{ 0, NULL },
};

/* IANA, service names and port numbers */
const struct wire_name wire_names_udp_port[] = {
	{ 7, "echo" },
	{ 9, "discard" },
	{ 53, "dns" },
	{ 68, "dhcp-client" },
	{ 69, "tftp" },
	{ 162, "snmp-trap" },
	{ 320, "ptp-general" },
	{ 443, "https" },
	{ 500, "isakmp" },
	{ 546, "dhcpv6-client" },
	{ 1813, "radius-accounting" },
	{ 3478, "stun" },
	{ 3799, "radius-coa" },
	{ 4789, "vxlan" },
	{ 5353, "mdns" },
	{ 5355, "llmnr" },
	{ 6081, "geneve" },
	{ 0, NULL },
};

const struct wire_name wire_names_tcp_port[] = {
	{ 7, "echo" },
	{ 9, "discard" },
	{ 20, "ftp-data" },
	{ 21, "ftp" },
	{ 22, "ssh" },
	{ 23, "telnet" },
	{ 25, "smtp" },
	{ 53, "dns" },
	{ 110, "pop3" },
	{ 143, "imap" },
	{ 179, "bgp" },
	{ 389, "ldap" },
	{ 443, "https" },
	{ 445, "smb" },
	{ 993, "imaps" },
	{ 1883, "mqtt" },
	{ 3306, "mysql" },
	{ 5432, "postgresql" },
	{ 8080, "http-alt" },
	{ 0, NULL },
};

/* RFC 2474, 2597, 3246, 5865, 8622 */
const struct wire_name wire_names_dscp[] = {
	{ 0, "cs0" }, { 8, "cs1" }, { 16, "cs2" }, { 24, "cs3" },
	{ 32, "cs4" }, { 40, "cs5" }, { 48, "cs6" }, { 56, "cs7" },
	{ 10, "af11" }, { 12, "af12" }, { 14, "af13" },
	{ 18, "af21" }, { 20, "af22" }, { 22, "af23" },
	{ 26, "af31" }, { 28, "af32" }, { 30, "af33" },
	{ 34, "af41" }, { 36, "af42" }, { 38, "af43" },
	{ 46, "ef" }, { 44, "voice-admit" }, { 1, "le" },
	{ 0, NULL },
};

/* RFC 3168 5 */
const struct wire_name wire_names_ecn[] = {
	{ 0, "not-ect" }, { 1, "ect1" }, { 2, "ect0" }, { 3, "ce" },
	{ 0, NULL },
};

/* clang-format on */
