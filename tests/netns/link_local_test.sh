#!/bin/bash
# A host that speaks to itself at a link-local address: over lo, but within the zone of the interface that has the address.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/tcp.sh
P=$(realpath "${PKTSMITH:-build/pktsmith}")
netns_up
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$WORK"; netns_down' EXIT
ip -n "$NS_A" addr add fe80::a/64 dev "$IF_A" nodad
zone=$(in_a cat "/sys/class/net/$IF_A/ifindex")

# speaks NAME LISTENER-OPTION... -- ASKER-OPTION...: a datagram and a connection, both echoed.
speaks() {
	local name=$1 listener
	local -a at=()
	shift
	while [ "$1" != -- ]; do at+=("$1"); shift; done
	shift
	ip netns exec "$NS_A" "$P" udp listen 6000 --echo --timeout 8s -n 1 "${at[@]}" >"$WORK/heard" 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	is "$name: a datagram is answered" "$(in_a "$P" udp send "fe80::a%$IF_A" 6000 hello --wait --timeout 4s "$@" 2>&1)" hello
	wait "$listener"
	like "$name: it came from the interface's zone" "$(cat "$WORK/heard")" "^Got message from \('fe80::a%$zone', [0-9]+\): hello\$"
	ip netns exec "$NS_A" "$P" tcp listen 7000 --echo --timeout 8s -n 1 "${at[@]}" 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	is "$name: a connection" "$(in_a "$P" tcp connect "fe80::a%$IF_A" 7000 hello --timeout 4s "$@" 2>&1)" hello
	wait "$listener"
	is "$name: which its listener saw to the end" $? 0
}

speaks "ours with ours" --
speaks "the kernel's with ours" -- --kernel
speaks "ours with the kernel's" --kernel --
speaks "on the interface alone" -i "$IF_A" --
done_testing
