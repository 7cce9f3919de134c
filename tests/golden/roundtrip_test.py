#!/usr/bin/python3
"""Every template survives its way through every form: YAML, hex, raw octets, pcap, and back; and the C array holds the
same octets."""
import os
import re
import sys
import tempfile

import golden


def run(*arguments):
    """What it wrote to standard output; raises RuntimeError with what it said."""
    done = golden.pktsmith(*arguments)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments[:2])} exits {done.returncode}: {done.stderr.decode().strip()}")
    return done.stdout


def hex_of(path):
    return run("show", path, "--format", "hex", "--with-fcs").decode().split()


def through_yaml(path, folder):
    """What `show --format yaml` writes is a template of the same frames, with the same FCS."""
    again = os.path.join(folder, "again.yaml")
    with open(again, "wb") as file:
        file.write(run("show", path, "--format", "yaml"))
    return hex_of(again)


def through_file(path, folder, ending, *options):
    """Converted into a file of that ending and back."""
    there, back = os.path.join(folder, "there" + ending), os.path.join(folder, "back.yaml")
    run("convert", path, there, *options)
    run("convert", there, back)
    return hex_of(back)


def c_arrays(path):
    """The octets of each array."""
    text = run("show", path, "--format", "c", "--with-fcs").decode()
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    for size, body in re.findall(r"static const unsigned char \w+\[(\d+)\] = \{(.*?)\};", text, flags=re.DOTALL):
        octets = bytes(int(octet, 16) for octet in re.findall(r"0x([0-9a-f]{2})", body))
        if len(octets) != int(size):
            raise RuntimeError(f"an array of {size} octets has {len(octets)}")
        yield octets.hex()


def without_fcs(path):
    return run("show", path, "--format", "hex").decode().split()


def read_back(path, folder):
    return [frame.hex() for frame in golden.read_pcap(os.path.join(folder, "there.pcap"))[1]]


def has_own_fcs(path):
    """Whether all of its frames have an FCS to write: `fcs: none` has none."""
    return all(frame["fcs"]["octets"] for frame in golden.show(path))


def faults_of(path):
    with tempfile.TemporaryDirectory() as folder:
        wanted = hex_of(path)
        ways = {"yaml": (through_yaml(path, folder), wanted), "c": (list(c_arrays(path)), wanted)}
        plain = without_fcs(path)
        for ending in (".pcap", ".hex") + ((".raw",) if len(plain) == 1 else ()):
            through_file(path, folder, ending)
            ways[ending] = (without_fcs(os.path.join(folder, "back.yaml")), plain)
        ways["the pcap itself"] = (read_back(path, folder), plain)
        if has_own_fcs(path):
            ways[".pcap with FCS"] = (through_file(path, folder, ".pcap", "--with-fcs"), wanted)
        for way, (got, want) in ways.items():
            if got != want:
                yield f"{way}: got {' '.join(got)[:200]}\nwanted {' '.join(want)[:200]}"


def main():
    tap = golden.Tap()
    for name, path in {**golden.templates("frames"), **golden.templates("tests/golden/templates")}.items():
        if "/respond/" in path:
            continue  # a responder has no frames to convert; how it answers is tested where it does
        try:
            faults = list(faults_of(path))
        except (RuntimeError, ValueError) as error:
            faults = [error]
        tap.result(f"{name} comes back the same from YAML, pcap, hex and raw octets, and from C", faults)
    return tap.plan()


if __name__ == "__main__":
    sys.exit(main())
