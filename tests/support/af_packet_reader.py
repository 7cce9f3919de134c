#!/usr/bin/python3
"""A plain AF_PACKET reader: the oracle of what arrived on an interface. It shares no code with what it checks.

Usage: af_packet_reader.py IF COUNT SECONDS [PREFIX]
Prints "ready" once it listens, then each frame that is received (not sent) as a line of hex digits; ends after COUNT frames
or SECONDS. A VLAN tag that the kernel took off is put back. Only frames that begin with PREFIX (hex)
count, where it is given: a kernel may say things of its own.
"""
import socket
import struct
import sys
import time

ETH_P_ALL = 3
SOL_PACKET = 263
PACKET_AUXDATA = 8
SO_RCVBUFFORCE = 33  # past net.core.rmem_max, which a burst would fill
PACKET_OUTGOING = 4
TP_STATUS_VLAN_VALID = 1 << 4
TP_STATUS_VLAN_TPID_VALID = 1 << 6


def with_tag(frame, control):
    for level, kind, data in control:
        if level != SOL_PACKET or kind != PACKET_AUXDATA:
            continue
        status, _, _, _, _, tci, tpid = struct.unpack("=IIIHHHH", data[:20])
        if status & TP_STATUS_VLAN_VALID:
            tpid = tpid if status & TP_STATUS_VLAN_TPID_VALID else 0x8100
            return frame[:12] + struct.pack("!HH", tpid, tci) + frame[12:]
    return frame


def main():
    interface, count, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    prefix = bytes.fromhex(sys.argv[4]) if len(sys.argv) > 4 else b""
    reader = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    reader.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    reader.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
    reader.bind((interface, ETH_P_ALL))
    print("ready", flush=True)
    deadline = time.monotonic() + seconds
    while count > 0:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        reader.settimeout(left)
        try:
            frame, control, _, address = reader.recvmsg(262144, 256)
        except socket.timeout:
            break
        if address[2] == PACKET_OUTGOING:
            continue
        frame = with_tag(frame, control)
        if not frame.startswith(prefix):
            continue
        print(frame.hex(), flush=True)
        count -= 1


main()
