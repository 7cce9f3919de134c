#!/usr/bin/env bash
# Which of the kernel's frames answers which, as match/answer has it, is what tshark finds in the same capture: several pings at
# once, TCP ports open and closed, closed UDP ports, ARP; with checksums that the kernel leaves to a device.
. tests/support/tap.sh
. tests/support/netns.sh
BUILD=${BUILD:-build}
tmp=$(mktemp -d)
netns_up
answers_down() {
	[ -z "${captor-}" ] || kill "$captor" 2>/dev/null
	netns_down
	rm -rf "$tmp"
}
trap answers_down EXIT
for end in a b; do
	interface=IF_${end^^}
	"in_$end" ethtool -K "${!interface}" tx on >/dev/null 2>&1
done

ip netns exec "$NS_A" tcpdump -Z root -i "$IF_A" -U --immediate-mode -w "$tmp/kernel.pcap" 2>"$tmp/tcpdump" &
captor=$!
await grep -qs 'listening on' "$tmp/tcpdump"
in_a ip neigh flush dev "$IF_A"
in_a ping -n -q -c 4 -i 0.02 10.9.0.2 >"$tmp/ping1" &
in_a ping -n -q -c 4 -i 0.02 -s 300 10.9.0.2 >"$tmp/ping2" &
in_a ping -n -q -c 4 -i 0.02 2001:db8:9::2 >"$tmp/ping3" &
in_b ping -n -q -c 4 -i 0.02 10.9.0.1 >"$tmp/ping4" &
wait %2 %3 %4 %5
cat >"$tmp/talk.py" <<'PY'
import socket
import sys

server = None
for port in (8001, 8002):
    try:
        with socket.create_connection(("10.9.0.2", port), timeout=2) as peer:
            peer.sendall(b"a few octets")
            peer.recv(1)
    except ConnectionRefusedError:
        pass
for port in range(9000, 9004):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.connect(("10.9.0.2", port))
        peer.settimeout(0.5)
        peer.send(b"nobody listens")
        try:
            peer.recv(1)
        except OSError:
            pass
PY
ip netns exec "$NS_B" /usr/bin/python3 -c '
import socket
server = socket.create_server(("10.9.0.2", 8001))
print("ready", flush=True)
peer = server.accept()[0]
peer.recv(99)
peer.close()' >"$tmp/server" &
server=$!
await grep -qs ready "$tmp/server"
in_a /usr/bin/python3 "$tmp/talk.py"
wait "$server"
dumped "$captor"
captor=

cat >"$tmp/compare.py" <<'PY'
"""Prints what differs between our verdicts of all pairs of frames and what tshark says, and how many answers there are."""
import struct
import subprocess
import sys

path, tool = sys.argv[1:]
octets = open(path, "rb").read()
frames, at = [], 24
while at < len(octets):
    length = struct.unpack_from("<I", octets, at + 8)[0]
    frames.append(octets[at + 16:at + 16 + length])
    at += 16 + length
fields = ["frame.number", "icmp.resp_to", "icmpv6.resp_to", "tcp.analysis.acks_frame", "tcp.flags", "arp.opcode",
          "arp.src.proto_ipv4", "arp.dst.proto_ipv4", "icmp.type", "udp.dstport"]
run = subprocess.run(["tshark", "-r", path, "-o", "tcp.check_checksum:FALSE", "-T", "fields", "-E", "occurrence=f",
                      *sum((["-e", name] for name in fields), [])], capture_output=True, check=True, text=True)
rows = [dict(zip(fields, line.split("\t"))) for line in run.stdout.splitlines()]
kinds = {}  # of a request: what tshark follows it by
wanted = set()
for row in rows:
    number = int(row["frame.number"])
    for name in ("icmp.resp_to", "icmpv6.resp_to"):
        if row[name]:
            wanted.add((int(row[name]), number))
            kinds[int(row[name])] = "echo"
for row in rows:
    number = int(row["frame.number"])
    flags = int(row["tcp.flags"] or "0", 16)
    if flags & 0x17 == 2:
        kinds[number] = "syn"
    if row["tcp.analysis.acks_frame"] and flags & 6:
        wanted.add((int(row["tcp.analysis.acks_frame"]), number))
    if row["udp.dstport"] and not row["icmp.type"]:
        kinds[number] = "udp"
    if row["icmp.type"] == "3":
        # The one that it quotes: its port is in no other.
        wanted.add((next(int(other["frame.number"]) for other in rows
                         if other["udp.dstport"] == row["udp.dstport"] and not other["icmp.type"]), number))
    if row["arp.opcode"] == "1":
        kinds[number] = "arp"
    if row["arp.opcode"] == "2":
        asked = (row["arp.dst.proto_ipv4"], row["arp.src.proto_ipv4"])
        wanted |= {(int(other["frame.number"]), number) for other in rows[:number] if other["arp.opcode"] == "1" and
                   (other["arp.src.proto_ipv4"], other["arp.dst.proto_ipv4"]) == asked}
pairs = [(a, b) for a in sorted(kinds) for b in range(a + 1, len(frames) + 1)]
run = subprocess.run([tool], input="\n".join(f"{frames[a - 1].hex()} {frames[b - 1].hex()}" for a, b in pairs),
                     capture_output=True, check=True, text=True)
found = {pair for pair, line in zip(pairs, run.stdout.splitlines()) if line.split("\t")[0] in ("reply", "error")}
for pair in sorted(found ^ wanted):
    print("tshark alone:" if pair in wanted else "we alone:", *pair, kinds.get(pair[0]))
counts = {kind: sum(kinds.get(a) == kind for a, _ in found) for kind in ("echo", "syn", "udp", "arp")}
print(" ".join(f"{kind}={count}" for kind, count in counts.items()))
PY
said=$(/usr/bin/python3 "$tmp/compare.py" "$tmp/kernel.pcap" "$BUILD/tests/peers/answer" 2>&1)
is "each answer is its request's and nobody else's, as tshark says" "$(grep -v = <<<"$said")" ""
like "of every kind there were some" "$said" 'echo=16 syn=2 udp=4 arp=[1-9]'
done_testing
