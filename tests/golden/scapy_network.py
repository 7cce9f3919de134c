"""Tunnels, labels, groups, associations and names for scapy_test.py: what Scapy builds of the same values."""
from scapy.all import (  # pylint: disable=no-name-in-module
    ARP, BOOTP, DHCP, DNS, DNSQR, DNSRROPT, Dot3, Ether, GRE,
    ICMP, ICMPv6EchoRequest, IP, IPOption_Router_Alert, IPv6, IPv6ExtHdrSegmentRouting, LLC, Raw, SCTP, SCTPChunkAbort,
    SCTPChunkCookieAck, SCTPChunkCookieEcho, SCTPChunkData, SCTPChunkError, SCTPChunkHeartbeatAck, SCTPChunkHeartbeatReq, SCTPChunkInit,
    SCTPChunkInitAck, SCTPChunkParamCookiePreservative, SCTPChunkParamECNCapable, SCTPChunkParamFwdTSN,
    SCTPChunkParamHeartbeatInfo, SCTPChunkParamIPv4Addr, SCTPChunkParamIPv6Addr, SCTPChunkParamStateCookie,
    SCTPChunkParamSupportedAddrTypes, SCTPChunkParamSupportedExtensions, SCTPChunkSACK, SCTPChunkShutdown,
    SCTPChunkShutdownAck, SCTPChunkShutdownComplete, SNAP, TFTP, TFTP_ACK, TFTP_DATA, TFTP_ERROR, TFTP_OACK,
    TFTP_Option, TFTP_Options, TFTP_RRQ, TFTP_WRQ, UDP)
from scapy.contrib.geneve import GENEVE, GeneveOptions
from scapy.contrib.igmp import IGMP
from scapy.contrib.igmpv3 import IGMPv3, IGMPv3gr, IGMPv3mq, IGMPv3mr
from scapy.contrib.mpls import MPLS
from scapy.layers.llmnr import LLMNRQuery
from scapy.layers.vxlan import VXLAN

MAC, IPV4, IPV6, HOP = "02:00:00:00:00:01", "192.0.2.1", "2001:db8::1", "02:00:00:00:00:02"
INC = bytes(range(256))


def ether(dst=HOP, **fields):
    return Ether(**{"dst": dst, "src": MAC, **fields})


def dot3(dst=HOP):
    return Dot3(dst=dst, src=MAC)


def ip4(dst="10.0.0.2", **fields):
    return IP(**{"src": IPV4, "dst": dst, **fields})


def ip6(dst="2001:db8::2", **fields):
    return IPv6(**{"src": IPV6, "dst": dst, **fields})


def udp(dport, sport=40000, **fields):
    return UDP(**{"sport": sport, "dport": dport, **fields})


def inner():
    return Ether(dst="02:00:00:00:00:0b", src="02:00:00:00:00:0a")


def inner_ip():
    return IP(src="192.168.0.1", dst="192.168.0.2")


def igmp(dst, **fields):
    return ip4(dst, ttl=1, **fields)


ECHO = ICMP(id=1, seq=1)
ALERT = {"options": [IPOption_Router_Alert()]}
ZERO = b"\0"

TUNNELS = {
    "llc": dot3() / LLC(dsap=0, ssap=4, ctrl=0xf3) / b"ping",
    "snap": dot3() / LLC(dsap=0xaa, ssap=0xaa, ctrl=3) / SNAP(OUI=0, code=0x0800) / ip4() / udp(9) / b"behind SNAP",
    "snap-cisco": dot3("01:00:0c:cc:cc:cd") / LLC(dsap=0xaa, ssap=0xaa, ctrl=3) / SNAP(OUI=0xc, code=0x0999) /
                  Raw(bytes.fromhex("0102030405")),
    "mpls": ether() / MPLS(label=1000, cos=5, ttl=64) / MPLS(label=2000, ttl=64) / ip4() / ECHO / INC[:32],
    "mpls-ipv6": ether() / MPLS(label=2, cos=7, ttl=1) / ip6() / udp(9),
    "vxlan": ether() / ip4() / udp(4789, 49152, chksum=0) / VXLAN(vni=5000, flags=8) / inner() / inner_ip() / ECHO /
             INC[:32],
    "vxlan-policy": ether() / ip6() / udp(4789) / VXLAN(flags=0x88, gpflags=0x48, gpid=7, vni=0xfedcba) /
                    Ether(dst="ff:ff:ff:ff:ff:ff", src="02:00:00:00:00:0a") /
                    ARP(hwsrc="02:00:00:00:00:0a", psrc="10.0.0.1", pdst="10.0.0.2"),
    "geneve": ether() / ip4() / udp(6081, 49152) / GENEVE(vni=5000, proto=0x6558, options=[
        GeneveOptions(classid=0x0102, type=0x80, data=b"\0\0\0*")]) / inner() / inner_ip() / udp(9) / b"bridged",
    "geneve-ip": ether() / ip6() / udp(6081) / GENEVE(oam=1, critical=1, vni=0xabcdef, proto=0x0800, options=[
        GeneveOptions(classid=0xffff, type=1), GeneveOptions(classid=0xfffe, type=2, data=bytes(range(1, 9)))]) /
                 IP(src="10.0.0.1", dst="10.0.0.2") / udp(9) / b"odd",
    "gre": ether() / ip4() / GRE(chksum_present=1, key_present=1, seqnum_present=1, key=42, seqence_number=7,
                                 proto=0x86dd) / IPv6(src="2001:db8:1::1", dst="2001:db8:1::2") /
           ICMPv6EchoRequest(id=1, seq=1),
    "gre-bare": ether() / ip4() / GRE(proto=0x0800) / inner_ip() / ECHO,
    "srv6": ether() / ip6("2001:db8::5") / IPv6ExtHdrSegmentRouting(
        segleft=1, lastentry=1, addresses=["2001:db8::9", "2001:db8::5"]) / udp(9) / b"over a segment",
}

IGMP_MESSAGES = {
    "igmp-join": ether("01:00:5e:01:02:03") / igmp("239.1.2.3", **ALERT) / IGMP(type=0x16, mrcode=0, gaddr="239.1.2.3"),
    "igmp-leave": ether("01:00:5e:00:00:02") / igmp("224.0.0.2") / IGMP(type=0x17, mrcode=0, gaddr="239.1.2.3"),
    "igmp-query-v2": ether("01:00:5e:00:00:01") / igmp("224.0.0.1") / IGMP(type=0x11, mrcode=100),
    "igmp-query": ether("01:00:5e:00:00:01") / igmp("224.0.0.1", tos=0xc0, **ALERT) / IGMPv3(type=0x11, mrcode=100) /
                  IGMPv3mq(qrv=2, qqic=125),
    "igmp-query-sources": ether("01:00:5e:01:02:03") / igmp("239.1.2.3", tos=0xc0) / IGMPv3(type=0x11, mrcode=10) / IGMPv3mq(
        gaddr="239.1.2.3", s=1, qrv=7, qqic=20, srcaddrs=["192.0.2.10", "192.0.2.11"]),
    "igmp-report": ether("01:00:5e:00:00:16") / igmp("224.0.0.22", tos=0xc0, **ALERT) / IGMPv3(type=0x22, mrcode=0) /
                   IGMPv3mr(records=[IGMPv3gr(rtype=4, maddr="239.1.2.3"),
                                     IGMPv3gr(rtype=3, maddr="232.1.2.3", srcaddrs=["192.0.2.10", "192.0.2.11"])]),
}


def sctp(*chunks, network=None, back=False, tag=5, dport=40001):
    """A packet of chunks; each is filled up to four octets by Scapy too."""
    ports = {"sport": dport, "dport": 40000} if back else {"sport": 40000, "dport": dport}
    packet = ether() / (network or ip4()) / SCTP(tag=tag, **ports)
    for chunk in chunks:
        packet /= chunk
    return packet


ASSOCIATIONS = {
    "sctp-init": sctp(SCTPChunkInit(init_tag=0x12345678, a_rwnd=65536, n_out_streams=10, n_in_streams=65535, init_tsn=1,
                                    params=[SCTPChunkParamIPv4Addr(addr=IPV4),
                                            SCTPChunkParamSupportedAddrTypes(addr_type_list=[5, 6]),
                                            SCTPChunkParamECNCapable(), SCTPChunkParamFwdTSN()]), tag=0, dport=7),
    "sctp-data": sctp(SCTPChunkSACK(cumul_tsn_ack=99, a_rwnd=65536, gap_ack_list=["2:3"]),
                      SCTPChunkData(beginning=1, ending=1, tsn=1, stream_id=0, stream_seq=0, proto_id=0, data=b"hello"),
                      SCTPChunkData(beginning=1, ending=1, tsn=2, stream_id=1, stream_seq=0, proto_id=0, data=b"world"),
                      tag=0x87654321, dport=7),
    "sctp-last-parameter": sctp(SCTPChunkCookieAck(), SCTPChunkHeartbeatReq(params=[
        SCTPChunkParamHeartbeatInfo(data=b"\1\2\3")]), SCTPChunkCookieAck()),
    "sctp-chunks": [
        sctp(SCTPChunkInit(
            init_tag=0x01020304, a_rwnd=1000, n_out_streams=3, n_in_streams=4, init_tsn=77, params=[
                SCTPChunkParamIPv4Addr(addr="192.0.2.7"), SCTPChunkParamIPv6Addr(addr="2001:db8::7"),
                SCTPChunkParamCookiePreservative(sug_cookie_inc=1000),
                SCTPChunkParamSupportedAddrTypes(addr_type_list=[5, 6]), SCTPChunkParamECNCapable(),
                SCTPChunkParamSupportedExtensions(supported_extensions=[192, 130, 193]), SCTPChunkParamFwdTSN(),
                Raw(bytes.fromhex("8005 0007 010203"))]), ZERO, network=ip6(), tag=0),
        sctp(SCTPChunkInitAck(init_tag=5, a_rwnd=1, n_out_streams=2, n_in_streams=3, init_tsn=4, params=[
            SCTPChunkParamStateCookie(cookie=bytes(range(1, 9)))]), back=True, tag=0x01020304),
        sctp(SCTPChunkCookieEcho(cookie=bytes(range(1, 6))),
             SCTPChunkData(beginning=1, ending=1, unordered=1, delay_sack=1, tsn=77, stream_id=0, stream_seq=0, proto_id=0,
                           data=b"x")),
        sctp(SCTPChunkCookieAck(), back=True, tag=0x01020304),
        sctp(SCTPChunkData(beginning=1, ending=1, tsn=78, stream_id=2, stream_seq=3, proto_id=0x12345, data=b"hello")),
        sctp(SCTPChunkSACK(cumul_tsn_ack=77, a_rwnd=900, gap_ack_list=["2:3", "5:5"], dup_tsn_list=[70, 71]), back=True,
             tag=0x01020304),
        sctp(SCTPChunkHeartbeatReq(params=[SCTPChunkParamHeartbeatInfo(data=b"\1\2\3\4")]),
             SCTPChunkHeartbeatAck(params=[SCTPChunkParamHeartbeatInfo(data=b"\4\5\6\7")])),
        sctp(SCTPChunkShutdown(cumul_tsn_ack=80), SCTPChunkShutdownAck(), SCTPChunkShutdownComplete(TCB=1)),
        sctp(SCTPChunkError(error_causes=bytes.fromhex("000d 0009 0102030405 000000  0003 0008 00000005")),
             SCTPChunkAbort(TCB=1, error_causes=bytes.fromhex("000c 0007 616263"))),
        # Chunks that Scapy does not know, by hand: the CRC over them is Scapy's.
        sctp(Raw(bytes.fromhex("0c00 0008 00000001  0d00 0008 00000002  c000 000c 00000003 00010002  3f00 0007 010203 00"))),
    ],
}

COOKIE_ACK = sctp(SCTPChunkCookieAck(), tag=0)


def tftp(packet):
    return ether() / ip4() / udp(69, 40069) / TFTP() / packet


FILES = {
    "tftp-read": tftp(TFTP_RRQ(filename="boot/kernel", mode="octet") / TFTP_Options(options=[
        TFTP_Option(oname="blksize", value="1428"), TFTP_Option(oname="tsize", value="0")])),
    "tftp-all": [
        tftp(TFTP_WRQ(filename="a b", mode="netascii")), tftp(TFTP_DATA(block=2) / b"some octets"),
        tftp(TFTP_ACK(block=2)), tftp(TFTP_ERROR(errorcode=1, errormsg="no such file")),
        tftp(TFTP_OACK() / TFTP_Options(options=[TFTP_Option(oname="blksize", value="1428")]))],
}


def bootp(**fields):
    return BOOTP(**{"chaddr": bytes.fromhex("020000000001"), **fields})


# Scapy does not point back at names itself: each pointer is octets here.
QUESTION, HOST = b"\xc0\x0c", b"\xc0\x2d"

NAMES = {
    "dns-query": ether() / ip4() / udp(53) / DNS(id=0x1234, rd=1, qd=DNSQR(qname="example.org")),
    "mdns-query": ether("01:00:5e:00:00:fb") / ip4("224.0.0.251", ttl=255) / udp(5353, 5353) / DNS(
        rd=0, qd=DNSQR(qname="_ipp._tcp.local", qtype="PTR")),
    "llmnr-query": ether("33:33:00:01:00:03") / ip6("ff02::1:3", hlim=255) / udp(5355) / LLMNRQuery(
        id=0x1234, qd=DNSQR(qname="printer", qtype="AAAA")),
    "dns-answer": ether() / ip4() / udp(40000, 53) / DNS(
        id=0x1234, qr=1, ra=1, rd=1, qd=DNSQR(qname="www.example.org"), ancount=2, arcount=1,
        an=Raw(QUESTION + bytes.fromhex("0005 0001 0000012c 0007 04") + b"host\xc0\x10") /
        Raw(HOST + bytes.fromhex("0001 0001 0000003c 0004 c0000250")), ar=DNSRROPT(rclass=1232, z=0)),
    "dhcp-discover": ether("ff:ff:ff:ff:ff:ff") / ip4("255.255.255.255", src="0.0.0.0") / udp(67, 68) / bootp(
        xid=0x12345678, flags=0x8000) / DHCP(options=[
            ("message-type", "discover"), ("hostname", "pktsmith"), ("param_req_list", [1, 3, 6]), "end"]),
    "dhcp-offer": ether("ff:ff:ff:ff:ff:ff") / ip4("255.255.255.255") / udp(68, 67) / bootp(
        op=2, xid=0x12345678, yiaddr="10.0.0.99", chaddr=bytes.fromhex("020000000002")) / DHCP(options=[
            ("message-type", "offer"), ("server_id", IPV4), ("lease_time", 3600), ("subnet_mask", "255.255.255.0"),
            ("router", IPV4), ("name_server", "192.0.2.53", "192.0.2.54"), "end"]),
    "dhcp-options": ether("ff:ff:ff:ff:ff:ff") / ip4("255.255.255.255") / udp(67, 68) / bootp(
        hops=1, xid=0x01020304, secs=5, ciaddr="10.0.0.1", yiaddr="10.0.0.2", siaddr="10.0.0.3", giaddr="10.0.0.4",
        chaddr=bytes.fromhex("020000000007")) / DHCP(options=[
            ("message-type", "request"), "pad", ("subnet_mask", "255.255.254.0"), ("router", "10.0.0.5", "10.0.0.6"),
            ("name_server", "10.0.0.7"), ("hostname", "host"), ("domain", "example.org"),
            ("broadcast_address", "10.0.1.255"), ("requested_addr", "10.0.0.99"), ("lease_time", 7200),
            ("server_id", "10.0.0.8"), ("param_req_list", [1, 3, 6, 26, 42]), ("max_dhcp_size", 1400),
            ("renewal_time", 1800), ("rebinding_time", 3600), ("vendor_class_id", "pktsmith"),
            ("client_id", bytes.fromhex("01020000000007")), (224, bytes.fromhex("0102030405")), "end"]),
}

FRAMES = {**TUNNELS, **IGMP_MESSAGES, **ASSOCIATIONS, **FILES, **NAMES}
