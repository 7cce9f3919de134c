# netns.sh: a veth pair between two network namespaces of unique names, taken down on exit; source it after tap.sh.
#   netns_up [MTU]    makes $NS_A and $NS_B, with $IF_A (10.9.0.1/24, 2001:db8:9::1/64, 02:00:00:00:09:0a) in the first and
#                     $IF_B (10.9.0.2/24, 2001:db8:9::2/64, 02:00:00:00:09:0b) in the second, offloads off, no IPv6 chatter
#   netns_quiet       takes IPv6 off both ends, where a test counts every frame: no word of the kernel's own
#   comes_up NS IF    waits until an interface of the namespace carries frames, after it was set up
#   in_a COMMAND...   runs in $NS_A; in_b likewise
. tests/support/wait.sh
NS_A=pksa$$
NS_B=pksb$$
IF_A=va
IF_B=vb

in_a() { ip netns exec "$NS_A" "$@"; }
in_b() { ip netns exec "$NS_B" "$@"; }

# With what still runs in them: the child of a shell that was ended, say.
netns_down() {
	local end
	for end in "$NS_A" "$NS_B"; do
		kill -KILL $(ip netns pids "$end" 2>/dev/null) 2>/dev/null
		ip netns del "$end" 2>/dev/null
	done
	return 0
}

# Waits for the two reports of its multicast groups (MLD) that each kernel end sends, so that they are in no test's count.
has_reported() { [ "$(ip netns exec "$1" awk "/$2:/ { print \$11 }" /proc/net/dev)" -ge 2 ]; }
netns_settle() {
	[ "$(in_a cat "/proc/sys/net/ipv6/conf/$IF_A/disable_ipv6" 2>/dev/null)" = 0 ] || return 0
	await has_reported "$NS_A" "$IF_A"
	await has_reported "$NS_B" "$IF_B"
}

# The kernel has frames queued for it from then on.
is_up() { ip -n "$1" -o link show dev "$2" | grep -q 'state UP'; }
comes_up() { await is_up "$1" "$2"; }

netns_up() {
	local mtu=${1:-1500} end
	trap netns_down EXIT
	trap 'exit 143' TERM
	trap 'exit 130' INT
	ip netns add "$NS_A" && ip netns add "$NS_B" || exit 1
	for end in "$NS_A" "$NS_B"; do
		ip netns exec "$end" sysctl -qw net.ipv6.conf.default.router_solicitations=0 \
			net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.addr_gen_mode=1 \
			net.ipv6.conf.default.mldv2_unsolicited_report_interval=1 2>/dev/null
		ip netns exec "$end" ip link set lo up
	done
	ip -n "$NS_A" link add "$IF_A" mtu "$mtu" address 02:00:00:00:09:0a type veth \
		peer name "$IF_B" mtu "$mtu" address 02:00:00:00:09:0b netns "$NS_B" || exit 1
	in_a ethtool -K "$IF_A" tx off rx off tso off gso off gro off >/dev/null 2>&1
	in_b ethtool -K "$IF_B" tx off rx off tso off gso off gro off >/dev/null 2>&1
	ip -n "$NS_A" addr add 10.9.0.1/24 dev "$IF_A"
	ip -n "$NS_B" addr add 10.9.0.2/24 dev "$IF_B"
	ip -n "$NS_A" addr add 2001:db8:9::1/64 dev "$IF_A" nodad
	ip -n "$NS_B" addr add 2001:db8:9::2/64 dev "$IF_B" nodad
	ip -n "$NS_A" link set "$IF_A" up
	ip -n "$NS_B" link set "$IF_B" up
	netns_settle
}

netns_quiet() {
	in_a sysctl -qw "net.ipv6.conf.$IF_A.disable_ipv6=1"
	in_b sysctl -qw "net.ipv6.conf.$IF_B.disable_ipv6=1"
}
