/* The precision time protocol, version 2. */
#include "wire/wire.h"

/* clang-format off */
/* IEEE 1588-2019 table 36 */
static const struct wire_name types[] = {
	{ 0x0, "sync" }, { 0x1, "delay-req" }, { 0x2, "pdelay-req" }, { 0x3, "pdelay-resp" },
	{ 0x8, "follow-up" }, { 0x9, "delay-resp" }, { 0xa, "pdelay-resp-follow-up" },
	{ 0xb, "announce" }, { 0xc, "signaling" }, { 0xd, "management" },
	{ 0, NULL },
};
/* table 37 */
static const struct wire_name flags[] = {
	{ 0x0100, "alternate-master" }, { 0x0200, "two-step" }, { 0x0400, "unicast" },
	{ 0x2000, "profile1" }, { 0x4000, "profile2" }, { 0x8000, "security" },
	{ 0x0001, "leap61" }, { 0x0002, "leap59" }, { 0x0004, "utc-valid" }, { 0x0008, "ptp-timescale" },
	{ 0x0010, "time-traceable" }, { 0x0020, "frequency-traceable" }, { 0x0040, "uncertain" },
	{ 0, NULL },
};
/* table 6 */
static const struct wire_name sources[] = {
	{ 0x10, "atomic" }, { 0x20, "gnss" }, { 0x30, "radio" }, { 0x39, "serial" }, { 0x40, "ptp" },
	{ 0x50, "ntp" }, { 0x60, "hand-set" }, { 0x90, "other" }, { 0xa0, "oscillator" },
	{ 0, NULL },
};
/* table 52 */
static const struct wire_name tlv_types[] = {
	{ 0x0001, "management" }, { 0x0002, "management-error" }, { 0x0003, "organization" },
	{ 0x0004, "request-unicast" }, { 0x0005, "grant-unicast" }, { 0x0006, "cancel-unicast" },
	{ 0x0007, "ack-cancel-unicast" }, { 0x0008, "path-trace" }, { 0x0009, "alternate-time-offset" },
	{ 0, NULL },
};

#define TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 16, .hex = true, .names = tlv_types, \
	  .wireshark = "ptp.v2.an.tlvType", .help = "kind of TLV" }
#define LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 }, \
	  .wireshark = "ptp.v2.an.lengthField", .help = "octets that follow in the TLV" }

static const struct wire_field clock_fields[] = {
	{ .name = "clock", .kind = WIRE_UINT, .width = 64, .hex = true,
	  .wireshark = "ptp.v2.an.pathsequence", .help = "a clock's identity" },
};
static const struct wire_record clock = { .name = "clock", .help = "a clock on the way", WIRE_FIELDS(clock_fields) };
static const struct wire_record *const clocks[] = { &clock, NULL };
static const struct wire_list clock_list = { .items = clocks };

static const struct wire_field path_trace_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "clocks", .kind = WIRE_LIST, .list = &clock_list, .help = "boundary clocks that it passed" },
};
static const struct wire_field other_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the TLV's octets, an even number" },
};
static const struct wire_record path_trace = {
	.name = "path-trace", .id = 0x0008, .help = "clocks that an announce passed", WIRE_FIELDS(path_trace_fields) };
static const struct wire_record other = {
	.name = "tlv", .help = "any other TLV", WIRE_FIELDS(other_fields) };
static const struct wire_record *const tlvs[] = { &path_trace, NULL };
static const struct wire_list tlv_list = { .items = tlvs, .other = &other, .id_width = 16 };

/* 5.3.3: seconds since 1970, TAI; nanoseconds under 10^9. */
#define TIMESTAMP(wireshark_name, about, ...) \
	{ .name = "seconds", .kind = WIRE_UINT, .width = 48, .when = WIRE_WHEN("type", __VA_ARGS__), \
	  .wireshark = wireshark_name ".seconds", .help = about }, \
	{ .name = "nanoseconds", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("type", __VA_ARGS__), \
	  .wireshark = wireshark_name ".nanoseconds", .help = "nanoseconds of it, under 10^9" }
/* 5.3.5 */
#define PORT(clock, port, about, ...) \
	{ .name = "of-clock", .kind = WIRE_UINT, .width = 64, .hex = true, .when = WIRE_WHEN("type", __VA_ARGS__), \
	  .wireshark = clock, .help = "clock " about }, \
	{ .name = "of-port", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", __VA_ARGS__), \
	  .wireshark = port, .help = "its port" }

#define KNOWN	0x0, 0x1, 0x2, 0x3, 0x8, 0x9, 0xa, 0xb, 0xc, 0xd

static const struct wire_field fields[] = {
	{ .name = "sdo", .kind = WIRE_UINT, .width = 4, .hex = true,
	  .wireshark = "ptp.v2.majorsdoid", .help = "whose profile; 1 is IEEE 802.1AS" },
	{ .name = "type", .kind = WIRE_UINT, .width = 4, .names = types,
	  .wireshark = "ptp.v2.messagetype", .help = "kind of message" },
	{ .name = "minor-version", .kind = WIRE_UINT, .width = 4,
	  .wireshark = "ptp.v2.minorversionptp", .help = "1 in IEEE 1588-2019" },
	{ .name = "version", .kind = WIRE_UINT, .width = 4, .preset = "2",
	  .wireshark = "ptp.v2.versionptp", .help = "version of the protocol" },
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 },
	  .wireshark = "ptp.v2.messagelength", .help = "octets of the message" },
	{ .name = "domain", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "ptp.v2.domainnumber", .help = "domain of clocks" },
	{ .name = "minor-sdo", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "ptp.v2.minorsdoid", .help = "whose profile, continued" },
	{ .name = "flags", .kind = WIRE_FLAGS, .width = 16, .names = flags,
	  .wireshark = "ptp.v2.flags", .help = "two-step: the time comes in a follow-up" },
	{ .name = "correction", .kind = WIRE_UINT, .width = 48,
	  .wireshark = "ptp.v2.correction.ns", .help = "nanoseconds to add to the time, signed" },
	{ .name = "correction-fraction", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "ptp.v2.correction.subns", .help = "the same continued, in 1/65536 ns" },
	{ .name = "type-specific", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "ptp.v2.messagetypespecific", .help = "by type" },
	{ .name = "clock", .kind = WIRE_UINT, .width = 64, .hex = true,
	  .wireshark = "ptp.v2.clockidentity", .help = "the sender's identity, an EUI-64" },
	{ .name = "port", .kind = WIRE_UINT, .width = 16, .preset = "1",
	  .wireshark = "ptp.v2.sourceportid", .help = "the sender's port" },
	{ .name = "seq", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "ptp.v2.sequenceid", .help = "sequence number, by type of message" },
	{ .name = "control", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "ptp.v2.controlfield", .help = "version 1's type: 0 to 4, 5 for others" },
	{ .name = "interval", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "ptp.v2.logmessageperiod", .help = "between messages, log2 of seconds, signed; 0x7f: none" },

	TIMESTAMP("ptp.v2.sdr.origintimestamp", "when this was sent, in seconds", 0x0, 0x1),
	TIMESTAMP("ptp.v2.pdrq.origintimestamp", "when this was sent, in seconds", 0x2),
	TIMESTAMP("ptp.v2.pdrs.requestreceipttimestamp", "when the request arrived, in seconds", 0x3),
	TIMESTAMP("ptp.v2.fu.preciseorigintimestamp", "when the sync was sent, in seconds", 0x8),
	TIMESTAMP("ptp.v2.dr.receivetimestamp", "when the request arrived, in seconds", 0x9),
	TIMESTAMP("ptp.v2.pdfu.responseorigintimestamp", "when the response was sent, in seconds", 0xa),
	TIMESTAMP("ptp.v2.an.origintimestamp", "when this was sent, in seconds", 0xb),

	{ .name = "reserved", .kind = WIRE_BYTES, .width = 80, .when = WIRE_WHEN("type", 0x2), .help = "zero" },
	PORT("ptp.v2.pdrs.requestingportidentity", "ptp.v2.pdrs.requestingsourceportid", "that asked", 0x3),
	PORT("ptp.v2.dr.requestingsourceportidentity", "ptp.v2.dr.requestingsourceportid", "that asked", 0x9),
	PORT("ptp.v2.pdfu.requestingportidentity", "ptp.v2.pdfu.requestingsourceportid", "that asked", 0xa),
	PORT("ptp.v2.sig.targetportidentity", "ptp.v2.sig.targetportid", "that is meant, all ones for all", 0xc),
	PORT("ptp.v2.mm.targetportidentity", "ptp.v2.mm.targetportid", "that is meant, all ones for all", 0xd),

	{ .name = "utc-offset", .kind = WIRE_UINT, .width = 16, .preset = "37", .when = WIRE_WHEN("type", 0xb),
	  .wireshark = "ptp.v2.an.origincurrentutcoffset", .help = "TAI less UTC in seconds, signed" },
	{ .name = "reserved2", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", 0xb), .help = "zero" },
	{ .name = "priority1", .kind = WIRE_UINT, .width = 8, .preset = "128", .when = WIRE_WHEN("type", 0xb),
	  .wireshark = "ptp.v2.an.priority1", .help = "the lowest becomes the grandmaster" },
	{ .name = "clock-class", .kind = WIRE_UINT, .width = 8, .preset = "248", .when = WIRE_WHEN("type", 0xb),
	  .wireshark = "ptp.v2.an.grandmasterclockclass", .help = "its kind of clock; 6: locked to a reference" },
	{ .name = "clock-accuracy", .kind = WIRE_UINT, .width = 8, .hex = true, .preset = "0xfe", .when = WIRE_WHEN("type", 0xb),
	  .wireshark = "ptp.v2.an.grandmasterclockaccuracy", .help = "0x20: 25 ns, 0x21: 100 ns, ... 0xfe: unknown" },
	{ .name = "clock-variance", .kind = WIRE_UINT, .width = 16, .hex = true, .preset = "0xffff", .when = WIRE_WHEN("type", 0xb),
	  .wireshark = "ptp.v2.an.grandmasterclockvariance", .help = "offsetScaledLogVariance; 0xffff: unknown" },
	{ .name = "priority2", .kind = WIRE_UINT, .width = 8, .preset = "128", .when = WIRE_WHEN("type", 0xb),
	  .wireshark = "ptp.v2.an.priority2", .help = "decides where all before it are equal" },
	{ .name = "grandmaster", .kind = WIRE_UINT, .width = 64, .hex = true, .when = WIRE_WHEN("type", 0xb),
	  .wireshark = "ptp.v2.an.grandmasterclockidentity", .help = "the grandmaster's identity" },
	{ .name = "steps-removed", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", 0xb),
	  .wireshark = "ptp.v2.an.localstepsremoved", .help = "clocks between it and the sender" },
	{ .name = "time-source", .kind = WIRE_UINT, .width = 8, .hex = true, .preset = "oscillator", .names = sources,
	  .when = WIRE_WHEN("type", 0xb),
	  .wireshark = "ptp.v2.timesource", .help = "where its time comes from" },

	{ .name = "starting-hops", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", 0xd),
	  .wireshark = "ptp.v2.mm.startingboundaryhops", .help = "boundary clocks that it may pass" },
	{ .name = "hops", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", 0xd),
	  .wireshark = "ptp.v2.mm.boundaryhops", .help = "how many still" },
	{ .name = "reserved3", .kind = WIRE_UINT, .width = 4, .when = WIRE_WHEN("type", 0xd), .help = "zero" },
	{ .name = "action", .kind = WIRE_UINT, .width = 4, .when = WIRE_WHEN("type", 0xd),
	  .wireshark = "ptp.v2.mm.action", .help = "0 get, 1 set, 2 response, 3 command, 4 acknowledge" },
	{ .name = "reserved4", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", 0xd), .help = "zero" },
	{ .name = "tlvs", .kind = WIRE_LIST, .list = &tlv_list, .when = WIRE_WHEN("type", KNOWN),
	  .help = "what else is said" },
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_UNLESS("type", KNOWN),
	  .help = "of a kind that is not known here" },
};

static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, 0x88f7 },
	{ WIRE_UDP_PORT, 319 }, /* event: sync, delay-req, pdelay-req, pdelay-resp */
	{ WIRE_UDP_PORT, 320 }, /* general: the others */
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_ptp = {
	.header = { .name = "ptp", .help = "precision time", WIRE_FIELDS(fields) },
	.title = "Precision Time Protocol version 2",
	.rfc = "IEEE 1588-2019 13",
	.binds = binds,
};
