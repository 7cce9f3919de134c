#!/bin/bash
# The interface of `udp` and `tcp` goes down, comes up again, and is removed, while they listen or wait for the other end.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/tcp.sh
P=$(realpath "${PKTSMITH:-build/pktsmith}")
netns_up
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$WORK"; netns_down' EXIT

# listens NAME ARG...: pktsmith in the background, its pid in pids[NAME].
declare -A pids
listens() {
	local name=$1
	shift
	ip netns exec "$NS_A" timeout 300 "$P" "$@" >"$WORK/$name.out" 2>"$WORK/$name.err" & pids[$name]=$!
	ready "$WORK/$name.err"
}
# ended NAME: it ends by itself, as what was asked of it came to nothing, and says why.
ended() {
	wait "${pids[$1]}"
	is "$1: it ends, status 1" $? 1
	like "$1: and says why" "$(cat "$WORK/$1".err*)" "^pktsmith: .*$IF_A was removed\$"
}
asks() { in_b "$P" udp send "$1" "$2" hello --wait --timeout 20s --kernel 2>&1; }

ip -n "$NS_A" link set "$IF_A" down
listens down udp listen 6003 --echo -i "$IF_A" --source-ip 10.9.0.79
ip -n "$NS_A" link set "$IF_A" up
is "an address of our own on an interface that was down at first" "$(asks 10.9.0.79 6003)" hello
listens udp udp listen 6000 --echo -i "$IF_A"
listens own udp listen 6001 --echo -i "$IF_A" --source-ip 10.9.0.77
listens tcp tcp listen 7000 --echo -i "$IF_A"
listens relay tcp listen 7001 -i "$IF_A"
is "a datagram is answered" "$(asks 10.9.0.1 6000)" hello
is "by an address of our own too" "$(asks 10.9.0.77 6001)" hello
ip -n "$NS_A" link set "$IF_A" down
sleep 1.5 # longer than the time between two looks
ip -n "$NS_A" link set "$IF_A" up
is "it was down and is up again: a datagram is answered" "$(asks 10.9.0.1 6000)" hello
is "by an address of our own too" "$(asks 10.9.0.77 6001)" hello
is "and a connection" "$(in_b "$P" tcp connect 10.9.0.1 7000 hello --kernel 2>&1)" hello

# A connection that is open, to whose end nobody says a word.
ip netns exec "$NS_B" "$P" tcp listen 7002 --kernel >/dev/null 2>"$WORK/kernel.err" & kernel=$!
ready "$WORK/kernel.err"
mkfifo "$WORK/silent"
exec 9<>"$WORK/silent"
ip netns exec "$NS_A" timeout 300 "$P" tcp connect 10.9.0.2 7002 -i "$IF_A" <"$WORK/silent" >/dev/null 2>"$WORK/connect.err" & pids[connect]=$!
is_open() { [ -n "$(in_b ss -Htn state established 'sport = :7002')" ]; }
await is_open
ip netns exec "$NS_B" "$P" udp listen 6002 --kernel -q & sink=$!
is_there() { [ -n "$(in_b ss -Hlun 'sport = :6002')" ]; }
await is_there
heard() { in_b awk '$1 == "Udp:" && $2 != "InDatagrams" { print $2 }' /proc/net/snmp; }
has_heard() { [ "$(heard)" -gt "$1" ]; }
before=$(heard)
ip netns exec "$NS_A" timeout 300 "$P" udp send 10.9.0.2 6002 x -i "$IF_A" -n 0 -r 10pps -q 2>"$WORK/send.err" & pids[send]=$!
await has_heard "$before"
ip -n "$NS_A" link del "$IF_A"
for name in down udp own tcp relay connect send; do ended "$name"; done
exec 9>&-
kill "$kernel" "$sink" 2>/dev/null
done_testing
