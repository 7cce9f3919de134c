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
	ip netns exec "$NS_A" "$P" udp listen 6000 --echo --timeout 60s -n 1 "${at[@]}" >"$WORK/heard" 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	is "$name: a datagram is answered" "$(in_a "$P" udp send "fe80::a%$IF_A" 6000 hello --wait --timeout 30s "$@" 2>&1)" hello
	wait "$listener"
	like "$name: it came from the interface's zone" "$(cat "$WORK/heard")" "^Got message from \('fe80::a%$zone', [0-9]+\): hello\$"
	ip netns exec "$NS_A" "$P" tcp listen 7000 --echo --timeout 60s -n 1 "${at[@]}" 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	is "$name: a connection" "$(in_a "$P" tcp connect "fe80::a%$IF_A" 7000 hello --timeout 30s "$@" 2>&1)" hello
	wait "$listener"
	is "$name: which its listener saw to the end" $? 0
}

speaks "ours with ours" --
speaks "the kernel's with ours" -- --kernel
speaks "ours with the kernel's" --kernel --
speaks "on the interface alone" -i "$IF_A" --

# Towards another host: which link is said by the address, or by -i.
ip -n "$NS_B" addr add fe80::b/64 dev "$IF_B" nodad
ip netns exec "$NS_B" "$P" udp listen 6000 --echo --kernel --timeout 120s >/dev/null 2>"$WORK/said" & listener=$!
ready "$WORK/said"
for how in "fe80::b%$IF_A 6000" "fe80::b 6000 -i $IF_A" "fe80::b 6000 -i $IF_A --source-ip fe80::77" "fe80::b%$IF_A 6000 --kernel"; do
	is "udp send $how" "$(in_a "$P" udp send $how hello --wait --timeout 30s 2>&1)" hello
done
kill "$listener"
ip netns exec "$NS_B" "$P" tcp listen 7000 --echo --kernel --timeout 120s 2>"$WORK/said" & listener=$!
ready "$WORK/said"
for how in "fe80::b%$IF_A 7000" "fe80::b 7000 -i $IF_A"; do
	is "tcp connect $how" "$(in_a "$P" tcp connect $how hello --timeout 30s 2>&1)" hello
done
kill "$listener"
is "where nobody says it, that is told" "$(in_a "$P" tcp connect fe80::b 7000 hello 2>&1; echo "status $?")" \
	"pktsmith: fe80::b is an address of each link: name the interface, as in fe80::b%eth0, or by -i
status 2"
is "also of --kernel, which has no -i" "$(in_a "$P" tcp connect fe80::b 7000 hello --kernel 2>&1)" \
	"pktsmith: fe80::b is an address of each link: name the interface, as in fe80::b%eth0"

# RFC 1122 4.2.3.10: a connection has one peer.
for peer in 10.9.0.255 224.0.0.1 255.255.255.255 ff02::1; do
	is "a connection to $peer is refused at once" "$(in_a timeout 20 "$P" tcp connect "$peer" 7000 hello -i "$IF_A" 2>&1; echo "status $?")" \
		"pktsmith: TCP has one peer, and this is an address of many: Network is unreachable
status 3"
done
done_testing
