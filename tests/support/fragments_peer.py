#!/usr/bin/env python3
"""Answers the echo requests to ADDRESS, in the kernel's place, by fragments of 1,000 octets.

fragments_peer.py ADDRESS WAY
  late      the last fragment leaves 50 ms after the others
  backward  the last one first
  lost      the last one does not leave
Says "ready" once it listens.
"""
import socket
import struct
import sys
import time

EACH = 1000


def checksum(octets):
    octets += b"\0" * (len(octets) % 2)
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def fragments(source, destination, number, payload):
    for at in range(0, len(payload), EACH):
        part = payload[at:at + EACH]
        more = 0x2000 if at + EACH < len(payload) else 0
        yield struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(part), number, more | at // 8, 64, 1, 0,
                          socket.inet_aton(source), socket.inet_aton(destination)) + part


def main():
    address, way = sys.argv[1], sys.argv[2]
    requests = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    requests.bind((address, 0))
    replies = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    print("ready", flush=True)
    for number in range(1, 65536):
        packet, (asker, _) = requests.recvfrom(65536)
        icmp = bytearray(packet[(packet[0] & 15) * 4:])
        if icmp[0] != 8:
            continue
        icmp[0:4] = b"\0\0\0\0"
        icmp[2:4] = struct.pack(">H", checksum(bytes(icmp)))
        parts = list(fragments(address, asker, number, bytes(icmp)))
        if way == "backward":
            parts.reverse()
        for i, part in enumerate(parts):
            if i == len(parts) - 1 and way == "late":
                time.sleep(0.05)
            if i < len(parts) - 1 or way != "lost":
                replies.sendto(part, (asker, 0))


main()
