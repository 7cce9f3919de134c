#!/usr/bin/python3
"""The same values in Scapy build the same octets. The expressions are written by hand beside each template's name; what
a template leaves to itself is left to Scapy too wherever both have the same default."""
import sys

import golden
import scapy_application
import scapy_link
import scapy_network
import scapy_routing

from scapy.all import (  # pylint: disable=no-name-in-module
    ARP, Dot1AD, Dot1Q, Ether, HAO, HBHOptUnknown, HDLC, ICMP, ICMPv6DestUnreach, ICMPv6EchoReply, ICMPv6EchoRequest,
    ICMPv6HAADReply, ICMPv6HAADRequest, ICMPv6MLDMultAddrRec, ICMPv6MLDone, ICMPv6MLQuery, ICMPv6MLQuery2,
    ICMPv6MLReport, ICMPv6MLReport2, ICMPv6MPAdv, ICMPv6MPSol, ICMPv6ND_NA, ICMPv6ND_NS, ICMPv6ND_RA,
    ICMPv6ND_Redirect, ICMPv6ND_RS,
    ICMPv6NDOptDstLLAddr, ICMPv6NDOptMTU, ICMPv6NDOptPrefixInfo, ICMPv6NDOptRDNSS, ICMPv6NDOptRedirectedHdr,
    ICMPv6NDOptSrcLLAddr, ICMPv6NDOptUnknown, ICMPv6PacketTooBig, ICMPv6ParamProblem, ICMPv6TimeExceeded, ICMPv6Unknown,
    IP, IPOption, IPOption_EOL, IPOption_LSRR, IPOption_NOP, IPOption_RR, IPOption_Router_Alert, IPOption_SSRR,
    IPOption_Stream_Id, IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrFragment, IPv6ExtHdrHopByHop, IPv6ExtHdrRouting, Jumbo, Pad1,
    Padding, PadN, Raw, RouterAlert, TCP, UDP, conf)
from scapy.contrib.bfd import BFD
from scapy.contrib.eigrp import EIGRP, EIGRPGeneric, EIGRPParam, EIGRPSwVer
from scapy.contrib.gtp import GTP_U_Header, GTPPDUSessionContainer
from scapy.contrib.icmp_extensions import (
    ICMPExtensionHeader, ICMPExtensionInterfaceInformation, ICMPExtensionMPLS, ICMPExtensionObject)
from scapy.contrib.mpls import MPLS
from scapy.contrib.ospf import (
    OSPF_DBDesc, OSPF_Hdr, OSPF_Hello, OSPF_LSA_Hdr, OSPF_LSAck, OSPF_LSReq, OSPF_LSReq_Item)
from scapy.contrib.ripng import RIPng, RIPngEntry
from scapy.layers.hsrp import HSRP
from scapy.layers.ipsec import AH, ESP
from scapy.layers.l2tp import L2TP
from scapy.layers.rip import RIP, RIPAuth, RIPEntry
from scapy.layers.vrrp import VRRP, VRRPv3
from scapy.utils import checksum as internet_checksum

COMPARED_MIN = 150

# What show puts in for an interface that it does not know.
MAC, IPV4, IPV6, HOP = "02:00:00:00:00:01", "192.0.2.1", "2001:db8::1", "02:00:00:00:00:02"
BROADCAST = "ff:ff:ff:ff:ff:ff"
INC = bytes(range(256))


def ether(dst=HOP, **fields):
    return Ether(**{"dst": dst, "src": MAC, **fields})


def ip4(dst="10.0.0.2", **fields):
    return IP(**{"src": IPV4, "dst": dst, **fields})


def ip6(dst="2001:db8::2", **fields):
    return IPv6(**{"src": IPV6, "dst": dst, **fields})


def arp(**fields):
    return ARP(**{"hwsrc": MAC, "psrc": IPV4, "pdst": "0.0.0.0", **fields})


def udp(dport=40001, **fields):
    return UDP(**{"sport": 40000, "dport": dport, **fields})


def tcp(dport=40001, **fields):
    return TCP(**{"sport": 40000, "dport": dport, **fields})


def inc(size):
    return (INC * (size // 256 + 1))[:size]


class Wrong:
    """A frame with `checksum: bad` in the two octets at `at`: any value but Scapy's, which is right."""

    def __init__(self, packet, at):
        self.octets = bytes(packet)
        self.at = at


ECHO = ICMP(id=1, seq=1)
ECHO6 = ICMPv6EchoRequest(id=1, seq=1)

FRAMES = {
    # frames/eth
    "runt": ether(BROADCAST, type=0x88B5) / b"runt",
    "raw-socket": Ether(dst="01:02:03:04:05:06", src="01:02:03:04:05:06", type=0x0801) /
                  (b"[" * 30 + b"PAYLOAD" + b"]" * 30),
    "broadcast": ether(BROADCAST, type=0x88B5) / b"Is anybody there?",
    "bad-fcs": ether(BROADCAST, type=0x88B5) / (b"\x55" * 64),
    "jumbo": ether() / ip4(flags="DF") / udp(9) / inc(8972),
    # frames/arp
    "arp-request": ether(BROADCAST) / arp(op=1, pdst="10.0.0.2"),
    "arp-reply": ether() / arp(op=2, hwdst=HOP, pdst="10.0.0.2"),
    "arp-gratuitous": ether(BROADCAST) / arp(op=1, pdst=IPV4),
    "arp-probe": ether(BROADCAST) / arp(op=1, psrc="0.0.0.0", pdst="10.0.0.2"),
    # frames/vlan
    "vlan": ether() / Dot1Q(prio=3, vlan=10) / ip4() / ECHO,
    "qinq": ether() / Dot1AD(vlan=100, id=1) / Dot1Q(vlan=20, prio=5) / ip4() / udp(9) / b"QinQ",
    "double-vlan": ether(BROADCAST) / Dot1Q(vlan=1) / Dot1Q(vlan=20) / arp(pdst="10.0.0.2"),
    "priority-tag": ether(BROADCAST) / Dot1Q(prio=7, vlan=0, type=0x88B5) / b"first, please",
    # frames/ipv4
    "ipv4-fragments": [ether() / fragment for fragment in
                       (ip4(id=0x1234) / ECHO / (b"A" * 3000)).fragment(fragsize=1480)],
    "ipv4-bad-checksum": Wrong(ether() / ip4() / ECHO, 24),
    "ipv4-wrong-length": ether() / ip4(len=200) / udp(9) / b"twelve bytes",
    "ipv4-options": ether() / ip4(options=[IPOption_Router_Alert(), IPOption_RR(routers=["0.0.0.0"] * 3)]) / ECHO,
    "ip-in-ip": ether() / ip4() / ip4("192.168.1.1", src="192.168.2.1") / ECHO,
    "ipv4-multicast": ether("01:00:5e:01:02:03") / ip4("239.1.2.3", ttl=1) / udp(5000) / b"to the group",
    "ipv4-ttl": ether() / ip4("192.0.2.99", ttl=1) / udp(33434) / b"traceroute",
    # frames/ipv6
    "ipv6-multicast": ether("33:33:00:00:00:01") / ip6("ff02::1", hlim=1) / udp(5000) / b"to all nodes",
    "6in4": ether() / ip4() / ip6("2001:db8:1::1", src="2001:db8:2::1") / ECHO6,
    "ipv6-fragment": [
        ether() / ip6() / IPv6ExtHdrFragment(id=0x0BADCAFE, m=1, nh=17) /
        Raw(bytes(ip6() / udp(9) / (b"A" * 48))[40:88]),
        ether() / ip6() / IPv6ExtHdrFragment(id=0x0BADCAFE, offset=6, nh=17) / (b"A" * 8)],
    "ipv6-extension-headers":
        ether() / ip6() / IPv6ExtHdrHopByHop(options=[RouterAlert(value=0)]) /
        IPv6ExtHdrRouting(segleft=0, addresses=["2001:db8::3", "2001:db8::4"]) / IPv6ExtHdrFragment(id=1) /
        IPv6ExtHdrDestOpt(options=[HBHOptUnknown(otype=0x1E, optdata=b"\xbe\xef")]) / udp(9) / b"found at last",
    # frames/icmp
    "ping": ether() / ip4() / ECHO / inc(56),
    "icmp-unreachable": ether() / ip4() / ICMP(type=3, code=3) / ip4(IPV4, src="10.0.0.2", id=0x2A2A, len=128) /
                        udp(5000, len=108, chksum=0x7D3A),
    "icmp-fragmentation-needed":
        ether() / ip4() / ICMP(type=3, code=4, nexthopmtu=1280) /
        ip4(IPV4, src="10.0.0.2", flags="DF", len=1500, proto=6) / bytes.fromhex("9c400050000003e9"),
    "icmp-redirect": ether() / ip4() / ICMP(type=5, code=1, gw="10.0.0.254") / ip4("198.51.100.1", src="10.0.0.2") /
                     ECHO,
    "icmp-timestamp": ether() / ip4() / ICMP(type=13, id=1, seq=1, ts_ori=43200000, ts_rx=0, ts_tx=0),
    # frames/icmpv6
    "ping6": ether() / ip6() / ICMPv6EchoRequest(id=1, seq=1, data=inc(56)),
    "neighbour-solicitation": ether("33:33:ff:00:00:02") / ip6("ff02::1:ff00:2", hlim=255) /
                              ICMPv6ND_NS(tgt="2001:db8::2") / ICMPv6NDOptSrcLLAddr(lladdr=MAC),
    "neighbour-advertisement": ether("33:33:00:00:00:01") / ip6("ff02::1", hlim=255) /
                               ICMPv6ND_NA(R=0, S=0, O=1, tgt=IPV6) / ICMPv6NDOptDstLLAddr(lladdr=MAC),
    "router-solicitation": ether("33:33:00:00:00:02") / ip6("ff02::2", hlim=255) / ICMPv6ND_RS() /
                           ICMPv6NDOptSrcLLAddr(lladdr=MAC),
    "router-advertisement":
        ether("33:33:00:00:00:01") / ip6("ff02::1", src="fe80::1", hlim=255) /
        ICMPv6ND_RA(chlim=64, prf=0, routerlifetime=1800) /
        ICMPv6NDOptSrcLLAddr(lladdr=MAC) / ICMPv6NDOptMTU(mtu=1500) /
        ICMPv6NDOptPrefixInfo(prefixlen=64, validlifetime=3600, preferredlifetime=1800, prefix="2001:db8:1::") /
        ICMPv6NDOptRDNSS(lifetime=1800, dns=["2001:db8::53"]),
    "packet-too-big": ether() / ip6() / ICMPv6PacketTooBig(mtu=1280) / ip6(IPV6, src="2001:db8::2") / udp(5000) /
                      (b"A" * 1000),
    # frames/tcp
    "syn": ether() / ip4(flags="DF") / tcp(80, seq=1000, flags="S", window=65535),
    "syn-options": ether() / ip4(flags="DF") / tcp(80, seq=1000, flags="S", window=64240, options=[
        ("MSS", 1460), ("SAckOK", b""), ("Timestamp", (1, 0)), ("NOP", None), ("WScale", 7)]),
    "syn-ack": ether() / ip4(flags="DF") / TCP(sport=80, dport=40000, seq=5000, ack=1001, flags="SA", window=65160,
                                               options=[("MSS", 1460)]),
    "rst": ether() / ip4(flags="DF") / tcp(80, seq=1001, ack=5001, flags="RA", window=0),
    "xmas": ether() / ip4() / tcp(80, flags="FPU", window=1024),
    "http-get": ether() / ip4(flags="DF") / tcp(80, seq=1001, ack=5001, flags="PA", window=501) /
                b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n",
    # frames/udp
    "udp": ether() / ip4() / udp(5000) / b"hello\n",
    "udp6": ether() / ip6() / udp(5000) / b"hello\n",
    "sctp-bad-checksum": Wrong(scapy_network.COOKIE_ACK, 44),  # the low half of it
    "udp-bad-checksum": Wrong(ether() / ip4() / udp(5000) / b"hello\n", 40),
    "udp-no-checksum": ether() / ip4() / udp(5000, chksum=0) / b"hello\n",
    "udp-wrong-length": ether() / ip4() / udp(5000, len=100) / b"hello\n",
    # tests/golden/templates
    "arp-rarp": ether(BROADCAST) / arp(op=3, hwdst=MAC, psrc="0.0.0.0"),
    "arp-every-field": ether() / ARP(op=2, hwsrc="02:03:04:05:06:07", psrc="198.51.100.7", hwdst="08:09:0a:0b:0c:0d",
                                     pdst="203.0.113.9"),
    "vlan-all-fields": ether() / Dot1Q(prio=7, id=1, vlan=4095) / ip4() / udp() / (b"a" * 64),
    "vlan-three": ether() / Dot1AD(prio=6, vlan=4094) / Dot1Q(prio=2, vlan=100) / Dot1Q(id=1, vlan=101) / ip6() /
                  udp() / (b"a" * 33),
    "svlan-alone": ether() / Dot1AD(prio=5, id=1, vlan=300) / ip4() / udp() / (b"a" * 64),
    "ipv4-every-field": ether() / IP(tos=46 << 2 | 3, id=0xFFFE, flags="DF", ttl=255, src="198.51.100.255",
                                     dst="203.0.113.1") / UDP(sport=65535, dport=65534) / (b"\xff" * 75),
    "ipv4-reserved-flag": ether() / ip4(flags=7, proto=253) / (b"a" * 64),
    "ipv4-last-fragment": ether() / ip4(id=7, frag=8191, proto=17) / (b"a" * 7),
    "ipv4-option-lsrr": ether() / ip4(options=[
        IPOption_LSRR(pointer=8, routers=["10.0.0.3", "10.0.0.4", "10.0.0.5"])]) / udp() / b"routed",
    "ipv4-in-ipv4-in-ipv4":
        ether() / ip4(ttl=3) / IP(src="10.1.0.1", dst="10.1.0.2", ttl=2, options=[IPOption_Router_Alert()]) /
        IP(src="10.2.0.1", dst="10.2.0.2", ttl=1) / udp() / b"within",
    "ipv6-in-ipv4": ether() / ip4() / IPv6(src="2001:db8:1::1", dst="2001:db8:1::2") / tcp(flags="A", seq=1, ack=1) /
                    b"within",
    "ipv4-in-ipv6": ether() / ip6() / IP(src="10.1.0.1", dst="10.1.0.2") / tcp(flags="A", seq=1, ack=1) /
                    b"within, odd",
    "ipv6-every-field": ether() / IPv6(tc=34 << 2 | 2, fl=0xABCDE, hlim=255, src="2001:db8:ffff::1",
                                       dst="2001:db8:0:1:2:3:4:5") / udp() / b"flow",
    "hopopts-empty": ether() / ip6() / IPv6ExtHdrHopByHop() / udp() / b"padded",
    "routing-segments-left": ether() / ip6() / IPv6ExtHdrRouting(segleft=1, addresses=["2001:db8::3"]) / udp() /
                             b"routed",
    "udp-odd": ether() / ip4() / udp() / inc(101),
    "udp-empty": ether() / ip4() / udp(),
    "udp-checksum-zero-ipv4": ether() / ip4() / udp() / bytes.fromhex("7a65726f0e78"),
    "udp-checksum-zero-ipv6": ether() / ip6() / udp() / bytes.fromhex("7a65726f7f06"),
    "udp-65507": ether() / ip4() / udp() / inc(65507),
    "tcp-defaults": ether() / ip4() / TCP(),
    "tcp-every-field": ether() / ip4() / tcp(seq=0xFEDCBA98, ack=0x89ABCDEF, reserved=5, flags=0x1FF, window=65535,
                                             urgptr=0xBEEF) / b"x",
    "tcp-ipv6-odd": ether() / ip6() / tcp(flags="PA", seq=1, ack=1, options=[
        ("NOP", None), ("NOP", None), ("Timestamp", (5, 6))]) / (b"z" * 333),
    "tcp-options-sack": ether() / ip4() / tcp(flags="A", ack=500, options=[
        ("NOP", None), ("NOP", None), ("SAck", (1000, 2000, 3000, 4000, 4294967290, 5))]) / b"data",
    "icmp-defaults": ether() / ip4() / ICMP(),
    "icmp-echo-odd": ether() / ip4() / ICMP(type=0, id=0xFFFE, seq=0x8001) / (b"z" * 31),
    "icmp-time-exceeded": ether() / ip4() / ICMP(type=11) / ip4("198.51.100.1", src="10.0.0.2", ttl=1) / udp(33434) /
                          b"probe",
    "icmp-parameter-problem": ether() / ip4() / ICMP(type=12, ptr=8) / ip4("198.51.100.1", src="10.0.0.2", ttl=1) /
                              udp(33434),
    "icmp-mask": ether() / ip4() / ICMP(type=18, id=1, seq=2, addr_mask="255.255.255.240"),
    "icmpv6-defaults": ether() / ip6(hlim=255) / ICMPv6EchoRequest(),
    "icmpv6-echo-odd": ether() / ip6(hlim=255) / ICMPv6EchoReply(id=0xFFFE, seq=0x8001, data=b"z" * 31),
    "icmpv6-unreachable": ether() / ip6(hlim=255) / ICMPv6DestUnreach() / ip6("2001:db8:9::1", src="2001:db8::2") /
                          udp() / b"lost",
    "icmpv6-time-exceeded": ether() / ip6(hlim=255) / ICMPv6TimeExceeded() /
                            ip6("2001:db8:9::1", src="2001:db8::2", hlim=0) / udp() / b"lost",
    "icmpv6-parameter-problem": ether() / ip6(hlim=255) / ICMPv6ParamProblem(code=1, ptr=6) /
                                ip6("2001:db8:9::1", src="2001:db8::2", nh=253) / b"not known",
    "icmpv6-mld-query": ether() / ip6(hlim=255) / ICMPv6MLQuery(mrd=10000),
    "icmpv6-mld-report": ether() / ip6(hlim=255) / ICMPv6MLReport(mladdr="ff02::1:ff00:2"),
    "icmpv6-mld-done": ether() / ip6(hlim=255) / ICMPv6MLDone(mladdr="ff02::fb"),
    "icmpv6-neighbour-advertisement-flags": ether() / ip6(hlim=255) / ICMPv6ND_NA(R=1, S=1, O=0, tgt="fe80::1234") /
                                            ICMPv6NDOptDstLLAddr(lladdr="02:0a:0b:0c:0d:0e"),
    "icmpv6-redirect": ether() / ip6(hlim=255) / ICMPv6ND_Redirect(tgt="fe80::99", dst="2001:db8:9::1") /
                       ICMPv6NDOptDstLLAddr(lladdr="02:0a:0b:0c:0d:0e"),
    "arp-defaults": ether(BROADCAST) / arp(),
    "arp-ieee802": ether(type=0x0806) / (b"\0\6" + bytes(arp(op=8, pdst="10.0.0.2"))[2:]),
    "eth-source-given": Ether(dst="00:11:22:33:44:55", src="66:77:88:99:aa:bb", type=0x88B6) /
                        b"odd length of payload, some way beyond the padding limit of sixty octets",
    "eth-padding-odd": ether(type=0x88B5) / b"\x7f",
    "eth-exactly-60": ether(type=0x88B5) / (b"\xaa" * 46),
    "eth-59": ether(type=0x88B5) / (b"\xaa" * 45),
    "eth-empty-payload": ether(type=0x88B5),
    "eth-full-mtu": ether(type=0x88B5) / inc(1500),
    "eth-fcs-none": ether(type=0x88B5) / bytes(100),
    "eth-fcs-given": ether(BROADCAST, src="00:00:00:00:00:00", type=0x88B5) / bytes(46),
    "pad-count": ether() / ip4() / udp() / (b"a" * 60) / Padding(bytes(20)),
    "pad-octets": ether() / ip4() / udp() / b"short" / Padding(bytes.fromhex("00112233445566778899aabbcc")),
    "vlan-type-given": ether() / Dot1Q(prio=1, vlan=2048, type=0x88B6) / (b"a" * 64),
    "vlan-arp": ether(BROADCAST) / Dot1Q(vlan=42) / arp(op=2, hwdst="02:00:00:00:00:09", pdst="10.0.0.9"),
    "svlan-twice": ether() / Dot1AD(vlan=300) / Dot1AD(vlan=301) / arp(pdst="10.0.0.2"),
    "ipv4-ttl-zero": ether() / IP(id=0, ttl=0, src="0.0.0.0", dst="255.255.255.255") /
                     UDP(sport=0, dport=40001) / b"\0",
    "ipv4-bare-payload": ether() / ip4(proto=254) / inc(51),
    "ipv4-empty": ether() / ip4(proto=254),
    "ipv4-checksum-given": ether() / ip4(proto=253) / (b"a" * 40),
    "ipv4-checksum-zero": ether() / ip4(chksum=0) / udp() / (b"a" * 30),
    "ipv4-ihl-wrong": ether() / ip4(ihl=4) / udp() / (b"a" * 30),
    "ipv4-version-wrong": ether() / ip4(version=5) / udp() / (b"a" * 30),
    "ipv4-options-all": ether() / ip4(options=[
        IPOption_NOP(), IPOption_Router_Alert(alert=1), IPOption_Stream_Id(security=515),
        IPOption_RR(routers=["0.0.0.0"] * 2), IPOption_NOP(), IPOption_EOL()]) / udp() / b"after the options",
    "ipv4-option-ssrr": ether() / ip4(options=[IPOption_NOP(), IPOption_SSRR(routers=["10.0.0.3", "10.0.0.4"])]) /
                        udp() / b"routed",
    "ipv4-option-record-route-full": ether() / ip4(options=[
        IPOption_RR(pointer=12, routers=["10.0.0.3", "10.0.0.4"])]) / udp() / b"recorded",
    "ipv4-option-timestamp": ether() / ip4(options=[
        IPOption(bytes.fromhex("440c0930 02932e00 00000000"))]) / udp() / b"stamped",
    "ipv4-option-timestamp-addresses": ether() / ip4(options=[
        IPOption(bytes.fromhex("44140d01 0a000003 000003e8 00000000 00000000"))]) / udp() / b"stamped",
    "ipv4-option-unknown": ether() / ip4(options=[IPOption(b"\xde\x28" + inc(38))]) / udp() / b"options to the limit",
    "ipv4-overlapping-fragments": [ether() / ip4(id=0x00F2, flags="MF", proto=17) / (b"A" * 32),
                                   ether() / ip4(id=0x00F2, frag=1, proto=17) / (b"B" * 16)],
    "ipv6-flow-label-highest": ether() / ip6(tc=255, fl=0xFFFFF, hlim=0) / udp() / b"flow",
    "ipv6-no-next": ether() / ip6(nh=59) / b"not to be looked at",
    "ipv6-empty": ether() / ip6(),
    "ipv6-length-wrong": ether() / ip6(plen=12) / udp() / b"eighteen octets...",
    "ipv6-in-ipv6-extended":
        ether() / ip6() / IPv6ExtHdrDestOpt(options=[HBHOptUnknown(otype=4, optdata=b"\4")]) /
        IPv6(src="2001:db8:1::1", dst="2001:db8:1::2") / IPv6ExtHdrHopByHop(options=[RouterAlert(value=1)]) / udp() /
        b"within",
    "hopopts-options": ether() / ip6() / IPv6ExtHdrHopByHop(options=[
        Pad1(), PadN(optdata=b"\0\0"), RouterAlert(value=0),
        HBHOptUnknown(otype=0x30, optdata=b"\5\xdc\0\0"),
        PadN(optdata=bytes(5))], autopad=0) / udp() / b"padded",
    "hopopts-pad1": ether() / ip6() / IPv6ExtHdrHopByHop(options=[
        HBHOptUnknown(otype=0x1E, optdata=bytes(range(1, 12)))]) / udp() / b"padded by one",
    "hopopts-jumbo": ether() / ip6() / IPv6ExtHdrHopByHop(options=[Jumbo(jumboplen=70000)], autopad=0) / udp() /
                     b"not so long",
    "dstopts-options": ether() / ip6() / IPv6ExtHdrDestOpt(options=[
        RouterAlert(value=2), Jumbo(jumboplen=65536), PadN(optdata=b"\0\0")], autopad=0) / udp() / b"misplaced",
    "dstopts-home-address": ether() / ip6() / IPv6ExtHdrDestOpt(options=[
        Pad1(), Pad1(), PadN(optdata=b"\0\0"), HAO(hoa="2001:db8::99"), PadN(optdata=bytes(4))], autopad=0) / udp() /
                            b"from home",
    "routing-type-0": ether() / ip6() / IPv6ExtHdrRouting(segleft=0, addresses=["2001:db8::3", "2001:db8::4"]) / udp() /
                      b"routed",
    "routing-mobile": ether() / ip6() / IPv6ExtHdrRouting(type=2, segleft=1, addresses=["2001:db8::99"]) / udp() /
                      b"to the care-of address",
    "routing-unknown-type": ether() / ip6(nh=43) / Raw(
        bytes.fromhex("1101fd00 0102030405060708090a0b0c") + bytes(ip6() / udp() / b"routed somehow")[40:]),
    "fragment-every-field": ether() / ip6() / IPv6ExtHdrFragment(res1=0xA5, res2=2, m=1, id=0xDEADBEEF, nh=253) /
                            (b"a" * 48),
    "fragment-highest-offset": ether() / ip6() / IPv6ExtHdrFragment(offset=8191, id=1, nh=17) / (b"a" * 5),
    "fragment-after-options": ether() / ip6() / IPv6ExtHdrHopByHop(options=[RouterAlert(value=0)]) /
                              IPv6ExtHdrFragment(id=2) / IPv6ExtHdrDestOpt() / tcp(),
    "udp-even": ether() / ip4() / udp() / inc(100),
    "udp-checksum-none-ipv6": ether() / ip6() / udp(chksum=0) / b"unprotected",
    "udp-checksum-given": ether() / ip4() / udp(chksum=0x1234) / b"trust me",
    "udp-length-short": ether() / ip4() / udp(len=20) / (b"a" * 40),
    "udp-base64": ether() / ip4() / udp() / bytes([0, 1, 2, 3, 0xFD, 0xFD, 0xFE, 0xFF]),
    "udp-two-payloads": ether() / ip4() / udp() / b"text, then octets: \x00\xff\x00\xff",
    "tcp-ecn": ether() / ip4(tos=1) / tcp(flags="SEC"),
    "tcp-null": ether() / ip4() / tcp(flags=0, seq=4294967295),
    "tcp-options-all": ether() / ip4() / tcp(flags="S", options=[
        ("MSS", 65535), ("WScale", 14), ("NOP", None), ("SAckOK", b""), ("Timestamp", (4294967295, 1)), ("EOL", None)]),
    "tcp-options-unknown": ether() / ip4() / tcp(flags="A", options=[
        (254, b"\xbe\xef\0"), ("NOP", None), ("NOP", None), ("NOP", None)]),
    "tcp-options-40": ether() / ip4() / tcp(flags="A", options=[
        ("Timestamp", (1, 2)), ("SAck", (1, 2, 3, 4, 5, 6)), ("MSS", 1460)]),
    "tcp-options-one": ether() / ip4() / tcp(options=[("NOP", None)]),
    "tcp-option-length-wrong": ether() / ip4() / tcp(dataofs=6) / b"\x02\x28\x05\xb4",
    "tcp-data-offset-wrong": ether() / ip4() / tcp(dataofs=6, flags="A") / b"\1\1\0\0abc",
    "tcp-data-offset-short": ether() / ip4() / tcp(dataofs=4, flags="A") / b"data",
    "tcp-bad-checksum": Wrong(ether() / ip4() / tcp(flags="A") / b"data", 50),
    "tcp-checksum-zero": ether() / ip6() / tcp(flags="A", chksum=0) / b"data",
    "icmp-source-quench": ether() / ip4() / ICMP(type=4) / ip4("198.51.100.1", src="10.0.0.2") / tcp(),
    "icmp-timestamp-reply": ether() / ip4() / ICMP(type=14, id=1, seq=2, ts_ori=43200000, ts_rx=43200001,
                                                   ts_tx=43200002),
    "icmp-information": ether() / ip4() / ICMP(type=15, id=1, seq=2),
    "icmp-router-advertisement": ether() / ip4() / ICMP(type=9, unused=0x02020258) / bytes.fromhex(
        "0a0000fe 0000000a 0a0000fd 80000000"),
    "icmp-router-solicitation": ether() / ip4() / ICMP(type=10),
    "icmp-unknown-type": ether() / ip4() / ICMP(type=200, code=7, unused=0x01020304) / b"unheard of",
    "icmp-bad-checksum": Wrong(ether() / ip4() / ECHO / b"damaged", 36),
    "icmp-fragmentation-needed-quoted-options":
        ether() / ip4() / ICMP(type=3, code=4, nexthopmtu=576) /
        ip4("198.51.100.1", src="10.0.0.2", flags="DF", options=[IPOption_Router_Alert()]) / udp() / b"long in truth",
    "icmpv6-neighbour-solicitation-bare": ether() / ip6(hlim=255) / ICMPv6ND_NS(tgt="fe80::99"),
    "icmpv6-redirect-quoted":
        ether() / ip6(hlim=255) / ICMPv6ND_Redirect(tgt="fe80::99", dst="2001:db8:9::1") /
        ICMPv6NDOptRedirectedHdr(pkt=IPv6(src="2001:db8::2", dst="2001:db8:9::1")),
    "icmpv6-router-advertisement-flags":
        ether() / ip6(hlim=255) / ICMPv6ND_RA(chlim=63, M=1, O=1, H=1, prf=3, P=1, routerlifetime=9000,
                                              reachabletime=30000, retranstimer=1000) /
        ICMPv6NDOptSrcLLAddr(lladdr="02:0a:0b:0c:0d:0e") / ICMPv6NDOptMTU(mtu=9000) /
        ICMPv6NDOptPrefixInfo(prefixlen=48, L=0, A=1, R=1, validlifetime=1, preferredlifetime=2,
                              prefix="2001:db8:5::") /
        ICMPv6NDOptRDNSS(lifetime=0, dns=["2001:db8::53", "2001:db8::54"]) /
        ICMPv6NDOptUnknown(type=14, len=1, data=bytes(range(1, 7))),
    "icmpv6-unknown-type": ether() / ip6(hlim=255) / ICMPv6Unknown(type=200, code=7, msgbody=b"\1\2\3\4private"),
    "icmpv6-bad-checksum": Wrong(ether() / ip6(hlim=255) / ECHO6, 56),
}
FRAMES.update(scapy_link.FRAMES)
FRAMES.update(scapy_application.FRAMES)
FRAMES.update(scapy_network.FRAMES)
FRAMES.update(scapy_routing.FRAMES)

# Scapy sums the head of the extension alone; RFC 4884 7: over the whole of it.
EXTENSION = b"\x20\0\0\0"
EXTENSION_OBJECTS = [bytes(packet) for packet in (
    ICMPExtensionMPLS(stack=[MPLS(label=16, cos=5, s=0, ttl=1), MPLS(label=0xFFFFF, s=1, ttl=255)]),
    ICMPExtensionInterfaceInformation(interface_role=2, has_ifindex=1, has_ipaddr=1, has_ifname=1, has_mtu=1,
                                      ifindex=7, afi=1, ip4="10.0.0.9", ifname_len=8, ifname=b"eth0\0\0\0", mtu=9000),
    ICMPExtensionInterfaceInformation(has_ipaddr=1, afi=2, ip6="2001:db8::9"),
    ICMPExtensionObject(classnum=247, classtype=9) / b"\1\2\3\4")]

ICMP_MESSAGES = {
    "mld2-report": ether("33:33:00:00:00:16") / ip6("ff02::16", src="fe80::1", hlim=1) /
                   IPv6ExtHdrHopByHop(options=[RouterAlert(value=0)]) /
                   ICMPv6MLReport2(records=[ICMPv6MLDMultAddrRec(dst="ff02::db8")]),
    "mld2-query": ether("33:33:00:00:00:01") / ip6("ff02::1", src="fe80::1", hlim=1) /
                  IPv6ExtHdrHopByHop(options=[RouterAlert(value=0)]) / ICMPv6MLQuery2(QRV=2, QQIC=125),
    "icmpv6-mld2-query": ether() / ip6(hlim=255) /
                         ICMPv6MLQuery2(mrd=0x7123, mladdr="ff02::fb", S=1, QRV=7, QQIC=125,
                                        sources=["2001:db8::9", "2001:db8::a"]),
    "icmpv6-mld2-query-general": ether() / ip6(hlim=255) / ICMPv6MLQuery2(QRV=2, QQIC=125),
    # RFC 3810 5.2.6: auxdata_len is in words; Scapy would count octets.
    "icmpv6-mld2-report": ether() / ip6(hlim=255) / ICMPv6MLReport2(records=[
        ICMPv6MLDMultAddrRec(rtype=5, dst="ff02::fb", sources=["2001:db8::9", "2001:db8::a"],
                             auxdata_len=2, auxdata=bytes(range(1, 9))),
        ICMPv6MLDMultAddrRec(dst="ff02::1:2")]),
    "icmpv6-home-agent-request": ether() / ip6(hlim=255) / ICMPv6HAADRequest(id=0xBEEF, R=0),
    "icmpv6-home-agent-reply": ether() / ip6(hlim=255) /
                               ICMPv6HAADReply(id=0xBEEF, R=0, addresses=["2001:db8::9", "2001:db8::a"]),
    "icmpv6-mobile-solicitation": ether() / ip6(hlim=255) / ICMPv6MPSol(id=0xBEEF),
    "icmpv6-mobile-advertisement": ether() / ip6(hlim=255) / ICMPv6MPAdv(id=0xBEEF, flags=3) /
                                   ICMPv6NDOptPrefixInfo(R=1, prefix="2001:db8::1"),
    "extended-ping": ether() / ip4() / ICMP(type=42, unused=0x00010101) / ICMPExtensionHeader(
        chksum=internet_checksum(EXTENSION + b"\0\x08\3\1eth0")) / ICMPExtensionObject(classnum=3, classtype=1) /
                     b"eth0",
    "icmp-extended-echo-reply": ether() / ip4() / ICMP(type=43, unused=0xBEEFC8A7),
    "icmp-extension-objects":
        ether() / ip4() / ICMP(type=11, reserved=0, length=32) / ip4("198.51.100.1", src="10.0.0.2", ttl=1, len=128) /
        udp(33434, len=108, chksum=0) / bytes(100) / ICMPExtensionHeader(chksum=internet_checksum(
            EXTENSION + b"".join(EXTENSION_OBJECTS))) / Raw(b"".join(EXTENSION_OBJECTS)),
}

ROUTING = {
    "rip": ether("01:00:5e:00:00:09") / ip4("224.0.0.9", ttl=1, tos=48 << 2) / udp(520, sport=520) /
           RIP(cmd=2, version=2) / RIPEntry(addr="198.51.100.0", mask="255.255.255.0") /
           RIPEntry(addr="203.0.113.0", mask="255.255.255.0", metric=16, RouteTag=7),
    "rip-1": ether() / ip4() / udp(520, sport=520) / RIP(cmd=2) / RIPEntry(addr="198.51.100.0", metric=2),
    "rip-request": ether() / ip4() / udp(520, sport=520) / RIP() / RIPEntry(AF=0, metric=16),
    "rip-password": ether() / ip4() / udp(520, sport=520) / RIP(cmd=2, version=2) /
                    RIPAuth(authtype=2, password=b"0123456789abcdef") /
                    RIPEntry(RouteTag=0xBEEF, addr="203.0.113.0", mask="255.255.255.128", nextHop="10.0.0.9",
                             metric=15) /
                    Raw(b"\0\7" + bytes(range(18))),
    "rip-digest": ether() / ip4() / udp(520, sport=520) / RIP(cmd=2, version=2) /
                  RIPAuth(authtype=3, digestoffset=44, keyid=7, authdatalen=20, seqnum=0x01020304, zeropad=bytes(8)) /
                  RIPEntry(addr="203.0.113.0", mask="255.255.255.0") / RIPAuth(authtype=1, authdata=inc(16)),
    "ripng": ether("33:33:00:00:00:09") / ip6("ff02::9", src="fe80::1", hlim=255) / udp(521, sport=521) /
             RIPng(cmd=2) / RIPngEntry(prefix_or_nh="2001:db8:1::", prefixlen=48),
    "ripng-next-hop": ether() / ip6("ff02::9", src="fe80::1", hlim=255) / udp(521, sport=521) / RIPng(cmd=2) /
                      RIPngEntry(prefix_or_nh="fe80::9", metric=255) /
                      RIPngEntry(prefix_or_nh="2001:db8::", prefixlen=32, routetag=0xBEEF, metric=15),
    "hsrp": ether("01:00:5e:00:00:02", src="00:00:0c:07:ac:01") / ip4("224.0.0.2", ttl=1, tos=48 << 2) /
            udp(1985, sport=1985) / HSRP(virtualIP="192.0.2.254"),
    "hsrp-every-field": ether() / ip4("224.0.0.2", ttl=1) / udp(1985, sport=1985) /
                        HSRP(opcode=2, state=4, hellotime=1, holdtime=4, priority=255, group=200, auth=b"password",
                             virtualIP="10.0.0.254"),
    "vrrp": ether("01:00:5e:00:00:12", src="00:00:5e:00:01:01") / ip4("224.0.0.18", ttl=255, tos=48 << 2) /
            VRRP(addrlist=["192.0.2.254"]),
    "vrrp-password": ether() / ip4("224.0.0.18", ttl=255) /
                     VRRP(vrid=255, priority=0, authtype=1, adv=9, addrlist=["10.0.0.253", "10.0.0.254"],
                          auth1=int.from_bytes(b"pass", "big"), auth2=int.from_bytes(b"word", "big")),
    "vrrp3": ether("01:00:5e:00:00:12", src="00:00:5e:00:01:01") / ip4("224.0.0.18", ttl=255, tos=48 << 2) /
             VRRPv3(addrlist=["192.0.2.254"]),
    "vrrp3-every-field": ether() / ip4("224.0.0.18", ttl=255) /
                         VRRPv3(vrid=7, priority=254, adv=4095, addrlist=["10.0.0.252", "10.0.0.253", "10.0.0.254"]),
    "bfd": ether() / ip4(ttl=255, tos=48 << 2) / udp(3784, sport=49152) /
           BFD(min_tx_interval=100000, min_rx_interval=100000, echo_rx_interval=0),
    "bfd-every-field": ether() / ip4() / udp(4784, sport=49153) /
                       BFD(diag=5, sta=2, flags=0x2A, detect_mult=255, my_discriminator=0xFEDCBA98,
                           your_discriminator=0, min_tx_interval=1, min_rx_interval=2, echo_rx_interval=4294967295),
    "bfd-password": ether() / ip4() / udp(3784, sport=49153) / BFD(flags=4, len=33) / b"\1\x09\5secret",
    "eigrp-hello": ether("01:00:5e:00:00:0a") / ip4("224.0.0.10", ttl=2, tos=48 << 2) /
                   EIGRP(tlvlist=[EIGRPParam(), EIGRPSwVer()]),
    "eigrp-every-field": ether() / ip4("224.0.0.10") /
                         EIGRP(opcode=1, flags=9, seq=0xFEDCBA98, ack=0x89ABCDEF, asn=65535, tlvlist=[
                             EIGRPParam(k1=2, k2=3, k3=4, k4=5, k5=6, reserved=7, holdtime=65535),
                             EIGRPSwVer(ios="v15.4", eigrp="v2.0"), EIGRPGeneric(type=5, value=b"\1\2\3\4")]),
    "ospf-hello": ether("01:00:5e:00:00:05") / ip4("224.0.0.5", ttl=1, tos=48 << 2) / OSPF_Hdr(src=IPV4) /
                  OSPF_Hello(options="E", router=IPV4, neighbors=["192.0.2.2"]),
    "ospf-every-field": ether() / ip4("224.0.0.5", ttl=1) /
                        OSPF_Hdr(src="198.51.100.1", area="0.0.1.2", authtype=1,
                                 authdata=int.from_bytes(b"password", "big")) /
                        OSPF_Hello(mask="255.255.255.252", hellointerval=65535, options=0x63, prio=255,
                                   deadinterval=0xFEDCBA98, router="10.0.0.1", backup="10.0.0.2",
                                   neighbors=["198.51.100.2", "198.51.100.3"]),
    "ospf-database-description":
        ether() / ip4(ttl=1) / OSPF_Hdr(type=2) / OSPF_DBDesc(mtu=9000, options=0x42, dbdescr=0xB, ddseq=0x01020304,
                                                              lsaheaders=[
            OSPF_LSA_Hdr(age=0x8E10, options=0x82, type=5, id="203.0.113.0", adrouter="198.51.100.1", seq=0x80000007,
                         chksum=0x1234),
            OSPF_LSA_Hdr(id="198.51.100.1", adrouter="198.51.100.1", chksum=0xABCD, len=48)]),
    "ospf-ls-request": ether() / ip4(ttl=1) / OSPF_Hdr(type=3) / OSPF_LSReq(requests=[
        OSPF_LSReq_Item(id="198.51.100.1", adrouter="198.51.100.1"),
        OSPF_LSReq_Item(type=5, id="203.0.113.0", adrouter="198.51.100.2")]),
    "ospf-ls-ack": ether() / ip4("224.0.0.5", ttl=1) / OSPF_Hdr(type=5) / OSPF_LSAck(lsaheaders=[
        OSPF_LSA_Hdr(type=2, id="198.51.100.1", adrouter="198.51.100.1", seq=0x80000002, chksum=0x1234, len=32)]),
}

TUNNELS = {
    "gtp-u": ether() / ip4() / udp(2152, sport=2152) / GTP_U_Header(gtp_type=255, teid=1) /
             ip4("203.0.113.1", src="198.51.100.1") / ECHO,
    "gtp-u-5g": ether() / ip4() / udp(2152, sport=2152) / GTP_U_Header(gtp_type=255, teid=1, E=1, next_ex=0x85) /
                GTPPDUSessionContainer(type=1, QFI=9) / ip4("203.0.113.1", src="198.51.100.1") / ECHO,
    "gtp-u-every-field": ether() / ip4() / udp(2152, sport=2152) /
                         GTP_U_Header(gtp_type=255, E=1, S=1, PN=1, teid=0xFEDCBA98, seq=0xBEEF, npdu=200) /
                         ip4("10.1.0.2", src="10.1.0.1") / UDP(sport=1, dport=40001) / b"within",
    "gtp-u-ipv6": ether() / ip4() / udp(2152, sport=2152) / GTP_U_Header(gtp_type=255, S=1, teid=7, seq=1) /
                  ip6("2001:db8:1::2", src="2001:db8:1::1") / UDP(sport=1, dport=40001) / b"within",
    "gtp-u-echo": ether() / ip4() / udp(2152, sport=2152) / GTP_U_Header(gtp_type=2, S=1, seq=7) / Raw(b"\x0e\0"),
    "gtp-u-session-downlink":
        ether() / ip4() / udp(2152, sport=2152) / GTP_U_Header(gtp_type=255, teid=9, E=1, next_ex=0x85) /
        GTPPDUSessionContainer(type=0, PPP=1, RQI=1, QFI=63, PPI=5) /
        ip4("10.1.0.2", src="10.1.0.1") / UDP(sport=1, dport=40001) / b"within",
    "l2tp": ether() / ip4() / udp(1701, sport=1701) / L2TP(hdr="control+length+sequence") / Raw(bytes.fromhex(
        "8008 0000 0000 0001 8008 0000 0002 0100 800a 0000 0003 00000003 800e 0000 0007 706b74736d697468"
        "8008 0000 0009 0001")),
    "l2tp-session": ether() / ip4() / udp(1701, sport=1701) / L2TP(hdr="length", tunnel_id=1, session_id=1) / HDLC() /
                    Raw(b"\0\x21") / ip4("10.1.0.2", src="10.1.0.1") / ECHO,
    "l2tp-data": ether() / ip4() / udp(1701, sport=1701) / L2TP(
        hdr="length+sequence+offset+priority", tunnel_id=0xBEEF, session_id=0xCAFE, ns=65535, nr=1, offset=4) /
                 Raw(bytes.fromhex("0000ff03c0210901000800000000")),
    "ah": ether() / ip4() / AH(nh=1, payloadlen=4, spi=0x100, seq=1, icv=bytes(12)) / ECHO,
    "ah-ipv6": ether() / ip6() / AH(nh=6, payloadlen=4, spi=0xFEDCBA98, seq=4294967295, icv=inc(12)) / Raw(
        bytes(ip6() / tcp())[40:]),
    "ah-esp": ether() / ip4() / AH(nh=50, payloadlen=4, seq=1, icv=inc(12)) /
              ESP(spi=0xFEDCBA98, seq=4294967295, data=inc(32)),
    "esp": ether() / ip4() / ESP(spi=0x100, seq=1, data=inc(64)),
}
FRAMES.update(ICMP_MESSAGES)
FRAMES.update(ROUTING)
FRAMES.update(TUNNELS)

# Where Scapy builds other octets from the same values, and why ours are right: (offset, Scapy's, ours, clause).
DIFFERENCES = {
    # Scapy takes the length of the pseudo header from IP, and sums all that follows, whatever UDP's own length says.
    "ipv4-wrong-length": [(40, b"\x47\x46", b"\x47\xe6", "RFC 768: the pseudo header holds the UDP length")],
    "ipv6-length-wrong": [(60, b"\x3a\x69", b"\x9e\xff", "RFC 8200 8.1: UDP's own length, not IPv6's")],
    # Scapy looks for the home address only in a header without other options.
    "dstopts-home-address": [(92, b"\xa1\x1f", b"\xa0\x87", "RFC 6275 11.3.1: the sum is over the home address")],
    # Scapy counts the last parameter's padding.
    "sctp-last-parameter": [
        (42, b"\x29\x2b\xe6\x1b", b"\x12\x82\xd8\x89", "RFC 9260 3.2: of another length"),
        (53, b"\x0c", b"\x0b", "RFC 9260 3.2: the padding of the last parameter is not counted")],
    "udp-length-short": [(40, b"\x5f\x89", b"\xb2\xf8", "RFC 768: the datagram is as long as its length says")],
}

UNPADDED = {"runt"}
ETHER_MIN = 60


def expected_octets(name, packet):
    """Scapy's frame, padded as Ethernet wants it, which Scapy leaves to the device."""
    octets = packet.octets if isinstance(packet, Wrong) else bytes(packet)
    return octets if name in UNPADDED else octets.ljust(ETHER_MIN, b"\0")


def spread(octets, start=0):
    return " ".join(f"{octet:02x}" for octet in octets[start:start + 24])


def compare(name, packet, ours):
    """What differs between Scapy's octets and ours, the excused differences left out."""
    theirs = bytearray(expected_octets(name, packet))
    if isinstance(packet, Wrong):
        if ours[packet.at:packet.at + 2] == theirs[packet.at:packet.at + 2]:
            yield f"the checksum at octet {packet.at} is not bad"
        theirs[packet.at:packet.at + 2] = ours[packet.at:packet.at + 2]
    for at, scapys, wanted, clause in DIFFERENCES.get(name, ()):
        if theirs[at:at + len(scapys)] != scapys:
            yield f"Scapy no longer differs at octet {at}: {clause}"
        theirs[at:at + len(scapys)] = wanted
    if bytes(theirs) != ours:
        at = next((i for i, (a, b) in enumerate(zip(theirs, ours)) if a != b), min(len(theirs), len(ours)))
        yield (f"octet {at} of {len(theirs)} (ours {len(ours)}): Scapy {spread(theirs, at)}\n"
               f"ours {spread(ours, at)}")


def faults_of(name, path, packets):
    try:
        frames = [bytes.fromhex(frame["hex"]) for frame in golden.show(path)]
    except RuntimeError as error:
        return [str(error)]
    packets = packets if isinstance(packets, list) else [packets]
    if len(packets) != len(frames):
        return [f"{len(frames)} frames, Scapy has {len(packets)}"]
    return [fault for packet, ours in zip(packets, frames) for fault in compare(name, packet, ours)]


def main():
    conf.verb = 0
    tap = golden.Tap()
    paths = {**golden.templates("frames"), **golden.templates("tests/golden/templates")}
    tap.result(f"at least {COMPARED_MIN} templates are held against Scapy",
               [] if len(FRAMES) >= COMPARED_MIN else [len(FRAMES)])
    for name, packets in FRAMES.items():
        faults = faults_of(name, paths[name], packets) if name in paths else ["no such template"]
        tap.result(f"{name} has the octets that Scapy builds", faults)
    return tap.plan()


if __name__ == "__main__":
    sys.exit(main())
