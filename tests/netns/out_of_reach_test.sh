#!/bin/bash
# Peers that a router says are out of reach, or too narrow a way to, and peers that are silent: told as with the kernel's sockets, and
# in the time given.
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
		in_a timeout 11 "$P" tcp connect 10.9.0.2 7000 'a few octets' --timeout 6s $how
done

# Behind the router the way takes less: who asks has an answer, who does not hears of what is lost.
NS_C=pksc$$
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$WORK"; kill -KILL $(ip netns pids "$NS_C" 2>/dev/null) 2>/dev/null; ip netns del "$NS_C"; netns_down' EXIT
ip netns add "$NS_C"
ip -n "$NS_B" link add vn mtu 1280 type veth peer name vc mtu 1280 netns "$NS_C"
for net in 10.78.0 2001:db8:78:; do
	mask=24 via=10.9.0.2 colon=. family=
	[[ $net != *:* ]] || mask=64 via=2001:db8:9::2 colon=: family=-6
	ip -n "$NS_B" addr add "$net${colon}1/$mask" dev vn nodad 2>/dev/null || ip -n "$NS_B" addr add "$net${colon}1/$mask" dev vn
	ip -n "$NS_C" addr add "$net${colon}2/$mask" dev vc nodad 2>/dev/null || ip -n "$NS_C" addr add "$net${colon}2/$mask" dev vc
	ip -n "$NS_B" link set vn up; ip -n "$NS_C" link set vc up; ip -n "$NS_C" link set lo up
	ip -n "$NS_C" $family route add default via "$net${colon}1"
	ip -n "$NS_A" $family route add "$net${colon}0/$mask" via "$via"
done
ip netns exec "$NS_C" python3 - 2>"$WORK/echo.said" <<'END' &
import select, socket, sys
socks = [socket.socket(family, socket.SOCK_DGRAM) for family in (socket.AF_INET, socket.AF_INET6)]
socks[1].setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
for sock, host in zip(socks, ("0.0.0.0", "::")):
    sock.bind((host, 7000))
print("listening", file=sys.stderr, flush=True)
while True:
    for sock in select.select(socks, [], [])[0]:
        data, peer = sock.recvfrom(65536)
        sock.sendto(str(len(data)).encode(), peer)
END
until grep -q listening "$WORK/echo.said"; do sleep 0.05; done
ip -n "$NS_B" addr add fe80::1/64 dev vn nodad # a router asks for its neighbours by it
reaches() { in_a ping -c 1 -W 1 "$1" >/dev/null; }
for to in 10.78.0.2 2001:db8:78::2; do
	await reaches "$to"
	is "$to: a datagram that was too long for the way is sent again" \
		"$(in_a timeout 20 "$P" udp send "$to" 7000 --size 1400 --wait --timeout 10s -n 2 --raw 2>&1)" 14001400
	ip -n "$NS_A" route flush cache; ip -n "$NS_A" -6 route flush cache # where the kernel has noted the MTU
	text=$(in_a timeout 20 "$P" udp send "$to" 7000 --size 1400 -n 20 -r 20pps --json 2>"$WORK/said"); status=$?
	is "$to: who waits for no answer hears of one that was lost: status" "$status" 1
	like "$to: and how many" "$(cat "$WORK/said")" "a router had no room for [1-9][0-9]* datagrams"
	check "$to: and in JSON" jq -e '.too_long > 0 and .too_long < 20' <<<"$text"
done
done_testing
