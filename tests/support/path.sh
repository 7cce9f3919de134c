# path.sh: a path with known faults in place of the pair of netns_up; source it after netns.sh, with a folder $tmp at hand.
#   path_up            makes $IF_A - m0, m1 - $IF_B, with a namespace $NS_M in between, where x0 - x1 are for the path's own use;
#                      $IF_A and $IF_B are up, and have no address
#   path ARGUMENT...   begins it: LENGTH DROP COPY HOLD CORRUPT (peers/fault.c)
#   path_end           ends it: what it did is in $tmp/counted; harmless where there is none
#   path_down          path_end, and takes the namespace down
FAULT=$(realpath "${BUILD:-build}/tests/peers/fault")
NS_M=pksm$$
path_pid=

path_up() {
	local end
	ip -n "$NS_A" link del "$IF_A"
	ip netns add "$NS_M" || exit 1
	ip -n "$NS_A" link add "$IF_A" address 02:00:00:00:09:0a type veth peer name m0 netns "$NS_M" || exit 1
	ip -n "$NS_M" link add m1 type veth peer name "$IF_B" address 02:00:00:00:09:0b netns "$NS_B" || exit 1
	ip -n "$NS_M" link add x0 type veth peer name x1 || exit 1
	ip netns exec "$NS_M" sysctl -qw net.ipv6.conf.all.disable_ipv6=1
	netns_quiet
	ip -n "$NS_A" link set "$IF_A" up
	ip -n "$NS_B" link set "$IF_B" up
	for end in m0 m1 x0 x1; do ip -n "$NS_M" link set "$end" up; done
	for end in m0 m1 x0 x1; do comes_up "$NS_M" "$end"; done
	comes_up "$NS_A" "$IF_A"
	comes_up "$NS_B" "$IF_B"
	# A veth takes XDP frames while its other end can.
	in_b ethtool -K "$IF_B" gro on
}

path() {
	rm -f "$tmp/path" # what the one before said
	ip netns exec "$NS_M" "$FAULT" m0 m1 x0 x1 "$@" >"$tmp/path" 2>&1 &
	path_pid=$!
	await grep -qs ready "$tmp/path"
}

path_end() {
	[ -n "$path_pid" ] || return 0
	kill "$path_pid"
	wait "$path_pid"
	path_pid=
	sed 1d "$tmp/path" >"$tmp/counted"
}

path_down() {
	path_end
	ip netns del "$NS_M" 2>/dev/null
	return 0
}
