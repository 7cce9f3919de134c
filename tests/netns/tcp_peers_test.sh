#!/bin/bash
# `pktsmith tcp` across namespaces: kernel peers with offloads and without, the host's address and one of our own, a thousand
# connections, and a side that does wrong on purpose.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/tcp.sh
P=$(realpath "${PKTSMITH:-build/pktsmith}")
netns_up
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$WORK"; netns_down' EXIT
head -c 5000000 /dev/urandom >"$WORK/data"
sum=$(sha256sum <"$WORK/data")
peer() { timeout 60 ip netns exec "$NS_B" python3 tests/support/tcp_peer.py "$@"; }
ours() { timeout 60 ip netns exec "$NS_A" "$P" tcp "$@"; }
ip netns exec "$NS_B" python3 tests/support/tcp_peer.py echo 0.0.0.0 7000 >/dev/null 2>&1 &
ip netns exec "$NS_B" python3 tests/support/tcp_peer.py echo :: 7006 >/dev/null 2>&1 &
in_b_listens() { [ -n "$(in_b ss -Hltn "sport = :$1")" ]; }
await in_b_listens 7000
await in_b_listens 7006

ip netns exec "$NS_B" tcpdump -i "$IF_B" -nn -U --immediate-mode -w "$WORK/witness.pcap" '(tcp[13] & 4 != 0) or
	(icmp and icmp[0] == 3) or (ip6 and ip6[6] == 6 and ip6[53] & 4 != 0) or (icmp6 and ip6[40] < 128)' 2>"$WORK/witness.said" &
witness=$!
await grep -qs 'listening on' "$WORK/witness.said"

both_ways() {
	local what=$1 own4=$2 own6=$3 listener
	is "$what: there and back, IPv4" "$(ours connect 10.9.0.2 7000 $4 <"$WORK/data" | sha256sum)" "$sum"
	is "$what: there and back, IPv6" "$(ours connect 2001:db8:9::2 7006 $5 <"$WORK/data" | sha256sum)" "$sum"
	for address in "$own4 $4" "$own6 $5"; do
		set -- $address
		address=$1; shift
		ip netns exec "$NS_A" "$P" tcp listen 7100 --echo -n 1 "$@" 2>"$WORK/said" & listener=$!
		ready "$WORK/said"
		is "$what: the kernel connects to $address" "$(peer ask "$address" 7100 <"$WORK/data" | sha256sum)" "$sum"
		wait "$listener"
		is "$what: and the listener is done" "$?" 0
	done
}
offloads() { in_a ethtool -K "$IF_A" tx "$1" tso "$1" gso "$1" gro "$1" >/dev/null 2>&1; in_b ethtool -K "$IF_B" tx "$1" tso "$1" gso "$1" gro "$1" >/dev/null 2>&1; }

both_ways "offloads off" 10.9.0.1 2001:db8:9::1 "" ""
offloads on
# More than any buffer, in one direction, to an output that takes all at once and to one that does not.
cat "$WORK"/data{,}{,}{,}{,} >"$WORK/more"
ip netns exec "$NS_A" timeout 60 "$P" tcp listen 7300 -n 1 -v >/dev/null 2>"$WORK/said" & listener=$!
ready "$WORK/said"
peer ask 10.9.0.1 7300 <"$WORK/more" >/dev/null
wait "$listener"
like "80 MB to /dev/null" "$(cat "$WORK/said.seen")" ": 80000000 octets received, 0 sent; "
ip netns exec "$NS_A" timeout 60 "$P" tcp listen 7301 -n 1 2>"$WORK/said" | sha256sum >"$WORK/sum" &
ready "$WORK/said"
peer ask 10.9.0.1 7301 <"$WORK/more" >/dev/null
await test -s "$WORK/sum"
is "80 MB into a pipe" "$(cat "$WORK/sum")" "$(sha256sum <"$WORK/more")"
both_ways "offloads on" 10.9.0.1 2001:db8:9::1 "" ""
both_ways "an address of our own" 10.9.0.77 2001:db8:9::77 "-i $IF_A --source-ip 10.9.0.77" "-i $IF_A --source-ip 2001:db8:9::77"
offloads off

dumped "$witness"
is "neither RST nor ICMP error in all of this" "$(tcpdump -nn -r "$WORK/witness.pcap" 2>/dev/null | head -5)" ""

# A thousand clients at once, each with octets of its own.
ip netns exec "$NS_A" "$P" tcp listen 7200 --echo 2>"$WORK/said" & listener=$!
ready "$WORK/said"
! may_open 1100 "a thousand connections at once" || is "a thousand connections at once" "$(timeout 60 ip netns exec "$NS_B" python3 - <<'EOF'
import socket
socks = [socket.create_connection(("10.9.0.1", 7200), timeout=30) for _ in range(1000)]
for number, sock in enumerate(socks):
    sock.sendall(b"%d:" % number * 100)
    sock.shutdown(socket.SHUT_WR)
right = 0
for number, sock in enumerate(socks):
    got = b""
    while piece := sock.recv(65536):
        got += piece
    right += got == b"%d:" % number * 100
print(right)
EOF
)" 1000
kill -INT "$listener"; wait "$listener"
is "and Ctrl-C ends the listener" "$?" 0

# Nobody there: told as soon as ARP and neighbour discovery are.
for address in 10.9.0.99 2001:db8:9::99; do
	status=$(timeout 30 ip netns exec "$NS_A" "$P" tcp connect "$address" 7000 x 2>&1; echo "status $?")
	like "a host that is not there is named: $address" "$status" "no answer to (ARP|neighbour solicitations) for $address$"
	like "with status 1" "$status" "^status 1$"
done

# What we do wrong the kernel has to bear.
for fault in drop duplicate=30 reorder=30 corrupt split=50 overlap=50 wrong-ack=3 no-options drop=5,reorder,overlap,duplicate; do
	is "--misbehave $fault: all octets arrive" "$(head -c 300000 "$WORK/data" |
		ours connect 10.9.0.2 7000 --misbehave "$fault" --seed 5 | sha256sum)" "$(head -c 300000 "$WORK/data" | sha256sum)"
done
is "--misbehave tiny-window: all octets arrive" "$(ours connect 10.9.0.2 7000 'a few octets' --misbehave tiny-window)" "a few octets"
like "--misbehave reset: the connection is over" \
	"$(head -c 300000 "$WORK/data" | ours connect 10.9.0.2 7000 --misbehave reset=50 2>&1 >/dev/null | tr -d '\0')" "reset by peer"
like "--misbehave: a fault that is none has a hint" "$(ours connect 10.9.0.2 7000 x --misbehave dorp 2>&1)" 'did you mean "drop"'
fails "the kernel does no wrong on purpose" 2 in_a "$P" tcp connect 10.9.0.2 7000 x --kernel --misbehave drop
done_testing
