"""What a switch does for a port: untag.py TAGGED PLAIN TAGS: frames that arrive on TAGGED with these tags (hex) leave on PLAIN without
them, and those that arrive on PLAIN leave on TAGGED with them (the first by the bits of the identifier alone)."""
import select
import socket
import struct
import sys

SOL_PACKET, PACKET_AUXDATA, PACKET_IGNORE_OUTGOING = 263, 8, 23
ETH_P_ALL = 3


def port(name):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sock.bind((name, ETH_P_ALL))
    sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    sock.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    return sock


def receive(sock):
    """The frame with its tag, which the kernel takes out."""
    frame, extra, _, _ = sock.recvmsg(65600, 256)
    for level, kind, data in extra:
        if level == SOL_PACKET and kind == PACKET_AUXDATA:
            status, _, _, _, _, tci, tpid = struct.unpack("IIIHHHH", data[:20])
            if status & 0x10:
                frame = frame[:12] + struct.pack("!HH", tpid if status & 0x40 else 0x8100, tci) + frame[12:]
    return frame


def same(tags, wanted):
    return all(tags[i:i + 2] == wanted[i:i + 2] and (tags[i + 2] & 0xf, tags[i + 3]) == (wanted[i + 2] & 0xf, wanted[i + 3])
               for i in range(0, len(wanted), 4))


tagged, plain, tags = port(sys.argv[1]), port(sys.argv[2]), bytes.fromhex(sys.argv[3])
print("ready", flush=True)
while True:
    for sock in select.select([tagged, plain], [], [])[0]:
        frame = receive(sock)
        if sock is plain:
            tagged.send(frame[:12] + tags + frame[12:])
        elif len(frame) > 14 + len(tags) and same(frame[12:], tags):
            plain.send(frame[:12] + frame[12 + len(tags):])
