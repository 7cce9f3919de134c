#!/usr/bin/env python3
"""A UDP peer that does what a test of probes wants of it: answers each datagram of PORT with its own payload.

probe_peer.py ADDRESS PORT [delay=SECONDS] [from=PORT] [deaf=COUNT] [twice] [dns]
  delay      answers so much later, each datagram on its own
  from       answers from another port
  deaf       passes over the first COUNT datagrams
  twice      answers twice
  dns        answers a query with its name and the address 192.0.2.53
Says "ready" once it listens.
"""
import heapq
import select
import socket
import sys
import time


def dns_answer(query):
    """The query's header and question, and an A record that points to the question's name."""
    return query[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + query[12:] + b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\x35"


def main():
    address, port = sys.argv[1], int(sys.argv[2])
    options = dict(word.partition("=")[::2] for word in sys.argv[3:])
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind((address, port))
    answerer = listener
    if "from" in options:
        answerer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        answerer.bind((address, int(options["from"])))
    deaf = int(options.get("deaf", 0))
    delay = float(options.get("delay", 0))
    later = []
    print("ready", flush=True)
    while True:
        wait = max(0, later[0][0] - time.monotonic()) if later else None
        if select.select([listener], [], [], wait)[0]:
            data, peer = listener.recvfrom(65536)
            if deaf > 0:
                deaf -= 1
                continue
            data = dns_answer(data) if "dns" in options else data
            for _ in range(2 if "twice" in options else 1):
                heapq.heappush(later, (time.monotonic() + delay, len(later), data, peer))
        while later and later[0][0] <= time.monotonic():
            _, _, data, peer = heapq.heappop(later)
            answerer.sendto(data, peer)


main()
