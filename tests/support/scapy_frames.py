#!/usr/bin/python3
"""Writes tests/unit/frame/scapy_frames.h: frames as Scapy builds them, for build_test.c.

usage: tests/support/scapy_frames.py > tests/unit/frame/scapy_frames.h

Run by hand when a frame is added; the octets are committed, so that the unit tests need no Scapy.
"""
import logging

logging.getLogger("scapy").setLevel(logging.ERROR)
from scapy.all import (  # noqa: E402
    ARP, Dot1AD, Dot1Q, Ether, ICMP, IP, IPOption_LSRR,
    IPOption_NOP, IPOption_Router_Alert, IPOption_RR, ICMPv6DestUnreach, ICMPv6EchoReply,
    ICMPv6EchoRequest, ICMPv6ND_NA, ICMPv6ND_NS, ICMPv6ND_RA, ICMPv6NDOptDstLLAddr,
    ICMPv6NDOptMTU, ICMPv6NDOptPrefixInfo, ICMPv6NDOptSrcLLAddr, ICMPv6PacketTooBig, IPv6,
    IPv6ExtHdrDestOpt, IPv6ExtHdrFragment, IPv6ExtHdrHopByHop, IPv6ExtHdrRouting, PadN, Raw,
    RouterAlert, TCP, UDP)

ETH = dict(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
V4 = dict(src="192.0.2.1", dst="192.0.2.2")
V6 = dict(src="2001:db8::1", dst="2001:db8::2")


def e(**more):
    return Ether(**{**ETH, **more})


def ip(**more):
    return IP(**{**V4, **more})


def ip6(**more):
    return IPv6(**{**V6, **more})


# The name of each is that of a row in build_test.c.
FRAMES = {
    "arp_request": e(dst="ff:ff:ff:ff:ff:ff") / ARP(
        hwsrc="02:00:00:00:00:01", psrc="192.0.2.1", hwdst="00:00:00:00:00:00", pdst="192.0.2.2"),
    "arp_reply": e() / ARP(op=2, hwsrc="02:00:00:00:00:01", psrc="192.0.2.1",
                           hwdst="02:00:00:00:00:02", pdst="192.0.2.2"),
    "raw_type": e(type=0x0801) / Raw(b"hello"),
    "vlan": e() / Dot1Q(prio=5, id=1, vlan=100) / ip() / UDP(sport=1000, dport=2000) / b"hello",
    "qinq": e() / Dot1AD(vlan=200) / Dot1Q(vlan=100) / ip() / ICMP(id=7, seq=9) / b"abcdefgh",
    "ping": e() / ip(ttl=3, id=77) / ICMP(id=0x1234, seq=1) / b"abcdefghi",
    "ping_reply": e() / ip() / ICMP(type=0, id=0x1234, seq=1) / b"abc",
    "icmp_timestamp": e() / ip() / ICMP(type=13, id=1, seq=2, ts_ori=3, ts_rx=4, ts_tx=5),
    "icmp_mask": e() / ip() / ICMP(type=17, id=1, seq=2, addr_mask="255.255.255.0"),
    "icmp_redirect": e() / ip() / ICMP(type=5, code=1, gw="192.0.2.9") / ip(
        src="192.0.2.2", dst="198.51.100.1") / UDP(sport=1, dport=2) / b"xx",
    "icmp_too_big": e() / ip() / ICMP(type=3, code=4, nexthopmtu=1400) / ip(
        src="192.0.2.2", dst="192.0.2.1") / TCP(sport=1, dport=2),
    "udp": e() / ip() / UDP(sport=1024, dport=53) / b"hello world",
    "udp_empty": e() / ip() / UDP(sport=1, dport=2),
    "udp_odd": e() / ip() / UDP(sport=1, dport=2) / b"x",
    "udp_checksum_0": e() / ip() / UDP(sport=1, dport=2, chksum=0) / b"hello",
    "tcp_syn": e() / ip() / TCP(sport=1025, dport=80, seq=1, flags="S"),
    "tcp_options": e() / ip() / TCP(sport=1025, dport=80, seq=0xdeadbeef, flags="S", options=[
        ("MSS", 1460), ("SAckOK", b""), ("Timestamp", (1, 2)), ("NOP", None), ("WScale", 7)]),
    "tcp_options_filled": e() / ip() / TCP(sport=1, dport=2, flags="A", options=[("WScale", 3)]),
    "tcp_sack": e() / ip() / TCP(sport=1, dport=2, flags="A", options=[
        ("NOP", None), ("NOP", None), ("SAck", (1, 2, 3, 4))]),
    "tcp_push": e() / ip() / TCP(sport=1, dport=2, flags="PA", ack=9, window=100, urgptr=5)
    / b"GET / HTTP/1.0\r\n\r\n",
    "tcp_ae": e() / ip() / TCP(sport=1, dport=2, flags="NCEUAPRSF"),
    "ipv4_fields": e() / ip(tos=0xb9, id=0xabcd, flags="DF+evil", ttl=1, proto=253) / b"payload",
    "ipv4_given_wrong": e() / ip(version=5, ihl=7, len=999, chksum=0x1234)
    / UDP(sport=1, dport=2, chksum=1),
    "ipv4_router_alert": e() / ip(options=[IPOption_Router_Alert()], proto=253) / b"payload",
    "ipv4_options": e() / ip(options=[
        IPOption_NOP(), IPOption_RR(routers=["0.0.0.0", "0.0.0.0"])]) / UDP(sport=1, dport=2),
    "ipv4_source_route": e() / ip(dst="192.0.2.7", options=[
        IPOption_LSRR(routers=["192.0.2.8", "192.0.2.2"])]) / UDP(sport=1, dport=2) / b"hi",
    "ipv4_fragment": e() / ip(flags="MF", frag=0) / UDP(sport=1, dport=2, len=40) / b"12345678",
    "ipv4_later_fragment": e() / ip(frag=2, proto=17) / b"12345678",
    "ipv4_in_ipv4": e() / ip() / ip(src="10.0.0.1", dst="10.0.0.2") / TCP(sport=1, dport=2) / b"x",
    "ipv6_in_ipv4": e() / ip() / ip6() / UDP(sport=1, dport=2) / b"x",
    "ipv4_in_ipv6": e() / ip6() / ip() / UDP(sport=1, dport=2) / b"x",
    "ipv6_udp": e() / ip6(tc=0xb9, fl=0xabcde, hlim=3) / UDP(sport=1024, dport=53) / b"hello",
    "ipv6_tcp": e() / ip6() / TCP(sport=1, dport=2, flags="S", options=[("MSS", 1440)]),
    "ipv6_alone": e() / ip6(nh=59),
    "ping6": e() / ip6() / ICMPv6EchoRequest(id=1, seq=2, data=b"abcdefg"),
    "ping6_reply": e() / ip6() / ICMPv6EchoReply(id=1, seq=2, data=b"abcdefg"),
    "neighbour_solicitation": e(dst="33:33:ff:00:00:02") / ip6(dst="ff02::1:ff00:2", hlim=255)
    / ICMPv6ND_NS(tgt="2001:db8::2") / ICMPv6NDOptSrcLLAddr(lladdr="02:00:00:00:00:01"),
    "neighbour_advertisement": e() / ip6(hlim=255) / ICMPv6ND_NA(tgt="2001:db8::1", R=0, S=1, O=1)
    / ICMPv6NDOptDstLLAddr(lladdr="02:00:00:00:00:01"),
    "router_advertisement": e(dst="33:33:00:00:00:01") / ip6(dst="ff02::1", hlim=255) / ICMPv6ND_RA(
        chlim=64, M=1, prf=0, routerlifetime=600) / ICMPv6NDOptMTU(mtu=1500)
    / ICMPv6NDOptPrefixInfo(prefix="2001:db8:1::", validlifetime=100, preferredlifetime=50),
    "icmpv6_too_big": e() / ip6() / ICMPv6PacketTooBig(mtu=1280) / ip6(
        src="2001:db8::2", dst="2001:db8::1") / UDP(sport=1, dport=2) / b"zz",
    "icmpv6_unreachable": e() / ip6() / ICMPv6DestUnreach(code=4) / ip6(
        src="2001:db8::2", dst="2001:db8::1") / UDP(sport=1, dport=2) / b"zz",
    "hop_by_hop": e() / ip6(hlim=1) / IPv6ExtHdrHopByHop(options=[RouterAlert(value=0)])
    / UDP(sport=1, dport=2) / b"x",
    "destination_options": e() / ip6() / IPv6ExtHdrDestOpt(options=[
        PadN(optdata=b"\0\0\0\0")]) / TCP(sport=1, dport=2),
    "routing": e() / ip6(dst="2001:db8::9") / IPv6ExtHdrRouting(
        type=0, segleft=2, addresses=["2001:db8::8", "2001:db8::2"]) / UDP(sport=1, dport=2) / b"x",
    "routing_done": e() / ip6() / IPv6ExtHdrRouting(
        type=0, segleft=0, addresses=["2001:db8::9", "2001:db8::8"]) / UDP(sport=1, dport=2) / b"x",
    "ipv6_fragment": e() / ip6() / IPv6ExtHdrFragment(id=0xdeadbeef, m=0, offset=0)
    / UDP(sport=1, dport=2) / b"x",
    "ipv6_later_fragment": e() / ip6() / IPv6ExtHdrFragment(id=1, offset=3, m=1, nh=17)
    / b"12345678",
    "extension_chain": e() / ip6() / IPv6ExtHdrHopByHop(options=[RouterAlert(value=2)])
    / IPv6ExtHdrDestOpt(options=[PadN(optdata=b"\0\0\0\0")])
    / IPv6ExtHdrFragment(id=2) / ICMPv6EchoRequest(id=3, seq=4, data=b"q"),
}


def main():
    print("/* Made by tests/support/scapy_frames.py: not to be edited. Without padding and FCS. */")
    print("/* clang-format off */")
    for name, frame in FRAMES.items():
        text = bytes(frame).hex()
        print(f"#define SCAPY_{name.upper()} \\")
        pieces = [text[i:i + 80] for i in range(0, len(text), 80)]
        print(" \\\n".join(f'\t"{piece}"' for piece in pieces))


main()
