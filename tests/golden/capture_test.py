#!/usr/bin/python3
"""What a capture holds survives the way through a template: pcap -> convert -> template -> convert -> the same octets,
frame by frame, for frames that Scapy made: sensible ones, and ones with random fields."""
import os
import random
import re
import subprocess
import sys
import tempfile

import golden

from scapy.all import (  # pylint: disable=no-name-in-module
    ARP, Dot1AD, Dot1Q, Ether, GRE, ICMP, IP, IPOption_RR, IPOption_Router_Alert, IPv6, IPv6ExtHdrDestOpt,
    IPv6ExtHdrFragment, IPv6ExtHdrHopByHop, IPv6ExtHdrRouting, ICMPv6DestUnreach, ICMPv6EchoReply, ICMPv6EchoRequest,
    ICMPv6ND_NA, ICMPv6ND_NS, ICMPv6ND_RA, ICMPv6ND_RS, ICMPv6NDOptMTU, ICMPv6NDOptPrefixInfo, ICMPv6NDOptSrcLLAddr,
    ICMPv6PacketTooBig, Padding, RouterAlert, TCP, UDP, fuzz)

PROTOCOLS = {"eth", "vlan", "svlan", "arp", "ipv4", "ipv6", "hopopts", "routing", "fragment", "dstopts", "icmp",
             "icmpv6", "udp", "tcp", "payload"}
SEED = 20240601
FRAMES = 330


def ether():
    return Ether(dst="02:00:00:00:00:02", src="02:00:00:00:00:01")


def ipv4(**fields):
    return ether() / IP(src="192.0.2.1", dst="10.0.0.2", **fields)


def ipv6(**fields):
    return ether() / IPv6(src="2001:db8::1", dst="2001:db8::2", **fields)


def octets(source, low, high):
    return source.randbytes(source.randint(low, high))


def tcp_options(source):
    choices = [("MSS", source.randrange(65536)), ("NOP", None), ("WScale", source.randrange(15)), ("SAckOK", b""),
               ("Timestamp", (source.getrandbits(32), source.getrandbits(32))),
               ("SAck", (source.getrandbits(32), source.getrandbits(32))), (254, source.randbytes(5))]
    return source.sample(choices, source.randint(0, 4))


def sensible(source):
    """One frame of each kind that a network carries, with random numbers in it."""
    port = source.randrange(1, 65536)
    quoted = IP(src="10.0.0.2", dst="192.0.2.1") / UDP(sport=port, dport=9) / b"abcdefgh"
    quoted6 = IPv6(src="2001:db8::2", dst="2001:db8::1") / UDP(sport=port, dport=9) / b"abcdefgh"
    return [
        ether() / ARP(op=source.choice([1, 2]), hwsrc="02:00:00:00:00:01", psrc="192.0.2.1", pdst="10.0.0.2"),
        ether() / Dot1Q(vlan=source.randrange(4096), prio=source.randrange(8)) / IP(dst="10.0.0.2", src="192.0.2.1") /
        UDP(sport=port, dport=port ^ 1) / octets(source, 0, 200),
        ether() / Dot1AD(vlan=5, id=1) / Dot1Q(vlan=source.randrange(4096)) / octets(source, 50, 60),
        ipv4(ttl=source.randrange(256), tos=source.randrange(256)) / ICMP(id=port) / octets(source, 0, 100),
        ipv4() / ICMP(type=3, code=source.randrange(16)) / quoted,
        ipv4() / ICMP(type=5, code=1, gw="10.0.0.254") / quoted,
        ipv4() / ICMP(type=13, ts_ori=port, ts_rx=2, ts_tx=3),
        ipv4(options=[IPOption_Router_Alert()]) / ICMP(),
        ipv4(options=[IPOption_RR(routers=["10.0.0.1", "0.0.0.0"])]) / UDP(sport=port, dport=9) / octets(source, 1, 9),
        ipv4(flags="MF", frag=0) / UDP(sport=port, dport=9, len=2000) / octets(source, 64, 64),
        ipv4(flags=0, frag=source.randrange(1, 8192), proto=17) / octets(source, 8, 80),
        ipv4() / IP(src="192.168.1.1", dst="192.168.1.2") / TCP(sport=port, flags="PA") / octets(source, 0, 40),
        ipv4() / IPv6(src="2001:db8:1::1", dst="2001:db8:1::2") / UDP(sport=port, dport=9) / octets(source, 0, 40),
        ipv4() / GRE() / IP(src="192.168.1.1", dst="192.168.1.2") / ICMP(),
        ipv4() / TCP(sport=port, dport=80, flags=source.randrange(512), options=tcp_options(source)) /
        octets(source, 0, 300),
        ipv4() / UDP(sport=port, dport=9, chksum=0) / octets(source, 0, 30),
        ipv6(hlim=source.randrange(256), fl=source.getrandbits(20), tc=source.randrange(256)) /
        UDP(sport=port, dport=9) / octets(source, 0, 99),
        ipv6() / TCP(sport=port, dport=443, options=tcp_options(source)) / octets(source, 0, 99),
        ipv6() / IPv6ExtHdrHopByHop(options=[RouterAlert(value=0)]) /
        ICMPv6EchoRequest(id=port, data=octets(source, 0, 99)),
        ipv6() / IPv6ExtHdrDestOpt() / IPv6ExtHdrFragment(id=port, offset=3, m=1, nh=17) / octets(source, 16, 16),
        ipv6() / IPv6ExtHdrRouting(addresses=["2001:db8::3", "2001:db8::4"], segleft=1) / ICMPv6EchoReply(id=port),
        ipv6() / ICMPv6ND_NS(tgt="2001:db8::2") / ICMPv6NDOptSrcLLAddr(lladdr="02:00:00:00:00:01"),
        ipv6() / ICMPv6ND_NA(tgt="2001:db8::2", R=1, S=1, O=0),
        ipv6() / ICMPv6ND_RS() / ICMPv6NDOptSrcLLAddr(lladdr="02:00:00:00:00:01"),
        ipv6() / ICMPv6ND_RA(routerlifetime=port) / ICMPv6NDOptPrefixInfo(prefix="2001:db8::") / ICMPv6NDOptMTU(),
        ipv6() / ICMPv6PacketTooBig(mtu=port) / quoted6,
        ipv6() / ICMPv6DestUnreach(code=source.randrange(7)) / quoted6,
        ipv4() / UDP(sport=port, dport=9) / octets(source, 1, 5) / Padding(load=octets(source, 1, 40)),
        Ether(dst="01:80:c2:00:00:00", src="02:00:00:00:00:01", type=38) / octets(source, 38, 46),
        ether() / octets(source, 0, 80),
    ]


def random_fields():
    """Frames whose every field is whatever fuzz() draws, under addresses that Scapy need not look up."""
    ends = {"src": "192.0.2.1", "dst": "10.0.0.2"}
    ends6 = {"src": "2001:db8::1", "dst": "2001:db8::2"}
    return [
        ether() / fuzz(ARP(hwsrc="02:00:00:00:00:01", hwdst="02:00:00:00:00:02", psrc="192.0.2.1", pdst="10.0.0.2")),
        ether() / fuzz(IP(**ends)),
        ether() / fuzz(IP(**ends)) / fuzz(UDP()),
        ether() / fuzz(IP(options=[], **ends)) / fuzz(TCP()),
        ether() / IP(**ends) / fuzz(ICMP()),
        ether() / IP(**ends) / fuzz(TCP(options=[])) / b"data",
        ether() / IP(**ends) / fuzz(UDP()) / b"data",
        ether() / fuzz(IPv6(**ends6)) / b"0123456789",
        ether() / IPv6(**ends6) / fuzz(IPv6ExtHdrFragment()) / b"01234567",
        ether() / IPv6(**ends6) / fuzz(ICMPv6EchoRequest()),
        ether() / fuzz(Dot1Q()) / fuzz(Dot1Q()) / b"tagged",
    ]


def damaged(source, frame):
    """A frame with one octet changed, cut short or made longer: what a capture may hold as well."""
    frame = bytearray(frame)
    way = source.randrange(3)
    if way == 0:
        frame[source.randrange(14, len(frame))] ^= 1 << source.randrange(8)
    elif way == 1 and len(frame) > 16:
        del frame[source.randrange(15, len(frame)):]
    else:
        frame += source.randbytes(source.randint(1, 50))
    return bytes(frame)


def make_frames():
    """The same ones on every run: Scapy's own draws come from the random module."""
    source = random.Random(SEED)
    random.seed(SEED)
    frames = []
    while len(frames) < FRAMES:
        batch = [bytes(packet) for packet in sensible(source) + random_fields()]
        frames += batch + [damaged(source, source.choice(batch)) for _ in range(10)]
    return frames[:FRAMES]


def differences(before, after):
    if len(before) != len(after):
        yield f"{len(before)} frames went in, {len(after)} came out"
    for number, (wanted, got) in enumerate(zip(before, after), 1):
        if wanted != got:
            yield f"frame {number}: in  {wanted.hex()}\n           out {got.hex()}"


def convert(*arguments):
    run = golden.pktsmith("convert", *arguments)
    return [run.stderr.decode().strip()] if run.returncode else []


def layers_missing(template):
    """Protocols that the template should speak of by name, and does not: octets alone would be easy."""
    with open(template, encoding="utf-8") as file:
        named = set(re.findall(r"^ +- ([a-z0-9]+)\b", file.read(), flags=re.MULTILINE))
    return sorted(PROTOCOLS - named)


def through_pcapng(folder, before):
    """The same capture as a pcapng file, which tshark's editcap makes, becomes the same template."""
    capture, template = os.path.join(folder, "in.pcapng"), os.path.join(folder, "ng.yaml")
    subprocess.run(["editcap", "-F", "pcapng", before, capture], check=True, capture_output=True)
    return convert(capture, template), template


def main():
    tap = golden.Tap()
    frames = make_frames()
    with tempfile.TemporaryDirectory() as folder:
        before, template, after, again = (
            os.path.join(folder, name) for name in ("in.pcap", "out.yaml", "out.pcap", "again.yaml"))
        golden.write_pcap(before, frames)
        tap.result("a capture of %d frames becomes a template" % len(frames), convert(before, template))
        tap.result("that template becomes a capture", convert(template, after))
        faults = list(differences(frames, golden.read_pcap(after)[1])) if os.path.exists(after) else ["no capture"]
        tap.result("each frame has the same octets after the way through a template", faults)
        tap.result("the second capture becomes a template again", convert(after, again))
        same = os.path.exists(again) and read_layers(template) == read_layers(again)
        tap.result("and the same template", [] if same else ["the two templates differ"])
        tap.result("the template speaks of every protocol by its name", layers_missing(template))
        faults, other = through_pcapng(folder, before)
        tap.result("a pcapng file of the same frames becomes a template", faults)
        same = not faults and read_layers(template) == read_layers(other)
        tap.result("and the same one", [] if same else ["the two templates differ"])
    return tap.plan()


def read_layers(path):
    """The template's text from its frames on: name and about may speak of the file."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    return text[text.index("\nframes:"):]


if __name__ == "__main__":
    sys.exit(main())
