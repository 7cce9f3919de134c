#!/usr/bin/python3
"""Of two ports that both name a protocol tshark reads the frame as the lower one's; so does pktsmith. Every pair of the
ports that pktsmith knows, and of each with one that is nobody's, with a message of the protocol that is wanted."""
import itertools
import json
import re
import struct
import sys

import golden
import tshark
from dissect_test import read_frames
from tshark_test import build

SPACES = {"udp": "UDP port", "udplite": "UDP port", "tcp": "TCP port"}
NUMBERS = {"tcp": 6, "udp": 17, "udplite": 136}
NOBODYS = [1, 40000]  # below all that are somebody's, and above
PORTS_MIN = 4
PICKY = {"hsrp"}  # tshark leaves it alone but to its own port, and to the routers' group
BELOW = 34  # octets of Ethernet and IPv4


def known_ports(space):
    """Port -> protocol, without those that tshark has to be told: it takes what it is told first, low or high."""
    protocols = json.loads(golden.pktsmith("protocols", "--json").stdout)["protocols"]
    told = {int(re.search(r"port==(\d+)", layer).group(1)) for layer in tshark.DECODE_AS}
    return {bind["number"]: protocol["name"] for protocol in protocols for bind in protocol["named_by"]
            if bind["space"] == space and bind["number"] not in told and protocol["name"] not in PICKY}


def messages():
    """Protocol -> the octets of such a layer, and what it carries, in some template of ours."""
    paths = {**golden.templates("frames"), **golden.templates("tests/golden/templates")}
    found = {}
    for _, frame, fault in build(paths):
        octets = bytes.fromhex(frame["hex"]) if frame else b""
        for layer in [] if fault else frame["layers"]:
            found.setdefault(layer["protocol"], octets[layer["offset"]:])
    return found


def checksum(octets):
    total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def upper(transport, sport, dport, message):
    """Without a checksum, or with a wrong one: what is read does not depend on it."""
    if transport == "tcp":
        return struct.pack("!HHIIHHHH", sport, dport, 1, 1, 0x5018, 8192, 0, 0) + message
    return struct.pack("!HHHH", sport, dport, 8 + len(message), 0) + message


def frame_of(number, transport, sport, dport, message):
    """Each between addresses of its own: tshark remembers who spoke what."""
    octets = upper(transport, sport, dport, message)
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(octets), 1, 0, 64, NUMBERS[transport], 0)
    ip += struct.pack("!II", 10 << 24 | number, 11 << 24 | number)
    ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
    frame = bytes.fromhex("020000000002020000000001" "0800") + ip + octets
    frame += bytes(60 - len(frame)) if len(frame) < 60 else b""
    return frame + golden.fcs(frame)


def read_both(cases):
    """(what pktsmith reads above the ports, what tshark does) of each."""
    frames = [frame_of(number, *case) for number, case in enumerate(cases)]
    for case, ours, theirs in zip(cases, read_frames(frames), tshark.decode(frames)):
        at = BELOW + (20 if case[0] == "tcp" else 8)
        yield (next((layer["protocol"] for layer in ours["layers"] if layer["offset"] == at), None),
               {name for name, place in theirs.protocols if place == at and not name.startswith("_ws.")})


def names_of(transport, ports, message_of):
    """Port -> tshark's names of what it names, by a frame to it from nobody's: where it has any."""
    cases = [(transport, NOBODYS[-1], port, message_of[port]) for port in ports]
    return {port: theirs for port, (_, theirs) in zip(ports, read_both(cases))}


def check(tap, transport, known, message_of):
    names = names_of(transport, known, message_of)
    tap.result(f"{transport}: tshark knows the {len(known)} ports that pktsmith knows",
               [port for port in known if not names[port]] or ([] if len(known) >= PORTS_MIN else ["too few"]))
    pairs = [pair for pair in itertools.product([*known, *NOBODYS], repeat=2) if set(pair) & set(known)]
    lower = [min(set(pair) & set(known)) for pair in pairs]
    cases = [(transport, *pair, message_of[port]) for pair, port in zip(pairs, lower)]
    faults = []
    for pair, port, (ours, theirs) in zip(pairs, lower, read_both(cases)):
        if ours != known[port]:
            faults.append(f"{pair}: pktsmith reads {ours}, wanted {known[port]}")
        if theirs != names[port]:
            faults.append(f"{pair}: tshark reads {sorted(theirs)}, wanted {sorted(names[port])}")
    tap.result(f"{transport}: of {len(pairs)} pairs the lower one that is known decides, here and in tshark", faults)


def main():
    tap = golden.Tap()
    found = messages()
    for transport, space in SPACES.items():
        known = known_ports(space)
        check(tap, transport, known, {port: found[name] for port, name in known.items()})
    return tap.plan()


if __name__ == "__main__":
    sys.exit(main())
