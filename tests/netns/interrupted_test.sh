#!/bin/bash
# udp and tcp that are interrupted (SIGINT): the status says whether all was done that was asked for; nothing that was kept is lost.
set -u
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/tcp.sh
P=$(realpath "${PKTSMITH:-build/pktsmith}")
netns_up
trap 'kill $(jobs -p) 2>/dev/null; netns_down; rm -rf "$WORK"' EXIT

# Runs a command in $NS_A, interrupts it once $1 succeeds; says what it said, and its status.
interrupted() {
	local until=$1 pid
	shift
	rm -f "$WORK/error" # what the one before said
	ip netns exec "$NS_A" "$@" >"$WORK/out" 2>"$WORK/error" </dev/null & pid=$!
	await eval "$until"
	kill -INT "$pid"
	wait "$pid"
	echo "$? $(cat "$WORK/error")"
}

listens() { [ -n "$(in_b ss -Hltn 'sport = :7000')" ]; }
# A listener that accepts nobody: connections are open, and never end.
ip netns exec "$NS_B" python3 -c 'import socket, time
s = socket.create_server(("10.9.0.2", 7000))
time.sleep(300)' & server=$!
await listens
is_open='[ "$(in_b ss -Htn state close-wait "sport = :7000" | wc -l)" = 3 ]'
for how in "" --kernel; do
	is "${how:-ours}: connections of -n that are not over" \
		"$(interrupted "$is_open" "$P" tcp connect 10.9.0.2 7000 hello -n 3 $how)" \
		"1 pktsmith: 10.9.0.2:7000: interrupted after 0 of 3 connections"
	like "which are told in the report" "$(cat "$WORK/out")" '^0 connections in '
	kill "$server"
	wait "$server" 2>/dev/null
	ip netns exec "$NS_B" python3 -c 'import socket, time
s = socket.create_server(("10.9.0.2", 7000))
time.sleep(300)' & server=$!
	await listens
done

# A host that is not there: its MAC address is waited for.
in_a ip neigh flush dev "$IF_A"
asked='grep -qs "arp who has 10.9.0.99" "$WORK/error"'
like "a datagram that has not left" "$(interrupted "$asked" "$P" udp send 10.9.0.99 5000 hello --trace)" \
	"pktsmith: interrupted before all had left for 10.9.0.99:5000"
like "which is status 1" "$(interrupted "$asked" "$P" udp send 10.9.0.99 5000 hello --trace)" "^1 "
like "a connection that never was" "$(interrupted "$asked" "$P" tcp connect 10.9.0.99 7000 hello --trace)" \
	"pktsmith: 10.9.0.99:7000: interrupted before the connection was over"

# A record is whole, also where a terminal is closed, of which nohup wants to know nothing.
for signal in INT TERM HUP; do
	rm -f "$WORK/said"
	ip netns exec "$NS_A" "$P" tcp listen 7100 -w "$WORK/kept.pcap" 2>"$WORK/said" >"$WORK/out" & listener=$!
	ready "$WORK/said"
	in_b timeout 20 python3 -c 'import socket
s = socket.create_connection(("10.9.0.1", 7100)); s.sendall(b"hello"); s.shutdown(socket.SHUT_WR); s.recv(1)'
	kill "-$signal" "$listener"
	wait "$listener"
	is "SIG$signal ends a listener in order" $? 0
	is "SIG$signal: the record has what came" "$(tshark -r "$WORK/kept.pcap" -Y 'tcp.len == 5' -T fields -e tcp.dstport 2>/dev/null)" 7100
done
(trap '' HUP; exec ip netns exec "$NS_A" "$P" tcp listen 7100 --echo) 2>"$WORK/said" >"$WORK/out" & listener=$!
ready "$WORK/said"
kill -HUP "$listener"
is "under nohup SIGHUP is nothing" "$(in_b timeout 20 python3 -c 'import socket
s = socket.create_connection(("10.9.0.1", 7100)); s.sendall(b"hello"); s.shutdown(socket.SHUT_WR); print(s.recv(5).decode())')" hello
kill -INT "$listener"
wait "$listener"
done_testing
