#!/usr/bin/python3
"""A cable with a fault: sends what arrives on one interface out of another, changed.

Usage: relay.py IN OUT FAULT
FAULT: none, strip (takes an 802.1Q tag off), tag (puts one in), pad (zeros up to 60 octets), longer (four octets more),
ttl (one hop: TTL less one, header checksum mended), drop (every second frame), twice (every second frame), flip (the last octet), reverse (pairs swapped).
Prints "ready" once it listens.
"""
import socket
import struct
import sys

ETH_P_ALL = 3
SOL_PACKET = 263
PACKET_AUXDATA = 8
SO_RCVBUFFORCE = 33
PACKET_OUTGOING = 4
TP_STATUS_VLAN_VALID = 1 << 4


def restored(frame, control):
    for _, kind, data in control:
        if kind == PACKET_AUXDATA:
            status, _, _, _, _, tci, tpid = struct.unpack("=IIIHHHH", data[:20])
            if status & TP_STATUS_VLAN_VALID:
                return frame[:12] + struct.pack("!HH", tpid or 0x8100, tci) + frame[12:]
    return frame


def one_hop(frame):
    header = bytearray(frame[14:34])
    header[8] -= 1
    header[10:12] = b"\0\0"
    total = sum(struct.unpack("!10H", header))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    header[10:12] = struct.pack("!H", total ^ 0xFFFF)
    return frame[:14] + bytes(header) + frame[34:]


FAULTS = {
    "none": lambda f: f,
    "drop": lambda f: f,
    "twice": lambda f: f,
    "reverse": lambda f: f,
    "strip": lambda f: f[:12] + f[16:] if f[12:14] == b"\x81\x00" else f,
    "tag": lambda f: f[:12] + b"\x81\x00\x00\x05" + f[12:],
    "pad": lambda f: f.ljust(60, b"\0"),
    "longer": lambda f: f + b"\xde\xad\xbe\xef",
    "ttl": one_hop,
    "flip": lambda f: f[:-1] + bytes([f[-1] ^ 0xFF]),
}


def main():
    source, target, fault = sys.argv[1:4]
    receive = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    receive.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    # For as long as a busy machine may leave it without time.
    receive.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
    receive.bind((source, ETH_P_ALL))
    send = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    send.bind((target, 0))
    print("ready", flush=True)
    number = 0
    held = None
    while True:
        frame, control, _, address = receive.recvmsg(262144, 256)
        # Only the frames of the test, by their destination: a kernel may say things of its own.
        if address[2] == PACKET_OUTGOING or not frame.startswith(bytes.fromhex("020000000099")):
            continue
        frame = FAULTS[fault](restored(frame, control))
        number += 1
        if fault == "drop" and number % 2 == 0:
            continue
        if fault == "reverse" and number % 2:
            held = frame
            continue
        send.send(frame)
        if fault == "twice" and number % 2 == 0:
            send.send(frame)
        if fault == "reverse":
            send.send(held)


main()
