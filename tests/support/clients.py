"""The other side of `pktsmith clients`, in Python: clients.py COMMAND ADDRESS PORT [...]; prints what came."""
import json
import selectors
import socket
import socketserver
import subprocess
import sys
import threading
import time


def connect(address, port):
    return socket.create_connection((address, int(port)), timeout=60)


def whole(sock):
    octets = b""
    while piece := sock.recv(65536):
        octets += piece
    return octets


def ask(address, port, name, end=False):
    """The tutorial's client: says its name without an end, and waits."""
    with connect(address, port) as sock:
        sock.sendall(name)
        if end:
            sock.shutdown(socket.SHUT_WR)
        return whole(sock)


def one(address, port, name):
    print(ask(address, port, name.encode()).decode())


def hostile(address, port):
    names = ['"quoted"', "new\nline", "\\", "\x00zero\x00", "\x1b[31mred", "ö€😀", "{}", "", "-"]
    octets = [name.encode() for name in names if name] + [b"x" * 4096]
    # Of what is no UTF-8 each octet; and what looks so, but is not.
    signs = {b"\xff\xfe": "\ufffdff\ufffdfe", b"\xfe\xff": "\ufffdfe\ufffdff", b"\xc3": "\ufffdc3", b"\xe9": "\ufffde9",
             b"\xed\xa0\x80": "\ufffded\ufffda0\ufffd80", "\ufffde9".encode(): "\ufffdef\ufffdbf\ufffdbde9",
             "\ufffd".encode(): "\ufffd", b"caf\xe9": "caf\ufffde9"}
    wanted = {name: name.decode() for name in octets} | signs
    for name in wanted:
        answer = ask(address, port, name, end=True)
        entry = json.loads(answer).get(wanted[name])
        if not entry or entry["name"] != wanted[name] or not answer.isascii():
            print("wrong for", name, ":", answer[-300:])
            return
    with subprocess.Popen(["jq", "keys_unsorted"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as jq:
        keys = json.loads(jq.communicate(answer)[0])
    for reader, has in (("python", list(json.loads(answer))), ("jq", keys)):
        if not set(wanted.values()) <= set(has):
            print(reader, "misses", set(wanted.values()) - set(has))
            return
    print("valid")


def long(address, port):
    """4,096 octets are a name, in pieces too; 4,097 are none."""
    with connect(address, port) as sock:
        for i in range(8):
            sock.sendall(bytes([97 + i]) * 512)
            time.sleep(0.002)
        names = json.loads(whole(sock))
    print(max(len(name) for name in names))
    try:
        print(len(ask(address, port, b"y" * 4097, end=True)))
    except OSError:  # a reset, before or after the end
        print("refused")


def many(address, port, count, silent):
    """count clients at once, beside others that say nothing or take nothing."""
    count, silent = int(count), int(silent)
    idle = [connect(address, port) for _ in range(silent)]
    for sock in idle[::2]:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.sendall(b"takes nothing %d" % sock.fileno())
    clients = [connect(address, port) for _ in range(count)]
    begun = time.monotonic()
    got = {sock: b"" for sock in clients}
    waiting = selectors.DefaultSelector()
    for number, sock in enumerate(clients):
        sock.sendall(b"client %d" % number)
        waiting.register(sock, selectors.EVENT_READ, number)
    names = set()
    while waiting.get_map():
        for key, _ in waiting.select(30) or sys.exit("no answer"):
            piece = key.fileobj.recv(65536)
            got[key.fileobj] += piece
            if not piece:
                answer = json.loads(got[key.fileobj])
                assert answer["client %d" % key.data]["port"] == key.fileobj.getsockname()[1]
                names |= {name for name in answer if name.startswith("client ")}
                waiting.unregister(key.fileobj)
    print(len(names), "served", "in time" if time.monotonic() - begun < 25 else "late")


def fill(address, port, count):
    """count clients one after the other; the last list has them all."""
    count = int(count)
    for number in range(count):
        sock = connect(address, port)
        sock.sendall(b"n%d" % number)
        sock.shutdown(socket.SHUT_WR)
        if number < count - 1:
            sock.recv(1)  # it is in the list
        else:
            names = json.loads(whole(sock))
        sock.close()
    print(len(names), "of", count)


class Handler(socketserver.BaseRequestHandler):
    clients = {}
    lock = threading.Lock()

    def handle(self):
        name = self.request.recv(1024).decode()
        host, port = self.client_address[:2]
        with self.lock:
            self.clients[name] = {"address": host, "port": port, "name": name}
            self.request.sendall(json.dumps(self.clients).encode())


def serve(address, port, kind="list"):
    class Text(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.recv(1024)
            self.request.sendall(b"Got your message!")

    socketserver.ThreadingTCPServer.allow_reuse_address = True
    if ":" in address:
        socketserver.ThreadingTCPServer.address_family = socket.AF_INET6
    with socketserver.ThreadingTCPServer((address, int(port)), Handler if kind == "list" else Text) as server:
        print("ready", flush=True)
        server.serve_forever()


{"one": one, "hostile": hostile, "long": long, "many": many, "fill": fill, "serve": serve}[sys.argv[1]](*sys.argv[2:])
