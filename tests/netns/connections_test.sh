#!/bin/bash
# Many TCP connections at once: `pktsmith tcp connect -n' towards the kernel, from one address of ours or from a range of them, and
# `pktsmith tcp listen' with 10,000 of the kernel's open at a time.
set -u
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/tcp.sh
P=$(realpath "${PKTSMITH:-build/pktsmith}")
CONNECTIONS=$(realpath "${BUILD:-build}/tests/peers/connections")
if [ ! -x "$CONNECTIONS" ]; then
	echo "1..0 # SKIP there is no $CONNECTIONS: make tests builds it"
	exit 0
fi
netns_up
trap 'kill $(jobs -p) 2>/dev/null; netns_down; rm -rf "$WORK"' EXIT
# Both ends have a port for each, none of them one that is listened at, and room for each SYN.
for end in in_a in_b; do
	$end sysctl -qw net.ipv4.ip_local_port_range='10000 65535' net.core.somaxconn=65535 net.ipv4.tcp_max_syn_backlog=65535
done
key() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$WORK/report" "$1"; }

# ---- as a server ----

if may_open 10100 "10,000 connections are open at once"; then
	ip netns exec "$NS_A" "$P" tcp listen 7000 --echo -n 10000 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	check "10,000 connections are open at once, and each has its own octets back" in_b "$CONNECTIONS" echo 10.9.0.1 7000 10000 300
	wait "$listener"
	is "and when all have ended, so does the listener" "$?" 0
fi

# ---- as a client ----

ip netns exec "$NS_B" "$CONNECTIONS" serve 7001 >"$WORK/said" & server=$!
ready "$WORK/said"
for how in "" --kernel; do
	in_a "$P" tcp connect 10.9.0.2 7001 -n 300 --parallel 50 --size 10k --json $how >"$WORK/report"
	is "${how:-ours}: 300 connections send what they were told to" "$? $(key connections) $(key connections_failed) $(key bytes_sent)" \
		"0 300 0 3000000"
	check "${how:-ours}: and so many at a time" test "$(key most_open)" -le 50
	like "${how:-ours}: the report for people" "$(in_a "$P" tcp connect 10.9.0.2 7001 -n 3 abc $how)" \
		'^3 connections in [0-9.]+ s: .*connections/s; 9 octets sent, 0 received: '
	out=$(in_a "$P" tcp connect 10.9.0.2 7009 -n 3 $how 2>&1; echo "status $?")
	like "${how:-ours}: those that are refused are counted" "$out" '3 of 3 connections failed: 3 Connection refused'
	like "${how:-ours}: which is status 1" "$out" '^status 1$'
done

# Ports of the host take a descriptor each; those that there was none for fail, the others are none the worse.
(ulimit -n 64; timeout 60 ip netns exec "$NS_A" "$P" tcp connect 10.9.0.2 7001 -n 100 --parallel 100 hello --json >"$WORK/report" 2>/dev/null)
is "without descriptors for all connections the others are made" \
	"$? $(jq -c '[.connections + .connections_failed, .connections > 20, (.errors | keys)]' "$WORK/report")" \
	'1 [100,true,["Too many open files"]]'

# Once thousands are held, the program chooses among them as the kernel would.
in_a sysctl -qw net.ipv4.ip_local_port_range='20000 27999' net.ipv4.ip_local_reserved_ports='20007,21000-21999'
if may_open 6700 "ports of the host are those that it gives to clients"; then
	ip netns exec "$NS_B" tcpdump -i "$IF_B" -nn -U -B 65536 --immediate-mode -w "$WORK/syn.pcap" 'tcp[13] = 2' 2>"$WORK/tcpdump" & dump=$!
	await grep -qs 'listening on' "$WORK/tcpdump"
	ip netns exec "$NS_A" python3 -c '
import socket, time
held = []
for port in range(22000, 22400):
    held.append(socket.socket())
    held[-1].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # some may be in TIME-WAIT
    held[-1].bind(("", port))
    held[-1].listen()
print("listening", flush=True)
time.sleep(600)' >"$WORK/held" & holder=$!
	check "some are held by others" ready "$WORK/held"
	in_a "$P" tcp connect 10.9.0.2 7001 -n 9000 --json >"$WORK/report"
	is "more connections than ports are made, all the same" "$? $(key connections) $(key errors)" "0 9000 {}"
	dumped "$dump"
	kill "$holder"
	wait "$holder" 2>/dev/null
	is "of thousands of the range, none of them reserved or somebody else's" "$(tcpdump -nn -r "$WORK/syn.pcap" 2>/dev/null |
		sed 's/.*IP [0-9.]*\.\([0-9]*\) >.*/\1/' | sort -nu | awk '$1 < 20000 || $1 > 27999 || $1 == 20007 || ($1 >= 21000 && $1 < 22400) { bad++ }
		END { print (NR > 4200), bad + 0 }')" "1 0"
fi
in_a sysctl -qw net.ipv4.ip_local_port_range='20000 20000' net.ipv4.ip_local_reserved_ports=''
ip netns exec "$NS_A" "$P" tcp listen 20000 --kernel 2>"$WORK/said" & holder=$!
ready "$WORK/said"
is "where none is left that is told" "$(in_a "$P" tcp connect 10.9.0.2 7001 x 2>&1; echo "status $?")" \
	"pktsmith: cannot take a free TCP port of 10.9.0.1: Address already in use: none is left of net.ipv4.ip_local_port_range
status 3"
kill "$holder"
in_a sysctl -qw net.ipv4.ip_local_port_range='10000 65535'

# An address of our own has 16,384 ports, each for a minute of TIME-WAIT; unless timestamps tell what is late.
in_a "$P" tcp connect 10.9.0.2 7001 -n 20000 --parallel 50 -i "$IF_A" --source-ip 10.9.0.31 --json >"$WORK/report"
is "one address makes more connections than it has ports" "$? $(key connections) $(key errors)" "0 20000 {}"

# A server that tells each client's address, and the SHA-256 of what it said.
ip netns exec "$NS_B" python3 - >"$WORK/seen" 2>"$WORK/said" <<'END' & witness=$!
import hashlib, socket, sys
for family in socket.AF_INET6, socket.AF_INET:
    sock = socket.socket(family)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6: sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    sock.bind(("", 7002))
    sock.listen(100)
    if family == socket.AF_INET6: six = sock
print("listening", file=sys.stderr, flush=True)
for listener, count in (sock, 24), (six, 9):
    for _ in range(count):
        peer, address = listener.accept()
        octets = b""
        while got := peer.recv(65536): octets += got
        print(address[0], hashlib.sha256(octets).hexdigest()[:16], flush=True)
        peer.sendall(b"bye")
        peer.close()
END
ready "$WORK/said"
in_a "$P" tcp connect 10.9.0.2 7002 -n 24 --parallel 5 --size 1000000 'abc' -i "$IF_A" --source-ip 10.9.0.21..10.9.0.28 --json >"$WORK/report"
is "from a range of addresses: all succeed, and what the peer says last is received" \
	"$? $(key connections) $(key bytes_received) $(key errors)" "0 24 72 {}"
sum=$(python3 -c 'import hashlib; print(hashlib.sha256((b"abc" * 333334)[:1000000]).hexdigest()[:16])')
is "each address has its turn, and DATA is repeated to the size" "$(sort "$WORK/seen" | uniq -c | sed 's/^ *//')" \
	"$(for i in 1 2 3 4 5 6 7 8; do echo "3 10.9.0.2$i $sum"; done)"

in_a "$P" tcp connect 2001:db8:9::2 7002 -n 9 -i "$IF_A" --source-ip 2001:db8:9::20..2001:db8:9::22 --json >"$WORK/report"
wait "$witness"
is "of IPv6 as well" "$(key connections) $(tail -n 9 "$WORK/seen" | sort | cut -d ' ' -f 1 | uniq -c | tr -s ' \n' ' ')" \
	"9  3 2001:db8:9::20 3 2001:db8:9::21 3 2001:db8:9::22 "

# ---- what is wrong with a range ----

many() { in_a "$P" tcp connect 10.9.0.2 7001 -n 2 -i "$IF_A" --source-ip "$1"; }
fails "a range that counts down" 2 many 10.9.0.28..10.9.0.21
fails "a range over more than one network" 2 many 10.9.0.28..10.9.1.3
fails "a range with the host's address in it" 2 many 10.9.0.1..10.9.0.3
fails "a range with somebody's address in it" 3 many 10.9.0.2..10.9.0.9
like "which is told" "$(many 10.9.0.2..10.9.0.9 2>&1)" "10.9.0.2 is somebody else's on this link"
fails "-n 0" 2 in_a "$P" tcp connect 10.9.0.2 7001 -n 0
fails "--size without -n" 2 in_a "$P" tcp connect 10.9.0.2 7001 --size 10
fails "--json without -n" 2 in_a "$P" tcp connect 10.9.0.2 7001 --json
kill "$server"
done_testing
