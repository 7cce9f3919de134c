"""What the Python tests of this folder share: the program, its frames, pcap files, TAP."""
import glob
import json
import os
import struct
import subprocess
import sys
import zlib

PKTSMITH = os.environ.get("PKTSMITH", "build/pktsmith")
if not os.access(PKTSMITH, os.X_OK):
    print(f"Bail out! no program {PKTSMITH}: make it, or say where it is in PKTSMITH")
    sys.exit(1)

LINKTYPE_ETHERNET = 1
LINKTYPE_ETHERNET_FCS = 0x24000001  # draft-ietf-opsawg-pcap: P bit set, 2 words of 16 bits of FCS


class Tap:
    """Numbers the results; plan() ends and gives the exit status."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def result(self, name, faults):
        self.count += 1
        self.failed += bool(faults)
        print(f"{'not ok' if faults else 'ok'} {self.count} - {name}")
        for fault in list(faults)[:20]:
            print("#   " + str(fault).replace("\n", "\n#   "))

    def plan(self):
        print(f"1..{self.count}")
        return 1 if self.failed else 0


def pktsmith(*arguments, **options):
    return subprocess.run([PKTSMITH, *arguments], capture_output=True, check=False, **options)


def templates(folder):
    """Name -> path of every template under folder."""
    paths = sorted(glob.glob(os.path.join(folder, "**", "*.yaml"), recursive=True))
    return {os.path.basename(path)[:-len(".yaml")]: path for path in paths}


def show(path):
    """The template's frames as show's JSON has them; raises RuntimeError with what it said."""
    run = pktsmith("show", path, "--format", "json")
    if run.returncode:
        raise RuntimeError(f"show exits {run.returncode}: {run.stderr.decode().strip()}")
    return json.loads(run.stdout)["frames"]


def fcs(octets):
    """The right FCS in wire order, by zlib."""
    return struct.pack("<I", zlib.crc32(octets))


def write_pcap(path, frames, linktype=LINKTYPE_ETHERNET):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, linktype))
        for second, octets in enumerate(frames):
            file.write(struct.pack("<IIII", second, 0, len(octets), len(octets)) + octets)


def read_pcap(path):
    """The link type and the frames of a classic pcap file, of either byte order and time unit."""
    with open(path, "rb") as file:
        data = file.read()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    linktype = struct.unpack_from(order + "I", data, 20)[0]
    frames, at = [], 24
    while at < len(data):
        captured, length = struct.unpack_from(order + "II", data, at + 8)
        if captured != length:
            raise ValueError(f"frame {len(frames) + 1}: {captured} of {length} octets captured")
        frames.append(data[at + 16:at + 16 + captured])
        at += 16 + captured
    return linktype, frames
