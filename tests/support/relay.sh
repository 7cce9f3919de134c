# relay.sh: a relay behind $IF_B that does to frames what links, switches and routers do; source it after netns.sh, with a folder
# $tmp at hand.
#   relay_up     makes vc = vd in $NS_B: what the relay lets by comes to vd
#   relay WAY    begins it, or begins it anew in another way: none, drop, twice, ... (support/relay.py)
#   relay_down   ends it; harmless where there is none
relay_pid=

relay_up() {
	ip -n "$NS_B" link add vc type veth peer name vd
	in_b sysctl -qw net.ipv6.conf.vc.disable_ipv6=1 net.ipv6.conf.vd.disable_ipv6=1
	ip -n "$NS_B" link set vc up
	ip -n "$NS_B" link set vd up
}

relay_down() {
	[ -n "$relay_pid" ] || return 0
	kill "$relay_pid"
	wait "$relay_pid" 2>/dev/null
	relay_pid=
}

relay() {
	relay_down
	rm -f "$tmp/relay"
	ip netns exec "$NS_B" /usr/bin/python3 tests/support/relay.py "$IF_B" vc "$1" >"$tmp/relay" &
	relay_pid=$!
	await grep -qs ready "$tmp/relay"
}
