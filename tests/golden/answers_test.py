#!/usr/bin/python3
"""What match/answer takes for an answer is what Scapy's answers() takes for one: requests of many protocols, each against
right answers and answers in which one thing is wrong. Where Scapy is wrong the pair is named below, with the reason."""
import os
import random
import subprocess
import sys

import golden
from scapy.all import (ARP, BOOTP, DHCP, DNS, DNSQR, DNSRR, GRE, ICMP, IP, NTP, SNMP, TCP, UDP, VXLAN, Dot1Q, Ether,
                       ICMPv6DestUnreach, ICMPv6EchoReply, ICMPv6EchoRequest, ICMPv6ND_NA, ICMPv6ND_NS, ICMPv6ND_RA,
                       ICMPv6ND_RS, ICMPv6PacketTooBig, ICMPv6TimeExceeded, IPv6, Radius, Raw, SNMPget, SNMPresponse,
                       SNMPvarbind, conf)

US, THEM, OTHER = "02:00:00:00:00:01", "02:00:00:00:00:02", "02:00:00:00:00:03"
PAIRS_MIN = 300  # so that "all agree" is not an empty saying
ROUNDS = 4       # of each protocol, with other numbers
conf.checkIPsrc = conf.checkIPaddr = True

# PROTOCOL/CHANGE, or */CHANGE of any protocol: pairs that Scapy takes, and why it should not.
SCAPY_TAKES = {
    "echo/payload": "what is echoed has to come back unchanged (RFC 792), and Scapy does not look",
    "echo/length": "nor at how long it is",
    "*/checksum": "a receiver drops it",
    "*/peer-port": "UDP.answers() compares only the port that the answer goes to",
    "*/peer6": "IPv6.answers() does not compare where an answer came from",
    "tcp/ack-short": "TCP.answers() takes what is up to 2 off",
    "tcp/ack-beyond": "likewise",
    "tcp/plain-ack": "an ACK that neither takes nor refuses a connection",
    "tcp-data/ack-beyond": "likewise",
    "tcp-data/ack-short": "likewise",
    "tcp-data/reset-seq": "likewise",
    "dns/question": "DNS.answers() compares ids, not what was asked",
    "ntp/origin": "NTP.answers() compares what is behind the message: nothing",
    "ntp/turned": "likewise",
    "radius/id": "Radius has no answers() of its own: any two do",
    "radius/turned": "likewise",
    "arp/requester": "ARP.answers() does not ask whose request was answered",
    "tcp-error/seq": "TCPerror.answers() compares seq only where conf.check_TCPerror_seqack is set",
    "*/redirect": "a redirect is not the end of what it speaks of: it went on",
    "gre/key": "GRE's key is not compared",
}
# Pairs that Scapy refuses, and why it should not.
SCAPY_REFUSES = {
    "*/broadcast": "whoever gets a broadcast may answer it; Scapy wants the address that was asked",
    "dhcp/right": "an answer goes to the address that the client is given, or to all",
    "vxlan/right": "VXLAN goes to its port in both directions, whatever port it comes from",
    "dhcp/to-the-client": "likewise",
}


def pick(rng, bits):
    return rng.getrandbits(bits)


def ask(request, tags=()):
    return stack(Ether(dst=THEM, src=US), tags, request)


def give(answer, tags=(), mac=THEM):
    return stack(Ether(dst=US, src=mac), tags, answer)


def stack(frame, tags, rest):
    for tag in tags:
        frame = frame / Dot1Q(vlan=tag)
    return frame / rest


def ip4(turned=False, peer="10.0.0.2", **more):
    return IP(src=peer, dst="10.0.0.1", **more) if turned else IP(src="10.0.0.1", dst=peer, **more)


def ip6(turned=False, peer="fd00::2"):
    return IPv6(src=peer, dst="fd00::1") if turned else IPv6(src="fd00::1", dst=peer)


def echo(rng):
    """Yields CHANGE, request, answer."""
    number, seq, data = pick(rng, 16), pick(rng, 16), rng.randbytes(rng.randrange(1, 60))
    request = ask(ip4() / ICMP(id=number, seq=seq) / data)

    def reply(peer="10.0.0.2", number=number, seq=seq, data=data, kind=0, **more):
        return ip4(True, peer) / ICMP(type=kind, id=number, seq=seq, **more) / data
    yield "right", request, give(reply())
    yield "another-mac", request, give(reply(), mac=OTHER)
    yield "id", request, give(reply(number=number ^ 1))
    yield "seq", request, give(reply(seq=seq ^ 0x8000))
    yield "peer", request, give(reply("10.0.0.3"))
    yield "payload", request, give(reply(data=data[:-1] + bytes([data[-1] ^ 1])))
    yield "length", request, give(reply(data=data + b"x"))
    yield "checksum", request, give(reply(chksum=0x1234))
    yield "turned", request, give(reply(kind=8))
    yield "timestamp-reply", request, give(reply(kind=14))
    yield "nothing", request, give(ip4(True))
    tagged = ask(request[IP], [7])
    yield "vlan", tagged, give(reply(), [7])
    yield "another-vlan", tagged, give(reply(), [8])
    yield "no-vlan", tagged, give(reply())
    yield "qinq", ask(request[IP], [3, 7]), give(reply(), [3, 7])
    yield "another-outer-vlan", ask(request[IP], [3, 7]), give(reply(), [4, 7])
    yield "broadcast", stack(Ether(dst="ff:ff:ff:ff:ff:ff", src=US), [], ip4(peer="10.0.0.255") / request[ICMP]), \
        give(reply())


def echo6(rng):
    number, seq, data = pick(rng, 16), pick(rng, 16), rng.randbytes(rng.randrange(1, 60))
    request = ask(ip6() / ICMPv6EchoRequest(id=number, seq=seq, data=data))

    def reply(peer="fd00::2", number=number, seq=seq, data=data, **more):
        return give(ip6(True, peer) / ICMPv6EchoReply(id=number, seq=seq, data=data, **more))
    yield "right", request, reply()
    yield "id", request, reply(number=number ^ 1)
    yield "seq", request, reply(seq=seq ^ 0x8000)
    yield "peer6", request, reply("fd00::3")
    yield "payload", request, reply(data=data[:-1] + bytes([data[-1] ^ 1]))
    yield "checksum", request, reply(cksum=0x1234)
    yield "multicast", ask(ip6(peer="ff02::1") / request[ICMPv6EchoRequest]), reply("fd00::7")


def arp(rng):
    asked = f"10.0.{pick(rng, 8)}.{pick(rng, 7)}"
    request = stack(Ether(dst="ff:ff:ff:ff:ff:ff", src=US), [], ARP(hwsrc=US, psrc="10.0.0.200", pdst=asked))

    def reply(op=2, source=asked, target="10.0.0.200"):
        return give(ARP(op=op, hwsrc=THEM, psrc=source, hwdst=US, pdst=target))
    yield "right", request, reply()
    yield "another", request, reply(source="10.9.9.9")
    yield "requester", request, reply(target="10.0.0.201")
    yield "turned", request, reply(op=1)


def neighbour(rng):
    target = f"fd00::{pick(rng, 16) | 1:x}"
    group = "ff02::1:ff00:" + target.split("::")[1]
    request = ask(IPv6(src="fd00::1", dst=group) / ICMPv6ND_NS(tgt=target))
    yield "right", request, give(ip6(True, target) / ICMPv6ND_NA(tgt=target))
    yield "another", request, give(ip6(True, target) / ICMPv6ND_NA(tgt="fd00:1::1"))
    yield "turned", request, give(ip6(True, target) / ICMPv6ND_NS(tgt=target))
    yield "receiver", request, give(IPv6(src=target, dst="fd00::99") / ICMPv6ND_NA(tgt=target))
    router = ask(IPv6(src="fe80::1", dst="ff02::2") / ICMPv6ND_RS())
    yield "router", router, give(IPv6(src="fe80::9", dst="fe80::1") / ICMPv6ND_RA())
    yield "no-router", router, give(IPv6(src="fe80::9", dst="fe80::1") / ICMPv6ND_NA(tgt="fe80::9"))


def udp(rng):
    ours, theirs = rng.randrange(1024, 2 ** 16), rng.randrange(20000, 2 ** 16 - 1)
    data = rng.randbytes(20)
    for ip in (ip4, ip6):
        request = ask(ip() / UDP(sport=ours, dport=theirs) / data)

        def reply(sport=theirs, dport=ours, other=None, ip=ip, **more):
            return give((ip(True, other) if other else ip(True)) / UDP(sport=sport, dport=dport, **more) / data)
        yield "right", request, reply()
        yield "peer-port", request, reply(sport=theirs + 1)
        yield "our-port", request, reply(dport=ours ^ 1)
        yield ("peer", request, reply(other="10.0.0.3")) if ip is ip4 else ("peer6", request, reply(other="fd00::3"))
        yield "checksum", request, reply(chksum=0x1234)
        yield "tcp", request, give(ip(True) / TCP(sport=theirs, dport=ours, flags="A") / data)
        yield "other-family", request, reply(ip=ip6 if ip is ip4 else ip4)


def tcp(rng):
    ours, theirs, seq = rng.randrange(1024, 2 ** 16), rng.randrange(1, 1024), pick(rng, 30) + 9
    request = ask(ip4() / TCP(sport=ours, dport=theirs, seq=seq, flags="S"))

    def reply(flags, ack, sport=theirs, dport=ours, seq=pick(rng, 32), peer="10.0.0.2", **more):
        return give(ip4(True, peer) / TCP(sport=sport, dport=dport, seq=seq, ack=ack, flags=flags, **more))
    yield "syn-ack", request, reply("SA", seq + 1)
    yield "rst", request, reply("RA", seq + 1)
    yield "ack-short", request, reply("SA", seq)
    yield "ack-beyond", request, reply("SA", seq + 2)
    yield "ack-far", request, reply("SA", seq + 1000)
    yield "plain-ack", request, reply("A", seq + 1)
    yield "syn", request, reply("S", 0)
    yield "peer-port-far", request, reply("SA", seq + 1, sport=theirs + 1)
    yield "our-port", request, reply("SA", seq + 1, dport=ours ^ 1)
    yield "peer", request, reply("SA", seq + 1, peer="10.0.0.3")
    yield "checksum", request, reply("SA", seq + 1, chksum=0x1234)
    probe = ask(ip4() / TCP(sport=ours, dport=theirs, seq=seq, ack=seq + 99, flags="A"))
    yield "rst-of-ack", probe, reply("R", 0, seq=seq + 99)


def tcp_data(rng):
    ours, theirs, seq, ack = rng.randrange(1024, 2 ** 16), 80, pick(rng, 30) + 9, pick(rng, 30) + 9
    data = rng.randbytes(rng.randrange(10, 60))
    request = ask(ip4() / TCP(sport=ours, dport=theirs, seq=seq, ack=ack, flags="PA") / data)

    def reply(flags, number, seq=ack):
        return give(ip4(True) / TCP(sport=theirs, dport=ours, seq=seq, ack=number, flags=flags))
    yield "right", request, reply("A", seq + len(data))
    yield "part", request, reply("A", seq + 5)
    yield "ack-short", request, reply("A", seq)
    yield "ack-beyond", request, reply("A", seq + len(data) + 1)
    yield "ack-far", request, reply("A", seq + len(data) + 1000)
    yield "reset", request, reply("R", 0)
    yield "reset-seq", request, reply("R", seq, seq=ack + 1)


def dns(rng):
    number, ours = pick(rng, 16), rng.randrange(1024, 2 ** 16)
    name = f"host{pick(rng, 16)}.example.org"
    request = ask(ip4() / UDP(sport=ours, dport=53) / DNS(id=number, rd=1, qd=DNSQR(qname=name)))

    def reply(number=number, name=name, port=53, ours=ours, qr=1, **more):
        return give(ip4(True) / UDP(sport=port, dport=ours) / DNS(id=number, qr=qr, qd=DNSQR(qname=name), **more))
    yield "right", request, reply(an=DNSRR(rrname=name, rdata="192.0.2.7"))
    yield "empty", request, reply(rcode=3)
    yield "upper", request, reply(name=name.upper())
    yield "id", request, reply(number=number ^ 1)
    yield "question", request, reply(name="other.example.org")
    yield "turned", request, reply(qr=0)
    yield "our-port", request, reply(ours=ours ^ 1)


def ntp(rng):
    request = ask(ip4() / UDP(sport=123, dport=123) / NTP(mode=3, sent=rng.uniform(3e9, 4e9)))
    time = bytes(request[NTP])[40:48]

    def reply(origin=time, mode=4, peer="10.0.0.2"):
        # As octets: Scapy's times are floats, and lose the last bits.
        message = bytes(NTP(mode=mode))
        return give(ip4(True, peer) / UDP(sport=123, dport=123) / NTP(message[:24] + origin + message[32:]))
    yield "right", request, reply()
    yield "peer", request, reply(peer="10.0.0.3")
    yield "origin", request, reply(time[:-1] + bytes([time[-1] ^ 1]))
    yield "turned", request, reply(mode=3)


def radius(rng):
    number, ours = pick(rng, 8), rng.randrange(1024, 2 ** 16)
    request = ask(ip4() / UDP(sport=ours, dport=1812) / Radius(code=1, id=number, authenticator=rng.randbytes(16)))

    def reply(code=2, number=number, peer="10.0.0.2"):
        return give(ip4(True, peer) / UDP(sport=1812, dport=ours) / Radius(code=code, id=number))
    yield "accept", request, reply()
    yield "reject", request, reply(3)
    yield "id", request, reply(number=number ^ 1)
    yield "turned", request, reply(1)
    yield "peer", request, reply(peer="10.0.0.3")


def snmp(rng):
    number, ours = pick(rng, 31), rng.randrange(1024, 2 ** 16)
    request = ask(ip4() / UDP(sport=ours, dport=161) /
                  SNMP(PDU=SNMPget(id=number, varbindlist=[SNMPvarbind(oid="1.3.6.1.2.1.1.1.0")])))

    def reply(number=number, kind=SNMPresponse):
        return give(ip4(True) / UDP(sport=161, dport=ours) /
                    SNMP(PDU=kind(id=number, varbindlist=[SNMPvarbind(oid="1.3.6.1.2.1.1.1.0", value="here")])))
    yield "right", request, reply()
    yield "id", request, reply(number ^ 1)
    yield "turned", request, reply(kind=SNMPget)


def dhcp(rng):
    number = pick(rng, 32)
    request = stack(Ether(dst="ff:ff:ff:ff:ff:ff", src=US), [], IP(src="0.0.0.0", dst="255.255.255.255") /
                    UDP(sport=68, dport=67) / BOOTP(xid=number, chaddr=bytes(6)) /
                    DHCP(options=[("message-type", "discover"), "end"]))

    def reply(number=number, op=2, chaddr=bytes(6), dst="255.255.255.255"):
        return give(IP(src="10.0.0.2", dst=dst) / UDP(sport=67, dport=68) /
                    BOOTP(op=op, xid=number, chaddr=chaddr, yiaddr="10.0.0.7") /
                    DHCP(options=[("message-type", "offer"), "end"]))
    yield "right", request, reply()
    yield "xid", request, reply(number ^ 1)
    yield "chaddr", request, reply(chaddr=b"otherx", dst="0.0.0.0")
    yield "to-the-client", request, reply(dst="10.0.0.7")


def errors(rng):
    ours, theirs, data = rng.randrange(1024, 2 ** 16), rng.randrange(20000, 2 ** 16 - 1), rng.randbytes(40)
    packet = ip4(id=pick(rng, 16), ttl=3) / UDP(sport=ours, dport=theirs) / data
    quote = IP(bytes(packet))
    quote.ttl = 1
    router = IP(src="10.0.9.9", dst="10.0.0.1")
    for kind, code in ((3, 0), (3, 1), (3, 3), (3, 4), (3, 13), (11, 0), (11, 1), (12, 0)):
        yield f"type-{kind}-{code}", ask(packet), give(router / ICMP(type=kind, code=code) / quote)
    yield "redirect", ask(packet), give(router / ICMP(type=5, gw="10.0.0.9") / quote)
    yield "8-octets", ask(packet), give(router / ICMP(type=11) / Raw(bytes(quote)[:28]))
    yield "not-to-us", ask(packet), give(IP(src="10.0.9.9", dst="10.0.0.5") / ICMP(type=11) / quote)
    for field, value in (("src", "10.0.0.5"), ("dst", "10.0.0.5"), ("proto", 136)):
        other = quote.copy()
        setattr(other, field, value)
        yield "quoted-" + field, ask(packet), give(router / ICMP(type=11) / other)
    for field, value in (("sport", ours ^ 1), ("dport", theirs ^ 1)):
        other = quote.copy()
        setattr(other[UDP], field, value)
        yield "quoted-" + field, ask(packet), give(router / ICMP(type=11) / other)


def errors6(rng):
    ours, theirs = rng.randrange(1024, 2 ** 16), rng.randrange(20000, 2 ** 16 - 1)
    packet = ip6() / UDP(sport=ours, dport=theirs) / rng.randbytes(40)
    quote = IPv6(bytes(packet))
    router = IPv6(src="fd00::9", dst="fd00::1")
    for name, error in (("unreachable", ICMPv6DestUnreach(code=4)), ("too-big", ICMPv6PacketTooBig()),
                        ("exceeded", ICMPv6TimeExceeded())):
        yield name, ask(packet), give(router / error / quote)
        other = quote.copy()
        other[UDP].sport = ours ^ 1
        yield name + "-of-another", ask(packet), give(router / error / other)


def tcp_error(rng):
    packet = ip4(id=pick(rng, 16)) / TCP(sport=rng.randrange(1024, 2 ** 16), dport=80, seq=pick(rng, 31), flags="S")
    quote = IP(bytes(packet))
    other = quote.copy()
    other[TCP].seq ^= 1
    router = IP(src="10.0.9.9", dst="10.0.0.1")
    yield "right", ask(packet), give(router / ICMP(type=11) / quote)
    yield "seq", ask(packet), give(router / ICMP(type=11) / other)


def echo_error(rng):
    packet = ip4(id=pick(rng, 16)) / ICMP(id=pick(rng, 16), seq=pick(rng, 16)) / rng.randbytes(20)
    router = IP(src="10.0.9.9", dst="10.0.0.1")
    yield "right", ask(packet), give(router / ICMP(type=11) / IP(bytes(packet)))
    for field in ("id", "seq"):
        other = IP(bytes(packet))
        setattr(other[ICMP], field, getattr(other[ICMP], field) ^ 1)
        yield field, ask(packet), give(router / ICMP(type=11) / other)


def gre(rng):
    key, number = pick(rng, 32), pick(rng, 16)

    def inside(turned=False, number=number):
        peers = ("192.168.0.2", "192.168.0.1") if turned else ("192.168.0.1", "192.168.0.2")
        return IP(src=peers[0], dst=peers[1]) / ICMP(type=0 if turned else 8, id=number)
    request = ask(ip4() / GRE(key_present=1, key=key) / inside())
    yield "right", request, give(ip4(True) / GRE(key_present=1, key=key) / inside(True))
    yield "key", request, give(ip4(True) / GRE(key_present=1, key=key ^ 1) / inside(True))
    yield "id", request, give(ip4(True) / GRE(key_present=1, key=key) / inside(True, number ^ 1))


def vxlan(rng):
    number, port = pick(rng, 16), rng.randrange(49152, 2 ** 16)

    def inside(turned=False, number=number):
        peers = ("192.168.0.2", "192.168.0.1") if turned else ("192.168.0.1", "192.168.0.2")
        return Ether(dst=US, src=THEM) / IP(src=peers[0], dst=peers[1]) / ICMP(type=0 if turned else 8, id=number)
    request = ask(ip4() / UDP(sport=port, dport=4789) / VXLAN(vni=5) / inside())
    yield "right", request, give(ip4(True) / UDP(sport=port, dport=4789) / VXLAN(vni=5) / inside(True))
    yield "id", request, give(ip4(True) / UDP(sport=port, dport=4789) / VXLAN(vni=5) / inside(True, number ^ 1))


PROTOCOLS = (echo, echo6, arp, neighbour, udp, tcp, tcp_data, dns, ntp, radius, snmp, dhcp, errors, errors6, tcp_error,
             echo_error, gre, vxlan)


def pairs():
    """PROTOCOL/CHANGE, octets of the request, of what was received."""
    for protocol in PROTOCOLS:
        for number in range(ROUNDS):
            rng = random.Random(f"{protocol.__name__} {number}")
            for change, request, received in protocol(rng):
                yield f"{protocol.__name__.replace('_', '-')}/{change}", bytes(request), bytes(received)


def named(table, name):
    for key in (name, "*/" + name.split("/", 1)[1]):
        if key in table:
            return key
    return None


def main():
    tap = golden.Tap()
    made = list(pairs())
    tool = os.path.join(os.environ.get("BUILD", "build"), "tests/peers/answer")
    run = subprocess.run([tool], input="\n".join(f"{a.hex()} {b.hex()}" for _, a, b in made), capture_output=True,
                         check=False, text=True)
    tap.result("what is taken is found by its keys", [run.stderr] if run.returncode else [])
    verdicts = run.stdout.splitlines()
    faults, used = [], set()
    for (name, request, received), line in zip(made, verdicts):
        ours = line.split("\t")[0] in ("reply", "error")
        scapy = bool(Ether(received).answers(Ether(request)))
        takes, refuses = named(SCAPY_TAKES, name), named(SCAPY_REFUSES, name)
        used |= {takes, refuses}
        right = not scapy if takes or refuses else scapy
        if ours != right or (takes and not scapy) or (refuses and scapy):
            faults.append(f"{name}: we say {line!r}, Scapy {'answers' if scapy else 'not'}\n"
                          f"{request.hex()} {received.hex()}")
    tap.result("of every pair we say what Scapy says, but for what it gets wrong", faults)
    tap.result(f"at least {PAIRS_MIN} pairs were judged",
               [f"only {len(verdicts)}"] if len(verdicts) < PAIRS_MIN or len(verdicts) != len(made) else [])
    tap.result("every exception was needed", sorted((set(SCAPY_TAKES) | set(SCAPY_REFUSES)) - used))
    return tap.plan()


if __name__ == "__main__":
    sys.exit(main())
