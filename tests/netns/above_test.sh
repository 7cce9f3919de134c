#!/bin/bash
# Interfaces above others: without -i a frame is taken once, as the host's IP does, though a packet socket sees it on each of them.
# Kinds of interface that this kernel has not are skipped.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/tcp.sh
P=$(realpath "${PKTSMITH:-build/pktsmith}")
netns_up
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$WORK"; netns_down' EXIT
head -c 300000 /dev/urandom >"$WORK/data"
sum=$(sha256sum <"$WORK/data")
in_a ip addr flush dev "$IF_A"
in_b ip addr flush dev "$IF_B"

# hears NAME: what the peer sends to 10.8.0.1, an address of the interface "above", is heard once.
hears() {
	local listener text
	ip netns exec "$NS_A" "$P" udp listen 6000 --timeout 60s -n 3 >"$WORK/heard" 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	for text in first second last; do
		in_b "$P" udp send 10.8.0.1 6000 "$text" --kernel -q
	done
	wait "$listener"
	is "$1: each datagram is taken once" "$(sed 's/.*: //' "$WORK/heard" | paste -sd' ')" 'first second last'
	ip netns exec "$NS_A" "$P" tcp listen 7000 --echo -n 1 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	is "$1: a connection" \
		"$(in_b timeout 60 python3 "$OLDPWD/tests/support/tcp_peer.py" ask 10.8.0.1 7000 <"$WORK/data" | sha256sum)" "$sum"
	wait "$listener"
}

# above NAME PEER LINK...: makes the interface, if that can be; the peer's address stands on PEER.
above() {
	local name=$1 peer=$2
	shift 2
	if ! in_a ip link add "$@" 2>/dev/null; then
		tap_ok "$name # SKIP this kernel has none"
		return
	fi
	if [ "$name" = bridge ] || [ "$name" = bond ]; then
		in_a ip link set "$IF_A" down
		in_a ip link set "$IF_A" master above
		in_a ip link set "$IF_A" up
	fi
	in_a ip link set above up
	in_a ip addr add 10.8.0.1/24 dev above
	in_b ip addr add 10.8.0.2/24 dev "$peer"
	until in_b ping -c 1 -W 1 10.8.0.1 >/dev/null; do sleep 0.1; done
	hears "$name"
	in_b ip addr flush dev "$peer"
	in_a ip link del above
	in_a ip link set "$IF_A" up
}

cd "$WORK" || exit 1
above macvlan "$IF_B" link "$IF_A" name above type macvlan mode bridge
above 'macvlan that passes all' "$IF_B" link "$IF_A" name above type macvlan mode passthru
above bridge "$IF_B" name above type bridge
above bond "$IF_B" name above type bond mode active-backup
if in_b ip link add link "$IF_B" name tagged type vlan id 5 2>/dev/null; then
	in_b ip link set tagged up
	above vlan tagged link "$IF_A" name above type vlan id 5
else
	tap_ok "vlan # SKIP this kernel has none"
fi
in_a ip addr add 10.9.0.1/24 dev "$IF_A"
in_b ip addr add 10.9.0.2/24 dev "$IF_B"
in_b ip link add tunnel type vxlan id 42 remote 10.9.0.1 local 10.9.0.2 dev "$IF_B" dstport 4789
in_b ip link set tunnel up
above vxlan tunnel name above type vxlan id 42 remote 10.9.0.2 local 10.9.0.1 dev "$IF_A" dstport 4789

# 255.255.255.255 is everybody, by whatever route or none.
ip netns exec "$NS_A" "$P" udp listen 6001 --timeout 60s -n 1 >"$WORK/heard" 2>"$WORK/said" & listener=$!
ready "$WORK/said"
in_b python3 -c 'import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"'"$IF_B"'")
s.sendto(b"all", ("255.255.255.255", 6001))'
wait "$listener"
is "what is for everybody is heard" "$(sed 's/.*: //' "$WORK/heard")" all
done_testing
