"""The link layer's frames for scapy_test.py: what Scapy builds of the same values."""
from scapy.all import (  # pylint: disable=no-name-in-module
    ARP, Dot3, EAP, EAPOL, Ether, GRE, IP, IPv6, ICMP, LLC, Raw, SNAP, STP, UDP)
from scapy.contrib.cdp import (
    CDPAddrRecordIPv4, CDPMsgAddr, CDPMsgCapabilities, CDPMsgDeviceID, CDPMsgDuplex, CDPMsgNativeVLAN, CDPMsgPlatform,
    CDPMsgPortID, CDPMsgSoftwareVersion, CDPv2_HDR)
from scapy.contrib.erspan import ERSPAN_II, ERSPAN_III, ERSPAN_PlatformSpecific
from scapy.contrib.lacp import LACP, SlowProtocol
from scapy.contrib.lldp import (
    LLDPDUChassisID, LLDPDUEndOfLLDPDU, LLDPDUGenericOrganisationSpecific, LLDPDUManagementAddress, LLDPDUPortDescription,
    LLDPDUPortID, LLDPDUSystemCapabilities, LLDPDUSystemDescription, LLDPDUSystemName, LLDPDUTimeToLive)
from scapy.contrib.mac_control import MACControlClassBasedFlowControl, MACControlPause
from scapy.contrib.macsec import MACsec, MACsecSCI
from scapy.layers.ppp import (
    PPP, PPP_CHAP, PPP_CHAP_ChallengeResponse, PPP_IPCP, PPP_IPCP_Option_DNS1, PPP_IPCP_Option_IPAddress,
    PPP_LCP_Auth_Protocol_Option, PPP_LCP_Configure, PPP_LCP_Magic_Number_Option, PPP_LCP_MRU_Option, PPP_PAP_Request,
    PPP_PAP_Response, PPPoE, PPPoED, PPPoED_Tags, PPPoETag)

MAC, IPV4, IPV6, HOP = "02:00:00:00:00:01", "192.0.2.1", "2001:db8::1", "02:00:00:00:00:02"
FLOW, BRIDGES, NEAREST, SLOW, PAE = (f"01:80:c2:00:00:{last}" for last in ("01", "00", "0e", "02", "03"))


def ether(dst=HOP, **fields):
    return Ether(**{"dst": dst, "src": MAC, **fields})


def bpdu(**fields):
    return Dot3(dst=BRIDGES, src=MAC) / LLC(dsap=0x42, ssap=0x42, ctrl=3) / STP(**fields)


def lldp(*tlvs):
    frame = ether(NEAREST, type=0x88CC)
    for tlv in tlvs:
        frame /= tlv
    return frame / LLDPDUEndOfLLDPDU()


def gre(protocol, number):
    return ether() / IP(src=IPV4, dst="10.0.0.2") / GRE(proto=protocol, seqnum_present=1, sequence_number=number)


def mirrored(**fields):
    return Ether(dst="ff:ff:ff:ff:ff:ff", src="02:00:00:00:00:0a", **fields)


WHO_HAS = ARP(op=1, hwsrc="02:00:00:00:00:0a", psrc="192.168.1.1", pdst="192.168.1.2")


def session(number=1):
    return ether() / PPPoE(sessionid=number)


# Scapy leaves the first octet of these out, which RFC 1661 6.5 allows only where both ends have agreed on it.
PPP_IPV4, PPP_IPV6 = Raw(b"\0\x21"), Raw(b"\0\x57")


def tags(*pairs):
    return PPPoED_Tags(tag_list=[PPPoETag(tag_type=number, tag_value=value) for number, value in pairs])


FRAMES = {
    "pause": ether(FLOW, type=0x8808) / MACControlPause(pause_time=65535),
    "pfc": ether(FLOW, type=0x8808) / MACControlClassBasedFlowControl(c3_enabled=1, c3_pause_time=65535),
    "mac-control-resume": ether(FLOW, type=0x8808) / MACControlPause(),
    "mac-control-pfc-all": ether(FLOW, type=0x8808) / MACControlClassBasedFlowControl(
        **{f"c{n}_enabled": 1 for n in range(8)}, **{f"c{n}_pause_time": n + 1 for n in range(7)}, c7_pause_time=65535),
    "wake-on-lan": ether("ff:ff:ff:ff:ff:ff", type=0x0842) / (b"\xff" * 6 + bytes.fromhex("020000000002") * 16),
    "lldp": lldp(
        LLDPDUChassisID(subtype=4, id=MAC), LLDPDUPortID(subtype=5, id="eth0"), LLDPDUTimeToLive(ttl=120),
        LLDPDUPortDescription(description="the cable to the rack"), LLDPDUSystemName(system_name="pktsmith"),
        LLDPDUSystemDescription(description="pktsmith: frames made to measure"),
        LLDPDUSystemCapabilities(mac_bridge_available=1, router_available=1, station_only_available=1,
                                 station_only_enabled=1),
        LLDPDUManagementAddress(management_address_subtype=1, management_address=bytes([192, 0, 2, 1]),
                                interface_numbering_subtype=2, interface_number=2),
        LLDPDUGenericOrganisationSpecific(org_code=0x0080C2, subtype=1, data=b"\0\x0a")),
    "lldp-defaults": lldp(LLDPDUChassisID(subtype=4, id=MAC), LLDPDUPortID(subtype=5, id="p1"), LLDPDUTimeToLive(ttl=120)),
    "lacp": ether(SLOW, type=0x8809) / SlowProtocol(subtype=1) / LACP(
        actor_system_priority=65535, actor_system=MAC, actor_key=1, actor_port_priority=255, actor_port_number=1,
        actor_state=0x45),
    "lacp-every-field": ether(SLOW, type=0x8809) / SlowProtocol(subtype=1) / LACP(
        actor_system_priority=1, actor_system="02:00:00:00:00:0a", actor_key=2, actor_port_priority=3, actor_port_number=4,
        actor_state=0x3F, partner_system_priority=5, partner_system="02:00:00:00:00:0b", partner_key=6,
        partner_port_priority=7, partner_port_number=8, partner_state=0xC4, collector_max_delay=50000,
        actor_reserved=b"\1\2\3", partner_reserved=b"\4\5\6", collector_reserved=bytes(range(1, 13))),
    "eapol-start": ether(PAE, type=0x888E) / EAPOL(version=2, type=1),
    "eap-identity": ether(PAE, type=0x888E) / EAPOL(version=2) / EAP(code=2, id=1, type=1, identity="user@example.org"),
    "eapol-types": [
        ether(PAE, type=0x888E) / EAPOL(version=3, type=2),
        ether(PAE, type=0x888E) / EAPOL() / EAP(code=1, id=7, type=1, message="who?"),
        ether(PAE, type=0x888E) / EAPOL() / EAP(code=2, id=8, type=3, desired_auth_types=[25]),
        ether(PAE, type=0x888E) / EAPOL(version=2) / EAP(code=3, id=9),
        ether(PAE, type=0x888E) / EAPOL() / EAP()],
    "macsec": ether() / MACsec(SC=1, SCI=MACsecSCI(system_identifier=MAC, port_identifier=1), type=0x0800) /
              IP(src=IPV4, dst="10.0.0.2") / UDP(sport=40000, dport=5000) /
              b"hello, in plain sight of all on the way" / Raw(b"\xcc" * 16),
    "pppoe-padi": ether("ff:ff:ff:ff:ff:ff", type=0x8863) / PPPoED() / tags((0x0101, ""), (0x0103, b"\x0b\xad\xca\xfe")),
    "pppoe-discovery-every-tag": [
        ether(type=0x8863) / PPPoED(code=0x07) / tags(
            (0x0101, "internet"), (0x0102, "concentrator"), (0x0103, b"\1\2\3\4"), (0x0104, b"\x0a\x0b\x0c\x0d\x0e"),
            (0x0105, b"\0\0\x0d\xe9"), (0x0110, b"\xaa\xbb"), (0x0120, b"\5\xdc"), (0x0199, b"\xbe\xef"), (0, "")),
        ether(type=0x8863) / PPPoED(code=0x65) / tags(
            (0x0201, "no such service"), (0x0202, "out of memory"), (0x0203, "no")),
        ether(type=0x8863) / PPPoED(code=0xA7, sessionid=0xBEEF)],
    "pppoe-session": session() / PPP_IPV4 / IP(src=IPV4, dst="10.0.0.2") / ICMP(id=1, seq=1),
    "ppp-ipv6": session(0xFFFF) / PPP_IPV6 / IPv6(src=IPV6, dst="2001:db8::2") / UDP(sport=40000, dport=5000) /
                b"over PPP",
    "ppp-lcp": session() / PPP(proto=0xC021) / PPP_LCP_Configure(id=1, options=[
        PPP_LCP_MRU_Option(max_recv_unit=1492), PPP_LCP_Auth_Protocol_Option(auth_protocol=0xC223),
        PPP_LCP_Magic_Number_Option(magic_number=0x0BADCAFE)]),
    "ppp-pap": session() / PPP(proto=0xC023) / PPP_PAP_Request(id=1, username="alice", password="secret"),
    "pap-every-code": [session() / PPP(proto=0xC023) / PPP_PAP_Response(code=2, id=7, message="welcome"),
                       session() / PPP(proto=0xC023) / PPP_PAP_Response(code=3, id=8)],
    "ppp-chap": session() / PPP(proto=0xC223) / PPP_CHAP_ChallengeResponse(
        id=1, value=bytes(range(16)), optional_name="concentrator"),
    "chap-every-code": [
        session() / PPP(proto=0xC223) / PPP_CHAP_ChallengeResponse(
            code=2, id=7, value=bytes.fromhex("93a3ffd2c8a4f1c4b64eb20cd24c7bc1"), optional_name="alice"),
        session() / PPP(proto=0xC223) / PPP_CHAP(code=3, id=7, data="welcome"),
        session() / PPP(proto=0xC223) / PPP_CHAP(code=4, id=8, data="no")],
    "ppp-ipcp": session() / PPP(proto=0x8021) / PPP_IPCP(id=1, options=[
        PPP_IPCP_Option_IPAddress(), PPP_IPCP_Option_DNS1(type=129)]),
    "stp-defaults": bpdu(),
    "stp": bpdu(rootid=32768, rootmac=MAC, bridgeid=32768, bridgemac=MAC, portid=0x8001, age=0),
    "cdp": Dot3(dst="01:00:0c:cc:cc:cc", src=MAC) / LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(OUI=0x0C, code=0x2000) /
           CDPv2_HDR(msg=[
               CDPMsgDeviceID(val=b"pktsmith"), CDPMsgAddr(addr=[CDPAddrRecordIPv4(addr=IPV4)]),
               CDPMsgPortID(iface=b"Ethernet0"), CDPMsgCapabilities(cap=0x10), CDPMsgSoftwareVersion(val=b"pktsmith 1"),
               CDPMsgPlatform(val=b"Linux"), CDPMsgNativeVLAN(vlan=1), CDPMsgDuplex(duplex=1)]),
    # Scapy leaves type II's version at 0, which is type I's.
    "erspan": gre(0x88BE, 1) / ERSPAN_II(ver=1, vlan=10, session_id=100, index=1) / mirrored() / WHO_HAS,
    "erspan-every-field": gre(0x88BE, 0xFFFFFFFF) / ERSPAN_II(
        ver=1, vlan=4094, cos=7, en=3, t=1, session_id=1023, index=1048575) / mirrored(type=0x88B5) / b"mirrored",
    # What has an Ethernet frame in it says so (p), which Scapy leaves to its user.
    "erspan3": gre(0x22EB, 1) / ERSPAN_III(vlan=10, session_id=100, timestamp=123456789, p=1, gra=1) / mirrored() / WHO_HAS,
    "erspan3-every-field": gre(0x22EB, 1) / ERSPAN_III(
        vlan=4094, cos=7, bso=3, t=1, session_id=1023, timestamp=0xFFFFFFFF, sgt_other=65535, p=1, hw=63, d=1, gra=2, o=1) /
                           ERSPAN_PlatformSpecific(platf_id=2, info1=0x3FFFFFF, info2=0xFFFFFFFF) /
                           mirrored(type=0x88B5) / b"mirrored",
}
