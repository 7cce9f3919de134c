#!/usr/bin/env python3
"""reset.py PORT PROGRAM...: feeds a client of TCP that is stopped meanwhile, so that it finds octets and a reset at once.

PROGRAM is the client, which is to say something; what comes on standard input is what it gets. Its status is ours.
"""
import os
import signal
import socket
import struct
import subprocess
import sys
import time

with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as listener:
    client = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL)
    listener.settimeout(10)
    peer, _ = listener.accept()
    peer.settimeout(10)
    peer.recv(4096)
    client.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, client.pid, os.WSTOPPED)
    peer.sendall(sys.stdin.buffer.read())
    time.sleep(0.2)
    # socket(7), SO_LINGER: a close without lingering is a reset.
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()
    time.sleep(0.2)
    client.send_signal(signal.SIGCONT)
    sys.exit(client.wait(20))
