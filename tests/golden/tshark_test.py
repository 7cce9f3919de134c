#!/usr/bin/python3
"""Every template of frames/ and tests/golden/templates, held against tshark: each field of each layer that has a
Wireshark name has the same value at the same place there, and tshark finds nothing wrong that the template did not ask
for."""
import json
import sys

import golden
import tshark
from exceptions import EXCEPTIONS

FRAMES_MIN = 25
TEMPLATES_MIN = 60

# Templates whose frames are the pieces of one datagram: tshark puts them together and verifies what covers them all.
FRAGMENTED = {"ipv4-fragments": "icmp.checksum.status", "ipv6-fragment": "udp.checksum.status"}
TOGETHER = ["udp.check_checksum:TRUE", "ip.defragment:TRUE", "ipv6.defragment:TRUE"]


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
        for fault in tshark.compare(frame, decoded[id(frame)], EXCEPTIONS.get(key, {})):
            yield prefix + fault


def judge_together(frames, status):
    """The faults of a datagram in pieces."""
    decoded = tshark.decode(map(tshark.octets_on_wire, frames), TOGETHER)
    shown = [node.show for seen in decoded for node in seen.nodes.get(status, [])]
    return [] if shown == ["1"] else [f"{status}: {shown}, wanted one that is 1"]


def fields_of(path, rows):
    """The fields of the tables that have a Wireshark name, those of items too, in whatever list of the protocol."""
    for row in rows:
        if row["wireshark"]:
            yield f"{path}.{row['name']} ({row['wireshark']})"
        for item in row.get("items", []):
            yield from fields_of(f"{path.partition('/')[0]}/{item['name']}", item["fields"])


def all_fields():
    protocols = json.loads(golden.pktsmith("protocols", "--json").stdout)["protocols"]
    return {field for protocol in protocols for field in fields_of(protocol["name"], protocol["fields"])}


def fields_met(path, rows, values):
    """Those of them that a layer, or an item, has."""
    for row in (row for row in rows if tshark.is_there(row, values)):
        if row["wireshark"]:
            yield f"{path}.{row['name']} ({row['wireshark']})"
        records = {item["name"]: item["fields"] for item in row.get("items", [])}
        for item in values[row["name"]] if row["kind"] == "list" else []:
            yield from fields_met(f"{path.partition('/')[0]}/{item['item']}", records.get(item["item"], []), item)


def met_fields(frames):
    return {field for frame in frames for layer in frame["layers"]
            for field in fields_met(layer["protocol"], tshark.rows_of(layer["protocol"]), layer["fields"])}


def main():
    tap = golden.Tap()
    shipped, ours = golden.templates("frames"), golden.templates("tests/golden/templates")
    tap.result(f"at least {FRAMES_MIN} templates are shipped", [] if len(shipped) >= FRAMES_MIN else [len(shipped)])
    tap.result(f"at least {TEMPLATES_MIN} more are tested", [] if len(ours) >= TEMPLATES_MIN else [len(ours)])
    built = list(build({**shipped, **ours}))
    frames = [frame for _, frame, _ in built if frame]
    decoded = {id(frame): seen for frame, seen in zip(frames, tshark.decode(map(tshark.octets_on_wire, frames)))}
    tap.result("tshark decodes every frame that was built",
               [] if len(decoded) == len(frames) else [f"{len(decoded)} of {len(frames)}"])
    for name in {**shipped, **ours}:
        rows = [(frame, fault) for template, frame, fault in built if template == name]
        tap.result(f"{name} is to tshark what it is to us", list(judge(name, rows, decoded)))
    for name, status in FRAGMENTED.items():
        pieces = [frame for template, frame, _ in built if template == name]
        tap.result(f"{name} put together has a good checksum", judge_together(pieces, status))
    tap.result("every field that has a Wireshark name stands in some frame", sorted(all_fields() - met_fields(frames)))
    names = {name if frame is None or sum(n == name for n, _, _ in built) == 1 else f"{name}/{frame['name']}"
             for name, frame, _ in built}
    tap.result("every exception is of a frame that there is", sorted(set(EXCEPTIONS) - names))
    return tap.plan()


if __name__ == "__main__":
    sys.exit(main())
