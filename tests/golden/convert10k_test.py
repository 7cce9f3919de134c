#!/usr/bin/python3
"""Ten thousand mixed frames become templates, and the templates the same octets: whole ones of every kind, with values out of
Scapy's fuzz(), damaged, cut, random octets, runts, and every shipped template made wrong by `send --fuzz`. And a clean frame's
template is what a person would have written."""
import glob
import os
import random
import struct
import sys
import tempfile

import golden
import scapy.all as scapy

FRAMES = 10000
SEED = 20240229
ETH = {"src": "02:00:00:00:00:01", "dst": "02:00:00:00:00:02"}


def stacks():
    """What Scapy fills with random values, a frame each."""
    s = scapy
    ip, ip6 = s.IP(src="10.0.0.1", dst="10.0.0.2"), s.IPv6(src="2001:db8::1", dst="2001:db8::2")
    options = [("MSS", 1400), ("NOP", None), ("WScale", 3), ("SAckOK", b""), ("Timestamp", (1, 2))]
    return [
        s.fuzz(s.ARP()),
        ip / s.fuzz(s.UDP()) / b"hello",
        ip / s.fuzz(s.TCP()) / b"hello",
        ip / s.TCP(options=options) / b"hello",
        s.fuzz(s.IP()) / b"hello",
        s.IP(src="1.2.3.4", dst="5.6.7.8", options=[s.IPOption_Router_Alert(), s.IPOption_RR(routers=["0.0.0.0"] * 3)])
        / s.fuzz(s.ICMP()),
        ip / s.fuzz(s.ICMP()) / s.IP() / s.UDP(),
        s.fuzz(s.IPv6()) / b"hello",
        ip6 / s.fuzz(s.ICMPv6EchoRequest()) / b"ping",
        ip6 / s.fuzz(s.ICMPv6ND_NS()) / s.ICMPv6NDOptSrcLLAddr(lladdr="02:00:00:00:00:01"),
        ip6 / s.fuzz(s.ICMPv6ND_NA()),
        ip6 / s.fuzz(s.ICMPv6ND_RA()) / s.fuzz(s.ICMPv6NDOptPrefixInfo()) / s.ICMPv6NDOptMTU(),
        ip6 / s.fuzz(s.ICMPv6PacketTooBig()) / s.IPv6() / s.TCP(),
        ip6 / s.fuzz(s.ICMPv6MLQuery()),
        ip6 / s.IPv6ExtHdrHopByHop() / s.fuzz(s.IPv6ExtHdrFragment()) / bytes(40),
        ip6 / s.IPv6ExtHdrRouting(addresses=["2001:db8::3"]) / s.IPv6ExtHdrDestOpt() / s.fuzz(s.UDP()) / b"deep",
        s.fuzz(s.Dot1Q()) / ip / s.UDP(),
        s.Dot1AD(vlan=1) / s.fuzz(s.Dot1Q()) / ip6 / s.TCP(),
        ip / s.fuzz(s.GRE()) / ip / s.UDP(),
        ip / s.UDP() / s.fuzz(s.VXLAN()) / s.Ether(**ETH) / ip / s.ICMP(),
        ip / s.fuzz(s.SCTP()) / s.fuzz(s.SCTPChunkInit()),
        ip / s.UDP() / s.DNS(rd=1, qd=s.DNSQR(qname="www.example.org"), an=s.DNSRR(rrname="www.example.org", rdata="10.0.0.9")),
        ip / s.UDP(sport=68, dport=67) / s.fuzz(s.BOOTP()),
        ip / s.UDP(sport=68, dport=67) / s.BOOTP() / s.DHCP(options=[("message-type", "discover"), "end"]),
        ip / s.UDP(sport=123, dport=123) / s.fuzz(s.NTP()),
        ip / s.UDP(sport=520, dport=520) / s.fuzz(s.RIP()) / s.fuzz(s.RIPEntry()),
        ip / s.UDP(dport=69) / s.TFTP() / s.TFTP_RRQ(filename="boot"),
        ip / s.UDP(sport=1985, dport=1985) / s.fuzz(s.HSRP()),
        ip / s.UDP(dport=1812) / s.fuzz(s.Radius()),
        ip / s.fuzz(s.VRRP()),
        ip / s.fuzz(s.AH()) / s.UDP(),
        ip / s.fuzz(s.ESP()),
        s.fuzz(s.EAPOL()),
        s.fuzz(s.PPPoED()),
        s.PPPoE() / s.PPP() / ip / s.UDP(),
    ]


def whole(layers):
    """Scapy draws anew each time; a value that it cannot build itself is drawn again."""
    while True:
        try:
            return bytes(scapy.Ether(**ETH) / random.choice(layers))
        except Exception:  # of whatever its own builders make of their own random values
            continue


def damaged(frame):
    octets = bytearray(frame)
    for _ in range(random.randrange(1, 6)):
        octets[random.randrange(len(octets))] = random.randrange(256)
    return bytes(octets)


def mutated(folder):
    """Every shipped template, made wrong by the program itself."""
    path = os.path.join(folder, "mutated.pcap")
    done = golden.pktsmith("send", *sorted(set(glob.glob("frames/*/*.yaml")) - set(glob.glob("frames/respond/*"))), "--fuzz=2", "-n", "3000", "--seed", "5", "-q", "-w", path)
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    return [frame for frame in read_pcap(path) if len(frame) < 3000]


def mixed(folder):
    random.seed(SEED)
    layers = stacks()
    frames = mutated(folder)
    while len(frames) < 6000:
        frames.append(whole(layers))
    good = frames[:]
    while len(frames) < FRAMES:
        frame = random.choice(good)
        frames.append(random.choices(
            [damaged(frame), frame[:random.randrange(1, len(frame))], damaged(frame)[:random.randrange(14, len(frame) + 14)],
             random.randbytes(random.randrange(1, 200)), random.randbytes(random.randrange(1, 14)),
             frame + random.randbytes(random.randrange(1, 30))], [5, 4, 3, 1, 1, 2])[0])
    random.shuffle(frames)
    return frames


def write_pcap(path, frames):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 262144, 1))
        for i, frame in enumerate(frames):
            out.write(struct.pack("<IIII", 1700000000 + i, i, len(frame), len(frame)) + frame)


def write_pcapng(path, frames):
    """Section header, Ethernet interface, enhanced packet blocks (draft-ietf-opsawg-pcapng)."""
    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)
    with open(path, "wb") as out:
        out.write(block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)))
        out.write(block(1, struct.pack("<HHI", 1, 0, 262144)))
        for i, frame in enumerate(frames):
            out.write(block(6, struct.pack("<IIIII", 0, 0, i, len(frame), len(frame)) + frame))


def read_pcap(path):
    with open(path, "rb") as file:
        data = file.read()
    frames, at = [], 24
    while at < len(data):
        length, = struct.unpack_from("<I", data, at + 8)
        frames.append(data[at + 16:at + 16 + length])
        at += 16 + length
    return frames


def there_and_back(folder, name, frames):
    """What is wrong, or an empty string."""
    template, back = os.path.join(folder, "out.yaml"), os.path.join(folder, "back.pcap")
    for path in (template, back):
        if os.path.exists(path):
            os.remove(path)
    for step in ((os.path.join(folder, name), template), (template, back)):
        done = golden.pktsmith("convert", *step)
        if done.returncode:
            return f"{' '.join(step)} exits {done.returncode}: {done.stderr.decode()[:500]}"
    again = read_pcap(back)
    if len(again) != len(frames):
        return f"{len(frames)} frames became {len(again)}"
    other = [i for i, (a, b) in enumerate(zip(frames, again)) if a != b]
    if other:
        i = other[0]
        return f"{len(other)} differ; frame {i}: {frames[i].hex()} became {again[i].hex()}"
    return ""


def clean():
    """Frames in which all is as it should be, and what a person writes for each below the Ethernet header."""
    s = scapy
    eth, ip = s.Ether(**ETH), s.IP(src="10.0.0.1", dst="10.0.0.2")
    solicitation = (s.IPv6(src="2001:db8::1", dst="2001:db8::2", hlim=255) / s.ICMPv6ND_NS(tgt="2001:db8::2")
                    / s.ICMPv6NDOptSrcLLAddr(lladdr="02:00:00:00:00:01"))
    return [
        (eth / s.ARP(hwsrc="02:00:00:00:00:01", psrc="10.0.0.1", pdst="10.0.0.2") / s.Padding(bytes(18)), [
            "arp: {sha: 02:00:00:00:00:01, spa: 10.0.0.1, tpa: 10.0.0.2}"]),
        (eth / ip / s.UDP(sport=1000, dport=2000) / b"hello, wire, and enough octets", [
            "ipv4: {src: 10.0.0.1, dst: 10.0.0.2}",
            "udp: {sport: 1000, dport: 2000}",
            'payload: "hello, wire, and enough octets"']),
        (eth / s.Dot1Q(vlan=7, prio=3) / ip / s.ICMP(id=7, seq=9) / b"abcdefghijklmnopqrstuvwxyz", [
            "vlan: {pcp: 3, id: 7}",
            "ipv4: {src: 10.0.0.1, dst: 10.0.0.2}",
            "icmp: {id: 7, seq: 9}",
            'payload: "abcdefghijklmnopqrstuvwxyz"']),
        (eth / ip / s.TCP(sport=40000, dport=443, seq=1, options=[("MSS", 1460), ("NOP", None), ("WScale", 7)]), [
            "ipv4: {src: 10.0.0.1, dst: 10.0.0.2}",
            "tcp: {sport: 40000, dport: https, seq: 1, options: [mss, nop, wscale: 7]}"]),
        (eth / solicitation, [
            "ipv6: {hop-limit: 255, src: 2001:db8::1, dst: 2001:db8::2}",
            "icmpv6:",
            "    type: neighbour-solicitation",
            "    target: 2001:db8::2",
            "    options: [source-lladdr: 02:00:00:00:00:01]"]),
    ]


def reads_well(folder, frame, lines):
    """The template of the frame alone is exactly these layers."""
    capture, template = os.path.join(folder, "clean.pcap"), os.path.join(folder, "clean.yaml")
    write_pcap(capture, [bytes(frame)])
    if os.path.exists(template):
        os.remove(template)
    done = golden.pktsmith("convert", capture, template)
    if done.returncode:
        return done.stderr.decode()
    with open(template, encoding="utf-8") as file:
        text = file.read()
    body = text[text.index("layers:\n"):]
    wanted = "layers:\n  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}\n" + "".join(
        f"  {line}\n" if line.startswith(" ") else f"  - {line}\n" for line in lines)
    return "" if body == wanted else f"got {body!r}, wanted {wanted!r}"


def main():
    points = []
    with tempfile.TemporaryDirectory() as folder:
        frames = mixed(folder)
        write_pcap(os.path.join(folder, "in.pcap"), frames)
        points.append((f"{len(frames)} mixed frames of a pcap survive as templates", there_and_back(folder, "in.pcap", frames)))
        write_pcapng(os.path.join(folder, "in.pcapng"), frames[:1000])
        points.append(("1000 of a pcapng too", there_and_back(folder, "in.pcapng", frames[:1000])))
        for frame, lines in clean():
            name = frame.summary()
            points.append((f"a clean frame's template reads as a person writes it: {name}", reads_well(folder, frame, lines)))
    for i, (name, wrong) in enumerate(points, 1):
        print(f"{'not ok' if wrong else 'ok'} {i} - {name}")
        if wrong:
            print("#   " + wrong)
    print(f"1..{len(points)}")
    return any(wrong for _, wrong in points)


if __name__ == "__main__":
    sys.exit(main())
