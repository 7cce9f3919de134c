#!/bin/bash
# Peers that a router says are out of reach, and peers that are silent: told as with the kernel's sockets, and in the time given.
. tests/support/tap.sh
. tests/support/netns.sh
P=$(realpath "${PKTSMITH:-build/pktsmith}")
WORK=$(mktemp -d) || exit 1
netns_up
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$WORK"; netns_down' EXIT
in_b sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0 net.ipv4.icmp_msgs_per_sec=100000
for net in 10.77.0.0/24 2001:db8:77::/64; do
	via=10.9.0.2
	[[ $net != *:* ]] || via=2001:db8:9::2
	ip -n "$NS_A" route add "$net" via "$via"
	ip -n "$NS_B" route add unreachable "$net"
done
for to in 10.77.0.5 2001:db8:77::5; do
	ours=$(in_a timeout 20 "$P" tcp connect "$to" 7000 x 2>&1; echo "status $?")
	like "$to: what a router says ends the attempt to connect" "$ours" "$to.*(No route to host|Network is unreachable)"
	like "$to: with status 1" "$ours" "^status 1$"
	is "$to: as with the kernel's sockets" "$ours" "$(in_a timeout 20 "$P" tcp connect "$to" 7000 x --kernel 2>&1; echo "status $?")"
	like "$to: and many that connect there end" "$(in_a timeout 20 "$P" tcp connect "$to" 7000 -n 3 --timeout 2s 2>&1)" "(No route to host|Network is unreachable)"
done

# One that takes what it is sent, and says nothing: for as long as --timeout, not twice.
in_b python3 - <<'END' &
import socket, time
server = socket.create_server(("", 7000))
held = [server.accept() for _ in range(2)]
time.sleep(60)
END
until [ -n "$(in_b ss -Hltn 'sport = :7000')" ]; do sleep 0.05; done
for how in "" --kernel; do
	fails "a silent peer is waited for as long as --timeout says ${how:-frames of our own}" 1 \
		in_a timeout 7.5 "$P" tcp connect 10.9.0.2 7000 'a few octets' --timeout 4s $how
done
done_testing
