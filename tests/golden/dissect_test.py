#!/usr/bin/python3
"""What pktsmith reads in a capture is what tshark reads in it: the frames of all templates, field by field, and random
and damaged ones wherever both find a field."""
import json
import os
import sys
import tempfile

import golden
import tshark
from capture_test import make_frames
from exceptions import EXCEPTIONS
from tshark_test import build

COMPARED_MIN = 5000  # fields of random frames, so that "all agree" is not an empty saying


def events_of(name):
    return {"events": EXCEPTIONS[name]["events"]}


# Read as octets, a frame with wrong values is no longer what its template built: where tshark stops, so do we.
STOPS = {"unseen": {"payload": "tshark shows nothing of what it does not read"}}
READ_BACK = {
    "ipv4-overlapping-fragments/first": events_of("ipv4-overlapping-fragments/first"),
    "fragments/fragments-1": events_of("fragments/fragments-1"),
    "ipv4-wrong-length": events_of("ipv4-wrong-length"),
    "ipv6-length-wrong": events_of("ipv6-length-wrong"),
    "ipv4-ihl-wrong": {**EXCEPTIONS["ipv4-ihl-wrong"], **STOPS},
    "tcp-data-offset-short": {**EXCEPTIONS["tcp-data-offset-short"], **STOPS},
    "l2tp3": {},
    "tcp-data-offset-wrong": {},
    # Nothing in a quoted datagram says that an extension stands behind it.
    "icmp-extension-objects": {**events_of("icmp-extension-objects"),
                               "unseen": {"payload": "tshark takes the extension for none of it"}},
    "tcp-option-length-wrong": {},
}


def read_frames(octets):
    """The frames, each with its FCS, as `capture` reads them from a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "frames.pcap")
        golden.write_pcap(path, octets, golden.LINKTYPE_ETHERNET_FCS)
        run = golden.pktsmith("capture", "-r", path, "--jsonl")
    if run.returncode:
        raise RuntimeError(f"capture exits {run.returncode}: {run.stderr.decode().strip()}")
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    return [row for row in rows if row["type"] == "frame"]


def check_templates(tap):
    """One result a frame."""
    paths = {**golden.templates("frames"), **golden.templates("tests/golden/templates")}
    built = [(template, frame) for template, frame, fault in build(paths) if not fault]
    octets = [tshark.octets_on_wire(frame) for _, frame in built]
    read, decoded = read_frames(octets), tshark.decode(octets)
    names = [template for template, _ in built]
    tap.result("capture reads every frame of every template", [] if len(read) == len(built) else [len(read)])
    for (template, frame), ours, theirs in zip(built, read, decoded):
        key = template if names.count(template) == 1 else f"{template}/{frame['name']}"
        exception = READ_BACK.get(key, EXCEPTIONS.get(key, {}))
        tap.result(f"{key} is read as tshark reads it", list(tshark.compare(ours, theirs, exception)))


def disagreements(ours, theirs):
    """(fields that both have at the same place, what differs in them)."""
    compared, faults = 0, []
    for said in tshark.said_fields(ours):
        value, _ = tshark.find_value(said, theirs)
        compared += bool(value)
        if value and value[0] != said.value:
            faults.append(f"{ours['hex']}: {said.path}: ours {said.value!r}, tshark's {value[0]!r}")
    faults += [f"{ours['hex']}: {fault}" for fault in tshark.compare_checksums(ours, theirs)]
    return compared, faults


def check_random(tap):
    """Frames of every kind, with random fields, cut and damaged."""
    octets = [frame + golden.fcs(frame) for frame in make_frames()]
    results = [disagreements(*both) for both in zip(read_frames(octets), tshark.decode(octets))]
    faults = [fault for _, found in results for fault in found]
    compared = sum(count for count, _ in results)
    tap.result(f"{compared} fields of {len(results)} random frames are what tshark reads", faults)
    tap.result(f"these are at least {COMPARED_MIN} fields", [] if compared >= COMPARED_MIN else [compared])


def main():
    tap = golden.Tap()
    check_templates(tap)
    check_random(tap)
    return tap.plan()


if __name__ == "__main__":
    sys.exit(main())
