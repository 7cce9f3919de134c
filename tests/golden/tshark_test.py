#!/usr/bin/python3
"""Every template of frames/ and tests/golden/templates, held against tshark: each field of each layer that has a
Wireshark name has the same value at the same place there, and tshark finds nothing wrong that the template did not ask
for."""
import functools
import ipaddress
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import golden

FRAMES_MIN = 25
TEMPLATES_MIN = 60

PREFERENCES = [
    "ip.check_checksum:TRUE", "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE", "eth.check_fcs:TRUE",
    # Each frame stands for itself: no reassembly, no conversations.
    "ip.defragment:FALSE", "ipv6.defragment:FALSE", "tcp.desegment_tcp_streams:FALSE",
    "tcp.analyze_sequence_numbers:FALSE", "tcp.relative_sequence_numbers:FALSE",
    "vlan.qinq_ethertype:0x9100",
]

# tshark counts these in octets, the headers in words.
OCTETS_A_UNIT = {"ip.hdr_len": 4, "tcp.hdr_len": 4}

# Where tshark has another name for the same field, by what it finds there.
ALIASES = {
    "eth.type": ["eth.len"],  # up to 1500 it is a length
    "ieee8021ad.id": ["ieee8021ad.svid", "ieee8021ad.cvid"],  # of two tags in a row
    "ip.dst": ["ip.cur_rt"],  # under a source route: ip.dst is then its last address
    "tcp.seq_raw": ["tcp.seq"],  # in a quoted packet
    "data.data": ["udp.payload", "tcp.payload", "tcp.reset_cause"],  # where tshark reads on in the same octets
}

# Fields that tshark shows only when they are not zero, else as octets within a larger one.
WITHIN = {
    "icmp.length": "icmp.unused",
    "icmp.mtu": "icmp.unused",
    "icmpv6.length": "icmpv6.reserved",
}

# tshark counts the reserved bits among the flags, and shows them alone as true or false.
BITS = {"tcp.flags": "tcp.flags", "tcp.flags.res": "tcp.flags"}

PADDING = ("eth.padding", "eth.trailer", "vlan.trailer", "ieee8021ad.trailer", "ieee8021ah.trailer")

# Headers that do not say how long what they carry is: nobody can tell its padding from it.
WITHOUT_LENGTH = {"eth", "vlan", "svlan", "payload"}

EXPERT_SEVERITY = {0x600000: "warning", 0x800000: "error"}
CHECKSUM_STATUS = {"0": "bad", "2": "unverified", "3": "absent", "4": "illegal"}


# Templates whose frames are the pieces of one datagram: put together, tshark verifies the checksum that covers them all.
FRAGMENTED = {"ipv4-fragments": "icmp.checksum.status", "ipv6-fragment": "udp.checksum.status"}
TOGETHER = ["udp.check_checksum:TRUE", "ip.defragment:TRUE", "ipv6.defragment:TRUE"]

# By template, or template/frame: `events`, what tshark finds wrong because the template asks for it; `unseen`, fields,
# or all of a layer, that tshark does not show; `padding`, that it has another opinion of it; `payload`, the protocol that
# tshark reads in ours. Each with its reason, and each must be so.
BAD_FCS = {"eth.fcs.status bad": "the FCS is wrong", "eth.fcs_bad": "the FCS is wrong"}
BAD_UDP = {"udp.checksum.status bad": "the checksum is wrong", "udp.checksum.bad": "the checksum is wrong"}
BAD_TCP = {"tcp.checksum.status bad": "the checksum is wrong", "tcp.checksum_bad.expert": "the checksum is wrong"}
BAD_IPV4 = {"ip.checksum.status bad": "the checksum is wrong", "ip.checksum_bad.expert": "the checksum is wrong"}
BAD_ICMP = {"icmp.checksum.status bad": "the checksum is wrong", "icmp.checksum_bad": "the checksum is wrong"}
BAD_ICMPV6 = {"icmpv6.checksum.status bad": "the checksum is wrong",
              "icmpv6.checksum_bad.expert": "the checksum is wrong"}
RESET = {"tcp.connection.rst": "the segment is a reset"}

IPV4_AFTER_IHL = ("dscp", "ecn", "length", "id", "flags", "frag-offset", "ttl", "protocol", "checksum", "src", "dst")
TCP_AFTER_OFFSET = ("ack", "reserved", "flags", "window", "checksum", "urgent")

EXCEPTIONS = {
    "raw-socket": {"events": {**BAD_FCS, "eth.src_not_group": "the tutorial's source is a multicast address"}},
    "bad-fcs": {"events": BAD_FCS},
    "eth-fcs-given": {"events": BAD_FCS},
    "lldp": {"payload": "lldp"},
    "pause": {"payload": "macc"},
    "stp": {"payload": "llc"},
    "wake-on-lan": {"payload": "wol"},
    "svlan-twice": {"unseen": {"svlan.type": "tshark takes both tags for one header"}},

    "ipv4-bad-checksum": {"events": BAD_IPV4},
    "ipv4-checksum-zero": {"events": BAD_IPV4},
    "ipv4-wrong-length": {"events": {"ip.bogus_ip_length": "the length is more than there is"},
                          "padding": "by IPv4's length it is no padding"},
    "ipv4-version-wrong": {
        "events": {"ip.bogus_ip_version": "version 5"},
        "unseen": {"ipv4.ihl": "tshark reads no further", "payload": "tshark reads no further",
                   **{f"ipv4.{name}": "tshark reads no further" for name in IPV4_AFTER_IHL},
                   "udp": "tshark reads no further"}},
    "ipv4-ihl-wrong": {
        "events": {"ip.bogus_header_length": "a header of 16 octets"},
        "unseen": {"payload": "tshark reads no further",
                   **{f"ipv4.{name}": "tshark reads no further" for name in IPV4_AFTER_IHL},
                   "udp": "tshark reads no further"}},
    "ipv4-fragments/first": {"events": {"icmp.checksum.status unverified": "the rest is in other frames"}},
    "ipv4-overlapping-fragments/first": {
        "payload": "udp", "events": {"udp.checksum.status unverified": "the rest is in another frame"}},
    "ipv4-options-all": {"unseen": {
        "ipv4.options[7].type": "tshark stops at the end of options",
        "ipv4.options[8].type": "tshark stops at the end of options"}},
    "ipv4-option-unknown": {"unseen": {
        "ipv4.options[1].type": "tshark does not take unknown options apart",
        "ipv4.options[1].length": "tshark does not take unknown options apart"}},

    "ipv6-fragment/first": {"events": {"udp.checksum.status unverified": "the rest is in another frame"}},
    "ipv6-length-wrong": {
        "events": {"udp.length.bad": "IPv6's length cuts UDP short", "_ws.malformed": "IPv6's length cuts UDP short",
                   "udp.checksum.status unverified": "IPv6's length cuts UDP short"},
        "unseen": {"payload": "IPv6's length cuts it short"},
        "padding": "by IPv6's length the end of the payload is padding"},
    "hopopts-jumbo": {"events": {"ipv6.opt.jumbo.prohibited": "the packet is no jumbogram"}},

    "icmp-bad-checksum": {"events": BAD_ICMP},
    "icmp-unreachable": {"events": {"udp.checksum.status unverified": "a part of the datagram is quoted"}},
    "icmp-fragmentation-needed": {"payload": "tcp"},
    "icmp-redirect": {"events": {"icmp.checksum.status unverified": "tshark does not verify what is quoted"}},
    "icmpv6-bad-checksum": {"events": BAD_ICMPV6},
    "icmp-unknown-type": {"unseen": {"payload": "tshark reads nothing of an unknown type"}},
    "icmpv6-unknown-type": {"unseen": {"payload": "tshark reads nothing of an unknown type"}},

    "udp-bad-checksum": {"events": BAD_UDP},
    "udp-checksum-given": {"events": BAD_UDP},
    "udp-no-checksum": {"events": {"udp.checksum.status absent": "the checksum is zero"}},
    "udp-checksum-none-ipv6": {"events": {"udp.checksum.status illegal": "RFC 8200 8.1: never zero in IPv6",
                                          "udp.checksum.zero": "RFC 8200 8.1: never zero in IPv6"}},
    "udp-wrong-length": {"events": {"udp.length.bad": "the length is more than there is",
                                    "_ws.malformed": "the length is more than there is",
                                    "udp.checksum.status unverified": "the length is more than there is"}},

    "rst": {"events": RESET},
    "tcp-every-field": {"events": RESET},
    "tcp-bad-checksum": {"events": BAD_TCP},
    "tcp-checksum-zero": {"events": BAD_TCP},
    "tcp-options-40": {"events": {"tcp.options.mss.present": "MSS outside a SYN"}},
    "tcp-option-length-wrong": {"unseen": {
        "tcp.options[1].kind": "tshark does not take an option apart that is too long",
        "tcp.options[1].length": "tshark does not take an option apart that is too long",
        "tcp.options[1].value": "tshark does not take an option apart that is too long"}},
    "tcp-data-offset-wrong": {"unseen": {"payload": "the data offset makes options of its first octets"}},
    "tcp-data-offset-short": {
        "events": {"tcp.bogus_header_length": "a header of 16 octets"},
        "unseen": {"payload": "tshark reads no further",
                   **{f"tcp.{name}": "tshark reads no further" for name in TCP_AFTER_OFFSET}}},
}


# ---- what tshark sees ----

class Node:
    """A field of tshark's tree: where it stands and what it shows."""

    def __init__(self, element):
        self.name = element.get("name", "")
        self.at = int(element.get("pos") or 0)
        self.size = int(element.get("size") or 0)
        self.show = element.get("show", "")
        self.octets = element.get("unmaskedvalue") or element.get("value") or ""


class Seen:
    """One frame as tshark decodes it."""

    def __init__(self, packet):
        self.protocols = {(proto.get("name"), int(proto.get("pos") or 0)) for proto in packet.iter("proto")}
        self.nodes = {}
        for element in packet.iter("field"):
            node = Node(element)
            self.nodes.setdefault(node.name, []).append(node)
        self.events = set(self.complaints(packet))

    def complaints(self, packet):
        """What tshark finds wrong: malformed parts, warnings and errors by name, checksums not good."""
        for name, _ in self.protocols:
            if name in ("_ws.malformed", "_ws.short", "_ws.unreassembled"):
                yield name
        for expert in packet.iter("field"):
            if expert.get("name") == "_ws.expert":
                parts = {part.get("name"): part.get("show") for part in expert}
                names = [name for name in parts if not name.startswith("_ws.expert.")]
                if int(parts["_ws.expert.severity"]) in EXPERT_SEVERITY:
                    yield names[0] if names else parts["_ws.expert.message"]
        for name, nodes in self.nodes.items():
            if name.endswith(".status") and ("checksum" in name or "fcs" in name):
                for node in nodes:
                    if node.show != "1":
                        yield f"{name} {CHECKSUM_STATUS[node.show]}"


def decode(frames, preferences=PREFERENCES):
    """One tshark run over the frames."""
    with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
        golden.write_pcap(file.name, frames, golden.LINKTYPE_ETHERNET_FCS)
        # It takes any eight octets of a trailer for a time.
        command = ["tshark", "-n", "-r", file.name, "-T", "pdml", "--disable-protocol", "vssmonitoring"]
        for preference in preferences:
            command += ["-o", preference]
        run = subprocess.run(command, capture_output=True, check=True)
    return [Seen(packet) for packet in ElementTree.fromstring(run.stdout).iter("packet")]


# ---- what pktsmith says ----

# What could not be read as an item of a list: a record that no table lists.
RAW_ITEM = [{"name": "data", "kind": "bytes", "width": None, "wireshark": None}]


@functools.lru_cache(maxsize=None)
def rows_of(protocol):
    run = golden.pktsmith("protocols", protocol, "--json")
    if run.returncode:
        raise RuntimeError(f"protocols {protocol} exits {run.returncode}: {run.stderr.decode().strip()}")
    return json.loads(run.stdout)["fields"]


class Said:
    """A field as show's JSON has it, and where the table says it stands."""

    def __init__(self, path, row, value, bit, width):
        self.path = path
        self.name = row["wireshark"]
        self.kind = row["kind"]
        self.value = value
        self.bit = bit
        self.width = width


def is_there(row, values):
    when = row.get("when")
    return not when or (values[when["field"]] in when["values"]) == when["is"]


def walk(path, rows, values, bit):
    """Every field of a record in order, those of its lists' items too."""
    for row in rows:
        if not is_there(row, values):
            continue
        value = values[row["name"]]
        name = f"{path}.{row['name']}"
        if row["kind"] != "list":
            width = row["width"] or 4 * len(value)
            yield Said(name, row, value, bit, width)
            bit += width
            continue
        start = bit
        records = {item["name"]: item["fields"] for item in row["items"]}
        for number, item in enumerate(value, 1):
            for said in walk(f"{name}[{number}]", records.get(item["item"], RAW_ITEM), item, bit):
                bit = said.bit + said.width
                yield said
        if row["wireshark"] and bit > start:
            yield Said(name, row, None, start, bit - start)


def ends_in_padding(frame):
    """Whether the padding cannot be told from the payload; IEEE 802.3's length can tell."""
    eth = frame["layers"][0]["fields"]
    return {layer["protocol"] for layer in frame["layers"]} <= WITHOUT_LENGTH and eth["type"] > 1500


def said_payload(frame):
    """The octets behind the last header, as tshark must see them: payloads that follow one another are one."""
    layers = [layer for layer in frame["layers"] if layer["protocol"] == "payload"]
    octets = "".join(layer["fields"]["data"] for layer in layers)
    last = frame["layers"][-1]
    start = layers[0]["offset"] if layers else last["offset"] + last["length"]
    if ends_in_padding(frame):
        octets += frame.get("padding", {}).get("hex", "")
    return Said("payload", rows_of("payload")[0], octets, 8 * start, 4 * len(octets))


def said_fields(frame):
    """All fields of a frame that have a Wireshark name, the payload last."""
    numbers = {}
    for layer in frame["layers"]:
        protocol = layer["protocol"]
        numbers[protocol] = numbers.get(protocol, 0) + 1
        path = protocol if numbers[protocol] == 1 else f"{protocol}[{numbers[protocol]}]"
        if protocol != "payload":
            yield from (said for said in walk(path, rows_of(protocol), layer["fields"], 8 * layer["offset"]) if said.name)
    payload = said_payload(frame)
    if payload.width:
        yield payload


def octets_on_wire(frame):
    """The frame with its FCS; the right one where none was asked for, so that all fit in one file."""
    octets = bytes.fromhex(frame["hex"])
    given = frame["fcs"]["octets"]
    return octets + (bytes.fromhex(given) if given else golden.fcs(octets))


# ---- one against the other ----

def number_of(node):
    if node.show in ("True", "False"):
        return int(node.show == "True")
    return int(node.show, 0)


def value_of(said, node):
    """What tshark shows, in the form of show's JSON."""
    if said.kind in ("number", "flags"):
        number, rest = divmod(number_of(node), OCTETS_A_UNIT.get(node.name, 1))
        if rest:
            return f"{node.show} octets"
        return number if number >= 0 else number + (1 << said.width)  # icmp.pref_level is signed
    if said.kind in ("mac", "ipv4"):
        return node.show.lower()
    if said.kind == "ipv6":
        return str(ipaddress.IPv6Address(node.show))
    return node.octets if said.kind == "bytes" else None


def bits_of(said, node):
    """The field's bits out of a larger one's octets."""
    after = 8 * (node.at + node.size) - said.bit - said.width
    return int(node.octets, 16) >> after & ((1 << said.width) - 1)


def within(said, node):
    return 8 * node.at <= said.bit and said.bit + said.width <= 8 * (node.at + node.size)


def at_same_place(said, node):
    """Whole octets are at exactly that place; bits are within the octets that tshark names."""
    if said.bit % 8 == 0 and said.width % 8 == 0:
        return 8 * node.at == said.bit and 8 * node.size == said.width
    return within(said, node)


def find_value(said, seen):
    """(value,) as tshark has it at the field's place, or (), and the nodes of that name."""
    names = [] if said.name in BITS else [said.name] + ALIASES.get(said.name, [])
    nodes = [node for name in names for node in seen.nodes.get(name, [])]
    for node in nodes:
        if at_same_place(said, node):
            return (value_of(said, node),), nodes
    for node in seen.nodes.get(BITS.get(said.name) or WITHIN.get(said.name), []):
        if within(said, node):
            return (bits_of(said, node),), nodes
    return (), nodes


def has_status(said, seen):
    return any(8 * node.at == said.bit for node in seen.nodes.get(f"{said.name}.status", []))


def compare_field(said, seen):
    """None, or what differs."""
    value, nodes = find_value(said, seen)
    where = f"octet {said.bit // 8}, {said.width} bits"
    if not value:
        others = ", ".join(f"{node.name} at {node.at}, {node.size} octets" for node in nodes) or "no such field"
        return f"{said.path} ({said.name}), ours at {where}; tshark has {others}"
    if value[0] != said.value:
        return f"{said.path} ({said.name}) at {where}: ours {said.value!r}, tshark's {value[0]!r}"
    if said.name.endswith(".checksum") and not has_status(said, seen):
        return f"{said.path}: tshark says neither good nor bad of it"
    return None


def compare_padding(frame, seen):
    """tshark shows what follows the last layer as padding or trailer, in one piece or two."""
    if ends_in_padding(frame):
        return
    nodes = sorted((node for name in PADDING for node in seen.nodes.get(name, [])), key=lambda node: node.at)
    theirs = "".join(node.octets for node in nodes)
    ours = frame.get("padding", {}).get("hex", "")
    if theirs != ours:
        yield f"padding: ours {ours!r}, tshark's {theirs!r}"
    elif nodes and nodes[0].at != frame["padding"]["offset"]:
        yield f"padding: ours at octet {frame['padding']['offset']}, tshark's at {nodes[0].at}"


def compare_fcs(frame, seen):
    expected = golden.fcs(bytes.fromhex(frame["hex"])).hex()
    if frame["fcs"]["expected"] != expected:
        yield f"fcs: ours would be {frame['fcs']['expected']}, zlib's {expected}"
    theirs = seen.nodes["eth.fcs"][0]
    if frame["fcs"]["octets"] not in (None, theirs.octets):
        yield f"fcs: ours {frame['fcs']['octets']}, tshark's {theirs.octets}"
    if theirs.at != frame["length"]:
        yield f"fcs: ours at octet {frame['length']}, tshark's at {theirs.at}"


def compare_fields(frame, seen, exception):
    """Faults; what is excused must indeed not be there."""
    unseen = exception.get("unseen", {})
    used = set()
    for said in said_fields(frame):
        fault = compare_field(said, seen)
        excuse = next((path for path in unseen if said.path == path or said.path.startswith(path + ".")), None)
        read_as = exception.get("payload")
        if said.path == "payload" and read_as:
            if (read_as, said.bit // 8) not in seen.protocols:
                yield f"payload: tshark reads no {read_as} at octet {said.bit // 8}"
        elif fault and excuse:
            used.add(excuse)
        elif fault:
            yield fault
    for path in set(unseen) - used:
        yield f"{path} is excused ({unseen[path]}), and yet tshark has it"


def compare_events(seen, wanted):
    for event in sorted(seen.events - set(wanted)):
        yield f"tshark finds {event}, which the template does not ask for"
    for event in sorted(set(wanted) - seen.events):
        yield f"tshark does not find {event}, though {wanted[event]}"


def compare(frame, seen, exception):
    yield from compare_fields(frame, seen, exception)
    yield from compare_fcs(frame, seen)
    padding = list(compare_padding(frame, seen))
    if "padding" in exception and not padding:
        yield f"padding is excused ({exception['padding']}), and yet the same in tshark"
    yield from [] if "padding" in exception else padding
    yield from compare_events(seen, exception.get("events", {}))


# ---- all templates ----

def build(paths):
    """(template, frame or None, fault) of every template."""
    for name, path in paths.items():
        try:
            for frame in golden.show(path):
                yield name, frame, None
        except (RuntimeError, ValueError) as error:
            yield name, None, str(error)


def judge(name, rows, decoded):
    """The faults of one template, over all its frames."""
    for frame, fault in rows:
        if fault:
            yield fault
            continue
        key = name if len(rows) == 1 else f"{name}/{frame['name']}"
        prefix = "" if len(rows) == 1 else f"{frame['name']}: "
        for fault in compare(frame, decoded[id(frame)], EXCEPTIONS.get(key, {})):
            yield prefix + fault


def judge_together(frames, status):
    """The faults of a datagram in pieces."""
    shown = [node.show for seen in decode(map(octets_on_wire, frames), TOGETHER) for node in seen.nodes.get(status, [])]
    return [] if shown == ["1"] else [f"{status}: {shown}, wanted one that is 1"]


def main():
    tap = golden.Tap()
    shipped, ours = golden.templates("frames"), golden.templates("tests/golden/templates")
    tap.result(f"at least {FRAMES_MIN} templates are shipped", [] if len(shipped) >= FRAMES_MIN else [len(shipped)])
    tap.result(f"at least {TEMPLATES_MIN} more are tested", [] if len(ours) >= TEMPLATES_MIN else [len(ours)])
    built = list(build({**shipped, **ours}))
    frames = [frame for _, frame, _ in built if frame]
    decoded = {id(frame): seen for frame, seen in zip(frames, decode(map(octets_on_wire, frames)))}
    tap.result("tshark decodes every frame that was built",
               [] if len(decoded) == len(frames) else [f"{len(decoded)} of {len(frames)}"])
    for name in {**shipped, **ours}:
        rows = [(frame, fault) for template, frame, fault in built if template == name]
        tap.result(f"{name} is to tshark what it is to us", list(judge(name, rows, decoded)))
    for name, status in FRAGMENTED.items():
        pieces = [frame for template, frame, _ in built if template == name]
        tap.result(f"{name} put together has a good checksum", judge_together(pieces, status))
    names = {name if frame is None or sum(n == name for n, _, _ in built) == 1 else f"{name}/{frame['name']}"
             for name, frame, _ in built}
    tap.result("every exception is of a frame that there is", sorted(set(EXCEPTIONS) - names))
    return tap.plan()


if __name__ == "__main__":
    sys.exit(main())
