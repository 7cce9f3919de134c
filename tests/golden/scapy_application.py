"""Templates of application protocols as Scapy builds them."""
from scapy.all import Ether, IP, IPv6, RTP, TCP, UDP  # pylint: disable=no-name-in-module
from scapy.contrib.modbus import ModbusADURequest, ModbusPDU03ReadHoldingRegistersRequest
from scapy.layers.dhcp6 import (
    DHCP6_RelayForward, DHCP6_Solicit, DHCP6OptClientId, DHCP6OptElapsedTime, DHCP6OptIA_NA, DHCP6OptIA_PD,
    DHCP6OptIfaceId, DHCP6OptOptReq, DHCP6OptRelayMsg, DUID_LL)
from scapy.layers.netbios import NBNSHeader, NBNSQueryRequest
from scapy.layers.ntp import NTPHeader
from scapy.layers.radius import Radius
from scapy.layers.snmp import SNMP, SNMPget, SNMPvarbind

MAC, HOP = "02:00:00:00:00:01", "02:00:00:00:00:02"


def ip4(**fields):
    return Ether(dst=HOP, src=MAC) / IP(src="192.0.2.1", dst="10.0.0.2", **fields)


def ip6(mac, src, dst, **fields):
    return Ether(dst=mac, src=MAC) / IPv6(src=src, dst=dst, **fields)


def attribute(kind, value):
    return bytes([kind, len(value) + 2]) + value


RADIUS = b"".join([
    attribute(1, b"alice"), attribute(2, bytes.fromhex("0db870ab66ff6a1c83f17d4aa25f30bf")),
    attribute(4, bytes([192, 0, 2, 1])), attribute(5, bytes([0, 0, 0, 7])), attribute(61, bytes([0, 0, 0, 15])),
    attribute(31, b"02-00-00-00-00-99")])

FRAMES = {
    "ntp-defaults": ip4() / UDP(sport=40000, dport=123) / NTPHeader(orig=0, sent=0),
    "dhcpv6-solicit":
        ip6("33:33:00:01:00:02", "fe80::1", "ff02::1:2", hlim=1) / UDP(sport=546, dport=547) /
        DHCP6_Solicit(trid=0x123456) / DHCP6OptClientId(duid=DUID_LL(lladdr=MAC)) / DHCP6OptOptReq(reqopts=[23, 24]) /
        DHCP6OptElapsedTime() / DHCP6OptIA_NA(iaid=1, T1=0, T2=0) / DHCP6OptIA_PD(iaid=1, T1=0, T2=0),
    "dhcpv6-relay":
        ip6(HOP, "2001:db8::1", "2001:db8::2") / UDP(sport=547, dport=547) /
        DHCP6_RelayForward(hopcount=0, linkaddr="2001:db8:1::1", peeraddr="fe80::99") /
        DHCP6OptRelayMsg(message=DHCP6_Solicit(trid=0x123456) /
                         DHCP6OptClientId(duid=DUID_LL(lladdr="02:00:00:00:00:99")) / DHCP6OptElapsedTime() /
                         DHCP6OptIA_NA(iaid=1, T1=0, T2=0)) /
        DHCP6OptIfaceId(ifaceid=b"port 7"),
    "radius-access-request":
        ip4() / UDP(sport=40000, dport=1812) / Radius(
            code=1, id=1, len=20 + len(RADIUS), authenticator=bytes(range(16))) / RADIUS,
    "nbns-query": Ether(dst="ff:ff:ff:ff:ff:ff", src=MAC) / IP(src="192.0.2.1", dst="192.0.2.255") /
                  UDP(sport=137, dport=137) / NBNSHeader(NAME_TRN_ID=0x1234, NM_FLAGS=0x11, QDCOUNT=1) /
                  NBNSQueryRequest(QUESTION_NAME=b"FILESERVER", SUFFIX=0x4141),
    "snmp-get": ip4() / UDP(sport=40000, dport=161) / SNMP(
        version=1, community="public", PDU=SNMPget(id=0x12345678, varbindlist=[SNMPvarbind(oid="1.3.6.1.2.1.1.1.0")])),
    "rtp": ip4(tos=46 << 2) / UDP(sport=40000, dport=5004) /
           RTP(marker=1, sequence=1, timestamp=160, sourcesync=0x01020304) / (b"\xff" * 160),
    "modbus-read":
        ip4(flags="DF") / TCP(sport=40000, dport=502, seq=1001, ack=5001, flags="PA", window=501) /
        ModbusADURequest(transId=1, unitId=1) / ModbusPDU03ReadHoldingRegistersRequest(startAddr=0x6B, quantity=10),
}
