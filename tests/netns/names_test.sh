#!/bin/bash
# Names with an address of each IP version, as localhost is on most hosts: whoever listens at one of them is found.
set -u
if [ -z "${NAMES_INSIDE:-}" ]; then
	NAMES_INSIDE=1 exec unshare -m -n "$0" "$@"
fi
ip link set lo up
. tests/support/tap.sh
. tests/support/tcp.sh
P=$(realpath "${PKTSMITH:-build/pktsmith}")
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$WORK"' EXIT
printf '127.0.0.1 localhost\n::1 localhost\n127.0.0.7 two\n127.0.0.8 two\n' >"$WORK/hosts"
mount --bind "$WORK/hosts" /etc/hosts
is "the system has IPv6 tried first" "$(getent ahosts localhost | sed -n '1s/ .*//p')" "::1"

is_there() { [ -n "$(ss -Hlun "sport = :$1")" ]; }
# No port that a test names is one that the kernel gives to another connection.
sysctl -qw net.ipv4.ip_local_port_range='50000 60000'
# Opens a UDP socket at an address that sends back what comes.
echoes() {
	/usr/bin/python3 -c 'import socket, sys
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], 5000))
while True:
    data, who = s.recvfrom(70000)
    s.sendto(data, who)' "$1" & server=$!
	await is_there 5000
}

for how in "" --kernel; do
	name=${how:-ours}
	for address in 127.0.0.1 ::1; do
		"$P" tcp listen 7000 --address "$address" --echo --kernel 2>"$WORK/said" & server=$!
		ready "$WORK/said"
		is "$name: localhost is $address, where somebody listens there" \
			"$(timeout 20 "$P" tcp connect localhost 7000 hello $how 2>&1; echo " $?")" "hello 0"
		is "$name: from the port that is given" \
			"$(timeout 20 "$P" tcp connect localhost 7000 hello -p 40000 $how 2>&1; echo " $?")" "hello 0"
		is "$name: for each of many connections" \
			"$(timeout 20 "$P" tcp connect localhost 7000 hello -n 5 --json $how | jq -c '[.connections, .connections_failed, .bytes_received]')" \
			"[5,0,25]"
		kill "$server"
		wait "$server"
		"$P" clients "$address" 7001 --kernel 2>"$WORK/said" & server=$!
		ready "$WORK/said"
		is "$name: and for a client of the list" \
			"$(timeout 20 "$P" clients -c localhost 7001 $how 2>&1 | jq -r .name1.address)" "$address"
		kill "$server"
		wait "$server"
	done
	is "$name: nobody at either is told of the last" "$(timeout 20 "$P" tcp connect localhost 7000 hello $how 2>&1; echo "$?")" \
		"pktsmith: 127.0.0.1:7000: Connection refused
1"
	like "$name: and of many" "$(timeout 20 "$P" tcp connect localhost 7000 -n 3 $how 2>&1; echo "$?")" \
		"127.0.0.1:7000: 3 of 3 connections failed: 3 Connection refused"
	echoes 127.0.0.1
	is "$name: a datagram to localhost goes where the tutorial's do" "$(timeout 20 "$P" udp send localhost 5000 hello --wait $how)" hello
	is "$name: so does one to 0.0.0.0, which is this host" "$(timeout 20 "$P" udp send 0.0.0.0 5000 hello --wait $how)" hello
	kill "$server"
	wait "$server" 2>/dev/null
	echoes ::1
	is "$name: -6 says which" "$(timeout 20 "$P" udp send -6 localhost 5000 hello --wait $how)" hello
	kill "$server"
	wait "$server" 2>/dev/null
	"$P" tcp listen 7002 --echo -n 2 --kernel 2>"$WORK/said" & server=$!
	ready "$WORK/said"
	is "$name: who listens everywhere is found where they say they are" \
		"$(timeout 20 "$P" tcp connect 0.0.0.0 7002 four $how; timeout 20 "$P" tcp connect :: 7002 six $how)" foursix
	wait "$server"
done

# Both of one version: the port that the first try had is free for the second.
for how in "" --kernel; do
	first=$(getent ahosts two | sed -n '1s/ .*//p')
	last=$([ "$first" = 127.0.0.7 ] && echo 127.0.0.8 || echo 127.0.0.7)
	"$P" tcp listen 7010 --address "$last" --exec 'echo $PEER_PORT' --user nobody --kernel -n 1 2>"$WORK/said" & server=$!
	ready "$WORK/said"
	is "${how:-ours}: the second address of a name is tried from the same port" \
		"$(timeout 20 "$P" tcp connect two 7010 -p 40001 $how </dev/null 2>&1; echo " $?")" "$(printf '40001\n 0')"
	kill "$server" 2>/dev/null
	wait "$server"
done
done_testing
