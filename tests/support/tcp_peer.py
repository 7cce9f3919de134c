"""A kernel peer over Python's sockets: tcp_peer.py echo ADDRESS PORT, or ask ADDRESS PORT: standard input there, what comes to output."""
import socket
import socketserver
import sys
import threading


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while piece := self.request.recv(65536):
            self.request.sendall(piece)


def cubic(sock):
    """The same congestion control as ours, where the system has another."""
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"cubic")
    except OSError:
        pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 4096

    def server_bind(self):
        cubic(self.socket)
        super().server_bind()


def echo(address, port):
    if ":" in address:
        Server.address_family = socket.AF_INET6
    with Server((address, int(port)), Echo) as server:
        server.serve_forever()


def ask(address, port):
    with socket.create_connection((address, int(port)), timeout=60) as sock:
        data = sys.stdin.buffer.read()

        def give():
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)

        giver = threading.Thread(target=give)
        giver.start()
        while piece := sock.recv(65536):
            sys.stdout.buffer.write(piece)
        giver.join()


{"echo": echo, "ask": ask}[sys.argv[1]](*sys.argv[2:])
