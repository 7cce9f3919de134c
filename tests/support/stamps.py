#!/usr/bin/python3
"""A second receiver of signed frames, with the kernel's own receive timestamps (SO_TIMESTAMPING).

Usage: stamps.py INTERFACE COUNT
Prints "ready" once it listens; after COUNT frames, or two seconds of silence, how many came and the median of their
latencies in nanoseconds.
"""
import socket
import struct
import sys

ETH_P_ALL = 3
PACKET_OUTGOING = 4
SO_TIMESTAMPING = 37
SO_RCVBUFFORCE = 33
RX_SOFTWARE = 1 << 3
SOFTWARE = 1 << 4
MAGIC = bytes.fromhex("9e4b7a35")
MASK = (1 << 48) - 1


def main():
    interface, count = sys.argv[1], int(sys.argv[2])
    receive = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    receive.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
    receive.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPING, RX_SOFTWARE | SOFTWARE)
    receive.bind((interface, ETH_P_ALL))
    print("ready", flush=True)
    ages = []
    while len(ages) < count:
        receive.settimeout(2 if ages else 20)
        try:
            frame, control, _, address = receive.recvmsg(2048, 256)
        except TimeoutError:
            break
        if address[2] == PACKET_OUTGOING or frame[-16:-12] != MAGIC:
            continue
        for level, kind, data in control:
            if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPING:
                seconds, ns = struct.unpack("=qq", data[:16])
                sent = int.from_bytes(frame[-6:], "big")
                ages.append((seconds * 1000000000 + ns - sent) & MASK)
    ages.sort()
    print(len(ages), ages[(len(ages) - 1) // 2] if ages else 0)


main()
