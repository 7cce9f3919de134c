#!/bin/bash
# The README's conversation in a VXLAN, as it is printed there, between two hosts of these names and addresses.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/tcp.sh
P=$(realpath "${PKTSMITH:-build/pktsmith}")
README=$(realpath README.md)
netns_up
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$WORK"; netns_down' EXIT
ln -s "$P" "$WORK/pktsmith"
cd "$WORK" || exit 1

# block PATTERN: the fenced block whose first line matches, without the fences.
block() {
	awk -v first="$1" '
		/^```/ { fence = !fence; if (!fence && take) exit; take = 0; fresh = fence; next }
		fresh { take = $0 ~ first; fresh = 0 }
		take' "$README"
}
eth1() {
	ip -n "$1" link set "$2" down
	ip -n "$1" link set "$2" name eth1
	ip -n "$1" addr add "$3" dev eth1
	ip -n "$1" link set eth1 up
}
eth1 "$NS_A" "$IF_A" 10.0.0.1/24
eth1 "$NS_B" "$IF_B" 10.0.0.2/24

block '^ip link add vx42' >there
block '^name: vxlan' >vxlan.yaml
block '^echo .*vxlan.yaml' >here
ip netns exec "$NS_B" bash -e there >server 2>&1 &
until [ -n "$(in_b ss -Hltn 'sport = :80')" ]; do sleep 0.05; kill -0 $! 2>/dev/null || break; done
answer=$(in_a env PATH="$WORK:$PATH" timeout 20 bash -e here 2>&1)
is "the commands work as they are printed" $? 0
like "the page comes through the tunnel" "$answer" '<title>Directory listing for /</title>'
like "from the address in it" "$(cat server)" '^10\.42\.0\.1 .*"GET / HTTP/1\.0" 200'
done_testing
