#!/usr/bin/env bash
# measure over a path with known faults (tests/peers/fault.c): what it reports is what the path counted, exactly; slowly and at
# the full rate of the xdp sender, by either engine.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/path.sh
tmp=$(mktemp -d)

# with_faults ARGUMENT...: measures over the path; what it says is in $tmp/said, what the path counted in $tmp/counted.
with_faults() {
	path 106 655 655 655 655
	"$PKTSMITH" measure --tx "$NS_A/$IF_A" --rx "$NS_B/$IF_B" "$tmp/frame.yaml" --json "$@" >"$tmp/said" 2>"$tmp/err"
	path_end
	[ ! -s "$tmp/err" ] || sed 's/^/# /' "$tmp/err"
}

# What the path's own interface did not take, as the ring behind it was full.
refused() { ip netns exec "$NS_M" awk '/m1:/ { print $13 }' /proc/net/dev; }

# exact NAME ARGUMENT...
exact() {
	local name=$1 before try
	shift
	# A path that is overrun itself refuses frames and copies without telling which: then once more.
	for try in 1 2 3 4 5; do
		before=$(refused)
		with_faults "$@"
		[ "$(refused)" != "$before" ] || break
	done
	is "$name: each frame that left went over the path" "$(jq .seen "$tmp/counted")" "$(jq .sent "$tmp/said")"
	is "$name: loss" "$(jq .lost "$tmp/said")" "$(jq '.dropped + .held - .released' "$tmp/counted")"
	is "$name: duplicates" "$(jq .duplicated "$tmp/said")" "$(jq .copied "$tmp/counted")"
	is "$name: reordering" "$(jq .reordered "$tmp/said")" "$(jq .released "$tmp/counted")"
	is "$name: corruption" "$(jq .corrupted "$tmp/said")" "$(jq .corrupted "$tmp/counted")"
	is "$name: and there is nothing else" "$(jq -c '[.received - .sent + .lost - .duplicated, .too_late, .damaged, .dropped_by_receiver]' "$tmp/said")" '[0,0,0,0]'
	is "$name: all of the faults were there" "$(jq -c '[.dropped, .copied, .released, .corrupted | . > 0]' "$tmp/counted")" '[true,true,true,true]'
	is "$name: what was held was overtaken by three, but for dropped ones" "$(jq -c '.reordering.extents | [.count, .min >= 1, .p50 >= 3]' "$tmp/said")" \
		"$(jq -c '[.released, true, true]' "$tmp/counted")"
	printf '# %s: %s frames, %s\n' "$name" "$(jq .sent "$tmp/said")" "$(cat "$tmp/counted")"
}

netns_up
trap 'path_down; netns_down; rm -rf "$tmp"' EXIT
path_up
ip -n "$NS_A" addr add 10.9.0.1/24 dev "$IF_A"
cat >"$tmp/frame.yaml" <<'YAML'
name: frame
layers:
  - eth: {dst: 02:00:00:00:00:99}
  - ipv4: {src: 10.9.0.1, dst: 10.0.0.2}
  - udp: {sport: 1000, dport: 9}
  - payload: {fill: 0x41, size: 64}
YAML

exact "10 kpps by libpcap" --engine pcap -r 10kpps -d 2s
exact "10 kpps in the kernel" --engine xdp -r 10kpps -d 2s
exact "1 Mpps in the kernel" --engine xdp --backend xdp -r 1Mpps -n 2000000
exact "1 Mpps by what auto picks" -r 1Mpps -n 2000000
is "which is the kernel" "$(jq -c '[.receiver.engine, .receiver.engine_why]' "$tmp/said")" '["xdp","for more than 250 kframes/s"]'
exact "250 kpps by what auto picks" -r 250kpps -n 500000
is "which is libpcap" "$(jq -c '[.receiver.engine, .receiver.engine_why]' "$tmp/said")" '["pcap","for 250 kframes/s at most"]'
exact "as fast as it goes" --engine xdp --backend xdp -n 5000000
exact "as fast as it goes, the latency of one in 16" --engine xdp --backend xdp -n 5000000 --sample 16
done_testing
