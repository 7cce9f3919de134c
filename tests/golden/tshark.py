"""Holds a frame as pktsmith's JSON has it against the same octets as tshark decodes them: each field that has a
Wireshark name has the same value at the same place, and tshark finds nothing wrong but what it is said to find."""
import functools
import ipaddress
import json
import re
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree

import golden

PREFERENCES = [
    "ip.check_checksum:TRUE", "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE",
    "udplite.check_checksum:TRUE", "udplite.ignore_checksum_coverage:FALSE", "eth.check_fcs:TRUE",
    # Each frame stands for itself: no reassembly, no conversations.
    "ip.defragment:FALSE", "ipv6.defragment:FALSE", "tcp.desegment_tcp_streams:FALSE",
    "tcp.analyze_sequence_numbers:FALSE", "tcp.relative_sequence_numbers:FALSE",
    "vlan.qinq_ethertype:0x9100", "sctp.checksum:CRC 32c",
]

# tshark counts these in octets, the headers in words; this in milliseconds, the option in hundredths of a second.
UNITS = {"ip.hdr_len": 4, "tcp.hdr_len": 4, "geneve.option.length": 4, "dhcpv6.elapsed_time": 10}

# Where tshark has another name for the same field, by what it finds there.
ALIASES = {
    "eth.type": ["eth.len"],  # up to 1500 it is a length
    "vlan.etype": ["vlan.len"],
    "tftp.data": ["data.data"],
    "ieee8021ad.id": ["ieee8021ad.svid", "ieee8021ad.cvid"],  # of two tags in a row
    "ip.dst": ["ip.cur_rt"],  # under a source route: ip.dst is then its last address
    "icmpv6.mld.maximum_response_delay": ["icmpv6.mld.maximum_response_code"],  # in version 2
    "dccp.seq_raw": ["dccp.seq"],  # of 24 bits
    "tcp.seq_raw": ["tcp.seq"],  # in a quoted packet
    "ptp.v2.an.tlvType": ["ptp.v2.mm.tlvType"],
    "ptp.v2.an.lengthField": ["ptp.v2.mm.lengthField"],
    "eap.data": ["eap.identity", "eap.notification", "eap.desired_type"],  # by type
    # where tshark reads on in the same octets
    "data.data": ["rtp.payload", "udp.payload", "tcp.payload", "tcp.reset_cause"],
}

# Where tshark has several names for what is one field to us, which for this has none: by our record and field.
SEVERAL = {
    "hop.address": ["ip.rec_rt", "ip.empty_rt", "ip.src_rt", "ip.dst", "ipv6.routing.src.addr",
                    "ipv6.routing.mipv6.home_address"],
}

# Fields that tshark shows only when they are not zero, else as octets within a larger one.
WITHIN = {
    "icmp.length": "icmp.unused",
    "icmp.mtu": "icmp.unused",
    "icmpv6.length": "icmpv6.reserved",
    # Only in answers.
    "dns.flags.authoritative": "dns.flags", "dns.flags.recavail": "dns.flags",
    "dns.flags.authenticated": "dns.flags", "dns.flags.rcode": "dns.flags",
    "nbns.flags.authoritative": "nbns.flags", "nbns.flags.recavail": "nbns.flags", "nbns.flags.rcode": "nbns.flags",
    "dns.flags.recdesired": "dns.flags",  # in LLMNR, which has other names
    "mpls.ttl": "mpls.ttl",  # shown as the four octets of its label
    "gre.flags.ack": "gre.flags_and_version",  # only of version 1
    # Of two octets where frames are numbered.
    "llc.control": "llc.control", "llc.control.n_r": "llc.control", "llc.control.p": "llc.control",
}

# Numbers that tshark's tree shows as what they begin.
COVERING = {"dhcp.option.type", "dhcp.option.agent_information_option.suboption", "dccp.option_type"}

# Bits of a larger field of tshark's: it counts others among the flags, and shows them alone as true or false.
BITS = {"tcp.flags": "tcp.flags", "tcp.flags.res": "tcp.flags", "bfd.flags": "bfd.flags", "gtp.flags": "gtp.flags",
        "l2tp.flags": "l2tp.flags",
        "dccp.type": "dccp.type",  # with what it says of the sequence numbers
        # Numbers with their low octet first.
        "loop.skipcount": "loop.skipcount", "loop.function": "loop.function",
        "loop.receipt_number": "loop.receipt_number"}

# Fields whose octets are compared: tshark shows a part of them (the priority without its VLAN), or in another unit
# (seconds).
BITS.update({name: name for name in ("stp.msg_age", "stp.max_age", "stp.hello", "stp.forward", "ptp.v2.correction.subns")})
BITS.update({"stp.root.prio": "stp.root.ext", "stp.bridge.prio": "stp.bridge.ext"})

# tshark shows no padding behind these: it takes it for theirs.
TAKES_PADDING = {"mac-control", "pppoe", "pppoe-discovery", "cfm", "loopback"}

# Ports that tshark leaves to the user, and ours that IANA has for them.
DECODE_AS = ["udp.port==5004,rtp", "udp.port==5005,rtcp"]

# Numbers that tshark shows as something else, a time or octets: the octets in the frame are compared.
NO_NUMBERS = {"ntp.reftime", "ntp.org", "ntp.rec", "ntp.xmt", "ntp.keyid", "dhcpv6.iaid", "dhcpv6.iata",
              "dhcpv6.duidllt.time"}

PADDING = ("eth.padding", "eth.trailer", "vlan.trailer", "ieee8021ad.trailer", "ieee8021ah.trailer")

# Headers that do not say how long what they carry is: nobody can tell its padding from it.
WITHOUT_LENGTH = {"eth", "vlan", "svlan", "payload"}

EXPERT_SEVERITY = {0x600000: "warning", 0x800000: "error"}
CHECKSUM_STATUS = {"0": "bad", "2": "unverified", "3": "absent", "4": "illegal"}


# ---- what tshark sees ----

class Node:
    """A field of tshark's tree: where it stands and what it shows."""

    def __init__(self, element):
        self.name = element.get("name", "")
        self.at = int(element.get("pos") or 0)
        self.size = int(element.get("size") or 0)
        self.show = element.get("show", "")
        self.title = element.get("showname", "")
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
            if name.endswith(".status") and any(word in name for word in ("checksum", "cksum", "fcs")):
                for node in nodes:
                    if node.show != "1":
                        yield f"{name} {CHECKSUM_STATUS[node.show]}"
            elif any("[incorrect" in node.title for node in nodes):  # OSPF's, which have no .status
                yield f"{name} bad"


def decode(frames, preferences=PREFERENCES):
    """One tshark run over the frames."""
    with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
        golden.write_pcap(file.name, frames, golden.LINKTYPE_ETHERNET_FCS)
        # It takes any eight octets of a trailer for a time.
        command = ["tshark", "-n", "-r", file.name, "-T", "pdml", "--disable-protocol", "vssmonitoring"]
        for preference in preferences:
            command += ["-o", preference]
        for layer in DECODE_AS:
            command += ["-d", layer]
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

    def __init__(self, path, row, value, bit, width, record=None):
        self.path = path
        self.several = SEVERAL.get(f"{record}.{row['name']}", [])
        self.name = row["wireshark"] or ", ".join(self.several)
        self.kind = row["kind"]
        self.value = value
        self.bit = bit
        self.width = width


def is_there(row, values):
    """Whether a record has a row: by its condition, and an optional one by what there was."""
    when = row.get("when")
    if not when or row["name"] not in values:
        return row["name"] in values
    if when["field"] not in values:
        return not when["is"]
    return (values[when["field"]] & when.get("mask", -1) in when["values"]) == when["is"]


def unescaped(text):
    """The octets of text with \\DDD and \\X in it (RFC 1035 5.1), those after a '\\' as 256 and more."""
    return [256 + int(number) if number else 256 + ord(char) if char else ord(plain)
            for number, char, plain in re.findall(r"\\(\d{3})|\\(.)|([^\\])", text)]


def name_length(text):
    """The octets of a domain name: labels with their lengths, and a zero or a pointer."""
    length = 0
    for label in filter(None, re.split(r"(?<!\\)\.", text)):
        if label.startswith("@"):
            return length + 2
        length += 1 + len(unescaped(label))
    return length + 1


def width_of(row, value):
    """In bits."""
    if row["kind"] == "string":
        return 8 * len(unescaped(value)) + 8
    if row["kind"] == "name":
        return 8 * name_length(value)
    return row["width"] or 4 * len(value)


def walk(path, rows, values, bit):
    """Every field of a record in order, those of its lists' items too; values are of a layer, or of an item."""
    for row in rows:
        if not is_there(row, values):
            continue
        value = values[row["name"]]
        name = f"{path}.{row['name']}"
        if row["kind"] != "list":
            width = width_of(row, value)
            yield Said(name, row, value, bit, width, values.get("item"))
            bit += width
            continue
        start = bit
        records = {item["name"]: item["fields"] for item in row["items"]}
        for number, item in enumerate(value, 1):
            for said in walk(f"{name}[{number}]", records.get(item["item"], RAW_ITEM), item, bit):
                bit = said.bit + said.width
                yield said
            # Zeros that the item's length does not count; those of the last item in an item are the outer one's.
            gap = -(bit - start) % (8 * row.get("item_align", 1))
            bit += 0 if number == len(value) and "item" in values else gap
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
            fields = walk(path, rows_of(protocol), layer["fields"], 8 * layer["offset"])
            yield from (said for said in fields if said.name and said.width)
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
    if node.name in NO_NUMBERS:
        return int(node.octets, 16)
    try:
        return int(node.show, 0)
    except ValueError:  # to tshark it is octets
        return int(node.octets, 16)


def value_of(said, node):
    """What tshark shows, in the form of show's JSON."""
    if said.kind in ("number", "flags"):
        number, rest = divmod(number_of(node), UNITS.get(node.name, 1))
        if rest:
            return f"{node.show}, no multiple of {UNITS[node.name]}"
        return number if number >= 0 else number + (1 << said.width)  # icmp.pref_level is signed
    if said.kind in ("mac", "ipv4"):
        return node.show.lower()
    if said.kind == "ipv6":
        return str(ipaddress.IPv6Address(node.show))
    if said.kind in ("name", "string"):  # a pointer is followed there
        ours = "".join(chr(octet & 255) for octet in unescaped(said.value))
        same = ours.rstrip(".") == node.show.rstrip(".") if said.kind == "name" else ours == node.show
        return said.value if "@" in said.value or node.show == "<Root>" or same else node.show
    return node.octets if said.kind == "bytes" else None


def bits_of(said, node):
    """The field's bits out of a larger one's octets."""
    after = 8 * (node.at + node.size) - said.bit - said.width
    return int(node.octets, 16) >> after & ((1 << said.width) - 1)


def within(said, node):
    return 8 * node.at <= said.bit and said.bit + said.width <= 8 * (node.at + node.size)


def at_same_place(said, node):
    """Whole octets are at exactly that place; bits are within the octets that tshark names."""
    if said.name in COVERING:
        return 8 * node.at == said.bit
    if said.bit % 8 == 0 and said.width % 8 == 0:
        return 8 * node.at == said.bit and 8 * node.size == said.width
    return within(said, node)


def find_value(said, seen):
    """(value,) as tshark has it at the field's place, or (), and the nodes of that name."""
    names = [] if said.name in BITS else said.several or [said.name] + ALIASES.get(said.name, [])
    nodes = [node for name in names for node in seen.nodes.get(name, [])]
    for node in nodes:
        if at_same_place(said, node):
            value = bits_of(said, node) if said.name in COVERING else value_of(said, node)
            return (value,), nodes
    for node in seen.nodes.get(BITS.get(said.name) or WITHIN.get(said.name), []):
        if within(said, node):
            return (bits_of(said, node),), nodes
    return (), nodes


def has_status(said, seen):
    said_so = [node for node in seen.nodes.get(said.name, []) if node.title.endswith("correct]")]
    return any(8 * node.at == said.bit for node in seen.nodes.get(f"{said.name}.status", []) + said_so)


def is_checksum(said):
    return said.name.endswith((".checksum", ".cksum"))


def compare_field(said, seen):
    """None, or what differs."""
    value, nodes = find_value(said, seen)
    where = f"octet {said.bit // 8}, {said.width} bits"
    if not value:
        others = ", ".join(f"{node.name} at {node.at}, {node.size} octets" for node in nodes) or "no such field"
        return f"{said.path} ({said.name}), ours at {where}; tshark has {others}"
    if value[0] != said.value:
        return f"{said.path} ({said.name}) at {where}: ours {said.value!r}, tshark's {value[0]!r}"
    if is_checksum(said) and said.kind == "number" and said.width > 1 and not has_status(said, seen):
        return f"{said.path}: tshark says neither good nor bad of it"
    return None


def compare_checksum(said, wrong, seen):
    """None, or where we and tshark are not of one mind on whether a checksum is right, and which would be."""
    status = next((node.show for node in seen.nodes.get(f"{said.name}.status", []) if 8 * node.at == said.bit), None)
    right = next((number_of(node) for node in seen.nodes.get(f"{said.name}_calculated", []) if 8 * node.at == said.bit),
                 None)
    if status in ("0", "1") and (wrong is not None) != (status == "0"):
        return f"{said.path}: {'wrong' if wrong is not None else 'right'} to us, not to tshark"
    if wrong is not None and right is not None and wrong != right:
        return f"{said.path}: {wrong:#x} would be right for us, {right:#x} for tshark"
    return None


def compare_checksums(frame, seen):
    for layer in frame["layers"]:
        wrong = layer.get("wrong", {}).get("checksum")
        for said in walk(layer["protocol"], rows_of(layer["protocol"]), layer["fields"], 8 * layer["offset"]):
            fault = said.name and is_checksum(said) and said.width > 1 and compare_checksum(said, wrong, seen)
            if fault:
                yield fault


def compare_padding(frame, seen):
    """tshark shows what follows the last layer as padding or trailer, in one piece or two."""
    if ends_in_padding(frame):
        return
    nodes = sorted((node for name in PADDING for node in seen.nodes.get(name, [])), key=lambda node: node.at)
    theirs = "".join(node.octets for node in nodes)
    ours = frame.get("padding", {}).get("hex", "")
    if not theirs and TAKES_PADDING & {layer["protocol"] for layer in frame["layers"]}:
        return
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


def compare_unnamed(frame, seen):
    """A layer of which tshark names no field, such as a text, is the same protocol there."""
    for layer in frame["layers"]:
        named = any(row["wireshark"] for row in rows_of(layer["protocol"]))
        if not named and (layer["protocol"], layer["offset"]) not in seen.protocols:
            yield f"{layer['protocol']}: tshark reads none at octet {layer['offset']}"


def compare(frame, seen, exception):
    yield from compare_fields(frame, seen, exception)
    yield from compare_unnamed(frame, seen)
    yield from compare_checksums(frame, seen)
    yield from compare_fcs(frame, seen)
    padding = list(compare_padding(frame, seen))
    if "padding" in exception and not padding:
        yield f"padding is excused ({exception['padding']}), and yet the same in tshark"
    yield from [] if "padding" in exception else padding
    yield from compare_events(seen, exception.get("events", {}))
