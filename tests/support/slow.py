#!/usr/bin/env python3
"""slow.py PORT PAUSE: a peer of TCP that ends its own direction at once and reads 64 KiB every PAUSE seconds.

Says "listening"; prints the SHA-256 of what came, as sha256sum does. PAUSE "never": it reads nothing, until it is ended;
"reset": nothing either, and resets the connection half a second after it began.
"""
import hashlib
import socket
import struct
import sys
import time

with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as listener:
    # accept(2): the connection has the listener's.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 131072)
    print("listening", file=sys.stderr, flush=True)
    peer, _ = listener.accept()
    peer.shutdown(socket.SHUT_WR)
    if sys.argv[2] == "never":
        time.sleep(60)
    elif sys.argv[2] == "reset":
        time.sleep(0.5)
        # socket(7), SO_LINGER: a close without lingering is a reset.
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    else:
        total = hashlib.sha256()
        while octets := peer.recv(65536, socket.MSG_WAITALL):
            total.update(octets)
            time.sleep(float(sys.argv[2]))
        print(total.hexdigest() + "  -")
