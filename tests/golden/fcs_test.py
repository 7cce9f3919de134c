#!/usr/bin/python3
"""The FCS in capture files: the link type says that it is there, tshark takes it for one and finds it right or wrong as
the template asked."""
import os
import subprocess
import sys
import tempfile

import golden

HEAD = """name: fcs
layers:
  - eth: {dst: ff:ff:ff:ff:ff:ff, src: 02:00:00:00:00:01, type: 0x88b5}
  - payload: {pattern: inc, size: SIZE}
fcs: FCS
"""
GOOD, BAD = "1", "0"

# fcs, the payload's size, what tshark finds, and the four octets where they are ours to choose
CASES = [
    ("auto", 100, GOOD, None),
    ("auto", 4, GOOD, None),  # padded: the FCS covers the padding and stands behind it
    ("auto", 1500, GOOD, None),
    ("bad", 100, BAD, None),
    ("bad", 46, BAD, None),
    ("0x1a2b3c4d", 71, BAD, "1a2b3c4d"),
    ("0x00000000", 71, BAD, "00000000"),
]


def tshark_fcs(path):
    """[(eth.fcs, status, frame length)] of a capture."""
    run = subprocess.run(
        ["tshark", "-n", "-r", path, "-o", "eth.check_fcs:TRUE", "-T", "fields", "-e", "eth.fcs",
         "-e", "eth.fcs.status", "-e", "frame.len"], capture_output=True, check=True)
    return [tuple(line.split("\t")) for line in run.stdout.decode().splitlines()]


def run_faults(run):
    return [f"exit {run.returncode}: {run.stderr.decode().strip()}"] if run.returncode else []


def check_capture(path, size, status, octets):
    """What is wrong with a capture of one frame with its FCS."""
    linktype, frames = golden.read_pcap(path)
    if linktype != golden.LINKTYPE_ETHERNET_FCS:
        yield f"link type {linktype:#x}"
    if len(frames) != 1:
        yield f"{len(frames)} frames"
        return
    length = max(60, 14 + size) + 4
    [(fcs, found, seen_length)] = tshark_fcs(path)
    if seen_length != str(length):
        yield f"{seen_length} octets, wanted {length}"
    if found != status:
        yield f"tshark finds {fcs} {'good' if found == GOOD else 'not good'}"
    if octets and fcs != "0x" + octets:
        yield f"tshark shows {fcs}, wanted {octets}"
    right = frames[0][-4:] == golden.fcs(frames[0][:-4])
    if right != (status == GOOD):
        yield f"by zlib the FCS is {'right' if right else 'wrong'}"


def write_template(path, fcs, size):
    with open(path, "w", encoding="utf-8") as file:
        file.write(HEAD.replace("FCS", fcs).replace("SIZE", str(size)))


def check_ways(tap, folder, fcs, size, status, octets):
    """convert and send both write it."""
    template, out = os.path.join(folder, "fcs.yaml"), os.path.join(folder, "out.pcap")
    write_template(template, fcs, size)
    for command in (["convert", template, out, "--with-fcs"], ["send", template, "-w", out, "--with-fcs"]):
        if os.path.exists(out):
            os.remove(out)
        faults = run_faults(golden.pktsmith(*command))
        faults = faults or list(check_capture(out, size, status, octets))
        word = "good" if status == GOOD else "bad"
        tap.result(f"{command[0]} writes fcs {fcs} over {size} octets, and tshark finds it {word}", faults)


def check_without(tap, folder):
    """Without --with-fcs the file has none, and says so."""
    template, out = os.path.join(folder, "fcs.yaml"), os.path.join(folder, "out.pcap")
    write_template(template, "auto", 100)
    faults = run_faults(golden.pktsmith("convert", template, out))
    linktype, frames = golden.read_pcap(out)
    if linktype != golden.LINKTYPE_ETHERNET or [len(frame) for frame in frames] != [114]:
        faults.append(f"link type {linktype:#x}, {[len(frame) for frame in frames]} octets")
    tap.result("without --with-fcs the link type is plain Ethernet and the FCS is left out", faults)


def check_back(tap, folder):
    """A capture with FCS becomes a template that builds the same four octets, the right one left to itself."""
    template, out, back, again = (os.path.join(folder, name) for name in ("fcs.yaml", "a.pcap", "back.yaml", "b.pcap"))
    for fcs in ("auto", "0x1a2b3c4d"):
        write_template(template, fcs, 80)
        faults = []
        for command in ((template, out, "--with-fcs"), (out, back), (back, again, "--with-fcs")):
            faults += run_faults(golden.pktsmith("convert", *command))
        if not faults and golden.read_pcap(out) != golden.read_pcap(again):
            faults.append("the two captures differ")
        with open(back, encoding="utf-8") as file:
            given = "0x1a2b3c4d" in file.read()
        if given != (fcs != "auto"):
            faults.append(f"the template {'gives' if given else 'does not give'} the FCS")
        tap.result(f"fcs {fcs} survives the way from capture to template and back", faults)


def main():
    tap = golden.Tap()
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            check_ways(tap, folder, *case)
        check_without(tap, folder)
        check_back(tap, folder)
    return tap.plan()


if __name__ == "__main__":
    sys.exit(main())
