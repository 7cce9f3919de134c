"""Templates of routing protocols over IPv6, and of PIM, as Scapy builds them."""
from scapy.all import Ether, IP, IPv6  # pylint: disable=no-name-in-module
from scapy.contrib.ospf import (
    OSPFv3_DBDesc, OSPFv3_Hdr, OSPFv3_Hello, OSPFv3_LSA_Hdr, OSPFv3_LSAck, OSPFv3_LSReq, OSPFv3_LSReq_Item,
    OSPFv3_LSUpd, OSPFv3_Network_LSA, OSPFv3_Router_LSA, OSPFv3_Link)
from scapy.contrib.pim import (
    PIMv2GroupAddrs, PIMv2Hdr, PIMv2Hello, PIMv2HelloDRPriority, PIMv2HelloGenerationID, PIMv2HelloHoldtime,
    PIMv2HelloLANPruneDelay, PIMv2HelloLANPruneDelayValue, PIMv2JoinAddrs, PIMv2JoinPrune)
from scapy.layers.vrrp import VRRPv3

MAC, IPV4 = "02:00:00:00:00:01", "192.0.2.1"


def ip6(dst="ff02::5", mac="33:33:00:00:00:05", **fields):
    return Ether(dst=mac, src=MAC) / IPv6(**{"src": "fe80::1", "dst": dst, "hlim": 1, **fields})


def unicast():
    return ip6("fe80::2", "02:00:00:00:00:02")


def pim():
    return Ether(dst="01:00:5e:00:00:0d", src=MAC) / IP(src=IPV4, dst="224.0.0.13", ttl=1, tos=48 << 2) / PIMv2Hdr(reserved=0)


OPTIONS = 0x13  # router, external, IPv6

FRAMES = {
    "ospf3-hello": ip6(tc=48 << 2) / OSPFv3_Hdr(src=IPV4) / OSPFv3_Hello(intid=1, options=OPTIONS),
    "ospf3-every-packet": [
        ip6() / OSPFv3_Hdr(src="9.9.9.9", area="0.0.0.1", instance=3) / OSPFv3_Hello(
            intid=0x01020304, prio=7, options=0x39, hellointerval=30, deadinterval=120, router="9.9.9.9",
            backup="8.8.8.8", neighbors=["8.8.8.8", "7.7.7.7"]),
        unicast() / OSPFv3_Hdr(type=2) / OSPFv3_DBDesc(
            options=OPTIONS, mtu=9000, dbdescr=3, ddseq=0xFEDCBA98, lsaheaders=[
                OSPFv3_LSA_Hdr(age=0x8E10, adrouter="9.9.9.9", seq=0x80000005, chksum=0x1234, len=40),
                OSPFv3_LSA_Hdr(type=8, id="0.0.0.1", len=24)]),
        unicast() / OSPFv3_Hdr(type=3) / OSPFv3_LSReq(requests=[
            OSPFv3_LSReq_Item(id="0.0.0.0", adrouter="9.9.9.9"), OSPFv3_LSReq_Item(type=0x2009, id="0.0.0.2")]),
        ip6() / OSPFv3_Hdr(type=4) / OSPFv3_LSUpd(lsalist=[
            OSPFv3_Router_LSA(adrouter="9.9.9.9", chksum=0xD1C5, options=0x13, linklist=[
                OSPFv3_Link(type=2, metric=1, intid=1, neighintid=2, neighbor="8.8.8.8")]),
            OSPFv3_Network_LSA(id="0.0.0.5", adrouter="9.9.9.9", chksum=0xBEEF, options=0x13,
                               routerlist=["9.9.9.9", "8.8.8.8"])]),
        ip6() / OSPFv3_Hdr(type=5) / OSPFv3_LSAck(lsaheaders=[OSPFv3_LSA_Hdr(type=0x4005, id="0.0.0.1", len=24)])],
    "vrrp6": Ether(dst="33:33:00:00:00:12", src="00:00:5e:00:02:01") /
             IPv6(src="fe80::1", dst="ff02::12", hlim=255, tc=48 << 2) / VRRPv3(addrlist=["fe80::254"]),
    "vrrp6-every-field": ip6("ff02::12", "33:33:00:00:00:12", hlim=255) / VRRPv3(
        vrid=255, priority=0, res=10, adv=4095, addrlist=["fe80::254", "2001:db8::254"]),
    "pim-hello": pim() / PIMv2Hello(option=[
        PIMv2HelloHoldtime(holdtime=105), PIMv2HelloLANPruneDelay(value=[PIMv2HelloLANPruneDelayValue(
            t=0, propagation_delay=500, override_interval=2500)]),
        PIMv2HelloDRPriority(dr_priority=1), PIMv2HelloGenerationID(generation_id=0x0BADCAFE)]),
    "pim-join": pim() / PIMv2JoinPrune(up_neighbor_ip="192.0.2.254", jp_ips=[PIMv2GroupAddrs(
        gaddr="239.1.2.3", join_ips=[PIMv2JoinAddrs(sparse=1, rpt=0, src_ip="198.51.100.1")], prune_ips=[])]),
}
