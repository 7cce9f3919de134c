#!/usr/bin/python3
"""mixed_pcap.py FILE [COUNT]: a nanosecond pcap of frames of every kind, made by Scapy, and of COUNT damaged ones.

What a capture may hold and a template must say: options, tags, extension headers, tunnels, wrong lengths and checksums,
trailers, runts, frames cut anywhere, octets of no protocol. The same frames each time."""
import random
import struct
import sys

from scapy.all import (ARP, Dot1AD, Dot1Q, Ether, ICMP, ICMPv6EchoRequest, ICMPv6ND_NS, ICMPv6NDOptSrcLLAddr, IP,
                       IPOption_RR, IPOption_Router_Alert, IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrFragment,
                       IPv6ExtHdrHopByHop, IPv6ExtHdrRouting, Padding, TCP, UDP)

random.seed(1)
ETH = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
IP4 = IP(src="10.0.0.1", dst="10.0.0.2")
IP6 = IPv6(src="2001:db8::1", dst="2001:db8::2")
OPTIONS = [("MSS", 1400), ("NOP", None), ("WScale", 3), ("SAckOK", b""), ("Timestamp", (1, 2))]

whole = [
    ETH / ARP(psrc="10.0.0.1", pdst="10.0.0.2", hwsrc="02:00:00:00:00:01"),
    ETH / IP4 / UDP(sport=5, dport=6) / b"hi",
    ETH / IP4 / UDP(sport=5, dport=6) / b"hi" / Padding(b"a trailer of a switch"),
    ETH / Dot1Q(vlan=5, prio=3) / IP(src="1.2.3.4", dst="5.6.7.8", options=[IPOption_Router_Alert(), IPOption_RR(
        routers=["0.0.0.0"] * 3)]) / TCP(flags="SA", options=OPTIONS) / (b"x" * 30),
    ETH / IP4 / TCP(flags="A", options=[("SAck", (1, 2, 5, 9)), (254, b"ab")]) / b"data",
    ETH / IP4 / TCP(flags="FPU", seq=2**32 - 1, urgptr=7, reserved=5),
    ETH / Dot1AD(vlan=1, id=1) / Dot1Q(vlan=2) / IP4 / ICMP(type=3, code=4, nexthopmtu=1400) / IP(
        src="5.6.7.8", dst="1.2.3.4") / UDP() / b"quoted",
    ETH / IP4 / ICMP(id=7, seq=9) / bytes(range(40)),
    ETH / IP4 / IP(src="1.1.1.1", dst="2.2.2.2") / UDP() / b"inner",
    ETH / IP4 / IP6 / TCP(),
    ETH / IP6 / IPv6ExtHdrHopByHop() / ICMPv6EchoRequest(data=b"ping"),
    ETH / IP6 / IPv6ExtHdrRouting(addresses=["2001:db8::3"]) / IPv6ExtHdrDestOpt() / UDP(sport=1, dport=2) / b"deep",
    ETH / IP6 / IPv6ExtHdrFragment(id=3, offset=100, m=1) / bytes(80),
    ETH / IPv6(src="fe80::1", dst="ff02::1:ff00:2", hlim=255) / ICMPv6ND_NS(tgt="fe80::2") / ICMPv6NDOptSrcLLAddr(
        lladdr="02:00:00:00:00:01"),
    ETH / IP(src="1.2.3.4", dst="5.6.7.8", flags="MF", frag=0, proto=17) / bytes(48),
    ETH / IP(src="1.2.3.4", dst="5.6.7.8", frag=6, proto=17) / bytes(range(48)),
]
wrong = [
    ETH / IP(src="1.2.3.4", dst="5.6.7.8", chksum=0x1234, len=1000) / UDP(len=3, chksum=0) / b"bad",
    ETH / IP(src="1.2.3.4", dst="5.6.7.8", ihl=3) / UDP() / b"short header",
    ETH / IP(src="1.2.3.4", dst="5.6.7.8", len=24) / UDP(len=8) / b"longer than it says",
    ETH / IP4 / TCP(chksum=0, dataofs=15) / b"no options here",
    ETH / IP4 / UDP(chksum=0xffff) / b"checksum",
    ETH / IPv6(src="::1", dst="::2", plen=0, nh=6) / b"jumbo?",
    Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02", type=0x88b5) / bytes(range(46)),
    Ether(src="02:00:00:00:00:01", dst="01:80:c2:00:00:00", type=38) / bytes(range(46)),
    ETH / Dot1Q(vlan=4095, prio=7, type=0x8100),
]
frames = [bytes(f) for f in whole + wrong]
frames += [bytes(14), b"\xff" * 14, bytes(random.randrange(256) for _ in range(1514))]
frames += [b"runt", bytes(13)]
for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 0):
    frame = bytearray(random.choice(frames[:len(whole)]))
    for _ in range(random.randrange(1, 5)):
        frame[random.randrange(12, len(frame))] = random.randrange(256)
    frames.append(bytes(frame[:random.randrange(14, len(frame) + 1)]))

with open(sys.argv[1], "wb") as out:
    out.write(struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 65535, 1))
    for i, frame in enumerate(frames):
        out.write(struct.pack("<IIII", 1700000000 + i, i * 1001, len(frame), len(frame)) + frame)
